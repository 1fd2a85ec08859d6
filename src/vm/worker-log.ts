/** The log on the VM's Workers. */
import type { Heap } from "#heap";
import { Log, logCollections, stopWriter } from "#log";
import type { Mutator } from "#threads";
import type { VmLog } from "./guest.ts";

/** Connects a Worker that may collect with the log. Undefined when there is none. */
export function connectLog(log: VmLog | undefined, number: number, heap: Heap, mutator: Mutator): Log | undefined {
  if (log === undefined) return undefined;
  const own = new Log(log.plan, number);
  logCollections(own, heap, log.collections);
  mutator.onResume = stopWriter(own);
  return own;
}
