/** Where ways of control meet: what is known of the objects there; see escape.ts. */
import { type Block, type Liveness, liveness, NO_VALUE, type Type, type Value } from "#ir";
import type { Escape } from "./escape.ts";
import {
  type Field,
  type Held,
  isVirtual,
  made,
  type ObjectState,
  overlaps,
  type State,
  virtualFrom,
} from "./escape-state.ts";
import type { Incoming } from "./params.ts";

/** A parameter that a block gets: for a field, or, if the offset is -1, for the reference of an object. */
interface Phi {
  readonly object: number;
  readonly offset: number;
  readonly value: Value;
}

/** A parameter that gets the virtual object over some ways, and over the others references of which nothing is known; see Other. */
interface Choice {
  /** The object that it is from here on. */
  readonly object: number;
  readonly index: number;
  /** The object that it gets. */
  readonly from: number;
  readonly fields: ReadonlyMap<number, Field>;
}

/** Instead of an offset: the parameters for Other.flag and Other.ref. */
const FLAG = -2;
const REF = -3;

/** What holds where a block begins, in this round. */
export interface Entry {
  readonly state: State;
  readonly choices: readonly Choice[];
  /** By parameter: the object it is, or -1. */
  readonly objects: readonly number[];
  readonly phis: readonly Phi[];
}

/** A way into a block, and what holds on it. */
export interface Way extends Incoming {
  readonly state: State;
}

/** Objects of a function, and offsets with what stands for them, are fewer than these. */
const MOST_OBJECTS = 4096;
const MOST_OFFSETS = 1024;

function key(block: Block, object: number, offset = REF - 1): number {
  return (block.id * MOST_OBJECTS + object) * MOST_OFFSETS + offset - REF + 1;
}

export class Merging {
  readonly #e: Escape;
  readonly #liveness: Liveness;

  // Decisions.
  readonly #plain = new Set<Value>();
  readonly #phis = new Map<number, Value>();
  /** By block and object: fields that are stored into further down only, and come back to the block. */
  readonly #added = new Map<number, Map<number, Field>>();
  /** By block and object: made before the block. */
  readonly #early = new Set<number>();
  /** By block and object: some field is a parameter. */
  readonly #hasPhis = new Set<number>();
  /** Parameters that cannot be choices. */
  readonly #single = new Set<Value>();

  constructor(e: Escape, known: Liveness = liveness(e.func)) {
    this.#e = e;
    this.#liveness = known;
  }

