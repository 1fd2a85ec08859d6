/**
 * The control flow of a method's bytecode: basic blocks, exception edges, an order to translate them in, and which block dominates
 * which.
 *
 * Takes      a Code attribute, not verified.
 * Leaves     the blocks that can be reached, in reverse postorder; every instruction boundary and branch target checked.
 * Relies on  nothing: what breaks JVMS §4.9.1 is a VerifyError.
 * Costs      linear in the code; dominators nearly so, and above DOMINATOR_LIMIT blocks they are only approximated.
 */
import type { Block, Type } from "#ir";
import { BytecodeWalker } from "../bytecode.ts";
import type { CodeAttribute, ConstantPool, ExceptionHandler } from "../classfile/index.ts";
import { TAG_CLASS } from "../classfile/index.ts";
import { verifyFailure } from "./failure.ts";
import { connectSubroutines } from "./subroutines.ts";

/** A basic block of bytecode, and what is known of it while it is translated. */
export class FlowBlock {
  /** pc of the first instruction. */
  readonly start: number;
  /** pc after the last one. */
  end: number;
  /** Where control goes from its end, each block once. */
  readonly successors: FlowBlock[] = [];
  /** The distinct handler sets of its throwing instructions. */
  readonly sets: HandlerSet[] = [];
  /** Index in `Flow.order`, or -1: not reachable. */
  order = -1;
  /** Whether it is the target of a handler set that covers a reachable block. */
  isHandler = false;
  /** The handler sets that lead here. */
  readonly handlerOf: HandlerSet[] = [];
  /** Whether an exception may arrive from an instruction that does not come before it. */
  isBackwardHandler = false;
  /** Reachable blocks that lead here, by their end or by an exception. */
  readonly before: FlowBlock[] = [];
  /** Blocks whose end leads here. */
  predecessors = 0;
  /** Predecessors, and handler sets that lead here, whose edges are not emitted yet. */
  waiting = 0;
  /** Dominator tree as intervals: `a` dominates `b` if b.number is in [a.number, a.number + a.size). */
  number = 0;
  size = 1;
  /** Types on the operand stack at entry; null: no way here was found yet. */
  shape: readonly Type[] | null = null;
  /**
   * pc of the innermost loop's first block, or -1. A loop is what lies between the target of a backward branch and the branch: right for
   * what javac writes, and only used to choose between ways that are all right.
   */
  loopStart = -1;
  /** Whether it ends in athrow. */
  isCold = false;
  /** First tier: address of the word that counts how often it runs; 0: nothing does, so far. */
  counter = 0;
  /** Second tier: how often it is thought to run for each time that the outermost method begins. */
  frequency = 1;
  /** Number of the jsr instruction at the end, or -1. */
  jsrSite = -1;
  ir: Block | null = null;
  done = false;

  constructor(start: number) {
    this.start = start;
    this.end = start;
  }

  /** Whether what was found out anywhere in this block before its end holds at the start of the other; true for itself. */
  dominates(other: FlowBlock): boolean {
    return other.number >= this.number && other.number < this.number + this.size;
  }
}

/** The handlers that cover an instruction, in the order of the exception table, up to the first that catches all. */
export class HandlerSet {
  readonly entries: readonly ExceptionHandler[];
  readonly targets: readonly FlowBlock[];
  /** Reachable blocks with instructions covered by the set that are not emitted yet. */
  waiting = 0;
  /** The block that exceptions arrive at, made when the first instruction needs it; and the exception. */
  ir: Block | null = null;
  exception = -1;
  emitted = false;
  constructor(entries: readonly ExceptionHandler[], targets: readonly FlowBlock[]) {
    this.entries = entries;
    this.targets = targets;
  }
}

/** A jsr instruction. */
export interface JsrSite {
  readonly target: FlowBlock;
  readonly next: FlowBlock;
}

