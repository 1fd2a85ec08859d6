import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASS_INITIALIZED } from "../model/record.ts";
import { GuestThrow } from "./effects.ts";
import { initializeClass } from "./initialize.ts";
import { compile, methodOf, TestWorld } from "./testing.ts";

const CONTEXT = { thread: 8, query: false };

const SOURCES = {
  "A.java": `class A { static { System.gc(); } }
    interface I { Object X = new Object(); default void m() {} }
    interface J extends I { Object Y = new Object(); }
    interface K { Object Z = new Object(); default void k() {} }
    class B extends A implements J, K { static { System.gc(); } }
    class C { static final int I1 = 7; static final long L = 1L << 40; static final String S = "x"; static final char CH = 'z';
      static final double D = 0.5; static final byte BY = -3; static final Object O = new Object(); }`,
};

test("supertypes first, interfaces only with defaults", () => {
  const t = new TestWorld();
  const cls = t.load(t.loaderOf(compile(SOURCES)), "B");
  t.ran.length = 0;
  t.run(initializeClass(t.world, CONTEXT, cls));
  t.run(initializeClass(t.world, CONTEXT, cls));
  assert.deepEqual(
    t.ran.filter((name) => name.endsWith("<clinit>")),
    ["A.<clinit>", "I.<clinit>", "K.<clinit>", "B.<clinit>"],
  );
  assert.equal(t.memory.i32[(cls.record + CLASS_INITIALIZED) >>> 2], 1);
});

test("ConstantValue attributes are in place before the initialiser", () => {
  const t = new TestWorld();
  const cls = t.load(t.loaderOf(compile(SOURCES)), "C");
  const at = (name: string) => cls.fields.find((field) => field.name === name)?.offset as number;
  const { i32, i64, u8 } = t.memory;
  t.invoked = () => {
    assert.equal(i32[at("I1") >>> 2], 7);
    assert.equal(i64[at("L") >>> 3], 1n << 40n);
    assert.notEqual(i32[at("S") >>> 2], 0);
    assert.equal(u8[at("CH")], 0x7a);
    assert.equal(u8[at("BY")], 0xfd);
    assert.equal(i64[at("D") >>> 3], 0x3fe0000000000000n);
    return undefined;
  };
  t.run(initializeClass(t.world, CONTEXT, cls));
  assert.equal(t.ran.at(-1), "C.<clinit>");
});

test("a failing initialiser", () => {
  const t = new TestWorld();
  const loader = t.loaderOf(compile(SOURCES));
  const cls = t.load(loader, "B");
  const exception = t.newObject(t.world.boot("java/lang/NumberFormatException"));
  t.invoked = (method) => {
    if (method.holder.name === "A") throw new GuestThrow({ handle: exception });
    return undefined;
  };
  const initialize = () => t.run(initializeClass(t.world, CONTEXT, cls));
  assert.throws(initialize, { className: "java/lang/ExceptionInInitializerError", detail: null });
  let second: GuestThrow | null = null;
  try {
    initialize();
  } catch (failure) {
    second = failure as GuestThrow;
  }
  assert.equal(second?.className, "java/lang/NoClassDefFoundError");
  assert.equal(second?.detail, "Could not initialize class B");
  assert.equal(second?.origin?.detail, 'Exception java.lang.ExceptionInInitializerError [in thread "main"]');
  const parent = t.load(loader, "A");
  assert.throws(
    () => t.run(initializeClass(t.world, CONTEXT, parent)),
    (failure: GuestThrow) => {
      assert.equal(failure.origin?.detail, 'Exception java.lang.NumberFormatException: told [in thread "main"]');
      return true;
    },
  );
});

test("the thread that initialises goes on, others wait", () => {
  const t = new TestWorld();
  const cls = t.load(t.loaderOf(compile(SOURCES)), "A");
  const first = initializeClass(t.world, CONTEXT, cls);
  const step = first.next();
  assert.equal(step.done, false);
  assert.deepEqual(step.value, { kind: "invoke", method: methodOf(cls, "<clinit>"), args: [] });
  t.run(initializeClass(t.world, CONTEXT, cls));
  const other = initializeClass(t.world, { thread: 16, query: false }, cls);
  assert.deepEqual(other.next().value, { kind: "wait", cls });
  assert.deepEqual(other.next().value, { kind: "wait", cls }, "a spurious return");
  assert.equal(first.next(undefined).done, true);
  assert.equal(other.next().done, true);
});
