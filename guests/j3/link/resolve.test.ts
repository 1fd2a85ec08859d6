import assert from "node:assert/strict";
import { test } from "node:test";
import { CALL_DIRECT, CALL_TABLE, CALL_VTABLE, CELL_DONE, CELL_EXTRA, CELL_KIND, CELL_VALUE } from "../model/record.ts";
import type { CellKind } from "../model/types.ts";
import { Cells } from "./cells.ts";
import { linkClass } from "./initialize.ts";
import { loadClass } from "./load.ts";
import type { LinkedClass, LinkedMethod } from "./model.ts";
import { linkedMethod } from "./model.ts";
import { LinkQueries } from "./queries.ts";
import { abstractMethodMessage } from "./resolve.ts";
import { compile, methodOf, TestWorld } from "./testing.ts";

const CONTEXT = { thread: 8, query: false };

function cellsOf(t: TestWorld): Cells {
  // biome-ignore lint/correctness/useYield: no guest code is needed to fail
  return new Cells(t.world, function* () {
    throw new Error("no method handles here");
  });
}

/** Index of the first constant-pool entry that refers to a member or class of that name. */
function indexOf(cls: LinkedClass, name: string, owner = ""): number {
  const { constants } = cls.file as NonNullable<LinkedClass["file"]>;
  for (let i = 1; i < constants.size; i++) {
    const tag = constants.tag(i);
    if (tag >= 9 && tag <= 11 && constants.memberRef(i).name === name) {
      if (owner === "" || constants.memberRef(i).owner === owner) return i;
    }
    if (tag === 7 && constants.className(i) === name) return i;
  }
  throw new Error(`${cls.name} does not refer to ${name}`);
}

const USER = `
class U extends V {
  static void s() { T.gone(); T.inst(); new T().stat(); T.priv(1, null); T.sf = 1; new T().vf = 2; T.nof = 3; T.pf = 4; T.fin = 5; }
  static void k() { new T(); new K(); ((K) null).face(); Q.moved(); ((I) null).fi(); ((I) null).toString(); ((A) null).fi(); }
  static void p() { new q.P().prot(); q.H h = null; }
  void v() { super.up(); }
}
class V { void up() {} }
interface I { void fi(); }
abstract class A implements I { }`;

const BEFORE = {
  "U.java": USER,
  "T.java": `class T { static void gone() {} static void inst() {} void stat() {} static void priv(int a, String[] b) {}
    static int sf; int vf; static int nof; static int pf; static int fin; }`,
  "K.java": "class K { void face() {} }",
  "Q.java": "class Q { static void moved() {} }",
  "q/P.java": "package q; public class P { public void prot() {} }",
  "q/H.java": "package q; public class H { }",
};
const AFTER = {
  "T.java": `abstract class T { void inst() {} static void stat() {} private static void priv(int a, String[] b) {}
    int sf; static int vf; private static int pf; static final int fin = Integer.parseInt("1"); }`,
  "K.java": "interface K { void face(); }",
  "Q.java": "interface Q { static void moved() {} }",
  "q/P.java": "package q; public class P { public P() {} protected void prot() {} }",
  "q/H.java": "package q; class H { }",
};

