import { formatError } from "./failure.ts";
import { decodeMutf8, isLegalMutf8 } from "./mutf8.ts";
import { i4At, u2At } from "./reader.ts";

/** Constant pool tags, JVMS table 4.4-A. */
export const TAG_UTF8 = 1;
export const TAG_INTEGER = 3;
export const TAG_FLOAT = 4;
export const TAG_LONG = 5;
export const TAG_DOUBLE = 6;
export const TAG_CLASS = 7;
export const TAG_STRING = 8;
export const TAG_FIELDREF = 9;
export const TAG_METHODREF = 10;
export const TAG_INTERFACE_METHODREF = 11;
export const TAG_NAME_AND_TYPE = 12;
export const TAG_METHOD_HANDLE = 15;
export const TAG_METHOD_TYPE = 16;
export const TAG_DYNAMIC = 17;
export const TAG_INVOKE_DYNAMIC = 18;
export const TAG_MODULE = 19;
export const TAG_PACKAGE = 20;

const TAG_NAMES: Readonly<Record<number, string>> = {
  [TAG_UTF8]: "Utf8",
  [TAG_INTEGER]: "Integer",
  [TAG_FLOAT]: "Float",
  [TAG_LONG]: "Long",
  [TAG_DOUBLE]: "Double",
  [TAG_CLASS]: "Class",
  [TAG_STRING]: "String",
  [TAG_FIELDREF]: "Fieldref",
  [TAG_METHODREF]: "Methodref",
  [TAG_INTERFACE_METHODREF]: "InterfaceMethodref",
  [TAG_NAME_AND_TYPE]: "NameAndType",
  [TAG_METHOD_HANDLE]: "MethodHandle",
  [TAG_METHOD_TYPE]: "MethodType",
  [TAG_DYNAMIC]: "Dynamic",
  [TAG_INVOKE_DYNAMIC]: "InvokeDynamic",
  [TAG_MODULE]: "Module",
  [TAG_PACKAGE]: "Package",
};

/** The specification's name of a tag, or its number. */
export function tagName(tag: number): string {
  return TAG_NAMES[tag] ?? `tag ${tag}`;
}

export interface NameAndType {
  readonly name: string;
  readonly descriptor: string;
}

export type MemberKind = "field" | "method" | "interfaceMethod";

/** A symbolic reference, JVMS §4.4.2. */
export interface MemberRef extends NameAndType {
  readonly kind: MemberKind;
  /** Internal name of the class, an array descriptor for members of arrays. */
  readonly owner: string;
}

/** JVMS §4.4.8. `kind` is 1..9: getField getStatic putField putStatic invokeVirtual invokeStatic invokeSpecial newInvokeSpecial invokeInterface. */
export interface MethodHandleConstant {
  readonly kind: number;
  readonly reference: MemberRef;
  /** Index of the reference in the constant pool. */
  readonly referenceIndex: number;
}

/** JVMS §4.4.10. `bootstrap` is an index of the BootstrapMethods attribute. */
export interface DynamicConstant extends NameAndType {
  readonly bootstrap: number;
}

/**
 * The constant pool, JVMS §4.4. Entries are decoded when asked for, and Utf8 strings and member references are kept.
 *
 * Every accessor throws a ClassFormatFailure if the index is out of range or holds another tag: a checked class
 * file never comes to that, a trusted one may.
 */
export class ConstantPool {
  readonly bytes: Uint8Array;
  /** What messages call the class. */
  source: string;
  /** constant_pool_count: indices 1 to size - 1 are in use, without the second of each long and double. */
  readonly size: number;
  private readonly buffer: Buffer;
  /** Offset of the byte after the tag; 0 where there is no entry. */
  private readonly offsets: Uint32Array;
  private readonly strings: (string | undefined)[];
  private readonly members: (NameAndType | undefined)[];
  private readonly boundary: number;

  /** `offsets` as `scanConstants` made them; `boundary` is the first offset after the pool. */
  constructor(bytes: Uint8Array, source: string, offsets: Uint32Array, boundary: number) {
    this.bytes = bytes;
    this.source = source;
    this.size = offsets.length;
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offsets = offsets;
    this.strings = new Array<string | undefined>(offsets.length);
    this.members = new Array<NameAndType | undefined>(offsets.length);
    this.boundary = boundary;
  }

  /** The tag, or 0 if no entry has this index. */
  tag(index: number): number {
    const at = this.offsets[index];
    return at === undefined || at === 0 ? 0 : (this.bytes[at - 1] as number);
  }

