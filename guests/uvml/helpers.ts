/** Functions in IR that compiled code and threads call: what has to be quick, or has guest code or a thrown object in it. */
import { type Builder, signature, type Value } from "#ir";
import { type GuestVm, hostFunction } from "#vm";
import * as layout from "./layout.ts";
import { HELPERS, type HelperName } from "./natives/signatures.ts";
import * as words from "./natives/words.ts";
import type { UvmlRuntime } from "./runtime.ts";

const LOCK = hostFunction("uvml.lock", "(r)v");
const UNLOCK = hostFunction("uvml.unlock", "(r)v");
const WAIT = hostFunction("uvml.%wait", "(r)v");
const NOTIFY = hostFunction("uvml.%notify", "(r)v");
const APPEND_STRING = hostFunction("uvml.append-string", "(rr)v");
const APPEND_CHAR = hostFunction("uvml.append-char", "(ri)v");
/** Up to so many bytes a loop is quicker than a copy. */
const SHORT_BYTES = 16;

/** A spawned thread: calls the closure and puts its result, or what it throws, into the thread object. */
export function buildThread(b: Builder, vm: GuestVm, thread: Value): void {
  const handler = b.handlerBlock();
  const done = b.block();
  const closure = b.load("ref", thread, layout.THREAD_CLOSURE);
  const slot = b.load("i32", closure, layout.CLOSURE_SLOT);
  const kinds = ([null, "i32", "i64", "f32", "f64", "ref"] as const).map((type) => ({ type, block: b.block() }));
  const bad = b.block();
  b.switch(
    b.load("i32", thread, layout.THREAD_KIND),
    kinds.map((kind) => kind.block),
    bad,
  );
  for (const { type, block } of kinds) {
    b.switchTo(block);
    b.unwindTo = handler.block;
    const result = b.calldyn(slot, signature(["ref"], type), [closure]);
    b.unwindTo = null;
    if (type !== null) b.store(thread, type === "ref" ? layout.THREAD_RESULT_REF : layout.THREAD_RESULT, result);
    b.jump(done);
  }
  b.switchTo(bad);
  b.unreachable();
  b.switchTo(handler.block);
  b.store(thread, layout.THREAD_THROWN, handler.exception);
  vm.callService(b, words.SERVICE_THREW, [thread]);
  b.jump(done);
  b.switchTo(done);
  vm.callHost(b, LOCK, [thread]);
  b.mem("astore", null, layout.THREAD_DONE, thread, b.i32(1));
  vm.callHost(b, NOTIFY, [thread]);
  vm.callHost(b, UNLOCK, [thread]);
  vm.callService(b, words.SERVICE_ENDED);
  b.ret();
}

type Make = (b: Builder, vm: GuestVm, params: Value[]) => void;

const MAKERS: Readonly<Record<HelperName, Make>> = {
  raise: (b, vm, [value]) => {
    vm.callService(b, words.SERVICE_RAISE, [value!]);
    b.throw(value!);
  },
  join: (b, vm, [thread]) => {
    const t = thread!;
    const [loop, sleep, over, threw, fine] = [b.block(), b.block(), b.block(), b.block(), b.block()];
    b.op("nullcheck", t);
    vm.callHost(b, LOCK, [t]);
    b.jump(loop);
    b.switchTo(loop);
    b.branch(b.mem("aload", "i32", layout.THREAD_DONE, t), over, sleep);
    b.switchTo(sleep);
    vm.callHost(b, WAIT, [t]);
    b.jump(loop);
    b.switchTo(over);
    vm.callHost(b, UNLOCK, [t]);
    const thrown = b.load("ref", t, layout.THREAD_THROWN);
    b.branch(b.op("isnull", thrown), fine, threw);
    b.switchTo(threw);
    vm.callService(b, words.SERVICE_JOINED, [t]);
    b.throw(b.load("ref", t, layout.THREAD_THROWN));
    b.switchTo(fine);
    b.ret();
  },
  appendString: (b, vm, [builder, string]) => {
    const [copy, loop, byte, done, long] = [b.block(), b.block(), b.block(), b.block(), b.block()];
    b.op("nullcheck", string!);
    const count = b.load("i32", string!, layout.ARRAY_LENGTH);
    const to = reserve(b, builder!, count, () => vm.callHost(b, APPEND_STRING, [builder!, string!]));
    b.branch(b.op("ugt", count, b.i32(SHORT_BYTES)), long, copy);
    b.switchTo(long);
    const [target, source] = [to, string!].map((base) => b.typed("ptradd", "iref", base, b.i32(layout.ARRAY_DATA)));
    b.op("copy", target!, source!, count);
    b.ret();
    b.switchTo(copy);
    const i = b.variable("i32");
    b.define(i, b.i32(0));
    b.jump(loop);
    b.switchTo(loop);
    b.branch(b.op("ult", b.use(i), count), byte, done);
    b.switchTo(byte);
    const value = b.load("load8u", b.typed("ptradd", "iref", string!, b.use(i)), layout.ARRAY_DATA);
    b.mem("store8", null, layout.ARRAY_DATA, b.typed("ptradd", "iref", to, b.use(i)), value);
    b.define(i, b.op("add", b.use(i), b.i32(1)));
    b.jump(loop);
    b.switchTo(done);
    b.ret();
  },
  appendChar: (b, vm, [builder, char]) => {
    const slow = () => vm.callHost(b, APPEND_CHAR, [builder!, char!]);
    const [ascii, other] = [b.block(), b.block()];
    b.branch(b.op("ult", char!, b.i32(0x80)), ascii, other);
    b.switchTo(other);
    slow();
    b.ret();
    b.switchTo(ascii);
    b.mem("store8", null, layout.ARRAY_DATA, reserve(b, builder!, b.i32(1), slow), char!);
    b.ret();
  },
};

/**
 * Makes a builder longer by so many bytes; gives where they go, minus layout.ARRAY_DATA. If its buffer is too small, `slow` does all, and the function
 * returns. Whatever other threads do with the builder, what is written lies in the buffer that was looked at.
 */
function reserve(b: Builder, builder: Value, count: Value, slow: () => void): Value {
  const [fits, full] = [b.block(), b.block()];
  b.op("nullcheck", builder);
  const buffer = b.load("ref", builder, layout.BUILDER_BUFFER);
  const length = b.load("i32", builder, layout.BUILDER_LENGTH);
  const after = b.op("add", length, count);
  b.branch(b.op("ule", after, b.load("i32", buffer, layout.ARRAY_LENGTH)), fits, full);
  b.switchTo(full);
  slow();
  b.ret();
  b.switchTo(fits);
  b.mem("store", null, layout.BUILDER_LENGTH, builder, after);
  return b.typed("ptradd", "iref", buffer, length);
}

/** Gives each helper its slot. */
export function defineHelpers(runtime: UvmlRuntime): void {
  const { vm } = runtime;
  for (const name of Object.keys(HELPERS) as HelperName[])
    runtime.helpers.set(
      name,
      vm.define(name, HELPERS[name], (b, params) => MAKERS[name](b, vm, params)),
    );
}
