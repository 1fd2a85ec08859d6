/**
 * Structured control flow: blocks, loops and branches from the control flow graph.
 *
 * Takes      a flat function; irreducible.ts has given loops with several entries a dispatch node.
 * Leaves     the body of the function.
 * Relies on  the code of a block stands inside that of its immediate dominator (Ramsey, "Beyond Relooper", ICFP 2022).
 *
 * A block with one forward edge into it stands where that edge is. Others are *labelled*: a WebAssembly block ends right before
 * them, so that edges branch out of it. A labelled block stands behind the code of its immediate dominator, or, if that is in a loop
 * that the block is not in, behind that loop. Handlers' WebAssembly blocks have a result: the thrown reference.
 *
 * Works through a stack of tasks, so that nesting is limited by V8 only.
 */
import type { Edge } from "#ir";
import { Bug } from "#support";
import type { Emitter } from "./emit.ts";
import { WASM_I32, WASM_VOID } from "./encode.ts";
import { CLASS_I32 } from "./flat.ts";
import type { Graph } from "./graph.ts";
import { makeReducible } from "./irreducible.ts";
import { sameArgs } from "./landings.ts";
import { lowerCondition, lowerInst } from "./lower.ts";
import { OP_BLOCK, OP_BR, OP_BR_IF, OP_BR_TABLE, OP_DROP, OP_IF, OP_LOOP, OP_UNREACHABLE } from "./opcodes.ts";
import { ROLE_ROOT } from "./select.ts";
import { OP_NUMBER } from "./traits.ts";

const JUMP = OP_NUMBER.jump;
const BRANCH = OP_NUMBER.branch;
const SWITCH = OP_NUMBER.switch;
/** Its result is in its local already. */
const ALLOC = OP_NUMBER.alloc;

/** Tasks, as three numbers: kind, node or edge, and the node that control falls into behind the task's code (-1: none). */
const TASK_NODE = 0;
const TASK_BODY = 1;
/** Ends the WebAssembly block of a labelled node, before its code. */
const TASK_LABEL = 2;
const TASK_END = 3;
/** Follows an edge, given as its place in the flat list, from the end of its block. */
const TASK_EDGE = 4;

export class Structure {
  readonly #e: Emitter;
  /** Blocks by id, then dispatch nodes. */
  readonly #graph: Graph;
  /** By block: the dispatch node that stands before it, or -1; null if there are none. */
  readonly #via: Int32Array | null;
  /** By node: whether a WebAssembly block ends before it. */
  readonly #labelled: Uint8Array;
  /** By node: depth of its label once it is open (0: closed), and of its loop. */
  readonly #labelDepth: Int32Array;
  readonly #loopDepth: Int32Array;
  /** Labelled nodes that stand behind the code of a node, or behind its loop: first ones, and the next of each; last in order first. */
  readonly #inside: Int32Array;
  readonly #behind: Int32Array;
  readonly #next: Int32Array;
  readonly #tasks: number[] = [];
  /** By block: where its edges begin in the flat list. */
  readonly #firstEdge: Int32Array;
  #dispatchLocal = -1;

  constructor(e: Emitter) {
    this.#e = e;
    const { flat } = e;
    this.#firstEdge = flat.graph.succStart;
    const reducible = flat.graph.irreducible ? makeReducible(flat.graph, flat.scratch) : null;
    this.#via = reducible === null ? null : reducible.via;
    this.#graph = reducible === null ? flat.graph : reducible.graph;
    const count = this.#graph.count;
    this.#labelled = flat.scratch.u8(count);
    this.#labelDepth = flat.scratch.i32(count);
    this.#loopDepth = flat.scratch.i32(count);
    this.#inside = flat.scratch.i32(count).fill(-1);
    this.#behind = flat.scratch.i32(count).fill(-1);
    this.#next = flat.scratch.i32(count).fill(-1);
    this.#place();
  }

