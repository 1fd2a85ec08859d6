/** `vmkit ir`: checks, prints and optimises IR text. Each command gives the text for standard output, or throws BadInput. */

import type { Func, Module } from "#ir";
import { findings, parse, printFinding, printModule } from "#ir";
import { Optimizer, passes, passesNamed, pipeline } from "#passes";
import { BadInput, Switches } from "#support";

/** A text that reads well but breaks the IR's invariants. The message has a line for each broken one. */
export class BrokenIr extends Error {
  override readonly name = "BrokenIr";
}

/**
 * Reads a file's text and verifies every function in it.
 *
 * @throws BadInput where the text is not IR text
 * @throws BrokenIr when an invariant is broken
 */
export function readVerified(text: string, file: string): Module {
  const module = parse(text, file);
  const broken = module.functions.flatMap(({ func }) => findings(func));
  if (broken.length > 0) throw new BrokenIr(broken.map((each) => `${file}: ${printFinding(each)}`).join("\n"));
  return module;
}

/** What `ir verify` prints: how much was looked at. */
export function verifyText(text: string, file: string): string {
  const count = readVerified(text, file).functions.length;
  return `${file}: ${count} ${count === 1 ? "function" : "functions"}, nothing wrong\n`;
}

/** What `ir print` prints: the text in its normal form. It need not pass the verifier. */
export function normalText(text: string, file: string): string {
  return printModule(parse(text, file));
}

/**
 * What `ir opt` prints: the functions after the passes.
 *
 * @param names the passes to run, separated by commas; all of the pipeline when undefined
 * @throws BadInput for a name that is no pass
 */
export async function optimizedText(text: string, file: string, names?: string): Promise<string> {
  const module = readVerified(text, file);
  const list = names?.split(",").map((name) => name.trim());
  const unknown = list?.find((name) => !passes.has(name));
  if (unknown !== undefined) {
    throw new BadInput({ file: "--passes", expected: `some of ${[...passes.keys()].join(", ")}`, found: unknown });
  }
  const switches = Switches.parse(process.env);
  const optimizer = new Optimizer(switches, list === undefined ? pipeline : passesNamed(list));
  for (const { func } of module.functions) {
    if (!switches.dumps(func.name)) optimizer.run(func);
    else await dump(func, optimizer, switches);
  }
  return printModule(module);
}

/** Optimises the function and writes its page: a column for each pass, and the code. */
async function dump(func: Func, optimizer: Optimizer, switches: Switches): Promise<void> {
  const { Dump } = await import("#jit");
  const { compile } = await import("#wasm");
  const page = Dump.wanted(func, switches);
  optimizer.run(func, (pass) => page?.ir(`after ${pass.name}`, func));
  page?.finish(compile(func, { trapSlot: () => 0, addSite: () => 8 }));
}

/** What `ir passes` prints: a line for each pass. */
export function passesText(): string {
  const order = `in this order: ${pipeline.map((pass) => pass.name).join(" ")}`;
  return `${[...passes.values()].map(({ name, says }) => `${name.padEnd(12)}${says}`).join("\n")}\n${order}\n`;
}
