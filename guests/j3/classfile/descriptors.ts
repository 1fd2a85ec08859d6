/**
 * Field and method descriptors, JVMS §4.3. A descriptor is used as it stands in the class file ("I", "[J",
 * "Ljava/lang/Object;"); nothing here looks at class loaders.
 */

/** What a descriptor's first character says: a primitive, "L" an object, "[" an array. */
export type BaseKind = "B" | "C" | "D" | "F" | "I" | "J" | "S" | "Z" | "L" | "[";

export interface FieldType {
  readonly kind: BaseKind;
  /** The whole descriptor, as "[Ljava/lang/String;". */
  readonly descriptor: string;
  /** Slots in the local variables and on the operand stack: 2 for long and double, 1 otherwise. JVMS §2.6.1. */
  readonly slots: 1 | 2;
}

export interface VoidType {
  readonly kind: "V";
  readonly descriptor: "V";
  readonly slots: 0;
}

export interface MethodType {
  readonly descriptor: string;
  readonly params: readonly FieldType[];
  readonly ret: FieldType | VoidType;
  /** Slots of the parameters, without a receiver. At most 255 with it, JVMS §4.3.3. */
  readonly argSlots: number;
}

const VOID: VoidType = Object.freeze({ kind: "V", descriptor: "V", slots: 0 });

/** The class that wraps values of a primitive type, by its descriptor; JLS §5.1.7. */
export const WRAPPERS: Readonly<Record<string, string>> = {
  Z: "java/lang/Boolean",
  B: "java/lang/Byte",
  C: "java/lang/Character",
  S: "java/lang/Short",
  I: "java/lang/Integer",
  J: "java/lang/Long",
  F: "java/lang/Float",
  D: "java/lang/Double",
};

/** The largest number of dimensions of an array type, JVMS §4.3.2. */
export const MAX_DIMENSIONS = 255;

/**
 * The offset after the field type that begins at `start`, or -1 if none does. Only the shape is read, not
 * whether the name between "L" and ";" is legal; the name must not be empty.
 */
export function skipFieldType(text: string, start: number, end = text.length): number {
  let at = start;
  while (at < end && text.charCodeAt(at) === 0x5b /* [ */) at++;
  if (at - start > MAX_DIMENSIONS || at >= end) return -1;
  switch (text.charCodeAt(at)) {
    case 0x42: // B
    case 0x43: // C
    case 0x44: // D
    case 0x46: // F
    case 0x49: // I
    case 0x4a: // J
    case 0x53: // S
    case 0x5a: // Z
      return at + 1;
    case 0x4c /* L */:
      {
        const semicolon = text.indexOf(";", at + 1);
        return semicolon < 0 || semicolon >= end || semicolon === at + 1 ? -1 : semicolon + 1;
      }
    default:
      return -1;
  }
}

/** Parses descriptors and keeps what it has parsed: equal descriptors give the same object. */
export class DescriptorParser {
  private readonly fields = new Map<string, FieldType>();
  private readonly methods = new Map<string, MethodType>();

  /** `undefined` if the text is no field descriptor. */
  fieldType(descriptor: string): FieldType | undefined {
    const known = this.fields.get(descriptor);
    if (known !== undefined) return known;
    if (skipFieldType(descriptor, 0) !== descriptor.length) return undefined;
    const kind = descriptor.charAt(0) as BaseKind;
    const made: FieldType = Object.freeze({ kind, descriptor, slots: kind === "J" || kind === "D" ? 2 : 1 });
    this.fields.set(descriptor, made);
    return made;
  }

  /** `undefined` if the text is no method descriptor. */
  methodType(descriptor: string): MethodType | undefined {
    const known = this.methods.get(descriptor);
    if (known !== undefined) return known;
    if (descriptor.charCodeAt(0) !== 0x28 /* ( */) return undefined;
    const params: FieldType[] = [];
    let argSlots = 0;
    let at = 1;
    while (descriptor.charCodeAt(at) !== 0x29 /* ) */) {
      const next = skipFieldType(descriptor, at);
      if (next < 0) return undefined;
      const param = this.fieldType(descriptor.slice(at, next));
      if (param === undefined) return undefined;
      params.push(param);
      argSlots += param.slots;
      at = next;
    }
    const tail = descriptor.slice(at + 1);
    const ret = tail === "V" ? VOID : this.fieldType(tail);
    if (ret === undefined) return undefined;
    const made: MethodType = Object.freeze({ descriptor, params, ret, argSlots });
    this.methods.set(descriptor, made);
    return made;
  }
}

/** Parses once, without a cache. `undefined` if the text is no method descriptor. */
export function parseMethodDescriptor(descriptor: string): MethodType | undefined {
  return new DescriptorParser().methodType(descriptor);
}

/** Parses once, without a cache. `undefined` if the text is no field descriptor. */
export function parseFieldDescriptor(descriptor: string): FieldType | undefined {
  return new DescriptorParser().fieldType(descriptor);
}

/** Slots of the parameters without a receiver, or -1 if the text is no method descriptor. Allocates nothing. */
export function argumentSlots(descriptor: string): number {
  if (descriptor.charCodeAt(0) !== 0x28 /* ( */) return -1;
  let slots = 0;
  let at = 1;
  while (descriptor.charCodeAt(at) !== 0x29 /* ) */) {
    const next = skipFieldType(descriptor, at);
    if (next < 0) return -1;
    const first = descriptor.charCodeAt(at);
    slots += first === 0x4a /* J */ || first === 0x44 /* D */ ? 2 : 1;
    at = next;
  }
  if (at + 2 === descriptor.length && descriptor.charCodeAt(at + 1) === 0x56 /* V */) return slots;
  return skipFieldType(descriptor, at + 1) === descriptor.length ? slots : -1;
}

/** The descriptor of the class that a CONSTANT_Class names: "java/lang/Object" -> "Ljava/lang/Object;", "[I" -> "[I". */
export function descriptorOfClassName(name: string): string {
  return name.charCodeAt(0) === 0x5b /* [ */ ? name : `L${name};`;
}

/** The other way: "Ljava/lang/Object;" -> "java/lang/Object", "[I" -> "[I". `undefined` for a primitive. */
export function classNameOfDescriptor(descriptor: string): string | undefined {
  switch (descriptor.charCodeAt(0)) {
    case 0x4c: // L
      return descriptor.slice(1, -1);
    case 0x5b: // [
      return descriptor;
    default:
      return undefined;
  }
}

/** Leading "[" characters. */
export function dimensionsOf(descriptor: string): number {
  let at = 0;
  while (descriptor.charCodeAt(at) === 0x5b /* [ */) at++;
  return at;
}

/** "java/lang/Object" -> "java.lang.Object". */
export function externalName(internalName: string): string {
  return internalName.replaceAll("/", ".");
}

/** "java.lang.Object" -> "java/lang/Object". */
export function internalName(externalName: string): string {
  return externalName.replaceAll(".", "/");
}

/** The package of an internal class name with slashes, "" for the unnamed one. */
export function packageOf(internalName: string): string {
  const slash = internalName.lastIndexOf("/");
  return slash < 0 ? "" : internalName.slice(0, slash);
}
