import type { Attributes } from "./attributes.ts";
import type { CodeAttribute } from "./code.ts";
import { readCode } from "./code.ts";
import * as tags from "./constants.ts";
import { ACC_ABSTRACT, ACC_NATIVE, ACC_STATIC, ACC_SYNTHETIC } from "./flags.ts";

/** The value of a static final field that the class file gives, JVMS §4.7.2. Floating-point values carry their bits. */
export type ConstantValue =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "long"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number; readonly bits: number }
  | { readonly kind: "double"; readonly value: number; readonly bits: bigint }
  /** `index` is that of the String entry in the constant pool. */
  | { readonly kind: "string"; readonly value: string; readonly index: number };

/** A field_info, JVMS §4.5. */
export class FieldInfo {
  readonly flags: number;
  readonly name: string;
  readonly descriptor: string;
  readonly attributes: Attributes;

  constructor(flags: number, name: string, descriptor: string, attributes: Attributes) {
    this.flags = flags;
    this.name = name;
    this.descriptor = descriptor;
    this.attributes = attributes;
  }

  get isStatic(): boolean {
    return (this.flags & ACC_STATIC) !== 0;
  }

  get isSynthetic(): boolean {
    return (this.flags & ACC_SYNTHETIC) !== 0 || this.attributes.hasSyntheticAttribute;
  }

  get signature(): string | undefined {
    return this.attributes.signature;
  }

  /** Constant pool index of the ConstantValue, 0 without. It is ignored on fields that are not static, JVMS §4.7.2. */
  get constantValueIndex(): number {
    if (!this.isStatic) return 0;
    return this.attributes.reader("ConstantValue")?.u2() ?? 0;
  }

  get constantValue(): ConstantValue | undefined {
    const index = this.constantValueIndex;
    if (index === 0) return undefined;
    const constants = this.attributes.constants;
    switch (constants.tag(index)) {
      case tags.TAG_INTEGER:
        return { kind: "int", value: constants.integer(index) };
      case tags.TAG_LONG:
        return { kind: "long", value: constants.long(index) };
      case tags.TAG_FLOAT:
        return { kind: "float", value: constants.float(index), bits: constants.floatBits(index) };
      case tags.TAG_DOUBLE:
        return { kind: "double", value: constants.double(index), bits: constants.doubleBits(index) };
      case tags.TAG_STRING:
        return { kind: "string", value: constants.string(index), index };
      default:
        return this.attributes.fail(
          "ConstantValue",
          `Inconsistent constant value type in class file ${constants.source}`,
        );
    }
  }
}

/** A row of MethodParameters, JVMS §4.7.24. */
export interface MethodParameter {
  readonly name: string | undefined;
  readonly flags: number;
}

/** A method_info, JVMS §4.6. */
export class MethodInfo {
  readonly flags: number;
  readonly name: string;
  readonly descriptor: string;
  readonly attributes: Attributes;
  /** major_version of the class file. */
  private readonly major: number;
  private parsedCode: CodeAttribute | undefined;

  constructor(flags: number, name: string, descriptor: string, attributes: Attributes, major: number) {
    this.flags = flags;
    this.name = name;
    this.descriptor = descriptor;
    this.attributes = attributes;
    this.major = major;
    this.parsedCode = undefined;
  }

  get isStatic(): boolean {
    return (this.flags & ACC_STATIC) !== 0;
  }

  get isNative(): boolean {
    return (this.flags & ACC_NATIVE) !== 0;
  }

  get isAbstract(): boolean {
    return (this.flags & ACC_ABSTRACT) !== 0;
  }

  get isSynthetic(): boolean {
    return (this.flags & ACC_SYNTHETIC) !== 0 || this.attributes.hasSyntheticAttribute;
  }

  get signature(): string | undefined {
    return this.attributes.signature;
  }

  /** Parsed at first use and kept; `undefined` for native and abstract methods. */
  get code(): CodeAttribute | undefined {
    if (this.parsedCode === undefined) {
      const found = this.attributes.find("Code");
      if (found !== undefined)
        this.parsedCode = readCode(this.attributes.constants, found.offset, found.length, this.major);
    }
    return this.parsedCode;
  }

  /** Internal names of the exceptions declared, JVMS §4.7.5. */
  get exceptions(): string[] {
    const reader = this.attributes.reader("Exceptions");
    if (reader === undefined) return [];
    const count = reader.u2();
    return Array.from({ length: count }, () => this.attributes.constants.className(reader.u2()));
  }

  /** `undefined` without the attribute, which differs from an empty one. */
  get parameters(): MethodParameter[] | undefined {
    const reader = this.attributes.reader("MethodParameters");
    if (reader === undefined) return undefined;
    const count = reader.u1();
    return Array.from({ length: count }, () => {
      const name = this.attributes.constants.optionalUtf8(reader.u2());
      return { name, flags: reader.u2() };
    });
  }

  /** Raw content of AnnotationDefault, JVMS §4.7.22: one element_value. */
  get annotationDefault(): Uint8Array | undefined {
    return this.attributes.raw("AnnotationDefault");
  }

  /** Raw content of RuntimeVisibleParameterAnnotations, JVMS §4.7.18. */
  get visibleParameterAnnotations(): Uint8Array | undefined {
    return this.attributes.raw("RuntimeVisibleParameterAnnotations");
  }

  /** Raw content of RuntimeInvisibleParameterAnnotations, JVMS §4.7.19. */
  get invisibleParameterAnnotations(): Uint8Array | undefined {
    return this.attributes.raw("RuntimeInvisibleParameterAnnotations");
  }
}