test("what no longer fits throws what HotSpot throws, and the same again", () => {
  const t = new TestWorld();
  const loader = t.loaderOf(new Map([...compile(BEFORE), ...compile(AFTER)]));
  const cells = cellsOf(t);
  const user = t.load(loader, "U");
  const said = (kind: CellKind, name: string, from = "s") => {
    const cell = cells.allocate(kind, methodOf(user, from), indexOf(user, name), 0);
    const first = t.thrownBy(cells.resolve(CONTEXT, cell));
    assert.equal(t.thrownBy(cells.resolve(CONTEXT, cell)), first);
    assert.equal(t.memory.i32[(cell + CELL_DONE) >>> 2], 0);
    return first;
  };
  const home = "are in unnamed module of loader 'loader1'";
  const change = "IncompatibleClassChangeError: ";
  assert.equal(said("static", "gone"), "NoSuchMethodError: 'void T.gone()'");
  assert.equal(said("static", "inst"), `${change}Expected static method 'void T.inst()'`);
  assert.equal(said("virtual", "stat"), `${change}Expecting non-static method 'void T.stat()'`);
  assert.equal(
    said("static", "priv"),
    `IllegalAccessError: class U tried to access private method 'void T.priv(int, java.lang.String[])' (U and T ${home})`,
  );
  assert.equal(said("putstatic", "sf"), `${change}Expected static field T.sf`);
  assert.equal(said("putfield", "vf"), `${change}Expected non-static field T.vf`);
  assert.equal(said("putstatic", "nof"), "NoSuchFieldError: nof");
  assert.equal(
    said("putstatic", "pf"),
    `IllegalAccessError: class U tried to access private field T.pf (U and T ${home})`,
  );
  assert.equal(
    said("putstatic", "fin"),
    "IllegalAccessError: Update to static final field T.fin attempted from a different class (U) than the field's declaring class",
  );
  assert.equal(said("new", "T", "k"), "InstantiationError: T");
  assert.equal(said("new", "K", "k"), "InstantiationError: K");
  assert.equal(said("virtual", "face", "k"), `${change}Found interface K, but class was expected`);
  assert.equal(said("static", "moved", "k"), `${change}Method 'void Q.moved()' must be InterfaceMethodref constant`);
  assert.equal(
    said("virtual", "prot", "p"),
    `IllegalAccessError: class U tried to access protected method 'void q.P.prot()' (U and q.P ${home})`,
  );
});

test("cells say how to call", () => {
  const t = new TestWorld();
  const loader = t.loaderOf(compile(BEFORE));
  const cells = cellsOf(t);
  const user = t.load(loader, "U");
  const word = (cell: number, offset: number) => t.memory.i32[(cell + offset) >>> 2] as number;
  const resolve = (kind: CellKind, name: string, from = "k", owner = "") => {
    const cell = cells.allocate(kind, methodOf(user, from), indexOf(user, name, owner), 0);
    t.run(cells.resolve(CONTEXT, cell));
    return {
      done: word(cell, CELL_DONE),
      value: word(cell, CELL_VALUE),
      extra: word(cell, CELL_EXTRA),
      kind: word(cell, CELL_KIND),
    };
  };
  const made = resolve("new", "T");
  const cls = t.load(loader, "T");
  assert.deepEqual(made, { done: 1, value: cls.record, extra: cls.instanceBytes, kind: 0 });
  assert.equal(cls.state, "initialized");
  const fi = methodOf(t.load(loader, "I"), "fi");
  assert.deepEqual(resolve("interface", "fi"), { done: 1, value: fi.interfaceKey, extra: 0, kind: CALL_TABLE });
  assert.equal(resolve("virtual", "fi", "k", "A").kind, CALL_TABLE, "found in a superinterface of an abstract class");
  assert.equal(resolve("virtual", "stat", "s").kind, CALL_VTABLE);
  assert.equal(resolve("static", "gone", "s").kind, CALL_DIRECT);
  assert.equal(resolve("special", "up", "v").value, methodOf(t.load(loader, "V"), "up").slot);
  assert.equal(resolve("getstatic", "sf", "s").value, cls.fields.find((field) => field.name === "sf")?.offset);
});

test("queries load nothing", () => {
  const t = new TestWorld();
  const loader = t.loaderOf(compile(BEFORE));
  const queries = new LinkQueries(t.world);
  const user = t.load(loader, "U");
  const from = methodOf(user, "s");
  const before = loader.classes.size;
  assert.equal(queries.methodAt(from, indexOf(user, "gone"), "static"), null);
  assert.equal(loader.classes.size, before);
  const cls = t.load(loader, "T");
  assert.equal(queries.methodAt(from, indexOf(user, "gone"), "static"), methodOf(cls, "gone"));
  assert.equal(queries.methodAt(from, indexOf(user, "gone"), "virtual"), null);
  assert.equal(queries.needsInit(from, cls), true);
  assert.equal(queries.needsInit(from, user), false);
  assert.equal(queries.arrayOf(cls).name, "[LT;");
  assert.equal(queries.arrayOf(queries.arrayOf(queries.primitive(10))).name, "[[I");
});

