import type { Attribute } from "./attributes.ts";
import { Attributes, knownAttributes, readAttributes } from "./attributes.ts";
import { checkClassAttributes, checkClassFlags } from "./check-class.ts";
import { checkConstants } from "./check-constants.ts";
import { checkFieldAttributes, checkMethodAttributes } from "./check-members.ts";
import { ClassFile } from "./class-file.ts";
import { ConstantPool, scanConstants } from "./constants.ts";
import { externalName } from "./descriptors.ts";
import { ClassFormatFailure, type FailedHeader } from "./failure.ts";
import * as flagsOf from "./flags.ts";
import { FormatRules } from "./format-rules.ts";
import { FieldInfo, MethodInfo } from "./members.ts";
import { ByteReader } from "./reader.ts";

const MAGIC = 0xcafebabe;
const OLDEST_MAJOR = 45;
const NEWEST_MAJOR = 61;
/** minor_version of a class that uses preview features, since major version 56. */
const PREVIEW_MINOR = 65535;
/** Slots of the parameters and the receiver, JVMS §4.3.3. */
const MAX_ARGUMENT_SLOTS = 255;

export interface ParseOptions {
  /** The internal name the class was asked for by: another name in the file is a NoClassDefFoundError. */
  readonly expectedName?: string;
  /**
   * Skips what only format checking needs, as HotSpot does for the boot loader. Structure is still bounded, and a bad
   * index that is met later throws a ClassFormatFailure then.
   */
  readonly trusted?: boolean;
  /** Takes a module-info.class, which is otherwise a NoClassDefFoundError. */
  readonly allowModule?: boolean;
  /** Takes classes compiled with --enable-preview for version 61. */
  readonly enablePreview?: boolean;
}

/**
 * Parses and checks a class file, JVMS §4. Throws a ClassFormatFailure, and nothing else, whatever the bytes are.
 *
 * Messages call the class by `options.expectedName`, or else by `source` until its own name is known.
 * The bytes are kept and must not change.
 */
export function parseClassFile(bytes: Uint8Array, source: string, options: ParseOptions = {}): ClassFile {
  return new ClassParser(bytes, source, options).parse();
}

class ClassParser {
  private readonly reader: ByteReader;
  private readonly options: ParseOptions;
  private readonly checked: boolean;
  private header: FailedHeader | null = null;

  constructor(bytes: Uint8Array, source: string, options: ParseOptions) {
    this.reader = new ByteReader(bytes, options.expectedName ?? source);
    this.options = options;
    this.checked = options.trusted !== true;
  }

  parse(): ClassFile {
    try {
      return this.read();
    } catch (failure) {
      if (failure instanceof ClassFormatFailure) failure.header = this.header;
      throw failure;
    }
  }

