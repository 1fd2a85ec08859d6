/**
 * Counting how often a function runs.
 *
 * Takes      a function whose loops poll as they will, the address of a word, and the slot's number.
 * Leaves     the word counts down at the entry, and before each poll by more. Where it is 0 or below, `vm.hot` is called with the slot.
 * Relies on  nothing: the word may be changed by others at the same time, and counts may be lost.
 * Costs      a load, a store and a branch that is not taken, at each of these places.
 * Shown by   tests/threads/tiers.test.ts
 */
import { type Block, Edge, type Func, type HostFunction, Inst, type Op, signature, type Value } from "#ir";

const HOT: HostFunction = { name: "vm.hot", signature: signature(["i32"], null), pure: true };
/** What a poll counts: the loop has then run many times (src/passes/polls.ts), or its body is long. */
const PER_POLL = 100;
const PER_CALL = 1;

export function countCalls(func: Func, word: number, slot: number): void {
  const polling = func.blocks.filter((block) => block.insts.some((inst) => inst.op === "poll"));
  for (const block of polling) {
    const at = block.insts.findIndex((inst) => inst.op === "poll");
    count(func, block, at, word, slot, block.cold ? PER_POLL : PER_CALL);
  }
  count(func, func.entry, 0, word, slot, PER_CALL);
}

/** Counts in front of the block's instruction. */
function count(func: Func, block: Block, at: number, word: number, slot: number, by: number): void {
  const pos = block.insts[at]!.pos;
  const after = func.newBlock();
  after.cold = block.cold;
  after.insts = block.insts.splice(at);
  const hot = func.newBlock();
  hot.cold = true;
  const emit = (into: Block, op: Op, type: "i32" | "addr" | null, args: Value[], imm = 0): Value => {
    const inst = new Inst(op, args, pos);
    inst.imm = imm;
    if (type !== null) inst.result = func.newValue(type);
    into.insts.push(inst);
    return inst.result;
  };
  const address = emit(block, "const", "addr", [], word);
  const left = emit(block, "sub", "i32", [emit(block, "load", "i32", [address]), emit(block, "const", "i32", [], by)]);
  emit(block, "store", null, [address, left]);
  const isHot = emit(block, "sle", "i32", [left, emit(block, "const", "i32", [])]);
  const branch = new Inst("branch", [isHot], pos);
  branch.edges = [new Edge(hot, []), new Edge(after, [])];
  block.insts.push(branch);
  const call = new Inst("callhost", [emit(hot, "const", "i32", [], slot)], pos);
  call.host = HOT;
  call.signature = HOT.signature;
  hot.insts.push(call);
  const jump = new Inst("jump", [], pos);
  jump.edges = [new Edge(after, [])];
  hot.insts.push(jump);
}
