/**
 * Syntax to trees: macros are expanded, names resolved to locals.
 *
 * A macro's function is guest code, so its call must come back to the driver, as a yielded effect. To keep the analysis itself an ordinary
 * recursion, a macro's call leaves a hole in the tree, and what fills it is analysed later, in the scope of the hole.
 */
import {
  type Datum,
  type FunctionNode,
  type Local,
  MAX_NESTING,
  type Node,
  type Param,
  type TopLevel,
  type TypeSyntax,
} from "./ast.ts";
import { beginsWith, checkCount, FORMS, isReserved, Site, TOP_LEVEL_FORMS } from "./forms.ts";
import { datumOf, syntaxOf } from "./quote.ts";
import { Context, captureOfLoops, type Loop, Scope } from "./scope.ts";
import { type ListSyntax, posOf, printSyntax, SourceError, type SymbolSyntax, type Syntax } from "./syntax.ts";
import { anyValue, topLevel } from "./toplevel.ts";
import { typeSyntax } from "./type-syntax.ts";

/** The macros that are defined, and how they are run: E are the driver's effects, A what it answers. */
export interface Macros<E, A> {
  has(name: string): boolean;
  /**
   * What the macro makes of its operands. Throws a LanguageError at the call if the number of operands is wrong, the macro raises, or
   * its result is no data, or more than MAX_EXPANSION parts of it.
   */
  expand(name: string, operands: readonly Datum[], call: ListSyntax): Generator<E, Datum, A>;
}

/** Parts of all forms that macros may make within one form at top level. */
export const MAX_EXPANSION = 300_000;
/** Expansions inside each other's results. */
const MAX_GENERATION = 10_000;

/** A form at top level, or forms that stand for it and are to be analysed one after the other is run. */
export type Analysed = TopLevel | { readonly kind: "forms"; readonly forms: readonly Syntax[] };

/** A macro's call in a tree, and what goes on with its result. */
interface Hole {
  readonly name: string;
  readonly call: ListSyntax;
  readonly depth: number;
  readonly generation: number;
  readonly fill: (made: Syntax) => unknown;
}

export class Analyser<E, A> {
  readonly #macros: Macros<E, A>;
  /** What was spent on the expansions that made a form at top level. */
  readonly #spent = new WeakMap<Syntax, { readonly generation: number; readonly expanded: number }>();

  constructor(macros: Macros<E, A>) {
    this.#macros = macros;
  }

  /** @throws LanguageError what is wrong with the form */
  *analyse(form: Syntax): Generator<E, Analysed, A> {
    let current = form;
    const analysis = new Analysis((name) => this.#macros.has(name));
    let { generation, expanded } = this.#spent.get(form) ?? { generation: 0, expanded: 0 };
    analysis.expanded = expanded;
    for (;;) {
      const call = analysis.macroCall(current, new Scope(new Context()));
      if (call === undefined) break;
      analysis.macro = call.name;
      current = yield* this.#expand({ ...call, generation: generation++ }, analysis);
    }
    if (beginsWith(current, "begin") && current.items.slice(1).some((item) => this.#defines(item))) {
      const forms = current.items.slice(1);
      ({ expanded } = analysis);
      for (const each of forms) this.#spent.set(each, { generation, expanded });
      return { kind: "forms", forms };
    }
    analysis.generation = generation;
    const done = topLevel(analysis, current);
    for (let hole = analysis.holes.pop(); hole !== undefined; hole = analysis.holes.pop()) {
      const made = yield* this.#expand(hole, analysis);
      analysis.depth = hole.depth;
      analysis.generation = hole.generation + 1;
      analysis.macro = hole.name;
      hole.fill(made);
    }
    captureOfLoops(analysis.loops);
    return done.kind === "define-macro" ? { ...done, fn: { ...done.fn, body: anyValue(done.fn.body) } } : done;
  }

  /** Whether a form inside (begin …) may have to be run before the next one is analysed. */
  #defines(form: Syntax): boolean {
    if (form.kind !== "list" || form.items[0]?.kind !== "symbol") return false;
    const { name } = form.items[0];
    return name === "begin" || TOP_LEVEL_FORMS.has(name) || this.#macros.has(name);
  }

  *#expand(
    hole: { readonly name: string; readonly call: ListSyntax; readonly generation: number },
    analysis: Analysis,
  ): Generator<E, Syntax, A> {
    const { name, call, generation } = hole;
    if (generation >= MAX_GENERATION) throw new SourceError(`the expansion of ${name} does not end`, call.at);
    const made = yield* this.#macros.expand(name, call.items.slice(1).map(datumOf), call);
    const { form, cost } = syntaxOf(made, call);
    analysis.expanded += cost;
    if (analysis.expanded > MAX_EXPANSION) throw new SourceError(`the expansion of ${name} is too large`, call.at);
    return form;
  }
}

