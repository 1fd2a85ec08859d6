/** Text to syntax. */
import { MAX_NESTING } from "./ast.ts";
import { CHARACTER_NAMES } from "./natives/format.ts";
import { type ListSyntax, posOf, type Source, SourceError, type Span, type Syntax } from "./syntax.ts";
import { fits, type NumberName } from "./types.ts";

const BLANKS = /[ \t\r\n\f]+|;[^\n]*/y;
const QUOTE = /'|`|,@?/y;
const QUOTES: Readonly<Record<string, string>> = {
  "'": "quote",
  "`": "quasiquote",
  ",": "unquote",
  ",@": "unquote-splicing",
};
/** What ends a token. */
const DELIMITER = /[ \t\r\n\f()[\]"';`,]/;
const TOKEN = /[^ \t\r\n\f()[\]"';`,]*/y;
const INTEGER = /^([+-]?)(0[xX]([0-9a-fA-F_]+)|0[bB]([01_]+)|[0-9][0-9_]*)([iu](?:8|16|32|64))?$/;
const FLOAT = /^([+-]?[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?)(f32|f64)?$/;
/** A _ that does not stand between two digits. */
const STRAY_UNDERSCORE = /_(?![0-9a-fA-F])|(?<![0-9a-fA-F])_/;
const STRANGE = /[\x00-\x1f\x7f-\xa0\u2000-\u200f\u2028-\u202f\u3000\ufeff\ufffd{}\\]|\p{Cs}/u;
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: "\n", t: "\t", r: "\r", "0": "\0", "\\": "\\", '"': '"' },
  // A backslash at the end of a line joins it with the next.
  ...{ "\n": "", "\r\n": "" },
};

/** All forms of a source. Throws a SourceError, `incomplete` if the text ends inside a form. */
export function readAll(source: Source): Syntax[] {
  const reader = new Reader(source);
  const forms: Syntax[] = [];
  for (let form = reader.next(); form !== undefined; form = reader.next()) forms.push(form);
  return forms;
}

class Reader {
  readonly #source: Source;
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
    if (this.#text.startsWith("\uFEFF")) this.#at = 1;
    if (this.#text.startsWith("#!", this.#at)) this.#match(/.*/y);
  }

  /** The next form, or undefined at the end. */
  next(): Syntax | undefined {
    this.#skipBlanks();
    return this.#at === this.#text.length ? undefined : this.#form();
  }

  #form(): Syntax {
    const start = this.#at;
    const first = this.#text[start]!;
    if (first === "(") return this.#nested(start, () => this.#list(start, ")"));
    if (first === "[") return this.#nested(start, () => this.#list(start, "]"));
    if (first === ")" || first === "]") this.#fail(`unexpected ${first}`, this.#span(start, start + 1));
    if (first === '"') return this.#string();
    if (first === "#") return this.#hash();
    const quote = this.#match(QUOTE);
    if (quote !== "") return this.#nested(start, () => this.#quoted(quote, start));
    const token = this.#match(TOKEN);
    if (token === ".") this.#fail("expected a list and a form before the dot", this.#span(start));
    return this.#atom(token, this.#span(start));
  }

  #nested(start: number, read: () => Syntax): Syntax {
    if (this.#depth++ >= MAX_NESTING) {
      this.#fail(`nesting deeper than ${MAX_NESTING.toLocaleString("en")}`, this.#span(start));
    }
    const form = read();
    this.#depth--;
    return form;
  }

  #quoted(quote: string, start: number): Syntax {
    const name: Syntax = { kind: "symbol", name: QUOTES[quote]!, at: this.#span(start) };
    this.#skipBlanks();
    const next = this.#text[this.#at];
    if (next === undefined || next === ")" || next === "]") {
      this.#fail(`expected a form after ${quote}`, this.#span(start), next === undefined);
    }
    return { kind: "list", items: [name, this.#form()], tail: undefined, at: this.#span(start) };
  }

  #list(start: number, close: string): ListSyntax {
    const items: Syntax[] = [];
    this.#at++;
    for (;;) {
      const next = this.#nextInList(start);
      if (next === close) {
        this.#at++;
        return { kind: "list", items, tail: undefined, at: this.#span(start) };
      }
      if (next === ")" || next === "]") this.#wrongEnd(start, close);
      const dot = this.#at;
      if (next !== "." || items.length === 0 || !DELIMITER.test(this.#text[dot + 1] ?? " ")) {
        items.push(this.#form());
        continue;
      }
      this.#at++;
      if (this.#nextInList(start) === close) this.#fail("expected a form after the dot", this.#span(dot, dot + 1));
      const tail = this.#form();
      if (this.#nextInList(start) !== close) this.#fail(`expected ${close} after the form that follows the dot`);
      this.#at++;
      const at = this.#span(start);
      if (tail.kind === "list") return { kind: "list", items: items.concat(tail.items), tail: tail.tail, at };
      return { kind: "list", items, tail, at };
    }
  }

  /** The first character of what follows in a list. */
  #nextInList(start: number): string {
    this.#skipBlanks();
    const next = this.#text[this.#at];
    if (next === undefined) this.#fail(`this ${this.#text[start]} is never closed`, this.#span(start, start + 1), true);
    return next;
  }

  #wrongEnd(start: number, close: string): never {
    const at = this.#span(this.#at, this.#at + 1);
    const begin = { what: "the list begins here", file: this.#source.name, pos: posOf(this.#span(start)) };
    throw new SourceError(`expected ${close}, found ${this.#text[this.#at]}`, at, [begin]);
  }

  /** Block comments nest. */
  #skipBlanks(): void {
    for (;;) {
      while (this.#match(BLANKS) !== "");
      const start = this.#at;
      if (!this.#text.startsWith("#|", start)) return;
      let depth = 0;
      do {
        const found = this.#match(/.*?(#\||\|#)/sy);
        if (found === "") this.#fail("this comment is never closed", this.#span(start, start + 2), true);
        depth += found.endsWith("#|") ? 1 : -1;
      } while (depth > 0);
    }
  }

  #atom(token: string, at: Span): Syntax {
    const integer = INTEGER.exec(token);
    if (integer !== null) return this.#integer(integer, at);
    const float = FLOAT.exec(token);
    if (float !== null && !STRAY_UNDERSCORE.test(float[1]!)) {
      const suffix = float[2] ?? null;
      const exact = Number(float[1]!.replaceAll("_", ""));
      const value = suffix === "f32" ? Math.fround(exact) : exact;
      if (!Number.isFinite(value)) this.#fail(`${token} is too large for ${suffix ?? "f64"}`, at);
      return { kind: "float", value, suffix, at };
    }
    if (/^[+-]?\.?[0-9]/.test(token)) this.#fail(`malformed number ${token}`, at);
    const strange = STRANGE.exec(token);
    if (strange === null) return { kind: "symbol", name: token, at };
    const code = strange[0].codePointAt(0)!;
    const name = code > 0x20 && code < 0x7f ? strange[0] : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    const offset = at.start + strange.index;
    this.#fail(`unexpected character ${name}`, this.#span(offset, offset + 1));
  }

  #integer([token, sign, digits, hex, bits, type]: RegExpExecArray, at: Span): Syntax {
    const suffix = type ?? null;
    if (STRAY_UNDERSCORE.test(hex ?? bits ?? digits!)) this.#fail(`malformed number ${token}`, at);
    const magnitude = BigInt(digits!.replaceAll("_", ""));
    const value = sign === "-" ? -magnitude : magnitude;
    if (suffix === null) {
      if (!fits("i64", value) && !fits("u64", value)) this.#fail(`${token} does not fit 64 bits`, at);
    } else if (!fits(suffix as NumberName, value)) this.#fail(`${token} is out of the range of ${suffix}`, at);
    return { kind: "int", value, suffix, at };
  }

  #hash(): Syntax {
    const start = this.#at;
    if (this.#text[start + 1] === "\\") return this.#character();
    const token = this.#match(TOKEN);
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
    const name = DELIMITER.test(first) ? first : first + this.#match(TOKEN);
    const at = this.#span(start);
    if (name === first) {
      if (code < 0x21 || !isScalar(code)) this.#fail("expected a character or its name after #\\", at);
      return { kind: "char", value: code, at };
    }
    const value = CHARACTER_NAMES.get(name) ?? (/^x[0-9a-fA-F]+$/.test(name) ? Number.parseInt(name.slice(1), 16) : -1);
    if (value < 0) this.#fail(`unknown character name ${name}`, at);
    if (!isScalar(value)) this.#fail(`#\\${name} is no Unicode character`, at);
    return { kind: "char", value, at };
  }

  #string(): Syntax {
    const start = this.#at++;
    let value = "";
    for (;;) {
      value += this.#match(/[^"\\]*/y);
      const begin = this.#at;
      const mark = this.#text[this.#at++];
      if (mark === '"') break;
      const next = this.#match(/\r\n|./sy);
      if (next === "") this.#fail("this string is never closed", this.#span(start, start + 1), true);
      value += ESCAPES[next] ?? this.#escape(next, begin);
    }
    const at = this.#span(start);
    if (!value.isWellFormed()) this.#fail("the string is not well-formed Unicode", at);
    return { kind: "string", value, at };
  }

  /** \x41; and its like. */
  #escape(next: string, start: number): string {
    if (next !== "x") {
      const shown = String.fromCodePoint(this.#text.codePointAt(start + 1)!);
      this.#fail(`unknown escape \\${shown}`, this.#span(start, start + 1 + shown.length));
    }
    const digits = this.#match(/[0-9a-fA-F]+;/y);
    if (digits === "") this.#fail("expected hexadecimal digits and ; after \\x", this.#span(start));
    const code = Number.parseInt(digits, 16);
    if (!isScalar(code)) this.#fail("the escape is no Unicode character", this.#span(start));
    return String.fromCodePoint(code);
  }

  /** What matches here, which is skipped; empty: nothing. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #span(start: number, end = this.#at): Span {
    return { source: this.#source, start, end };
  }

  #fail(what: string, at = this.#span(this.#at), incomplete = false): never {
    throw new SourceError(what, at, [], incomplete);
  }
}

function isScalar(code: number): boolean {
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}
