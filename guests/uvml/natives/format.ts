/** How numbers, characters and strings are written so that the reader makes the same of them, and how numbers are read from text. */

/** What may stand behind `#\` besides single characters and hexadecimal numbers. */
export const CHARACTER_NAMES: ReadonlyMap<string, number> = new Map([
  ["nul", 0],
  ["tab", 9],
  ["newline", 10],
  ["return", 13],
  ["escape", 27],
  ["space", 32],
  ["delete", 127],
]);

/** Shortest decimal that reads back as the same f64; always with a point or exponent; nan, inf, -inf. */
export function f64Text(value: number): string {
  return withPoint(value, String(value));
}

/** The same for an f32. */
export function f32Text(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return withPoint(value, text);
  }
  return withPoint(value, String(Number(value.toPrecision(9))));
}

function withPoint(value: number, text: string): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  if (text.includes("e")) return text.replace("e+", "e");
  return text.includes(".") ? text : `${text}.0`;
}

const NAMES: ReadonlyMap<number, string> = new Map([...CHARACTER_NAMES].map(([name, code]) => [code, name]));

/** As `#\a`, `#\newline`, `#\x7f`. */
export function writtenChar(code: number): string {
  const name = NAMES.get(code);
  if (name !== undefined) return `#\\${name}`;
  return isPlain(code) ? `#\\${String.fromCodePoint(code)}` : `#\\x${code.toString(16)}`;
}

function isPlain(code: number): boolean {
  return (
    code > 32 && code !== 127 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) && !(code >= 128 && code < 160)
  );
}

/** The character itself; what is no code point is the replacement character. */
export function charText(code: number): string {
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

/** In quotes, with escapes. */
export function writtenString(text: string): string {
  let out = '"';
  for (const each of text) {
    const code = each.codePointAt(0) as number;
    if (each === '"' || each === "\\") out += `\\${each}`;
    else if (each === "\n") out += "\\n";
    else if (each === "\t") out += "\\t";
    else if (code < 32 || code === 127) out += `\\x${code.toString(16)};`;
    else out += each;
  }
  return `${out}"`;
}

/** A whole number in [low, high] as the reader writes them, without a suffix; undefined: it is none. */
export function parseInteger(text: string, low: bigint, high: bigint): bigint | undefined {
  const match = /^([+-]?)(0x[0-9a-f_]+|0b[01_]+|[0-9][0-9_]*)$/i.exec(text.trim());
  if (match === null) return undefined;
  const digits = (match[2] as string).replaceAll("_", "").toLowerCase();
  if (digits === "0x" || digits === "0b") return undefined;
  const value = match[1] === "-" ? -BigInt(digits) : BigInt(digits);
  return value < low || value > high ? undefined : value;
}

/** A number with or without a point and exponent, or nan, inf, -inf; undefined: it is none. */
export function parseFloat64(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "nan") return Number.NaN;
  if (trimmed === "inf" || trimmed === "+inf") return Number.POSITIVE_INFINITY;
  if (trimmed === "-inf") return Number.NEGATIVE_INFINITY;
  return /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}
