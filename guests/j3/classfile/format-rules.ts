import type { Attribute } from "./attributes.ts";
import type { ConstantPool } from "./constants.ts";
import { TAG_CLASS, TAG_UTF8 } from "./constants.ts";
import {
  BAD_CLASS_NAME,
  isLegalClassName,
  isLegalFieldName,
  isLegalMethodName,
  legalMethodSlots,
  skipLegalType,
  TOO_MANY_DIMENSIONS,
} from "./names.ts";
import type { ByteReader } from "./reader.ts";

/**
 * Format checking, JVMS §4.8, in the words and in the order of HotSpot 17: the checks that several parts of a class
 * file share. Every method that finds a fault throws a ClassFormatFailure at the reader's position.
 */
export class FormatRules {
  readonly reader: ByteReader;
  readonly constants: ConstantPool;
  readonly major: number;
  /** The largest bootstrap method index that a constant uses, -1 if none does. */
  maxBootstrapIndex: number;

  constructor(reader: ByteReader, constants: ConstantPool, major: number) {
    this.reader = reader;
    this.constants = constants;
    this.major = major;
    this.maxBootstrapIndex = -1;
  }

  /** What messages call the class. */
  get source(): string {
    return this.reader.source;
  }

  /** Throws "`message` in class file Foo". */
  fail(message: string): never {
    this.reader.fail(`${message} in class file ${this.source}`);
  }

  isUtf8(index: number): boolean {
    return this.constants.tag(index) === TAG_UTF8;
  }

  isClass(index: number): boolean {
    return this.constants.tag(index) === TAG_CLASS;
  }

  /** Reads an attribute's name and length; `badName` makes the message for a bad name index. */
  attributeHeader(badName: (index: number) => string): Attribute {
    const { reader } = this;
    reader.need(6);
    const nameIndex = reader.u2();
    const length = reader.u4();
    if (!this.isUtf8(nameIndex)) this.fail(badName(nameIndex));
    return { name: this.constants.utf8(nameIndex), offset: reader.position, length };
  }

  className(name: string): void {
    let legal: boolean;
    if (name.charCodeAt(0) === 0x5b /* [ */) legal = this.typeEnd(name, 0) === name.length;
    else legal = isLegalClassName(name, this.major);
    if (!legal) this.reader.fail(`Illegal class name "${name}" in class file ${this.source}`);
  }

  fieldName(name: string): void {
    if (!isLegalFieldName(name, this.major)) this.reader.fail(`Illegal field name "${name}" in class ${this.source}`);
  }

  methodName(name: string): void {
    if (!isLegalMethodName(name, this.major)) this.reader.fail(`Illegal method name "${name}" in class ${this.source}`);
  }

  fieldSignature(name: string, descriptor: string): void {
    if (this.typeEnd(descriptor, 0) !== descriptor.length) this.illegalSignature("Field", name, descriptor);
  }

  /** Answers the slots of the parameters. */
  methodSignature(name: string, descriptor: string): number {
    const slots = legalMethodSlots(name, descriptor, this.major);
    if (slots < 0) {
      this.explain(slots);
      this.illegalSignature("Method", name, descriptor);
    }
    return slots;
  }

  illegalSignature(kind: string, name: string, descriptor: string): never {
    this.reader.fail(`${kind} "${name}" in class ${this.source} has illegal signature "${descriptor}"`);
  }

  private typeEnd(descriptor: string, start: number): number {
    const end = skipLegalType(descriptor, start, false, this.major);
    this.explain(end);
    return end;
  }

  private explain(answer: number): void {
    if (answer === BAD_CLASS_NAME) this.fail("Class name is empty or contains illegal character in descriptor");
    if (answer === TOO_MANY_DIMENSIONS) this.fail("Array type descriptor has more than 255 dimensions");
  }
}
