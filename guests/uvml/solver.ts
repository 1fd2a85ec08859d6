/**
 * Type inference: the body of a function is walked once for each list of concrete parameter types (a *specialisation*), and types are made
 * equal on the way.
 *
 * - A call whose argument types are concrete needs the callee's specialisation at once. One whose inference is still under way gives its result
 *   variable; specialisations that need each other so are a group (the strongly connected components of Tarjan's algorithm, by `index`
 *   and `low`), and the results of a group are decided together.
 * - What cannot be decided yet waits as an item of `pending`. Items of a group are tried again and again until nothing moves; then
 *   by force, the oldest first: in stage 1 a waiting call tries the callee's body on its unknown argument types (a *trial*: what the body does
 *   with them decides them; the rest is thrown away), and calls of a function that is under way take its parameters' types; in stages 2
 *   and 3 literals and what else is open take their default types.
 */
import { type ErrorNote, type FunctionNode, LanguageError, type Node, type TypeSyntax } from "./ast.ts";
import type { CallNode } from "./primitives.ts";
import type { FunctionEntry, Program, Spec, Typing } from "./program.ts";
import {
  eachVar,
  isConcrete,
  type Origin,
  parseType,
  prune,
  resolve,
  type Type,
  type TypeVar,
  typeText,
  type VarClass,
} from "./types.ts";
import { compatible, defaultOf, shown, unify, Variables } from "./unify.ts";

/** 0: only if everything is known; 1: by a trial; 2: a call that waits for literals only, by their defaults; 3: by defaults. */
export type Stage = 0 | 1 | 2 | 3;

/** How a body came to be inferred. */
interface Chain {
  readonly note: ErrorNote;
  readonly outer: Chain | null;
  readonly length: number;
}

interface Trial {
  readonly fn: FunctionNode;
  readonly params: readonly Type[];
  readonly result: Type;
  readonly outer: Trial | null;
}

/** What is being inferred. */
interface Context {
  readonly file: string;
  readonly typing: Typing;
  /** Whose specialisation it is for. */
  readonly owner: Spec;
  readonly chain: Chain | null;
  readonly trial: Trial | null;
  readonly checks: (() => void)[];
  /** A trial that is over. */
  over: boolean;
}

interface Item {
  readonly context: Context;
  readonly node: { readonly pos: number };
  readonly attempt: (stage: Stage) => boolean;
}

const MAX_CHAIN = 300;
const MAX_TYPE_TEXT = 2000;
const NOTES = 8;
/** Trials in a trial: where functions that take functions call each other, their number could double with each. */
const MAX_TRIALS = 500;

export abstract class Solver {
  readonly program: Program;
  readonly variables = new Variables();
  readonly stack: Spec[] = [];
  readonly contexts: Context[] = [];
  readonly pending: Item[] = [];
  context: Context | null = null;
  /** Trials in the outermost one. */
  #trials = 0;
  /** An item that is not done learnt something. */
  #changed = false;

  constructor(program: Program) {
    this.program = program;
  }

  // ---- entry points -------------------------------------------------------------------------------------------------------------

  /** The specialisation of a function for parameters of concrete types. */
  specialise(entry: FunctionEntry, params: readonly Type[], site: Origin | null): Spec {
    return this.outermost(() => this.instance(entry, params, site));
  }

  /** Infers the function of a form at top level. */
  form(fn: FunctionNode): Spec {
    return this.outermost(() => this.inferBody(null, fn, "", [], null));
  }

  outermost<T>(action: () => T): T {
    if (this.context !== null) return action();
    try {
      return action();
    } catch (error) {
      for (const spec of this.stack) if (spec.open) spec.entry?.specs.delete(spec.key);
      if (error instanceof RangeError && this.contexts.length > 0) {
        const { owner, chain } = this.contexts.at(-1)!;
        throw new LanguageError(owner.fn.file, owner.fn.pos, "nested too deeply", notes(chain));
      }
      throw error;
    } finally {
      this.stack.length = 0;
      this.contexts.length = 0;
      this.pending.length = 0;
      this.context = null;
    }
  }

