/** ToyVM as a guest: what runs on the VM thread, on every Worker that may collect, and on the carriers. */
import type { Builder, TrapKind } from "#ir";
import { type Guest, GuestVm, type GuestWorker, KIT, type VmStart } from "#vm";
import { toyFunctions } from "./carrier.ts";
import { Compiler, repeat, TOY } from "./compiled.ts";
import { KERNEL, optimisedKernel } from "./kernel.ts";
import { tell } from "./messages.ts";
import { addTracers, defineTypes, FAILURE_BYTES, FAILURE_TEXT, type Types } from "./objects.ts";
import type { ToyData } from "./view.ts";

// [guest]
export const guest: Guest<ToyData> = {
  vmThread: startVM,
  prepareHeap(worker) {
    addTracers(worker.heap);
    if (worker.data.step >= 2) logCollections(worker);
  },
  carrier: toyFunctions,
};
// [/guest]

// [core]
const OUT_OF_MEMORY = "out of memory";

/** Makes the VM and starts its main thread. */
function startVM(start: VmStart<ToyData>): GuestVm<ToyData> {
  const { heap } = start;
  const types = defineTypes(heap);
  const makeFailure = (text: string): number => {
    const failure = vm.allocateImmortal(types.failure, FAILURE_BYTES);
    heap.setWord(failure + FAILURE_TEXT, heap.text(text));
    return failure;
  };
  const vm = new GuestVm(start, {
    exception: (text) => (text === OUT_OF_MEMORY ? outOfMemory : makeFailure(text)),
    trap: (kind: TrapKind) => (kind === "memory" ? OUT_OF_MEMORY : `trap ${kind}`),
    uncaught: (b, exception) => b.callhost(TOY.uncaught, [exception]),
  });
  const outOfMemory = makeFailure(OUT_OF_MEMORY); // now, as there is no room for it when it is wanted
  vm.startThread(vm.define("toy.main", "()v", mainFunction(vm, types)));
  return vm;
}
// [/core]

// [main]
/** What the main thread does, as compiled code: the function that emits it. */
function mainFunction(vm: GuestVm<ToyData>, types: Types): (b: Builder) => void {
  switch (vm.data.step) {
    case 1:
      return (b) => {
        vm.callHost(b, TOY.hello, []);
        b.ret();
      };
    case 2:
      return (b) => {
        vm.callHost(b, TOY.hello, []);
        repeat(b, b.i32(3), () => vm.callHost(b, KIT.collect, []));
        b.ret();
      };
    case 3:
      return (b) => {
        vm.callHost(b, TOY.draw, []);
        b.ret();
      };
    default: {
      const compiler = new Compiler(vm, types, defineKernel(vm));
      return (b) => (vm.data.step === 4 ? compiler.drawByPut(b) : compiler.drawAll(b));
    }
  }
}
// [/main]

// [hooks]
/** Says when a collection begins and ends, on whichever Worker runs it. */
function logCollections(worker: GuestWorker<ToyData>): void {
  const who = worker.number === 0 ? "the VM thread" : `carrier ${worker.number}`;
  const say = (text: string): void => tell(worker, { kind: "line", text });
  worker.heap.hooks = {
    before: (c) => say(`collection ${c.number} begins on ${who} (${c.why}): ${c.usedBefore} bytes in use`),
    after: (c) => say(`collection ${c.number} ends: ${c.usedAfter} bytes live, ${c.milliseconds.toFixed(2)} ms`),
  };
}
// [/hooks]

// [jit]
/** A slot for the kernel. Carriers compile nothing: whoever calls the slot first has the VM thread put the code there. */
function defineKernel(vm: GuestVm<ToyData>): number {
  const { func, before, after } = optimisedKernel(vm.switches);
  tell(vm, { kind: "line", text: `the kernel has ${before} instructions, ${after} after the passes` });
  return vm.code.allocate(KERNEL, 0, () => func);
}
// [/jit]
