/**
 * Class files, JVMS 17 chapter 4: bytes in, checked structure out. Nothing here loads or links.
 */

export type { Annotation, ElementValue } from "./annotations.ts";
export { annotationTypes, parseAnnotationDefault, parseAnnotations, parseParameterAnnotations } from "./annotations.ts";
export type { Attribute } from "./attributes.ts";
export { Attributes } from "./attributes.ts";
export type { BootstrapMethod, EnclosingMethod, InnerClass, RecordComponent } from "./class-file.ts";
export { ClassFile } from "./class-file.ts";
export type { ExceptionHandler, LocalVariable } from "./code.ts";
export { CodeAttribute, LineNumbers } from "./code.ts";
export * from "./constants.ts";
export * from "./descriptors.ts";
export type { ClassFailureKind } from "./failure.ts";
export { ClassFormatFailure } from "./failure.ts";
export * from "./flags.ts";
export type { ConstantValue, MethodParameter } from "./members.ts";
export { FieldInfo, MethodInfo } from "./members.ts";
export type { ModuleAttribute, ModuleExports, ModuleProvides, ModuleRequires } from "./module-attribute.ts";
export { decodeMutf8, encodeMutf8, isLegalMutf8 } from "./mutf8.ts";
export type { ParseOptions } from "./parser.ts";
export { parseClassFile } from "./parser.ts";
export { ByteReader } from "./reader.ts";
export type { StackMapFrame, VerificationType } from "./stack-map.ts";
