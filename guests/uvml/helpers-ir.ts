import type { Emitter } from "./emit.ts";
import {
  BOX_BYTES,
  BOX_VALUE,
  CONS_FIRST,
  CONS_REST,
  EXTENSION_BYTES,
  EXTENSION_NEXT,
  OBJECT_TYPE,
  RECORD_ELEMENT,
  STRUCT_EXTENSION,
} from "./layout.ts";

/** (car x), (cdr x) of any x; elements that are no references come as boxes. */
export function anyPartFunction(e: Emitter, first: boolean): void {
  const { b } = e;
  const [list] = b.entry();
  e.nullcheck(list!);
  const element = b.load("i32", b.load("addr", list!, OBJECT_TYPE), RECORD_ELEMENT);
  e.unless(b.op("eqz", element), () => e.fail("type", `${first ? "car" : "cdr"} of what is no list`));
  if (!first) {
    b.ret(b.load("ref", list!, CONS_REST));
    return;
  }
  const [plain, data] = e.branch(b.op("eq", element, b.i32(1)));
  e.enter(plain);
  b.ret(b.load("ref", list!, CONS_FIRST));
  e.enter(data);
  const box = b.alloc(b.i32(BOX_BYTES));
  b.mem("store", null, OBJECT_TYPE, box, b.typed("bits", "addr", element));
  // A cons has its element where a box has its value, 8 bytes each.
  b.mem("store", null, BOX_VALUE, box, b.load("i64", list!, CONS_FIRST));
  b.ret(box);
}

export function listLengthFunction(e: Emitter): void {
  const { b } = e;
  const [list] = b.entry();
  const [at, count] = [b.variable("ref"), b.variable("i32")];
  b.define(at, list!);
  b.define(count, b.i32(0));
  const [head, body, end] = [b.block(), b.block(), b.block()];
  b.jump(head);
  b.switchTo(head);
  b.branch(b.op("isnull", b.use(at)), end, body);
  e.enter(body);
  const element = b.load("i32", b.load("addr", b.use(at), OBJECT_TYPE), RECORD_ELEMENT);
  e.unless(b.op("eqz", element), () => e.fail("type", "length of what is no list"));
  b.define(at, b.load("ref", b.use(at), CONS_REST));
  b.define(count, b.op("add", b.use(count), b.i32(1)));
  b.poll();
  b.jump(head);
  b.seal(head);
  e.enter(end);
  b.ret(b.use(count));
}

/** (object, record): its extension with that record; without one null, or a new one. Two threads at once may make two: the newer one counts. */
export function extensionFunction(e: Emitter, make: boolean): void {
  const { b } = e;
  const [object, record] = b.entry();
  const at = b.variable("ref");
  b.define(at, b.mem("aload", "ref", STRUCT_EXTENSION, object!));
  const [head, look, found, next, end] = [b.block(), b.block(), b.block(), b.block(), b.block()];
  b.jump(head);
  b.switchTo(head);
  b.branch(b.op("isnull", b.use(at)), end, look);
  e.enter(look);
  b.branch(b.op("eq", b.load("i32", b.use(at), OBJECT_TYPE), record!), found, next);
  e.enter(found);
  b.ret(b.use(at));
  e.enter(next);
  b.define(at, b.load("ref", b.use(at), EXTENSION_NEXT));
  b.jump(head);
  b.seal(head);
  e.enter(end);
  if (!make) {
    b.ret(b.nullRef());
    return;
  }
  const extension = b.alloc(b.i32(EXTENSION_BYTES));
  b.mem("store", null, OBJECT_TYPE, extension, b.typed("bits", "addr", record!));
  const [again, done] = [b.block(), b.block()];
  b.jump(again);
  b.switchTo(again);
  const first = b.mem("aload", "ref", STRUCT_EXTENSION, object!);
  b.mem("refstore", null, EXTENSION_NEXT, extension, first);
  const before = b.mem("arefcas", null, STRUCT_EXTENSION, object!, first, extension);
  b.branch(b.op("refeq", before, first), done, again);
  b.seal(again);
  e.enter(done);
  b.ret(extension);
}
