/**
 * Branches, switches, subroutines and returns.
 */
import type { Block, Op, Type, Value } from "#ir";
import { NO_VALUE } from "#ir";
import type { FlowBlock } from "./flow.ts";
import type { Translation } from "./translation.ts";

/** The IR block of a block of bytecode. */
export function irBlock(t: Translation, block: FlowBlock): Block {
  if (block.ir === null) block.ir = t.b.block();
  return block.ir;
}

/** Control may go from here to the instruction: its block, with the stack as it is. */
function destination(t: Translation, pc: number): FlowBlock {
  const block = t.flow.blockAt(pc);
  // JVMS §4.9.2: execution never falls off the bottom of the code.
  if (block === undefined) t.fail("Falling off the end of the code");
  t.leadsTo(block);
  return block;
}

/** A loop cannot go on without a poll: each branch that does not go forward has one. */
function pollIfBackward(t: Translation, target: number): void {
  if (target <= t.walker.pc) t.b.poll();
}

/** Goes on at the pc. */
export function goTo(t: Translation, pc: number): void {
  pollIfBackward(t, pc);
  t.flush();
  t.b.jump(irBlock(t, destination(t, pc)));
}

/** Falls from the block's last instruction into the block at the pc. */
export function fallInto(t: Translation, pc: number): void {
  t.flush();
  t.b.jump(irBlock(t, destination(t, pc)));
}

/** Goes to the walker's target if the value is (with `negated`: is not) 0, else on. */
function branch(
  t: Translation,
  condition: Value,
  negated: boolean,
  nonNull: Value | null,
  nonNullTaken: boolean,
): void {
  const { target, nextPc } = t.walker;
  t.flush();
  const taken = destination(t, target);
  const next = destination(t, nextPc);
  if (taken === next) {
    t.b.jump(irBlock(t, taken));
    return;
  }
  if (nonNull !== null) {
    const known = nonNullTaken ? taken : next;
    if (known.predecessors === 1 && !known.isHandler) t.setNonNullIn(nonNull, known);
  }
  if (negated) t.b.branch(condition, irBlock(t, next), irBlock(t, taken));
  else t.b.branch(condition, irBlock(t, taken), irBlock(t, next));
}

const INT_CONDITIONS: readonly Op[] = ["eq", "ne", "slt", "sge", "sgt", "sle"];

/** ifeq ... ifle, opcodes 153 to 158. */
export function ifZero(t: Translation, opcode: number): void {
  pollIfBackward(t, t.walker.target);
  const value = t.pop("i32");
  if (opcode === 153) return branch(t, value, true, null, false);
  if (opcode === 154) return branch(t, value, false, null, false);
  branch(t, t.b.op(INT_CONDITIONS[opcode - 153]!, value, t.i32(0)), false, null, false);
}

/** if_icmpeq ... if_icmple, opcodes 159 to 164. */
export function ifCompare(t: Translation, opcode: number): void {
  pollIfBackward(t, t.walker.target);
  const right = t.pop("i32");
  const left = t.pop("i32");
  branch(t, t.b.op(INT_CONDITIONS[opcode - 159]!, left, right), false, null, false);
}

/** if_acmpeq and if_acmpne. */
export function ifSame(t: Translation, opcode: number): void {
  pollIfBackward(t, t.walker.target);
  const right = t.pop("ref");
  const left = t.pop("ref");
  branch(t, t.b.op(opcode === 165 ? "refeq" : "refne", left, right), false, null, false);
}

/** ifnull and ifnonnull. */
export function ifNull(t: Translation, opcode: number): void {
  pollIfBackward(t, t.walker.target);
  const value = t.pop("ref");
  branch(t, t.b.op("isnull", value), opcode === 199, value, opcode === 199);
}

/** What a comparison and the branch after it come to: the operation, and whether the branch is taken when it is 0. */
type Fused = readonly [op: Op, negated: boolean];

// Rows: ifeq, ifne, iflt, ifge, ifgt, ifle. A comparison with a NaN gives 0, but fne.
const FUSED_LESS: readonly Fused[] = [
  ["feq", false],
  ["fne", false],
  ["fge", true],
  ["fge", false],
  ["fgt", false],
  ["fgt", true],
];
const FUSED_GREATER: readonly Fused[] = [
  ["feq", false],
  ["fne", false],
  ["flt", false],
  ["flt", true],
  ["fle", true],
  ["fle", false],
];

/** Translates a comparison together with the branch that follows, if one does: opcodes 148 to 152. */
export function compareAndBranch(t: Translation, opcode: number): boolean {
  const { walker } = t;
  const { nextPc } = walker;
  if (nextPc >= t.scope.end) return false;
  const next = walker.code[nextPc]!;
  if (next < 153 || next > 158) return false;
  const type: Type = opcode === 148 ? "i64" : opcode <= 150 ? "f32" : "f64";
  const right = t.pop(type);
  const left = t.pop(type);
  walker.next();
  pollIfBackward(t, walker.target);
  if (opcode === 148) {
    branch(t, t.b.op(INT_CONDITIONS[next - 153]!, left, right), false, null, false);
  } else {
    const rows = opcode === 149 || opcode === 151 ? FUSED_LESS : FUSED_GREATER;
    const [op, negated] = rows[next - 153]!;
    branch(t, t.b.op(op, left, right), negated, null, false);
  }
  return true;
}