  private read(): ClassFile {
    const reader = this.reader;
    reader.need(8);
    const magic = reader.u4();
    if (magic !== MAGIC) this.fail(`Incompatible magic value ${magic}`);
    const minor = reader.u2();
    const major = reader.u2();
    this.checkVersion(major, minor);
    reader.need(3);
    const count = reader.u2();
    if (count === 0) this.fail(`Illegal constant pool size ${count}`);
    const scanned = scanConstants(reader.bytes, reader.source, reader.position, count, major, this.checked);
    reader.position = scanned.end;
    const constants = new ConstantPool(reader.bytes, reader.source, scanned.offsets, scanned.end);
    const rules = new FormatRules(reader, constants, major);
    if (this.checked && scanned.moduleTag === 0) checkConstants(rules);

    reader.need(8);
    const flags = this.classFlags(reader.u2(), rules);
    const isModule = (flags & flagsOf.ACC_MODULE) !== 0;
    if (scanned.moduleTag !== 0 && !isModule) this.fail(`Unknown constant tag ${scanned.moduleTag}`);
    const thisClassIndex = reader.u2();
    const thisClass = this.thisClass(rules, thisClassIndex);
    constants.source = reader.source;
    const superClass = isModule ? this.noSuperClass() : this.superClass(rules, thisClass);
    const interfaces = this.interfaces(rules, thisClass, flags);
    const isInterface = (flags & flagsOf.ACC_INTERFACE) !== 0;
    const fields = this.fields(rules, isInterface);
    const methods = this.methods(rules, isInterface);
    const listed = this.checked && !isModule ? checkClassAttributes(rules, flags) : readAttributes(reader, constants);
    if (reader.position !== reader.end) reader.fail(`Extra bytes at the end of class file ${reader.source}`);
    if (thisClass === "java/lang/Object" && interfaces.length > 0) {
      this.fail("java.lang.Object cannot implement an interface");
    }
    if (isInterface && superClass !== "java/lang/Object") {
      this.fail("Interfaces must have java.lang.Object as superclass");
    }
    const attributes = this.attributes(listed, rules);
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

  private fail(message: string): never {
    this.reader.fail(`${message} in class file ${this.reader.source}`);
  }

  private attributes(listed: Attribute[], rules: FormatRules): Attributes {
    return new Attributes(knownAttributes(listed, rules.major), rules.constants);
  }

  private classFlags(raw: number, rules: FormatRules): number {
    let flags = raw & (flagsOf.CLASS_FLAGS | (rules.major >= 53 ? flagsOf.ACC_MODULE : 0));
    // Before version 50 interfaces were written without ACC_ABSTRACT.
    if ((flags & flagsOf.ACC_INTERFACE) !== 0 && rules.major < 50) flags |= flagsOf.ACC_ABSTRACT;
    const isModule = (flags & flagsOf.ACC_MODULE) !== 0;
    if (isModule ? this.options.allowModule !== true : this.checked) checkClassFlags(rules, flags);
    return flags;
  }

  private thisClass(rules: FormatRules, index: number): string {
    const { reader } = this;
    if (!rules.isClass(index)) {
      reader.fail(`Invalid this class index ${index} in constant pool in class file ${reader.source}`);
    }
    const name = rules.constants.className(index);
    if (this.checked && name.startsWith("[")) this.fail("Bad class name");
    const { expectedName } = this.options;
    if (expectedName === undefined) {
      reader.source = name;
    } else if (name !== expectedName) {
      const message = `${expectedName} (wrong name: ${name})`;
      throw new ClassFormatFailure("NoClassDefFoundError", message, reader.source, reader.position);
    }
    return name;
  }

  private superClass(rules: FormatRules, thisClass: string): string | undefined {
    const index = this.reader.u2();
    if (index === 0) {
      if (thisClass !== "java/lang/Object") this.fail(`Invalid superclass index ${index}`);
      return undefined;
    }
    if (!rules.isClass(index)) this.fail(`Invalid superclass index ${index}`);
    const name = rules.constants.className(index);
    if (this.checked && name.startsWith("[")) this.fail("Bad superclass name");
    return name;
  }

  /** JVMS §4.1: a module descriptor has none. */
  private noSuperClass(): undefined {
    const index = this.reader.u2();
    if (index !== 0) this.fail(`Invalid superclass index ${index}`);
  }

  private interfaces(rules: FormatRules, name: string, flags: number): string[] {
    const { reader } = this;
    const names: string[] = [];
    this.header = { name, flags, interfaces: names };
    for (let left = reader.u2(); left > 0; left--) {
      const index = reader.u2();
      if (!rules.isClass(index)) this.fail(`Interface name has bad constant pool index ${index}`);
      const name = rules.constants.className(index);
      if (name.startsWith("[")) this.fail("Bad interface name");
      names.push(name);
    }
    if (this.checked && names.length > 1) {
      const seen = new Set<string>();
      for (const name of names) {
        if (seen.has(name)) this.fail(`Duplicate interface name "${name}"`);
        seen.add(name);
      }
    }
    return names;
  }

  private fields(rules: FormatRules, inInterface: boolean): FieldInfo[] {
    const { reader, checked } = this;
    const { constants } = rules;
    const fields: FieldInfo[] = [];
    for (let left = reader.u2(); left > 0; left--) {
      reader.need(8);
      const flags = reader.u2() & flagsOf.FIELD_FLAGS;
      if (checked && !flagsOf.legalFieldFlags(flags, inInterface, rules.major)) {
        reader.fail(`Illegal field modifiers in class ${reader.source}: ${flagsOf.hexFlags(flags)}`);
      }
      const nameIndex = reader.u2();
      if (!rules.isUtf8(nameIndex)) this.fail(`Invalid constant pool index ${nameIndex} for field name`);
      const name = constants.utf8(nameIndex);
      if (checked) rules.fieldName(name);
      const typeIndex = reader.u2();
      if (!rules.isUtf8(typeIndex)) this.fail(`Invalid constant pool index ${typeIndex} for field signature`);
      const descriptor = constants.utf8(typeIndex);
      if (checked) rules.fieldSignature(name, descriptor);
      const listed = checked ? checkFieldAttributes(rules, flags, descriptor) : readAttributes(reader, constants);
      fields.push(new FieldInfo(flags, name, descriptor, this.attributes(listed, rules)));
    }
    if (checked) this.checkUnique("field", fields);
    return fields;
  }

  private methods(rules: FormatRules, inInterface: boolean): MethodInfo[] {
    const { reader, checked } = this;
    const methods: MethodInfo[] = [];
    for (let left = reader.u2(); left > 0; left--) methods.push(this.method(rules, inInterface));
    if (checked) this.checkUnique("method", methods);
    return methods;
  }

  private method(rules: FormatRules, inInterface: boolean): MethodInfo {
    const { reader, checked } = this;
    const { constants } = rules;
    reader.need(8);
    let flags = reader.u2();
    const nameIndex = reader.u2();
    if (!rules.isUtf8(nameIndex)) this.fail(`Illegal constant pool index ${nameIndex} for method name`);
    const name = constants.utf8(nameIndex);
    if (checked) rules.methodName(name);
    const typeIndex = reader.u2();
    if (!rules.isUtf8(typeIndex)) this.fail(`Illegal constant pool index ${typeIndex} for method signature`);
    const descriptor = constants.utf8(typeIndex);
    if (name === "<clinit>") flags = this.initializerFlags(flags, rules.major);
    else if (checked && !flagsOf.legalMethodFlags(flags, inInterface, name === "<init>", rules.major)) {
      reader.fail(`Method ${name} in class ${reader.source} has illegal modifiers: ${flagsOf.hexFlags(flags)}`);
    }
    if (name === "<init>" && inInterface) {
      reader.fail(`Interface cannot have a method named <init>, class file ${reader.source}`);
    }
    let listed: Attribute[];
    if (checked) {
      const receiver = (flags & flagsOf.ACC_STATIC) !== 0 ? 0 : 1;
      const slots = receiver + rules.methodSignature(name, descriptor);
      if (slots > MAX_ARGUMENT_SLOTS) this.fail("Too many arguments in method signature");
      listed = checkMethodAttributes(rules, flags, slots);
    } else {
      listed = readAttributes(reader, constants);
    }
    return new MethodInfo(flags & flagsOf.METHOD_FLAGS, name, descriptor, this.attributes(listed, rules), rules.major);
  }

  /** JVMS §2.9.2 and §4.6: static is demanded since version 51 and supplied before; the rest is ignored. */
  private initializerFlags(flags: number, major: number): number {
    if (major < 51) return flagsOf.ACC_STATIC;
    if ((flags & flagsOf.ACC_STATIC) === 0) this.fail("Method <clinit> is not static");
    return flags & (flagsOf.ACC_STATIC | (major < 61 ? flagsOf.ACC_STRICT : 0));
  }

  private checkUnique(what: "field" | "method", members: readonly (FieldInfo | MethodInfo)[]): void {
    if (members.length < 2) return;
    const seen = new Set<string>();
    for (const { name, descriptor } of members) {
      // A legal name has no ";".
      const key = `${name};${descriptor}`;
      if (seen.has(key)) this.fail(`Duplicate ${what} name "${name}" with signature "${externalName(descriptor)}"`);
      seen.add(key);
    }
  }

  private checkVersion(major: number, minor: number): void {
    const version = `${this.reader.source} (class file version ${major}.${minor})`;
    if (major < OLDEST_MAJOR) this.unsupported(`${version} was compiled with an invalid major version`);
    if (major > NEWEST_MAJOR) {
      this.unsupported(
        `${this.reader.source} has been compiled by a more recent version of the Java Runtime (class file version ` +
          `${major}.${minor}), this version of the Java Runtime only recognizes class file versions up to ${NEWEST_MAJOR}.0`,
      );
    }
    if (major < 56 || minor === 0) return;
    if (minor !== PREVIEW_MINOR) this.unsupported(`${version} was compiled with an invalid non-zero minor version`);
    if (major !== NEWEST_MAJOR) {
      this.unsupported(
        `${version} was compiled with preview features that are unsupported. This version of the Java Runtime only ` +
          `recognizes preview features for class file version ${NEWEST_MAJOR}.${PREVIEW_MINOR}`,
      );
    }
    if (this.options.enablePreview !== true) {
      this.unsupported(`Preview features are not enabled for ${version}. Try running with '--enable-preview'`);
    }
  }

  private unsupported(message: string): never {
    throw new ClassFormatFailure("UnsupportedClassVersionError", message, this.reader.source, this.reader.position);
  }
}
