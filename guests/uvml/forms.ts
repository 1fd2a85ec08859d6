/** The special forms of expressions, by name. */
import type { Analysis } from "./analyse.ts";
import { type Binding, type Catch, MAX_NESTING, type Node, type Pos } from "./ast.ts";
import { datumOf, quasiquote } from "./quote.ts";
import { Context, type Scope } from "./scope.ts";
import { type ListSyntax, posOf, printSyntax, type Syntax } from "./syntax.ts";
import { typeSyntax } from "./type-syntax.ts";

/** How many forms may follow the keyword. */
export interface Count {
  readonly least: number;
  /** Without limit if absent. */
  readonly most?: number;
}

export interface Form extends Count {
  /** A local may have the name: the form is no syntax that other forms are made of. */
  readonly canBeShadowed?: boolean;
  analyse(analysis: Analysis, form: ListSyntax, scope: Scope): Node;
}

/** "if takes 2 or 3 forms, got 1" */
export function checkCount(analysis: Analysis, form: ListSyntax, name: string, { least, most }: Count): void {
  const got = form.items.length - 1;
  if (got >= least && got <= (most ?? got)) return;
  const forms = (count: number): string => `${count} form${count === 1 ? "" : "s"}`;
  const takes =
    most === undefined
      ? `at least ${forms(least)}`
      : most === least
        ? forms(least)
        : `${least} ${most === least + 1 ? "or" : "to"} ${forms(most)}`;
  analysis.fail(`${name} takes ${takes}, got ${got}`, form);
}

/** Forms at top level; the count is that of the operands. */
export const TOP_LEVEL_FORMS: ReadonlyMap<string, Count> = new Map<string, Count>([
  ["define", { least: 1 }],
  ["defstruct", { least: 1 }],
  ["defmacro", { least: 1 }],
  ["defmethod", { least: 1 }],
  ["add-field", { least: 3, most: 4 }],
  ["require", { least: 1, most: 1 }],
  ["disassemble", { least: 1, most: 1 }],
]);

/** Whether a name is a word of the language that nothing can be bound to. */
export function isReserved(name: string): boolean {
  return TOP_LEVEL_FORMS.has(name) || FORMS.get(name)?.canBeShadowed === false || CLAUSES.has(name);
}

/** Words that stand at the head of a part of another form. */
const CLAUSES: ReadonlySet<string> = new Set(["else", "catch", "finally", "->"]);

function isClause(form: Syntax, word: string): form is ListSyntax {
  return form.kind === "list" && form.items[0]?.kind === "symbol" && form.items[0].name === word;
}

const unit = (pos: Pos): Node => ({ kind: "unit", pos });
/** An `if`. */
export function choose(pos: Pos, test: Node, then: Node, otherwise: Node): Node {
  return { kind: "if", pos, test, then, otherwise };
}
const bool = (pos: Pos, value: boolean): Node => ({ kind: "bool", pos, value });

/** The forms behind a keyword and its first operands, as one expression; unit if there are none. */
function rest(analysis: Analysis, form: ListSyntax, from: number, scope: Scope): Node {
  const forms = form.items.slice(from);
  return forms.length === 0 ? unit(posOf(form.at)) : analysis.body(forms, scope, form);
}

function ifForm(analysis: Analysis, form: ListSyntax, scope: Scope): Node {
  const pos = posOf(form.at);
  const [test, then, otherwise = unit(pos)] = analysis.expressions(form.items.slice(1), scope);
  return choose(pos, test!, then!, otherwise);
}

function cond(analysis: Analysis, form: ListSyntax, scope: Scope): Node {
  const clauses = form.items.slice(1);
  if (clauses.length > MAX_NESTING) analysis.fail(`cond has more than ${MAX_NESTING} clauses`, form);
  return clauses.reduceRight<Node>(
    (otherwise, clause, index) => {
      if (clause.kind !== "list" || clause.items.length < 2 || clause.tail !== undefined) {
        analysis.fail("expected a clause (test form …) or (else form …)", clause);
      }
      const pos = posOf(clause.at);
      const then = rest(analysis, clause, 1, scope);
      const [test] = clause.items as [Syntax];
      if (test.kind === "symbol" && test.name === "else") {
        if (index !== clauses.length - 1) analysis.fail("else is the last clause", clause);
        return then;
      }
      return choose(pos, analysis.expression(test, scope), then, otherwise);
    },
    unit(posOf(form.at)),
  );
}

