/**
 * What the reader makes of text, and where it stood: sources, spans, syntax objects, and the one error of everything that is found wrong
 * with a program before it runs.
 */
import { columnOf, type ErrorNote, LanguageError, lineOf, type Pos, pos } from "./ast.ts";
import { f32Text, f64Text, writtenChar, writtenString } from "./natives/format.ts";

/** Columns above this one are not told apart: so much a position holds. */
const MAX_COLUMN = 1023;

/** A text with a name. Offsets are in UTF-16 units; lines and columns begin at 1, and a column counts code points. */
export class Source {
  readonly name: string;
  readonly text: string;
  readonly #hasPairs: boolean;
  #lines: number[] | undefined;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
    this.#hasPairs = /[\ud800-\udbff]/.test(text);
  }

  /** Line and column of an offset. */
  position(offset: number): Position {
    const lines = this.#lineStarts();
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lines[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    let column = offset - lines[low]! + 1;
    if (this.#hasPairs) {
      column = 1;
      for (let at = lines[low]!; at < offset && column < MAX_COLUMN; column++) {
        at += this.text.codePointAt(at)! > 0xffff ? 2 : 1;
      }
    }
    return { line: low + 1, column: Math.min(column, MAX_COLUMN) };
  }

  /** The text of a line, without its end. */
  line(line: number): string {
    const start = this.#lineStarts()[line - 1];
    if (start === undefined) return "";
    const end = this.text.indexOf("\n", start);
    return this.text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
  }

  #lineStarts(): number[] {
    if (this.#lines !== undefined) return this.#lines;
    const lines = [0];
    for (let at = this.text.indexOf("\n"); at >= 0; at = this.text.indexOf("\n", at + 1)) lines.push(at + 1);
    this.#lines = lines;
    return lines;
  }
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A piece of a source: the offsets of its first character and of the one behind its last. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export const INT_TYPES = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"] as const;
export const FLOAT_TYPES = ["f32", "f64"] as const;
export type IntTypeName = (typeof INT_TYPES)[number];
export type FloatTypeName = (typeof FLOAT_TYPES)[number];

export interface IntSyntax {
  readonly kind: "int";
  /** In the range of its suffix; without one from -2^63 to 2^64 - 1. */
  readonly value: bigint;
  readonly suffix: IntTypeName | undefined;
  readonly at: Span;
}

export interface FloatSyntax {
  readonly kind: "float";
  readonly value: number;
  readonly suffix: FloatTypeName | undefined;
  readonly at: Span;
}

export interface CharSyntax {
  readonly kind: "char";
  /** A Unicode scalar value. */
  readonly value: number;
  readonly at: Span;
}

export interface StringSyntax {
  readonly kind: "string";
  /** Well-formed UTF-16. */
  readonly value: string;
  readonly at: Span;
}

export interface BoolSyntax {
  readonly kind: "bool";
  readonly value: boolean;
  readonly at: Span;
}

export interface SymbolSyntax {
  readonly kind: "symbol";
  readonly name: string;
  readonly at: Span;
}

/** 'x, `x, ,x and ,@x are lists of two: quote, quasiquote, unquote, unquote-splicing. */
export interface ListSyntax {
  readonly kind: "list";
  readonly items: readonly Syntax[];
  /** What follows the dot of (a b . c); never a list. */
  readonly tail: Syntax | undefined;
  readonly at: Span;
}

export type Syntax = IntSyntax | FloatSyntax | CharSyntax | StringSyntax | BoolSyntax | SymbolSyntax | ListSyntax;

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

/** Columns of a source line that an excerpt shows. */
const EXCERPT_COLUMNS = 100;

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
  let text = "";
  const open: { readonly list: ListSyntax; next: number }[] = [];
  let current: Syntax | undefined = syntax;
  while (text.length <= limit) {
    if (current !== undefined) {
      if (current.kind === "list") {
        text += "(";
        open.push({ list: current, next: 0 });
        current = undefined;
      } else {
        text += printAtom(current);
        current = undefined;
      }
      continue;
    }
    const top = open.at(-1);
    if (top === undefined) return text;
    const { items, tail } = top.list;
    const at = top.next++;
    current = items[at] ?? (at === items.length ? tail : undefined);
    if (current === undefined) {
      text += ")";
      open.pop();
    } else if (at > 0) text += current === tail && at === items.length ? " . " : " ";
  }
  return `${text.slice(0, limit)}…`;
}

function printAtom(atom: Exclude<Syntax, ListSyntax>): string {
  switch (atom.kind) {
    case "int":
      return `${atom.value}${atom.suffix ?? ""}`;
    case "float":
      return (atom.suffix === "f32" ? f32Text : f64Text)(atom.value) + (atom.suffix ?? "");
    case "bool":
      return atom.value ? "#t" : "#f";
    case "symbol":
      return atom.name;
    case "string":
      return writtenString(atom.value);
    case "char":
      return writtenChar(atom.value);
  }
}
