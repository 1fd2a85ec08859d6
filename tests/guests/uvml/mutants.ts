/** Programs with something wrong in them: made from the programs of `programs/`, the same ones on every run. */
import * as fs from "node:fs";

const folder = new URL("programs/", import.meta.url);

/** Programs that are short, use no files, and end by themselves. */
const SEEDS = [
  ...["any", "arrays", "bits", "builder", "chars", "closures", "compare", "conditionals", "conversions", "division"],
  ...["exceptions", "finally", "floats", "function-values", "globals", "inference", "int-widths", "let", "lists"],
  ...["list-functions", "loops", "macros", "macros-nested", "methods", "order", "quote", "recursion", "redefine-same"],
  ...["redefine-types", "specialise", "strings", "strings-utf8", "structs", "structs-linked", "structs-malloc"],
  ...["structs-stack", "symbols", "add-field", "closures-structs", "methods-runtime", "avl-tree", "interpreter"],
  ...["threads", "mutex", "thread-errors", "pipeline", "redefine-running", "gc", "printing", "disassemble"],
];

/** Marsaglia's xorshift32: the same numbers on every run. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const TOKEN = /"(?:\\.|[^"\\])*"|#\\.\w*|[()[\]'`]|,@?|[^\s()[\]"'`,]+|\s+/gs;

export class Mutants {
  /** The forms at top level of each seed. */
  readonly #seeds: readonly (readonly string[])[];
  readonly #words: ReadonlyMap<string, readonly string[]>;

  constructor() {
    this.#seeds = SEEDS.map((name) => formsOf(fs.readFileSync(new URL(`${name}.l`, folder), "utf8")));
    const tokens = this.#seeds.flatMap((forms) => forms.flatMap((form) => form.match(TOKEN) ?? []));
    this.#words = Map.groupBy(tokens, (token) => kindOf(token) ?? "");
  }

  /** The definitions of a seed up to one of its forms, that form with a few changes, and some that follow it. */
  text(number: number): string {
    const random = randomNumbers(number);
    const forms = this.#seeds[number % this.#seeds.length]!;
    const index = random(forms.length);
    const before = forms.slice(0, index).filter((form) => /^\((?:def|add-field)/.test(form));
    const form = forms[index]!;
    const how = random(10);
    const changed =
      how === 0 ? noise(form, random) : how < 4 ? this.#moved(form, random) : this.#replaced(form, random);
    return [...before, changed, ...forms.slice(index + 1, index + 1 + random(12))].join("\n");
  }

  /** With tokens that are gone, twice there, elsewhere or in parentheses. */
  #moved(form: string, random: (below: number) => number): string {
    const tokens: string[] = form.match(TOKEN) ?? [];
    for (let times = 1 + random(3); times > 0 && tokens.length > 0; times--) {
      const [at, other] = [random(tokens.length), random(tokens.length)];
      const how = random(4);
      if (how === 0) tokens.splice(at, 1);
      else if (how === 1) tokens.splice(at, 0, tokens[other]!);
      else if (how === 2) [tokens[at], tokens[other]] = [tokens[other]!, tokens[at]!];
      else tokens.splice(at, 1, `(${tokens[at]})`);
    }
    return tokens.join("");
  }

  /** With other words of the same kind: it stays well-formed, and often well-typed. */
  #replaced(form: string, random: (below: number) => number): string {
    const tokens: string[] = form.match(TOKEN) ?? [];
    const places = tokens.flatMap((token, at) => (kindOf(token) === undefined ? [] : [at]));
    for (let times = 1 + random(2); times > 0 && places.length > 0; times--) {
      const at = places[random(places.length)]!;
      const words = this.#words.get(kindOf(tokens[at]!)!)!;
      // The form's own words fit best.
      const own = places.filter((place) => kindOf(tokens[place]!) === kindOf(tokens[at]!));
      tokens[at] = random(2) === 0 ? tokens[own[random(own.length)]!]! : words[random(words.length)]!;
    }
    return tokens.join("");
  }
}

/** What may stand in place of a token; undefined for parentheses and blanks. */
function kindOf(token: string): "number" | "string" | "character" | "name" | undefined {
  if (/^[-+]?\d/.test(token)) return "number";
  if (token.startsWith('"')) return "string";
  if (token.startsWith("#\\")) return "character";
  return /^[^\s()[\]'`,]/.test(token) ? "name" : undefined;
}

/** A form begins in the first column. Comments are left out. */
function formsOf(text: string): string[] {
  const lines = text.split("\n").filter((line) => !line.startsWith(";"));
  const code = lines.map((line) => line.replace(/\s*;(?:=>|2>).*$/, "")).join("\n");
  return code.split(/\n(?=\()/).filter((form) => form.startsWith("("));
}

function noise(form: string, random: (below: number) => number): string {
  const bytes = [...new TextEncoder().encode(form)];
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(bytes.length);
    if (random(3) === 0) bytes.splice(at, 1);
    else bytes[at] = random(2) === 0 ? random(256) : bytes[at]! ^ (1 << random(8));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
