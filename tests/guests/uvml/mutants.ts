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
  readonly #tokens: readonly string[];

  constructor() {
    this.#seeds = SEEDS.map((name) => formsOf(fs.readFileSync(new URL(`${name}.l`, folder), "utf8")));
    const all = this.#seeds.flat().flatMap((form) => form.match(TOKEN) ?? []);
    this.#tokens = all.filter((token) => token.trim() !== "" && !/^(?:exit|read-file|write-file|sleep)$/.test(token));
  }

  /** The definitions of a seed up to one of its forms, and that form with a few changes. */
  text(number: number): string {
    const random = randomNumbers(number);
    const forms = this.#seeds[number % this.#seeds.length]!;
    const index = random(forms.length);
    const before = forms.slice(0, index).filter((form) => /^\((?:def|add-field)/.test(form));
    const noisy = random(10) === 0;
    return [...before, noisy ? noise(forms[index]!, random) : this.#change(forms[index]!, random)].join("\n");
  }

  #change(form: string, random: (below: number) => number): string {
    const tokens: string[] = form.match(TOKEN) ?? [];
    for (let times = 1 + random(3); times > 0; times--) {
      const at = random(tokens.length);
      const other = random(tokens.length);
      switch (random(6)) {
        case 0:
          tokens.splice(at, 1);
          break;
        case 1:
          tokens.splice(at, 0, tokens[other]!);
          break;
        case 2:
          [tokens[at], tokens[other]] = [tokens[other]!, tokens[at]!];
          break;
        case 3:
          tokens.splice(at, 1, `(${tokens[at]})`);
          break;
        default:
          // Most often: another word in its place, so that the form stays well-formed.
          if (/[\s()[\]]/.test(tokens[at]!)) times++;
          else tokens[at] = this.#tokens[random(this.#tokens.length)]!;
      }
      if (tokens.length === 0) break;
    }
    return tokens.join("");
  }
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
