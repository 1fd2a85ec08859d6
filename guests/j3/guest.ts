/** J3 as the Workers of src/vm see it. */
import { CONTROL_GUEST, CONTROL_PENDING } from "#layout";
import { Monitors, unpark } from "#threads";
import { type Guest, makeThread, startThread } from "#vm";
import { asked } from "./carrier/asked.ts";
import { CarrierContext } from "./carrier/context.ts";
import { readJavaHome } from "./classpath/index.ts";
import { OBJECT_LOCK } from "./model/record.ts";
import { bindCarrierNatives } from "./natives/bind.ts";
import { carrierNatives } from "./natives/carrier.ts";
import type { GuestStart } from "./run-options.ts";
import { recordCollections } from "./runtime/collection-record.ts";
import { WORD_NOTICE_WAITER, WORD_REFERENCE_WAITER } from "./runtime/words.ts";
import { loadFirstClasses } from "./vm/boot.ts";
import { J3 } from "./vm/j3.ts";

export const guest: Guest<GuestStart> = {
  prepareHeap({ heap, data }) {
    heap.hooks = recordCollections(heap, data.options.started);
  },
  vmThread({ mem, heap, mutator, data, switches, log }) {
    const home = readJavaHome(data.javaHome);
    if (home === undefined) throw new Error(`there is no Java 17 in ${data.javaHome}`);
    const j = new J3(mem, heap, mutator, data.options, home, switches, log);
    loadFirstClasses(j);
    const main = makeThread(mem, heap, j.mainEntry(), data.options.mainStack);
    if (main === 0) throw new Error("there is no memory for the main thread's stack");
    j.code.start();
    startThread(mem, main);
    return j.vm;
  },
  carrier({ carrier, mem, handles }) {
    const context = new CarrierContext(carrier, new Monitors(carrier, OBJECT_LOCK), handles);
    return {
      ...bindCarrierNatives(carrierNatives, context),
      asked: (sp) => asked(context, sp),
      afterCollection: () => {
        const teller = mem.atomicLoad(mem.word(CONTROL_GUEST) + WORD_NOTICE_WAITER);
        if (teller !== 0) unpark(mem, teller);
        if (mem.word(CONTROL_PENDING) === 0) return;
        const waiter = mem.atomicLoad(mem.word(CONTROL_GUEST) + WORD_REFERENCE_WAITER);
        if (waiter !== 0) unpark(mem, waiter);
      },
    };
  },
};