/** The analysis of one form at top level. */
export class Analysis {
  readonly isMacro: (name: string) => boolean;
  readonly holes: Hole[] = [];
  readonly loops: Loop[] = [];
  /** Parts of forms that macros made. */
  expanded = 0;
  depth = 0;
  generation = 0;
  /** Whose expansion is being analysed. */
  macro: string | undefined;

  constructor(isMacro: (name: string) => boolean) {
    this.isMacro = isMacro;
  }

  fail(what: string, form: Syntax): never {
    throw new SourceError(this.macro === undefined ? what : `${what} (in what the macro ${this.macro} made)`, form.at);
  }

  /** The name and the form of a macro's call. */
  macroCall(form: Syntax, scope: Scope): { readonly name: string; readonly call: ListSyntax } | undefined {
    if (form.kind !== "list" || form.items[0]?.kind !== "symbol") return undefined;
    const { name } = form.items[0];
    if (scope.has(name) || !this.isMacro(name)) return undefined;
    if (form.tail !== undefined) this.fail("a dotted list is no expression", form);
    return { name, call: form };
  }

  expression(form: Syntax, scope: Scope): Node {
    if (this.depth >= MAX_NESTING) this.fail(`nesting deeper than ${MAX_NESTING.toLocaleString("en")}`, form);
    this.depth++;
    const node = this.#expression(form, scope);
    this.depth--;
    return node;
  }

  expressions(forms: readonly Syntax[], scope: Scope): Node[] {
    return forms.map((form) => this.expression(form, scope));
  }

