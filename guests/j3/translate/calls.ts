/**
 * The five invoke instructions. JVMS §6.5, §5.4.3.3-4, §5.4.6.
 */
import type { Signature, Value } from "#ir";
import { NO_VALUE, signature } from "#ir";
import { TAG_INTERFACE_METHODREF, TAG_INVOKE_DYNAMIC, TAG_METHODREF } from "../classfile/index.ts";
import { CALL_TABLE, CALL_VTABLE, CELL_EXTRA, CELL_KIND, CELL_VALUE } from "../model/record.ts";
import type { JMethod } from "../model/types.ts";
import { ACC_FINAL, ACC_INTERFACE, ACC_PRIVATE } from "../model/types.ts";
import { CONSTANT } from "./alias.ts";
import { callDirect, dispatch, tableEntry } from "./dispatch.ts";
import { callKnownHandle, callLinkedSite } from "./handles.ts";
import { isSubclass } from "./known.ts";
import { knownSite } from "./known-sites.ts";
import { withSlowPath } from "./paths.ts";
import { countCall, recordReceiver } from "./profile.ts";
import type { CallShape } from "./shapes.ts";
import { slotsOf } from "./shapes.ts";
import { emitSite } from "./sites.ts";
import type { Translation } from "./translation.ts";

const SELECT = signature(["addr", "ref"], "i32");

type How = "virtual" | "special" | "static" | "interface";
const HOWS: readonly How[] = ["virtual", "special", "static", "interface"];

/** invokevirtual, invokespecial, invokestatic and invokeinterface: opcodes 182 to 185. */
export function invoke(t: Translation, opcode: number): void {
  const { walker, constants, env } = t;
  const { index } = walker;
  const how = HOWS[opcode - 182]!;
  const tag = constants.tag(index);
  // JVMS §4.9.1: which kind of reference each may have; static and special ones both since version 52.
  const good =
    how === "interface"
      ? tag === TAG_INTERFACE_METHODREF
      : tag === TAG_METHODREF || (how !== "virtual" && tag === TAG_INTERFACE_METHODREF && t.major >= 52);
  if (!good) t.fail("Illegal type at constant pool entry");
  const { name, descriptor } = constants.memberRef(index);
  const shape = t.known.shapes.of(descriptor);
  if (shape === null) t.fail("Illegal method descriptor");
  // JVMS §4.9.1: only invokespecial calls instance initialisers, nothing calls class initialisers.
  if (name.startsWith("<") && (how !== "special" || name !== "<init>")) t.fail("Illegal call to internal method");
  if (how === "interface" && walker.value !== shape.slots + 1)
    t.fail("Inconsistent args count operand in invokeinterface");

  const isStatic = how === "static";
  countCall(t);
  const args = popArguments(t, shape, isStatic);
  const expansion = how === "virtual" || isStatic ? env.polymorphic(t.method, index) : null;
  if (expansion !== null) {
    const known = callKnownHandle(t, name, args, shape.result);
    if (known !== null) {
      pushResult(t, shape, known);
      return;
    }
    if (!isStatic) t.nullcheck(args[0]!);
    pushResult(t, shape, expansion(t.b, args, walker.pc));
    return;
  }
  if (how === "virtual" && env.isPolymorphic(t.method, index)) {
    const cell = t.resolveCell("polymorphic", index);
    t.nullcheck(args[0]!);
    const direct = t.scope.isCold ? null : env.varHandle(t.method, index);
    const slowly = (): Value => callAdapter(t, cell, shape, true, args);
    const result =
      direct === null ? slowly() : withSlowPath(t, shape.result, (slow) => direct(t.b, args, slow), slowly);
    pushResult(t, shape, result ?? slowly());
    return;
  }
  const method = env.methodAt(t.method, index, how);
  const result = method !== null ? callResolved(t, how, method, args) : callUnresolved(t, how, shape, args);
  pushResult(t, shape, result);
}

/** Takes the arguments off the stack, the receiver first. */
function popArguments(t: Translation, shape: CallShape, isStatic: boolean): Value[] {
  const { params } = shape;
  const shift = isStatic ? 0 : 1;
  const args: Value[] = new Array<Value>(params.length + shift);
  for (let i = params.length - 1; i >= 0; i--) args[i + shift] = t.pop(params[i]!);
  if (!isStatic) args[0] = t.pop("ref");
  return args;
}

function pushResult(t: Translation, shape: CallShape, result: Value): void {
  if (shape.result === null) return;
  // Not of the value as such: an expanded method may give back an argument, of which other code may say something else.
  if (shape.resultKind === 91) t.classes.setCast(result, shape.resultDescriptor);
  else t.classes.noteType(result, shape.resultDescriptor);
  t.push(result);
}

function callResolved(t: Translation, how: How, method: JMethod, args: readonly Value[]): Value {
  const receiver = args[0];
  if (how === "static") t.ensureInitialized(method.holder);
  else t.nullcheck(receiver!);
  const target = isDirect(how, method) ? method : selectedExactly(t, receiver!, method);
  return target !== undefined ? callDirect(t, target, args) : dispatch(t, method, args);
}

/**
 * The method of the receiver's vtable, if its class is known. What is known may contradict what the code says of the receiver: then control never
 * comes here, after a cast or a test in an expanded method.
 */
