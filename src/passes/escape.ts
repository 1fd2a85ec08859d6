/**
 * Partial escape analysis: which objects need not be made where they are allocated, and where they have to be made instead.
 *
 * The partial escape analysis of Stadler, Würthinger and Mössenböck (CGO 2014), done in rounds. A round walks the
 * blocks in reverse postorder with the states of objects. What leads back to a loop's header is compared with what was supposed there; where it differs a
 * *decision* is taken (a field is a parameter of the block, an object is made before the block, ...) and another round begins. Decisions are never taken back, so
 * the rounds end. The last round writes the new instructions.
 *
 * Relies on  loops with one entry: then an object that exists at a header was allocated before the loop, so that there is one object for each allocation in
 *            a state.
 */
import { type Block, type Edge, type Func, Inst, NO_VALUE, type Type, terminator, type Value } from "#ir";
import { Bug } from "#support";
import { DefinitionTable } from "./definitions.ts";
import { Contexts } from "./escape-contexts.ts";
import {
  Constants,
  type Field,
  type Held,
  isVirtual,
  made,
  type ObjectState,
  overlaps,
  type State,
  storeOf,
  virtualFrom,
} from "./escape-state.ts";
import { visitInst } from "./escape-visit.ts";
import { constantInst, constantOf } from "./evaluate.ts";
import { type Incoming, incomingByBlock } from "./params.ts";

/** An allocation of a known size. */
export interface Site {
  readonly inst: Inst;
  readonly block: Block;
  readonly bytes: number;
}

/** A parameter that a block gets: for a field, or, if the offset is -1, for the reference of an object. */
interface Phi {
  readonly object: number;
  readonly offset: number;
  readonly value: Value;
}

/** What holds where a block begins, in this round. */
interface Entry {
  readonly state: State;
  /** By parameter: the object it is, or -1. */
  readonly objects: readonly number[];
  readonly phis: readonly Phi[];
}

/** A way into a block, and what holds on it. */
interface Way extends Incoming {
  readonly state: State;
}

/** Where objects are made: before an instruction, or on an edge. */
export type Point = Inst | Edge;

/** Edge and its block's number, before anything is changed. */
export interface EdgeWork {
  readonly from: Block;
  readonly args: Value[];
  readonly insts: Inst[];
  readonly pos: number;
}

/** More rounds than these are not worth it. */
const MAX_ROUNDS = 24;

export class Escape {
  readonly func: Func;
  readonly sites: readonly Site[];
  readonly definitions: DefinitionTable;
  readonly constants: Constants;
  /** Sites whose objects are made as the function says. */
  readonly rejected = new Set<number>();
  /** Where objects were made in the last round, by object. */
  readonly points: Set<Block>[];
  /** By allocation. */
  readonly siteOf = new Map<Inst, number>();

  // Decisions.
  readonly #plain = new Set<Value>();
  readonly #phis = new Map<string, Value>();
  /** By block and object: fields that are stored into further down only, and come back to the block. */
  readonly #added = new Map<string, Map<number, Field>>();
  readonly #early = new Set<string>();
  readonly #refs = new Map<Point, Map<number, Value>>();
  #changed = false;

  // This round's.
  #held: (Held | undefined)[] = [];
  #inner = new Map<Value, { object: number; offset: number }>();
  #entries: (Entry | undefined)[] = [];
  #states = new Map<Edge, State>();
  #block!: Block;
  /** What is written, by block, in the last round. */
  #out: Inst[] | null = null;

  readonly #order: readonly Block[];
  readonly #incoming: readonly Incoming[][];
  readonly #contexts: Contexts;

  constructor(func: Func, sites: readonly Site[], order: readonly Block[]) {
    this.func = func;
    this.sites = sites;
    this.definitions = new DefinitionTable(func);
    this.constants = new Constants(func);
    this.points = sites.map(() => new Set());
    for (const [index, { inst }] of sites.entries()) this.siteOf.set(inst, index);
    this.#order = order;
    this.#incoming = incomingByBlock(func);
    this.#contexts = new Contexts(func);
  }

