/** java.lang.Object's monitors and hash, and the failing paths of the IR bodies in ../intrinsics. */
import { OBJECT_TYPE, TYPE_NAME } from "#layout";
import type { CarrierContext } from "../../carrier/context.ts";
import { isSubtype } from "../../carrier/subtypes.ts";
import {
  clearInterruptField,
  STATUS_BLOCKED,
  STATUS_IN_TIMED_WAIT,
  STATUS_IN_WAIT,
  setStatus,
  setStatusOf,
  whileIn,
} from "../../carrier/thread-state.ts";
import { CLASS_BITS, CLASS_COMPONENT, CLASS_PRIMITIVE, CLASSBIT_ARRAY } from "../../model/record.ts";
import { ARRAYCOPY_FAILURE } from "../intrinsics/arraycopy.ts";
import type { CarrierNatives } from "../types.ts";

const NOT_OWNER = "current thread is not owner";

/** Names by newarray code, JVMS table 6.5.newarray-A. */
const PRIMITIVES = ["", "", "", "", "boolean", "char", "float", "double", "byte", "short", "int", "long"];

/** As Class.getName writes it: "java.lang.String", "[I". */
function externalTypeName(c: CarrierContext, record: number): string {
  const name = c.mem.word(record + TYPE_NAME);
  return new TextDecoder().decode(c.mem.copyOut(name + 4, c.mem.word(name))).replaceAll("/", ".");
}

/** Throws what is wrong with the arguments of System.arraycopy, in HotSpot's order and words. */
function arraycopyFailure(
  c: CarrierContext,
  _sp: number,
  source: number,
  sourcePos: number,
  target: number,
  targetPos: number,
  length: number,
): never {
  const { mem } = c;
  if (source === 0 || target === 0) throw c.failure("java/lang/NullPointerException", null);
  const from = mem.word(source + OBJECT_TYPE);
  const to = mem.word(target + OBJECT_TYPE);
  const mismatch = (text: string) => c.failure("java/lang/ArrayStoreException", `arraycopy: ${text}`);
  const isArray = (record: number) => (mem.word(record + CLASS_BITS) & CLASSBIT_ARRAY) !== 0;
  if (!isArray(from)) throw mismatch(`source type ${externalTypeName(c, from)} is not an array`);
  if (!isArray(to)) throw mismatch(`destination type ${externalTypeName(c, to)} is not an array`);
  const [fromCode, toCode] = [mem.word(from + CLASS_PRIMITIVE), mem.word(to + CLASS_PRIMITIVE)];
  const kind = (code: number) => (code === 0 ? "object array" : (PRIMITIVES[code] as string));
  if (fromCode !== toCode) throw mismatch(`type mismatch: can not copy ${kind(fromCode)}[] into ${kind(toCode)}[]`);
  const bounds = (text: string) => c.failure("java/lang/ArrayIndexOutOfBoundsException", `arraycopy: ${text}`);
  const [sourceText, targetText] = [source, target].map((array) => `${kind(fromCode)}[${c.arrayLength(array)}]`);
  if (sourcePos < 0) throw bounds(`source index ${sourcePos} out of bounds for ${sourceText}`);
  if (targetPos < 0) throw bounds(`destination index ${targetPos} out of bounds for ${targetText}`);
  if (length < 0) throw bounds(`length ${length} is negative`);
  if (sourcePos + length > c.arrayLength(source)) {
    throw bounds(`last source index ${sourcePos + length} out of bounds for ${sourceText}`);
  }
  if (targetPos + length > c.arrayLength(target)) {
    throw bounds(`last destination index ${targetPos + length} out of bounds for ${targetText}`);
  }
  const [element, bound] = [mem.word(from + CLASS_COMPONENT), mem.word(to + CLASS_COMPONENT)];
  const [elementText, boundText] = [externalTypeName(c, element), externalTypeName(c, bound)];
  if (!isSubtype(mem, bound, element)) {
    throw mismatch(`type mismatch: can not copy ${elementText}[] into ${boundText}[]`);
  }
  throw mismatch(
    `element type mismatch: can not cast one of the elements of ${elementText}[] to the type of the destination array, ${boundText}`,
  );
}

export const objectNatives: CarrierNatives = {
  direct: {
    [ARRAYCOPY_FAILURE]: arraycopyFailure,
    "j3.identityHash(Ljava/lang/Object;)I": (c, _sp, object: number) => c.monitors.identityHash(object),
    "j3.notCloneable(Ljava/lang/Object;)V": (c, _sp, object: number) => {
      throw c.failure("java/lang/CloneNotSupportedException", externalTypeName(c, c.mem.word(object)));
    },
    "j3.noArrayOf(Ljava/lang/Class;)V": (c) => {
      throw c.failure("java/lang/IllegalArgumentException", null);
    },
    "j3.notAnArray(Ljava/lang/Object;)V": (c) => {
      throw c.failure("java/lang/IllegalArgumentException", "Argument is not an array");
    },
    "java/lang/Object.notify()V": (c, _sp, object: number) => notify(c, object, false),
    "java/lang/Object.notifyAll()V": (c, _sp, object: number) => notify(c, object, true),
    "java/lang/Thread.holdsLock(Ljava/lang/Object;)Z": (c, _sp, object: number) => {
      if (object === 0) throw c.failure("java/lang/NullPointerException", null);
      return c.monitors.owns(object);
    },
  },
  blocking: {
    "java/lang/Object.wait(J)V": (c, sp, object: number, milliseconds: bigint) => {
      if (milliseconds < 0n) throw c.failure("java/lang/IllegalArgumentException", "timeout value is negative");
      if (!c.monitors.owns(object)) throw c.failure("java/lang/IllegalMonitorStateException", NOT_OWNER);
      const status = milliseconds === 0n ? STATUS_IN_WAIT : STATUS_IN_TIMED_WAIT;
      const blocked = (): void => setStatus(c, STATUS_BLOCKED);
      const result = whileIn(c, status, () => c.monitors.wait(sp, object, Number(milliseconds), blocked));
      return result instanceof Promise ? result.then((how) => woken(c, how)) : woken(c, result);
    },
  },
};

function notify(c: CarrierContext, object: number, all: boolean): void {
  const moved = (thread: number): void => setStatusOf(c, thread, STATUS_BLOCKED);
  if (!c.monitors.notify(object, all, moved)) throw c.failure("java/lang/IllegalMonitorStateException", NOT_OWNER);
}

function woken(c: CarrierContext, how: string): void {
  if (how !== "interrupted") return;
  clearInterruptField(c);
  throw c.failure("java/lang/InterruptedException", null);
}
