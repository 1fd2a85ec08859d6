/**
 * Small functions in their callers.
 *
 * Takes      a function, and where to find what its calls go to.
 * Leaves     calls of small functions are a test whether the slot still holds that function, the function's blocks, and, if it does not,
 *            the call as it was. Positions of what was expanded are positions in the callee, called at the call.
 * Relies on  the guard's word being 0 as long as the slot holds the function, and changing at safepoints only.
 * Costs      linear in what is added, at most LIMITS.growth instructions.
 * Shown by   tests/passes/expand.test.ts
 *
 * Stays a call: one with an unwind edge, one in a cold block, and one of a function that has loops, wants to know its stack pointer or slot, or has memory
 * in its frame. A function is expanded in itself too, some levels deep.
 */
import { type Block, Edge, type Func, Inst, NO_VALUE, type Op, type Value } from "#ir";

/** What the pass asks of who knows the slots. */
export interface Callees {
  /** The function that calls of the slot come to now, if it may be expanded. It is not changed. */
  functionAt(slot: number): Func | null;
  /** Address of a word that is 0 until the slot is given another function, and never again then. 0: that does not happen. */
  guardOf(slot: number): number;
}

export interface ExpandLimits {
  /** Instructions of the largest function that is expanded, without constants and cold blocks. */
  readonly size: number;
  /** Instructions that are added to one function at most. */
  readonly growth: number;
  /** How deep functions are expanded in expanded functions. */
  readonly depth: number;
}

const LIMITS: ExpandLimits = { size: 40, growth: 700, depth: 5 };

/** These mean something else in a caller; loops are better compiled by themselves. */
const NEVER: ReadonlySet<Op> = new Set<Op>(["ownslot", "stackpointer", "stackaddr", "tailcall", "poll"]);

/** Whether the function's blocks can stand in other functions. */
export function isExpandable(func: Func, largest = LIMITS.size): boolean {
  if (func.areas.length > 0 || func.inReserve) return false;
  let size = 0;
  for (const block of func.blocks) {
    for (const inst of block.insts) {
      if (NEVER.has(inst.op)) return false;
      // Constants cost nothing.
      if (inst.op !== "const" && !block.cold) size += 1;
    }
  }
  return size <= largest;
}

interface Site {
  readonly block: Block;
  readonly inst: Inst;
  readonly depth: number;
}

/** Expands calls; how many. The function must be reachable in all its blocks, and so must the callees. */
export function expandCalls(func: Func, callees: Callees, limits = LIMITS): number {
  const work: Site[] = [];
  for (const block of func.blocks) collect(block, 1, work);
  let growth = 0;
  let count = 0;
  // The outer ones first, so that what is called at the top is not left out for the depth of another call.
  for (let next = 0; next < work.length; next++) {
    const { inst, depth } = work[next]!;
    const slot = inst.imm;
    const callee = callees.functionAt(slot);
    if (callee === null || callee.signature.key !== inst.signature?.key || !isExpandable(callee, limits.size)) continue;
    let size = 0;
    for (const block of callee.blocks) size += block.insts.length;
    if (growth + size > limits.growth) continue;
    growth += size;
    count += 1;
    const added = expand(func, blockOf(func, inst), inst, callee, callees.guardOf(slot));
    if (depth < limits.depth) for (const block of added) collect(block, depth + 1, work);
  }
  return count;
}

function collect(block: Block, depth: number, into: Site[]): void {
  if (block.cold) return;
  for (const inst of block.insts) if (inst.op === "call" && inst.unwind === null) into.push({ block, inst, depth });
}

/** Expansions move instructions to other blocks. */
function blockOf(func: Func, inst: Inst): Block {
  return func.blocks.find((block) => block.insts.includes(inst))!;
}

/** Gives the blocks of the copy. */
function expand(func: Func, block: Block, call: Inst, callee: Func, guard: number): Block[] {
  const at = block.insts.indexOf(call);
  const after = func.newBlock();
  after.cold = block.cold;
  after.insts = block.insts.slice(at + 1);
  if (call.result !== NO_VALUE) after.params.push(call.result);
  block.insts.length = at;

  const values = new Map<Value, Value>();
  callee.entry.params.forEach((param, index) => {
    values.set(param, call.args[index]!);
  });
  const copies = callee.blocks.map((original) => {
    const copy = func.newBlock();
    copy.cold = original.cold;
    if (original !== callee.entry) {
      for (const param of original.params) values.set(param, func.addParam(copy, callee.typeOf(param)));
    }
    for (const { result } of original.insts)
      if (result !== NO_VALUE) values.set(result, func.newValue(callee.typeOf(result)));
    return copy;
  });
  const positions = new Map<number, number>();
  const position = (pos: number): number => {
    let found = positions.get(pos);
    if (found === undefined) {
      if (pos >= -1) found = func.inlinedPosition(callee.id, pos, call.pos);
      else {
        const inner = callee.inlined[-2 - pos]!;
        found = func.inlinedPosition(inner.id, inner.pos, position(inner.caller));
      }
      positions.set(pos, found);
    }
    return found;
  };
  const edge = ({ target, args }: Edge): Edge =>
    new Edge(
      copies[target.id]!,
      args.map((arg) => values.get(arg)!),
    );
  callee.blocks.forEach((original, index) => {
    const copy = copies[index]!;
    for (const inst of original.insts) {
      const args = inst.args.map((arg) => values.get(arg)!);
      if (inst.op === "return") {
        jump(copy, after, args, position(inst.pos));
        continue;
      }
      const made = inst.copy(args, position(inst.pos));
      if (inst.result !== NO_VALUE) made.result = values.get(inst.result)!;
      made.edges = inst.edges.map(edge);
      if (inst.unwind !== null) made.unwind = edge(inst.unwind);
      copy.insts.push(made);
    }
  });

  const entry = copies[0]!;
  if (guard === 0) {
    jump(block, entry, [], call.pos);
    return copies;
  }
  const address = new Inst("const", [], call.pos);
  address.imm = guard;
  address.result = func.newValue("addr");
  const test = new Inst("load", [address.result], call.pos);
  test.result = func.newValue("i32");
  const slow = func.newBlock();
  slow.cold = true;
  const branch = new Inst("branch", [test.result], call.pos);
  branch.edges = [new Edge(slow, []), new Edge(entry, [])];
  block.insts.push(address, test, branch);
  const results: Value[] = [];
  if (call.result !== NO_VALUE) {
    call.result = func.newValue(func.typeOf(call.result));
    results.push(call.result);
  }
  slow.insts.push(call);
  jump(slow, after, results, call.pos);
  return copies;
}

function jump(from: Block, to: Block, args: readonly Value[], pos: number): void {
  const inst = new Inst("jump", [], pos);
  inst.edges = [new Edge(to, [...args])];
  from.insts.push(inst);
}