  #expression(form: Syntax, scope: Scope): Node {
    const pos = posOf(form.at);
    if (form.kind === "symbol") return this.#variable(form, scope);
    if (form.kind === "list") return this.#list(form, scope);
    const { at: _at, ...atom } = form;
    return { ...atom, pos };
  }

  #variable(form: SymbolSyntax, scope: Scope): Node {
    const pos = posOf(form.at);
    const { name } = form;
    const local = scope.refer(name);
    if (local !== undefined) return { kind: "local", pos, local };
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return { kind: "float", pos, value: constant, suffix: null };
    if (FORMS.has(name) || TOP_LEVEL_FORMS.has(name)) this.fail(`${name} is a form of the language, no value`, form);
    if (this.isMacro(name)) this.fail(`${name} is a macro, no value`, form);
    if (name.startsWith(".")) this.fail(`${name} reads a field: (${name} object)`, form);
    return { kind: "global", pos, name };
  }

  #list(form: ListSyntax, scope: Scope): Node {
    const pos = posOf(form.at);
    const [head, ...operands] = form.items;
    if (form.tail !== undefined) this.fail("a dotted list is no expression", form);
    if (head === undefined) return { kind: "nil", pos };
    if (head.kind === "list" || (head.kind === "symbol" && scope.has(head.name))) {
      const callee = this.expression(head, scope);
      return { kind: "call-value", pos, callee, args: this.expressions(operands, scope) };
    }
    if (head.kind !== "symbol") this.fail(`${printSyntax(head)} is no function`, head);
    const { name } = head;
    const special = FORMS.get(name);
    if (special !== undefined) {
      checkCount(this, form, name, special);
      return special.analyse(new Site(this, form, scope));
    }
    if (TOP_LEVEL_FORMS.has(name)) this.fail(`${name} stands only at the top level`, form);
    if (this.isMacro(name)) {
      const body: Node[] = [];
      this.#leaveHole(name, form, (made) => this.#sequence([made], scope, body, form));
      return { kind: "begin", pos, body };
    }
    if (name.startsWith(".") && name.length > 1) {
      if (operands.length !== 1) this.fail(`${name} takes 1 form, got ${operands.length}`, form);
      return { kind: "field", pos, field: name.slice(1), target: this.expression(operands[0]!, scope) };
    }
    return { kind: "call", pos, name, args: this.expressions(operands, scope) };
  }

  #leaveHole(name: string, call: ListSyntax, fill: Hole["fill"]): void {
    this.holes.push({ name, call, depth: this.depth, generation: this.generation, fill });
  }

  /** A sequence of forms, among them definitions, which are seen by what follows them. */
  body(forms: readonly Syntax[], scope: Scope, owner: Syntax): Node {
    const body: Node[] = [];
    const isWhole = this.#sequence(forms.toReversed(), scope, body, owner);
    return isWhole && body.length === 1 ? body[0]! : { kind: "begin", pos: posOf(owner.at), body };
  }

  /**
   * Analyses the forms, the first of them last in the array, which is used up, and adds them to a tree's body. False: the rest follows when
   * a hole has been filled.
   */
  #sequence(forms: Syntax[], scope: Scope, body: Node[], owner: Syntax): boolean {
    for (let form = forms.pop(); form !== undefined; form = forms.pop()) {
      const macro = this.macroCall(form, scope);
      if (macro !== undefined) {
        this.#leaveHole(macro.name, macro.call, (made) => this.#sequence([...forms, made], scope, body, owner));
        return false;
      }
      if (beginsWith(form, "begin")) for (const item of form.items.slice(1).toReversed()) forms.push(item);
      else if (beginsWith(form, "define")) {
        body.push(this.#innerDefine(form, forms, scope, owner));
        return true;
      } else body.push(this.expression(form, scope));
    }
    return true;
  }

  /** (define x e) is a let around the rest of the body; (define (f …) …), with those right behind it, a letrec. */
  #innerDefine(form: ListSyntax, rest: Syntax[], scope: Scope, owner: Syntax): Node {
    const pos = posOf(form.at);
    this.depth++;
    const finish = (inner: Scope): Node => {
      if (rest.length === 0) this.fail("a body cannot end with a definition", form);
      const node = this.body(rest.toReversed(), inner, owner);
      this.depth--;
      return node;
    };
    if (form.items[1]?.kind !== "list") {
      const { name, type, value } = this.variable(form, scope);
      const local = this.local(name);
      return { kind: "let", pos, bindings: [{ local, type, init: value }], body: finish(scope.with(local)) };
    }
    const group: ListSyntax[] = [form];
    for (let next = rest.at(-1); beginsWith(next, "define") && next.items[1]?.kind === "list"; next = rest.at(-1)) {
      group.push(next);
      rest.pop();
    }
    const locals = group.map((each) => this.local(this.signature(each).name));
    const inner = locals.reduce((at, local) => at.with(local), scope);
    const bindings = group.map((each, index) => {
      const { params, body } = this.signature(each);
      const fn = this.fn(locals[index]!.name, each, params, body, inner);
      return { local: locals[index]!, lambda: { kind: "lambda" as const, pos: fn.pos, fn } };
    });
    return { kind: "letrec", pos, bindings, body: finish(inner) };
  }

  /** The parts of (define x e) and (define x T e). */
  variable(form: ListSyntax, scope: Scope): { name: Syntax; type: TypeSyntax | null; value: Node } {
    checkCount(this, form, "define", { least: 2, most: 3 });
    const type = form.items.length === 4 ? typeSyntax(form.items[2]!) : null;
    return { name: form.items[1]!, type, value: this.expression(form.items.at(-1)!, scope) };
  }

  /** The parts of (define (f a b) body…) and its like. */
  signature(form: ListSyntax): { name: Syntax; params: ListSyntax; body: readonly Syntax[] } {
    const [, head, ...body] = form.items;
    if (head?.kind !== "list" || head.items.length === 0) {
      this.fail("expected (name parameter …) after the keyword", head ?? form);
    }
    return { name: head.items[0]!, params: { ...head, items: head.items.slice(1) }, body };
  }

  /** A function in a scope: `body` may begin with `-> T`. */
  fn(name: string, form: ListSyntax, params: ListSyntax, body: readonly Syntax[], scope: Scope): FunctionNode {
    return this.fnIn(name, form, this.params(params), body, scope.inside(new Context(scope.context)));
  }

  /** The same, in the scope and context that are its own. */
  fnIn(name: string, form: ListSyntax, params: readonly Param[], body: readonly Syntax[], scope: Scope): FunctionNode {
    const [arrow, type] = body;
    const hasResult = arrow?.kind === "symbol" && arrow.name === "->" && type !== undefined;
    const forms = hasResult ? body.slice(2) : body;
    if (forms.length === 0) this.fail(`${name} has no body`, form);
    const inner = params.reduce((at, { local }) => at.with(local), scope);
    return {
      ...{ pos: posOf(form.at), file: form.at.source.name, name, params },
      ...{ result: hasResult ? typeSyntax(type) : null, body: this.body(forms, inner, form) },
      captures: scope.context.captures,
    };
  }

  /** Parameters `x` and `(x T)`. */
  params(form: ListSyntax): Param[] {
    if (form.tail !== undefined) this.fail("only a macro takes a rest parameter", form);
    const seen = new Set<string>();
    return form.items.map((item) => {
      const isTyped = item.kind === "list";
      if (isTyped && item.items.length !== 2) this.fail("expected a parameter: x or (x T)", item);
      const local = this.local(isTyped ? item.items[0]! : item);
      if (seen.has(local.name)) this.fail(`there are two parameters ${local.name}`, item);
      seen.add(local.name);
      return { local, type: isTyped ? typeSyntax(item.items[1]!) : null };
    });
  }

  /** A new local of the name that a form is. */
  local(form: Syntax): Local {
    return { name: this.name(form), pos: posOf(form.at), assigned: false, captured: false };
  }

  /** The name that a form is, of something that can be bound. */
  name(form: Syntax): string {
    if (form.kind !== "symbol") this.fail(`expected a name, found ${printSyntax(form)}`, form);
    const { name } = form;
    if (isReserved(name) || CONSTANTS.has(name))
      this.fail(`${name} is a word of the language and cannot be bound`, form);
    if (name.startsWith(".")) this.fail(`names do not begin with a dot: ${name}`, form);
    return name;
  }
}

const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);
