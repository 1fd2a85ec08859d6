/** A carrier of a J3. */
import { workerData } from "node:worker_threads";
import { HandleStack, Heap } from "#heap";
import { CONTROL_GUEST, CONTROL_PENDING } from "#layout";
import { Memory } from "#memory";
import { Carrier, Monitors, unpark } from "#threads";
import { forgetThread, type WorkerData } from "#vm";
import { CarrierContext } from "./carrier/context.ts";
import { OBJECT_LOCK } from "./model/record.ts";
import { bindCarrierNatives } from "./natives/bind.ts";
import { carrierNatives } from "./natives/carrier.ts";
import type { GuestStart } from "./run-options.ts";
import { WORD_REFERENCE_WAITER } from "./runtime/words.ts";

const { memory, heapModule, number } = workerData as WorkerData<GuestStart>;
const mem = new Memory(memory);
const heap = new Heap(memory, heapModule);
const handles = new HandleStack(heap);
const carrier: Carrier = new Carrier(mem, heap, {
  number,
  functions: (self) => {
    const context = new CarrierContext(self, new Monitors(self, OBJECT_LOCK), handles);
    return bindCarrierNatives(carrierNatives, context);
  },
  afterCollection: () => {
    if (mem.word(CONTROL_PENDING) === 0) return;
    const waiter = mem.atomicLoad(mem.word(CONTROL_GUEST) + WORD_REFERENCE_WAITER);
    if (waiter !== 0) unpark(mem, waiter);
  },
  fatal: (error) => {
    throw error;
  },
  threadEnded: (thread) => forgetThread(mem, heap, thread),
});
await carrier.run();