  /** Finds the labelled nodes and where they stand. */
  #place(): void {
    const graph = this.#graph;
    const { flat } = this.#e;
    const { order, rank, predStart, preds, succStart, succ, idom, loopOf, loopParent } = graph;
    const labelled = this.#labelled;
    const blocks = flat.graph.count;
    for (let i = 0; i < order.length; i++) {
      const node = order[i]!;
      // Both a dispatch node and a switch branch by table.
      if (node >= blocks) labelled[node] = 1;
      if (node >= blocks || flat.ops[flat.end[node]! - 1] === SWITCH) {
        for (let e = succStart[node]!; e < succStart[node + 1]!; e++) labelled[succ[e]!] = 1;
      }
      if (i === 0) continue;
      let forward = 0;
      for (let p = predStart[node]!; p < predStart[node + 1]!; p++) if (rank[preds[p]!]! < i) forward++;
      if (forward > 1 || (node < blocks && flat.isHandler[node] === 1)) labelled[node] = 1;
    }
    for (let i = 1; i < order.length; i++) {
      const node = order[i]!;
      const parent = idom[node]!;
      let left = -1;
      for (let loop = loopOf[parent]!; loop >= 0 && !graph.inLoop(node, loop); loop = loopParent[loop]!) left = loop;
      if (left >= 0) {
        labelled[node] = 1;
        this.#next[node] = this.#behind[left]!;
        this.#behind[left] = node;
      } else if (labelled[node] === 1) {
        this.#next[node] = this.#inside[parent]!;
        this.#inside[parent] = node;
      }
    }
    labelled[0] = 0;
  }

  run(): void {
    const tasks = this.#tasks;
    this.#push(TASK_NODE, 0, -1);
    while (tasks.length > 0) {
      const follow = tasks.pop()!;
      const subject = tasks.pop()!;
      switch (tasks.pop()) {
        case TASK_NODE:
          this.#node(subject, follow);
          break;
        case TASK_BODY:
          this.#body(subject, follow);
          break;
        case TASK_LABEL:
          this.#label(subject);
          break;
        case TASK_END:
          this.#e.close();
          break;
        case TASK_EDGE: {
          const edge = this.#e.flat.edges[subject]!;
          this.#e.leaveBlock(this.#sourceOf(subject));
          this.#edge(edge, follow);
          break;
        }
      }
    }
  }

  #push(kind: number, subject: number, follow: number): void {
    this.#tasks.push(kind, subject, follow);
  }

  #sources: Int32Array | null = null;

  /** The block that an edge leaves. */
  #sourceOf(edge: number): number {
    if (this.#sources === null) {
      const { graph } = this.#e.flat;
      const sources = this.#e.flat.scratch.i32(graph.succ.length);
      for (let node = 0; node < graph.count; node++) {
        for (let e = graph.succStart[node]!; e < graph.succStart[node + 1]!; e++) sources[e] = node;
      }
      this.#sources = sources;
    }
    return this.#sources[edge]!;
  }

  /** The block is a handler: the label before it carries the exception (that of its loop does not). */
  #isTyped(node: number): boolean {
    const { flat } = this.#e;
    return node < flat.graph.count && flat.isHandler[node] === 1 && (this.#via === null || this.#via[node]! < 0);
  }

  /** Whether a branch to the node takes the exception along on the stack. */
  #carries(node: number): boolean {
    return this.#labelDepth[node]! > 0 && this.#isTyped(node);
  }

  /** Opens the labels around a node and plans its code. */
  #node(node: number, follow: number): void {
    const e = this.#e;
    // Tasks run last in, first out: planned from the end.
    let after = follow;
    after = this.#openAll(this.#behind[node]!, after);
    const header = this.#graph.isHeader(node);
    if (header) {
      e.open(OP_LOOP, WASM_VOID);
      this.#loopDepth[node] = e.depth;
      this.#push(TASK_END, 0, -1);
    }
    after = this.#openAll(this.#inside[node]!, after);
    this.#push(TASK_BODY, node, after);
  }

  /** Opens blocks for a list of labelled nodes, the last one outermost, and plans their code; gives the first one, or `follow`. */
  #openAll(first: number, follow: number): number {
    let after = follow;
    for (let node = first; node >= 0; node = this.#next[node]!) {
      this.#e.open(OP_BLOCK, this.#isTyped(node) ? WASM_I32 : WASM_VOID);
      this.#labelDepth[node] = this.#e.depth;
      this.#push(TASK_NODE, node, after);
      this.#push(TASK_LABEL, node, -1);
      after = this.#isTyped(node) ? -1 : node;
    }
    return after;
  }

  #label(node: number): void {
    const e = this.#e;
    const typed = this.#isTyped(node);
    if (typed) e.out.byte(OP_UNREACHABLE);
    e.close();
    this.#labelDepth[node] = 0;
    if (typed) this.#takeException(node);
  }

  #body(node: number, follow: number): void {
    const e = this.#e;
    const { flat, roles } = e;
    if (node >= flat.graph.count) {
      this.#dispatch(node);
      return;
    }
    e.enterBlock(node);
    const last = flat.end[node]! - 1;
    for (let at = flat.start[node]!; at < last; at++) {
      if (roles[at] !== ROLE_ROOT) continue;
      lowerInst(e, at);
      const inst = flat.code[at]!;
      const stored = inst.unwind !== null || flat.ops[at] === ALLOC;
      if (!stored && (inst.result as number) >= 0) e.setResult(inst.result);
    }
    this.#terminator(node, last, follow);
  }

  /** The exception lies on the stack: into the handler's first parameter. */
  #takeException(node: number): void {
    const e = this.#e;
    const param = e.flat.block(node).params[0];
    if (param === undefined) throw new Bug(`handler b${node} has no parameter`, { function: e.func.name });
    const local = e.locals.localOf[param]!;
    if (local < 0) e.out.byte(OP_DROP);
    else e.setLocal(local);
  }

  #terminator(node: number, at: number, follow: number): void {
    const e = this.#e;
    const inst = e.flat.code[at]!;
    switch (e.flat.ops[at]) {
      case JUMP:
        this.#edge(inst.edges[0]!, follow);
        break;
      case BRANCH:
        this.#branch(node, at, follow);
        break;
      case SWITCH:
        this.#switch(node, at);
        break;
      default:
        lowerInst(e, at);
    }
  }

  // ---- edges --------------------------------------------------------------------------------------------------------------------

  /** The node that stands for a block as target of edges. */
  #nodeOf(edge: Edge): number {
    const id = edge.target.id;
    const via = this.#via;
    return via !== null && via[id]! >= 0 ? via[id]! : id;
  }

  /** Whether control gets to the node by a branch rather than by standing there. */
  #isBranch(node: number): boolean {
    return this.#labelDepth[node]! > 0 || this.#loopDepth[node]! > 0;
  }

  #depthOf(node: number): number {
    return this.#labelDepth[node]! > 0 ? this.#labelDepth[node]! : this.#loopDepth[node]!;
  }

  #br(opcode: number, node: number): void {
    const e = this.#e;
    e.out.byte(opcode);
    e.out.u32(e.depth - this.#depthOf(node));
  }

  /** Goes along an edge, in the running state: moves, then a branch, the code of the target itself, or nothing. */
  #edge(edge: Edge, follow: number): void {
    const node = this.#nodeOf(edge);
    this.#e.edgeMoves(edge, this.#carries(node));
    this.#go(edge, node, follow);
  }

  #go(edge: Edge, node: number, follow: number): void {
    const e = this.#e;
    if (node !== edge.target.id) this.#choose(edge.target.id, node);
    if (this.#isBranch(node)) {
      if (node !== follow) this.#br(OP_BR, node);
    } else if (this.#labelled[node] === 1) {
      throw new Bug(`edge to b${edge.target.id} out of its scope`, { function: e.func.name });
    } else {
      this.#push(TASK_NODE, node, follow);
    }
  }

  /** A branch by an edge on which nothing has to be done, at the end of its block, needs no code of its own. */
  #isPlain(edge: Edge, from: number): boolean {
    const node = this.#nodeOf(edge);
    if (node !== edge.target.id || !this.#isBranch(node) || this.#carries(node)) return false;
    const { frames } = this.#e;
    return this.#e.isEmptyEdge(edge, frames.savedOut, frames.freshOut, from * frames.words);
  }

  #branch(node: number, at: number, follow: number): void {
    const e = this.#e;
    const inst = e.flat.code[at]!;
    const condition = inst.args[0]!;
    const yes = inst.edges[0]!;
    const no = inst.edges[1]!;
    const first = this.#firstEdge[node]!;
    const yesCold = e.frames.cold[yes.target.id]!;
    const noCold = e.frames.cold[no.target.id]!;
    // The condition may reload references; whether an edge is empty is asked of the state behind it.
    const yesPlain = this.#isPlain(yes, node);
    const noPlain = this.#isPlain(no, node);
    if (yesPlain || noPlain) {
      // If either will do, the branch is the one back to a loop's header, and the other may need no code at all.
      const takeYes =
        yesPlain && !(noPlain && (this.#nodeOf(yes) === follow || this.#labelDepth[this.#nodeOf(no)] === 0));
      lowerCondition(e, condition, !takeYes);
      if (yesCold !== noCold) e.hints.push(e.out.length, (takeYes ? yesCold : noCold) === 1 ? 0 : 1);
      this.#br(OP_BR_IF, this.#nodeOf(takeYes ? yes : no));
      this.#push(TASK_EDGE, takeYes ? first + 1 : first, follow);
      return;
    }
    const noFirst =
      noCold !== yesCold ? noCold === 1 : this.#isBranch(this.#nodeOf(no)) && !this.#isBranch(this.#nodeOf(yes));
    lowerCondition(e, condition, noFirst);
    if (yesCold !== noCold) e.hints.push(e.out.length, 0);
    e.open(OP_IF, WASM_VOID);
    this.#push(TASK_EDGE, noFirst ? first : first + 1, follow);
    this.#push(TASK_END, 0, -1);
    this.#push(TASK_EDGE, noFirst ? first + 1 : first, -1);
  }

  #switch(node: number, at: number): void {
    const e = this.#e;
    const inst = e.flat.code[at]!;
    const edges = inst.edges;
    // Edges on which something has to be done, without repetitions: each gets a block that ends behind the table.
    const landings: Edge[] = [];
    const landingOf: number[] = [];
    const latest = new Map<Edge["target"], number>();
    for (const edge of edges) {
      if (this.#isPlain(edge, node)) {
        landingOf.push(-1);
        continue;
      }
      const same = latest.get(edge.target);
      if (same !== undefined && sameArgs(landings[same]!, edge)) {
        landingOf.push(same);
        continue;
      }
      latest.set(edge.target, landings.length);
      landingOf.push(landings.length);
      landings.push(edge);
    }
    for (let i = 0; i < landings.length; i++) e.open(OP_BLOCK, WASM_VOID);
    e.value(inst.args[0]!);
    e.out.byte(OP_BR_TABLE);
    e.out.u32(edges.length - 1);
    for (let i = 0; i < edges.length; i++) {
      const landing = landingOf[i]!;
      // The first landing's block is the innermost.
      e.out.u32(landing >= 0 ? landing : e.depth - this.#depthOf(this.#nodeOf(edges[i]!)));
    }
    for (const edge of landings) {
      e.close();
      e.leaveBlock(node);
      this.#edge(edge, -1);
    }
  }

  // ---- exceptions ---------------------------------------------------------------------------------------------------------------

  /** The depth of the label that an unwind edge can lead to directly, or -1: it needs a landing (see Emitter.guarded). */
  catchLabel(edge: Edge): number {
    return this.#carries(edge.target.id) ? this.#depthOf(edge.target.id) : -1;
  }

  /** The exception lies on the stack: goes along the unwind edge. */
  landing(edge: Edge): void {
    const node = this.#nodeOf(edge);
    this.#e.edgeMoves(edge, false);
    if (!this.#carries(node)) this.#takeException(edge.target.id);
    this.#go(edge, node, -1);
  }

  /** The same for a `throw` in this function. */
  throwTo(edge: Edge): void {
    this.landing(edge);
  }

  // ---- dispatch nodes -----------------------------------------------------------------------------------------------------------

  /** Notes which successor of a dispatch node is meant. */
  #choose(block: number, node: number): void {
    const e = this.#e;
    const { succStart, succ } = this.#graph;
    if (this.#dispatchLocal < 0) this.#dispatchLocal = e.locals.add(CLASS_I32);
    const first = succStart[node]!;
    let index = first;
    while (succ[index] !== block) index++;
    e.i32(index - first);
    e.setLocal(this.#dispatchLocal);
  }

  #dispatch(node: number): void {
    const e = this.#e;
    const { succStart, succ } = this.#graph;
    if (this.#dispatchLocal < 0) this.#dispatchLocal = e.locals.add(CLASS_I32);
    e.getLocal(this.#dispatchLocal);
    e.out.byte(OP_BR_TABLE);
    const first = succStart[node]!;
    const end = succStart[node + 1]!;
    e.out.u32(end - first - 1);
    for (let i = first; i < end; i++) e.out.u32(e.depth - this.#depthOf(succ[i]!));
  }
}