test("messages of missing implementations", () => {
  const t = new TestWorld();
  const loader = t.loaderOf(compile(BEFORE));
  const method = linkedMethod(methodOf(t.load(loader, "I"), "fi")) as LinkedMethod;
  assert.equal(
    abstractMethodMessage(t.load(loader, "A"), method),
    "Receiver class A does not define or inherit an implementation of the resolved method 'abstract void fi()' of interface I.",
  );
});

test("loader constraints", () => {
  const classes = compile({
    "p/Prov.java":
      "package p; public class Prov { public static void take(Shared[] s, int i) {} public static Shared fld; public Shared get() { return null; } }",
    "p/Shared.java": "package p; public class Shared { public void m() {} }",
    "p/PI.java": "package p; public interface PI { Shared gi(); }",
    "User.java": "import p.*; class User { static void s() { Prov.take(null, 1); Prov.fld = null; } }",
    "User2.java": "import p.*; class User2 extends Prov { public Shared get() { return null; } }",
    "User4.java": "import p.*; class User4 implements PI { public Shared gi() { return null; } }",
  });
  const t = new TestWorld();
  const parent = t.loaderOf(classes);
  const own = ["User", "User2", "User4", "p/Shared"];
  const child = t.newLoader((name) => (own.includes(name) ? classes.get(name) : t.load(parent, name)));
  t.load(parent, "p/Shared");
  t.load(child, "p/Shared");
  const user = t.load(child, "User");
  const cells = cellsOf(t);
  const said = (kind: CellKind, name: string) =>
    t.thrownBy(cells.resolve(CONTEXT, cells.allocate(kind, methodOf(user, "s"), indexOf(user, name), 0)));
  const where = (cls: string) => `${cls} is in unnamed module of loader 'loader2', parent loader 'bootstrap'`;
  const prov = "p.Prov is in unnamed module of loader 'loader1', parent loader 'bootstrap'";
  assert.equal(
    said("static", "take"),
    "LinkageError: loader constraint violation: when resolving method 'void p.Prov.take(p.Shared[], int)' the class loader " +
      "'loader2' of the current class, User, and the class loader 'loader1' for the method's defining class, p/Prov, have " +
      `different Class objects for the type [Lp/Shared; used in the signature (${where("User")}; ${prov})`,
  );
  assert.match(said("putstatic", "fld"), /^LinkageError: .* field "fld" of type p\.Shared, /);
  const linking = (name: string) => t.thrownBy(linkClass(t.world, CONTEXT, t.load(child, name)));
  assert.match(
    linking("User2"),
    /^LinkageError: .* for class User2: when selecting overriding method 'p\.Shared User2\.get\(\)'/,
  );
  assert.match(linking("User4"), /^LinkageError: .* in interface itable initialization for class User4: /);
  const late = t.newLoader((name) =>
    name === "User" || name === "p/Shared" ? classes.get(name) : t.load(parent, name),
  );
  const lateUser = t.load(late, "User");
  t.run(cells.resolve(CONTEXT, cells.allocate("static", methodOf(lateUser, "s"), indexOf(lateUser, "take"), 0)));
  assert.equal(
    t.thrownBy(loadClass(t.world, CONTEXT, late, "p/Shared")),
    "LinkageError: loader constraint violation: loader 'loader3' wants to load class p.Shared. A different class with the same " +
      "name was previously loaded by 'loader1'. (p.Shared is in unnamed module of loader 'loader1')",
  );
});
