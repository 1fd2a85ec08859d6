/** The command line of `toyvm`. */
import { parseArgs } from "node:util";
import type { View } from "./view.ts";

export const USAGE = `Usage: toyvm [options]

Draws the Mandelbrot set on a virtual machine made for showing how one is made: docs/tutorial.

  --step N          what a step of the tutorial does, 1 to 5 (default 5; 1 and 2 draw nothing)
  --width N         pixels (default 640)
  --height N        pixels (default 480)
  --iterations N    until a point counts as inside the set (default 200)
  --center RE,IM    point in the middle of the picture (default -0.6,0)
  --across X        width of the part of the plane that is drawn (default 3.2)
  --threads N       guest threads that draw, in step 5 (default 1)
  --heap N          MiB that objects may take (default 256)
  --out FILE        where the picture goes: .png or .ppm (default mandelbrot.png)
  --no-preview      do not show it in the terminal
  --help            this text
`;

/** Something about the command line is wrong; the message says what. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface ToyOptions {
  readonly step: number;
  readonly view: View;
  readonly threads: number;
  readonly heapMib: number;
  readonly out: string;
  readonly preview: boolean;
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** A negative number belongs to the option before it, which is what parseArgs leaves open. */
function withNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    if (/^-[\d.]/.test(arg) && joined.at(-1)?.startsWith("--")) joined.push(`${joined.pop()}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

/** Whether the arguments ask for help, or what they say. Throws UsageError. */
export function parseOptions(args: readonly string[]): ToyOptions | "help" {
  const options = { step: text, width: text, height: text, iterations: text, center: text, across: text } as const;
  const more = { threads: text, heap: text, out: text, preview: flag, help: flag } as const;
  let values: { readonly [name: string]: string | boolean | undefined };
  try {
    ({ values } = parseArgs({ args: withNegatives(args), options: { ...options, ...more }, allowNegative: true }));
  } catch (error) {
    throw new UsageError((error as Error).message.split(/\.\s/, 1)[0]);
  }
  if (values["help"] === true) return "help";
  const whole = (name: string, otherwise: number, most: number): number => {
    const given = values[name];
    if (given === undefined) return otherwise;
    const n = /^\d{1,9}$/.test(String(given)) ? Number(given) : 0;
    if (n < 1 || n > most) throw new UsageError(`--${name} takes a whole number from 1 to ${most}, not ${given}`);
    return n;
  };
  const numbers = (name: string, otherwise: string, count: number): number[] => {
    const given = String(values[name] ?? otherwise);
    const parts = given.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    if (parts.length !== count || !parts.every(Number.isFinite))
      throw new UsageError(
        `--${name} takes ${count === 1 ? "a number" : `${count} numbers with commas`}, not ${given}`,
      );
    return parts;
  };
  const step = whole("step", 5, 5);
  if (step < 3 && values["out"] !== undefined) throw new UsageError(`step ${step} draws nothing: --out makes no sense`);
  const out = String(values["out"] ?? "mandelbrot.png");
  if (!/\.(?:png|ppm)$/.test(out)) throw new UsageError(`--out takes a file that ends in .png or .ppm, not ${out}`);
  const threads = whole("threads", 1, 16);
  if (threads > 1 && step < 5) throw new UsageError(`step ${step} draws with one thread`);
  const [re, im] = numbers("center", "-0.6,0", 2) as [number, number];
  const [across] = numbers("across", "3.2", 1) as [number];
  if (across <= 0) throw new UsageError(`--across takes a number above 0, not ${across}`);
  const [width, height] = [whole("width", 640, 8192), whole("height", 480, 8192)];
  const view: View = { width, height, iterations: whole("iterations", 200, 100_000), re, im, step: across / width };
  const preview = values["preview"] !== false;
  return { step, view, threads, heapMib: whole("heap", 256, 1024), out, preview };
}
