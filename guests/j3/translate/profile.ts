/**
 * What code of the first tier counts of itself, for the second to read: how often the blocks run that have calls, and what classes the
 * receivers of calls have.
 *
 * The counters are words of metadata, named by the place in the bytecode and by the calls that led there as far as they were expanded. Two
 * threads may lose each other's counts. A place that was not counted in just this context is looked up in ever less of it.
 */
import type { Value } from "#ir";
import { BytecodeWalker } from "../bytecode.ts";
import type { JClass, TranslateEnv } from "../model/types.ts";
import type { FlowBlock } from "./flow.ts";
import type { Translation } from "./translation.ts";

/**
 * Receivers of a call: [0] class record, [4] how often; [8], [12] those of a second class; [16], [20] the last of the others, and how often there
 * were others.
 */
const RECEIVERS_BYTES = 24;
const COUNTER_BYTES = 4;
const ROW_BYTES = 8;
const ROW_COUNT = 4;
/** Words are taken from pieces of memory of this size. */
const CHUNK_BYTES = 16384;

/** How often receivers of a call had a class. */
export interface Seen {
  readonly cls: JClass;
  readonly count: number;
}

export interface SeenReceivers {
  /** At most two, the more frequent first. */
  readonly classes: readonly Seen[];
  /** How many receivers there were altogether. */
  readonly total: number;
}

/** The counters of one VM. */
export class Profiles {
  readonly #env: TranslateEnv;
  readonly #places = new Map<string, number>();
  #next = 0;
  #end = 0;

  constructor(env: TranslateEnv) {
    this.#env = env;
  }

  /** Address of the words of a place, made if there are none. */
  place(key: string, bytes: number): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    if (this.#next + bytes > this.#end) {
      this.#next = this.#env.profileMemory(CHUNK_BYTES);
      this.#end = this.#next + CHUNK_BYTES;
    }
    const address = this.#next;
    this.#next += bytes;
    this.#places.set(key, address);
    return address;
  }

  /** Says that a place is counted by the words of another. */
  alias(key: string, address: number): void {
    this.#places.set(key, address);
  }

  find(kind: string, contexts: readonly string[]): number | undefined {
    for (const context of contexts) {
      const address = this.#places.get(kind + context);
      if (address !== undefined) return address;
    }
    return undefined;
  }

  word(address: number): number {
    return this.#env.profileWord(address) >>> 0;
  }

  receivers(address: number): SeenReceivers {
    const classes: Seen[] = [];
    for (let row = 0; row < 2; row++) {
      const at = address + ROW_BYTES * row;
      const cls = this.#env.classOfRecord(this.word(at));
      const count = this.word(at + ROW_COUNT);
      if (cls !== null && count > 0) classes.push({ cls, count });
    }
    classes.sort((a, b) => b.count - a.count);
    const others = this.word(address + 2 * ROW_BYTES + ROW_COUNT);
    return { classes, total: classes.reduce((sum, { count }) => sum + count, others) };
  }
}

/** Names of a method where it is expanded, the most exact first: the method alone is the last. */
export function contextsOf(id: number, caller: Translation | null): readonly string[] {
  const own = `@${id}`;
  if (caller === null) return [own];
  const { pc } = caller.walker;
  return [...caller.contexts.map((context) => `${own}<${pc}${context}`), own];
}

const ENTRY = "e";
const INVOKEVIRTUAL = 182;
const INVOKEDYNAMIC = 186;

function add(t: Translation, address: number): void {
  const { b } = t;
  const at = b.addr(address);
  b.store(at, 0, b.op("add", b.load("i32", at, 0), b.i32(1)));
}

/** The counters, for code that is to count. Class initialisers run once. */
function counting(t: Translation): Profiles | null {
  const { expansions } = t;
  if (expansions?.tier !== 1 || !t.env.hasSecondTier || t.outermost.method.name === "<clinit>") return null;
  return expansions.profiles;
}