  /** Walks until nothing new is decided; false if that takes too long. */
  analyze(): boolean {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      this.#walk(() => {});
      for (const block of this.#order) {
        const entry = this.#entries[block.id];
        if (entry !== undefined) for (const way of this.#ways(block)) this.#compare(block, entry, way);
      }
      if (!this.#changed) return true;
    }
    return false;
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

  /** One more round, which gives what is to be put into blocks and on edges. `analyze` must have given true. */
  write(): { blocks: Map<Block, Inst[]>; edges: Map<Edge, EdgeWork>; params: Map<Block, Value[]> } {
    const blocks = new Map<Block, Inst[]>();
    const edges = new Map<Edge, EdgeWork>();
    const params = new Map<Block, Value[]>();
    this.#walk((block) => {
      this.#out = [];
      blocks.set(block, this.#out);
    });
    for (const block of this.#order) {
      const entry = this.#entries[block.id];
      if (entry === undefined) continue;
      const kept = block.params.filter((_, index) => (entry.objects[index] ?? -1) < 0);
      params.set(block, [...kept, ...entry.phis.map((phi) => phi.value)]);
    }
    for (const from of this.#order) {
      if (!this.isReached(from)) continue;
      const { pos } = terminator(from);
      for (const [edge, given] of edgesOf(from)) {
        const state = this.#states.get(edge);
        const entry = this.#entries[edge.target.id];
        if (state === undefined || entry === undefined) continue;
        this.#out = [];
        const args = this.#arrive(edge, given, new Map(state), entry, pos);
        edges.set(edge, { from, args, insts: this.#out, pos });
      }
    }
    this.#out = null;
    return { blocks, edges, params };
  }

  // ---- a round ------------------------------------------------------------------------------------------------------------------

  #walk(begin: (block: Block) => void): void {
    this.#changed = false;
    this.#held = [];
    this.#inner = new Map();
    this.#entries = [];
    this.#states = new Map();
    for (const points of this.points) points.clear();
    for (const block of this.#order) {
      const ways = this.#ways(block);
      if (ways.length === 0 && block.id !== 0) continue;
      const entry = block.id === 0 ? { state: new Map(), objects: [], phis: [] } : this.#enter(block, ways);
      this.#entries[block.id] = entry;
      entry.objects.forEach((object, index) => {
        if (object >= 0) this.setHeld(block.params[index]!, ~object);
      });
      this.#block = block;
      begin(block);
      const state: State = new Map(entry.state);
      for (const inst of block.insts) visitInst(this, inst, state);
    }
  }

  #ways(block: Block): Way[] {
    const ways: Way[] = [];
    for (const { edge, given } of this.#incoming[block.id]!) {
      const state = this.#states.get(edge);
      if (state !== undefined) ways.push({ edge, given, state });
    }
    return ways;
  }

  // ---- for the instructions -----------------------------------------------------------------------------------------------------

  /** What stands for the value. */
  find(value: Value): Held {
    return this.#held[value] ?? value;
  }

  setHeld(value: Value, held: Held): void {
    this.#held[value] = held;
  }

  /** The object and offset that an interior pointer points to, if it is one into an object of the analysis. */
  inner(value: Value): { object: number; offset: number } | undefined {
    return this.#inner.get(value);
  }

  setInner(value: Value, object: number, offset: number): void {
    this.#inner.set(value, { object, offset });
  }

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

  /** Control may go over the edge, and then this holds. */
  leave(edge: Edge, state: State): void {
    this.#states.set(edge, new Map(state));
  }

  /** The object is to be made as the function says, from the next round on. */
  reject(object: number): void {
    if (this.rejected.has(object)) return;
    this.rejected.add(object);
    this.#changed = true;
  }

  /** The objects that the value is, or points into. */
  objectOf(value: Value): number {
    const held = this.find(value);
    return held < 0 ? ~held : (this.#inner.get(value)?.object ?? -1);
  }

  /** The value for an operand: the object must have been made. */
  use(value: Value, state: State, pos: number): Value {
    const held = this.find(value);
    if (held < 0) return this.#refOf(~held, state);
    const inner = this.#inner.get(value);
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

  /** Makes the objects, and what they refer to, unless they are made. */
  make(roots: readonly number[], point: Point, state: State, pos: number, mayThrow: boolean): void {
    for (const root of roots) if (!state.has(root)) this.reject(root);
    const order = virtualFrom(state, roots);
    if (order.length === 0) return;
    if (!mayThrow) for (const object of order) this.reject(object);
    const before = new Map(state);
    const block = point instanceof Inst ? this.#block : point.target;
    for (const object of order) {
      state.set(object, made(this.#madeAt(point, object)));
      this.points[object]!.add(block);
    }
    if (this.isWriting) this.#writeMaking(order, before, state, pos);
  }

  #madeAt(point: Point, object: number): Value {
    let refs = this.#refs.get(point);
    if (refs === undefined) this.#refs.set(point, (refs = new Map()));
    let ref = refs.get(object);
    if (ref === undefined) refs.set(object, (ref = this.func.newValue("ref")));
    return ref;
  }

  /** No collection may come between an allocation and the store of the header: references to what comes later are stored at the end. */
  #writeMaking(order: readonly number[], before: State, state: State, pos: number): void {
    const done = new Set<number>();
    const later: Inst[] = [];
    for (const object of order) {
      const ref = state.get(object)!.ref;
      const size = this.func.newValue("i32");
      this.put(constantInst("i32", this.sites[object]!.bytes, size, pos));
      const alloc = new Inst("alloc", [size], pos);
      alloc.result = ref;
      this.put(alloc);
      done.add(object);
      for (const [offset, field] of before.get(object)!.fields) {
        const { held } = field;
        if (this.constants.isZero(held)) continue;
        const value = held < 0 ? state.get(~held)!.ref : (held as Value);
        const store = new Inst(storeOf(field), [ref, value], pos);
        store.imm = offset;
        if (held < 0 && order.includes(~held) && !done.has(~held)) later.push(store);
        else this.put(store);
      }
    }
    for (const store of later) this.put(store);
    // What is published afterwards was written before a fence that has gone by.
    if (this.#contexts.hasFence) this.put(new Inst("afence", [], pos));
  }

  /** Whether what an allocation before the instruction throws belongs to the caller. */
  mayThrowAt(inst: Inst): boolean {
    return this.#contexts.mayThrowAt(this.#block, inst);
  }

  // ---- where blocks begin -------------------------------------------------------------------------------------------------------

  #enter(block: Block, ways: readonly Way[]): Entry {
    const first = ways[0]!;
    const common = [...first.state.keys()].filter((object) => ways.every(({ state }) => state.has(object)));
    const isCommon = new Set(common);
    const objects = block.params.map((param, index) => {
      const object = this.#onlyObject(ways, index);
      if (object >= 0 && isCommon.has(object) && !this.#plain.has(param)) return object;
      this.#plain.add(param);
      return -1;
    });
    const early = new Set<number>();
    for (const object of common) {
      if (this.#early.has(`${block.id} ${object}`) || ways.some(({ state }) => !isVirtual(state, object)))
        early.add(object);
    }
    const fieldPhis = new Map<number, Map<number, Field>>();
    for (let size = -1; size !== early.size; ) {
      size = early.size;
      for (const object of common) {
        if (early.has(object)) continue;
        const fields = this.#mergeFields(block, ways, object);
        if (fields === null) early.add(object);
        else fieldPhis.set(object, fields);
      }
      for (const way of ways) {
        for (const object of virtualFrom(way.state, this.#roots(block, way, objects, early, fieldPhis)))
          if (isCommon.has(object)) early.add(object);
      }
    }
    const state: State = new Map();
    const phis: Phi[] = [];
    for (const object of common) {
      let entry: ObjectState;
      if (early.has(object)) {
        entry = made(this.#mergeRefs(block, ways, object));
        if (this.#isPhi(entry.ref, block, object, -1)) phis.push({ object, offset: -1, value: entry.ref });
      } else {
        const fields = fieldPhis.get(object)!;
        entry = { fields, ref: NO_VALUE };
        for (const [offset, { held }] of fields)
          if (this.#isPhi(held, block, object, offset)) phis.push({ object, offset, value: held as Value });
      }
      state.set(object, entry);
    }
    return { state, objects, phis };
  }

  /** The object that the parameter gets over every way, or -1. */
  #onlyObject(ways: readonly Way[], index: number): number {
    let only = 0;
    for (const { edge, given } of ways) {
      const held = index < given ? 0 : this.find(edge.args[index - given]!);
      if (held >= 0 || (only !== 0 && held !== only)) return -1;
      only = held;
    }
    return ~only;
  }

  #isPhi(held: Held, block: Block, object: number, offset: number): boolean {
    return this.#phis.get(`${block.id} ${object} ${offset}`) === held;
  }

  #phi(block: Block, object: number, offset: number, type: Type): Value {
    const key = `${block.id} ${object} ${offset}`;
    let value = this.#phis.get(key);
    if (value === undefined) this.#phis.set(key, (value = this.func.newValue(type)));
    return value;
  }

  /** The fields of an object that is virtual on all ways; null if they do not fit together. */
  #mergeFields(block: Block, ways: readonly Way[], object: number): Map<number, Field> | null {
    const merged = new Map(this.#added.get(`${block.id} ${object}`));
    for (const { state } of ways) {
      for (const [offset, field] of state.get(object)!.fields) {
        const known = merged.get(offset);
        if (known === undefined) {
          if (overlaps(merged, offset, field.bytes)) return null;
          merged.set(offset, field);
        } else if (known.bytes !== field.bytes || known.type !== field.type) return null;
      }
    }
    for (const [offset, field] of merged) {
      const { bytes, type, held } = field;
      const key = `${block.id} ${object} ${offset}`;
      let differs = this.#phis.has(key);
      for (const { state } of ways) differs ||= this.#holds(state, object, offset, field) !== held;
      if (!differs) continue;
      const value = this.#phi(block, object, offset, type);
      // Decided in an earlier round for a field of another type.
      if (this.func.typeOf(value) !== type) return null;
      merged.set(offset, { bytes, type, held: value });
    }
    return merged;
  }

  #holds(state: State, object: number, offset: number, like: Field): Held {
    return state.get(object)!.fields.get(offset)?.held ?? this.constants.zero(like.type);
  }

  /** The reference of an object that is made when the block begins. */
  #mergeRefs(block: Block, ways: readonly Way[], object: number): Value {
    const refs = ways.map(({ edge, state }) => {
      const { ref } = state.get(object)!;
      return ref === NO_VALUE ? this.#madeAt(edge, object) : ref;
    });
    const only = refs[0]!;
    if (!this.#phis.has(`${block.id} ${object} -1`) && refs.every((ref) => ref === only)) return only;
    return this.#phi(block, object, -1, "ref");
  }

  /** The objects that must be made on the way into the block. */
  #roots(
    block: Block,
    { edge, given, state }: Way,
    objects: readonly number[],
    early: Iterable<number>,
    fields: Iterable<readonly [number, ReadonlyMap<number, Field>]>,
  ): number[] {
    const roots: number[] = [];
    for (let index = given; index < objects.length; index++) {
      const object = this.objectOf(edge.args[index - given]!);
      if (object >= 0 && objects[index] !== object) roots.push(object);
    }
    const isEarly = new Set(early);
    roots.push(...isEarly);
    for (const [object, merged] of fields) {
      if (isEarly.has(object) || !isVirtual(state, object)) continue;
      for (const [offset, field] of merged) {
        const held = this.#holds(state, object, offset, field);
        if (held < 0 && held !== field.held) roots.push(~held);
      }
    }
    return roots;
  }

  #rootsFor(way: Way, { state, objects }: Entry): number[] {
    const early: number[] = [];
    const fields: [number, ReadonlyMap<number, Field>][] = [];
    for (const [object, entry] of state) {
      if (entry.ref !== NO_VALUE) early.push(object);
      else fields.push([object, entry.fields]);
    }
    return this.#roots(way.edge.target, way, objects, early, fields);
  }

  /** Takes decisions where a way in does not bring what the block began with. */
  #compare(block: Block, entry: Entry, way: Way): void {
    const { edge, given, state } = way;
    for (let index = given; index < entry.objects.length; index++) {
      const object = entry.objects[index]!;
      if (object >= 0 && this.find(edge.args[index - given]!) !== ~object)
        this.#decide(this.#plain, block.params[index]!);
    }
    const roots = this.#rootsFor(way, entry);
    const after = new Map(state);
    const order = virtualFrom(state, roots);
    if (order.length > 0 && !this.#contexts.mayThrowOn(edge)) for (const object of order) this.reject(object);
    for (const object of order) {
      after.set(object, made(this.#madeAt(edge, object)));
      this.points[object]!.add(block);
    }
    for (const [object, expected] of entry.state) {
      const found = after.get(object);
      if (found === undefined) this.reject(object);
      else if (expected.ref !== NO_VALUE) {
        if (found.ref !== expected.ref && !this.#isPhi(expected.ref, block, object, -1)) {
          this.#phi(block, object, -1, "ref");
          this.#changed = true;
        }
      } else if (found.ref !== NO_VALUE) this.#decide(this.#early, `${block.id} ${object}`);
      else this.#compareFields(block, object, expected, found);
    }
  }

  #compareFields(block: Block, object: number, expected: ObjectState, found: ObjectState): void {
    for (const [offset, field] of new Map([...found.fields, ...expected.fields])) {
      const { bytes, type } = field;
      const other = found.fields.get(offset);
      if (
        (other !== undefined && (other.bytes !== bytes || other.type !== type)) ||
        overlaps(found.fields, offset, bytes) ||
        overlaps(expected.fields, offset, bytes)
      ) {
        this.#decide(this.#early, `${block.id} ${object}`);
        return;
      }
      const zero = this.constants.zero(type);
      const before = expected.fields.get(offset)?.held ?? zero;
      if ((other?.held ?? zero) === before || this.#isPhi(before, block, object, offset)) continue;
      if (!expected.fields.has(offset)) {
        const key = `${block.id} ${object}`;
        const added = this.#added.get(key) ?? new Map<number, Field>();
        this.#added.set(key, added.set(offset, { bytes, type, held: zero }));
      }
      this.#phi(block, object, offset, type);
      this.#changed = true;
    }
  }

  #decide<T>(decisions: Set<T>, about: T): void {
    if (decisions.has(about)) return;
    decisions.add(about);
    this.#changed = true;
  }

  /** Makes on the edge what the target wants made, and gives the arguments for its parameters. */
  #arrive(edge: Edge, given: number, state: State, entry: Entry, pos: number): Value[] {
    this.make(this.#rootsFor({ edge, given, state }, entry), edge, state, pos, true);
    const args: Value[] = [];
    edge.args.forEach((arg, index) => {
      if ((entry.objects[index + given] ?? -1) < 0) args.push(this.use(arg, state, pos));
    });
    for (const { object, offset, value } of entry.phis) {
      if (offset < 0) args.push(state.get(object)!.ref);
      else {
        const field = entry.state.get(object)!.fields.get(offset)!;
        const held = this.#holds(state, object, offset, { ...field, held: value });
        args.push(held < 0 ? state.get(~held)!.ref : (held as Value));
      }
    }
    return args;
  }
}

/** The edges of a block, and how many of the target's parameters each does not give. */
function edgesOf(block: Block): [Edge, number][] {
  const edges: [Edge, number][] = [];
  for (const inst of block.insts.slice(-2)) {
    for (const edge of inst.edges) edges.push([edge, 0]);
    if (inst.unwind !== null) edges.push([inst.unwind, 1]);
  }
  return edges;
}
