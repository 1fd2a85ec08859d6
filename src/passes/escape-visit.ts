/** What single instructions do with objects that are not made yet; see escape.ts. */
import { Edge, effectsOf, type Func, Inst, NO_VALUE, type Op, type Type, type Value } from "#ir";
import type { Escape } from "./escape.ts";
import {
  type Field,
  FRESH,
  type Held,
  isVirtual,
  loadedBytes,
  type Other,
  type State,
  storedBytes,
  withField,
} from "./escape-state.ts";
import { type Constant, canEvaluate, constantOf, evaluate } from "./evaluate.ts";

/** Follows the instruction: changes the state, says what its result stands for, and writes what takes its place. */
export function visitInst(e: Escape, inst: Inst, state: State): void {
  switch (inst.op) {
    case "alloc":
      if (allocate(e, inst, state)) return;
      break;
    case "nullcheck":
      if (checkNull(e, inst, state)) return;
      break;
    case "isnull":
      if (isNull(e, inst, state)) return;
      break;
    case "refeq":
    case "refne":
      if (compare(e, inst, state)) return;
      break;
    case "ptradd":
      if (pointInto(e, inst)) return;
      break;
    case "select":
      if (select(e, inst)) return;
      break;
    default: {
      const loaded = loadedBytes(e.func, inst);
      if (loaded > 0) {
        if (load(e, inst, state, loaded)) return;
        break;
      }
      const stored = storedBytes(e.func, inst);
      if (stored > 0 && store(e, inst, state, stored)) return;
    }
  }
  if (folded(e, inst)) return;
  ordinary(e, inst, state);
}

/** Anything else: objects among its operands are made before it. */
function ordinary(e: Escape, inst: Inst, state: State): void {
  const roots: number[] = [];
  for (const arg of inst.args) {
    const object = e.names.objectOf(arg);
    if (object >= 0) roots.push(object);
  }
  if (roots.length > 0) e.makeBefore(inst, roots, state);
  if (e.isWriting) inst.args = inst.args.map((arg) => e.use(arg, state, inst.pos));
  if (inst.unwind !== null) e.leave(inst.unwind, state);
  const taken = takenEdge(e, inst);
  if (taken === null) {
    e.put(inst);
    for (const edge of inst.edges) e.leave(edge, state);
    return;
  }
  const jump = new Inst("jump", [], inst.pos);
  jump.edges = [taken];
  e.put(jump);
  e.leave(taken, state);
}

/** The only edge that a branch takes whose condition has become a constant. */
function takenEdge(e: Escape, { op, args, edges }: Inst): Edge | null {
  if (op !== "branch" && op !== "switch") return null;
  const condition = known(e, args[0]!);
  if (condition === undefined) return null;
  const number = Number(condition.cell);
  return edges[op === "branch" ? (number !== 0 ? 0 : 1) : Math.min(number >>> 0, edges.length - 1)]!;
}

/** The constant that the value is, if the analysis has found out so or the function says it. */
function known(e: Escape, value: Value): Constant | undefined {
  const held = e.names.find(value);
  if (held < 0) return undefined;
  const inst = e.definitions.definition(held as Value);
  return inst?.op === "const" ? constantOf(e.func, inst) : e.constants.constant(held);
}

function constant(e: Escape, inst: Inst, cell: Constant): void {
  e.names.setHeld(inst.result, e.constants.value(cell));
}

/** What has constants for operands since the analysis knows more. */
function folded(e: Escape, inst: Inst): boolean {
  if (inst.result === NO_VALUE || !canEvaluate(inst.op) || effectsOf(inst).some((effect) => effect !== "traps"))
    return false;
  if (inst.args.every((arg) => e.names.find(arg) === arg)) return false;
  const constants: Constant[] = [];
  for (const arg of inst.args) {
    const one = known(e, arg);
    if (one === undefined) return false;
    constants.push(one);
  }
  const type = e.func.typeOf(inst.result);
  const cell = evaluate(inst.op, constants, type);
  if (cell === undefined) return false;
  constant(e, inst, { type, cell });
  return true;
}

// ---- operations ---------------------------------------------------------------------------------------------------------------

function allocate(e: Escape, inst: Inst, state: State): boolean {
  const site = e.siteOf.get(inst);
  if (site === undefined || e.rejected.has(site)) return false;
  state.set(site, FRESH);
  e.names.setHeld(inst.result, ~site);
  return true;
}

/** What else the object may be, if it is a choice that is virtual. */
function otherOf(held: Held, state: State): Other | null {
  return held < 0 ? (state.get(~held)?.other ?? null) : null;
}

/** Whether it is an object that was allocated here, and no other. */
function isSure(e: Escape, held: Held): boolean {
  return held < 0 && !e.isChoice(~held);
}

