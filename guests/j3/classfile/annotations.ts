import type { ConstantPool } from "./constants.ts";
import { ClassFormatFailure } from "./failure.ts";
import { ByteReader } from "./reader.ts";

/**
 * Annotations, JVMS §4.7.16. The class library reads the raw bytes itself; this is for the few that a virtual machine
 * heeds, and for checking.
 */

/** An element_value. Constants are given as their index in the constant pool. */
export type ElementValue =
  /** `tag` is one of B C D F I J S Z, or "s" for a String (a Utf8 entry). */
  | { readonly kind: "constant"; readonly tag: string; readonly index: number }
  | { readonly kind: "enum"; readonly type: string; readonly name: string }
  /** `descriptor` is a return descriptor: "V" is void.class. */
  | { readonly kind: "class"; readonly descriptor: string }
  | { readonly kind: "annotation"; readonly annotation: Annotation }
  | { readonly kind: "array"; readonly values: readonly ElementValue[] };

export interface Annotation {
  /** A field descriptor, as "Ljava/lang/Deprecated;". */
  readonly type: string;
  readonly elements: readonly { readonly name: string; readonly value: ElementValue }[];
}

/** Nesting of arrays and annotations beyond which a file is taken for broken; not in spec, it bounds the recursion. */
const MAX_DEPTH = 256;

/**
 * Reads the raw content of Runtime(In)VisibleAnnotations. Throws a ClassFormatFailure if it is malformed, which
 * HotSpot leaves to the library's reader.
 */
export function parseAnnotations(raw: Uint8Array, constants: ConstantPool): Annotation[] {
  const reader = new ByteReader(raw, constants.source);
  const annotations = list(reader, () => readAnnotation(reader, constants, 0));
  checkEnd(reader);
  return annotations;
}

/** Reads the raw content of Runtime(In)VisibleParameterAnnotations: one list per parameter, JVMS §4.7.18. */
export function parseParameterAnnotations(raw: Uint8Array, constants: ConstantPool): Annotation[][] {
  const reader = new ByteReader(raw, constants.source);
  const count = reader.u1();
  const parameters = Array.from({ length: count }, () => list(reader, () => readAnnotation(reader, constants, 0)));
  checkEnd(reader);
  return parameters;
}

/** Reads the raw content of AnnotationDefault, JVMS §4.7.22. */
export function parseAnnotationDefault(raw: Uint8Array, constants: ConstantPool): ElementValue {
  const reader = new ByteReader(raw, constants.source);
  const value = readValue(reader, constants, 0);
  checkEnd(reader);
  return value;
}

/** The types annotations name, as far as the content can be read. Never throws a ClassFormatFailure. */
export function annotationTypes(raw: Uint8Array | undefined, constants: ConstantPool): string[] {
  if (raw === undefined || raw.length === 0) return [];
  try {
    return parseAnnotations(raw, constants).map(({ type }) => type);
  } catch (failure) {
    if (failure instanceof ClassFormatFailure) return [];
    throw failure;
  }
}

function readAnnotation(reader: ByteReader, constants: ConstantPool, depth: number): Annotation {
  const type = constants.utf8(reader.u2());
  const elements = list(reader, () => {
    const name = constants.utf8(reader.u2());
    return { name, value: readValue(reader, constants, depth + 1) };
  });
  return { type, elements };
}

function readValue(reader: ByteReader, constants: ConstantPool, depth: number): ElementValue {
  if (depth > MAX_DEPTH) reader.fail(`Annotations nested too deeply in class file ${reader.source}`);
  const tag = String.fromCharCode(reader.u1());
  switch (tag) {
    case "B":
    case "C":
    case "D":
    case "F":
    case "I":
    case "J":
    case "S":
    case "Z":
    case "s":
      return { kind: "constant", tag, index: reader.u2() };
    case "e": {
      const type = constants.utf8(reader.u2());
      return { kind: "enum", type, name: constants.utf8(reader.u2()) };
    }
    case "c":
      return { kind: "class", descriptor: constants.utf8(reader.u2()) };
    case "@":
      return { kind: "annotation", annotation: readAnnotation(reader, constants, depth + 1) };
    case "[":
      return { kind: "array", values: list(reader, () => readValue(reader, constants, depth + 1)) };
    default:
      return reader.fail(`Bad annotation element value in class file ${reader.source}`);
  }
}

function list<T>(reader: ByteReader, row: () => T): T[] {
  const count = reader.u2();
  const rows: T[] = [];
  for (let i = 0; i < count; i++) rows.push(row());
  return rows;
}

function checkEnd(reader: ByteReader): void {
  if (reader.position !== reader.end) reader.fail(`Annotations with extra bytes in class file ${reader.source}`);
}
