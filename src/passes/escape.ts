/**
 * Partial escape analysis: which objects need not be made where they are allocated, and where they have to be made instead.
 *
 * The partial escape analysis of Stadler, Würthinger and Mössenböck (CGO 2014), done in rounds. A round walks the blocks in reverse postorder with the states
 * of objects. What leads back to a loop's header is compared with what was supposed there; where it differs a *decision* is taken (a field is a parameter of
 * the block, an object is made before the block, ...) and another round begins. Decisions are never taken back, so the rounds end. The last round writes the
 * new instructions.
 *
 * Relies on  loops with one entry: then an object that exists at a header was allocated before the loop, so that there is one object for each allocation in
 *            a state.
 */
import {
  type Block,
  Edge,
  eachSuccessor,
  type Func,
  Inst,
  NO_VALUE,
  type Op,
  type Type,
  terminator,
  type Value,
} from "#ir";
import { Bug } from "#support";
import { DefinitionTable } from "./definitions.ts";
import { Contexts } from "./escape-contexts.ts";
import { type Entry, Merging, type Way } from "./escape-merging.ts";
import { Names } from "./escape-names.ts";
import { Constants, type Held, isVirtual, made, type State, storeOf, virtualFrom } from "./escape-state.ts";
import { visitInst } from "./escape-visit.ts";
import { constantInst, constantOf } from "./evaluate.ts";
import { type Incoming, incomingByBlock } from "./params.ts";

/** An allocation of a known size. */
export interface Site {
  readonly inst: Inst;
  readonly block: Block;
  readonly bytes: number;
}

/** What an edge gives and what is to be done on it. */
export interface EdgeWork {
  /** The block that it leaves, or the last one of those that are made of it. */
  readonly from: Block;
  readonly args: Value[];
  readonly insts: Inst[];
  /** Where the instructions lead to, if they do not end in the block that they begin in. */
  readonly last: Block | null;
  readonly pos: number;
}

/** More rounds than these are not worth it. */
const MAX_ROUNDS = 24;

export class Escape {
  readonly func: Func;
  /** By object: those of choices stand behind the others, with the block where they begin. */
  readonly sites: Site[];
  readonly definitions: DefinitionTable;
  readonly constants: Constants;
  readonly names = new Names();
  /** Sites whose objects are made as the function says. */
  readonly rejected = new Set<number>();
  /** Where objects were made in the last round, by object. */
  readonly points: Set<Block>[];
  /** The same without those that are made on edges. */
  readonly instPoints: Set<Block>[];
  /** By allocation. */
  readonly siteOf = new Map<Inst, number>();

  /** Decided: the references of what is made before an instruction or on an edge. */
  readonly #refs = new Map<Inst | Edge, Map<number, Value>>();
  /** By instruction with an unwind edge: those of the allocations before it, as far as there are any. */
  readonly #unwinds = new Map<Inst, Edge[]>();
  readonly #merging: Merging;
  /** By parameter: the object that it is when it may be one or another. */
  readonly #choices = new Map<Value, number>();
  readonly #allocations: number;
  readonly #withChoices: boolean;
  readonly #headers = new Set<Block>();
  #changed = false;

  // This round's.
  #entries: (Entry | undefined)[] = [];
  #states = new Map<Edge, State>();
  #block!: Block;

  // What the last round writes.
  #out: Inst[] | null = null;
  #isCold = false;
  /** The block that is written into, if it is not the one that was begun with. */
  #last: Block | null = null;
  readonly #blocks = new Map<Block, Inst[]>();
  /** The last of the blocks that are made of one. */
  readonly #lasts = new Map<Block, Block>();

  readonly #order: readonly Block[];
  readonly #incoming: Incoming[][];
  readonly #contexts: Contexts;

  /** @param withChoices whether parameters may be virtual objects or others; see Other */
  constructor(func: Func, sites: readonly Site[], order: readonly Block[], withChoices: boolean) {
    this.func = func;
    this.sites = [...sites];
    this.#allocations = sites.length;
    this.#withChoices = withChoices;
    this.definitions = new DefinitionTable(func);
    this.constants = new Constants(func);
    this.points = sites.map(() => new Set());
    this.instPoints = sites.map(() => new Set());
    for (const [index, { inst }] of sites.entries()) this.siteOf.set(inst, index);
    this.#order = order;
    this.#incoming = incomingByBlock(func);
    this.#contexts = new Contexts(func);
    this.#merging = new Merging(this);
    const seen = new Set<Block>();
    for (const block of order) {
      seen.add(block);
      eachSuccessor(block, ({ target }) => {
        if (seen.has(target)) this.#headers.add(target);
      });
    }
  }

