import { Attributes, readAttributes } from "./attributes.ts";
import { ClassFile } from "./class-file.ts";
import { ConstantPool, scanConstants, TAG_CLASS } from "./constants.ts";
import { ClassFormatFailure } from "./failure.ts";
import { ACC_ABSTRACT, ACC_INTERFACE, ACC_MODULE, CLASS_FLAGS, FIELD_FLAGS, METHOD_FLAGS } from "./flags.ts";
import { FieldInfo, MethodInfo } from "./members.ts";
import { ByteReader } from "./reader.ts";

const MAGIC = 0xcafebabe;
const OLDEST_MAJOR = 45;
const NEWEST_MAJOR = 61;

export interface ParseOptions {
  /** The internal name the class was asked for by: another name in the file is a NoClassDefFoundError. */
  readonly expectedName?: string;
  /** Skips what only format checking needs, as HotSpot does for the boot and platform loaders. Never unsafe: a bad index found later throws. */
  readonly trusted?: boolean;
}

/**
 * Parses and checks a class file, JVMS §4. `source` is what messages call it: the internal name it was asked for by,
 * or the file's path. Throws a ClassFormatFailure, and nothing else, whatever the bytes are.
 *
 * The bytes are kept and must not change.
 */
export function parseClassFile(bytes: Uint8Array, source: string, options: ParseOptions = {}): ClassFile {
  return new ClassParser(bytes, source, options).parse();
}

class ClassParser {
  private readonly reader: ByteReader;
  private readonly source: string;
  private readonly options: ParseOptions;

  constructor(bytes: Uint8Array, source: string, options: ParseOptions) {
    this.reader = new ByteReader(bytes, source);
    this.source = source;
    this.options = options;
  }

  parse(): ClassFile {
    const reader = this.reader;
    const magic = reader.u4();
    if (magic !== MAGIC) reader.fail(`Incompatible magic value ${magic} in class file ${this.source}`);
    const minor = reader.u2();
    const major = reader.u2();
    this.checkVersion(major, minor);
    const count = reader.u2();
    if (count === 0) reader.fail(`Illegal constant pool size ${count} in class file ${this.source}`);
    const scanned = scanConstants(reader.bytes, this.source, reader.position, count, major);
    reader.position = scanned.end;
    const constants = new ConstantPool(reader.bytes, this.source, scanned.offsets, scanned.end);
    const flags = this.classFlags(reader.u2(), major);
    const thisClassIndex = reader.u2();
    const superIndex = reader.u2();
    const thisClass = this.className(constants, thisClassIndex, "this");
    const superClass = superIndex === 0 ? undefined : this.className(constants, superIndex, "super");
    const interfaces = this.list(() => constants.className(reader.u2()));
    const fields = this.list(() => {
      const fieldFlags = reader.u2() & FIELD_FLAGS;
      const name = constants.utf8(reader.u2());
      const descriptor = constants.utf8(reader.u2());
      return new FieldInfo(fieldFlags, name, descriptor, this.attributes(constants));
    });
    const methods = this.list(() => {
      const methodFlags = reader.u2() & METHOD_FLAGS;
      const name = constants.utf8(reader.u2());
      const descriptor = constants.utf8(reader.u2());
      return new MethodInfo(methodFlags, name, descriptor, this.attributes(constants));
    });
    const attributes = this.attributes(constants);
    if (reader.position !== reader.end) reader.fail(`Extra bytes at the end of class file ${this.source}`);
    return new ClassFile({
      major,
      minor,
      constants,
      flags,
      thisClass,
      thisClassIndex,
      superClass,
      interfaces,
      fields,
      methods,
      attributes,
    });
  }

  private list<T>(row: () => T): T[] {
    const count = this.reader.u2();
    const rows: T[] = [];
    for (let i = 0; i < count; i++) rows.push(row());
    return rows;
  }

  private attributes(constants: ConstantPool): Attributes {
    return new Attributes(readAttributes(this.reader, constants), constants);
  }

  private classFlags(raw: number, major: number): number {
    if ((raw & ACC_MODULE) !== 0 && major >= 53) return raw & (CLASS_FLAGS | ACC_MODULE);
    const flags = raw & CLASS_FLAGS;
    // Before version 50 interfaces were written without ACC_ABSTRACT.
    return (flags & ACC_INTERFACE) !== 0 && major < 50 ? flags | ACC_ABSTRACT : flags;
  }

  private className(constants: ConstantPool, index: number, which: "this" | "super"): string {
    if (constants.tag(index) !== TAG_CLASS) {
      this.reader.fail(
        which === "this"
          ? `Invalid this class index ${index} in constant pool in class file ${this.source}`
          : `Invalid superclass index ${index} in class file ${this.source}`,
      );
    }
    return constants.className(index);
  }

  private checkVersion(major: number, minor: number): void {
    const shown = `${this.options.expectedName ?? this.source}`;
    if (major > NEWEST_MAJOR) {
      this.unsupported(
        `${shown} has been compiled by a more recent version of the Java Runtime (class file version ${major}.${minor}), ` +
          `this version of the Java Runtime only recognizes class file versions up to ${NEWEST_MAJOR}.0`,
      );
    }
    if (major < OLDEST_MAJOR) {
      this.unsupported(`${shown} (class file version ${major}.${minor}) was compiled with an invalid major version`);
    }
  }

  private unsupported(message: string): never {
    throw new ClassFormatFailure("UnsupportedClassVersionError", message, this.source, this.reader.position);
  }
}
