/**
 * Objects and their classes: new, checkcast, instanceof, monitors, and constants of the pool.
 */
import type { Block, Type, Value } from "#ir";
import { signature } from "#ir";
import * as tags from "../classfile/index.ts";
import {
  CELL_EXTRA,
  CELL_VALUE,
  CLASS_BITS,
  CLASS_COMPONENT,
  CLASS_DISPLAY,
  CLASSBIT_FINALIZER,
  DISPLAY,
} from "../model/record.ts";
import type { JClass } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_INTERFACE } from "../model/types.ts";
import { CONSTANT } from "./alias.ts";
import { tableEntry } from "./dispatch.ts";
import { depthOf, isExact, isSubtype } from "./known.ts";
import { typeOfKind } from "./shapes.ts";
import type { Translation } from "./translation.ts";

const NEW_OBJECT = signature(["addr"], "ref");
const IS_INSTANCE = signature(["ref", "addr"], "i32");
const THROW_CLASS_CAST = signature(["ref", "addr"], null);
const MONITOR = signature(["ref"], null);
const OBJECT = "java/lang/Object";
/** Arrays of more dimensions are left to the runtime. */
const SHORT_DIMENSIONS = 2;

/** JVMS §6.5 new. */
export function newObject(t: Translation): void {
  const { b, walker, env } = t;
  // JVMS §4.9.1: no arrays.
  if (t.classNameAt(walker.index).startsWith("[")) t.fail("Illegal creation of array with new");
  const target = env.classAt(t.holder, walker.index);
  let object: Value;
  if (target !== null && target.instanceBytes > 0 && (target.flags & (ACC_ABSTRACT | ACC_INTERFACE)) === 0) {
    t.ensureInitialized(target);
    if (t.known.isFinalizable(target)) {
      object = b.call(env.slots.newObject, NEW_OBJECT, [b.addr(target.record)]);
    } else {
      object = b.alloc(b.i32(target.instanceBytes));
      b.store(object, 0, b.addr(target.record), CONSTANT);
    }
    t.classes.setExact(object, target);
  } else {
    object = newResolved(t, t.resolveCell("new", walker.index));
  }
  t.setNonNull(object);
  t.push(object);
}

/** An instance of the class that the cell gives; what has no finalizer is allocated in line. */
function newResolved(t: Translation, cell: Value): Value {
  const { b } = t;
  if (t.scope.isCold) return b.call(t.env.slots.newObject, NEW_OBJECT, [b.load("addr", cell, CELL_VALUE)]);
  const plain = b.block();
  const registered = b.block();
  const done = b.block();
  const object = b.param(done, "ref");
  const record = b.load("addr", cell, CELL_VALUE);
  const bits = b.op("and", b.load("i32", record, CLASS_BITS), b.i32(CLASSBIT_FINALIZER));
  b.branch(bits, registered, plain);
  b.seal(plain);
  b.seal(registered);
  b.switchTo(plain);
  const made = b.alloc(b.load("i32", cell, CELL_EXTRA));
  b.store(made, 0, record, CONSTANT);
  b.jump(done, [made]);
  b.switchTo(registered);
  registered.cold = true;
  b.jump(done, [b.call(t.env.slots.newObject, NEW_OBJECT, [record])]);
  b.seal(done);
  b.switchTo(done);
  return object;
}

// ---- subtype tests ------------------------------------------------------------------------------------------------------------

/**
 * 1 if the object is an instance of the class, 0 if not or if it is null; or null if no short test decides it.
 * The words of a class record are read of a null object too: the lowest memory is never used and reads 0.
 */
function shortTest(t: Translation, object: Value, target: JClass): Value | null {
  const { b } = t;
  if (target.superclass === null && target.name === OBJECT) return b.op("eqz", b.op("isnull", object));
  let element = target;
  for (let depth = 0; element.component !== null && !isExact(element); depth++) {
    if (depth === SHORT_DIMENSIONS) return null;
    element = element.component;
  }
  return typeTest(t, b.load("addr", object, 0, CONSTANT), target);
}

/** Whether the class of the record, which may be 0, is the target or below it. Interfaces and arrays have Object in their display, primitive types have nothing. */
function typeTest(t: Translation, type: Value, target: JClass): Value {
  const { b } = t;
  const record = b.addr(target.record);
  if (isExact(target)) return b.op("refeq", type, record);
  if (target.component !== null) return typeTest(t, b.load("addr", type, CLASS_COMPONENT, CONSTANT), target.component);
  const depth = depthOf(target);
  if ((target.flags & ACC_INTERFACE) !== 0 || depth >= DISPLAY) return inTable(t, type, target);
  return b.op("refeq", b.load("addr", type, CLASS_DISPLAY + 4 * depth, CONSTANT), record);
}

