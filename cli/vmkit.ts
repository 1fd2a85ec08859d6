/** The command `vmkit`: runs a file on the guest it belongs to, and works on IR text. */

import { closeSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { BadInput, Bug } from "#support";
import type * as Ir from "./ir.ts";
import { runnerFor } from "./magic.ts";
import type { RunOptions } from "./run-ir.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

function version(): string {
  const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };
  return manifest.version;
}

function cannotRead(file: string, error: unknown): BadInput {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const words: Record<string, string> = { ENOENT: "no such file", EACCES: "no permission", EISDIR: "a folder" };
  return new BadInput({ file, expected: "a file that can be read", found: words[code] ?? code });
}

function cannotWrite(file: string, error: unknown): BadInput {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const words: Record<string, string> = { ENOENT: "no such folder", EACCES: "no permission", EISDIR: "a folder" };
  return new BadInput({ file, expected: "a file that can be written", found: words[code] ?? code });
}

function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw cannotRead(file, error);
  }
}

function readHead(file: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    const head = new Uint8Array(8);
    return head.subarray(0, readSync(descriptor, head));
  } catch (error) {
    throw cannotRead(file, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Becomes the guest's own process, so that signals and the exit code are the guest's. */
function run(file: string, args: readonly string[]): void {
  const runner = runnerFor(file, readHead(file));
  const launcher = `${root}bin/${runner.command}`;
  if (process.execve === undefined) throw Bug.missing("process.execve on this system");
  process.execve(launcher, [launcher, ...runner.args, ...args]);
}

const program = new Command("vmkit")
  .description("A substrate for managed runtimes and its guests.")
  .version(version())
  .enablePositionalOptions()
  .showHelpAfterError("(vmkit --help tells what there is)");

program
  .command("run")
  .description("run a class file, a jar or a .l file on its guest")
  .argument("<file>")
  .argument("[args...]", "for the program")
  .passThroughOptions()
  .allowUnknownOption()
  .action((file: string, args: string[]) => run(file, args));

const ir = program.command("ir").enablePositionalOptions().description("work on IR text (- reads standard input)");
type TextCommand = "verifyText" | "normalText";
const textCommand = (name: string, says: string, make: TextCommand & keyof typeof Ir): void => {
  ir.command(name)
    .description(says)
    .argument("<file>")
    .action(async (file: string) => {
      const commands = await import("./ir.ts"); // not before: `run` needs none of it
      process.stdout.write(commands[make](readText(file), file === "-" ? "stdin" : file));
    });
};
textCommand("verify", "check the invariants of every function", "verifyText");
textCommand("print", "print the text in its normal form", "normalText");
ir.command("opt")
  .description("run the passes and print what comes out (VM_TRACE, VM_CHECK, VM_FUEL and VM_DUMP apply)")
  .argument("<file>")
  .option("--passes <names>", "only these, separated by commas, and what they need")
  .action(async (file: string, options: { passes?: string }) => {
    const { optimizedText } = await import("./ir.ts");
    process.stdout.write(await optimizedText(readText(file), file === "-" ? "stdin" : file, options.passes));
  });
ir.command("passes")
  .description("list the passes")
  .action(async () => {
    const { passesText } = await import("./ir.ts");
    process.stdout.write(passesText());
  });
ir.command("run")
  .description("call a function in the reference interpreter and print its result")
  .option("--compiled", "call it as compiled code instead")
  .option("--opt", "run the passes before")
  .argument("<file>")
  .argument("[function]", "its name; the first one without it")
  .argument("[args...]", "numbers")
  .passThroughOptions()
  .allowUnknownOption()
  .action(async (file: string, name: string | undefined, args: string[], how: RunOptions) => {
    const { runText } = await import("./run-ir.ts");
    process.stdout.write(runText(readText(file), file === "-" ? "stdin" : file, name, args, console.log, how));
  });

program
  .command("gc-report")
  .description("draw a log of collections (-Xlog:gc, VM_LOG=gc; java's too) as a page with plots")
  .argument("<log>", "- reads standard input")
  .option("-o, --output <file>", "the page (default: beside the log, with .html)")
  .action(async (file: string, options: { output?: string }) => {
    const { gcReport } = await import("./gc-report/index.ts");
    const { html, says } = gcReport(file === "-" ? "stdin" : file, readText(file));
    const target = options.output ?? (file === "-" ? "stdin.html" : `${file}.html`);
    try {
      writeFileSync(target, html);
    } catch (error) {
      throw cannotWrite(target, error);
    }
    process.stdout.write(`${says}${target}\n`);
  });

program
  .command("new")
  .description("write a small guest in a project of its own, to begin with")
  .argument("<name>", "of the project")
  .option("--to <folder>", "where to (default: a folder of that name here)")
  .option("--vmkit <spec>", "what its package.json says of vmkit: a version, or file:PATH to what npm pack made")
  .action(async (name: string, options: { to?: string; vmkit?: string }, command: Command) => {
    const { nameProblem, newProject } = await import("./new.ts");
    const problem = nameProblem(name);
    if (problem !== undefined) command.error(`vmkit new: "${name}": ${problem}`, { exitCode: 2 });
    process.stdout.write(newProject(root, version(), name, options.to ?? name, options.vmkit));
  });

/** Errors whose message says everything. */
const plain = new Set(["BadInput", "BrokenIr", "Uncaught"]);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof Bug) console.error(error.report());
  else if (error instanceof Error && plain.has(error.name)) console.error(error.message);
  else throw error;
  process.exitCode = 1;
}
