/** A carrier of the test guest. */
import { workerData } from "node:worker_threads";
import { Heap } from "#heap";
import { CONTROL_GUEST, THREAD_ENTRY, THREAD_FLAGS, THREAD_GUEST } from "#layout";
import { Memory } from "#memory";
import { Carrier, exitVm, FLAG_INTERRUPTED, frames, GuestFailure, Monitors, unpark } from "#threads";
import { forgetThread, makeThread, startThread, type WorkerData } from "#vm";
import { EXIT_UNCAUGHT, type GuestStart, PAIR_LOCK, WORD_LIVE, WORD_UNCAUGHT } from "./protocol.ts";

const { memory, heapModule, number, guest } = workerData as WorkerData<GuestStart>;
const mem = new Memory(memory);
const heap = new Heap(memory, heapModule);
const word = (index: number): number => mem.word(CONTROL_GUEST) + 4 * index;
const WAIT_RESULTS = ["notified", "timeout", "interrupted", "not owner"];

const carrier: Carrier = new Carrier(mem, heap, {
  number,
  functions: (self) => {
    const monitors = new Monitors(self, PAIR_LOCK);
    return {
      pure: {},
      direct: {
        "g.collect": () => {
          self.collect(false, false);
        },
        "g.exit": (_sp: number, status: number) => {
          exitVm(mem, status);
        },
        "g.fail": (_sp: number, code: number) => {
          throw new GuestFailure(String(code));
        },
        "g.now": () => performance.now(),
        "g.three": (_sp: number, a: number, b: number, c: number) => a + b + c,
        "g.bug": () => {
          throw new Error("a bug in a host function");
        },
        "g.done": () => {
          if (mem.atomicAdd(word(WORD_LIVE), -1) === 1) exitVm(mem, 0);
        },
        "g.uncaught": (_sp: number, code: number) => {
          mem.setWord(word(WORD_UNCAUGHT), code + 1000);
          exitVm(mem, EXIT_UNCAUGHT);
        },
        "g.busy": (_sp: number, milliseconds: number) => {
          const end = performance.now() + milliseconds;
          while (performance.now() < end);
        },
        "g.unpark": (_sp: number, thread: number) => unpark(mem, thread >>> 0),
        "g.interrupt": (_sp: number, thread: number) => {
          mem.atomicOr((thread >>> 0) + THREAD_FLAGS, FLAG_INTERRUPTED);
          unpark(mem, thread >>> 0);
        },
        "g.start": (_sp: number, slot: number, arg: number) => {
          const me = self.thread;
          const made = makeThread(mem, heap, mem.word(me + THREAD_ENTRY), guest.stackBytes);
          if (made === 0) throw new GuestFailure("5");
          mem.setWord(made + THREAD_GUEST, arg);
          mem.setWord(made + THREAD_GUEST + 4, slot);
          mem.atomicAdd(word(WORD_LIVE), 1);
          startThread(mem, made);
          return made;
        },
        "g.exitMonitor": (_sp: number, object: number) => (monitors.exit(object >>> 0) ? 1 : 0),
        "g.wake": (_sp: number, object: number) => monitors.wake(object >>> 0),
        "g.notify": (_sp: number, object: number, all: number) => (monitors.notify(object >>> 0, all !== 0) ? 1 : 0),
        // Writes the id and position of each call on the stack.
        "g.walk": (sp: number, to: number) => {
          let at = to >>> 2;
          for (const frame = frames(mem, sp); frame.next(); at += 2) mem.i32.set([frame.functionId, frame.pos], at);
        },
        "g.hash": (_sp: number, object: number) => monitors.identityHash(object >>> 0),
      },
      suspending: {
        "g.park": (sp: number, milliseconds: number) => self.scheduler.park(sp, milliseconds),
        "g.yield": (sp: number) => self.scheduler.yield(sp, true),
        "g.failLater": async (sp: number, code: number) => {
          await self.scheduler.park(sp, 1);
          throw new GuestFailure(String(code));
        },
        "g.bugLater": async (sp: number) => {
          await self.scheduler.park(sp, 1);
          throw new Error("a bug in a host function");
        },
        "g.enter": (sp: number, object: number) => monitors.enter(sp, object >>> 0),
        "g.wait": (sp: number, object: number, milliseconds: number) => {
          const result = monitors.wait(sp, object >>> 0, milliseconds);
          if (typeof result === "string") return WAIT_RESULTS.indexOf(result);
          return result.then((each) => WAIT_RESULTS.indexOf(each));
        },
      },
    };
  },
  afterCollection: () => {},
  fatal: () => {},
  threadEnded: (thread) => forgetThread(mem, heap, thread),
});
await carrier.run();
