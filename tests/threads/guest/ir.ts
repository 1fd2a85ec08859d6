/** Shapes of loops and calls that the scenarios share. */
import type { Builder, HostFunction, Value } from "#ir";
import { signatureFromKey } from "#ir";
import { SERVICE_CALL_SIGNATURE, transferPrim, transferRef } from "#jit";
import { CARRIER_THREAD, REF_ARGS, REF_RESULT } from "#layout";
import { PAIR_A, PAIR_NUMBER } from "./protocol.ts";
import type { TestVm } from "./vm.ts";

/** Runs the body with 0, 1, ... count - 1. */
export function times(b: Builder, count: Value, poll: boolean, body: (i: Value) => void): void {
  const i = b.variable("i32");
  const [loop, more, done] = [b.block(), b.block(), b.block()];
  b.define(i, b.i32(0));
  b.jump(loop);
  b.switchTo(loop);
  if (poll) b.poll();
  b.branch(b.op("slt", b.use(i), count), more, done);
  b.switchTo(more);
  body(b.use(i));
  b.define(i, b.op("add", b.use(i), b.i32(1)));
  b.jump(loop);
  b.switchTo(done);
}

/** Repeats the body until it gives something else than 0. */
export function until(b: Builder, poll: boolean, body: () => Value): void {
  const [loop, done] = [b.block(), b.block()];
  b.jump(loop);
  b.switchTo(loop);
  if (poll) b.poll();
  b.branch(body(), done, loop);
  b.switchTo(done);
}

export function when(b: Builder, condition: Value, then: () => void, otherwise: () => void = () => {}): void {
  const [yes, no, after] = [b.block(), b.block(), b.block()];
  b.branch(condition, yes, no);
  b.switchTo(yes);
  then();
  if (b.current !== null) b.jump(after);
  b.switchTo(no);
  otherwise();
  if (b.current !== null) b.jump(after);
  b.switchTo(after);
}

/** The guest's user trap, if the condition does not hold. */
export function check(b: Builder, condition: Value): void {
  const [fine, wrong] = [b.block(), b.block()];
  b.branch(condition, fine, wrong);
  b.switchTo(wrong);
  b.trap("user");
  b.switchTo(fine);
}

/** Runs the body; the handler gets what it throws. */
export function attempt(b: Builder, body: () => void, handler: (exception: Value) => void): void {
  const after = b.block();
  const caught = b.handlerBlock();
  const outer = b.unwindTo;
  b.unwindTo = caught.block;
  body();
  b.unwindTo = outer;
  if (b.current !== null) b.jump(after);
  b.switchTo(caught.block);
  handler(caught.exception);
  if (b.current !== null) b.jump(after);
  b.switchTo(after);
}

export function callHost(b: Builder, name: string, key: string, ...args: Value[]): Value {
  const host: HostFunction = { name: `g.${name}`, signature: signatureFromKey(key), pure: false };
  return b.callhost(host, args);
}

export function call(b: Builder, slot: number, key: string, ...args: Value[]): Value {
  return b.call(slot, signatureFromKey(key), args);
}

/** A shared word as an address. */
export function word(b: Builder, g: TestVm, index: number): Value {
  return b.addr(g.word(index));
}

/** A shared word at a computed index. */
export function wordAt(b: Builder, g: TestVm, index: Value): Value {
  return b.typed("ptradd", "addr", b.addr(g.word(0)), b.op("shl", index, b.i32(2)));
}

export function add(b: Builder, address: Value, n: Value): Value {
  return b.mem("aadd", "i32", 0, address, n);
}

export function read(b: Builder, address: Value): Value {
  return b.mem("aload", "i32", 0, address);
}

export function write(b: Builder, address: Value, value: Value): void {
  b.mem("astore", null, 0, address, value);
}

/** Calls a service with reference and number arguments. */
export function service(
  b: Builder,
  g: TestVm,
  number: number,
  refs: readonly Value[] = [],
  prims: readonly Value[] = [],
): void {
  refs.forEach((ref, i) => {
    b.mem("store", null, transferRef(REF_ARGS + i), b.op("carrier"), b.op("rawaddr", ref));
  });
  prims.forEach((prim, i) => {
    b.mem("store", null, transferPrim(1 + i), b.op("carrier"), prim);
  });
  b.call(g.service, SERVICE_CALL_SIGNATURE, [b.i32(number), b.i32(0), b.i32(0)]);
}

export function serviceI32(b: Builder): Value {
  return b.load("i32", b.op("carrier"), transferPrim(0));
}

export function serviceRef(b: Builder): Value {
  const result = b.load("ref", b.op("carrier"), transferRef(REF_RESULT));
  b.mem("store", null, transferRef(REF_RESULT), b.op("carrier"), b.i32(0));
  return result;
}

export function thread(b: Builder): Value {
  return b.load("addr", b.op("carrier"), CARRIER_THREAD);
}

export function pair(b: Builder, g: TestVm, a: Value, second: Value, number: Value): Value {
  return call(b, g.newPair, "(rri)r", a, second, number);
}

/** (count) -> a list of that many pairs, numbered count - 1 down to 0 from its head. Polls and collections may come between. */
export function listMaker(g: TestVm): number {
  return g.build("(i)r", (b, [count]) => {
    const list = b.variable("ref");
    b.define(list, b.nullRef());
    times(b, count!, true, (i) => b.define(list, pair(b, g, b.use(list), b.nullRef(), i)));
    b.ret(b.use(list));
  });
}

/** (list, count): the user trap unless the list is what a list maker made. */
export function listChecker(g: TestVm): number {
  return g.build("(ri)v", (b, [list, count]) => {
    const at = b.variable("ref");
    b.define(at, list!);
    times(b, count!, true, (i) => {
      check(b, b.op("eq", b.op("add", b.load("i32", b.use(at), PAIR_NUMBER), i), b.op("sub", count!, b.i32(1))));
      b.define(at, b.load("ref", b.use(at), PAIR_A));
    });
    check(b, b.op("isnull", b.use(at)));
    b.ret();
  });
}