  // ---- for primitives -----------------------------------------------------------------------------------------------------------

  get here(): Context {
    return this.context!;
  }

  fresh(node: { readonly pos: number } | null, kind: VarClass = "any"): TypeVar {
    return this.variables.fresh(node === null ? null : this.origin(node), kind);
  }

  /** The type, found at the node. */
  found(type: Type, node: { readonly pos: number }): Type {
    return this.variables.found(type, this.origin(node));
  }

  origin(node: { readonly pos: number }): Origin {
    return { file: this.here.file, pos: node.pos };
  }

  fail(node: { readonly pos: number }, what: string): never {
    throw new LanguageError(this.here.file, node.pos, what, notes(this.here.chain));
  }

  text(type: Type): string {
    return shown(type);
  }

  /** The value of a node, whose type this is, must be of the wanted type. */
  unify(found: Type, wanted: Type, node: { readonly pos: number }): void {
    const problem = unify(found, wanted, this.origin(node));
    if (problem !== null) this.fail(node, problem);
  }

  /** Tries now, and again until it gives true. */
  later(node: { readonly pos: number }, attempt: (stage: Stage) => boolean): void {
    if (attempt(0)) return;
    const context = this.here;
    this.pending.push({ context, node, attempt });
  }

  /** Done when all types are known. */
  check(action: () => void): void {
    this.here.checks.push(action);
  }

  /** The value becomes one of type any. */
  boxed(type: Type, node: Node): void {
    this.check(() => {
      if (prune(type).kind === "local") this.fail(node, `${this.text(type)} lives in a frame and cannot be any`);
    });
  }

  // ---- specialisations ----------------------------------------------------------------------------------------------------------

  instance(entry: FunctionEntry, params: readonly Type[], site: Origin | null): Spec {
    const key = params.map(typeText).join(" ");
    const caller = this.context?.owner ?? null;
    let spec = entry.specs.get(key);
    if (spec === undefined) spec = this.inferBody(entry, entry.fn, key, params.map(resolve), site);
    if (spec.open && caller !== null) caller.low = Math.min(caller.low, spec.low);
    if (caller !== null) spec.callers.add(caller);
    return spec;
  }

  inferBody(
    entry: FunctionEntry | null,
    fn: FunctionNode,
    key: string,
    params: readonly Type[],
    site: Origin | null,
  ): Spec {
    const outer = this.context;
    const chain = this.chain(fn, params, site);
    if (key.length > MAX_TYPE_TEXT) this.fail(site!, `the types of ${fn.name}'s parameters grow without end`);
    const index = this.stack.length;
    const typing: Typing = { types: new Map(), locals: new Map(), choices: new Map() };
    const result = this.variables.fresh();
    const spec: Spec = { entry, fn, key, params, result, typing, open: true, index, low: index, callers: new Set() };
    entry?.specs.set(key, spec);
    const context: Context = { file: fn.file, typing, owner: spec, chain, trial: null, checks: [], over: false };
    const base = this.pending.length;
    this.stack.push(spec);
    this.contexts.push(context);
    this.context = context;
    this.body(fn, params, result, site);
    this.solve(index, base);
    this.context = outer;
    if (this.low(index) >= index) this.close(index);
    return spec;
  }

  chain(fn: FunctionNode, params: readonly Type[], site: Origin | null): Chain | null {
    const outer = this.context?.chain ?? null;
    if (site === null) return outer;
    if ((outer?.length ?? 0) >= MAX_CHAIN) this.fail(site, `calls of ${fn.name} need specialisations without end`);
    const what = `in ${fn.name} (${params.map(shown).join(" ")}), called here`;
    return { note: { what, file: site.file, pos: site.pos }, outer, length: (outer?.length ?? 0) + 1 };
  }

  /** The lowest specialisation that those from `index` on refer to. */
  low(index: number): number {
    let low = index;
    for (let at = index; at < this.stack.length; at++) low = Math.min(low, this.stack[at]!.low);
    return low;
  }

