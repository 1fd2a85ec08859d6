/**
 * The runtime's helper functions: called by translated code through RuntimeSlots, built from IR themselves.
 */
import { Builder, Func, type HostFunction, type Signature, signature, type TrapKind, type Type, type Value } from "#ir";
import { type Code, SERVICE_CALL_SIGNATURE, serviceCallFunction, transferPrim, transferRef } from "#jit";
import {
  CARRIER_PENDING,
  CARRIER_THREAD,
  REF_ARGS,
  ROOTS_WORDS,
  THREAD_REFS,
  TYPE_ELEMENT_BYTES,
  TYPE_SIZE,
} from "#layout";
import { emitLock, emitUnlock, SERVICE_THROW_PENDING } from "#threads";
import {
  ARRAY_DATA,
  ARRAY_LENGTH,
  CALL_DIRECT,
  CALL_VTABLE,
  CELL_KIND,
  CELL_VALUE,
  CLASS_ARRAY,
  CLASS_BITS,
  CLASS_COMPONENT,
  CLASS_DEPTH,
  CLASS_DISPLAY,
  CLASS_ID,
  CLASS_INIT_THREAD,
  CLASS_INITIALIZED,
  CLASS_TABLE,
  CLASS_TABLE_SEED,
  CLASS_TABLE_SHIFT,
  CLASSBIT_ARRAY,
  CLASSBIT_FINALIZER,
  CLASSBIT_INTERFACE,
  CLASSBIT_PRIMITIVE,
  DISPLAY,
  OBJECT_LOCK,
} from "../model/record.ts";
import type { RuntimeSlots } from "../model/types.ts";
import {
  SERVICE_ARRAY_CLASS,
  SERVICE_INITIALIZE,
  SERVICE_MAIN,
  SERVICE_REGISTER_FINALIZER,
  SERVICE_RESOLVE,
  SERVICE_THROW,
  THROW_ARRAY_LIMIT,
  THROW_BOUNDS,
  THROW_CAST,
  THROW_MEMORY,
  THROW_NO_INTERFACE,
  THROW_NULL,
  THROW_SIZE,
  THROW_STACK,
  THROW_STORE,
  THROW_ZERO,
} from "./services.ts";

const MONITOR_ENTER: HostFunction = { name: "vm.monitorEnter", signature: signature(["ref"], null), pure: false };
const MONITOR_EXIT: HostFunction = { name: "vm.monitorExit", signature: signature(["ref"], null), pure: false };
const MONITOR_WAKE: HostFunction = { name: "vm.monitorWake", signature: signature(["ref"], null), pure: false };
/** Marks the Thread object as terminated and wakes those who wait for that. */
const THREAD_END: HostFunction = { name: "vm.threadEnd", signature: signature(["ref"], null), pure: false };
const STACK_RESERVE: HostFunction = { name: "vm.stackReserve", signature: signature(["i32"], null), pure: false };

export type HelperSlots = RuntimeSlots & {
  /** (service, a, b). */
  readonly service: number;
  /** () -> (): throws what a host function described. */
  readonly throwPending: number;
  /** () -> (): what the main thread runs. */
  readonly mainThread: number;
  /** () -> (): tells those who wait in Thread.join that the running thread's Thread has ended. */
  readonly threadEnd: number;
  /** (type record: addr, class record: addr) -> i32. */
  readonly isSubtype: number;
  readonly traps: Readonly<Record<TrapKind, number>>;
};

