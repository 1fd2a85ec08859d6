/** The special forms of expressions, by name. */
import type { Analysis } from "./analyse.ts";
import { type Binding, type Catch, MAX_NESTING, type Node, type Pos, type TypeSyntax } from "./ast.ts";
import { datumOf, quasiquote } from "./quote.ts";
import { Context, type Loop, type Scope } from "./scope.ts";
import { type ListSyntax, posOf, printSyntax, type Syntax } from "./syntax.ts";
import { typeSyntax } from "./type-syntax.ts";

/** A form or a part of one, and what is made of its parts. They are numbered; the keyword is 0. */
export class Site {
  readonly analysis: Analysis;
  readonly form: ListSyntax;
  readonly scope: Scope;
  readonly pos: Pos;

  constructor(analysis: Analysis, form: ListSyntax, scope: Scope) {
    if (form.tail !== undefined) analysis.fail("a dotted list stands only in the head of a macro", form);
    this.analysis = analysis;
    this.form = form;
    this.scope = scope;
    this.pos = posOf(form.at);
  }

  fail(what: string, form: Syntax = this.form): never {
    return this.analysis.fail(what, form);
  }

  /** A list that has one of the given lengths; the message says what it should be. */
  list(form: Syntax | undefined, lengths: readonly number[], what: string): ListSyntax {
    const isGood = form?.kind === "list" && form.tail === undefined && lengths.includes(form.items.length);
    return isGood ? form : this.fail(`expected ${what}`, form);
  }

  value(at: number, scope = this.scope): Node {
    return this.analysis.expression(this.form.items[at]!, scope);
  }

  values(from: number): Node[] {
    return this.analysis.expressions(this.form.items.slice(from), this.scope);
  }

  type(at: number): TypeSyntax {
    return typeSyntax(this.form.items[at]!);
  }

  /** What follows, as one expression; unit if there is nothing. */
  rest(from: number, scope = this.scope): Node {
    const forms = this.form.items.slice(from);
    return forms.length === 0 ? unit(this.pos) : this.analysis.body(forms, scope, this.form);
  }
}

/** How many operands a form has; without limit if there is no `most`. */
export interface Count {
  readonly least: number;
  readonly most?: number;
}

export interface Form extends Count {
  /** A local may have the name: the form is no syntax that other forms are made of. */
  readonly canBeShadowed: boolean;
  readonly analyse: (site: Site) => Node;
}

/** "if takes 2 or 3 forms, got 1" */
export function checkCount(analysis: Analysis, form: ListSyntax, name: string, { least, most }: Count): void {
  const got = form.items.length - 1;
  if (got >= least && got <= (most ?? got)) return;
  const range = most === undefined ? `at least ${least}` : most === least ? least : `${least} or ${most}`;
  analysis.fail(`${name} takes ${range} form${(most ?? least) === 1 ? "" : "s"}, got ${got}`, form);
}

/** Forms at top level. */
export const TOP_LEVEL_FORMS: ReadonlyMap<string, Count> = new Map<string, Count>([
  ["define", { least: 1 }],
  ["defstruct", { least: 1 }],
  ["defmacro", { least: 1 }],
  ["defmethod", { least: 1 }],
  ["add-field", { least: 3, most: 4 }],
  ["require", { least: 1, most: 1 }],
  ["disassemble", { least: 1, most: 1 }],
]);

/** Words that stand at the head of a part of another form. */
const CLAUSES: ReadonlySet<string> = new Set(["else", "catch", "finally", "->"]);

/** Whether a name is a word of the language that nothing can be bound to. */
export function isReserved(name: string): boolean {
  return TOP_LEVEL_FORMS.has(name) || FORMS.get(name)?.canBeShadowed === false || CLAUSES.has(name);
}

/** Whether a form is a list that begins with the word. */
export function beginsWith(form: Syntax | undefined, word: string): form is ListSyntax {
  return form?.kind === "list" && form.items[0]?.kind === "symbol" && form.items[0].name === word;
}

/** An `if`. */
export function choose(pos: Pos, test: Node, then: Node, otherwise: Node): Node {
  return { kind: "if", pos, test, then, otherwise };
}

const unit = (pos: Pos): Node => ({ kind: "unit", pos });
const bool = (pos: Pos, value: boolean): Node => ({ kind: "bool", pos, value });

function cond(site: Site): Node {
  const { analysis, form, scope } = site;
  const clauses = form.items.slice(1);
  if (clauses.length > MAX_NESTING) site.fail(`cond has more than ${MAX_NESTING} clauses`);
  let otherwise = unit(site.pos);
  for (const [index, clause] of [...clauses.entries()].reverse()) {
    if (clause.kind !== "list" || clause.items.length < 2) {
      site.fail("expected a clause (test form …) or (else form …)", clause);
    }
    const inner = new Site(analysis, clause, scope);
    const then = inner.rest(1);
    if (!beginsWith(clause, "else")) otherwise = choose(inner.pos, inner.value(0), then, otherwise);
    else if (index === clauses.length - 1) otherwise = then;
    else site.fail("else is the last clause", clause);
  }
  return otherwise;
}