export interface Flow {
  readonly entry: FlowBlock;
  /** A scope above the entry: what holds in the whole method. */
  readonly root: FlowBlock;
  /** The reachable blocks. */
  readonly order: readonly FlowBlock[];
  /** The block that begins at a pc. */
  blockAt(pc: number): FlowBlock | undefined;
  /** The handlers of each pc, or null if the method has none. */
  readonly handlers: readonly (HandlerSet | null)[] | null;
  readonly sets: readonly HandlerSet[];
  /** By local: how many instructions store to it, up to 2. */
  readonly stores: Uint8Array;
  readonly jsrSites: readonly JsrSite[];
}

const START = 1;
const LEADER = 2;
/** Above this many blocks only blocks with one way in get a dominator: the exact algorithm may be quadratic. */
const DOMINATOR_LIMIT = 4000;
/** Bounds of the work on the exception table and of the sum of the sizes of all handler sets; not in spec. */
const HANDLER_WORK_LIMIT = 1 << 24;
const HANDLER_LIMIT = 1 << 18;

/** The instruction that ends a block. */
interface Jump {
  readonly pc: number;
  readonly next: number;
  readonly falls: boolean;
  readonly targets: readonly number[];
  readonly opcode: number;
}

/** By opcode: 1 if it may complete abruptly. */
const MAY_THROW = Uint8Array.from({ length: 256 }, (_, opcode) => (mayThrow(opcode) ? 1 : 0));

function mayThrow(opcode: number): boolean {
  if (opcode >= 18 && opcode <= 20) return true; // ldc
  if (opcode >= 46 && opcode <= 53) return true; // array loads
  if (opcode >= 79 && opcode <= 86) return true; // array stores
  if (opcode === 108 || opcode === 109 || opcode === 112 || opcode === 113) return true; // division
  if (opcode >= 172 && opcode <= 177) return false; // returns
  return opcode >= 178 && opcode <= 197 && opcode !== 196; // fields, calls, objects
}

/** Finds the blocks. `where` names the method in messages. */
export function analyzeFlow(attribute: CodeAttribute, constants: ConstantPool, where: string, allowJsr: boolean): Flow {
  const { code } = attribute;
  if (code.length === 0) verifyFailure("Code is empty", where, 0);
  const marks = new Uint8Array(code.length + 1);
  const stores = new Uint8Array(attribute.maxLocals);
  const jumps = scan(code, marks, stores, where, allowJsr);
  const table = attribute.handlers;
  for (const entry of table) checkHandler(entry, code.length, marks, constants, where);
  if (jumps.length === 1 && table.length === 0 && jumps[0]!.next === code.length && jumps[0]!.targets.length === 0) {
    return straightLine(code.length, stores);
  }

  const byPc = new Map<number, FlowBlock>();
  const blocks: FlowBlock[] = [];
  marks[0]! |= LEADER;
  let last: FlowBlock | null = null;
  for (let pc = 0; pc < code.length; pc++) {
    const mark = marks[pc]!;
    if ((mark & LEADER) === 0) continue;
    if ((mark & START) === 0) verifyFailure("Illegal target of jump or branch", where, pc);
    if (last !== null) last.end = pc;
    last = new FlowBlock(pc);
    byPc.set(pc, last);
    blocks.push(last);
  }
  last!.end = code.length;

  const jsrSites: JsrSite[] = [];
  const retBlocks: FlowBlock[] = [];
  let nextJump = 0;
  for (const block of blocks) {
    const jump = jumps[nextJump];
    if (jump === undefined || jump.pc >= block.end) {
      addSuccessor(block, byPc.get(block.end));
      continue;
    }
    nextJump += 1;
    if (jump.opcode === 191) block.isCold = true;
    if (jump.opcode === 168 || jump.opcode === 201) {
      const next = byPc.get(jump.next);
      if (next === undefined) verifyFailure("Falling off the end of the code", where, jump.pc);
      block.jsrSite = jsrSites.length;
      jsrSites.push({ target: byPc.get(jump.targets[0]!)!, next });
    } else if (jump.opcode === 169) {
      retBlocks.push(block);
    }
    for (const target of jump.targets) addSuccessor(block, byPc.get(target));
    if (jump.falls) addSuccessor(block, byPc.get(jump.next));
  }

  markLoops(blocks, jumps);

  const sets: HandlerSet[] = [];
  const handlers = table.length === 0 ? null : handlerSets(table, code.length, byPc, sets, where);
  if (handlers !== null) {
    for (const block of blocks) attachSets(block, code, marks, handlers);
  }
  const entry = blocks[0]!;
  if (retBlocks.length > 0) connectSubroutines(jsrSites, retBlocks, where);
  const order = reversePostorder(entry);
  for (const block of order) {
    for (const successor of block.successors) {
      successor.predecessors += 1;
      successor.waiting += 1;
      successor.before.push(block);
    }
    for (const set of block.sets) {
      for (const target of set.targets) target.before.push(block);
      if (set.waiting === 0) {
        for (const target of set.targets) {
          target.isHandler = true;
          target.waiting += 1;
        }
      }
      set.waiting += 1;
    }
  }
  const root = new FlowBlock(0);
  dominators(order, root);
  return {
    entry,
    root,
    order,
    blockAt: (pc) => byPc.get(pc),
    handlers,
    sets,
    stores,
    jsrSites,
  };
}

