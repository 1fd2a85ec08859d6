/** The `uvml` command. */
import { readFileSync, writeSync } from "node:fs";
import { BadInput, Switches } from "#support";
import type { VirtualMachine } from "#vm";
import { type Command, parseCommandLine, type Settings, USAGE } from "./cli.ts";
import { type Program, sendEntry, startUvml, type VmMessage } from "./index.ts";
import { History, Repl } from "./repl.ts";

const WRONG_USE = 2;
/** As a shell reports a process that SIGINT ended. */
const INTERRUPTED = 130;
/** As a shell reports a process that SIGABRT ended. */
const ABORTED = 134;

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

function start(settings: Settings, program: Program, args: readonly string[], ready?: (m: VmMessage) => void) {
  return startUvml({
    program,
    args,
    interpret: settings.interpret,
    collector: settings.collector,
    maxHeapBytes: settings.heapBytes,
    switches: Switches.parse(
      settings.logsCollections ? { ...process.env, VM_LOG: process.env["VM_LOG"] || "gc" } : process.env,
    ),
    ...(ready === undefined ? {} : { ready }),
  });
}

async function runRepl(command: Extract<Command, { readonly action: "repl" }>): Promise<number> {
  const { isInteractive } = command;
  if (isInteractive) writeSync(1, `µvm-l ${version()}. Ctrl-D or (exit 0) leaves.\n`);
  let vm: VirtualMachine | undefined;
  const repl = new Repl({
    input: process.stdin,
    output: process.stdout,
    isInteractive,
    isTerminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
    history: isInteractive ? new History(process.env) : undefined,
    send: (message) => sendEntry(vm!, message),
    interrupted: () => process.exit(INTERRUPTED),
  });
  vm = start(command, { kind: "entries" }, [], ({ failed }) => repl.ready(failed));
  try {
    return await vm.exited();
  } finally {
    repl.close();
  }
}

async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2), process.stdin.isTTY === true);
  switch (command.action) {
    case "help":
      writeSync(1, USAGE);
      return 0;
    case "version":
      writeSync(1, `uvml ${version()}\n`);
      return 0;
    case "wrong":
      writeSync(2, `uvml: ${command.message}\nuvml --help tells how it is used\n`);
      return WRONG_USE;
    case "expression":
      return await start(command, { kind: "expression", name: "-e", text: command.text }, command.args).exited();
    case "repl":
      return await runRepl(command);
    case "file":
      return await start(command, { kind: "file", path: command.path }, command.args).exited();
  }
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof BadInput) {
    writeSync(2, `uvml: ${error.message}\n`);
    process.exit(1);
  }
  writeSync(2, `uvml failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(ABORTED);
}
