/** What a thread dump knows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WAITS_ENTER, WAITS_NOTHING, WAITS_NOTIFY } from "#threads";
import { run } from "./run.ts";

const module = new URL("./guest/dump.ts", import.meta.url);

for (const carriers of [1, 2]) {
  test(`all that threads wait for, and a deadlock, carriers: ${carriers}`, async () => {
    const { code, words } = await run(module, "everyWait", { carriers, timeSliceMilliseconds: 2 });
    assert.equal(code, 0);
    // Threads, circles, the threads of the first one, live, started.
    assert.deepEqual([...words.subarray(0, 6)], [6, 1, 0, 1, 6, 6]);
    // Waits for, owner, locks held, the call of the innermost one.
    const facts = Array.from({ length: 6 }, (_, i) => [...words.subarray(8 + 4 * i, 12 + 4 * i)]);
    assert.deepEqual(facts[0], [WAITS_ENTER, 1, 1, 1]);
    assert.deepEqual(facts[1], [WAITS_ENTER, 0, 1, 1]);
    assert.deepEqual(facts[2], [WAITS_NOTIFY, -1, 1, 1]);
    assert.deepEqual(facts[3], [WAITS_ENTER, 4, 0, -1]);
    assert.deepEqual(facts[4], [WAITS_NOTHING, -1, 1, 0]);
    assert.deepEqual(facts[5], [WAITS_NOTHING, -1, 0, -1]);
  });
}
