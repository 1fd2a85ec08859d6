import type { ConstantPool } from "./constants.ts";
import { formatError } from "./failure.ts";
import { ByteReader } from "./reader.ts";

/** Where an attribute stands, JVMS §4.7. Its content is read by the reader of its name, when asked for. */
export interface Attribute {
  readonly name: string;
  /** Offset of `info`, in bytes from the start of the class file. */
  readonly offset: number;
  /** Length of `info` in bytes. */
  readonly length: number;
}

/** Reads an attributes table up to its end; the contents are skipped. */
export function readAttributes(reader: ByteReader, constants: ConstantPool): Attribute[] {
  const count = reader.u2();
  const attributes: Attribute[] = [];
  for (let i = 0; i < count; i++) {
    const name = constants.utf8(reader.u2());
    const length = reader.u4();
    attributes.push({ name, offset: reader.position, length });
    reader.skip(length);
  }
  return attributes;
}

/** The version that first knows an attribute, where HotSpot 17 looks at it: JVMS table 4.7-B, and 49 for those of Java 5. */
const SINCE: Readonly<Record<string, number>> = {
  Signature: 49,
  EnclosingMethod: 49,
  RuntimeVisibleAnnotations: 49,
  RuntimeInvisibleAnnotations: 49,
  RuntimeVisibleParameterAnnotations: 49,
  RuntimeInvisibleParameterAnnotations: 49,
  RuntimeVisibleTypeAnnotations: 49,
  RuntimeInvisibleTypeAnnotations: 49,
  AnnotationDefault: 49,
  LocalVariableTypeTable: 49,
  StackMapTable: 50,
  BootstrapMethods: 51,
  NestHost: 55,
  NestMembers: 55,
  Record: 60,
  PermittedSubclasses: 61,
};

/** The attributes that a file of this version may have: others are ignored, JVMS §4.7. */
export function knownAttributes(all: Attribute[], major: number): Attribute[] {
  if (major >= 61) return all;
  return all.filter(({ name }) => !Object.hasOwn(SINCE, name) || (SINCE[name] as number) <= major);
}

/** The attributes of a class, field, method, Code or record component, with what all of these may carry. */
export class Attributes {
  readonly all: readonly Attribute[];
  readonly constants: ConstantPool;

  constructor(all: readonly Attribute[], constants: ConstantPool) {
    this.all = all;
    this.constants = constants;
  }

  find(name: string): Attribute | undefined {
    for (const attribute of this.all) if (attribute.name === name) return attribute;
    return undefined;
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  /** The content as it stands, a view; `undefined` if there is no such attribute. */
  raw(name: string): Uint8Array | undefined {
    const found = this.find(name);
    return found && this.constants.bytes.subarray(found.offset, found.offset + found.length);
  }

  /** A reader bounded to the attribute's content. */
  reader(name: string): ByteReader | undefined {
    const found = this.find(name);
    return (
      found && new ByteReader(this.constants.bytes, this.constants.source, found.offset, found.offset + found.length)
    );
  }

  /** The generic signature, JVMS §4.7.9. */
  get signature(): string | undefined {
    const reader = this.reader("Signature");
    return reader && this.constants.utf8(reader.u2());
  }

  /** JVMS §4.7.15. */
  get isDeprecated(): boolean {
    return this.has("Deprecated");
  }

  /** JVMS §4.7.8, the attribute; the flag is the flag. */
  get hasSyntheticAttribute(): boolean {
    return this.has("Synthetic");
  }

  /** Raw content of RuntimeVisibleAnnotations, JVMS §4.7.16: begins with num_annotations. */
  get visibleAnnotations(): Uint8Array | undefined {
    return this.raw("RuntimeVisibleAnnotations");
  }

  /** Raw content of RuntimeInvisibleAnnotations, JVMS §4.7.17. */
  get invisibleAnnotations(): Uint8Array | undefined {
    return this.raw("RuntimeInvisibleAnnotations");
  }

  /** Raw content of RuntimeVisibleTypeAnnotations, JVMS §4.7.20. */
  get visibleTypeAnnotations(): Uint8Array | undefined {
    return this.raw("RuntimeVisibleTypeAnnotations");
  }

  /** Raw content of RuntimeInvisibleTypeAnnotations, JVMS §4.7.21. */
  get invisibleTypeAnnotations(): Uint8Array | undefined {
    return this.raw("RuntimeInvisibleTypeAnnotations");
  }

  /** A ClassFormatError about the attribute `name`. */
  fail(name: string, message: string): never {
    throw formatError(message, this.constants.source, this.find(name)?.offset ?? 0);
  }
}