  /** Decides what waits from `base` on, unless the specialisations from `index` on belong to a group that began below. */
  solve(index: number, base: number): void {
    while (this.low(index) >= index && this.pending.length > base) {
      let moved = false;
      for (let at = base; at < this.pending.length; at++) {
        if (!this.attempt(at, 0)) continue;
        moved = true;
        at--;
      }
      if (moved) continue;
      if (this.low(index) < index) return;
      for (const stage of [1, 2, 3] as const) {
        moved = this.#pass(base, stage);
        if (moved) break;
      }
      if (moved || this.low(index) < index) continue;
      const { context, node } = this.pending[base]!;
      this.context = context;
      this.fail(node, "nothing says of what type this is; write (the TYPE …)");
    }
  }

  /** Forces items from `base` on: the first that gives way, but all calls that only wait for literals. Whether anything moved. */
  #pass(base: number, stage: 1 | 2 | 3): boolean {
    let moved = false;
    this.#changed = false;
    for (let at = base; at < this.pending.length && (stage === 2 || !moved); at++) {
      const done: boolean = (stage === 2 && moved && this.attempt(at, 0)) || this.attempt(at, stage);
      if (done) at--;
      moved ||= done || this.#changed;
    }
    return moved;
  }

  /** Whether the item is done, and gone. */
  attempt(at: number, stage: Stage): boolean {
    const item = this.pending[at]!;
    if (!item.context.over) {
      this.context = item.context;
      if (!item.attempt(stage)) return false;
    }
    this.pending.splice(this.pending[at] === item ? at : this.pending.indexOf(item), 1);
    return true;
  }

  /** The group from `index` on is decided. */
  close(index: number): void {
    const outer = this.context;
    const group = this.stack.slice(index);
    const contexts = this.contexts.slice(index);
    for (const { typing } of group) {
      for (const type of typing.types.values()) settle(type);
      for (const type of typing.locals.values()) settle(type);
    }
    for (const spec of group) {
      settle(spec.result);
      this.context = contexts[spec.index - index]!;
      this.checkTypes(spec);
      for (const check of this.context.checks) check();
      const { types, locals } = spec.typing;
      for (const [node, type] of types) types.set(node, resolve(type));
      for (const [local, type] of locals) locals.set(local, resolve(type));
      spec.open = false;
      spec.result = this.variables.found(resolve(spec.result), { file: spec.fn.file, pos: spec.fn.body.pos });
    }
    this.stack.length = index;
    this.contexts.length = index;
    this.context = outer;
  }

  /** Structures in frames stay where they are. */
  checkTypes(spec: Spec): void {
    if (prune(spec.result).kind === "local")
      this.fail(last(spec.fn.body), `${this.text(spec.result)} cannot leave the function whose frame it lives in`);
    for (const [node, type] of spec.typing.types)
      if (holdsLocal(type)) this.fail(node, `${this.text(type)}: a structure in a frame cannot be put anywhere`);
  }

  declared(type: Type, syntax: TypeSyntax): void {
    this.unify(type, this.variables.found(this.parse(syntax), this.origin(syntax)), syntax);
  }

  parse(syntax: TypeSyntax, file = this.here.file): Type {
    return parseType(syntax, file, (name) => {
      this.program.use(`struct ${name}`, this.here.owner);
      return this.program.struct(name);
    });
  }

  /** In a trial of the same function, its recursion is of one type. */
  sameTrial(fn: FunctionNode, args: readonly Type[], result: Type, node: CallNode): boolean {
    for (let trial = this.here.trial; trial !== null; trial = trial.outer) {
      if (trial.fn !== fn) continue;
      for (const [index, arg] of args.entries()) this.unify(arg, trial.params[index]!, node.args[index]!);
      this.unify(result, trial.result, node);
      return true;
    }
    return false;
  }

  /** Decides something about arguments that nothing else decides. */
  force(entry: FunctionEntry, args: readonly Type[], result: Type, node: CallNode, stage: Stage): boolean {
    const { fn } = entry;
    const open = this.stack.find(
      (spec) => spec.entry === entry && spec.params.every((param, index) => compatible(args[index]!, param)),
    );
    if (open !== undefined) {
      for (const [index, arg] of args.entries()) this.unify(arg, open.params[index]!, node.args[index]!);
      return true;
    }
    const variables: TypeVar[] = [];
    for (const arg of args) eachVar(arg, (variable) => variables.push(variable));
    const literal = args.every((arg) => isConcrete(arg) || isNumberVar(arg));
    if (stage === 1 && !literal) {
      this.#trials = this.here.trial === null ? 0 : this.#trials + 1;
      if (this.#trials > MAX_TRIALS) return false;
      const before = shapeOf(args);
      const tried = this.tryBody(fn, args, this.origin(node));
      // A function or list of what the arguments are made of: what is done with it may decide them.
      if (prune(tried).kind !== "var") this.unify(result, tried, node);
      const changed = shapeOf(args) !== before;
      this.#changed ||= changed;
      return changed;
    }
    if (stage < (literal ? 2 : 3)) return false;
    for (const variable of variables) settle(variable);
    return true;
  }

  /** Infers a function's body for argument types with variables, to learn about those. Gives the type of its result. */
  tryBody(fn: FunctionNode, params: readonly Type[], site: Origin): Type {
    const outer = this.here;
    const result = this.variables.fresh();
    const context: Context = {
      file: fn.file,
      typing: { types: new Map(), locals: new Map(), choices: new Map() },
      owner: outer.owner,
      chain: this.chain(fn, params, site),
      trial: { fn, params, result, outer: outer.trial },
      checks: [],
      over: false,
    };
    const base = this.pending.length;
    this.context = context;
    this.body(fn, params, result, site);
    this.settleTrial(params, base);
    context.over = true;
    this.forgetTrials();
    this.context = outer;
    return result;
  }

  /** Takes away what waits in trials that are over: it would look like progress. */
  forgetTrials(): void {
    const left = this.pending.filter(({ context }) => !context.over);
    this.pending.length = 0;
    for (const item of left) this.pending.push(item);
  }

  /** Goes on with what a trial left undone while its parameters are not known. */
  settleTrial(params: readonly Type[], base: number): void {
    let moved = true;
    while (moved && !params.every(isConcrete)) {
      moved = false;
      for (let at = base; at < this.pending.length && !moved; at++) moved = this.attempt(at, 0);
      moved ||= this.#pass(base, 1);
    }
  }

  /** Walks a function's body with parameters of these types. */
  protected abstract body(fn: FunctionNode, params: readonly Type[], result: Type, site: Origin | null): void;
}