/** `and` (its value when one operand decides is #f) and `or` (#t), as chains of if. */
function connective(site: Site, decides: boolean): Node {
  const operands = site.values(1);
  if (operands.length > MAX_NESTING) site.fail(`more than ${MAX_NESTING} operands`);
  const last = operands.pop() ?? bool(site.pos, !decides);
  return operands.reduceRight<Node>((after, test) => {
    const decided = bool(test.pos, decides);
    return decides ? choose(test.pos, test, decided, after) : choose(test.pos, test, after, decided);
  }, last);
}

function letForm(site: Site): Node {
  const { analysis, form, pos } = site;
  if (form.items[1]!.kind === "symbol") return namedLet(site);
  let inner = site.scope;
  const bindings = bindingForms(site, form.items[1]!).map((item): Binding => {
    const init = analysis.expression(item.items.at(-1)!, inner);
    const local = analysis.local(item.items[0]!);
    inner = inner.with(local);
    return { local, type: item.items.length === 3 ? typeSyntax(item.items[1]!) : null, init };
  });
  if (form.items.length < 3) site.fail("let has no body");
  return { kind: "let", pos, bindings, body: site.rest(2, inner) };
}

/** The lists (x e) and (x T e) of a let. */
function bindingForms(site: Site, list: Syntax): ListSyntax[] {
  if (list.kind !== "list" || list.tail !== undefined) {
    site.fail(`expected ((name value) …), found ${printSyntax(list)}`, list);
  }
  return list.items.map((item) =>
    site.list(item, [2, 3], `(name value) or (name type value), found ${printSyntax(item)}`),
  );
}

function namedLet(site: Site): Node {
  const { analysis, form, scope, pos } = site;
  const [, name, list, ...body] = form.items;
  if (list === undefined) site.fail("a named let has ((name value) …) after its name");
  const bindings = bindingForms(site, list);
  const inits = bindings.map((item) => analysis.expression(item.items.at(-1)!, scope));
  const params = analysis.params({
    ...form,
    items: bindings.map((item) =>
      item.items.length === 3 ? { ...item, items: item.items.slice(0, 2) } : item.items[0]!,
    ),
  });
  const label = analysis.local(name!);
  const context = new Context(scope.context, true);
  const fn = analysis.fnIn(label.name, form, params, body, scope.inside(context).with(label));
  const loop: Loop = { kind: "loop", pos, label, fn, inits };
  analysis.loops.push(loop);
  return loop;
}

function setForm(site: Site): Node {
  const { analysis, form, scope, pos } = site;
  const place = form.items[1]!;
  if (place.kind === "symbol") {
    const value = site.value(2);
    const local = scope.refer(place.name);
    if (local === undefined) return { kind: "set-global", pos, name: analysis.name(place), value };
    local.assigned = true;
    return { kind: "set-local", pos, local, value };
  }
  const [head, ...parts] = place.kind === "list" && place.tail === undefined ? place.items : [];
  const name = head?.kind === "symbol" && !scope.has(head.name) ? head.name : "";
  if (parts.length === 1 && /^\../.test(name)) {
    const target = analysis.expression(parts[0]!, scope);
    return { kind: "set-field", pos, field: name.slice(1), target, value: site.value(2) };
  }
  if (parts.length === 2 && name === "aref") {
    const [target, index] = analysis.expressions(parts, scope);
    return { kind: "set-element", pos, target: target!, index: index!, value: site.value(2) };
  }
  return site.fail(`set! takes a variable, (.field object) or (aref array index), not ${printSyntax(place)}`, place);
}

function forForm(site: Site): Node {
  const head = site.list(site.form.items[1], [3, 4], "(name from to) or (name from to step) after for");
  const [from, to, step = null] = site.analysis.expressions(head.items.slice(1), site.scope);
  const local = site.analysis.local(head.items[0]!);
  const body = site.rest(2, site.scope.with(local));
  return { kind: "for", pos: site.pos, local, from: from!, to: to!, step, body };
}

function lambda({ analysis, form, scope, pos }: Site): Node {
  const [, params, ...body] = form.items;
  if (params?.kind !== "list") return analysis.fail("expected a list of parameters", params ?? form);
  return { kind: "lambda", pos, fn: analysis.fn("lambda", form, params, body, scope) };
}

function tryForm(site: Site): Node {
  const { analysis, form, scope, pos } = site;
  const parts = form.items.slice(1);
  const first = parts.findIndex((part) => beginsWith(part, "catch") || beginsWith(part, "finally"));
  if (first < 0) site.fail("try has neither catch nor finally");
  if (first === 0) site.fail("try has no body");
  const body = analysis.body(parts.slice(0, first), scope, form);
  const catches: Catch[] = [];
  let cleanup: Node | null = null;
  for (const clause of parts.slice(first)) {
    if (cleanup !== null) site.fail("finally is the last clause", clause);
    if (beginsWith(clause, "finally")) {
      if (clause.items.length < 2) site.fail("finally has no body", clause);
      cleanup = new Site(analysis, clause, scope).rest(1);
    } else if (beginsWith(clause, "catch")) catches.push(catchClause(new Site(analysis, clause, scope)));
    else site.fail("expected (catch (name [type]) form …) or (finally form …)", clause);
  }
  return { kind: "try", pos, body, catches, cleanup };
}

