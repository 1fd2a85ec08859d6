/** Notices, on the host thread, that all threads of a machine wait for each other: nothing could ever wake them. */
import { CARRIER_BUSY, CONTROL_CARRIER_COUNT, CONTROL_EXIT, CONTROL_GUEST, CONTROL_LIVE_THREADS } from "#layout";
import type { Memory } from "#memory";
import { carrierRecord, newThreads } from "#threads";
import { WORD_SLEEPERS } from "./natives/words.ts";

const LOOK_MILLISECONDS = 100;

/**
 * Calls `found` once when there are threads, and none of them runs, could run, or sleeps for a time, at two looks in succession. Gives what
 * ends the looking. Who waits for an entry of the read-eval-print loop counts as
 * sleeping.
 */
export function watchForDeadlock(mem: Memory, found: () => void): () => void {
  let quiet = 0;
  const timer = setInterval(() => {
    quiet = isQuiet(mem) ? quiet + 1 : 0;
    if (quiet < 2) return;
    clearInterval(timer);
    found();
  }, LOOK_MILLISECONDS);
  timer.unref();
  return () => clearInterval(timer);
}

function isQuiet(mem: Memory): boolean {
  const shared = mem.atomicLoad(CONTROL_GUEST);
  if (shared === 0 || mem.atomicLoad(CONTROL_EXIT) !== 0 || mem.atomicLoad(CONTROL_LIVE_THREADS) === 0) return false;
  if (mem.atomicLoad(shared + 4 * WORD_SLEEPERS) !== 0 || newThreads(mem) > 0) return false;
  const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
  for (let number = 1; number < count; number++)
    if (mem.atomicLoad(carrierRecord(number) + CARRIER_BUSY) !== 0) return false;
  return true;
}
