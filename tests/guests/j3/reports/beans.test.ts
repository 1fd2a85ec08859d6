/** Management beans of memory, collections and the machine: the program says what is wrong, and prints the same as on `java`. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { before, describe, it } from "node:test";
import {
  commandLine,
  compile,
  findJdk,
  findPrograms,
  type Jdk,
  j3Command,
  type Program,
  root,
  run,
} from "../runner.ts";

const folder = path.join(root, "build/test-beans");

describe("management beans", () => {
  let jdk: Jdk;
  let program: Program;
  before(async () => {
    jdk = findJdk();
    const [found] = findPrograms("^HeapBeans$", import.meta.dirname);
    assert.ok(found);
    program = found;
    await compile(jdk, [program]);
    fs.mkdirSync(folder, { recursive: true });
  });
  it("say the same as java's, where they can", async () => {
    const flags = ["-XX:+UseSerialGC", "-Xmx64m", "-Da=b"];
    const [theirs, ours] = await Promise.all(
      [path.join(jdk.home, "bin/java"), ...j3Command()].map((command) =>
        run([command, ...flags, ...commandLine(program)], { cwd: folder, timeout: 60 }),
      ),
    );
    assert.equal(ours?.stderr, "");
    assert.equal(ours.stdout, theirs?.stdout);
    assert.match(ours.stdout, /^0 failures$/m);
  });
  it("say so of a collector with one generation too", async () => {
    const command = [...j3Command(), "--gc=semispace", "-Xmx64m", ...commandLine(program)];
    const { stdout, stderr } = await run(command, { cwd: folder, timeout: 60 });
    assert.equal(stderr, "");
    assert.match(stdout, /^0 failures$/m);
  });
});
