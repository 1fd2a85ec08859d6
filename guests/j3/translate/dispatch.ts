/**
 * Calls whose target depends on the receiver. JVMS §5.4.6.
 *
 * The slot is looked up in the receiver's class: in its vtable, or in its table for methods of interfaces. Before that, the classes that the
 * receiver is likely to have are compared with its class where the method that runs on them can be expanded in place.
 */
import type { Value } from "#ir";
import { NO_VALUE, signature } from "#ir";
import { CLASS_TABLE, CLASS_TABLE_SEED, CLASS_TABLE_SHIFT, CLASS_VTABLE } from "../model/record.ts";
import type { JClass, JMethod, Receiver } from "../model/types.ts";
import { CONSTANT } from "./alias.ts";
import { expand, expandable } from "./expand.ts";
import { allocateKnown } from "./handles.ts";
import { inline } from "./inline.ts";
import { usualCase } from "./paths.ts";
import { recordReceiver, seenReceivers } from "./profile.ts";
import type { Translation } from "./translation.ts";

const NO_INTERFACE = signature(["ref", "i32"], null);

/** Largest bodies, in bytes of bytecode, that are expanded for one of up to two classes, and of more. */
const FEW_BYTES = 120;
const MANY_BYTES = 40;
const FEW = 2;
/** Second tier: the least share of calls for which a class is compared, and below which what is left is cold. */
const WORTH_TESTING = 0.2;
const COLD = 0.001;
/** Second tier: from this share of unknown classes on, those that have instances are compared too, as in the first. */
const MANY_OTHERS = 0.05;

/**
 * Calls the method itself, and no other that overrides it: its class is initialised, a receiver is not null, and of exactly the class if one is
 * given. `share` is how much of the calls here come to the method.
 */
export function callDirect(t: Translation, method: JMethod, args: readonly Value[], cls?: JClass, share = 1): Value {
  const intrinsic = t.env.intrinsic(method);
  if (intrinsic !== null) return intrinsic(t.b, args, t.walker.pc);
  const allocated = allocateKnown(t, method, args);
  if (allocated !== null) return allocated;
  const call = (): Value => t.b.call(method.slot, method.signature, args);
  return usualCase(t, method, args, call) ?? inline(t, method, args) ?? expand(t, method, args, cls, share) ?? call();
}

/** Calls what the method selects for the receiver, args[0], which is not null. */
export function dispatch(t: Translation, method: JMethod, args: readonly Value[]): Value {
  const { b } = t;
  const receiver = args[0]!;
  const record = b.load("addr", receiver, 0, CONSTANT);
  const likely = t.tier === 2 ? frequentReceivers(t, method) : likelyReceivers(t, method);
  // A single class is the same for the second tier.
  if (likely.length !== 1) recordReceiver(t, record);
  if (likely.length === 0) return callSelected(t, method, args, record);
  const done = b.block();
  const { result: type } = method.signature;
  const result = type === null ? NO_VALUE : b.param(done, type);
  const end = (value: Value): void => b.jump(done, type === null ? [] : [value]);
  for (const { cls, method: target, share } of likely) {
    const same = b.block();
    const other = b.block();
    b.branch(b.op("refeq", record, b.addr(cls.record)), same, other);
    b.seal(same);
    b.seal(other);
    b.switchTo(same);
    end(callDirect(t, target, args, cls, share));
    b.switchTo(other);
  }
  if (likely.reduce((rest, { share }) => rest - share, 1) < COLD) b.current!.cold = true;
  end(callSelected(t, method, args, record));
  b.seal(done);
  b.switchTo(done);
  return result;
}

/** A class that is compared with a receiver's, and how much of the calls it is thought to get. */
interface Likely extends Receiver {
  readonly share: number;
}

/** Second tier: the classes that get enough of the calls to be worth a comparison. */
function frequentReceivers(t: Translation, method: JMethod): readonly Likely[] {
  if (t.scope.isCold) return [];
  const seen = seenReceivers(t);
  if (seen === undefined) {
    const all = t.env.receivers(method);
    return all.length <= FEW ? all.map((one) => ({ ...one, share: 1 / all.length })) : [];
  }
  const likely: Likely[] = [];
  for (const { cls, count } of seen.classes) {
    const share = count / seen.total;
    const target = share < WORTH_TESTING ? null : t.env.selected(cls, method);
    if (target !== null) likely.push({ cls, method: target, share });
  }
  const rest = likely.reduce((left, { share }) => left - share, 1);
  if (rest < MANY_OTHERS || seen.total === 0) return likely;
  // More classes than the profile has room for: short methods are worth a comparison each.
  const others = t.env.receivers(method).filter(({ cls }) => !likely.some((one) => one.cls === cls));
  if (!others.every((one) => expandable(t, one.method, MANY_BYTES))) return likely;
  return [...likely, ...others.map((one) => ({ ...one, share: rest / others.length }))];
}

function likelyReceivers(t: Translation, method: JMethod): readonly Likely[] {
  if (t.expansions === null || t.isCompact) return [];
  const all = t.env.receivers(method).map((one) => ({ ...one, share: 0 }));
  const bytes = all.length <= FEW ? FEW_BYTES : MANY_BYTES;
  return all.every((one) => expandable(t, one.method, bytes)) ? all : [];
}

function callSelected(t: Translation, method: JMethod, args: readonly Value[], record: Value): Value {
  const { b } = t;
  const slot =
    method.vtableIndex >= 0
      ? b.load("i32", record, CLASS_VTABLE + 4 * method.vtableIndex, CONSTANT)
      : slotOfInterface(t, args[0]!, record, method.interfaceKey);
  return b.calldyn(slot, method.signature, args);
}

/** The slot of the receiver's method for the key, see CLASS_TABLE. */
function slotOfInterface(t: Translation, receiver: Value, record: Value, key: number): Value {
  const { b } = t;
  const entry = tableEntry(t, record, b.i32(key));
  const found = b.block();
  const missing = b.block();
  b.branch(b.op("eq", b.load("i32", entry, 0, CONSTANT), b.i32(key)), found, missing);
  b.seal(found);
  b.seal(missing);
  b.switchTo(missing);
  // JVMS §6.5 invokeinterface: the class of the object does not implement the interface.
  b.call(t.env.slots.throwNoInterface, NO_INTERFACE, [receiver, b.i32(key)]);
  b.unreachable();
  b.switchTo(found);
  return b.load("i32", entry, 4, CONSTANT);
}

/** Address of the entry where the key is, if it is in the class's table. */
export function tableEntry(t: Translation, record: Value, key: Value): Value {
  const { b } = t;
  const product = b.op("mul", key, b.load("i32", record, CLASS_TABLE_SEED, CONSTANT));
  const index = b.op("ushr", product, b.load("i32", record, CLASS_TABLE_SHIFT, CONSTANT));
  return b.typed("ptradd", "addr", b.load("addr", record, CLASS_TABLE, CONSTANT), b.op("shl", index, b.i32(3)));
}
