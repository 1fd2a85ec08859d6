/** Heap dumps: sound by an independent reader, and with the same things in them as those of `java` for the same program. */
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
import { type DumpedClass, HeapDump, type Instance, type Value } from "./hprof.ts";

const folder = path.join(root, "build/test-heap-dump");
const OWN = ["HeapDumps", "HeapDumps$Base", "HeapDumps$Shape", "HeapDumps$Colour"];
/** A reference that is not null. */
const SOMETHING = "something";

function shape(values: Iterable<readonly [string, Value, number]>): Record<string, unknown> {
  return Object.fromEntries(
    [...values]
      .filter(([name]) => !name.startsWith("<")) // HotSpot's own
      .map(([name, value, type]): [string, unknown] => [name, type === 2 && value !== 0 ? SOMETHING : value])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

describe("heap dumps", () => {
  let jdk: Jdk;
  let program: Program;
  const dumpOf = async (name: string, command: readonly string[]): Promise<HeapDump> => {
    const cwd = path.join(folder, name);
    fs.mkdirSync(cwd, { recursive: true });
    const outcome = await run([...command, ...commandLine(program)], { cwd, timeout: 60 });
    assert.deepEqual([outcome.stderr, outcome.exit], ["", 0]);
    return new HeapDump(fs.readFileSync(path.join(cwd, "dump.hprof")));
  };
  before(async () => {
    jdk = findJdk();
    const [found] = findPrograms("^HeapDumps$", import.meta.dirname);
    assert.ok(found);
    program = found;
    await compile(jdk, [program]);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it("hold the same as java's", async () => {
    const [ours, theirs] = await Promise.all([
      dumpOf("j3", j3Command()),
      dumpOf("java", [path.join(jdk.home, "bin/java")]),
    ]);
    ours.check();
    for (const name of OWN) {
      const [mine, other] = [ours.classNamed(name), theirs.classNamed(name)];
      assert.equal(ours.className(mine.superclass), theirs.className(other.superclass));
      const statics = (cls: DumpedClass) => shape(cls.statics.map((each) => [each.name, each.value, each.type]));
      assert.deepEqual(statics(mine), statics(other), name);
      const fields = (cls: DumpedClass) => cls.fields.map((field) => `${field.name}:${field.type}`).sort();
      assert.deepEqual(fields(mine), fields(other), name);
      const instances = (dump: HeapDump) =>
        dump
          .instancesOf(name)
          .map((each) => shapeOf(dump, each))
          .sort();
      assert.deepEqual(instances(ours), instances(theirs), name);
    }
    // Arrays: what they hold, the large one too.
    const elements = (dump: HeapDump, name: string) => {
      const id = dump.classNamed("HeapDumps").statics.find((each) => each.name === name)?.value as number;
      const array = dump.arrays.get(id);
      assert.ok(array, name);
      return [array.type, array.length, Buffer.from(array.bytes).toString("base64")];
    };
    for (const name of ["longs", "large"]) assert.deepEqual(elements(ours, name), elements(theirs, name));
    // Threads, their names and where they stand.
    const stacks = (dump: HeapDump) =>
      dump.roots
        .filter(
          ({ kind, object }) => kind === 8 && dump.className(dump.instances.get(object)!.cls) === "java/lang/Thread",
        )
        .map(({ object, thread }) => {
          const name = dump.text(dump.valuesOf(dump.instances.get(object)!).get("name") as number);
          const trace = [...dump.traces.values()].find((each) => each.thread === thread);
          assert.ok(trace, name);
          return [name, ...trace.frames.map((frame) => Object.values(frame).join(" "))]
            .join("\n")
            .replace(/\+0x[0-9a-f]+/g, "+HIDDEN");
        })
        .filter((text) => /^(main|the waiting one)\n/.test(text))
        .sort();
    assert.equal(stacks(ours).length, 2);
    assert.deepEqual(stacks(ours), stacks(theirs));
    // What the library itself made is much the same: as many strings as there are, give or take.
    const count = (dump: HeapDump, name: string): number => dump.instancesOf(name).length;
    for (const name of ["java/lang/module/ModuleDescriptor$Exports", "java/lang/Integer", "java/lang/ThreadGroup"]) {
      const [mine, other] = [count(ours, name), count(theirs, name)];
      assert.ok(mine > other * 0.8 && mine < other * 1.25, `${name}: ${mine}, ${other}`);
    }
  });

  it("are written when memory runs out, before the VM ends with exit code 3 if it is to", async () => {
    const cwd = path.join(folder, "exit");
    fs.mkdirSync(cwd, { recursive: true });
    const flags = ["HeapDumpOnOutOfMemoryError", "ExitOnOutOfMemoryError"].map((name) => `-XX:+${name}`);
    const options = ["--gc=genimmix", "-Xmx24m", ...flags, "-XX:HeapDumpPath=oom.hprof"];
    const command = [...j3Command(), ...options, ...commandLine(program), "exhaust"];
    const outcome = await run(command, { cwd, timeout: 60 });
    assert.deepEqual([outcome.stderr, outcome.exit], ["", 3]);
    assert.match(
      outcome.stdout,
      /^java\.lang\.OutOfMemoryError: Java heap space\nDumping heap to oom\.hprof \.\.\.\nHeap dump file created \[\d+ bytes in \d+\.\d{3} secs\]\nTerminating due to java\.lang\.OutOfMemoryError: Java heap space\n$/m,
    );
    const dump = new HeapDump(fs.readFileSync(path.join(cwd, "oom.hprof")));
    dump.check();
    const hungry = [...dump.arrays.values()].filter(({ type, length }) => type === 11 && length === 100_000);
    assert.ok(hungry.length >= 10, `${hungry.length}`);
  });

  it("are written once, and the program goes on", async () => {
    const cwd = path.join(folder, "once");
    fs.mkdirSync(cwd, { recursive: true });
    const options = ["-Xmx24m", "-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=/nonexistent/oom.hprof"];
    const command = [...j3Command(), ...options, ...commandLine(program), "exhaust"];
    const outcome = await run(command, { cwd, timeout: 60 });
    assert.deepEqual([outcome.stderr, outcome.exit], ["", 0]);
    assert.match(
      outcome.stdout,
      /^java\.lang\.OutOfMemoryError: Java heap space\nDumping heap to \/nonexistent\/oom\.hprof \.\.\.\nUnable to create \/nonexistent\/oom\.hprof: No such file or directory\ncaught Java heap space\ncaught Java heap space\n$/m,
    );
  });
});

function shapeOf(dump: HeapDump, instance: Instance): string {
  const values = [...dump.valuesOf(instance)].map(([name, value]): [string, Value, number] => {
    const isReference = typeof value === "number" && dump.instances.has(value);
    return [name, value, isReference || dump.arrays.has(value as number) ? 2 : 0];
  });
  return JSON.stringify(shape(values), (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
