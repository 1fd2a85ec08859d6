/** What the reader makes of text, and where it stood; and the error of everything that is found wrong with a program before it runs. */
import { columnOf, type Datum, type ErrorNote, LanguageError, lineOf, type Pos, pos } from "./ast.ts";
import { f32Text, f64Text, writtenChar, writtenString } from "./natives/format.ts";

/** Columns above this one are not told apart: so much a position holds. */
const MAX_COLUMN = 1023;
/** Columns of a source line that an excerpt shows. */
const EXCERPT_COLUMNS = 100;

/** A text with a name. Offsets are in UTF-16 units; lines and columns begin at 1, and a column counts code points. */
export class Source {
  readonly name: string;
  readonly text: string;
  readonly #hasPairs: boolean;
  /** Offsets of the lines. */
  #lines: number[] | undefined;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
    this.#hasPairs = /[\ud800-\udbff]/.test(text);
  }

  /** Line and column of an offset. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const lines = this.#lineStarts();
    let [low, high] = [0, lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lines[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const end = Math.min(offset, lines[low]! + 2 * MAX_COLUMN);
    const column = this.#hasPairs ? [...this.text.slice(lines[low], end)].length : offset - lines[low]!;
    return { line: low + 1, column: Math.min(column + 1, MAX_COLUMN) };
  }

  /** The text of a line, without its end. */
  line(line: number): string {
    const start = this.#lineStarts()[line - 1] ?? this.text.length;
    const end = this.text.indexOf("\n", start);
    return this.text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
  }

  #lineStarts(): number[] {
    this.#lines ??= [0, ...Array.from(this.text.matchAll(/\n/g), ({ index }) => index + 1)];
    return this.#lines;
  }
}

/** A piece of a source: the offsets of its first character and of the one behind its last. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Integers are in the range of their suffix, without one from -2^63 to 2^64 - 1; strings are well-formed UTF-16. */
export type AtomSyntax = Exclude<Datum, { readonly kind: "list" }> & { readonly at: Span };
export type SymbolSyntax = Extract<AtomSyntax, { readonly kind: "symbol" }>;
export type Syntax = AtomSyntax | ListSyntax;

/** 'x, `x, ,x and ,@x are lists of two: quote, quasiquote, unquote, unquote-splicing. */
export interface ListSyntax {
  readonly kind: "list";
  readonly items: readonly Syntax[];
  /** What follows the dot of (a b . c); never a list. */
  readonly tail: Syntax | undefined;
  readonly at: Span;
}

/** Where a span begins, as the later stages say it. */
export function posOf(at: Span): Pos {
  const { line, column } = at.source.position(at.start);
  return pos(line, column);
}

/** A text is not a form, or a form not one of the language. */
export class SourceError extends LanguageError {
  /** More text could mend it: something is still open at the end. */
  readonly incomplete: boolean;

  constructor(what: string, at: Span, notes: readonly ErrorNote[] = [], incomplete = false) {
    super(at.source.name, posOf(at), what, notes);
    this.incomplete = incomplete;
  }
}

/** The error's message; below its first line, which has the place, that line of the source and a mark under the column. */
export function report(error: LanguageError, source: Source | undefined): string {
  const [first = "", ...notes] = error.message.split("\n");
  const shown = source === undefined ? "" : excerpt(source, lineOf(error.pos), columnOf(error.pos));
  return [first, ...(shown === "" ? [] : [shown]), ...notes].join("\n");
}

/** A line of a source, and below it a mark under the column; empty if there is no such text. */
export function excerpt(source: Source, line: number, column: number): string {
  const characters = [...source.line(line)];
  if (characters.length === 0) return "";
  const first = Math.max(0, Math.min(column - 20, characters.length - EXCERPT_COLUMNS));
  const shown = characters.slice(first, first + EXCERPT_COLUMNS).join("");
  const pad = characters.slice(first, column - 1).map((each) => (each === "\t" ? "\t" : " "));
  return `  ${shown.trimEnd()}\n  ${pad.join("")}^`;
}

/** The text that reads as the syntax again, cut off after so many characters. */
export function printSyntax(syntax: Syntax, limit = 60): string {
  const text = written(syntax);
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}

function written(form: Syntax): string {
  switch (form.kind) {
    case "list":
      return `(${form.items.map(written).join(" ")}${form.tail === undefined ? "" : ` . ${written(form.tail)}`})`;
    case "int":
      return `${form.value}${form.suffix ?? ""}`;
    case "float":
      return `${(form.suffix === "f32" ? f32Text : f64Text)(form.value)}${form.suffix ?? ""}`;
    case "bool":
      return form.value ? "#t" : "#f";
    case "symbol":
      return form.name;
    case "string":
      return writtenString(form.value);
    case "char":
      return writtenChar(form.value);
  }
}
