/** The translator against java: the same methods, run by both. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findings, printFinding, printFunc } from "#ir";
import { ImageReader } from "../classpath/index.ts";
import type { JMethod } from "../model/types.ts";
import { interpreterEngine, type MakeEngine, wasmEngine } from "./fake-engines.ts";
import { FakeMachine } from "./fake-machine.ts";
import { FakeWorld } from "./fake-world.ts";
import { Translator } from "./index.ts";

const JAVA_HOME = process.env["JAVA_HOME"] ?? "/usr/lib/jvm/java-17-openjdk-amd64";
const folder = mkdtempSync(join(tmpdir(), "translate-"));
after(() => rmSync(folder, { recursive: true }));
execFileSync(join(JAVA_HOME, "bin/javac"), ["-d", folder, join(import.meta.dirname, "testdata/Cases.java")]);
const expected = execFileSync(join(JAVA_HOME, "bin/java"), ["-Xshare:auto", "-cp", folder, "Cases"], {
  encoding: "utf8",
})
  .trim()
  .split("\n")
  .map((line) => line.split(" ") as [string, string]);
const image = new ImageReader(join(JAVA_HOME, "lib/modules"));
after(() => image.close());

function find(name: string): Uint8Array | undefined {
  if (name.startsWith("Cases")) return readFileSync(join(folder, `${name}.class`));
  return image.findClass(name)?.bytes;
}

for (const make of [interpreterEngine, wasmEngine]) {
  for (const resolved of [true, false]) compareWithJava(make, resolved);
}

function compareWithJava(make: MakeEngine, resolved: boolean): void {
  test(`${make.name} gives what java gives, everything linked ${resolved ? "before" : "on the way"}`, () => {
    const machine = new FakeMachine(find, resolved, make);
    const cases = machine.world.load("Cases")!;
    for (const [name, value] of expected) {
      const method = cases.methods.find((each) => each.name === name)!;
      const result = machine.run(method);
      assert.equal(printed(method, result), value, name);
    }
    assert.ok(expected.length >= 27);
    for (const count of machine.locks.values()) assert.equal(count, 0, "a lock was not given back");
  });
}

function printed(method: JMethod, value: unknown): string {
  return method.descriptor.endsWith("D") && Number.isInteger(value) ? `${value}.0` : `${value}`;
}

test("bodies shorter than a call are not called", () => {
  const world = new FakeWorld({ find, resolved: true });
  const method = world.load("Cases")!.methods.find((each) => each.name === "shortBodies")!;
  assert.doesNotMatch(printFunc(new Translator(world).translate(method, 1)), /call/);
});

/** Every n-th class of java.base. */
const STEP = process.env["TRANSLATE_ALL"] === undefined ? 20 : 1;

for (const resolved of [true, false]) {
  test(`methods of java.base translate to sound IR, ${resolved ? "linked" : "not linked"}`, (t) => {
    const world = new FakeWorld({ find, resolved });
    const translator = new Translator(world);
    const names = image.resourcesOf("java.base").filter((name) => /(?<!module-info)\.class$/.test(name));
    let count = 0;
    let milliseconds = 0;
    for (const [i, name] of names.entries()) {
      if (i % STEP !== 0) continue;
      const holder = world.load(name.replace(/^\/java\.base\//, "").replace(/\.class$/, ""));
      for (const method of holder?.methods ?? []) {
        if (method.info?.code === undefined) continue;
        const start = performance.now();
        const func = translator.translate(method, 1);
        milliseconds += performance.now() - start;
        count += 1;
        assert.deepEqual(findings(func).map(printFinding), [], func.name);
      }
    }
    assert.ok(count > 1000);
    t.diagnostic(`${count} methods, ${Math.round((count / milliseconds) * 1000)} per second`);
  });
}
