/**
 * Where the records of monitors come from, and how they go: each carrier makes them in chunks, which are blocks of weak roots at the same
 * time, so that a collection says of each monitor where its object is, or that it is dead.
 *
 *   chunk   [next block of roots] [number of words] [object of record 0] [object of record 1] … [next chunk] [record 0] [record 1] …
 *
 * After each collection, with the world still stopped, a monitor that nobody owns, wants or waits in is taken away from its object, which gets
 * its neutral word back: monitors deflate. No thread is between reading a lock word and using the monitor then, as there is no safepoint
 * between the two; who holds a monitor's address while it is parked is counted in its pins. Chunks are never given back: their number is what was
 * needed between two collections.
 */
import type { Heap } from "#heap";
import {
  CARRIER_FREE_MONITORS,
  CARRIER_LOCK_OFFSET,
  CARRIER_MONITORS,
  CONTROL_CARRIER_COUNT,
  CONTROL_WEAK_ROOTS,
  ROOTS_NEXT,
  ROOTS_USED,
  ROOTS_WORDS,
} from "#layout";
import type { Memory } from "#memory";
import { carrierRecord } from "./mutator.ts";

/**
 * Monitor record: thread id of the owner or 0, recursions, neutral word it replaced, spin lock, queues (first and last thread), the number of
 * threads that hold the monitor's address while they are parked, the address of the word that holds its object, and whether it is in use. A
 * free record's first word links it to the next one.
 */
export const MONITOR_OWNER = 0;
export const MONITOR_COUNT = 4;
export const MONITOR_DISPLACED = 8;
export const MONITOR_GUARD = 12;
export const MONITOR_ENTRY = 16;
export const MONITOR_WAIT = 24;
export const MONITOR_PINS = 32;
const MONITOR_OBJECT = 36;
const MONITOR_USED = 40;
const MONITOR_BYTES = 48;

const CHUNK_RECORDS = 63;
const CHUNK_NEXT = ROOTS_WORDS + 4 * CHUNK_RECORDS;
const CHUNK_FIRST = CHUNK_NEXT + 4;
const CHUNK_BYTES = CHUNK_FIRST + MONITOR_BYTES * CHUNK_RECORDS;

/** A record that nobody uses, all zero but for its own words. On the carrier, RUNNING. */
export function takeMonitor(heap: Heap, carrier: number): number {
  if (heap.word(carrier + CARRIER_FREE_MONITORS) === 0) makeChunk(heap, carrier);
  const monitor = heap.word(carrier + CARRIER_FREE_MONITORS);
  heap.setWord(carrier + CARRIER_FREE_MONITORS, heap.word(monitor + MONITOR_OWNER));
  heap.setWord(monitor + MONITOR_OWNER, 0);
  return monitor;
}

/** The record is the object's from now on. No safepoint may lie between storing its address in the object and this. */
export function bindMonitor(mem: Memory, monitor: number, object: number): void {
  mem.setWord(mem.word(monitor + MONITOR_OBJECT), object);
  mem.setWord(monitor + MONITOR_USED, 1);
}

/** Takes a record back that was not bound, or that nobody uses any more. */
export function giveMonitor(mem: Memory, carrier: number, monitor: number): void {
  mem.setWord(mem.word(monitor + MONITOR_OBJECT), 0);
  mem.setWord(monitor + MONITOR_USED, 0);
  mem.setWord(monitor + MONITOR_OWNER, mem.word(carrier + CARRIER_FREE_MONITORS));
  mem.setWord(carrier + CARRIER_FREE_MONITORS, monitor);
}

function makeChunk(heap: Heap, carrier: number): void {
  const chunk = heap.malloc(CHUNK_BYTES);
  for (let index = CHUNK_RECORDS - 1; index >= 0; index--) {
    const monitor = chunk + CHUNK_FIRST + MONITOR_BYTES * index;
    heap.setWord(monitor + MONITOR_OBJECT, chunk + ROOTS_WORDS + 4 * index);
    giveMonitor(heap, carrier, monitor);
  }
  heap.setWord(chunk + CHUNK_NEXT, heap.word(carrier + CARRIER_MONITORS));
  heap.setWord(carrier + CARRIER_MONITORS, chunk);
  heap.setWord(chunk + ROOTS_USED, CHUNK_RECORDS);
  for (;;) {
    const first = heap.atomicLoad(CONTROL_WEAK_ROOTS);
    heap.setWord(chunk + ROOTS_NEXT, first);
    if (heap.atomicCas(CONTROL_WEAK_ROOTS, first, chunk) === first) return;
  }
}

/** After a collection, with the world stopped: takes back the monitors of dead objects, and those that nobody uses. */
export function deflateMonitors(mem: Memory): void {
  const carriers = mem.atomicLoad(CONTROL_CARRIER_COUNT);
  for (let number = 1; number < carriers; number++) {
    const carrier = carrierRecord(number);
    const lock = mem.word(carrier + CARRIER_LOCK_OFFSET);
    for (let chunk = mem.word(carrier + CARRIER_MONITORS); chunk !== 0; chunk = mem.word(chunk + CHUNK_NEXT)) {
      const end = chunk + CHUNK_BYTES;
      for (let monitor = chunk + CHUNK_FIRST; monitor < end; monitor += MONITOR_BYTES) {
        if (mem.word(monitor + MONITOR_USED) === 0 || mem.word(monitor + MONITOR_PINS) !== 0) continue;
        const object = mem.word(mem.word(monitor + MONITOR_OBJECT));
        if (object !== 0) {
          if (mem.word(monitor + MONITOR_OWNER) !== 0) continue;
          mem.atomicStore(object + lock, mem.word(monitor + MONITOR_DISPLACED));
        }
        giveMonitor(mem, carrier, monitor);
      }
    }
  }
}
