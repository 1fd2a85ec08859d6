import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASS_TABLE, CLASS_TABLE_SEED, CLASS_TABLE_SHIFT, CLASS_VTABLE } from "../model/record.ts";
import { loadClass } from "./load.ts";
import type { LinkedClass, LinkedMethod } from "./model.ts";
import { selectVirtual } from "./select.ts";
import { lookUp } from "./table.ts";
import { compile, TestWorld } from "./testing.ts";

const CONTEXT = { thread: 8, query: false };

function method(cls: LinkedClass, name: string, descriptor = "()V"): LinkedMethod {
  const found = cls.declaredMethod(name, descriptor);
  assert.ok(found, `${cls.name}.${name}${descriptor}`);
  return found;
}

/** Name of the class whose method the record in memory leads to. */
function called(test: TestWorld, receiver: LinkedClass, resolved: LinkedMethod): string {
  const { memory, world } = test;
  const at = receiver.record >>> 2;
  let slot: number;
  if (resolved.vtableIndex >= 0) {
    slot = memory.i32[at + (CLASS_VTABLE >>> 2) + resolved.vtableIndex] as number;
  } else {
    const word = (offset: number) => memory.i32[at + (offset >>> 2)] as number;
    const table = { address: word(CLASS_TABLE), seed: word(CLASS_TABLE_SEED), shift: word(CLASS_TABLE_SHIFT) };
    slot = lookUp(memory, table, resolved.interfaceKey);
  }
  const found = world.method(test.slotMethods[slot] as number);
  assert.equal(selectVirtual(receiver, resolved).slot, slot, "the tables and selection agree");
  if (found.failure !== null) return `${found.failure.className}: ${found.failure.detail}`;
  return found.isAbstract ? `abstract ${found.holder.name}` : found.holder.name;
}

test("the whole of java.base links", () => {
  const t = new TestWorld();
  const names = t.image
    .resourcesOf("java.base")
    .filter((path) => path.endsWith(".class") && path !== "module-info.class")
    .map((path) => path.slice(0, -6));
  const start = performance.now();
  for (const name of names) t.world.boot(name);
  const each = ((performance.now() - start) * 1000) / names.length;
  assert.ok(each < 1000, `${each.toFixed(0)} us per class`);
  assert.ok(names.length > 5000);
  for (const cls of t.world.classes()) {
    if (cls.file === null) continue;
    let end = 8;
    const fields = cls.fields.filter((field) => !field.isStatic).sort((a, b) => a.offset - b.offset);
    for (const field of fields) {
      const bytes = field.type === "i64" || field.type === "f64" ? 8 : field.type === "i32" ? 1 : 4;
      assert.ok(field.offset >= end, `${cls.name}.${field.name} overlaps`);
      if (bytes > 1) assert.equal(field.offset % bytes, 0);
      end = field.offset + bytes;
    }
    assert.ok(end <= cls.instanceBytes);
    for (const face of cls.isInterface || cls.flags & 0x400 ? [] : cls.allInterfaces) {
      for (const m of face.methods) if (m.interfaceKey !== 0) called(t, cls, m);
    }
  }
  const string = t.world.boot("java/lang/String");
  assert.equal(called(t, string, method(t.world.boot("java/lang/CharSequence"), "length", "()I")), "java/lang/String");
  assert.deepEqual(
    t.world.boot("java/lang/ref/WeakReference").refOffsets.length,
    2,
    "queue and next; referent and discovered are the collector's",
  );
});

test("vtables: package-private methods and transitive overriding", () => {
  const classes = compile({
    "p/A.java": "package p; public class A { void m() {} }",
    "q/B.java": "package q; public class B extends p.A { public void m() {} }",
    "p/C.java": "package p; public class C extends q.B { public void m() {} }",
    "p/D.java": "package p; public class D extends A { public void m() {} }",
    "q/E.java": "package q; public class E extends p.D { public void m() {} }",
    "q/F.java": "package q; public class F extends p.A { void m() {} public final void n() {} }",
  });
  const t = new TestWorld();
  const loader = t.loaderOf(classes);
  const load = (name: string) => t.load(loader, name);
  const a = method(load("p/A"), "m");
  const b = method(load("q/B"), "m");
  assert.equal(called(t, load("q/B"), a), "p/A", "another package does not override");
  assert.equal(called(t, load("q/B"), b), "q/B");
  assert.equal(called(t, load("p/C"), a), "p/C", "back in the package it does, and B's too");
  assert.equal(called(t, load("p/C"), b), "p/C");
  assert.equal(called(t, load("q/E"), a), "q/E", "through D, which made it public");
  assert.equal(called(t, load("q/F"), a), "p/A");
  assert.equal(method(load("q/F"), "n").vtableIndex, -1, "final methods that override nothing have no entry");
});

