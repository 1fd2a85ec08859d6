/**
 * Whether parallel streams, fork/join and futures use both cores, in J3 and in `java`: node bench/threads/both-cores.ts [milliseconds of each kind]
 *
 * BothCores.java does the same work alone and by the common pool, in turns. "speed-up" is the best turn alone / the best together; "CPU/wall" is the
 * processor time of the whole process per wall time, alone and together: on an idle machine of two cores it should rise from 1 to nearly 2. On a
 * busy one both are shares of what others leave, and only their quotient says something.
 */
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { findJdk, j3Command, root, run, tail } from "../../tests/guests/j3/runner.ts";

const milliseconds = process.argv[2] ?? "2000";
const classes = path.join(root, "build/bench-threads");
const jdk = findJdk();
const commands = { j3: j3Command(), java: [path.join(jdk.home, "bin/java")] } as const;

async function succeed(command: readonly string[]): Promise<string> {
  const outcome = await run(command, { cwd: root, timeout: 600 });
  if (outcome.exit !== 0) throw new Error(`exit ${outcome.exit}\n${tail(outcome.stderr)}`);
  return outcome.stdout;
}

const source = fileURLToPath(new URL("BothCores.java", import.meta.url));
await succeed([path.join(jdk.home, "bin/javac"), "-d", classes, source]);
for (const vm of ["j3", "java"] as const) {
  console.log(`\n${vm.padEnd(28)}   alone, ms   together   speed-up   CPU/wall alone   together   quotient`);
  const text = await succeed([...commands[vm], "-cp", classes, "BothCores", milliseconds]);
  for (const [, name = "", ...numbers] of text.matchAll(/^(.+): (\S+) (\S+) (\S+) (\S+)$/gm)) {
    const [alone = 0, together = 0, one = 0, both = 0] = numbers.map(Number);
    const cells = [alone, together, alone / together, one, both, both / one].map((n) => n.toFixed(2));
    const widths = [12, 11, 11, 17, 11, 11];
    console.log(name.padEnd(28) + cells.map((text, i) => text.padStart(widths[i]!)).join(""));
  }
}
