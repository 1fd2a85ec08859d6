/** Reads words, numbers and names of IR text; knows lines and columns. */
import { BadInput } from "#support";

const SPACE = /(?:[ \t\r]|;[^\n]*)*/y;
const LINES = /(?:[ \t\r\n]|;[^\n]*)*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const INTEGER = /-?(?:0[xX][0-9a-fA-F]+|[0-9]+)/y;
const NUMBER = /-?[A-Za-z0-9.:]+(?:[eE]\+[0-9]+|(?<=[eE])-[0-9]+)?/y;
const SIMPLE_NAME = /[A-Za-z0-9_.$/-]+/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const FOUND = /[A-Za-z0-9_.]+|"[^"\n]*"?|./suy;

export class Scanner {
  readonly text: string;
  readonly file: string;
  at = 0;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  /** Skips blanks and comments up to the end of the line. */
  skipSpace(): void {
    this.#match(SPACE);
  }

  /** Skips blanks, comments and ends of lines. */
  skipLines(): void {
    this.#match(LINES);
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }

  atLineEnd(): boolean {
    return this.atEnd() || this.text[this.at] === "\n";
  }

  /** Whether the text goes on with this punctuation; does not move. */
  sees(sign: string): boolean {
    return this.text.startsWith(sign, this.at);
  }

  /** Takes the punctuation and the blanks after it, if it is there. */
  accept(sign: string): boolean {
    if (!this.sees(sign)) return false;
    this.at += sign.length;
    this.skipSpace();
    return true;
  }

  expect(sign: string): void {
    if (!this.accept(sign)) this.fail(`'${sign}'`);
  }

  /** A word without the blanks after it, or null. */
  word(): string | null {
    return this.#match(WORD);
  }

  /** Takes the word and the blanks after it, if it is the next one. */
  acceptWord(word: string): boolean {
    const start = this.at;
    if (this.word() === word) {
      this.skipSpace();
      return true;
    }
    this.at = start;
    return false;
  }

  expectWord(word: string): void {
    if (!this.acceptWord(word)) this.fail(`'${word}'`);
  }

  /** `v12`, `b3`: the letter and a decimal number; and the blanks after it. */
  numbered(letter: string, limit: number, what: string): number {
    const start = this.at;
    const word = this.word();
    const digits = word?.slice(1) ?? "";
    if (word?.[0] !== letter || !/^(0|[1-9][0-9]*)$/.test(digits)) this.fail(what, start);
    const number = Number(digits);
    if (number >= limit) this.fail(`${what} below ${letter}${limit}`, start);
    this.skipSpace();
    return number;
  }

  integer(min: bigint, max: bigint, what: string): bigint {
    const start = this.at;
    const text = this.#match(INTEGER);
    if (text === null) this.fail(what, start);
    const number = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
    if (number < min || number > max) this.fail(`${what} from ${min} to ${max}`, start);
    this.skipSpace();
    return number;
  }

  /** The text of a number of any kind, for example `-1.5e-7` or `nan:0x7fc00001`. */
  number(what: string): string {
    const start = this.at;
    const text = this.#match(NUMBER);
    if (text === null) this.fail(what, start);
    this.skipSpace();
    return text;
  }

  /** `@name` or `@"any text"`. */
  name(): string {
    if (!this.sees("@")) this.fail("a name such as @f");
    this.at += 1;
    if (this.sees('"')) return this.string();
    const name = this.#match(SIMPLE_NAME);
    if (name === null) this.fail("a name after '@'");
    this.skipSpace();
    return name;
  }

  string(): string {
    const start = this.at;
    const text = this.#match(STRING);
    if (text === null) this.fail("a string in quotes", start);
    this.skipSpace();
    try {
      return String(JSON.parse(text));
    } catch {
      return this.fail("a string with JSON's escapes", start);
    }
  }

  fail(expected: string, at: number = this.at): never {
    throw new BadInput({ file: this.file, place: this.place(at), expected, found: this.#found(at) });
  }

  place(at: number): { line: number; column: number } {
    let line = 1;
    let start = 0;
    for (let end = this.text.indexOf("\n"); end >= 0 && end < at; end = this.text.indexOf("\n", end + 1)) {
      line += 1;
      start = end + 1;
    }
    return { line, column: at - start + 1 };
  }

  #found(at: number): string {
    if (at >= this.text.length) return "the end of the text";
    if (this.text[at] === "\n") return "the end of the line";
    FOUND.lastIndex = at;
    const found = FOUND.exec(this.text)?.[0] ?? "";
    return found.length > 40 ? `${found.slice(0, 40)}…` : found;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return null;
    this.at += match[0].length;
    return match[0];
  }
}