// ---- switches -----------------------------------------------------------------------------------------------------------------

/** tableswitch and lookupswitch. */
export function switchOn(t: Translation): void {
  const { b, walker } = t;
  const { keys, targets, target, pc } = walker;
  if (target <= pc || targets.some((to) => to <= pc)) b.poll();
  const value = t.pop("i32");
  t.flush();
  const otherwise = irBlock(t, destination(t, target));
  const blocks = targets.map((to) => irBlock(t, destination(t, to)));
  if (keys.length === 0) b.jump(otherwise);
  else search(t, value, keys, blocks, otherwise, 0, keys.length);
}

/** Up to this many keys are compared one after the other. */
const LINEAR_KEYS = 3;
/** A table may have this many entries per key. */
const TABLE_DENSITY = 3;

/** Finds the value among keys[from..to), which are ascending. */
function search(
  t: Translation,
  value: Value,
  keys: readonly number[],
  blocks: readonly Block[],
  otherwise: Block,
  from: number,
  to: number,
): void {
  const { b } = t;
  const count = to - from;
  const low = keys[from]!;
  const span = keys[to - 1]! - low + 1;
  if (count > LINEAR_KEYS && span <= count * TABLE_DENSITY) {
    const table: Block[] = new Array<Block>(span).fill(otherwise);
    for (let i = from; i < to; i++) table[keys[i]! - low] = blocks[i]!;
    const index = low === 0 ? value : b.op("sub", value, t.i32(low));
    b.switch(index, table, otherwise);
    return;
  }
  if (count <= LINEAR_KEYS) {
    for (let i = from; i < to; i++) {
      const matches = b.op("eq", value, t.i32(keys[i]!));
      if (i === to - 1) {
        b.branch(matches, blocks[i]!, otherwise);
        return;
      }
      const rest = b.block();
      b.branch(matches, blocks[i]!, rest);
      b.seal(rest);
      b.switchTo(rest);
    }
  }
  const middle = (from + to) >> 1;
  const below = b.block();
  const above = b.block();
  b.branch(b.op("slt", value, t.i32(keys[middle]!)), below, above);
  b.seal(below);
  b.seal(above);
  b.switchTo(below);
  search(t, value, keys, blocks, otherwise, from, middle);
  b.switchTo(above);
  search(t, value, keys, blocks, otherwise, middle, to);
}

// ---- subroutines --------------------------------------------------------------------------------------------------------------

/** jsr and jsr_w: the return address is the instruction's number. */
export function jumpToSubroutine(t: Translation): void {
  const { target } = t.walker;
  pollIfBackward(t, target);
  t.push(t.i32(t.scope.jsrSite));
  t.flush();
  t.b.jump(irBlock(t, destination(t, target)));
}

/** ret: goes to what follows the jsr instruction of the number. */
export function returnFromSubroutine(t: Translation): void {
  const { b } = t;
  const address = t.readLocal(t.walker.index, "i32");
  const mayFollow = t.scope.successors;
  const first = mayFollow[0];
  if (first === undefined) t.fail("ret without jsr");
  b.poll();
  t.flush();
  for (const block of mayFollow) t.leadsTo(block);
  const otherwise = irBlock(t, first);
  const table = t.flow.jsrSites.map((site) => (mayFollow.includes(site.next) ? irBlock(t, site.next) : otherwise));
  b.switch(address, table, otherwise);
}

// ---- returns ------------------------------------------------------------------------------------------------------------------

/** The type that ireturn ... areturn take, opcodes 172 to 176. */
const RETURN_TYPES: readonly Type[] = ["i32", "i64", "f32", "f64", "ref"];

/** ireturn ... return, opcodes 172 to 177; `leave` is emitted before the method returns. */
export function returnFromMethod(t: Translation, opcode: number, leave: () => void): void {
  const { result } = t.method.signature;
  if (opcode === 177) {
    if (result !== null) t.fail("Wrong return type in function");
    leave();
    t.leaveMethod(NO_VALUE);
    return;
  }
  const type = RETURN_TYPES[opcode - 172]!;
  if (result !== type) t.fail("Wrong return type in function");
  let value = t.pop(type);
  if (type === "i32") value = narrow(t, value, t.method.descriptor.charCodeAt(t.method.descriptor.length - 1));
  leave();
  t.leaveMethod(value);
}

/** JVMS §6.5 ireturn, putfield: an int goes into a boolean, byte, char or short by its low bits. */
export function narrow(t: Translation, value: Value, kind: number): Value {
  const constant = t.constantOf(value);
  switch (kind) {
    case 90: // Z
      return constant !== undefined && constant >>> 0 <= 1 ? value : t.b.op("and", value, t.i32(1));
    case 66: // B
      return constant !== undefined && (constant << 24) >> 24 === constant ? value : t.b.op("sext8", value);
    case 67: // C
      return constant !== undefined && (constant & 0xffff) === constant ? value : t.b.op("and", value, t.i32(0xffff));
    case 83: // S
      return constant !== undefined && (constant << 16) >> 16 === constant ? value : t.b.op("sext16", value);
    default:
      return value;
  }
}