function selectedExactly(t: Translation, receiver: Value, method: JMethod): JMethod | undefined {
  const exact = t.classes.exact(receiver);
  return exact !== undefined && isSubclass(exact, method.holder) ? exact.vtable[method.vtableIndex] : undefined;
}

/** Whether selection (JVMS §5.4.6) can only give the resolved method. */
function isDirect(how: How, method: JMethod): boolean {
  if (how === "static" || how === "special") return true;
  if ((method.flags & ACC_PRIVATE) !== 0) return true;
  if ((method.holder.flags & ACC_INTERFACE) !== 0) return false;
  return ((method.flags | method.holder.flags) & ACC_FINAL) !== 0 || method.vtableIndex < 0;
}

function callUnresolved(t: Translation, how: How, shape: CallShape, args: readonly Value[]): Value {
  const { b } = t;
  // Resolution comes before the check of the receiver. JVMS §6.5, "Linking Exceptions".
  const cell = t.resolveCell(how, t.walker.index);
  if (how === "static") return b.calldyn(b.load("i32", cell, CELL_VALUE), shape.forStatic, args);
  t.nullcheck(args[0]!);
  if (how !== "special") recordReceiver(t, b.load("addr", args[0]!, 0));
  const slot = how === "special" ? b.load("i32", cell, CELL_VALUE) : selectSlot(t, how, cell, args[0]!);
  return b.calldyn(slot, shape.forInstance, args);
}

/** The slot that the resolved cell selects for the receiver; in loops, what the instruction is mostly used for is done in line. */
function selectSlot(t: Translation, how: "virtual" | "interface", cell: Value, receiver: Value): Value {
  const { b } = t;
  if (t.isCompact) return b.call(t.env.slots.select, SELECT, [cell, receiver]);
  const fast = b.block();
  const slow = b.block();
  const done = b.block();
  const slot = b.param(done, "i32");
  const usual = how === "virtual" ? CALL_VTABLE : CALL_TABLE;
  b.branch(b.op("eq", b.load("i32", cell, CELL_KIND), b.i32(usual)), fast, slow);
  b.seal(fast);
  b.switchTo(fast);
  const record = b.load("addr", receiver, 0, CONSTANT);
  const value = b.load("i32", cell, CELL_VALUE);
  if (how === "virtual") {
    b.jump(done, [b.load("i32", b.typed("ptradd", "addr", record, value), 0)]);
  } else {
    const entry = tableEntry(t, record, value);
    const found = b.block();
    b.branch(b.op("eq", b.load("i32", entry, 0, CONSTANT), value), found, slow);
    b.seal(found);
    b.switchTo(found);
    b.jump(done, [b.load("i32", entry, 4, CONSTANT)]);
  }
  b.seal(slow);
  b.switchTo(slow);
  b.jump(done, [b.call(t.env.slots.select, SELECT, [cell, receiver])]);
  b.seal(done);
  b.switchTo(done);
  return slot;
}

/** JVMS §6.5 invokedynamic. */
export function invokeDynamic(t: Translation): void {
  const { walker, constants } = t;
  if (constants.tag(walker.index) !== TAG_INVOKE_DYNAMIC) t.fail("Illegal type at constant pool entry");
  const { descriptor } = constants.invokeDynamic(walker.index);
  const shape = t.known.shapes.of(descriptor);
  if (shape === null) t.fail("Illegal method descriptor");
  countCall(t);
  const args = popArguments(t, shape, true);
  const site = knownSite(t.env, t.method, walker.index);
  if (site !== null) return pushResult(t, shape, emitSite(t, site, args));
  const linked = callLinkedSite(t, args);
  if (linked !== null) return pushResult(t, shape, linked);
  const cell = t.resolveCell("dynamic", walker.index);
  pushResult(t, shape, callAdapter(t, cell, shape, false, args));
}

/** Calls the adapter of a linked call site: with its appendix as one more argument, if it has one. */
function callAdapter(
  t: Translation,
  cell: Value,
  shape: CallShape,
  hasReceiver: boolean,
  args: readonly Value[],
): Value {
  const { b } = t;
  const slot = b.load("i32", cell, CELL_VALUE);
  const root = b.load("addr", cell, CELL_EXTRA);
  const more = b.block();
  const plain = b.block();
  const done = b.block();
  const result = shape.result === null ? NO_VALUE : b.param(done, shape.result);
  const call = (type: Signature, all: readonly Value[]): void => {
    const value = b.calldyn(slot, type, all);
    b.jump(done, value === NO_VALUE ? [] : [value]);
  };
  b.branch(b.op("isnull", root), plain, more);
  b.seal(more);
  b.seal(plain);
  b.switchTo(more);
  call(shape.withAppendix(hasReceiver), [...args, b.load("ref", root, 0)]);
  b.switchTo(plain);
  call(hasReceiver ? shape.forInstance : shape.forStatic, args);
  b.seal(done);
  b.switchTo(done);
  return result;
}

/** Parameters in the locals, JVMS §2.6.1: gives the number of slots. */
export function placeParameters(t: Translation, params: readonly Value[]): number {
  let at = 0;
  for (const value of params) {
    const next = at + slotsOf(t.types[value]!);
    if (next > t.code.maxLocals) t.fail("Arguments can't fit into locals");
    t.setParameter(at, value);
    at = next;
  }
  return at;
}
