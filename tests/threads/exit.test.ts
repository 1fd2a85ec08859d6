/**
 * How a VM ends: with its exit code, whatever its threads do, and without leaving anything behind. EXITS=1000: so many for each way; a few
 * otherwise.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PLANS } from "#heap";
import { CONTROL_GUEST } from "#layout";
import { exitVm } from "#threads";
import { ENDERS } from "./guest/exit.ts";
import { EXIT_UNCAUGHT, WORD_FREE } from "./guest/protocol.ts";
import { run } from "./run.ts";

const module = new URL("./guest/exit.ts", import.meta.url);

/** So many VMs at once, so many times. */
const AT_ONCE = 4;
const BATCHES = Math.ceil(Number(process.env["EXITS"] ?? 4) / AT_ONCE);
/** The exit code, by who ends it. */
const CODES: Readonly<Record<(typeof ENDERS)[number], number>> = {
  "a thread": 42,
  "a service": 42,
  "the host": 42,
  "an exception": EXIT_UNCAUGHT,
  "the end of all threads": 0,
};
/** Collectors take turns. */
const PLAN_NAMES = PLANS.filter((plan) => plan.collects).map((plan) => plan.name);

for (const [ender, name] of ENDERS.entries()) {
  test(`${name} ends the VM while others do everything, ${AT_ONCE * BATCHES} times`, async () => {
    for (let batch = 0; batch < BATCHES; batch++) {
      const runs = Array.from({ length: AT_ONCE }, async (_, i) => {
        const microseconds = Math.floor(Math.random() * 5000);
        const { code } = await run(module, "everything", {
          args: [ender, microseconds, 1 + (i % 3)],
          carriers: 1 + (batch % 2),
          timeSliceMilliseconds: 1,
          patience: 60_000,
          plan: PLAN_NAMES[(batch * AT_ONCE + i) % PLAN_NAMES.length]!,
          // Half of them verify the heap around every collection.
          check: i % 2 === 0,
          ...(ENDERS[ender] !== "the host"
            ? {}
            : {
                started: (machine) => {
                  const timer = setInterval(() => {
                    if (machine.mem.word(machine.mem.word(CONTROL_GUEST) + 4 * WORD_FREE) === 0) return;
                    clearInterval(timer);
                    exitVm(machine.mem, 42);
                  }, 1);
                },
              }),
        });
        assert.equal(code, CODES[name]);
      });
      await Promise.all(runs);
    }
  });
}

test("the first exit counts, and its code has 8 bits", async () => {
  const { code } = await run(module, "race");
  assert.ok(code === 44 || code === 45, `${code}`);
});

test("a VM can exit before any guest thread has run", async () => {
  const { code } = await run(module, "race", { started: (machine) => exitVm(machine.mem, 7) });
  assert.equal(code, 7);
});
