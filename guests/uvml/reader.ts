/**
 * Text to syntax. Without recursion: how deep lists may nest is a limit of ours, not of the machine's stack.
 */
import { MAX_NESTING } from "./ast.ts";
import { CHARACTER_NAMES } from "./natives/format.ts";
import {
  FLOAT_TYPES,
  type FloatTypeName,
  INT_TYPES,
  type IntTypeName,
  type ListSyntax,
  posOf,
  type Source,
  SourceError,
  type Span,
  type Syntax,
} from "./syntax.ts";

const SPACE = /[ \t\r\n\f]/;
const DELIMITER = /[ \t\r\n\f()[\]"';`,]/;
const QUOTES: Readonly<Record<string, string>> = { "'": "quote", "`": "quasiquote", ",": "unquote" };
const INTEGER = /^([+-]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|[0-9][0-9_]*)([iu](?:8|16|32|64))?$/;
const FLOAT = /^([+-]?[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?)(f32|f64)?$/;

/** A list that is being read, or a quote that waits for what it quotes. */
interface Open {
  readonly start: number;
  /** What closes a list; undefined for a quote. */
  readonly close: string | undefined;
  readonly items: Syntax[];
  /** Where its dot stands. */
  dot: number | undefined;
  tail: Syntax | undefined;
}

/** Reads a source form by form. */
export class Reader {
  readonly #source: Source;
  readonly #text: string;
  #at = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
    if (this.#text.startsWith("\uFEFF")) this.#at = 1;
    if (this.#text.startsWith("#!", this.#at)) this.#at = this.#lineEnd();
  }

  /**
   * The next form, or undefined at the end.
   *
   * @throws SourceError `incomplete` if the text ends inside a form
   */
  next(): Syntax | undefined {
    const open: Open[] = [];
    for (;;) {
      this.#skipBlanks();
      let form = this.#opensOrCloses(open);
      if (form === "end") return undefined;
      while (form !== undefined) {
        const top = open.at(-1);
        if (top === undefined) return form;
        if (top.dot === undefined) top.items.push(form);
        else if (top.tail === undefined) top.tail = form;
        else this.#fail("expected ) after the form that follows the dot", form.at);
        if (top.close !== undefined) break;
        open.pop();
        form = { kind: "list", items: top.items, tail: undefined, at: this.#span(top.start) };
      }
    }
  }

  /** One step at a token: a whole form (an atom, or the list that it closes), nothing yet, or the end of everything. */
  #opensOrCloses(open: Open[]): Syntax | "end" | undefined {
    const start = this.#at;
    const first = this.#text[start];
    const top = open.at(-1);
    if (first === undefined) {
      if (top === undefined) return "end";
      return this.#endsInside(top);
    }
    if (first === "(" || first === "[") {
      this.#at++;
      this.#push(open, { start, close: first === "(" ? ")" : "]", items: [], dot: undefined, tail: undefined });
      return undefined;
    }
    if (first === ")" || first === "]") {
      this.#at++;
      open.pop();
      return this.#closed(top, first, start);
    }
    const quote = QUOTES[first];
    if (quote !== undefined) {
      this.#at++;
      const splices = first === "," && this.#text[this.#at] === "@";
      if (splices) this.#at++;
      const name: Syntax = { kind: "symbol", name: splices ? "unquote-splicing" : quote, at: this.#span(start) };
      this.#push(open, { start, close: undefined, items: [name], dot: undefined, tail: undefined });
      return undefined;
    }
    if (first === '"') return this.#string();
    if (first === "#") return this.#hash();
    const token = this.#token();
    if (token === ".") {
      if (top?.close === undefined) this.#fail("a dot stands only inside a list", this.#span(start));
      if (top.items.length === 0) this.#fail("expected a form before the dot", this.#span(start));
      if (top.dot !== undefined) this.#fail("a second dot in a list", this.#span(start));
      top.dot = start;
      return undefined;
    }
    return this.#atom(token, start);
  }

  #push(open: Open[], entry: Open): void {
    if (open.length >= MAX_NESTING) {
      this.#fail(`nesting deeper than ${MAX_NESTING.toLocaleString("en")}`, this.#span(entry.start));
    }
    open.push(entry);
  }

  #closed(top: Open | undefined, close: string, start: number): ListSyntax {
    if (top === undefined) this.#fail(`unexpected ${close}`, this.#span(start));
    if (top.close === undefined) this.#fail(`expected a form after ${this.#mark(top)}`, this.#span(top.start, start));
    if (top.close !== close) {
      const opened = { what: "the list begins here", file: this.#source.name, pos: posOf(this.#span(top.start)) };
      throw new SourceError(`expected ${top.close}, found ${close}`, this.#span(start), [opened]);
    }
    if (top.dot !== undefined && top.tail === undefined) {
      this.#fail("expected a form after the dot", this.#span(top.dot, top.dot + 1));
    }
    const at = this.#span(top.start);
    const { items, tail } = top;
    if (tail?.kind === "list") return { kind: "list", items: items.concat(tail.items), tail: tail.tail, at };
    return { kind: "list", items, tail, at };
  }

  #endsInside(top: Open): never {
    const at = this.#span(top.start, top.start + 1);
    if (top.close === undefined) this.#fail(`expected a form after ${this.#mark(top)}`, at, true);
    this.#fail(`this ${this.#text[top.start]} is never closed`, at, true);
  }

  /** The quotation mark that an open quote begins with. */
  #mark(open: Open): string {
    return this.#text.startsWith(",@", open.start) ? ",@" : this.#text[open.start]!;
  }

  #skipBlanks(): void {
    const text = this.#text;
    for (;;) {
      const first = text[this.#at];
      if (first === undefined) return;
      if (SPACE.test(first)) this.#at++;
      else if (first === ";") this.#at = this.#lineEnd();
      else if (first === "#" && text[this.#at + 1] === "|") this.#skipBlockComment();
      else return;
    }
  }

  #lineEnd(): number {
    const end = this.#text.indexOf("\n", this.#at);
    return end < 0 ? this.#text.length : end;
  }

  /** Block comments nest. */
  #skipBlockComment(): void {
    const start = this.#at;
    const mark = /#\||\|#/g;
    mark.lastIndex = start;
    for (let depth = 0; ; ) {
      const match = mark.exec(this.#text);
      if (match === null) this.#fail("this comment is never closed", this.#span(start, start + 2), true);
      depth += match[0] === "#|" ? 1 : -1;
      if (depth > 0) continue;
      this.#at = mark.lastIndex;
      return;
    }
  }

  /** The characters up to the next delimiter. */
  #token(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !DELIMITER.test(this.#text[this.#at]!)) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #atom(token: string, start: number): Syntax {
    const at = this.#span(start);
    const integer = INTEGER.exec(token);
    if (integer !== null) return this.#integer(integer, token, at);
    const float = FLOAT.exec(token);
    if (float !== null && wellGrouped(float[1]!)) {
      const value = Number(float[1]!.replaceAll("_", ""));
      const suffix = float[2] as FloatTypeName | undefined;
      const fits = Number.isFinite(suffix === "f32" ? Math.fround(value) : value);
      if (!fits) this.#fail(`${token} is too large for ${suffix ?? "f64"}`, at);
      return { kind: "float", value: suffix === "f32" ? Math.fround(value) : value, suffix, at };
    }
    if (/^[+-]?\.?[0-9]/.test(token)) this.#fail(`malformed number ${token}`, at);
    const strange = /[\x00-\x1f\x7f-\xa0\u2000-\u200f\u2028-\u202f\u3000\ufeff\ufffd{}\\]|\p{Cs}/u.exec(token);
    if (strange !== null) {
      const offset = start + strange.index;
      const code = strange[0].codePointAt(0)!;
      const name = code > 0x20 && code < 0x7f ? strange[0] : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
      this.#fail(`unexpected character ${name}`, this.#span(offset, offset + 1));
    }
    return { kind: "symbol", name: token, at };
  }

  #integer(match: RegExpExecArray, token: string, at: Span): Syntax {
    const [, sign, digits = "", suffix] = match;
    const plain = digits.replace(/^0[xXbB]/, "");
    if (!wellGrouped(plain)) this.#fail(`malformed number ${token}`, at);
    const magnitude = BigInt(digits.replaceAll("_", ""));
    const value = sign === "-" ? -magnitude : magnitude;
    const type = suffix as IntTypeName | undefined;
    const [low, high] = type === undefined ? [-(1n << 63n), (1n << 64n) - 1n] : integerRange(type);
    if (value < low || value > high) {
      this.#fail(type === undefined ? `${token} does not fit 64 bits` : `${token} is out of the range of ${type}`, at);
    }
    return { kind: "int", value, suffix: type, at };
  }

  #hash(): Syntax {
    const start = this.#at;
    if (this.#text[start + 1] === "\\") return this.#character();
    const token = this.#token();
    const at = this.#span(start);
    if (token === "#t" || token === "#f") return { kind: "bool", value: token === "#t", at };
    this.#fail(`unknown syntax ${token === "#" ? this.#text.slice(start, start + 2).trimEnd() : token}`, at);
  }

  #character(): Syntax {
    const start = this.#at;
    const code = this.#text.codePointAt(start + 2);
    if (code === undefined) this.#fail("expected a character after #\\", this.#span(start, start + 2), true);
    const first = String.fromCodePoint(code);
    this.#at = start + 2 + first.length;
    // The first character may be a delimiter; it is then the whole of it.
    const name = DELIMITER.test(first) ? first : first + this.#token();
    const at = this.#span(start);
    const character = (value: number): Syntax => ({ kind: "char", value, at });
    if (name.length === first.length) {
      if (code < 0x21 || isSurrogate(code)) this.#fail("expected a character or its name after #\\", at);
      return character(code);
    }
    const named = CHARACTER_NAMES.get(name);
    if (named !== undefined) return character(named);
    if (!/^x[0-9a-fA-F]+$/.test(name)) this.#fail(`unknown character name ${name}`, at);
    const value = Number.parseInt(name.slice(1), 16);
    if (!isScalar(value)) this.#fail(`#\\${name} is no Unicode character`, at);
    return character(value);
  }

  #string(): Syntax {
    const text = this.#text;
    const start = this.#at;
    const special = /["\\]/g;
    let value = "";
    for (let from = start + 1; ; ) {
      special.lastIndex = from;
      const match = special.exec(text);
      if (match === null) this.#fail("this string is never closed", this.#span(start, start + 1), true);
      value += text.slice(from, match.index);
      if (match[0] === '"') {
        this.#at = match.index + 1;
        if (!value.isWellFormed()) this.#fail("the string is not well-formed Unicode", this.#span(start));
        return { kind: "string", value, at: this.#span(start) };
      }
      const [piece, length] = this.#escape(match.index, start);
      value += piece;
      from = match.index + length;
    }
  }

  /** What a backslash stands for, and how many characters it and its own take. */
  #escape(offset: number, start: number): [text: string, length: number] {
    const simple: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0", "\\": "\\", '"': '"' };
    const next = this.#text[offset + 1];
    if (next === undefined) this.#fail("this string is never closed", this.#span(start, start + 1), true);
    const plain = simple[next];
    if (plain !== undefined) return [plain, 2];
    // A backslash at the end of a line joins it with the next.
    if (next === "\n") return ["", 2];
    if (next !== "x") {
      const shown = String.fromCodePoint(this.#text.codePointAt(offset + 1)!);
      this.#fail(`unknown escape \\${shown}`, this.#span(offset, offset + 1 + shown.length));
    }
    const pattern = /([0-9a-fA-F]+);/y;
    pattern.lastIndex = offset + 2;
    const match = pattern.exec(this.#text);
    if (match === null) this.#fail("expected hexadecimal digits and ; after \\x", this.#span(offset, offset + 2));
    const code = Number.parseInt(match[1]!, 16);
    const length = 2 + match[0].length;
    if (!isScalar(code)) this.#fail("the escape is no Unicode character", this.#span(offset, offset + length));
    return [String.fromCodePoint(code), length];
  }

  #span(start: number, end = this.#at): Span {
    return { source: this.#source, start, end };
  }

  #fail(what: string, at: Span, incomplete = false): never {
    throw new SourceError(what, at, [], incomplete);
  }
}

/** All forms of a source. */
export function readAll(source: Source): Syntax[] {
  const reader = new Reader(source);
  const forms: Syntax[] = [];
  for (let form = reader.next(); form !== undefined; form = reader.next()) forms.push(form);
  return forms;
}

/** Least and greatest value of an integer type. */
export function integerRange(type: IntTypeName): [low: bigint, high: bigint] {
  const bits = BigInt(type.slice(1));
  return type.startsWith("u") ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
}

export function isIntTypeName(name: string): name is IntTypeName {
  return (INT_TYPES as readonly string[]).includes(name);
}

export function isFloatTypeName(name: string): name is FloatTypeName {
  return (FLOAT_TYPES as readonly string[]).includes(name);
}

/** Every _ stands between two digits. */
function wellGrouped(digits: string): boolean {
  return !/_(?![0-9a-fA-F])|(?<![0-9a-fA-F])_/.test(digits);
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function isScalar(code: number): boolean {
  return code <= 0x10ffff && !isSurrogate(code);
}
