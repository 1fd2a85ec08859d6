import assert from "node:assert/strict";
import { test } from "node:test";
import { TurnQueue } from "./turn-queue.ts";

/** So many turns among threads 1 to `young`, which stay young, and 1001 to 1000 + `others`; how many turns each had. */
function turns(young: number, others: number, count: number): Map<number, number> {
  const queue = new TurnQueue();
  for (let i = 1; i <= young; i++) queue.push(i, true);
  for (let i = 1; i <= others; i++) queue.push(1000 + i, false);
  const had = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const thread = queue.shift();
    had.set(thread, (had.get(thread) ?? 0) + 1);
    queue.push(thread, thread <= 1000);
  }
  assert.equal(queue.length, young + others);
  return had;
}

test("few young threads have every second turn", () => {
  const had = turns(1, 100, 200);
  assert.equal(had.get(1), 100);
  for (let i = 1; i <= 100; i++) assert.equal(had.get(1000 + i), 1);
});

test("when the young are many, all have as many turns", () => {
  const had = turns(90, 10, 1000);
  assert.equal(had.size, 100);
  for (const [thread, count] of had) assert.ok(count >= 9 && count <= 11, `${thread}: ${count}`);
});

test("first come, first served; nobody is lost", () => {
  const queue = new TurnQueue();
  for (const thread of [3, 1, 2]) queue.push(thread, true);
  for (const thread of [6, 5]) queue.push(thread, false);
  const order = Array.from({ length: 6 }, () => queue.shift());
  assert.deepEqual(
    order.filter((thread) => thread < 4),
    [3, 1, 2, 0],
  );
  assert.deepEqual(
    order.filter((thread) => thread > 4),
    [6, 5],
  );
  assert.equal(queue.length, 0);
});
