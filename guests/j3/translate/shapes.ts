/**
 * Descriptors as the translator needs them: IR types and signatures.
 */
import type { Signature, Type } from "#ir";
import { signature } from "#ir";
import { skipFieldType } from "../classfile/index.ts";

/** The IR type of a field descriptor's first character; null for one that begins no descriptor. JVMS §2.11.1. */
export function typeOfKind(kind: number): Type | null {
  switch (kind) {
    case 66: // B
    case 67: // C
    case 73: // I
    case 83: // S
    case 90: // Z
      return "i32";
    case 74: // J
      return "i64";
    case 70: // F
      return "f32";
    case 68: // D
      return "f64";
    case 76: // L
    case 91: // [
      return "ref";
    default:
      return null;
  }
}

/** Slots that a value takes on the operand stack and in the locals. JVMS §2.6.1. */
export function slotsOf(type: Type): 1 | 2 {
  return type === "i64" || type === "f64" ? 2 : 1;
}

/** A method descriptor, ready for calls. */
export class CallShape {
  /** Without a receiver. */
  readonly params: readonly Type[];
  readonly result: Type | null;
  /** First character of the return type's descriptor, as its code. */
  readonly resultKind: number;
  /** The descriptor of the return type. */
  readonly resultDescriptor: string;
  /** Slots of the parameters without a receiver. */
  readonly slots: number;
  /** Without and with a receiver. */
  readonly forStatic: Signature;
  readonly forInstance: Signature;
  #staticAppendix: Signature | null = null;
  #instanceAppendix: Signature | null = null;

  constructor(params: readonly Type[], resultDescriptor: string) {
    this.params = params;
    this.resultDescriptor = resultDescriptor;
    this.resultKind = resultDescriptor.charCodeAt(0);
    this.result = typeOfKind(this.resultKind);
    let slots = 0;
    for (const type of params) slots += slotsOf(type);
    this.slots = slots;
    this.forStatic = signature(params, this.result);
    this.forInstance = signature(["ref", ...params], this.result);
  }

  /** The signature of an adapter that takes one more reference, last. */
  withAppendix(hasReceiver: boolean): Signature {
    if (hasReceiver) {
      this.#instanceAppendix ??= signature([...this.forInstance.params, "ref"], this.result);
      return this.#instanceAppendix;
    }
    this.#staticAppendix ??= signature([...this.forStatic.params, "ref"], this.result);
    return this.#staticAppendix;
  }
}

/** Parses method descriptors and keeps the shapes. */
export class Shapes {
  readonly #known = new Map<string, CallShape>();

  /** null if the text is no method descriptor. */
  of(descriptor: string): CallShape | null {
    const known = this.#known.get(descriptor);
    if (known !== undefined) return known;
    const made = parse(descriptor);
    if (made !== null) this.#known.set(descriptor, made);
    return made;
  }
}

function parse(descriptor: string): CallShape | null {
  if (descriptor.charCodeAt(0) !== 40 /* ( */) return null;
  const params: Type[] = [];
  let at = 1;
  while (descriptor.charCodeAt(at) !== 41 /* ) */) {
    const next = skipFieldType(descriptor, at);
    if (next < 0) return null;
    params.push(typeOfKind(descriptor.charCodeAt(at)) as Type);
    at = next;
  }
  const result = descriptor.slice(at + 1);
  if (result !== "V" && skipFieldType(result, 0) !== result.length) return null;
  return new CallShape(params, result);
}
