/** Guest threads on carriers: who runs, who sleeps, and who is woken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.ts";

const module = new URL("./guest/scheduling.ts", import.meta.url);

test("two carriers run at the same time", async () => {
  const { code, words } = await run(module, "handshake", { args: [2000] });
  assert.equal(code, 0);
  assert.deepEqual([...words.subarray(0, 2)], [2000, 2000]);
});

test("a carrier more is made when a thread cannot begin", async () => {
  const { code, words } = await run(module, "handshake", { args: [20], carriers: 1, mostCarriers: 2 });
  assert.equal(code, 0);
  assert.deepEqual([...words.subarray(0, 2)], [20, 20]);
});

for (const carriers of [1, 2]) {
  const on = `on ${carriers} carrier${carriers === 1 ? "" : "s"}`;

  test(`threads that never park share their carrier, ${on}`, async () => {
    const { code, words } = await run(module, "ring", { args: [4, 10], carriers, timeSliceMilliseconds: 2 });
    assert.equal(code, 0);
    assert.deepEqual([...words.subarray(0, 4)], [10, 10, 10, 10]);
  });

  test(`code is compiled once and installed where it is called, ${on}`, async () => {
    const { code, words } = await run(module, "install", { args: [100, 4], carriers });
    assert.equal(code, 0);
    assert.equal(words[0], 400);
  });

  test(`two thousand threads wait at once, ${on}`, async () => {
    const { code, words } = await run(module, "crowd", { args: [2000], carriers });
    assert.equal(code, 0);
    assert.deepEqual([...words.subarray(0, 2)], [2000, 2000]);
  });

  test(`a token goes to and fro, ${on}`, async () => {
    const rounds = carriers === 1 ? 500_000 : 20_000;
    const { code, words } = await run(module, "pingPong", { args: [rounds], carriers });
    assert.equal(code, 0);
    assert.equal(words[1], 2 * rounds);
  });

  test(`no permit is lost, ${on}`, async () => {
    const { code, words } = await run(module, "permits", {
      args: [carriers === 1 ? 300 : 100_000],
      carriers,
      timeSliceMilliseconds: 1,
    });
    assert.equal(code, 0);
    assert.equal(words[1], words[0]);
  });

  test(`permits and time-outs at the same moment, ${on}`, async () => {
    const { code, words } = await run(module, "permits", {
      args: [carriers === 1 ? 300 : 5_000, 0.02],
      carriers,
      timeSliceMilliseconds: 1,
    });
    assert.equal(code, 0);
    assert.equal(words[1], words[0]);
  });

  test(`threads make threads, ${on}`, async () => {
    const { code, words } = await run(module, "family", { args: [8], carriers });
    assert.equal(code, 0);
    assert.equal(words[0], 511);
  });

  test(`nobody wakes before the time, ${on}`, async () => {
    const { code, words } = await run(module, "sleepers", { args: [120, 40, 80, 0, 1], carriers });
    assert.equal(code, 0);
    assert.equal(words[0], 5);
    assert.equal(words[1], 0);
  });
}

test("an urgent thread gets several times the share of another one", async () => {
  const share = async (urgent: number): Promise<number> => {
    const { code, words } = await run(module, "urgency", {
      args: [30, urgent, 1500],
      carriers: 1,
      timeSliceMilliseconds: 1,
    });
    assert.equal(code, 0);
    return words[0]! / (words[0]! + words[1]!);
  };
  const [most, one] = [await share(1), await share(0)];
  // Ten slices of eleven, or of forty while the others are young; and one of thirty-one.
  assert.ok(most > 3 * one, `${most} and ${one}`);
});

test("recursion without a loop is preempted", async () => {
  const { code } = await run(module, "recursion", { carriers: 1 });
  assert.equal(code, 0);
});

test("a thread that gave way keeps its permit", async () => {
  const { code, words } = await run(module, "permitKept", { args: [100], carriers: 1, timeSliceMilliseconds: 1 });
  assert.equal(code, 0);
  assert.equal(words[1], 100);
});

test("records and stacks of ended threads are used again", async () => {
  // Without that, 5,000 stacks of a megabyte would be five times what there is.
  const { code, words } = await run(module, "generations", { args: [5000], stackBytes: 1 << 20 });
  assert.equal(code, 0);
  assert.equal(words[0], 5000);
});

test("ten thousand threads wait at once, and a collection among them is short", async () => {
  const { code, words } = await run(module, "crowd", { args: [10_000], stackBytes: 1 << 16, fixedBytes: 1 << 30 });
  assert.equal(code, 0);
  assert.deepEqual([...words.subarray(0, 2)], [10_000, 10_000]);
  // 3 ms on an idle machine.
  assert.ok(words[2]! < 300_000, `${words[2]} µs`);
});
