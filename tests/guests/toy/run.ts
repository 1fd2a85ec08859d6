/** Runs ToyVM for tests, in this process or as a command; and reads the reference pictures. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Switches, type SwitchText } from "#support";
import { VirtualMachine } from "#vm";
import { Listener } from "../../../guests/toy/messages.ts";
import type { ToyData, View } from "../../../guests/toy/view.ts";
import { root } from "../../tree.ts";

export interface Outcome {
  readonly code: number;
  readonly lines: readonly string[];
  readonly failures: readonly string[];
  readonly counts: Uint32Array | undefined;
}

export interface RunOptions {
  readonly threads?: number;
  readonly carriers?: number;
  readonly switches?: SwitchText;
  readonly maxHeapBytes?: number;
}

export async function runToy(step: number, view: View, options: RunOptions = {}): Promise<Outcome> {
  const [lines, failures]: [string[], string[]] = [[], []];
  let counts: Uint32Array | undefined;
  const listener = new Listener((message) => {
    if (message.kind === "picture") counts = message.counts;
    else (message.kind === "line" ? lines : failures).push(message.text);
  });
  const threads = options.threads ?? 1;
  const vm = VirtualMachine.start<ToyData>({
    guest: new URL("../../../guests/toy/guest.ts", import.meta.url),
    data: { step, view, threads },
    carriers: options.carriers ?? threads,
    fixedBytes: 32 << 20,
    maxHeapBytes: options.maxHeapBytes ?? 64 << 20,
    switches: Switches.parse(options.switches ?? {}),
    message: (told) => listener.take(told),
  });
  const code = await vm.exited();
  return { code, lines, failures, counts };
}

/** The command, run in a folder. */
export function toyvm(args: readonly string[], folder: string): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(join(root, "bin/toyvm"), args, { cwd: folder, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

/** What reference.py computed for a view. */
export interface Reference {
  readonly view: View;
  readonly counts: readonly number[];
}

export function reference(name: string): Reference {
  const [, comment = "", ...rest] = readFileSync(new URL(`${name}.pgm`, import.meta.url), "utf8").split("\n");
  const [, re, im, across] = /centre (\S+),(\S+), across (\S+)/.exec(comment) ?? [];
  const [width, height, iterations, ...counts] = rest.join(" ").trim().split(/\s+/).map(Number) as [
    number,
    number,
    number,
  ];
  const view = { width, height, iterations, re: Number(re), im: Number(im), step: Number(across) / width };
  return { view, counts };
}

/** Lines without what differs from run to run. */
export function masked(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/\d+\.\d\d (ms|s)\b/, "… $1"));
}
