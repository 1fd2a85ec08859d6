/** The VM thread of a J3. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { Heap } from "#heap";
import { Memory } from "#memory";
import { Switches } from "#support";
import { Mutator } from "#threads";
import { makeThread, startThread, type WorkerData } from "#vm";
import { readJavaHome } from "./classpath/index.ts";
import type { GuestStart } from "./run-options.ts";
import { loadFirstClasses } from "./vm/boot.ts";
import { J3 } from "./vm/j3.ts";

const { memory, heapModule, guest } = workerData as WorkerData<GuestStart>;
const mem = new Memory(memory);
const heap = new Heap(memory, heapModule);
const mutator = new Mutator(mem, 0);
mutator.leaveSafe();
const home = readJavaHome(guest.javaHome);
if (home === undefined) throw new Error(`there is no Java 17 in ${guest.javaHome}`);
const j = new J3(
  mem,
  heap,
  mutator,
  guest.options,
  home,
  Switches.parse(guest.options.switches, (line) => writeSync(2, `${line}\n`)),
);
loadFirstClasses(j);
const main = makeThread(mem, heap, j.mainEntry(), guest.options.threadStack);
if (main === 0) throw new Error("there is no memory for the main thread's stack");
j.waiters.threadStarted(true);
j.code.start();
startThread(mem, main);
j.vm.run();