/** `and` (its value when one operand decides is #f) and `or` (#t), as chains of if. */
function connective(decides: boolean): Form["analyse"] {
  return (analysis, form, scope) => {
    const pos = posOf(form.at);
    const operands = analysis.expressions(form.items.slice(1), scope);
    if (operands.length > MAX_NESTING) analysis.fail(`more than ${MAX_NESTING} operands`, form);
    const last = operands.pop() ?? bool(pos, !decides);
    return operands.reduceRight<Node>((after, test) => {
      const decided = bool(test.pos, decides);
      return decides ? choose(test.pos, test, decided, after) : choose(test.pos, test, after, decided);
    }, last);
  };
}

function letForm(analysis: Analysis, form: ListSyntax, scope: Scope): Node {
  const pos = posOf(form.at);
  const [, list] = form.items;
  if (list?.kind === "symbol") return namedLet(analysis, form, scope);
  let inner = scope;
  const bindings = bindingForms(analysis, list!).map((item): Binding => {
    const init = analysis.expression(item.items.at(-1)!, inner);
    const local = analysis.local(item.items[0]!);
    inner = inner.with(local);
    return { local, type: item.items.length === 3 ? typeSyntax(item.items[1]!) : null, init };
  });
  if (form.items.length < 3) analysis.fail("let has no body", form);
  return { kind: "let", pos, bindings, body: analysis.body(form.items.slice(2), inner, form) };
}

/** The lists (x e) and (x T e) of a let. */
function bindingForms(analysis: Analysis, list: Syntax): ListSyntax[] {
  if (list.kind !== "list" || list.tail !== undefined) {
    analysis.fail(`expected ((name value) …), found ${printSyntax(list)}`, list);
  }
  return list.items.map((item) => {
    const isBinding = item.kind === "list" && item.tail === undefined && [2, 3].includes(item.items.length);
    if (!isBinding) analysis.fail(`expected (name value) or (name type value), found ${printSyntax(item)}`, item);
    return item;
  });
}

function namedLet(analysis: Analysis, form: ListSyntax, scope: Scope): Node {
  const pos = posOf(form.at);
  const [, name, list, ...body] = form.items;
  if (list === undefined) analysis.fail("a named let has ((name value) …) after its name", form);
  const items = bindingForms(analysis, list);
  const inits = items.map((item) => analysis.expression(item.items.at(-1)!, scope));
  const params = analysis.params({
    ...form,
    items: items.map((item) => (item.items.length === 3 ? { ...item, items: item.items.slice(0, 2) } : item.items[0]!)),
  });
  const entry: Analysis["loops"][number] = {};
  analysis.loops.push(entry);
  const label = analysis.local(name!);
  const context = new Context(scope.context, true);
  const fn = analysis.fnIn(context, label.name, form, params, body, scope.inside(context).with(label));
  entry.loop = { kind: "loop", pos, label, fn, inits };
  return entry.loop;
}

function setForm(analysis: Analysis, form: ListSyntax, scope: Scope): Node {
  const pos = posOf(form.at);
  const [, place, operand] = form.items as [Syntax, Syntax, Syntax];
  if (place.kind === "symbol") {
    const value = analysis.expression(operand, scope);
    const local = scope.refer(place.name);
    if (local === undefined) return { kind: "set-global", pos, name: analysis.name(place), value };
    local.assigned = true;
    return { kind: "set-local", pos, local, value };
  }
  const [head, first, second, third] = place.kind === "list" ? place.items : [];
  if (head?.kind === "symbol" && first !== undefined && !scope.has(head.name)) {
    const { name } = head;
    if (name.startsWith(".") && name.length > 1 && second === undefined) {
      const target = analysis.expression(first, scope);
      return { kind: "set-field", pos, field: name.slice(1), target, value: analysis.expression(operand, scope) };
    }
    if (name === "aref" && second !== undefined && third === undefined) {
      const [target, index, value] = analysis.expressions([first, second, operand], scope);
      return { kind: "set-element", pos, target: target!, index: index!, value: value! };
    }
  }
  return analysis.fail(
    `set! takes a variable, (.field object) or (aref array index), not ${printSyntax(place)}`,
    place,
  );
}

