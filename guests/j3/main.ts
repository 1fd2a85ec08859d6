/** The `j3` command: reads the command line, starts a VM, and gives its exit code. */
import { writeSync } from "node:fs";
import { BadInput } from "#support";
import { readCommand, runCommand } from "./launch.ts";

/** Exit code of a process that ends by SIGABRT, as HotSpot does when it crashes. */
const ABORTED = 134;

/**
 * What is said when the VM itself fails. A trap of compiled code comes from class files that a verifier would have refused; anything else
 * is a bug of ours, and its trace is for whoever mends it.
 */
function failureReport(error: unknown): string {
  if (!(error instanceof Error)) return `J3 failed: ${String(error)}\n`;
  if (error.name !== "RuntimeError") return `J3 failed: ${error.stack ?? error.message}\n`;
  return `J3 failed: compiled code broke a rule of its class file's verification: ${error.message}\n`;
}

async function main(): Promise<number> {
  const command = readCommand({ args: process.argv.slice(2), signals: true });
  for (const { stream, text } of command.messages) writeSync(stream === "out" ? 1 : 2, text);
  return command.action === "done" ? command.exitCode : await runCommand(command).exited();
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof BadInput) {
    writeSync(2, `Error: ${error.message}\n`);
    process.exit(1);
  }
  writeSync(2, failureReport(error));
  process.exit(ABORTED);
}