/** Whether the table of the class has the target, see CLASS_TABLE. What is not there leads to another entry. */
function inTable(t: Translation, type: Value, target: JClass): Value {
  const { b } = t;
  const entry = tableEntry(t, type, b.i32(target.id));
  return b.op("refeq", b.load("addr", entry, 4, CONSTANT), b.addr(target.record));
}

/** 1 if the object, which is not null, is an instance of the class of the record. */
export function isInstance(t: Translation, object: Value, target: JClass): Value {
  return shortTest(t, object, target) ?? longTest(t, object, t.b.addr(target.record));
}

/** The same for a class that is given by its record. */
export function longTest(t: Translation, object: Value, record: Value): Value {
  return t.b.call(t.env.slots.isInstance, IS_INSTANCE, [object, record]);
}

/** The same, with a look at the object's own class first. */
function quickOrLongTest(t: Translation, object: Value, record: Value): Value {
  const { b } = t;
  if (t.isCompact) return longTest(t, object, record);
  const other = b.block();
  const done = b.block();
  const result = b.param(done, "i32");
  const same = b.op("refeq", b.load("addr", object, 0, CONSTANT), record);
  b.branch(same, done, other, [same], []);
  b.seal(other);
  b.switchTo(other);
  b.jump(done, [longTest(t, object, record)]);
  b.seal(done);
  b.switchTo(done);
  return result;
}

/** Second tier: whether the object, if it is not null, is an instance of the class; undefined if its own class is not known. */
function decided(t: Translation, object: Value, target: JClass): boolean | undefined {
  if (t.tier === 1 || target.component !== null) return undefined;
  const exact = t.classes.exact(object);
  return exact === undefined || exact.component !== null ? undefined : isSubtype(exact, target);
}

/** JVMS §6.5 instanceof. */
export function instanceOf(t: Translation): void {
  const { b, walker } = t;
  t.classNameAt(walker.index);
  const object = t.pop("ref");
  const target = t.env.classAt(t.holder, walker.index);
  const always = target === null ? undefined : decided(t, object, target);
  if (always !== undefined) {
    t.push(!always ? t.i32(0) : t.isNonNull(object) ? t.i32(1) : b.op("eqz", b.op("isnull", object)));
    return;
  }
  const short = target === null ? null : shortTest(t, object, target);
  if (short !== null) {
    t.push(short);
    return;
  }
  // null is no instance of anything, and its class is not resolved for it.
  const look = b.block();
  const done = b.block();
  const result = b.param(done, "i32");
  const no = b.i32(0);
  if (target === null) {
    const isNull = b.op("isnull", object);
    const otherwise = b.block();
    b.branch(isNull, otherwise, look);
    b.seal(otherwise);
    b.switchTo(otherwise);
    b.jump(done, [no]);
    b.seal(look);
    b.switchTo(look);
    const cell = t.resolveCellHere("class", walker.index);
    b.jump(done, [quickOrLongTest(t, object, b.load("addr", cell, CELL_VALUE))]);
  } else {
    const record = b.addr(target.record);
    const quick = b.op("refeq", b.load("addr", object, 0, CONSTANT), record);
    const known = b.block();
    b.branch(b.op("or", quick, b.op("isnull", object)), known, look);
    b.seal(known);
    b.switchTo(known);
    b.jump(done, [quick]);
    b.seal(look);
    b.switchTo(look);
    b.jump(done, [longTest(t, object, record)]);
  }
  b.seal(done);
  b.switchTo(done);
  t.push(result);
}