/** Allocates the slots of all helpers; their code is made when first called. */
export function makeHelpers(code: Code): HelperSlots {
  const slots = {} as { -readonly [K in keyof HelperSlots]: HelperSlots[K] };
  const define = (
    name: Exclude<keyof HelperSlots, "traps">,
    params: readonly Type[],
    result: Type | null,
    make: (b: Builder, params: Value[]) => void,
  ): void => {
    const sig = signature(params, result);
    slots[name] = code.allocate(sig, 0, () => build(name, sig, make));
  };
  const service = (b: Builder, number: number, a: Value, second?: Value): void => {
    b.call(slots.service, SERVICE_CALL_SIGNATURE, [b.i32(number), a, second ?? b.i32(0)]);
  };
  const int = (b: Builder, address: Value): Value => b.typed("bits", "i32", address);

  slots.service = code.allocate(SERVICE_CALL_SIGNATURE, 0, serviceCallFunction);
  define("throwPending", [], null, (b) => {
    service(b, SERVICE_THROW_PENDING, b.i32(0));
    b.unreachable();
  });
  define("resolve", ["addr"], null, (b, [cell]) => {
    service(b, SERVICE_RESOLVE, int(b, cell as Value));
    b.ret();
  });
  define("initialize", ["addr"], null, (b, [word]) => {
    const record = b.typed("ptradd", "addr", word as Value, b.i32(-CLASS_INITIALIZED));
    const own = b.block();
    const other = b.block();
    const thread = b.load("i32", b.op("carrier"), CARRIER_THREAD);
    b.branch(b.op("eq", b.load("i32", record, CLASS_INIT_THREAD), thread), own, other);
    b.switchTo(own);
    b.ret();
    b.switchTo(other);
    service(b, SERVICE_INITIALIZE, int(b, record));
    b.ret();
  });
  monitors(define, slots);
  define("mainThread", [], null, (b) => {
    service(b, SERVICE_MAIN, b.i32(0));
    b.ret();
  });
  // The end of a thread is told to those who wait in Thread.join, under the lock of the Thread object.
  define("threadEnd", [], null, (b) => {
    const monitor = signature(["ref"], null);
    const current = (): Value => {
      const thread = b.load("addr", b.op("carrier"), CARRIER_THREAD);
      return b.load("ref", thread, THREAD_REFS + ROOTS_WORDS);
    };
    b.call(slots.monitorEnter, monitor, [current()]);
    b.callhost(THREAD_END, [current()]);
    b.call(slots.monitorExit, monitor, [current()]);
    b.ret();
  });
  subtypes(define, slots, service, int);
  arrays(define, slots, service, int);

  define("newObject", ["addr"], "ref", (b, [record]) => {
    const object = b.alloc(b.load("i32", record as Value, TYPE_SIZE));
    b.mem("store", null, 0, object, record as Value);
    const finalizable = b.block();
    const plain = b.block();
    b.branch(b.op("and", b.load("i32", record as Value, CLASS_BITS), b.i32(CLASSBIT_FINALIZER)), finalizable, plain);
    b.switchTo(finalizable);
    storeRef(b, 0, object);
    service(b, SERVICE_REGISTER_FINALIZER, b.i32(0));
    b.ret(object);
    b.switchTo(plain);
    b.ret(object);
  });
  define("select", ["addr", "ref"], "i32", (b, [cell, receiver]) => {
    const kind = b.load("i32", cell as Value, CELL_KIND);
    const value = b.load("i32", cell as Value, CELL_VALUE);
    const direct = b.block();
    const dispatched = b.block();
    const virtual = b.block();
    const table = b.block();
    b.branch(b.op("eq", kind, b.i32(CALL_DIRECT)), direct, dispatched);
    b.switchTo(direct);
    b.ret(value);
    b.switchTo(dispatched);
    const type = b.load("addr", receiver as Value, 0);
    b.branch(b.op("eq", kind, b.i32(CALL_VTABLE)), virtual, table);
    b.switchTo(virtual);
    b.ret(b.load("i32", b.typed("ptradd", "addr", type, value), 0));
    b.switchTo(table);
    const entry = tableEntry(b, type, value);
    const hit = b.block();
    const miss = b.block();
    b.branch(b.op("eq", b.load("i32", entry, 0), value), hit, miss);
    b.switchTo(hit);
    b.ret(b.load("i32", entry, 4));
    b.switchTo(miss);
    b.call(slots.throwNoInterface, signature(["ref", "i32"], null), [receiver as Value, value]);
    b.unreachable();
  });
  define("throwNoInterface", ["ref", "i32"], null, (b, [receiver, key]) => {
    storeRef(b, 0, receiver as Value);
    service(b, SERVICE_THROW, b.i32(THROW_NO_INTERFACE), key as Value);
    b.unreachable();
  });
  slots.traps = traps(code, slots);
  return slots;
}