  /** Offset of the entry's tag in the class file, or the pool's end if no entry has this index. */
  offsetOf(index: number): number {
    const at = this.offsets[index];
    return at === undefined || at === 0 ? this.boundary : at - 1;
  }

  /** Length of a Utf8 entry in bytes. */
  utf8Length(index: number): number {
    return u2At(this.bytes, this.at(index, TAG_UTF8));
  }

  /** The bytes of a Utf8 entry: a view. */
  utf8Bytes(index: number): Uint8Array {
    const at = this.at(index, TAG_UTF8);
    return this.bytes.subarray(at + 2, at + 2 + u2At(this.bytes, at));
  }

  utf8(index: number): string {
    const known = this.strings[index];
    if (known !== undefined) return known;
    const at = this.at(index, TAG_UTF8);
    const text = decodeMutf8(this.buffer, at + 2, at + 2 + u2At(this.bytes, at));
    this.strings[index] = text;
    return text;
  }

  /** The text of a Utf8 entry; `undefined` for index 0. */
  optionalUtf8(index: number): string | undefined {
    return index === 0 ? undefined : this.utf8(index);
  }

  /** The name of a Class entry: internal form, or an array descriptor. */
  className(index: number): string {
    return this.utf8(u2At(this.bytes, this.at(index, TAG_CLASS)));
  }

  /** `undefined` for index 0. */
  optionalClassName(index: number): string | undefined {
    return index === 0 ? undefined : this.className(index);
  }

  string(index: number): string {
    return this.utf8(u2At(this.bytes, this.at(index, TAG_STRING)));
  }

  /** Signed 32 bits. */
  integer(index: number): number {
    return i4At(this.bytes, this.at(index, TAG_INTEGER));
  }

  /** A NaN's payload is not kept: see `floatBits`. */
  float(index: number): number {
    return this.view().getFloat32(this.at(index, TAG_FLOAT));
  }

  /** The bits as a signed 32-bit number. */
  floatBits(index: number): number {
    return i4At(this.bytes, this.at(index, TAG_FLOAT));
  }

  /** Signed 64 bits. */
  long(index: number): bigint {
    return this.view().getBigInt64(this.at(index, TAG_LONG));
  }

  /** A NaN's payload is not kept: see `doubleBits`. */
  double(index: number): number {
    return this.view().getFloat64(this.at(index, TAG_DOUBLE));
  }

  /** The bits as a signed 64-bit number. */
  doubleBits(index: number): bigint {
    return this.view().getBigInt64(this.at(index, TAG_DOUBLE));
  }

  nameAndType(index: number): NameAndType {
    const known = this.members[index];
    if (known !== undefined) return known;
    const at = this.at(index, TAG_NAME_AND_TYPE);
    const made = { name: this.utf8(u2At(this.bytes, at)), descriptor: this.utf8(u2At(this.bytes, at + 2)) };
    this.members[index] = made;
    return made;
  }

  /** A Fieldref, Methodref or InterfaceMethodref. */
  memberRef(index: number): MemberRef {
    const known = this.members[index];
    if (known !== undefined && "owner" in known) return known as MemberRef;
    const tag = this.tag(index);
    if (tag !== TAG_FIELDREF && tag !== TAG_METHODREF && tag !== TAG_INTERFACE_METHODREF) this.bad(index);
    const at = this.offsets[index] as number;
    const { name, descriptor } = this.nameAndType(u2At(this.bytes, at + 2));
    const kind = tag === TAG_FIELDREF ? "field" : tag === TAG_METHODREF ? "method" : "interfaceMethod";
    const made: MemberRef = { kind, owner: this.className(u2At(this.bytes, at)), name, descriptor };
    this.members[index] = made;
    return made;
  }

  /** Index of the Class entry of a member reference. */
  memberClassIndex(index: number): number {
    const tag = this.tag(index);
    if (tag !== TAG_FIELDREF && tag !== TAG_METHODREF && tag !== TAG_INTERFACE_METHODREF) this.bad(index);
    return u2At(this.bytes, this.offsets[index] as number);
  }

  methodHandle(index: number): MethodHandleConstant {
    const at = this.at(index, TAG_METHOD_HANDLE);
    const kind = this.bytes[at] as number;
    if (kind < 1 || kind > 9) {
      throw formatError(
        `Bad method handle kind at constant pool index ${index} in class file ${this.source}`,
        this.source,
        at,
      );
    }
    const referenceIndex = u2At(this.bytes, at + 1);
    return { kind, reference: this.memberRef(referenceIndex), referenceIndex };
  }

  /** The method descriptor. */
  methodType(index: number): string {
    return this.utf8(u2At(this.bytes, this.at(index, TAG_METHOD_TYPE)));
  }

