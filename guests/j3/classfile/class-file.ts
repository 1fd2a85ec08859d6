import { Attributes, readAttributes } from "./attributes.ts";
import type { ConstantPool } from "./constants.ts";
import { ACC_INTERFACE, ACC_MODULE } from "./flags.ts";
import type { FieldInfo, MethodInfo } from "./members.ts";
import type { ModuleAttribute } from "./module-attribute.ts";
import { readModule } from "./module-attribute.ts";
import { decodeMutf8 } from "./mutf8.ts";

/** A row of InnerClasses, JVMS §4.7.6. */
export interface InnerClass {
  readonly inner: string;
  /** `undefined` for a class that is no member of another. */
  readonly outer: string | undefined;
  /** The simple name, `undefined` for an anonymous class. */
  readonly name: string | undefined;
  readonly flags: number;
}

/** EnclosingMethod, JVMS §4.7.7. */
export interface EnclosingMethod {
  readonly className: string;
  /** `undefined` if not directly within a method or constructor. */
  readonly method: { readonly name: string; readonly descriptor: string } | undefined;
}

/** A row of BootstrapMethods, JVMS §4.7.23: constant pool indices. */
export interface BootstrapMethod {
  /** A MethodHandle entry. */
  readonly methodIndex: number;
  readonly argumentIndices: readonly number[];
}

/** A component of the Record attribute, JVMS §4.7.30. */
export interface RecordComponent {
  readonly name: string;
  readonly descriptor: string;
  readonly attributes: Attributes;
}

/** What the header of the file and its three tables say; the attributes are read when asked for. */
export interface ClassFileParts {
  readonly major: number;
  readonly minor: number;
  readonly constants: ConstantPool;
  readonly flags: number;
  readonly thisClass: string;
  readonly thisClassIndex: number;
  readonly superClass: string | undefined;
  readonly interfaces: readonly string[];
  readonly fields: readonly FieldInfo[];
  readonly methods: readonly MethodInfo[];
  readonly attributes: Attributes;
}

/**
 * A class file, JVMS §4.1. Names are internal names ("java/lang/Object"). It holds views of the bytes it was
 * parsed from; those must not change while it is in use.
 */
export class ClassFile {
  readonly major: number;
  readonly minor: number;
  readonly constants: ConstantPool;
  readonly flags: number;
  readonly thisClass: string;
  readonly thisClassIndex: number;
  /** `undefined` for java/lang/Object only. */
  readonly superClass: string | undefined;
  readonly interfaces: readonly string[];
  readonly fields: readonly FieldInfo[];
  readonly methods: readonly MethodInfo[];
  readonly attributes: Attributes;
  private bootstraps: readonly BootstrapMethod[] | undefined;

  constructor(parts: ClassFileParts) {
    this.major = parts.major;
    this.minor = parts.minor;
    this.constants = parts.constants;
    this.flags = parts.flags;
    this.thisClass = parts.thisClass;
    this.thisClassIndex = parts.thisClassIndex;
    this.superClass = parts.superClass;
    this.interfaces = parts.interfaces;
    this.fields = parts.fields;
    this.methods = parts.methods;
    this.attributes = parts.attributes;
    this.bootstraps = undefined;
  }

  get source(): string {
    return this.constants.source;
  }

  get bytes(): Uint8Array {
    return this.constants.bytes;
  }

  get isInterface(): boolean {
    return (this.flags & ACC_INTERFACE) !== 0;
  }

  /** A module-info.class. */
  get isModule(): boolean {
    return (this.flags & ACC_MODULE) !== 0;
  }

  field(name: string, descriptor: string): FieldInfo | undefined {
    return this.fields.find((field) => field.name === name && field.descriptor === descriptor);
  }

  method(name: string, descriptor: string): MethodInfo | undefined {
    return this.methods.find((method) => method.name === name && method.descriptor === descriptor);
  }

  get signature(): string | undefined {
    return this.attributes.signature;
  }