function forForm(analysis: Analysis, form: ListSyntax, scope: Scope): Node {
  const pos = posOf(form.at);
  const head = form.items[1]!;
  if (head.kind !== "list" || head.tail !== undefined || ![3, 4].includes(head.items.length)) {
    analysis.fail("expected (name from to) or (name from to step) after for", head);
  }
  const [from, to, step = null] = analysis.expressions(head.items.slice(1), scope);
  const local = analysis.local(head.items[0]!);
  return { kind: "for", pos, local, from: from!, to: to!, step, body: rest(analysis, form, 2, scope.with(local)) };
}

function lambda(analysis: Analysis, form: ListSyntax, scope: Scope): Node {
  const [, params, ...body] = form.items;
  if (params?.kind !== "list") analysis.fail("expected a list of parameters", params ?? form);
  return { kind: "lambda", pos: posOf(form.at), fn: analysis.fn("lambda", form, params, body, scope) };
}

function tryForm(analysis: Analysis, form: ListSyntax, scope: Scope): Node {
  const pos = posOf(form.at);
  const items = form.items.slice(1);
  const first = items.findIndex((item) => isClause(item, "catch") || isClause(item, "finally"));
  if (first < 0) analysis.fail("try has neither catch nor finally", form);
  if (first === 0) analysis.fail("try has no body", form);
  const body = analysis.body(items.slice(0, first), scope, form);
  const catches: Catch[] = [];
  let cleanup: Node | null = null;
  for (const clause of items.slice(first)) {
    if (cleanup !== null) analysis.fail("finally is the last clause", clause);
    if (isClause(clause, "finally")) {
      if (clause.items.length < 2) analysis.fail("finally has no body", clause);
      cleanup = rest(analysis, clause, 1, scope);
    } else if (isClause(clause, "catch")) catches.push(catchClause(analysis, clause, scope));
    else analysis.fail("expected (catch (name [type]) form …) or (finally form …)", clause);
  }
  return { kind: "try", pos, body, catches, cleanup };
}

function catchClause(analysis: Analysis, clause: ListSyntax, scope: Scope): Catch {
  const head = clause.items[1];
  if (head?.kind !== "list" || head.tail !== undefined || ![1, 2].includes(head.items.length)) {
    analysis.fail("expected (name) or (name type) after catch", head ?? clause);
  }
  const local = analysis.local(head.items[0]!);
  const type = head.items[1] === undefined ? null : typeSyntax(head.items[1]);
  return { pos: posOf(clause.at), local, type, body: rest(analysis, clause, 2, scope.with(local)) };
}

/** (with-lock m body…): locks, and unlocks whatever happens. */
function withLock(analysis: Analysis, form: ListSyntax, scope: Scope): Node {
  const pos = posOf(form.at);
  const local = { name: "mutex", pos, assigned: false, captured: false };
  const call = (name: string): Node => ({ kind: "call", pos, name, args: [{ kind: "local", pos, local }] });
  const init = analysis.expression(form.items[1]!, scope);
  const body = rest(analysis, form, 2, scope);
  const guarded: Node = { kind: "try", pos, body, catches: [], cleanup: call("unlock") };
  return {
    ...{ kind: "let", pos, bindings: [{ local, type: null, init }] },
    body: { kind: "begin", pos, body: [call("lock"), guarded] },
  };
}

function typed(kind: "the" | "as" | "is", typeFirst: boolean): Form["analyse"] {
  return (analysis, form, scope) => {
    const [type, value] = typeFirst ? form.items.slice(1) : form.items.slice(1).toReversed();
    return { kind, pos: posOf(form.at), type: typeSyntax(type!), value: analysis.expression(value!, scope) } as Node;
  };
}