function catchClause(site: Site): Catch {
  const [name, type] = site.list(site.form.items[1], [1, 2], "(name) or (name type) after catch").items;
  const local = site.analysis.local(name!);
  const body = site.rest(2, site.scope.with(local));
  return { pos: site.pos, local, type: type === undefined ? null : typeSyntax(type), body };
}

/** (with-lock m body…): locks, and unlocks whatever happens. */
function withLock(site: Site): Node {
  const { pos } = site;
  const local = { name: "mutex", pos, assigned: false, captured: false };
  const call = (name: string): Node => ({ kind: "call", pos, name, args: [{ kind: "local", pos, local }] });
  const guarded: Node = { kind: "try", pos, body: site.rest(2), catches: [], cleanup: call("unlock") };
  const body: Node = { kind: "begin", pos, body: [call("lock"), guarded] };
  return { kind: "let", pos, bindings: [{ local, type: null, init: site.value(1) }], body };
}

function make(site: Site, where: "heap" | "malloc" | "stack"): Node {
  const struct = site.form.items[1];
  if (struct?.kind !== "symbol") return site.fail("expected the name of a structure", struct);
  return { kind: "new", pos: site.pos, where, struct: struct.name, args: site.values(2) };
}

function items(site: Site, kind: "array-of" | "list-of"): Node {
  const values = site.values(1);
  const { pos } = site;
  return values.length === 0 && kind === "list-of" ? { kind: "nil", pos } : { kind, pos, items: values };
}

function quote({ form, pos }: Site): Node {
  const datum = datumOf(form.items[1]!);
  return datum.kind === "list" && datum.items.length === 0 ? { kind: "nil", pos } : { kind: "quote", pos, datum };
}

const misplaced = (where: string) => (site: Site) => {
  return site.fail(`${printSyntax(site.form.items[0]!)} stands only inside ${where}`);
};

type Row = readonly [name: string, least: number, most: number | undefined, analyse: Form["analyse"]];

/** Name, least and greatest number of operands. */
const WORDS: readonly Row[] = [
  ["quote", 1, 1, quote],
  ["quasiquote", 1, 1, (s) => quasiquote(s.form.items[1]!, 1, (form) => s.analysis.expression(form, s.scope))],
  ["unquote", 0, undefined, misplaced("a quasiquote")],
  ["unquote-splicing", 0, undefined, misplaced("a list in a quasiquote")],
  ["if", 2, 3, (s) => choose(s.pos, s.value(1), s.value(2), s.form.items.length > 3 ? s.value(3) : unit(s.pos))],
  ["cond", 1, undefined, cond],
  ["and", 0, undefined, (s) => connective(s, false)],
  ["or", 0, undefined, (s) => connective(s, true)],
  ["when", 1, undefined, (s) => choose(s.pos, s.value(1), s.rest(2), unit(s.pos))],
  ["unless", 1, undefined, (s) => choose(s.pos, s.value(1), unit(s.pos), s.rest(2))],
  ["begin", 0, undefined, (s) => s.rest(1)],
  ["let", 1, undefined, letForm],
  ["set!", 2, 2, setForm],
  ["while", 1, undefined, (s) => ({ kind: "while", pos: s.pos, test: s.value(1), body: s.rest(2) })],
  ["for", 1, undefined, forForm],
  ["lambda", 1, undefined, lambda],
  ["fn", 1, undefined, lambda],
  ["try", 1, undefined, tryForm],
  ["raise", 1, 1, (s) => ({ kind: "raise", pos: s.pos, value: s.value(1) })],
  ["with-lock", 1, undefined, withLock],
];

/** The same, of forms whose names locals may have. */
const SHADOWED: readonly Row[] = [
  ["the", 2, 2, (s) => ({ kind: "the", pos: s.pos, type: s.type(1), value: s.value(2) })],
  ["as", 2, 2, (s) => ({ kind: "as", pos: s.pos, type: s.type(1), value: s.value(2) })],
  ["is?", 2, 2, (s) => ({ kind: "is", pos: s.pos, type: s.type(2), value: s.value(1) })],
  ["new", 1, undefined, (s) => make(s, "heap")],
  ["malloc", 1, undefined, (s) => make(s, "malloc")],
  ["stack", 1, undefined, (s) => make(s, "stack")],
  ["array", 2, 2, (s) => ({ kind: "array", pos: s.pos, type: s.type(1), length: s.value(2) })],
  ["array-of", 0, undefined, (s) => items(s, "array-of")],
  ["list", 0, undefined, (s) => items(s, "list-of")],
];

export const FORMS: ReadonlyMap<string, Form> = new Map(
  [...WORDS, ...SHADOWED].map(([name, least, most, analyse], index): [string, Form] => {
    const canBeShadowed = index >= WORDS.length;
    return [name, { least, ...(most === undefined ? {} : { most }), canBeShadowed, analyse }];
  }),
);