  /** JVMS §4.7.10. */
  get sourceFile(): string | undefined {
    const reader = this.attributes.reader("SourceFile");
    return reader && this.constants.utf8(reader.u2());
  }

  /** JVMS §4.7.11. */
  get sourceDebugExtension(): string | undefined {
    const raw = this.attributes.raw("SourceDebugExtension");
    return raw && decodeMutf8(Buffer.from(raw), 0, raw.length);
  }

  /** JVMS §4.7.6; empty without the attribute. */
  get innerClasses(): InnerClass[] {
    const reader = this.attributes.reader("InnerClasses");
    if (reader === undefined) return [];
    const count = reader.u2();
    return Array.from({ length: count }, () => {
      const inner = this.constants.className(reader.u2());
      const outer = this.constants.optionalClassName(reader.u2());
      const name = this.constants.optionalUtf8(reader.u2());
      return { inner, outer, name, flags: reader.u2() };
    });
  }

  get enclosingMethod(): EnclosingMethod | undefined {
    const reader = this.attributes.reader("EnclosingMethod");
    if (reader === undefined) return undefined;
    const className = this.constants.className(reader.u2());
    const index = reader.u2();
    return { className, method: index === 0 ? undefined : this.constants.nameAndType(index) };
  }

  /** JVMS §4.7.28. */
  get nestHost(): string | undefined {
    const reader = this.attributes.reader("NestHost");
    return reader && this.constants.className(reader.u2());
  }

  /** JVMS §4.7.29; `undefined` without the attribute. */
  get nestMembers(): string[] | undefined {
    return this.classNames("NestMembers");
  }

  /** JVMS §4.7.31; `undefined` without the attribute. */
  get permittedSubclasses(): string[] | undefined {
    return this.classNames("PermittedSubclasses");
  }

  /** JVMS §4.7.23; kept after the first use, empty without the attribute. */
  get bootstrapMethods(): readonly BootstrapMethod[] {
    if (this.bootstraps === undefined) this.bootstraps = this.readBootstraps();
    return this.bootstraps;
  }

  /** JVMS §4.7.30; `undefined` without the attribute. */
  get recordComponents(): RecordComponent[] | undefined {
    const reader = this.attributes.reader("Record");
    if (reader === undefined) return undefined;
    const count = reader.u2();
    return Array.from({ length: count }, () => {
      const name = this.constants.utf8(reader.u2());
      const descriptor = this.constants.utf8(reader.u2());
      return { name, descriptor, attributes: new Attributes(readAttributes(reader, this.constants), this.constants) };
    });
  }

  /** JVMS §4.7.25. */
  get module(): ModuleAttribute | undefined {
    const reader = this.attributes.reader("Module");
    return reader && readModule(reader, this.constants);
  }

  /** JVMS §4.7.26: internal package names. */
  get modulePackages(): string[] | undefined {
    const reader = this.attributes.reader("ModulePackages");
    if (reader === undefined) return undefined;
    const count = reader.u2();
    return Array.from({ length: count }, () => this.constants.package(reader.u2()));
  }

  /** JVMS §4.7.27. */
  get moduleMainClass(): string | undefined {
    const reader = this.attributes.reader("ModuleMainClass");
    return reader && this.constants.className(reader.u2());
  }

  private classNames(attribute: string): string[] | undefined {
    const reader = this.attributes.reader(attribute);
    if (reader === undefined) return undefined;
    const count = reader.u2();
    return Array.from({ length: count }, () => this.constants.className(reader.u2()));
  }

  private readBootstraps(): BootstrapMethod[] {
    const reader = this.attributes.reader("BootstrapMethods");
    if (reader === undefined) return [];
    const count = reader.u2();
    return Array.from({ length: count }, () => {
      const methodIndex = reader.u2();
      const argumentCount = reader.u2();
      return { methodIndex, argumentIndices: Array.from({ length: argumentCount }, () => reader.u2()) };
    });
  }
}