  /** Whether ways lead to the block that are not all known when it is walked. */
  isHeader(block: Block): boolean {
    return this.#headers.has(block);
  }

  /** Whether a parameter of the block may be a choice: not in a loop's header, whose ways are not all known when it is walked. */
  allowsChoices(block: Block): boolean {
    return this.#withChoices && !this.#headers.has(block);
  }

  /** The object that the parameter is if it is a choice. */
  choiceFor(param: Value, block: Block, from: number): number {
    let object = this.#choices.get(param);
    if (object === undefined) {
      const { inst, bytes } = this.sites[from]!;
      object = this.sites.push({ inst, block, bytes }) - 1;
      this.points.push(new Set());
      this.instPoints.push(new Set());
      this.#choices.set(param, object);
    }
    return object;
  }

  /** Whether the object may be another, or null, or one that others refer to. */
  isChoice(object: number): boolean {
    return object >= this.#allocations;
  }

  /** Walks until nothing new is decided; false if that takes too long. */
  analyze(): boolean {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      this.#walk();
      for (const block of this.#headers) {
        const entry = this.#entries[block.id];
        if (entry !== undefined) for (const way of this.#ways(block)) this.#merging.compare(block, entry, way);
      }
      if (!this.#changed) return true;
    }
    return false;
  }

  /** Something was decided that was not supposed in this round. */
  decided(): void {
    this.#changed = true;
  }

  /** Whether control can come to the block, by the last round. */
  isReached(block: Block): boolean {
    return this.#entries[block.id] !== undefined;
  }

  /** Whether the object is there and virtual where the block begins, by the last round. */
  isVirtualAt(block: Block, object: number): boolean {
    const entry = this.#entries[block.id];
    return entry !== undefined && isVirtual(entry.state, object);
  }

  /**
   * The objects that are made on other edges into the block only since these, which come from cold blocks, lead there too.
   * By the last round.
   */
  madeFor(block: Block, isFromCold: (edge: Edge) => boolean): Set<number> {
    const entry = this.#entries[block.id];
    const ways = this.#ways(block);
    const hot = ways.filter(({ edge }) => !isFromCold(edge));
    if (entry === undefined || hot.length === 0 || hot.length === ways.length) return new Set();
    const objects = this.#merging.madeOn(hot, entry);
    if (objects.size === 0) return objects;
    return objects.difference(this.#merging.madeOn(hot, this.#merging.supposing(block, hot)));
  }

  /** One more round, which gives what is to be put into blocks and on edges. `analyze` must have given true. */
  write(): { blocks: Map<Block, Inst[]>; edges: Map<Edge, EdgeWork>; params: Map<Block, Value[]> } {
    const edges = new Map<Edge, EdgeWork>();
    const params = new Map<Block, Value[]>();
    this.#out = [];
    this.#walk();
    for (const block of this.#order) {
      const entry = this.#entries[block.id];
      if (entry === undefined) continue;
      const kept = block.params.filter((_, index) => (entry.objects[index] ?? -1) < 0);
      params.set(block, [...kept, ...entry.phis.map((phi) => phi.value)]);
    }
    for (const block of this.#order) {
      if (!this.isReached(block)) continue;
      const { pos } = terminator(block);
      const from = this.#lasts.get(block) ?? block;
      for (const [edge, given] of this.#edgesOf(block)) {
        const state = this.#states.get(edge);
        const entry = this.#entries[edge.target.id];
        if (state === undefined || entry === undefined) continue;
        const insts: Inst[] = [];
        this.#out = insts;
        this.#isCold = edge.target.cold;
        this.#last = null;
        const args = this.#merging.arrive({ edge, given, state: new Map(state) }, entry, pos);
        edges.set(edge, { from, args, insts, last: this.#last, pos });
      }
    }
    this.#out = null;
    return { blocks: this.#blocks, edges, params };
  }

  // ---- a round ------------------------------------------------------------------------------------------------------------------

  #walk(): void {
    this.#changed = false;
    this.names.forget();
    this.#entries = [];
    this.#states = new Map();
    for (const points of [...this.points, ...this.instPoints]) points.clear();
    for (const block of this.#order) {
      const ways = this.#ways(block);
      if (ways.length === 0 && block.id !== 0) continue;
      const entry =
        block.id === 0 ? { state: new Map(), objects: [], choices: [], phis: [] } : this.#merging.enter(block, ways);
      this.#entries[block.id] = entry;
      entry.objects.forEach((object, index) => {
        if (object >= 0) this.names.setHeld(block.params[index]!, ~object);
      });
      this.#block = block;
      this.#isCold = block.cold;
      this.#last = null;
      if (this.isWriting) this.#writeInto(block);
      const state: State = new Map(entry.state);
      for (const inst of block.insts) visitInst(this, inst, state);
      if (this.#last !== null) this.#lasts.set(block, this.#last);
    }
  }

  #writeInto(block: Block): void {
    this.#out = [];
    this.#blocks.set(block, this.#out);
  }

  /** The ways into a block that this round has found so far. */
  #ways(block: Block): Way[] {
    const ways: Way[] = [];
    for (const { edge, given } of this.#incoming[block.id]!) {
      const state = this.#states.get(edge);
      if (state !== undefined) ways.push({ edge, given, state });
    }
    return ways;
  }

  /** The edges of a block, and how many of the target's parameters each does not give. */
  #edgesOf(block: Block): [Edge, number][] {
    const edges: [Edge, number][] = [];
    for (const inst of block.insts.slice(-2)) {
      for (const edge of inst.edges) edges.push([edge, 0]);
      for (const edge of this.#unwinds.get(inst) ?? []) edges.push([edge, 1]);
      if (inst.unwind !== null) edges.push([inst.unwind, 1]);
    }
    return edges;
  }

  // ---- for the instructions -----------------------------------------------------------------------------------------------------

  /** What a field that gets the value holds. */
  canonical(held: Held): Held {
    const inst = held < 0 ? undefined : this.definitions.definition(held as Value);
    return inst?.op === "const" ? this.constants.value(constantOf(this.func, inst)) : held;
  }

  /** Puts an instruction into the block, in the last round. */
  put(inst: Inst): void {
    this.#out?.push(inst);
  }

  get isWriting(): boolean {
    return this.#out !== null;
  }

  /** Control may go over the edge, and then this holds, which does not change any more. */
  leave(edge: Edge, state: State): void {
    this.#states.set(edge, state);
  }

  /** The object is to be made as the function says, from the next round on. */
  reject(object: number): void {
    if (this.rejected.has(object)) return;
    this.rejected.add(object);
    this.#changed = true;
  }

  /** The value for an operand: the object must have been made. */
  use(value: Value, state: State, pos: number): Value {
    const held = this.names.find(value);
    if (held < 0) return this.#refOf(~held, state);
    const inner = this.names.inner(value);
    if (inner === undefined) return held as Value;
    const distance = this.func.newValue("i32");
    this.put(constantInst("i32", inner.offset, distance, pos));
    const inst = new Inst("ptradd", [this.#refOf(inner.object, state), distance], pos);
    inst.result = this.func.newValue("iref");
    this.put(inst);
    return inst.result;
  }

  #refOf(object: number, state: State): Value {
    const ref = state.get(object)?.ref ?? NO_VALUE;
    if (ref === NO_VALUE) throw new Bug(`object ${object} is used, but not made`, { function: this.func.name });
    return ref;
  }

  // ---- making objects -----------------------------------------------------------------------------------------------------------

  /** Makes the objects, and what they refer to, before the instruction. If it throws to a handler, so do the allocations. */
  makeBefore(inst: Inst, roots: readonly number[], state: State): void {
    for (const root of roots) if (!state.has(root)) this.reject(root);
    const order = virtualFrom(state, roots);
    if (order.length === 0) return;
    if (!this.#contexts.mayThrowAt(this.#block, inst)) for (const object of order) this.reject(object);
    if (inst.unwind !== null) {
      const before = new Map(state);
      for (const edge of this.#unwindsOf(inst, order.length)) this.leave(edge, before);
    }
    this.#make(inst, this.#block, order, state, inst);
  }

  /** The same on an edge. */
  makeOn(edge: Edge, roots: readonly number[], state: State, pos: number): void {
    const order = virtualFrom(state, roots);
    if (order.length === 0) return;
    this.noteMaking(edge, order);
    this.#make(edge, edge.target, order, state, { pos, unwind: null });
  }

  /** Objects are made on the edge: that may not be possible. */
  noteMaking(edge: Edge, order: readonly number[]): void {
    const isPossible = order.length === 0 || this.#contexts.mayThrowOn(edge);
    for (const object of order) {
      this.points[object]!.add(edge.target);
      if (!isPossible) this.reject(object);
    }
  }

  #make(
    point: Inst | Edge,
    block: Block,
    order: readonly number[],
    state: State,
    at: Pick<Inst, "pos" | "unwind">,
  ): void {
    const before = new Map(state);
    for (const object of order) {
      state.set(object, made(this.madeAt(point, object)));
      this.points[object]!.add(block);
      if (point instanceof Inst) this.instPoints[object]!.add(block);
    }
    if (this.isWriting)
      this.#writeMaking(order, before, state, at.pos, at.unwind === null ? [] : this.#unwinds.get(point as Inst)!);
  }

  madeAt(point: Inst | Edge, object: number): Value {
    let refs = this.#refs.get(point);
    if (refs === undefined) this.#refs.set(point, (refs = new Map()));
    let ref = refs.get(object);
    if (ref === undefined) refs.set(object, (ref = this.func.newValue("ref")));
    return ref;
  }

  #unwindsOf(inst: Inst, count: number): Edge[] {
    const { target, args } = inst.unwind!;
    let edges = this.#unwinds.get(inst);
    if (edges === undefined) this.#unwinds.set(inst, (edges = []));
    while (edges.length < count) {
      const edge = new Edge(target, [...args]);
      edges.push(edge);
      this.#incoming[target.id]!.push({ edge, given: 1 });
      // The handler may have been walked.
      this.#changed = true;
    }
    return edges.slice(0, count);
  }

  /** No collection may come between an allocation and the store of the header: references to what comes later are stored at the end. */
  #writeMaking(order: readonly number[], before: State, state: State, pos: number, unwinds: readonly Edge[]): void {
    const done = new Set<number>();
    const later: Inst[] = [];
    order.forEach((object, index) => {
      const { fields, other } = before.get(object)!;
      const { ref } = state.get(object)!;
      const join = other === null ? null : this.newBlock();
      if (other !== null && join !== null) {
        const make = this.newBlock();
        join.params.push(ref);
        this.branch(other.flag, make, new Edge(join, [other.ref]), pos);
        this.goOnIn(make);
      }
      const size = this.func.newValue("i32");
      this.put(constantInst("i32", this.sites[object]!.bytes, size, pos));
      const alloc = new Inst("alloc", [size], pos);
      alloc.result = join === null ? ref : this.func.newValue("ref");
      this.put(alloc);
      if (unwinds.length > 0) this.#goOnBehind(alloc, unwinds[index]!);
      done.add(object);
      for (const [offset, field] of fields) {
        const { held } = field;
        if (this.constants.isZero(held)) continue;
        const value = held < 0 ? state.get(~held)!.ref : (held as Value);
        const store = new Inst(storeOf(field), [alloc.result, value], pos);
        store.imm = offset;
        store.alias = field.alias;
        if (held < 0 && order.includes(~held) && !done.has(~held)) later.push(store);
        else this.put(store);
      }
      if (join === null) return;
      this.jump(join, [alloc.result], pos);
      this.goOnIn(join);
    });
    for (const store of later) this.put(store);
    // What is published afterwards was written before a fence that has gone by.
    if (this.#contexts.hasFence) this.put(new Inst("afence", [], pos));
  }

  /** An instruction with an unwind edge ends its block. */
  #goOnBehind(inst: Inst, unwind: Edge): void {
    inst.unwind = unwind;
    const next = this.newBlock();
    this.jump(next, [], inst.pos);
    this.goOnIn(next);
  }

  /** A block beside what is written. */
  newBlock(): Block {
    const block = this.func.newBlock();
    block.cold = this.#isCold;
    return block;
  }

  /** Writes into the block from now on. */
  goOnIn(block: Block): void {
    this.#last = block;
    this.#writeInto(block);
  }

  emit(op: Op, type: Type, args: Value[], pos: number, result = this.func.newValue(type)): Value {
    const inst = new Inst(op, args, pos);
    inst.result = result;
    this.put(inst);
    return result;
  }

  jump(target: Block, args: Value[], pos: number): void {
    const inst = new Inst("jump", [], pos);
    inst.edges = [new Edge(target, args)];
    this.put(inst);
  }

  branch(condition: Value, then: Block, otherwise: Edge, pos: number): void {
    const inst = new Inst("branch", [condition], pos);
    inst.edges = [new Edge(then, []), otherwise];
    this.put(inst);
  }
}