function make(where: "heap" | "malloc" | "stack"): Form["analyse"] {
  return (analysis, form, scope) => {
    const [, struct, ...args] = form.items;
    if (struct?.kind !== "symbol") return analysis.fail("expected the name of a structure", struct ?? form);
    return { kind: "new", pos: posOf(form.at), where, struct: struct.name, args: analysis.expressions(args, scope) };
  };
}

function items(kind: "array-of" | "list-of"): Form["analyse"] {
  return (analysis, form, scope) => {
    const values = analysis.expressions(form.items.slice(1), scope);
    return values.length === 0 && kind === "list-of"
      ? { kind: "nil", pos: posOf(form.at) }
      : { kind, pos: posOf(form.at), items: values };
  };
}

function quote(_analysis: Analysis, form: ListSyntax): Node {
  const pos = posOf(form.at);
  const datum = datumOf(form.items[1]!);
  return datum.kind === "list" && datum.items.length === 0 ? { kind: "nil", pos } : { kind: "quote", pos, datum };
}

function misplaced(where: string): Form["analyse"] {
  return (analysis, form) => analysis.fail(`${printSyntax(form.items[0]!)} stands only inside ${where}`, form);
}

/** The forms with their least and greatest number of operands. */
function form(least: number, most: number | undefined, analyse: Form["analyse"], canBeShadowed = false): Form {
  return { least, analyse, canBeShadowed, ...(most === undefined ? {} : { most }) };
}

export const FORMS: ReadonlyMap<string, Form> = new Map([
  ["quote", form(1, 1, quote)],
  [
    "quasiquote",
    form(1, 1, (analysis, { items }, scope) => quasiquote(items[1]!, 1, (value) => analysis.expression(value, scope))),
  ],
  ["unquote", form(0, undefined, misplaced("a quasiquote"))],
  ["unquote-splicing", form(0, undefined, misplaced("a list in a quasiquote"))],
  ["if", form(2, 3, ifForm)],
  ["cond", form(1, undefined, cond)],
  ["and", form(0, undefined, connective(false))],
  ["or", form(0, undefined, connective(true))],
  ["when", form(1, undefined, conditional(true))],
  ["unless", form(1, undefined, conditional(false))],
  ["begin", form(0, undefined, (analysis, form, scope) => rest(analysis, form, 1, scope))],
  ["let", form(1, undefined, letForm)],
  ["set!", form(2, 2, setForm)],
  [
    "while",
    form(1, undefined, (analysis, form, scope) => {
      const test = analysis.expression(form.items[1]!, scope);
      return { kind: "while", pos: posOf(form.at), test, body: rest(analysis, form, 2, scope) };
    }),
  ],
  ["for", form(1, undefined, forForm)],
  ["lambda", form(1, undefined, lambda)],
  ["fn", form(1, undefined, lambda)],
  ["try", form(1, undefined, tryForm)],
  [
    "raise",
    form(1, 1, (analysis, { at, items }, scope) => {
      return { kind: "raise", pos: posOf(at), value: analysis.expression(items[1]!, scope) };
    }),
  ],
  ["with-lock", form(1, undefined, withLock)],
  ["the", form(2, 2, typed("the", true), true)],
  ["as", form(2, 2, typed("as", true), true)],
  ["is?", form(2, 2, typed("is", false), true)],
  ["new", form(1, undefined, make("heap"), true)],
  ["malloc", form(1, undefined, make("malloc"), true)],
  ["stack", form(1, undefined, make("stack"), true)],
  [
    "array",
    form(
      2,
      2,
      (analysis, { at, items }, scope) => {
        const length = analysis.expression(items[2]!, scope);
        return { kind: "array", pos: posOf(at), type: typeSyntax(items[1]!), length };
      },
      true,
    ),
  ],
  ["array-of", form(0, undefined, items("array-of"), true)],
  ["list", form(0, undefined, items("list-of"), true)],
]);

function conditional(sense: boolean): Form["analyse"] {
  return (analysis, form, scope) => {
    const pos = posOf(form.at);
    const test = analysis.expression(form.items[1]!, scope);
    const body = rest(analysis, form, 2, scope);
    return sense ? choose(pos, test, body, unit(pos)) : choose(pos, test, unit(pos), body);
  };
}