  dynamic(index: number): DynamicConstant {
    return this.bootstrapped(this.at(index, TAG_DYNAMIC));
  }

  invokeDynamic(index: number): DynamicConstant {
    return this.bootstrapped(this.at(index, TAG_INVOKE_DYNAMIC));
  }

  /** A module's name, as "java.base". */
  module(index: number): string {
    return this.utf8(u2At(this.bytes, this.at(index, TAG_MODULE)));
  }

  /** A package's name in internal form, as "java/lang". */
  package(index: number): string {
    return this.utf8(u2At(this.bytes, this.at(index, TAG_PACKAGE)));
  }

  /** The two-byte operand `which` (0 or 1) of an entry, unread. Only for entries that have it. */
  operand(index: number, which: 0 | 1): number {
    const at = this.offsets[index];
    if (at === undefined || at === 0) this.bad(index);
    return u2At(this.bytes, at + 2 * which);
  }

  private bootstrapped(at: number): DynamicConstant {
    const { name, descriptor } = this.nameAndType(u2At(this.bytes, at + 2));
    return { bootstrap: u2At(this.bytes, at), name, descriptor };
  }

  private at(index: number, tag: number): number {
    const at = this.offsets[index];
    if (at === undefined || at === 0 || this.bytes[at - 1] !== tag) this.bad(index);
    return at;
  }

  private view(): DataView {
    return new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  private bad(index: number): never {
    throw formatError(
      `Invalid constant pool index ${index} in class file ${this.source}`,
      this.source,
      this.offsetOf(index),
    );
  }
}

/** What a scan of the pool's bytes found. */
export interface ScannedConstants {
  readonly offsets: Uint32Array;
  /** First offset after the pool. */
  readonly end: number;
  /** The first Module or Package tag, 0 if none: only a module descriptor may have them, JVMS §4.4.11. */
  readonly moduleTag: number;
}

/**
 * Walks the entries from `start`, the offset after constant_pool_count. Only the shape is looked at: tags, lengths,
 * and whether the version has the tag. After each entry one more byte must exist, as HotSpot asks: the flags follow the pool.
 */
export function scanConstants(
  bytes: Uint8Array,
  source: string,
  start: number,
  count: number,
  major: number,
  checkUtf8: boolean,
): ScannedConstants {
  const offsets = new Uint32Array(count);
  const end = bytes.length;
  let at = start;
  let moduleTag = 0;
  for (let index = 1; index < count; index++) {
    if (at >= end) throw formatError("Truncated class file", source, end);
    const tag = bytes[at] as number;
    at += 1;
    offsets[index] = at;
    let size: number;
    let since = 45;
    switch (tag) {
      case 1: // Utf8
        if (at + 2 > end) throw formatError("Truncated class file", source, end);
        size = 2 + u2At(bytes, at);
        if (at + size >= end) throw formatError("Truncated class file", source, end);
        if (checkUtf8 && !isLegalMutf8(bytes, at + 2, at + size, major)) {
          throw formatError(`Illegal UTF8 string in constant pool in class file ${source}`, source, at - 1);
        }
        break;
      case 3: // Integer
      case 4: // Float
      case 9: // Fieldref
      case 10: // Methodref
      case 11: // InterfaceMethodref
      case 12: // NameAndType
        size = 4;
        break;
      case 5: // Long
      case 6: // Double
        if (index + 1 >= count) {
          throw formatError(`Invalid constant pool entry ${index} in class file ${source}`, source, at - 1);
        }
        size = 8;
        index += 1;
        break;
      case 7: // Class
      case 8: // String
        size = 2;
        break;
      case 15: // MethodHandle
        size = 3;
        since = 51;
        break;
      case 16: // MethodType
        size = 2;
        since = 51;
        break;
      case 17: // Dynamic
        size = 4;
        since = 55;
        break;
      case 18: // InvokeDynamic
        size = 4;
        since = 51;
        break;
      case 19: // Module
      case 20: // Package
        if (major < 53) throw formatError(`Unknown constant tag ${tag} in class file ${source}`, source, at - 1);
        size = 2;
        if (moduleTag === 0) moduleTag = tag;
        break;
      default:
        throw formatError(`Unknown constant tag ${tag} in class file ${source}`, source, at - 1);
    }
    if (major < since) {
      throw formatError(
        `Class file version does not support constant tag ${tag} in class file ${source}`,
        source,
        at - 1,
      );
    }
    at += size;
    if (at >= end) throw formatError("Truncated class file", source, end);
  }
  return { offsets, end: at, moduleTag };
}
