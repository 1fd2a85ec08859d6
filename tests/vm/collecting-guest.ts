/** A guest whose objects have a tracer, and whose VM thread and carriers collect in turns. */
import { defineType, type FinishedCollection } from "#heap";
import { CONTROL_GUEST } from "#layout";
import { type Guest, GuestVm, hostFunction, KIT } from "#vm";

export interface Collected extends Pick<FinishedCollection, "number" | "why"> {
  /** The Worker that ran it. */
  readonly worker: number;
  readonly isSmaller: boolean;
}

const TRACER = 3;
/** A box: the address of a word in non-moving memory that refers to a leaf. */
const BOX_OUTSIDE = 4;
const LEAF_NUMBER = 4;
const BYTES = 8;
/** More than is in use before the first collection. */
const MANY = 20_000;

const fill = hostFunction("test.fill", "(r)v");
const look = hostFunction("test.look", "(r)v");

export const guest: Guest<null> = {
  prepareHeap({ heap, number: worker, post }) {
    heap.addTracer(TRACER, (traced, box, visit) => visit(traced.word(box + BOX_OUTSIDE)));
    heap.hooks = {
      after: ({ number, why, usedBefore, usedAfter }) =>
        post({ number, why, worker, isSmaller: usedAfter < usedBefore } satisfies Collected),
    };
  },
  vmThread(start) {
    const { heap } = start;
    const box = defineType(heap, { kind: "custom", name: "box", size: BYTES, tracer: TRACER });
    const leaf = defineType(heap, { kind: "fixed", name: "leaf", size: BYTES, refs: [] });
    heap.setWord(CONTROL_GUEST, leaf);
    const vm: GuestVm<null> = new GuestVm(start, { exception: () => vm.allocate(leaf, BYTES), trap: (kind) => kind });
    const litter = vm.service(() => {
      for (let i = 0; i < MANY; i++) vm.allocate(leaf, BYTES);
      return undefined;
    });
    const main = vm.define("main", "()v", (b) => {
      const outside = heap.malloc(4);
      const object = vm.newObject(b, box, BYTES);
      b.store(object, BOX_OUTSIDE, b.addr(outside));
      vm.callHost(b, fill, [object]);
      vm.callService(b, litter);
      vm.callHost(b, look, [object]);
      vm.callHost(b, KIT.collect, []);
      vm.callHost(b, look, [object]);
      b.ret();
    });
    vm.startThread(main);
    return vm;
  },
  carrier(c) {
    const { mem, handles } = c;
    return {
      direct: {
        "test.fill": (sp: number, ref: number) => {
          const mark = handles.mark();
          const box = handles.push(ref);
          const leaf = c.allocate(sp, mem.word(CONTROL_GUEST), BYTES);
          mem.setWord(leaf + LEAF_NUMBER, 77);
          mem.setWord(mem.word(handles.get(box) + BOX_OUTSIDE), leaf);
          handles.release(mark);
        },
        "test.look": (_sp: number, ref: number) => {
          const leaf = mem.word(mem.word(ref + BOX_OUTSIDE));
          c.post([ref, leaf, mem.word(leaf), mem.word(leaf + LEAF_NUMBER)]);
        },
      },
    };
  },
};
