/** How a VM ends: one word says so, and everything that sleeps or runs is made to look at it. */
import { CARRIER_MAILBOX, CONTROL_CARRIER_COUNT, CONTROL_DOORBELL, CONTROL_EXIT, POLL_EXIT } from "#layout";
import type { Memory } from "#memory";
import { carrierRecord, requestPoll } from "./mutator.ts";

/**
 * Ends the VM with an exit code of 8 bits. May be called by any Worker; the first call counts. Guest threads stop at their next poll or
 * park and never go on; what the caller itself does afterwards is still done. False: the VM was exiting already.
 */
export function exitVm(mem: Memory, status: number): boolean {
  if (mem.atomicCas(CONTROL_EXIT, 0, 0x100 | (status & 0xff)) !== 0) return false;
  mem.notify(CONTROL_EXIT);
  requestPoll(mem, POLL_EXIT);
  mem.atomicAdd(CONTROL_DOORBELL, 1);
  mem.notify(CONTROL_DOORBELL);
  const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
  for (let number = 1; number < count; number++) {
    const mailbox = carrierRecord(number) + CARRIER_MAILBOX;
    mem.atomicAdd(mailbox, 1);
    mem.notify(mailbox);
  }
  return true;
}
