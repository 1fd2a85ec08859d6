/**
 * The debug switches, read from the environment (or from any record with the same keys).
 *
 *   VM_TRACE=jit.gvn,gc:Foo.bar*   print what these topics do, here gc only for functions that match Foo.bar*
 *   VM_CHECK=1                     check after each step: verify the IR after passes, walk the heap after collections
 *   VM_CHECK=heap                  only that one
 *   VM_STRESS=gc:100,preempt       do rare things often; the number is the topic's own (gc: every 100th allocation; poll: collect at every
 *                                  Nth poll or function entry; order: load and store references as on machines with weak order; tier: make
 *                                  functions again in the second tier at their Nth call)
 *   VM_DUMP=Foo.bar                write a page for each matching function
 *   VM_DUMP_DIR=folder             where to; build/dump unless given
 *   VM_INTERPRET=Foo.bar           interpret each matching function instead of compiling it
 *   VM_FUEL=n                      stop optimising after n rewrites, to bisect a bad one
 *   VM_SHUFFLE=seed                a seed for everything whose order is free
 *   VM_LOG=gc*:file=gc.log         a log of collections; a grammar of its own: src/log/configuration.ts
 *
 * One grammar: a list is `item,item`; an item is `topic[.sub][:argument]`. A topic covers its subs, and `*` or `1` covers all.
 * An argument is a name pattern (`*` matches any run of characters; what a name has from `(` on may be left out) or, in VM_STRESS, a
 * positive integer.
 * A switch that is off costs a test of `undefined`: `const trace = switches.tracer("gc"); trace?.("...")`.
 */

import { BadInput } from "./errors.ts";

/** The switches as text: what is sent to another Worker, and what {@link Switches.parse} reads. */
export interface SwitchText {
  readonly VM_TRACE?: string | undefined;
  readonly VM_CHECK?: string | undefined;
  readonly VM_STRESS?: string | undefined;
  readonly VM_DUMP?: string | undefined;
  readonly VM_DUMP_DIR?: string | undefined;
  readonly VM_INTERPRET?: string | undefined;
  readonly VM_FUEL?: string | undefined;
  readonly VM_SHUFFLE?: string | undefined;
  readonly VM_LOG?: string | undefined;
}

/** Prints one line for a topic; the topic's name is put in front. */
export type Tracer = (line: string) => void;

interface Item {
  readonly topic: string;
  readonly argument: string | undefined;
}

/** All switches of one VM. Immutable; each VM makes its own. */
export class Switches {
  /** The record to hand to another Worker, so that it parses the same switches. */
  readonly text: SwitchText;
  /** VM_FUEL: rewrites allowed; Infinity when not set. */
  readonly fuel: number;
  /** VM_DUMP_DIR: the folder of the pages that VM_DUMP asks for. */
  readonly dumpFolder: string;
  /** VM_SHUFFLE: the seed; undefined when not set. */
  readonly shuffle: number | undefined;

  readonly #trace: readonly Item[];
  readonly #check: readonly Item[];
  readonly #stress: readonly Item[];
  readonly #dump: readonly RegExp[];
  readonly #interpret: readonly RegExp[];
  readonly #write: (line: string) => void;

  private constructor(text: SwitchText, write: (line: string) => void) {
    this.text = text;
    this.#trace = items("VM_TRACE", text.VM_TRACE);
    this.#check = items("VM_CHECK", text.VM_CHECK);
    this.#stress = items("VM_STRESS", text.VM_STRESS);
    for (const item of this.#stress) stressNumber(item);
    this.#dump = list(text.VM_DUMP).map(glob);
    this.#interpret = list(text.VM_INTERPRET).map(glob);
    this.dumpFolder = text.VM_DUMP_DIR ?? "build/dump";
    this.fuel = integer("VM_FUEL", text.VM_FUEL) ?? Number.POSITIVE_INFINITY;
    this.shuffle = integer("VM_SHUFFLE", text.VM_SHUFFLE);
    this.#write = write;
  }

  /**
   * Reads the switches; keys that are not switches are ignored, so `process.env` will do.
   *
   * @param write prints one line of trace; standard error unless given
   * @throws BadInput when a value does not follow the grammar; its `file` is the name of the switch
   */
  static parse(env: SwitchText, write: (line: string) => void = (line) => console.error(line)): Switches {
    const { VM_TRACE, VM_CHECK, VM_STRESS, VM_DUMP, VM_DUMP_DIR, VM_INTERPRET, VM_FUEL, VM_SHUFFLE, VM_LOG } = env;
    const text = { VM_TRACE, VM_CHECK, VM_STRESS, VM_DUMP, VM_DUMP_DIR, VM_INTERPRET, VM_FUEL, VM_SHUFFLE, VM_LOG };
    return new Switches(text, write);
  }

  /** A printer for the topic, or undefined when it is not traced at all (or not for this function). */
  tracer(topic: string, subject?: string): Tracer | undefined {
    if (!this.traces(topic, subject)) return undefined;
    const write = this.#write;
    return (line) => write(`[${topic}] ${line}`);
  }

  /** Whether the topic is traced; with a function's name, whether it is traced for that function. */
  traces(topic: string, subject?: string): boolean {
    if (this.#trace.length === 0) return false;
    return this.#trace.some(
      (item) =>
        covers(item.topic, topic) &&
        (item.argument === undefined || subject === undefined || matches(glob(item.argument), subject)),
    );
  }

  /** Whether this kind of check ("ir", "heap", ...) is on. */
  checks(topic: string): boolean {
    return this.#check.some((item) => covers(item.topic, topic));
  }

  /** How often to stress this topic: 0 is never, 1 every time (no number given), n every nth time. */
  stress(topic: string): number {
    const item = this.#stress.find((each) => covers(each.topic, topic));
    return item === undefined ? 0 : stressNumber(item);
  }

  /** Whether a page is to be written for this function. */
  dumps(subject: string): boolean {
    return this.#dump.length !== 0 && this.#dump.some((pattern) => matches(pattern, subject));
  }

  /** Whether this function is to be interpreted. */
  interprets(subject: string): boolean {
    return this.#interpret.length !== 0 && this.#interpret.some((pattern) => matches(pattern, subject));
  }
}

function list(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "0");
}

function items(name: string, text: string | undefined): Item[] {
  return list(text).map((part) => {
    const match = /^([A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_*-]+)*)(?::(.+))?$/.exec(part);
    if (match === null) throw new BadInput({ file: name, expected: "topic[.sub][:argument]", found: quote(part) });
    return { topic: match[1] ?? "", argument: match[2] };
  });
}

function covers(pattern: string, topic: string): boolean {
  return pattern === "*" || pattern === "1" || pattern === topic || topic.startsWith(`${pattern}.`);
}

function stressNumber(item: Item): number {
  if (item.argument === undefined) return 1;
  const value = Number(item.argument);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new BadInput({ file: "VM_STRESS", expected: "a positive integer", found: quote(item.argument) });
}

function integer(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new BadInput({ file: name, expected: "a non-negative integer", found: quote(text) });
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  return new RegExp(`^${source}$`, "s");
}

function matches(pattern: RegExp, name: string): boolean {
  const open = name.indexOf("(");
  return pattern.test(name) || (open > 0 && pattern.test(name.slice(0, open)));
}

function quote(text: string): string {
  return JSON.stringify(text);
}
