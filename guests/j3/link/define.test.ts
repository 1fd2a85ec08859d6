import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASSBIT_FINALIZER, CLASSBIT_HIDDEN } from "../model/record.ts";
import { canAccessMember } from "./access.ts";
import { defineClass } from "./define.ts";
import { arrayOf, findLoaded, loadClass } from "./load.ts";
import { externalMethod, externalName } from "./messages.ts";
import { lookUpField, resolveClass } from "./resolve.ts";
import { compile, methodOf, TestWorld } from "./testing.ts";

const CONTEXT = { thread: 8, query: false };

const SOURCES = {
  "p/A.java": `package p; public class A { private int x; byte b; long l; A next; short s;
    Object missing() { return new Gone[1]; } static class In { private int y; protected void finalize() { y++; } }
    static class Empty extends In { protected void finalize() {} } }
    class Gone {}`,
  "p/Sub.java": "package p; class Sub extends A { byte c; int i; double d; }",
};

test("fields are packed, and subclasses go on where the superclass ends", () => {
  const t = new TestWorld();
  const loader = t.loaderOf(compile(SOURCES));
  const offsets = (name: string) =>
    Object.fromEntries(t.load(loader, name).fields.map((field) => [field.name, field.offset]));
  assert.deepEqual(offsets("p/A"), { l: 8, x: 16, next: 20, s: 24, b: 26 });
  assert.equal(t.load(loader, "p/A").instanceBytes, 32);
  assert.deepEqual(offsets("p/Sub"), { d: 32, i: 28, c: 27 });
  assert.deepEqual(t.load(loader, "p/Sub").refOffsets, [20]);
  assert.equal(t.load(loader, "p/Sub").refList, t.load(loader, "p/A").refList, "one list for both");
  assert.equal(lookUpField(t.load(loader, "p/Sub"), "l", "J")?.offset, 8);
});

test("finalizers that do nothing are none", () => {
  const t = new TestWorld();
  const loader = t.loaderOf(compile(SOURCES));
  assert.notEqual(t.load(loader, "p/A$In").bits & CLASSBIT_FINALIZER, 0);
  assert.equal(t.load(loader, "p/A$Empty").bits & CLASSBIT_FINALIZER, 0);
  assert.equal(t.load(loader, "p/A$In").modifiers, 8, "static, from InnerClasses");
});

test("nestmates share private members", () => {
  const t = new TestWorld();
  const loader = t.loaderOf(compile(SOURCES));
  const [outer, inner, sub] = ["p/A", "p/A$In", "p/Sub"].map((name) => t.load(loader, name));
  assert.ok(outer && inner && sub);
  const flags = lookUpField(inner, "y", "I")?.flags as number;
  assert.equal(t.run(canAccessMember(CONTEXT, outer, inner, inner, flags)), true);
  assert.equal(t.run(canAccessMember(CONTEXT, sub, inner, inner, flags)), false);
});

test("hidden classes are known to themselves only", () => {
  const t = new TestWorld();
  const classes = compile(SOURCES);
  const loader = t.loaderOf(classes);
  const bytes = classes.get("p/A") as Uint8Array;
  const host = t.load(loader, "p/A");
  const hidden = t.run(defineClass(t.world, CONTEXT, loader, "p/A", bytes, { hidden: true, nestHost: host }));
  assert.notEqual(hidden, host);
  assert.equal(findLoaded(t.world, loader, "p/A"), host);
  assert.equal(findLoaded(t.world, loader, hidden.name), null);
  assert.match(externalName(hidden.name), /^p\.A\/0x[0-9a-f]+$/);
  assert.notEqual(hidden.bits & CLASSBIT_HIDDEN, 0);
  assert.equal(
    t.run(resolveClass(CONTEXT, hidden, (hidden.file as { thisClassIndex: number }).thisClassIndex)),
    hidden,
  );
  assert.equal(
    t.thrownBy(defineClass(t.world, CONTEXT, loader, null, bytes, {})),
    "LinkageError: loader 'loader1' attempted duplicate class definition for p.A. " +
      "(p.A is in unnamed module of loader 'loader1', parent loader 'bootstrap')",
  );
});

test("a class that is not there", () => {
  const t = new TestWorld();
  const classes = compile(SOURCES);
  classes.delete("p/Gone");
  const loader = t.loaderOf(classes);
  const cls = t.load(loader, "p/A");
  const { constants } = cls.file as NonNullable<typeof cls.file>;
  let index = 1;
  while (constants.tag(index) !== 7 || constants.className(index) !== "p/Gone") index++;
  assert.equal(t.thrownBy(resolveClass(CONTEXT, cls, index)), "NoClassDefFoundError: p/Gone");
  t.ran.length = 0;
  assert.equal(t.thrownBy(resolveClass(CONTEXT, cls, index)), "NoClassDefFoundError: p/Gone");
  assert.deepEqual(t.ran, [], "the loader is not asked again");
  for (const name of ["[Lp/Gone;", "[", "[V", "[Lp/A", "a.b"]) {
    assert.equal(
      t.thrownBy(loadClass(t.world, CONTEXT, t.world.bootLoader, name)).split(":")[0],
      "ClassNotFoundException",
    );
  }
});

test("arrays", () => {
  const t = new TestWorld();
  const string = t.world.boot("java/lang/String");
  const strings = arrayOf(t.world, string);
  assert.equal(findLoaded(t.world, t.world.bootLoader, "[Ljava/lang/String;"), strings);
  const twice = t.load(t.world.bootLoader, "[[Ljava/lang/String;");
  assert.equal(twice.component, strings);
  assert.ok(strings.isAssignableTo(arrayOf(t.world, t.world.boot("java/lang/CharSequence"))));
  assert.ok(twice.isAssignableTo(arrayOf(t.world, t.world.boot("java/lang/Cloneable"))));
  assert.ok(!twice.isAssignableTo(arrayOf(t.world, string)));
  assert.ok(!arrayOf(t.world, t.world.primitive("I")).isAssignableTo(arrayOf(t.world, t.world.primitive("J"))));
  const format = methodOf(string, "format");
  assert.equal(
    externalMethod(string.name, format.name, format.descriptor),
    "java.lang.String java.lang.String.format(java.lang.String, java.lang.Object[])",
  );
});
