/** Starts J3 several times in one process, at once and one after the other; prints the exit codes and what is left of them in the process. */
import { BadInput } from "#support";
import { startJ3 } from "../../../guests/j3/index.ts";

const listeners = (): number => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
const start = (...args: string[]): Promise<number> => startJ3({ args }).exited();

const [exitCodes = "", halt = "", hello = ""] = process.argv.slice(2);
const before = listeners();
const codes = await Promise.all([start("-cp", exitCodes, "ExitCodes"), start("-cp", halt, "HaltCode")]);
codes.push(await start("-Xmx16m", "-cp", hello, "TinyHello"));
codes.push(await start("-cp", hello, "NoSuchClass"));
const noisy = startJ3({ args: ["-cp", hello, "TinyHello"], signals: true });
codes.push(await noisy.exited());
const refused: unknown[] = [];
for (const args of [["--version"], ["-Xnonsense", "Hello"], ["-jar", "missing.jar"]]) {
  try {
    startJ3({ args });
  } catch (error) {
    refused.push(error instanceof BadInput && error.message.length > 60);
  }
}
console.log(`\n${JSON.stringify({ codes, refused, listeners: listeners() - before })}`);