function build(name: string, sig: Signature, make: (b: Builder, params: Value[]) => void): Func {
  const b = new Builder(new Func(name, sig));
  make(b, b.entry());
  return b.finish();
}

type Define = (
  name: Exclude<keyof HelperSlots, "traps">,
  params: readonly Type[],
  result: Type | null,
  make: (b: Builder, params: Value[]) => void,
) => void;
type CallService = (b: Builder, number: number, a: Value, second?: Value) => void;

/** Puts a reference argument of a service into the transfer area. */
export function storeRef(b: Builder, index: number, value: Value): void {
  b.mem("store", null, transferRef(REF_ARGS + index), b.op("carrier"), b.op("rawaddr", value));
}

/** Throws what a host function described, if it did. */
export function checkPending(b: Builder, throwPending: number): void {
  const throws = b.block();
  const next = b.block();
  b.branch(b.load("i32", b.op("carrier"), CARRIER_PENDING), throws, next);
  b.switchTo(throws);
  throws.cold = true;
  b.call(throwPending, signature([], null), []);
  b.unreachable();
  b.switchTo(next);
}

function tableEntry(b: Builder, type: Value, key: Value): Value {
  const product = b.op("mul", key, b.load("i32", type, CLASS_TABLE_SEED));
  const index = b.op("ushr", product, b.load("i32", type, CLASS_TABLE_SHIFT));
  return b.typed("ptradd", "addr", b.load("addr", type, CLASS_TABLE), b.op("shl", index, b.i32(3)));
}

function monitors(define: Define, slots: { readonly throwPending: number }): void {
  define("monitorEnter", ["ref"], null, (b, [object]) => {
    emitLock(b, object as Value, OBJECT_LOCK, MONITOR_ENTER);
    b.ret();
  });
  define("monitorExit", ["ref"], null, (b, [object]) => {
    const slow = (): void => {
      b.callhost(MONITOR_EXIT, [object as Value]);
      checkPending(b, slots.throwPending);
    };
    emitUnlock(b, object as Value, OBJECT_LOCK, slow, MONITOR_WAKE);
    b.ret();
  });
}

function subtypes(
  define: Define,
  slots: { isSubtype: number },
  service: CallService,
  int: (b: Builder, address: Value) => Value,
): void {
  const subtype = signature(["addr", "addr"], "i32");
  // JVMS §6.5 checkcast, for the class of an object and a resolved type.
  define("isSubtype", ["addr", "addr"], "i32", (b, [type, record]) => {
    const [t, r] = [type as Value, record as Value];
    const yes = b.block();
    const different = b.block();
    const array = b.block();
    const notArray = b.block();
    const plain = b.block();
    const shallow = b.block();
    const deep = b.block();
    b.branch(b.op("refeq", t, r), yes, different);
    b.switchTo(yes);
    b.ret(b.i32(1));
    b.switchTo(different);
    const bits = b.load("i32", r, CLASS_BITS);
    b.branch(b.op("and", bits, b.i32(CLASSBIT_ARRAY)), array, notArray);
    b.switchTo(notArray);
    b.branch(b.op("and", bits, b.i32(CLASSBIT_INTERFACE | CLASSBIT_PRIMITIVE)), deep, plain);
    b.switchTo(plain);
    const depth = b.load("i32", r, CLASS_DEPTH);
    b.branch(b.op("ult", depth, b.i32(DISPLAY)), shallow, deep);
    b.switchTo(shallow);
    const display = b.typed("ptradd", "addr", t, b.op("shl", depth, b.i32(2)));
    b.ret(b.op("refeq", b.load("addr", display, CLASS_DISPLAY), r));
    b.switchTo(deep);
    const key = b.load("i32", r, CLASS_ID);
    b.ret(b.op("eq", b.load("i32", tableEntry(b, t, key), 0), key));

    b.switchTo(array);
    const both = b.block();
    const no = b.block();
    const references = b.block();
    const primitive = b.block();
    b.branch(b.op("and", b.load("i32", t, CLASS_BITS), b.i32(CLASSBIT_ARRAY)), both, no);
    b.switchTo(no);
    b.ret(b.i32(0));
    b.switchTo(both);
    const from = b.load("addr", t, CLASS_COMPONENT);
    const to = b.load("addr", r, CLASS_COMPONENT);
    const either = b.op("or", b.load("i32", from, CLASS_BITS), b.load("i32", to, CLASS_BITS));
    b.branch(b.op("and", either, b.i32(CLASSBIT_PRIMITIVE)), primitive, references);
    b.switchTo(primitive);
    b.ret(b.op("refeq", from, to));
    b.switchTo(references);
    b.ret(b.call(slots.isSubtype, subtype, [from, to]));
  });
  define("isInstance", ["ref", "addr"], "i32", (b, [object, record]) => {
    b.ret(b.call(slots.isSubtype, subtype, [b.load("addr", object as Value, 0), record as Value]));
  });
  define("throwClassCast", ["ref", "addr"], null, (b, [object, record]) => {
    storeRef(b, 0, object as Value);
    service(b, SERVICE_THROW, b.i32(THROW_CAST), int(b, record as Value));
    b.unreachable();
  });
  define("throwArrayStore", ["ref", "ref"], null, (b, [array, value]) => {
    storeRef(b, 0, array as Value);
    storeRef(b, 1, value as Value);
    service(b, SERVICE_THROW, b.i32(THROW_STORE));
    b.unreachable();
  });
  define("checkArrayStore", ["ref", "ref"], null, (b, [array, value]) => {
    const fine = b.block();
    const wrong = b.block();
    const component = b.load("addr", b.load("addr", array as Value, 0), CLASS_COMPONENT);
    b.branch(b.call(slots.isSubtype, subtype, [b.load("addr", value as Value, 0), component]), fine, wrong);
    b.switchTo(fine);
    b.ret();
    b.switchTo(wrong);
    storeRef(b, 0, array as Value);
    storeRef(b, 1, value as Value);
    service(b, SERVICE_THROW, b.i32(THROW_STORE));
    b.unreachable();
  });
}