function checkNull(e: Escape, inst: Inst, state: State): boolean {
  const held = e.names.find(inst.args[0]!);
  if (isSure(e, held)) return true;
  const other = otherOf(held, state);
  if (other === null) return false;
  if (inst.unwind !== null) e.leave(inst.unwind, state);
  if (!e.isWriting) return true;
  const { pos } = inst;
  const isOther = e.emit("eqz", "i32", [other.flag], pos);
  const fails = e.emit("and", "i32", [isOther, e.emit("isnull", "i32", [other.ref], pos)], pos);
  const [throws, goesOn] = [e.newBlock(), e.newBlock()];
  throws.cold = true;
  e.branch(fails, throws, new Edge(goesOn, []), pos);
  e.goOnIn(throws);
  inst.args = [other.ref];
  e.put(inst);
  if (inst.unwind !== null) {
    const never = e.newBlock();
    never.cold = true;
    e.jump(never, [], pos);
    e.goOnIn(never);
  }
  e.put(new Inst("unreachable", [], pos));
  e.goOnIn(goesOn);
  return true;
}

function isNull(e: Escape, inst: Inst, state: State): boolean {
  const held = e.names.find(inst.args[0]!);
  if (isSure(e, held)) {
    constant(e, inst, { type: "i32", cell: 0 });
    return true;
  }
  const other = otherOf(held, state);
  if (other === null) return false;
  if (e.isWriting) {
    const isOther = e.emit("eqz", "i32", [other.flag], inst.pos);
    e.emit("and", "i32", [isOther, e.emit("isnull", "i32", [other.ref], inst.pos)], inst.pos, inst.result);
  }
  return true;
}

/** An object is only equal to itself; one that is virtual, to nothing that came from elsewhere. */
function compare(e: Escape, inst: Inst, state: State): boolean {
  const [first, second] = inst.args as [Value, Value];
  const [a, b] = [e.names.find(first), e.names.find(second)];
  if ((a >= 0 && b >= 0) || e.names.inner(first) !== undefined || e.names.inner(second) !== undefined) return false;
  const isVirtualHeld = (held: Held): boolean => held < 0 && isVirtual(state, ~held);
  const [otherA, otherB] = [otherOf(a, state), otherOf(b, state)];
  if (a !== b && (otherA !== null || otherB !== null)) return compareChoices(e, inst, state, otherA, otherB);
  if (a !== b && !isVirtualHeld(a) && !isVirtualHeld(b) && !(isSure(e, a) && isSure(e, b))) return false;
  constant(e, inst, { type: "i32", cell: (a === b) === (inst.op === "refeq") ? 1 : 0 });
  return true;
}

/** They are equal if both are the other, and these are equal. */
function compareChoices(e: Escape, inst: Inst, state: State, a: Other | null, b: Other | null): boolean {
  const [first, second] = inst.args as [Value, Value];
  for (const [arg, other] of [
    [first, a],
    [second, b],
  ] as const) {
    const held = e.names.find(arg);
    if (other !== null || held >= 0 || !isVirtual(state, ~held)) continue;
    constant(e, inst, { type: "i32", cell: inst.op === "refeq" ? 0 : 1 });
    return true;
  }
  if (!e.isWriting) return true;
  const { pos } = inst;
  const refs = [a?.ref ?? e.use(first, state, pos), b?.ref ?? e.use(second, state, pos)];
  const isEq = inst.op === "refeq";
  let result = e.emit(inst.op, "i32", refs, pos);
  const flags = [a, b].flatMap((other) => (other === null ? [] : [other.flag]));
  flags.forEach((flag, index) => {
    const last = index === flags.length - 1 ? inst.result : e.func.newValue("i32");
    // Not equal if one is the virtual object.
    const which = isEq ? e.emit("eqz", "i32", [flag], pos) : flag;
    result = e.emit(isEq ? "and" : "or", "i32", [which, result], pos, last);
  });
  return true;
}

/** A place in an object: what the pointer is, is computed where it is used. */
function pointInto(e: Escape, inst: Inst): boolean {
  const [pointer, distance] = inst.args as [Value, Value];
  const held = e.names.find(pointer);
  const base = held < 0 ? { object: ~held, offset: 0 } : e.names.inner(pointer);
  const by = known(e, distance);
  if (base === undefined || by === undefined || e.func.typeOf(inst.result) !== "iref") return false;
  e.names.setInner(inst.result, base.object, (base.offset + Number(by.cell)) | 0);
  return true;
}

