/**
 * Control flow.
 *
 * Takes      any function.
 * Leaves     no block that cannot be reached; no branch or switch on a constant, or whose ways are all the same; no edge to a block that
 *            only jumps on (unwind edges may lead to one); no jump to a block that nothing else leads to, but behind an
 *            instruction with an unwind edge, where I9 wants it.
 * Relies on  I5: what a block without instructions of its own passes on is defined wherever one can come from to it.
 * Costs      a few walks over the blocks; instructions are moved once per round.
 * Shown by   tests/passes/cfg-*.ir
 */
import { type Block, type Edge, eachSuccessor, Inst, removeUnreachable, terminator, type Value } from "#ir";
import { DefinitionTable } from "./definitions.ts";
import type { Pass, Work } from "./pass.ts";
import { Renaming } from "./rename.ts";

/** Each round may make new constants known; more than these are not worth it. */
const MAX_ROUNDS = 8;
/** How many blocks in a row an edge may skip. */
const MAX_SKIPPED = 16;

export const cfg: Pass = {
  name: "cfg",
  says: "Drops what cannot be reached, decides constant branches, skips empty blocks, and joins blocks that follow each other.",
  run: (work) => {
    removeUnreachable(work.func);
    // Nothing here makes or changes an instruction that has a result.
    const definitions = new DefinitionTable(work.func);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const before = work.rewrites;
      const decided = decide(work, definitions);
      const skipped = skip(work);
      if (decided || skipped) removeUnreachable(work.func);
      join(work);
      if (work.rewrites === before) break;
    }
  },
  makes: ["reachable"],
  breaks: ["dominators"],
};

// ---- ends of blocks ---------------------------------------------------------------------------------------------------------------

function decide(work: Work, definitions: DefinitionTable): boolean {
  const before = work.rewrites;
  for (const block of work.func.blocks) {
    const { op } = terminator(block);
    if (op !== "branch" && op !== "switch") continue;
    for (;;) {
      const better = betterEnd(work, definitions, terminator(block));
      if (better === null) break;
      block.insts[block.insts.length - 1] = better;
    }
  }
  return work.rewrites !== before;
}

/** What may stand for a branch or switch, or null. */
function betterEnd(work: Work, definitions: DefinitionTable, end: Inst): Inst | null {
  if (end.op !== "branch" && end.op !== "switch") return null;
  const [value] = end.args as [Value];
  const { edges } = end;
  const first = edges[0]!;
  const condition = definitions.definition(value);
  if (condition?.op === "const") {
    const last = edges.length - 1;
    const taken = end.op === "branch" ? (condition.imm !== 0 ? 0 : 1) : Math.min(condition.imm >>> 0, last);
    return work.spend("constant condition", value) ? ending("jump", [], [edges[taken]!], end.pos) : null;
  }
  if (edges.every((edge) => isSameEdge(edge, first))) {
    return work.spend("one way", value) ? ending("jump", [], [first], end.pos) : null;
  }
  if (end.op === "switch") {
    if (edges.length !== 2) return null;
    const [zero, others] = edges as [Edge, Edge];
    return work.spend("two ways", value) ? ending("branch", [value], [others, zero], end.pos) : null;
  }
  if (condition === undefined) return null;
  const [operand, other] = condition.args as [Value, Value];
  if (condition.op === "eqz" && definitions.func.typeOf(operand) === "i32") {
    const turned = [edges[1]!, edges[0]!];
    return work.spend("branch on eqz", value) ? ending("branch", [operand], turned, end.pos) : null;
  }
  if (condition.op === "ne" && definitions.isNumber(other, 0)) {
    return work.spend("branch on ne 0", value) ? ending("branch", [operand], edges, end.pos) : null;
  }
  return null;
}

function ending(op: "jump" | "branch", args: Value[], edges: readonly Edge[], pos: number): Inst {
  const inst = new Inst(op, args, pos);
  inst.edges = edges;
  return inst;
}

function isSameEdge(a: Edge, b: Edge): boolean {
  return a.target === b.target && a.args.every((arg, i) => arg === b.args[i]);
}

// ---- blocks that only jump on -----------------------------------------------------------------------------------------------------

function skip(work: Work): boolean {
  const before = work.rewrites;
  const { func } = work;
  const trivial = new Set<Block>();
  for (const block of func.blocks) {
    if (block.id !== 0 && block.insts.length === 1 && block.insts[0]!.op === "jump") trivial.add(block);
  }
  if (trivial.size === 0) return false;
  keepUsedElsewhere(work, trivial);
  for (const block of func.blocks) {
    for (const edge of terminator(block).edges) {
      for (let count = 0; count < MAX_SKIPPED && trivial.has(edge.target); count++) {
        const through = edge.target;
        const next = terminator(through).edges[0]!;
        if (next.target === through || through === block || !work.spend("skip a block")) break;
        const given = edge.args;
        edge.args = next.args.map((arg) => {
          const index = through.params.indexOf(arg);
          return index < 0 ? arg : given[index]!;
        });
        edge.target = next.target;
      }
    }
  }
  return work.rewrites !== before;
}

/** Takes blocks away whose parameters are used in other blocks: those rely on coming through here. */
function keepUsedElsewhere(work: Work, trivial: Set<Block>): void {
  const home = new Map<Value, Block>();
  for (const block of trivial) for (const param of block.params) home.set(param, block);
  if (home.size === 0) return;
  const use = (value: Value, user: Block): void => {
    const block = home.get(value);
    if (block !== undefined && block !== user) trivial.delete(block);
  };
  for (const block of work.func.blocks) {
    for (const inst of block.insts) for (const arg of inst.args) use(arg, block);
    eachSuccessor(block, (edge) => {
      for (const arg of edge.args) use(arg, block);
    });
  }
}

// ---- blocks that follow each other ------------------------------------------------------------------------------------------------

function join(work: Work): void {
  const { func } = work;
  const incoming = new Int32Array(func.blocks.length);
  const count = (edge: Edge): void => {
    incoming[edge.target.id]! += 1;
  };
  for (const block of func.blocks) eachSuccessor(block, count);
  /** The block that the jump at the end leads to, if nothing else does. */
  const follower = (block: Block): Block | null => {
    const { insts } = block;
    const end = insts[insts.length - 1]!;
    if (end.op !== "jump") return null;
    const { target } = end.edges[0]!;
    if (target.id === 0 || target === block || incoming[target.id] !== 1) return null;
    const before = insts[insts.length - 2];
    return before !== undefined && before.unwind !== null ? null : target;
  };
  const follows = new Uint8Array(func.blocks.length);
  for (const block of func.blocks) {
    const next = follower(block);
    if (next !== null) follows[next.id] = 1;
  }
  const renaming = new Renaming();
  const gone = new Set<Block>();
  for (const block of func.blocks) {
    // Begin where a row of blocks begins, so that nothing is moved twice.
    if (follows[block.id] === 1) continue;
    for (let next = follower(block); next !== null; next = follower(block)) {
      if (!work.spend("join two blocks")) break;
      const jump = block.insts.pop()!;
      const { args } = jump.edges[0]!;
      for (let i = 0; i < args.length; i++) renaming.replace(next.params[i]!, args[i]!);
      for (const inst of next.insts) block.insts.push(inst);
      block.cold ||= next.cold;
      gone.add(next);
    }
  }
  if (gone.size === 0) return;
  func.blocks = func.blocks.filter((block) => !gone.has(block));
  for (let i = 0; i < func.blocks.length; i++) func.blocks[i]!.id = i;
  renaming.apply(func);
}
