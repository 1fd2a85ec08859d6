/** A carrier of any guest. */
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { Heap } from "#heap";
import { Memory } from "#memory";
import { Switches } from "#support";
import { Carrier } from "#threads";
import { type CarrierPart, type GuestStart, loadGuest } from "./guest.ts";
import { GuestCarrier } from "./guest-carrier.ts";
import type { WorkerData } from "./machine.ts";
import { connectLog } from "./worker-log.ts";

const { memory, heapModule, number, guest: start } = workerData as WorkerData<GuestStart>;
const guest = await loadGuest(start.module);
const mem = new Memory(memory);
const switches = Switches.parse(start.switches, (line) => writeSync(2, `${line}\n`));
const post = (data: unknown): void => parentPort?.postMessage(data);
const heap = new Heap(memory, heapModule);
guest.prepareHeap?.({ heap, number, data: start.data, post });
let part: CarrierPart = {};
let mine: GuestCarrier<unknown> | undefined;

const carrier = new Carrier(mem, heap, {
  number,
  functions: (self) => {
    mine = new GuestCarrier(self, number, start.data, switches, post);
    part = guest.carrier(mine);
    const kit = mine.functions();
    return {
      pure: { ...kit.pure, ...part.pure },
      direct: { ...kit.direct, ...part.direct },
      suspending: { ...kit.suspending, ...part.suspending },
    };
  },
  afterCollection: () => part.afterCollection?.(),
  asked: (sp) => part.asked?.(sp),
  fatal: (error) => {
    throw error;
  },
  threadEnded: (thread) => mine?.threadEnded(thread),
});
connectLog(start.log, number, heap, carrier.mutator);
await carrier.run();