/** Above this many bytes no array can be allocated: the limit of `alloc`. */
const MAX_ARRAY_BYTES = 0x3fff_0000;

function arrays(
  define: Define,
  slots: { newArray: number; newMultiArray: number; newArrayOf: number },
  service: CallService,
  int: (b: Builder, address: Value) => Value,
): void {
  const newArray = signature(["addr", "i32"], "ref");
  define("newArray", ["addr", "i32"], "ref", (b, [record, length]) => {
    const [r, n] = [record as Value, length as Value];
    const negative = b.block();
    const sized = b.block();
    const huge = b.block();
    const fits = b.block();
    b.branch(b.op("slt", n, b.i32(0)), negative, sized);
    b.switchTo(negative);
    service(b, SERVICE_THROW, b.i32(THROW_SIZE), n);
    b.unreachable();
    b.switchTo(sized);
    const bytes = b.op("mul", b.op("zext", n), b.op("zext", b.load("i32", r, TYPE_ELEMENT_BYTES)));
    b.branch(b.op("sgt", bytes, b.i64(BigInt(MAX_ARRAY_BYTES))), huge, fits);
    b.switchTo(huge);
    service(b, SERVICE_THROW, b.i32(THROW_ARRAY_LIMIT), n);
    b.unreachable();
    b.switchTo(fits);
    const rounded = b.op("and", b.op("add", b.op("wrap", bytes), b.i32(ARRAY_DATA + 7)), b.i32(-8));
    const array = b.alloc(rounded);
    b.mem("store", null, 0, array, r);
    b.mem("store", null, ARRAY_LENGTH, array, n);
    b.ret(array);
  });
  define("newArrayOf", ["addr", "i32"], "ref", (b, [component, length]) => {
    const c = component as Value;
    const missing = b.block();
    const ready = b.block();
    const known = b.mem("aload", "addr", CLASS_ARRAY, c);
    b.branch(b.op("isnull", known), missing, ready);
    b.switchTo(missing);
    service(b, SERVICE_ARRAY_CLASS, int(b, c));
    b.jump(ready);
    b.switchTo(ready);
    b.ret(b.call(slots.newArray, newArray, [b.mem("aload", "addr", CLASS_ARRAY, c), length as Value]));
  });
  // JVMS §6.5 multianewarray: all counts are checked before anything is allocated.
  const multi = signature(["addr", "addr", "i32"], "ref");
  define("newMultiArray", ["addr", "addr", "i32"], "ref", (b, [record, dimensions, count]) => {
    const [r, dims, n] = [record as Value, dimensions as Value, count as Value];
    const at = (i: Value): Value => b.load("i32", b.typed("ptradd", "addr", dims, b.op("shl", i, b.i32(2))), 0);
    const i = b.variable("i32");
    const check = b.block();
    const more = b.block();
    const good = b.block();
    const bad = b.block();
    const checked = b.block();
    b.define(i, b.i32(0));
    b.jump(check);
    b.switchTo(check);
    b.branch(b.op("slt", b.use(i), n), more, checked);
    b.switchTo(more);
    const dimension = at(b.use(i));
    b.branch(b.op("slt", dimension, b.i32(0)), bad, good);
    b.switchTo(bad);
    service(b, SERVICE_THROW, b.i32(THROW_SIZE), dimension);
    b.unreachable();
    b.switchTo(good);
    b.define(i, b.op("add", b.use(i), b.i32(1)));
    b.jump(check);

    b.switchTo(checked);
    const length = b.load("i32", dims, 0);
    const array = b.call(slots.newArray, newArray, [r, length]);
    const nested = b.block();
    const loop = b.block();
    const body = b.block();
    const done = b.block();
    b.branch(b.op("sgt", n, b.i32(1)), nested, done);
    b.switchTo(nested);
    b.define(i, b.i32(0));
    b.jump(loop);
    b.switchTo(loop);
    b.branch(b.op("slt", b.use(i), length), body, done);
    b.switchTo(body);
    const component = b.load("addr", r, CLASS_COMPONENT);
    const rest = b.typed("ptradd", "addr", dims, b.i32(4));
    const element = b.call(slots.newMultiArray, multi, [component, rest, b.op("sub", n, b.i32(1))]);
    b.store(b.typed("ptradd", "iref", array, b.op("shl", b.use(i), b.i32(2))), ARRAY_DATA, element);
    b.define(i, b.op("add", b.use(i), b.i32(1)));
    b.jump(loop);
    b.switchTo(done);
    b.ret(array);
  });
}

