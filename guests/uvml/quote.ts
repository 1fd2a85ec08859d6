/** Forms as data: quote, quasiquote, and what macros are given and give back. */
import { type Datum, MAX_NESTING, type Node, type TypeSyntax } from "./ast.ts";
import { type ListSyntax, posOf, SourceError, type Syntax } from "./syntax.ts";
import { fits } from "./types.ts";

/** The data that a form is. */
export function datumOf(form: Syntax): Datum {
  if (form.kind === "list") {
    if (form.tail !== undefined) throw new SourceError("lists end with (): a dotted list is no data", form.at);
    return { kind: "list", items: form.items.map(datumOf) };
  }
  const { at, ...datum } = form;
  if (datum.kind === "int" && datum.suffix === null && !fits("i64", datum.value)) {
    throw new SourceError(`${datum.value} does not fit i64; as data it needs a suffix`, at);
  }
  return datum;
}

/**
 * The forms that a macro made. A part that equals a part of the call stands where that one stands, so that errors in what the user wrote
 * are told there; all others stand at the call. The cost is the number of parts; those that were there before cost less.
 */
export function syntaxOf(made: Datum, call: ListSyntax): { readonly form: Syntax; readonly cost: number } {
  /** Equal parts have equal numbers. */
  const numbers = new Map<string, number>();
  const numberOf = (datum: Datum, parts: readonly number[]): number => {
    const suffix = "suffix" in datum ? datum.suffix : "";
    const atom = datum.kind === "symbol" ? datum.name : datum.kind === "list" ? parts.join(" ") : datum.value;
    const key = `${datum.kind} ${suffix} ${Object.is(atom, -0) ? "-0" : atom}`;
    const found = numbers.get(key) ?? numbers.size;
    numbers.set(key, found);
    return found;
  };
  const places = new Map<number, Syntax>();
  const visit = (form: Syntax): number => {
    const children = form.kind === "list" ? form.items.map(visit) : [];
    const id = numberOf(form.kind === "list" ? { kind: "list", items: [] } : datumOf(form), children);
    if (!places.has(id)) places.set(id, form);
    return id;
  };
  for (const item of call.items) visit(item);
  let cost = 0;
  const build = (datum: Datum, depth: number): [syntax: Syntax, id: number] => {
    if (depth > MAX_NESTING) throw new SourceError("the macro made a form that is nested too deep", call.at);
    const inner = datum.kind === "list" ? datum.items.map((item) => build(item, depth + 1)) : [];
    const ids = inner.map(([, id]) => id);
    const id = numberOf(datum, ids);
    const items = inner.map(([syntax]) => syntax);
    const { at } = call;
    const made: Syntax = datum.kind === "list" ? { kind: "list", items, tail: undefined, at } : { ...datum, at };
    const found = places.get(id);
    cost += found === undefined ? 1 : 1 / 8;
    return [found ?? made, id];
  };
  const [form] = build(made, 0);
  return { form, cost };
}

/** `name` of a list (name x). */
function wraps(form: Syntax, name: string): Syntax | undefined {
  if (form.kind !== "list" || form.items.length !== 2 || form.tail !== undefined) return undefined;
  const [head, operand] = form.items;
  return head?.kind === "symbol" && head.name === name ? operand : undefined;
}

function hasUnquote(form: Syntax): boolean {
  return (
    form.kind === "list" &&
    form.items.some((item) => (item.kind === "symbol" ? item.name.startsWith("unquote") : hasUnquote(item)))
  );
}

/**
 * The tree of a quasiquote: an `any`.
 *
 * @param level quasiquotes around the form; an unquote belongs to the innermost one
 * @param value analyses what is unquoted
 */
export function quasiquote(form: Syntax, level: number, value: (form: Syntax) => Node): Node {
  const pos = posOf(form.at);
  const any = (node: Node): Node => ({ kind: "call", pos, name: "any", args: [node] });
  if (!hasUnquote(form)) {
    const quote: Node = { kind: "quote", pos, datum: datumOf(form) };
    return form.kind === "symbol" ? any(quote) : quote;
  }
  const unquoted = wraps(form, "unquote");
  if (unquoted !== undefined && level === 1) return any(value(unquoted));
  const spliced = wraps(form, "unquote-splicing");
  if (spliced !== undefined && level === 1) throw new SourceError(",@ stands only inside a list", form.at);
  const list = form as ListSyntax;
  if (list.tail !== undefined) throw new SourceError("lists end with (): a dotted list is no data", form.at);
  const inner = level + (wraps(form, "quasiquote") ? 1 : (unquoted ?? spliced) ? -1 : 0);
  return any(quasiList(list, inner, value));
}

/** The elements as a (list any): runs of elements, and what is spliced between them, appended. */
function quasiList(form: ListSyntax, level: number, value: (form: Syntax) => Node): Node {
  const pos = posOf(form.at);
  const any: TypeSyntax = { pos, head: "any", args: [] };
  const type: TypeSyntax = { pos, head: "list", args: [any] };
  const spliced = (syntax: Syntax): Node => ({
    ...{ kind: "as", pos: posOf(syntax.at), type },
    value: { kind: "call", pos, name: "any", args: [value(syntax)] },
  });
  const parts: Node[] = [];
  let run: Node[] = [];
  const endRun = (): void => {
    if (run.length > 0) parts.push({ kind: "the", pos, type, value: { kind: "list-of", pos, items: run } });
    run = [];
  };
  let { items } = form;
  // (a . ,b) reads as (a unquote b).
  const dot = items.at(-2);
  const rest =
    items.length > 2 && level === 1 && dot?.kind === "symbol" && dot.name === "unquote" ? items.at(-1) : undefined;
  if (rest !== undefined) items = items.slice(0, -2);
  for (const item of items) {
    const splice = level === 1 ? wraps(item, "unquote-splicing") : undefined;
    if (splice === undefined) {
      run.push(quasiquote(item, level, value));
      continue;
    }
    endRun();
    parts.push(spliced(splice));
  }
  endRun();
  if (rest !== undefined) parts.push(spliced(rest));
  return parts.reduceRight((after, part) => ({ kind: "call", pos, name: "%append", args: [part, after] }));
}
