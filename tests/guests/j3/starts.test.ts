/** A Java thread begins and ends without the VM thread: that has as much to do for 1,000 threads as for a few. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { compile, findJdk, j3Command, type Program, root, run } from "./runner.ts";

const THREADS = 1000;

test("starting a thread asks nothing of the VM thread", { timeout: 300_000 }, async () => {
  const source = fileURLToPath(new URL("starts/Starts.java", import.meta.url));
  const hash = createHash("sha256").update(fs.readFileSync(source)).digest("hex").slice(0, 24);
  const program: Program = { name: "Starts", source, hash, args: [], jvm: [], stdin: "", jar: false, stress: 0 };
  await compile(findJdk(), [program]);
  const classes = path.join(root, "build/test-classes/Starts");
  const requests = async (threads: number): Promise<number> => {
    const command = [...j3Command(), "-cp", classes, "Starts", `${threads}`];
    const { stdout, stderr, exit } = await run(command, {
      cwd: root,
      timeout: 120,
      environment: { VM_TRACE: "summary" },
    });
    assert.deepEqual([stdout, exit], [`${threads}\n`, 0], stderr);
    return Number(/(\d+) requests/.exec(stderr)?.[1] ?? Number.NaN);
  };
  // What threads need is compiled at the first few of them.
  const more = (await requests(THREADS)) - (await requests(100));
  assert.ok(more < THREADS / 10, `${more} requests for ${THREADS - 100} threads`);
});
