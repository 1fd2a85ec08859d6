/** The VM thread of the test guest: sets the scenario up and serves. */
import { workerData } from "node:worker_threads";
import { Heap } from "#heap";
import { Memory } from "#memory";
import { Mutator } from "#threads";
import type { WorkerData } from "#vm";
import type { GuestStart } from "./protocol.ts";
import { type Scenario, TestVm } from "./vm.ts";

const { memory, heapModule, guest } = workerData as WorkerData<GuestStart>;
const mem = new Memory(memory);
const heap = new Heap(memory, heapModule);
const mutator = new Mutator(mem, 0);
mutator.leaveSafe();
const scenarios = (await import(guest.module)) as Readonly<Record<string, Scenario>>;
const scenario = scenarios[guest.scenario];
if (scenario === undefined) throw new Error(`${guest.module} has no scenario ${guest.scenario}`);
const vm = new TestVm(mem, heap, mutator, guest.stackBytes, guest.interprets);
vm.code.start();
scenario(vm, guest.args);
vm.vm.run();