/** The flow of code that is one block and nothing else. */
export function straightLine(length: number, stores: Uint8Array): Flow {
  const entry = new FlowBlock(0);
  entry.end = length;
  entry.order = 0;
  entry.number = 1;
  const root = new FlowBlock(0);
  root.size = 2;
  return {
    entry,
    root,
    order: [entry],
    blockAt: (pc) => (pc === 0 ? entry : undefined),
    handlers: null,
    sets: [],
    stores,
    jsrSites: [],
  };
}

function addSuccessor(block: FlowBlock, target: FlowBlock | undefined): void {
  // None past the end: the translation of the block's last instruction reports it, if it can be reached.
  if (target === undefined) return;
  const list = block.successors;
  // A long list is a switch's, whose targets were made distinct.
  if (list.length < 16 && list.includes(target)) return;
  list.push(target);
}

/** Fills in loopStart. */
function markLoops(blocks: readonly FlowBlock[], jumps: readonly Jump[]): void {
  /** By first pc: the last pc. */
  const ends = new Map<number, number>();
  for (const jump of jumps) {
    for (const target of jump.targets) {
      if (target <= jump.pc) ends.set(target, jump.pc);
    }
  }
  if (ends.size === 0) return;
  const open: { readonly start: number; readonly end: number }[] = [];
  for (const block of blocks) {
    while (open.length > 0 && open[open.length - 1]!.end < block.start) open.pop();
    const end = ends.get(block.start);
    if (end !== undefined) open.push({ start: block.start, end });
    const innermost = open[open.length - 1];
    if (innermost !== undefined) block.loopStart = innermost.start;
  }
}

/** Walks the code once: where instructions begin, where blocks begin, what ends them, and which locals are stored to. */
function scan(code: Uint8Array, marks: Uint8Array, stores: Uint8Array, where: string, allowJsr: boolean): Jump[] {
  const jumps: Jump[] = [];
  const walker = new BytecodeWalker(code, where);
  const store = (index: number): void => {
    const count = stores[index];
    if (count !== undefined && count < 2) stores[index] = count + 1;
  };
  while (walker.next()) {
    const { pc, opcode } = walker;
    marks[pc]! |= START;
    if (opcode < 54) continue;
    if (opcode <= 58) {
      store(walker.index);
      continue;
    }
    if (opcode <= 78) {
      store((opcode - 59) & 3);
      continue;
    }
    if (opcode === 132) {
      store(walker.index);
      continue;
    }
    if (opcode < 153) continue;
    let falls = false;
    let targets: readonly number[] = NONE;
    if (opcode <= 166 || opcode === 198 || opcode === 199) {
      falls = true;
      targets = [walker.target];
    } else if (opcode === 167 || opcode === 200) {
      targets = [walker.target];
    } else if (opcode === 168 || opcode === 201) {
      // JVMS §4.9.1: not in class files of version 51.0 or above.
      if (!allowJsr) verifyFailure("Bad instruction", where, pc);
      targets = [walker.target];
    } else if (opcode === 169) {
      if (!allowJsr) verifyFailure("Bad instruction", where, pc);
    } else if (opcode === 170 || opcode === 171) {
      targets = [...new Set([...walker.targets, walker.target])];
    } else if (opcode > 177 && opcode !== 191) {
      continue;
    }
    for (const target of targets) marks[target]! |= LEADER;
    const next = walker.nextPc;
    marks[next]! |= LEADER;
    jumps.push({ pc, next, falls, targets, opcode });
  }
  return jumps;
}