/** The node whose value a body gives, for messages. */
export function last(node: Node): Node {
  if (node.kind === "begin" && node.body.length > 0) return last(node.body.at(-1)!);
  return node.kind === "let" || node.kind === "letrec" ? last(node.body) : node;
}

/** Gives what is still open its default. */
export function settle(type: Type): void {
  eachVar(type, (variable) => {
    if (variable.bound === null) variable.bound = defaultOf(variable);
  });
}

export function isNumberVar(type: Type): boolean {
  const at = prune(type);
  return at.kind === "var" && at.class !== "any" && at.class !== "nil";
}

function notes(chain: Chain | null): ErrorNote[] {
  const result: ErrorNote[] = [];
  for (let at = chain; at !== null && result.length < NOTES; at = at.outer) result.push(at.note);
  return result;
}

/** What is known of types, and which of their variables are the same. */
function shapeOf(types: readonly Type[]): string {
  const variables: TypeVar[] = [];
  for (const type of types) eachVar(type, (variable) => variables.push(variable));
  return `${types.map(typeText)} ${variables.map((variable) => variables.indexOf(variable))}`;
}

function holdsLocal(type: Type): boolean {
  const at = prune(type);
  if (at.kind === "fn") return prune(at.result).kind === "local" || [...at.params, at.result].some(holdsLocal);
  if (at.kind === "prim" || at.kind === "struct" || at.kind === "var") return false;
  const of = prune(at.of);
  return of.kind === "local" || holdsLocal(of);
}