  /** The objects that are virtual on a way, but made where it leads. */
  madeOn(ways: readonly Way[], entry: Entry): Set<number> {
    const objects = new Set<number>();
    for (const way of ways)
      for (const object of virtualFrom(way.state, this.#rootsFor(way, entry))) objects.add(object);
    return objects;
  }

  /** What would hold in the block if there were only these ways. */
  supposing(block: Block, ways: readonly Way[]): Entry {
    return new Merging(this.#e, this.#liveness).enter(block, ways, true);
  }

  /** What holds in the block if these are the ways into it. `supposed`: only to be looked at. */
  enter(block: Block, ways: readonly Way[], supposed = false): Entry {
    if (ways.every(({ state }) => state.size === 0))
      return { state: new Map(), objects: block.params.map(() => -1), choices: [], phis: [] };
    const first = ways[0]!;
    if (ways.length === 1 && !this.#e.isHeader(block)) return this.#onlyWay(block, first);
    const live = this.#liveAt(block, ways);
    const common = [...first.state.keys()].filter(
      (object) => live.has(object) && ways.every(({ state }) => state.has(object)),
    );
    const isCommon = new Set(common);
    const objects = block.params.map((param, index) => {
      const object = this.#onlyObject(ways, index);
      if (object >= 0 && isCommon.has(object) && !this.#plain.has(param)) return object;
      this.#plain.add(param);
      return -1;
    });
    const choices = this.#e.allowsChoices(block) ? this.#choices(block, ways, objects, live) : [];
    for (const { object, index } of choices) objects[index] = object;
    const early = new Set<number>();
    for (const object of common) {
      if (this.#early.has(key(block, object)) || ways.some(({ state }) => !isVirtual(state, object))) early.add(object);
    }
    const fieldPhis = new Map<number, ReadonlyMap<number, Field>>();
    for (let size = -1; size !== early.size; ) {
      size = early.size;
      for (const object of common) {
        if (early.has(object)) continue;
        const fields = this.#mergeFields(block, ways, object);
        if (fields === null) early.add(object);
        else fieldPhis.set(object, fields);
      }
      for (const way of ways) {
        for (const object of virtualFrom(way.state, this.#roots(block, way, objects, choices, early, fieldPhis)))
          if (isCommon.has(object)) early.add(object);
      }
    }
    for (const way of ways) {
      // What has to be made on the way cannot be chosen.
      const order = virtualFrom(way.state, this.#roots(block, way, objects, choices, early, fieldPhis));
      const wrong = choices.filter(({ from }) => order.includes(from));
      for (const { index } of wrong) this.#single.add(block.params[index]!);
      if (wrong.length > 0) return this.enter(block, ways, supposed);
      if (!supposed) this.#e.noteMaking(way.edge, order);
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
        entry = { fields, ref: NO_VALUE, other: first.state.get(object)!.other };
        for (const [offset, { held }] of fields)
          if (this.#isPhi(held, block, object, offset)) phis.push({ object, offset, value: held as Value });
      }
      state.set(object, entry);
    }
    for (const { object, fields } of choices) {
      const other = { flag: this.#phi(block, object, FLAG, "i32"), ref: this.#phi(block, object, REF, "ref") };
      state.set(object, { fields, ref: NO_VALUE, other });
      phis.push({ object, offset: FLAG, value: other.flag }, { object, offset: REF, value: other.ref });
      for (const [offset, { held }] of fields)
        if (this.#isPhi(held, block, object, offset)) phis.push({ object, offset, value: held as Value });
    }
    return { state, objects, choices, phis };
  }

  #onlyWay(block: Block, { edge, given, state }: Way): Entry {
    const objects = block.params.map((_, index) => {
      const held = index < given ? 0 : this.#e.names.find(edge.args[index - given]!);
      return held < 0 && state.has(~held) ? ~held : -1;
    });
    return { state, objects, choices: [], phis: [] };
  }

  /** The parameters that can be choices: of an object that nothing else refers to any more, and that refers to no virtual one. */
  #choices(block: Block, ways: readonly Way[], objects: readonly number[], live: ReadonlySet<number>): Choice[] {
    const choices: Choice[] = [];
    block.params.forEach((param, index) => {
      if (objects[index]! >= 0 || this.#e.func.typeOf(param) !== "ref" || this.#single.has(param)) return;
      const from = this.#chosen(ways, index);
      if (from < 0 || live.has(from)) return;
      const some = ways.filter(({ edge, given }) => this.#e.names.find(edge.args[index - given]!) === ~from);
      const isElsewhere = (way: Way): boolean =>
        way.edge.args.some((arg, at) => at + way.given !== index && this.#e.names.objectOf(arg) === from);
      if (some.some(({ state }) => state.get(from)!.other !== null) || some.some(isElsewhere)) return;
      const object = this.#e.choiceFor(param, block, from);
      const fields = this.#e.rejected.has(object) ? null : this.#chosenFields(block, some, from, object);
      if (fields !== null) choices.push({ object, index, from, fields });
    });
    return choices;
  }

  /** The one virtual object that the parameter gets over some ways, but not over all; -1 if there is none, or several. */
  #chosen(ways: readonly Way[], index: number): number {
    let from = -1;
    let others = 0;
    for (const { edge, given, state } of ways) {
      if (index < given) return -1;
      const held = this.#e.names.find(edge.args[index - given]!);
      if (held >= 0 || !isVirtual(state, ~held)) others += 1;
      else if (from >= 0 && from !== ~held) return -1;
      else from = ~held;
    }
    return others === 0 ? -1 : from;
  }

  /** What is not a constant must be a parameter: it is defined on the ways of the virtual object only. */
  #chosenFields(block: Block, ways: readonly Way[], from: number, object: number): Map<number, Field> | null {
    const fields = this.#unitedFields(ways, from, new Map());
    if (fields === null) return null;
    for (const [offset, field] of fields) {
      const held = ways.map(({ state }) => this.#holds(state, from, offset, field));
      if (held.some((each) => each < 0)) return null;
      if (held.every((each) => each === held[0]) && this.#e.constants.constant(held[0]!) !== undefined) continue;
      const value = this.#phi(block, object, offset, field.type);
      if (this.#e.func.typeOf(value) !== field.type) return null;
      fields.set(offset, { ...field, held: value });
    }
    return fields;
  }

  /** The objects that something may be done with from here on. */
  #liveAt(block: Block, ways: readonly Way[]): Set<number> {
    const live = new Set<number>();
    const liveIn = this.#liveness.liveIn[block.id]!;
    for (const { state } of ways) {
      for (const object of state.keys())
        if (!live.has(object) && this.#e.names.of(object).some((name) => liveIn.has(name))) live.add(object);
    }
    for (let index = 0; index < block.params.length; index++) {
      const object = this.#onlyObject(ways, index);
      if (object >= 0) live.add(object);
    }
    for (const object of live)
      for (const { state } of ways)
        for (const { held } of state.get(object)?.fields.values() ?? []) if (held < 0) live.add(~held);
    return live;
  }

  /** The object that the parameter gets over every way, or -1. */
  #onlyObject(ways: readonly Way[], index: number): number {
    let only = 0;
    for (const { edge, given } of ways) {
      const held = index < given ? 0 : this.#e.names.find(edge.args[index - given]!);
      if (held >= 0 || (only !== 0 && held !== only)) return -1;
      only = held;
    }
    return ~only;
  }

  #isPhi(held: Held, block: Block, object: number, offset: number): boolean {
    return this.#phis.get(key(block, object, offset)) === held;
  }

  #phi(block: Block, object: number, offset: number, type: Type): Value {
    const at = key(block, object, offset);
    let value = this.#phis.get(at);
    this.#hasPhis.add(key(block, object));
    if (value === undefined) this.#phis.set(at, (value = this.#e.func.newValue(type)));
    return value;
  }

  /** The fields of an object that is virtual on all ways; null if they do not fit together. */
  #mergeFields(block: Block, ways: readonly Way[], object: number): ReadonlyMap<number, Field> | null {
    const first = ways[0]!.state.get(object)!;
    if (!this.#hasPhis.has(key(block, object)) && ways.every(({ state }) => state.get(object) === first))
      return first.fields;
    const merged = this.#unitedFields(ways, object, new Map(this.#added.get(key(block, object))));
    if (merged === null) return null;
    for (const [offset, field] of merged) {
      const { type, held } = field;
      let differs = this.#phis.has(key(block, object, offset));
      for (const { state } of ways) differs ||= this.#holds(state, object, offset, field) !== held;
      if (!differs) continue;
      const value = this.#phi(block, object, offset, type);
      // Decided in an earlier round for a field of another type.
      if (this.#e.func.typeOf(value) !== type) return null;
      merged.set(offset, { ...field, held: value });
    }
    return merged;
  }

  /** The fields that the object has on any of the ways; null if they do not fit together. */
  #unitedFields(ways: readonly Way[], object: number, united: Map<number, Field>): Map<number, Field> | null {
    for (const { state } of ways) {
      for (const [offset, field] of state.get(object)!.fields) {
        const known = united.get(offset);
        if (known === undefined) {
          if (overlaps(united, offset, field.bytes)) return null;
          united.set(offset, field);
        } else if (known.bytes !== field.bytes || known.type !== field.type) return null;
      }
    }
    return united;
  }

  #holds(state: State, object: number, offset: number, like: Field): Held {
    return state.get(object)!.fields.get(offset)?.held ?? this.#e.constants.zero(like.type);
  }

  /** The reference of an object that is made when the block begins. */
  #mergeRefs(block: Block, ways: readonly Way[], object: number): Value {
    const refs = ways.map(({ edge, state }) => {
      const { ref } = state.get(object)!;
      return ref === NO_VALUE ? this.#e.madeAt(edge, object) : ref;
    });
    const only = refs[0]!;
    if (!this.#phis.has(key(block, object, -1)) && refs.every((ref) => ref === only)) return only;
    return this.#phi(block, object, -1, "ref");
  }

  /** The objects that must be made on the way into the block. */
  #roots(
    _block: Block,
    { edge, given, state }: Way,
    objects: readonly number[],
    choices: readonly Choice[],
    early: Iterable<number>,
    fields: Iterable<readonly [number, ReadonlyMap<number, Field>]>,
  ): number[] {
    const roots: number[] = [];
    for (let index = given; index < objects.length; index++) {
      const object = this.#e.names.objectOf(edge.args[index - given]!);
      if (object >= 0 && objects[index] !== object && !choices.some((choice) => choice.index === index))
        roots.push(object);
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

  #rootsFor(way: Way, { state, objects, choices }: Entry): number[] {
    const early: number[] = [];
    const fields: [number, ReadonlyMap<number, Field>][] = [];
    for (const [object, entry] of state) {
      if (choices.some((choice) => choice.object === object)) continue;
      if (entry.ref !== NO_VALUE) early.push(object);
      else fields.push([object, entry.fields]);
    }
    return this.#roots(way.edge.target, way, objects, choices, early, fields);
  }

  /** Takes decisions where a way in does not bring what the block began with. */
  compare(block: Block, entry: Entry, way: Way): void {
    const { edge, given, state } = way;
    if (state.size === 0 && entry.state.size === 0) return;
    for (let index = given; index < entry.objects.length; index++) {
      const object = entry.objects[index]!;
      if (entry.choices.some((choice) => choice.index === index)) continue;
      if (object >= 0 && this.#e.names.find(edge.args[index - given]!) !== ~object)
        this.#decide(this.#plain, block.params[index]!);
    }
    const after = new Map(state);
    this.#e.makeOn(edge, this.#rootsFor(way, entry), after, -1);
    for (const [object, expected] of entry.state) {
      if (entry.choices.some((choice) => choice.object === object)) continue;
      const found = after.get(object);
      if (found === undefined) this.#e.reject(object);
      else if (expected.ref !== NO_VALUE) {
        if (found.ref !== expected.ref && !this.#isPhi(expected.ref, block, object, -1)) {
          this.#phi(block, object, -1, "ref");
          this.#e.decided();
        }
      } else if (found.ref !== NO_VALUE) this.#decide(this.#early, key(block, object));
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
        this.#decide(this.#early, key(block, object));
        return;
      }
      const zero = this.#e.constants.zero(type);
      const before = expected.fields.get(offset)?.held ?? zero;
      if ((other?.held ?? zero) === before || this.#isPhi(before, block, object, offset)) continue;
      if (!expected.fields.has(offset)) {
        const at = key(block, object);
        const added = this.#added.get(at) ?? new Map<number, Field>();
        this.#added.set(at, added.set(offset, { ...field, held: zero }));
      }
      this.#phi(block, object, offset, type);
      this.#e.decided();
    }
  }

  #decide<T>(decisions: Set<T>, about: T): void {
    if (decisions.has(about)) return;
    decisions.add(about);
    this.#e.decided();
  }

  /** Makes on the way what the target wants made, and gives the arguments for its parameters. */
  arrive(way: Way, entry: Entry, pos: number): Value[] {
    const { edge, given, state } = way;
    this.#e.makeOn(edge, this.#rootsFor(way, entry), state, pos);
    const args: Value[] = [];
    edge.args.forEach((arg, index) => {
      if ((entry.objects[index + given] ?? -1) < 0) args.push(this.#e.use(arg, state, pos));
    });
    for (const { object, offset, value } of entry.phis) {
      const choice = entry.choices.find((each) => each.object === object);
      if (choice !== undefined) args.push(this.#chosenArg(choice, way, offset, pos));
      else if (offset < 0) args.push(state.get(object)!.ref);
      else {
        const field = entry.state.get(object)!.fields.get(offset)!;
        const held = this.#holds(state, object, offset, { ...field, held: value });
        args.push(held < 0 ? state.get(~held)!.ref : (held as Value));
      }
    }
    return args;
  }

  /** What the way gives for a parameter of a choice. */
  #chosenArg({ from, index, fields }: Choice, { edge, given, state }: Way, offset: number, pos: number): Value {
    const e = this.#e;
    const arg = edge.args[index - given]!;
    const isFrom = e.names.find(arg) === ~from && isVirtual(state, from);
    if (offset === FLAG) return e.constants.value({ type: "i32", cell: isFrom ? 1 : 0 });
    if (offset === REF) return isFrom ? e.constants.zero("ref") : e.use(arg, state, pos);
    const field = fields.get(offset)!;
    return isFrom ? (this.#holds(state, from, offset, field) as Value) : e.constants.zero(field.type);
  }
}