const NONE: readonly number[] = [];

/** JVMS §4.7.3 exception_table: the range and the handler lie at instructions, and the type is a class. */
function checkHandler(
  entry: ExceptionHandler,
  length: number,
  marks: Uint8Array,
  constants: ConstantPool,
  where: string,
): void {
  const { startPc, endPc, handlerPc } = entry;
  const good =
    startPc < endPc &&
    endPc <= length &&
    (marks[startPc]! & START) !== 0 &&
    (endPc === length || (marks[endPc]! & START) !== 0) &&
    handlerPc < length &&
    (marks[handlerPc]! & START) !== 0;
  if (!good) verifyFailure("Illegal exception table range", where, startPc);
  if (entry.catchTypeIndex !== 0 && constants.tag(entry.catchTypeIndex) !== TAG_CLASS) {
    verifyFailure("Catch type is no class", where, handlerPc);
  }
  marks[handlerPc]! |= LEADER;
}

/** The set of each pc; equal ones are one object. */
function handlerSets(
  table: readonly ExceptionHandler[],
  length: number,
  byPc: ReadonlyMap<number, FlowBlock>,
  sets: HandlerSet[],
  where: string,
): (HandlerSet | null)[] {
  const result: (HandlerSet | null)[] = new Array<HandlerSet | null>(length).fill(null);
  const borders = new Set<number>();
  for (const entry of table) {
    borders.add(entry.startPc);
    borders.add(entry.endPc);
  }
  const sorted = [...borders].sort((a, b) => a - b);
  const known = new Map<string, HandlerSet>();
  let work = 0;
  let total = 0;
  for (let i = 0; i + 1 < sorted.length; i++) {
    const from = sorted[i]!;
    const to = sorted[i + 1]!;
    const entries: ExceptionHandler[] = [];
    let key = "";
    work += table.length;
    if (work > HANDLER_WORK_LIMIT || total > HANDLER_LIMIT) verifyFailure("Exception table is too large", where, from);
    for (let row = 0; row < table.length; row++) {
      const entry = table[row]!;
      if (entry.startPc > from || entry.endPc <= from) continue;
      entries.push(entry);
      key += `${entry.catchTypeIndex}>${entry.handlerPc},`;
      if (entry.catchTypeIndex === 0) break;
    }
    if (entries.length === 0) continue;
    let set = known.get(key);
    if (set === undefined) {
      const targets = new Set<FlowBlock>();
      for (const entry of entries) {
        const target = byPc.get(entry.handlerPc)!;
        targets.add(target);
        if (entry.endPc > entry.handlerPc) target.isBackwardHandler = true;
      }
      set = new HandlerSet(entries, [...targets]);
      for (const target of targets) target.handlerOf.push(set);
      known.set(key, set);
      total += entries.length;
      sets.push(set);
    }
    for (let pc = from; pc < to; pc++) result[pc] = set;
  }
  return result;
}

