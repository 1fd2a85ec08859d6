/** Tracers and hooks that a guest states once are those of every Worker: the VM thread and the carriers. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CONTROL_GUEST } from "#layout";
import { Switches } from "#support";
import { VirtualMachine } from "#vm";
import type { Collected } from "./collecting-guest.ts";

interface Outcome {
  readonly collected: Collected[];
  readonly seen: number[][];
  readonly leaf: number;
}

async function run(stress?: string, log?: string, plan = "semispace"): Promise<Outcome> {
  const said: unknown[] = [];
  const vm = VirtualMachine.start<null>({
    guest: new URL("./collecting-guest.ts", import.meta.url),
    data: null,
    maxHeapBytes: 1 << 20,
    triggerBytes: 1 << 16,
    plan,
    switches: Switches.parse({ VM_CHECK: "1", VM_STRESS: stress, VM_LOG: log }),
    message: (each) => said.push(each),
  });
  assert.equal(await vm.exited(), 0);
  return {
    collected: said.filter((each): each is Collected => !Array.isArray(each)).sort((a, b) => a.number - b.number),
    seen: said.filter((each): each is number[] => Array.isArray(each)),
    leaf: vm.mem.word(CONTROL_GUEST),
  };
}

test("the VM thread's and a carrier's collections call hooks and tracers", { timeout: 60_000 }, async () => {
  const { collected, seen, leaf } = await run();
  assert.deepEqual(
    collected.map(({ number }) => number),
    collected.map((_, i) => i + 1),
  );
  const mine = collected.slice(0, -1);
  assert.ok(mine.length >= 1);
  for (const { worker, why, isSmaller } of mine) assert.deepEqual([worker, why, isSmaller], [0, "allocation", true]);
  const last = collected.at(-1);
  assert.ok(last !== undefined && last.worker >= 1);
  assert.equal(last.why, "forced");
  // Box and leaf have moved, and the leaf that only the tracer leads to is what it was.
  const [first, second] = seen as [number[], number[]];
  assert.equal(seen.length, 2);
  assert.notEqual(first[0], second[0]);
  assert.notEqual(first[1], second[1]);
  assert.deepEqual(
    [first.slice(2), second.slice(2)],
    [
      [leaf, 77],
      [leaf, 77],
    ],
  );
});

test("the same with a collection at every 500th allocation", { timeout: 60_000 }, async () => {
  const { collected, seen, leaf } = await run("gc:500");
  assert.ok(collected.length >= 20_000 / 500);
  assert.deepEqual(
    seen.map((each) => each.slice(2)),
    [
      [leaf, 77],
      [leaf, 77],
    ],
  );
});

test("at every poll and function entry the carrier that comes to it collects", { timeout: 60_000 }, async () => {
  const { collected } = await run("poll:1");
  const { length } = await run().then((plain) => plain.collected);
  const forced = collected.filter(({ why }) => why === "forced");
  assert.ok(collected.length > length && forced.length > 1 && forced.every(({ worker }) => worker >= 1));
});

test("VM_LOG tells of each collection, and of the time to stop the world", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "vmkit-log-"));
  try {
    for (const plan of ["semispace", "stickyms"]) {
      const file = join(folder, plan);
      const { collected } = await run(undefined, `gc*,safepoint:file=${file}:tags`, plan);
      const lines = readFileSync(file, "utf8").trimEnd().split("\n");
      const all = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
      assert.match(lines[0] ?? "", new RegExp(`^\\[gc\\] Using ${plan}$`));
      const pause =
        /^\[gc *\] GC\(\d+\) Pause (Full|Young) \((Allocation Failure|Forced)\) \d+M->\d+M\(\d+M\) [\d.]+ms$/;
      for (const pattern of [
        pause,
        /^\[gc,start *\] GC/,
        /^\[gc,heap *\] GC\(\d+\) Small: /,
        /^\[gc,cpu *\] GC/,
        /^\[safepoint *\] /,
      ])
        assert.equal(all(pattern), collected.length, `${pattern}\n${lines.join("\n")}`);
      assert.equal(all(/\(Forced\) .*ms$/), 1);
      assert.equal(all(/^\[gc,heap,exit\] Heap$/), 1);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a VM_LOG that is wrong is refused", async () => {
  await assert.rejects(
    run(undefined, "gc=loud"),
    /VM_LOG: expected what to log, found Invalid level 'loud' in log selection\./,
  );
});