test("interface tables: defaults, diamonds, conflicts", () => {
  const before = compile({
    "I.java": "interface I { default void m() {} void n(); }",
    "J.java": "interface J extends I { default void m() {} }",
    "K.java": "interface K { }",
    "A.java": "abstract class A implements I { }",
    "B.java": "class B extends A implements J { public void n() {} }",
    "C.java": "class C implements I, K { public void n() {} }",
    "D.java": "class D implements I { public void m() {} public void n() {} }",
    "E.java": "class E extends D implements J { }",
  });
  const after = compile({
    "K.java": "interface K { default void m() {} }",
    "D.java": "class D implements I { public void m() {} void n() {} }".replace("implements I ", ""),
    "I.java": "interface I { default void m() {} void n(); }",
  });
  const t = new TestWorld();
  const loader = t.loaderOf(new Map([...before, ["K", after.get("K") as Uint8Array]]));
  const load = (name: string) => t.load(loader, name);
  const m = method(load("I"), "m");
  const n = method(load("I"), "n");
  assert.equal(called(t, load("B"), m), "J", "the more specific default");
  assert.equal(called(t, load("E"), m), "D", "a class wins");
  assert.equal(called(t, load("B"), n), "B");
  assert.equal(called(t, load("C"), m), "java/lang/IncompatibleClassChangeError: Conflicting default methods: I.m K.m");
  const odd = t.loaderOf(new Map([...before, ["D", after.get("D") as Uint8Array]]));
  assert.equal(
    called(t, t.load(odd, "E"), method(t.load(odd, "I"), "n")),
    "java/lang/IllegalAccessError: 'void D.n()'",
  );
});

test("bad hierarchies are refused in HotSpot's words", () => {
  const before = compile({
    "S.java": "class S { void f() {} } class T extends S { void f() {} }",
    "I.java": "interface I {} interface J extends I {} class C implements I {}",
    "X.java": "class X {} class Y extends X {}",
    "p/P.java": "package p; public class P {}",
    "q/Q.java": "package q; class Q extends p.P {}",
  });
  const finals = compile({ "S.java": "final class S {}", "I.java": "class I {}", "p/P.java": "package p; class P {}" });
  const faces = compile({ "S.java": "interface S {}", "X.java": "class X extends Y {} class Y {}" });
  const sealed = compile({
    "S.java": "sealed class S permits O {} final class O extends S {}",
    "I.java": "sealed interface I permits U {} final class U implements I {}",
  });
  const overridden = compile({ "S.java": "class S { final void f() {} }" });
  const said = (name: string, changed: ReadonlyMap<string, Uint8Array>, ...replaced: string[]) => {
    const t = new TestWorld();
    const classes = new Map(before);
    for (const one of replaced) classes.set(one, changed.get(one) as Uint8Array);
    return t.thrownBy(loadClass(t.world, CONTEXT, t.loaderOf(classes), name));
  };
  const error = "IncompatibleClassChangeError: ";
  assert.equal(said("T", finals, "S"), `${error}class T cannot inherit from final class S`);
  assert.equal(said("T", faces, "S"), `${error}class T has interface S as super class`);
  assert.equal(said("T", sealed, "S"), `${error}class T cannot inherit from sealed class S`);
  assert.equal(said("C", sealed, "I"), `${error}class C cannot implement sealed interface I`);
  assert.equal(said("J", sealed, "I"), `${error}interface J cannot extend sealed interface I`);
  assert.equal(said("T", overridden, "S"), `${error}class T overrides final method S.f()V`);
  assert.equal(
    said("C", finals, "I"),
    `${error}class C can not implement I, because it is not an interface (I is in unnamed module of loader 'loader1')`,
  );
  assert.equal(said("Y", faces, "X"), "ClassCircularityError: Y");
  assert.equal(said("X", faces, "X"), "ClassCircularityError: X");
  assert.equal(
    said("q/Q", finals, "p/P"),
    "IllegalAccessError: class q.Q cannot access its superclass p.P " +
      "(q.Q and p.P are in unnamed module of loader 'loader1')",
  );
  const renamed = new TestWorld();
  const wrong = renamed.loaderOf(new Map([["Z", before.get("S") as Uint8Array]]));
  assert.equal(
    renamed.thrownBy(loadClass(renamed.world, CONTEXT, wrong, "Z")),
    "NoClassDefFoundError: Z (wrong name: S)",
  );
  assert.equal(said("Nope", finals), "ClassNotFoundException: Nope");
});