function select(e: Escape, inst: Inst): boolean {
  const [condition, first, second] = inst.args as [Value, Value, Value];
  const which = known(e, condition);
  if (which !== undefined) {
    const taken = which.cell !== 0 ? first : second;
    const inner = e.names.inner(taken);
    if (inner !== undefined) e.names.setInner(inst.result, inner.object, inner.offset);
    else e.names.setHeld(inst.result, e.names.find(taken));
    return true;
  }
  const held = e.names.find(first);
  if (held >= 0 || held !== e.names.find(second)) return false;
  e.names.setHeld(inst.result, held);
  return true;
}

/** The virtual object that a memory operation is about, and where in it. */
function placeOf(e: Escape, inst: Inst, state: State, bytes: number): { object: number; offset: number } | null {
  const [base] = inst.args as [Value];
  const held = e.names.find(base);
  const place = held < 0 ? { object: ~held, offset: 0 } : e.names.inner(base);
  if (place === undefined || !isVirtual(state, place.object)) return null;
  const offset = place.offset + inst.imm;
  if (offset < 0 || offset + bytes > e.sites[place.object]!.bytes) return null;
  return { object: place.object, offset };
}

function load(e: Escape, inst: Inst, state: State, bytes: number): boolean {
  const place = placeOf(e, inst, state, bytes);
  if (place === null) return false;
  const { fields, other } = state.get(place.object)!;
  const type = e.func.typeOf(inst.result);
  if (other !== null) return loadChoice(e, inst, fields.get(place.offset), other, place.offset, bytes);
  const field = fields.get(place.offset);
  if (field === undefined) {
    for (const [at, other] of fields) if (at < place.offset + bytes && place.offset < at + other.bytes) return false;
    if (type === "iref") return false;
    e.names.setHeld(inst.result, e.constants.zero(type));
    return true;
  }
  if (field.bytes !== bytes) return false;
  const how = conversion(inst.op, bytes, field.type, type);
  if (how === null) return false;
  if (how === "same") {
    e.names.setHeld(inst.result, field.held);
    return true;
  }
  convert(e, inst, how, field, type);
  return true;
}

/** What the virtual object holds, or what the other does. Null may be loaded from: the lowest memory is never used. */
function loadChoice(
  e: Escape,
  inst: Inst,
  field: Field | undefined,
  { flag, ref }: Other,
  offset: number,
  bytes: number,
): boolean {
  const type = e.func.typeOf(inst.result);
  if (field === undefined || field.bytes !== bytes || bytes < 4 || field.type !== type) return false;
  if (!e.isWriting) return true;
  const load = new Inst(inst.op, [ref], inst.pos);
  load.imm = offset;
  load.alias = inst.alias;
  load.result = e.func.newValue(type);
  e.put(load);
  e.emit("select", type, [flag, field.held as Value, load.result], inst.pos, inst.result);
  return true;
}

type Conversion = "same" | "bits" | "sext8" | "sext16" | "and";

/** How the value of a field becomes the one that a load gives. */
function conversion(op: Op, bytes: number, from: Type, to: Type): Conversion | null {
  if (op === "load8s") return "sext8";
  if (op === "load16s") return "sext16";
  if (bytes < 4) return "and";
  if (from === to) return "same";
  const pair = [from, to].sort().join(" ");
  return pair === "f32 i32" || pair === "f64 i64" || pair === "addr i32" ? "bits" : null;
}

function convert(e: Escape, inst: Inst, how: Exclude<Conversion, "same">, field: Field, type: Type): void {
  const args: Constant[] = [];
  const mask: Constant = { type: "i32", cell: field.bytes === 1 ? 0xff : 0xffff };
  const before = e.constants.constant(field.held);
  if (before !== undefined) {
    args.push(before);
    if (how === "and") args.push(mask);
    const cell = evaluate(how, args, type);
    if (cell !== undefined) return constant(e, inst, { type, cell });
  }
  const made = new Inst(how, [field.held as Value], inst.pos);
  if (how === "and") made.args.push(e.constants.value(mask));
  made.result = inst.result;
  e.put(made);
}

function store(e: Escape, inst: Inst, state: State, bytes: number): boolean {
  const place = placeOf(e, inst, state, bytes);
  if (place === null) return false;
  if (state.get(place.object)!.other !== null) return false;
  const value = inst.args[1]!;
  const type = e.func.typeOf(value);
  // A pointer into an object cannot be kept in one.
  if (type === "iref" || e.names.inner(value) !== undefined) return false;
  const next = withField(state.get(place.object)!, place.offset, {
    bytes,
    type,
    held: e.canonical(e.names.find(value)),
    alias: inst.alias,
  });
  if (next === null) return false;
  state.set(place.object, next);
  return true;
}

/** The bytes of an allocation whose size is a constant; 0 if it is not. */
export function constantSize(func: Func, size: Inst | undefined): number {
  return size?.op === "const" ? Number(constantOf(func, size).cell) : 0;
}