/** JVMS §6.5 checkcast. */
export function checkCast(t: Translation): void {
  const { b, walker } = t;
  const name = t.classNameAt(walker.index);
  const object = t.stack[t.stack.length - 1];
  if (object === undefined || t.types[object] !== "ref") t.fail("Bad type on operand stack");
  const target = t.env.classAt(t.holder, walker.index);
  // null passes, and the class is not resolved for it.
  if (t.isNull(object)) return;
  if (target === null) {
    const look = b.block();
    const done = b.block();
    const bad = b.block();
    b.branch(b.op("isnull", object), done, look);
    b.seal(look);
    b.switchTo(look);
    const cell = t.resolveCellHere("class", walker.index);
    const record = b.load("addr", cell, CELL_VALUE);
    if (!t.isCompact) {
      const other = b.block();
      b.branch(b.op("refeq", b.load("addr", object, 0, CONSTANT), record), done, other);
      b.seal(other);
      b.switchTo(other);
    }
    b.branch(longTest(t, object, record), done, bad);
    failCast(t, bad, object, record);
    b.seal(done);
    b.switchTo(done);
  } else if (
    (target.superclass === null && target.name === "java/lang/Object") ||
    decided(t, object, target) === true
  ) {
    return;
  } else {
    const record = b.addr(target.record);
    const short = shortTest(t, object, target);
    const match = short ?? b.op("refeq", b.load("addr", object, 0, CONSTANT), record);
    const good = t.isNonNull(object) ? match : b.op("or", match, b.op("isnull", object));
    const done = b.block();
    const bad = b.block();
    if (short !== null) {
      b.branch(good, done, bad);
    } else {
      const look = b.block();
      b.branch(good, done, look);
      b.seal(look);
      b.switchTo(look);
      b.branch(longTest(t, object, record), done, bad);
    }
    failCast(t, bad, object, record);
    b.seal(done);
    b.switchTo(done);
  }
  if (name.startsWith("[")) t.classes.setCast(object, name);
  else if (target !== null && isExact(target)) t.classes.setExactHere(object, target);
}

function failCast(t: Translation, bad: Block, object: Value, record: Value): void {
  const { b } = t;
  b.seal(bad);
  b.switchTo(bad);
  b.call(t.env.slots.throwClassCast, THROW_CLASS_CAST, [object, record]);
  b.unreachable();
}

// ---- monitors -----------------------------------------------------------------------------------------------------------------

/** monitorenter and monitorexit, JVMS §6.5. */
export function monitor(t: Translation, opcode: number): void {
  const object = t.pop("ref");
  t.nullcheck(object);
  if (opcode === 194) lock(t, object);
  else unlock(t, object);
}

export function lock(t: Translation, object: Value): void {
  t.b.call(t.env.slots.monitorEnter, MONITOR, [object]);
}

export function unlock(t: Translation, object: Value): void {
  t.b.call(t.env.slots.monitorExit, MONITOR, [object]);
}

/** What a synchronized method locks, JVMS §2.11.10: the receiver or the class object. */
export function lockOf(t: Translation, isStatic: boolean): Value {
  return isStatic ? t.b.load("ref", t.b.addr(t.holder.mirror), 0, CONSTANT) : t.self;
}

// ---- constants ----------------------------------------------------------------------------------------------------------------

/** ldc, ldc_w and ldc2_w. JVMS §6.5, §5.1. */
export function loadConstant(t: Translation, opcode: number): void {
  const { b, walker, constants, env } = t;
  const { index } = walker;
  const wide = opcode === 20;
  const tag = constants.tag(index);
  const isWideTag = tag === tags.TAG_LONG || tag === tags.TAG_DOUBLE;
  if (tag !== tags.TAG_DYNAMIC && isWideTag !== wide) t.fail("Illegal type at constant pool entry");
  switch (tag) {
    case tags.TAG_INTEGER:
      return t.push(t.i32(constants.integer(index)));
    case tags.TAG_FLOAT:
      return t.push(b.f32(constants.floatBits(index)));
    case tags.TAG_LONG:
      return t.push(t.i64(constants.long(index)));
    case tags.TAG_DOUBLE:
      return t.push(b.f64(constants.doubleBits(index)));
    case tags.TAG_STRING: {
      const text = b.load("ref", b.addr(env.stringRoot(t.holder, index)), 0, CONSTANT);
      t.setNonNull(text);
      return t.push(text);
    }
    case tags.TAG_CLASS: {
      const target = env.classAt(t.holder, index);
      const mirror =
        target !== null ? b.load("ref", b.addr(target.mirror), 0, CONSTANT) : loadResolved(t, index, "ref");
      t.setNonNull(mirror);
      return t.push(mirror);
    }
    case tags.TAG_METHOD_TYPE:
    case tags.TAG_METHOD_HANDLE: {
      const object = loadResolved(t, index, "ref");
      t.setNonNull(object);
      return t.push(object);
    }
    case tags.TAG_DYNAMIC: {
      const type = typeOfKind(constants.dynamic(index).descriptor.charCodeAt(0));
      if (type === null || (type === "i64" || type === "f64") !== wide) t.fail("Illegal type at constant pool entry");
      return t.push(loadResolved(t, index, type));
    }
    default:
      t.fail("Illegal type at constant pool entry");
  }
}

/** A constant that has to be made at run time: the cell gives the address of the word it is in. */
function loadResolved(t: Translation, index: number, type: Type): Value {
  const cell = t.resolveCell("constant", index);
  return t.b.load(type, t.b.load("addr", cell, CELL_VALUE), 0);
}