/** First tier: counts how often the outermost method begins. */
export function countEntry(t: Translation): void {
  const profiles = counting(t);
  if (profiles === null || !hasCalls(t)) return;
  const address = profiles.place(ENTRY + t.contexts[0]!, COUNTER_BYTES);
  add(t, address);
  if (t.flow.entry.waiting === 0) t.flow.entry.counter = address;
}

function hasCalls(t: Translation): boolean {
  for (const walker = new BytecodeWalker(t.code.code, t.where); walker.next(); ) {
    if (walker.opcode >= INVOKEVIRTUAL && walker.opcode <= INVOKEDYNAMIC) return true;
  }
  return false;
}

/** First tier: counts how often the block runs, once in a block, before its first call. */
export function countCall(t: Translation): void {
  const profiles = counting(t);
  const { scope } = t;
  if (profiles === null || scope.isCold || scope.counter !== 0) return;
  scope.counter = profiles.place(`${scope.start}${t.contexts[0]!}`, COUNTER_BYTES);
  add(t, scope.counter);
}

/** First tier: what is expanded at the call that is translated begins as often as the block around it runs. */
export function noteExpansion(u: Translation): void {
  const profiles = counting(u);
  const counter = u.site?.caller.scope.counter ?? 0;
  if (profiles === null || counter === 0) return;
  profiles.alias(ENTRY + u.contexts[0]!, counter);
  if (u.flow.entry.waiting === 0) u.flow.entry.counter = counter;
}

/** First tier: notes the class of a call's receiver. There are no branches in it. */
export function recordReceiver(t: Translation, record: Value): void {
  const profiles = counting(t);
  if (profiles === null || t.scope.isCold) return;
  const { b } = t;
  const cell = profiles.place(`r${t.walker.pc}${t.contexts[0]!}`, RECEIVERS_BYTES);
  const at = b.addr(cell);
  const free = b.addr(0);
  const differs = (row: number): Value => {
    const found = b.load("addr", at, ROW_BYTES * row);
    return b.op("and", b.op("refne", found, record), b.op("refne", found, free));
  };
  const notFirst = differs(0);
  const row = b.op("add", notFirst, b.op("and", notFirst, differs(1)));
  const place = b.typed("ptradd", "addr", at, b.op("shl", row, b.i32(3)));
  b.store(place, 0, record);
  b.store(place, ROW_COUNT, b.op("add", b.load("i32", place, ROW_COUNT), b.i32(1)));
}

/** Second tier: what receivers the call that is translated has had; undefined if nothing counted them. */
export function seenReceivers(t: Translation): SeenReceivers | undefined {
  const profiles = t.expansions!.profiles;
  const address = profiles.find(`r${t.walker.pc}`, t.contexts);
  return address === undefined ? undefined : profiles.receivers(address);
}

/** Second tier: how often a block ran for each time that its method began; undefined if nothing counted it. */
function shareOf(t: Translation, block: FlowBlock): number | undefined {
  const profiles = t.expansions!.profiles;
  const isEntry = block === t.flow.entry && block.before.length === 0;
  for (const context of t.contexts) {
    const all = profiles.find(ENTRY, [context]);
    if (all === undefined) continue;
    const entries = profiles.word(all);
    if (entries === 0) continue;
    if (isEntry) return 1;
    const own = profiles.find(`${block.start}`, [context]);
    if (own !== undefined) return profiles.word(own) / entries;
  }
  return undefined;
}

/** How often a loop that nothing counted is thought to go round. */
const GUESSED_ROUNDS = 4;

/** Second tier: looks up how often the block runs for each time that the outermost method begins; a block that never ran is cold. */
export function enterCounted(t: Translation, block: FlowBlock): void {
  const { expansions } = t;
  if (expansions === null || expansions.tier !== 2) return;
  const share = shareOf(t, block);
  if (share === 0) block.isCold = true;
  block.frequency = t.frequency * (share ?? (block.loopStart >= 0 ? GUESSED_ROUNDS : 1));
}