function attachSets(
  block: FlowBlock,
  code: Uint8Array,
  marks: Uint8Array,
  handlers: readonly (HandlerSet | null)[],
): void {
  let last: HandlerSet | null = null;
  for (let pc = block.start; pc < block.end; pc++) {
    const set = handlers[pc]!;
    if (set === null || set === last) continue;
    if ((marks[pc]! & START) === 0 || MAY_THROW[code[pc]!] === 0) continue;
    last = set;
    if (!block.sets.includes(set)) block.sets.push(set);
  }
}

/** The block that may follow, in normal flow or by an exception, with the given number; null past the last. */
function nextBlock(block: FlowBlock, index: number): FlowBlock | null {
  const { successors } = block;
  if (index < successors.length) return successors[index]!;
  let rest = index - successors.length;
  for (const set of block.sets) {
    if (rest < set.targets.length) return set.targets[rest]!;
    rest -= set.targets.length;
  }
  return null;
}

function reversePostorder(entry: FlowBlock): FlowBlock[] {
  const found: FlowBlock[] = [];
  const stack: FlowBlock[] = [entry];
  const at: number[] = [0];
  entry.order = 0;
  while (stack.length > 0) {
    const top = stack.length - 1;
    const block = stack[top]!;
    const next = nextBlock(block, at[top]!);
    if (next === null) {
      found.push(block);
      stack.pop();
      at.pop();
      continue;
    }
    at[top]! += 1;
    if (next.order >= 0) continue;
    next.order = 0;
    stack.push(next);
    at.push(0);
  }
  found.reverse();
  for (let i = 0; i < found.length; i++) found[i]!.order = i;
  return found;
}

/**
 * Dominators by the iteration of Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001), numbered as intervals. An exception
 * may leave a block before anything in it was done: such an edge counts as coming from the block's own dominator.
 */
function dominators(order: readonly FlowBlock[], root: FlowBlock): void {
  const count = order.length;
  const parents = new Int32Array(count).fill(-2);
  parents[0] = -1;
  const normal: number[][] = [];
  const thrown: number[][] = [];
  for (let i = 0; i < count; i++) {
    normal.push([]);
    thrown.push([]);
  }
  for (let i = 0; i < count; i++) {
    const block = order[i]!;
    for (const successor of block.successors) normal[successor.order]!.push(i);
    for (const set of block.sets) {
      for (const target of set.targets) thrown[target.order]!.push(i);
    }
  }
  if (count > DOMINATOR_LIMIT) {
    for (let i = 1; i < count; i++) {
      const from = normal[i]!;
      parents[i] = from.length === 1 && thrown[i]!.length === 0 && from[0]! < i ? from[0]! : -1;
    }
  } else {
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 1; i < count; i++) {
        let parent = -2;
        for (const from of normal[i]!) {
          if (parents[from] !== -2) parent = parent === -2 ? from : meet(parents, parent, from);
        }
        for (const from of thrown[i]!) {
          const above = parents[from]!;
          if (above !== -2) parent = parent === -2 ? above : meet(parents, parent, above);
        }
        if (parents[i] !== parent) {
          parents[i] = parent;
          changed = true;
        }
      }
    }
  }
  // A dominator comes before what it dominates in reverse postorder.
  for (let i = count - 1; i >= 0; i--) {
    const parent = parents[i]!;
    (parent < 0 ? root : order[parent]!).size += order[i]!.size;
  }
  root.number = 0;
  const free = new Int32Array(count);
  let freeOfRoot = 1;
  for (let i = 0; i < count; i++) {
    const block = order[i]!;
    const parent = parents[i]!;
    if (parent < 0) {
      block.number = freeOfRoot;
      freeOfRoot += block.size;
    } else {
      block.number = free[parent]!;
      free[parent]! += block.size;
    }
    free[i] = block.number + 1;
  }
}

function meet(parents: Int32Array, first: number, second: number): number {
  let a = first;
  let b = second;
  while (a !== b) {
    if (a > b) a = parents[a]!;
    else b = parents[b]!;
  }
  return a;
}
