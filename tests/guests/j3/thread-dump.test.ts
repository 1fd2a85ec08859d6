/** SIGQUIT: the dump that J3 prints says of the program's threads what that of `java` says, and the program goes on. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as path from "node:path";
import { test } from "node:test";
import { compile, findJdk, findPrograms, j3Command, root } from "./runner.ts";

/** Names of the program's threads, as it starts them. */
const FIRST = "dead one";
const LAST = "spins";

/** Runs the program, asks for a dump when it is ready, and gives all that it printed once it has ended. */
function dumped(command: readonly string[]): Promise<{ readonly text: string; readonly exit: number | null }> {
  return new Promise((resolve, reject) => {
    const [file = "", ...args] = command;
    const folder = path.join(root, "build/test-classes/ThreadDumps");
    const child = spawn(file, [...args, "-XX:+PrintConcurrentLocks", "-cp", folder, "ThreadDumps"], {
      timeout: 120_000,
    });
    let text = "";
    let asked = false;
    child.on("error", reject);
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (!asked && text.includes("ready\n")) {
        asked = true;
        child.kill("SIGQUIT");
      }
      if (asked && /^Heap$/m.test(text)) child.stdin.end();
    });
    child.on("close", (exit) => resolve({ text, exit }));
  });
}

/** What is the same wherever it runs: of addresses only which are equal, and neither times nor the numbers of threads. */
function comparable(text: string): string {
  const names = new Map<string, string>();
  const named = (address: string): string => {
    if (!names.has(address)) names.set(address, `<${names.size + 1}>`);
    return names.get(address)!;
  };
  const start = text.indexOf(`"${FIRST}" #`);
  return text
    .slice(start)
    .replace(/ #\d+ /g, " #n ")
    .replace(/ (?:cpu=\S+ )?elapsed=\S+ tid=\S+ nid=\S+ (.*?) +\[0x[0-9a-f]+\]/g, " $1")
    .replace(/\$\$Lambda\$\d+\/0x[0-9a-f]+/g, "$$$$Lambda")
    .replace(/monitor 0x[0-9a-f]+/g, "monitor")
    .replace(/0x[0-9a-f]{16}/g, named)
    .replace(/(\tat ThreadDumps\.spin)[^\n]*/g, "$1");
}

/** The blocks of the program's threads, each with its locks of java.util.concurrent. */
function blocks(text: string): string[] {
  const found = text.split(/\n(?=")/).map((block) => block.trimEnd());
  const first = found.findIndex((block) => block.startsWith(`"${FIRST}" #`));
  const last = found.findIndex((block) => block.startsWith(`"${LAST}" #`));
  assert.ok(first >= 0 && last > first, text);
  return found.slice(first, last + 1).map((block) => block.split("\n\n\n")[0]!);
}

/** From the first deadlock to the number of them; which thread of a circle comes first is left open. */
function deadlocks(text: string): string[] {
  const start = text.indexOf("Found one Java-level deadlock:");
  const end = text.search(/Found \d+ deadlocks?\.\n/);
  assert.ok(start >= 0 && end > start, text);
  return text
    .slice(start, end)
    .split("\n")
    .map((line) => line.replace(/0x[0-9a-f]+/g, "0x"))
    .sort();
}

test("a dump of all threads, as java prints it", { timeout: 240_000 }, async () => {
  const jdk = findJdk();
  await compile(jdk, findPrograms("^ThreadDumps$"));
  const expected = await dumped([path.join(jdk.home, "bin/java")]);
  const actual = await dumped(j3Command());
  assert.equal(expected.exit, 0, expected.text);
  assert.equal(actual.exit, 0, actual.text);
  assert.match(actual.text, /^Full thread dump J3 \(17\S+ \w+ mode\):$/m);
  assert.deepEqual(blocks(comparable(actual.text)), blocks(comparable(expected.text)));
  assert.deepEqual(deadlocks(comparable(actual.text)), deadlocks(comparable(expected.text)));
  assert.match(actual.text, /^Found 2 deadlocks\.$/m);
  assert.match(actual.text, /goes on\n$/);
});