function traps(code: Code, slots: { service: number }): Record<TrapKind, number> {
  const sig = signature(["i32", "i32"], null);
  const numbers: Record<TrapKind, number> = {
    null: THROW_NULL,
    bounds: THROW_BOUNDS,
    zero: THROW_ZERO,
    stack: THROW_STACK,
    memory: THROW_MEMORY,
    cast: THROW_CAST,
    store: THROW_STORE,
    size: THROW_SIZE,
    user: THROW_NULL,
  };
  const result = {} as Record<TrapKind, number>;
  for (const [kind, number] of Object.entries(numbers) as [TrapKind, number][]) {
    result[kind] = code.allocate(sig, 0, () =>
      build(`trap ${kind}`, sig, (b, [first, second]) => {
        const carrier = b.op("carrier");
        b.mem("store", null, transferPrim(1), carrier, first as Value);
        b.mem("store", null, transferPrim(2), carrier, second as Value);
        if (kind !== "stack") {
          b.call(slots.service, SERVICE_CALL_SIGNATURE, [b.i32(SERVICE_THROW), b.i32(number), first as Value]);
          b.unreachable();
          return;
        }
        // The exception is made in the reserve below the limit, which is given back before it is thrown.
        b.func.inReserve = true;
        b.callhost(STACK_RESERVE, [b.i32(1)]);
        const handler = b.handlerBlock();
        b.unwindTo = handler.block;
        b.call(slots.service, SERVICE_CALL_SIGNATURE, [b.i32(SERVICE_THROW), b.i32(number), b.i32(0)]);
        b.unwindTo = null;
        b.unreachable();
        b.switchTo(handler.block);
        b.callhost(STACK_RESERVE, [b.i32(0)]);
        b.throw(handler.exception);
      }),
    );
  }
  return result;
}
