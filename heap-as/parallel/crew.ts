/**
 * The collectors: whoever runs a collection, number 0, and helpers, Workers that do nothing else. Helpers sleep between collections, and come when the bell
 * rings; nobody waits for them to come. A collection is a sequence of tasks; helpers are *at work* while they have a part of one.
 *
 *   asleep ──bell──▶ looks ──there is work──▶ at work ──none left──▶ looks ...            entering and leaving: under HEAP_GRAY_LOCK
 *
 * A task is over when number 0 has nothing to do, no packet is left and no helper is at work: all three seen under the lock. Only collectors at work make
 * work, so it stays over.
 */
import {
  COLLECTOR_BYTES,
  COLLECTOR_HELPED,
  COLLECTOR_STACK,
  CONTROL_EXIT,
  FACT_COLLECTORS,
  HEAP_ACTIVE,
  HEAP_ALONE,
  HEAP_BELL,
  HEAP_CLAIMS,
  HEAP_CLEAR_SOFT,
  HEAP_COLLECTORS,
  HEAP_COLLECTORS_MOST,
  HEAP_DEFERRED,
  HEAP_GRAY_LOCK,
  HEAP_HELPERS,
  HEAP_HELPERS_WANTED,
  HEAP_HUNGRY,
  HEAP_PACKETS,
  HEAP_PARALLEL_BYTES,
  HEAP_ROOTS_OPEN,
  HEAP_STRIPES,
  HEAP_STRIPES_END,
  HEAP_TASK,
  HEAP_TEAM,
  MAX_COLLECTORS,
  PACKET_ENTRIES,
  TASK_NONE,
  TASK_TRACE,
} from "../layout.gen";
import { Lock } from "../lock";
import { Malloc } from "../malloc";
import { Plans } from "../plans/index";
import { Copies } from "./copies";
import { Gray, STACK_BYTES } from "./gray";
import { PACKET_BYTES } from "./packets";
import { Self } from "./team";

/** How often one looks at the bell before sleeping: some microseconds, about what waking takes. */
const LOOKS: i32 = 2000;
/** Nanoseconds of sleep while a task runs: who waits looks again by itself. */
const NAP: i64 = 1_000_000;

export abstract class Crew {
  /** Once per memory. `most`: collectors at most; several take part when `leastBytes` or more are likely to be traced. */
  static init(most: u32, leastBytes: u32): void {
    const records = Malloc.allocate(MAX_COLLECTORS * COLLECTOR_BYTES, 8);
    const stack = Malloc.allocate(STACK_BYTES, 8);
    if (!records || !stack) unreachable();
    store<u32>(HEAP_COLLECTORS, <u32>records);
    store<u32>(records, <u32>stack, COLLECTOR_STACK);
    store<u32>(HEAP_COLLECTORS_MOST, max(1, min(most, MAX_COLLECTORS)));
    store<u32>(HEAP_PARALLEL_BYTES, leastBytes);
    store<u32>(HEAP_TEAM, 1);
  }

  /** How many collectors may take part in this collection. */
  @inline static count(): u32 {
    return load<u32>(HEAP_TEAM);
  }

  /** Whether several collectors may take part in this collection. */
  @inline static several(): bool {
    return Crew.count() > 1;
  }

  @inline static record(number: u32): usize {
    return load<u32>(HEAP_COLLECTORS) + number * COLLECTOR_BYTES;
  }

  // ---- whoever runs a collection ----

  /**
   * Before a collection that is likely to trace so many bytes. Whether several collectors take part: then tracers of `Several` are needed. Without `share` one
   * does it alone; and if that has cost less lately. The host makes helpers when they are wanted for the first time.
   */
  static begin(clearSoft: bool, bytes: u32, share: bool = true, minor: bool = false): bool {
    store<u32>(HEAP_CLEAR_SOFT, clearSoft ? 1 : 0);
    const most = load<u32>(HEAP_COLLECTORS_MOST);
    const least = load<u32>(HEAP_PARALLEL_BYTES);
    const isDear = least != 0 && (load<u32>(HEAP_ALONE) & (minor ? 2 : 1)) != 0;
    const isWorth = share && most > 1 && bytes >= least && !isDear;
    if (isWorth) store<u32>(HEAP_HELPERS_WANTED, most - 1);
    const team: u32 = isWorth ? 1 + atomic.load<u32>(HEAP_HELPERS) : 1;
    for (let number: u32 = 0; number < team; number++) {
      const record = Crew.record(number);
      Copies.begin(record);
      store<u32>(record, 0, COLLECTOR_HELPED);
    }
    atomic.store<u32>(HEAP_TEAM, team);
    Self.number = 0;
    Self.record = Crew.record(0);
    Gray.begin();
    return team > 1;
  }

  /** Helpers may come, for a task of so many stripes (see `claim`). */
  static start(task: u32, stripes: u32): void {
    Lock.acquire(HEAP_GRAY_LOCK);
    store<u32>(HEAP_CLAIMS, 0);
    store<u32>(HEAP_STRIPES, 0);
    store<u32>(HEAP_STRIPES_END, stripes);
    store<u32>(HEAP_ROOTS_OPEN, task == TASK_TRACE ? 1 : 0);
    atomic.store<u32>(HEAP_TASK, task);
    Lock.release(HEAP_GRAY_LOCK);
    Crew.ring();
  }

  /** No helper comes any more; returns when none is at work. */
  static stop(): void {
    for (;;) {
      const bell = atomic.load<u32>(HEAP_BELL);
      Lock.acquire(HEAP_GRAY_LOCK);
      atomic.store<u32>(HEAP_TASK, TASK_NONE);
      const active = load<u32>(HEAP_ACTIVE);
      Lock.release(HEAP_GRAY_LOCK);
      if (!active) break;
      Crew.rest(bell);
    }
    let helped: u32 = 1;
    for (let number: u32 = 1; number < Crew.count(); number++)
      helped += load<u32>(Crew.record(number), COLLECTOR_HELPED);
    store<u32>(FACT_COLLECTORS, max(load<u32>(FACT_COLLECTORS), helped));
  }

  // ---- all collectors ----

  /** The next piece of the task's work that nobody has claimed, from 0 on; none if it is not below HEAP_STRIPES_END. */
  @inline static claim(): u32 {
    return atomic.add<u32>(HEAP_STRIPES, 1);
  }

  /** There may be something to do for those who sleep. */
  static ring(): void {
    atomic.add<u32>(HEAP_BELL, 1);
    atomic.notify(HEAP_BELL);
  }

  /** Waits until the bell has rung since it was read, or for a nap. */
  static rest(bell: u32): void {
    for (let i = 0; i < LOOKS; i++) if (atomic.load<u32>(HEAP_BELL) != bell) return;
    atomic.wait<i32>(HEAP_BELL, bell, NAP);
  }

  // ---- helpers ----

  /** Makes this instance a helper. False: there are enough, or there is no memory for it. */
  static join(): bool {
    const stack = Malloc.allocate(STACK_BYTES, 8);
    if (!stack) return false;
    Lock.acquire(HEAP_GRAY_LOCK);
    if (!load<u32>(HEAP_DEFERRED)) store<u32>(HEAP_DEFERRED, <u32>Malloc.allocate(PACKET_ENTRIES + PACKET_BYTES, 8));
    const number = load<u32>(HEAP_HELPERS) + 1;
    const joins = load<u32>(HEAP_DEFERRED) != 0 && number < load<u32>(HEAP_COLLECTORS_MOST);
    if (joins) {
      Self.number = number;
      Self.record = Crew.record(number);
      store<u32>(Self.record, <u32>stack, COLLECTOR_STACK);
      atomic.store<u32>(HEAP_HELPERS, number);
    }
    Lock.release(HEAP_GRAY_LOCK);
    if (!joins) Malloc.free(<u32>stack);
    return joins;
  }

  /** A helper's life; returns when the VM exits. */
  static serve(): void {
    atomic.add<u32>(HEAP_HUNGRY, 1);
    while (!atomic.load<u32>(CONTROL_EXIT)) {
      const bell = atomic.load<u32>(HEAP_BELL);
      if (Crew.enter()) {
        atomic.sub<u32>(HEAP_HUNGRY, 1);
        store<u32>(Self.record, 1, COLLECTOR_HELPED);
        Plans.help();
        atomic.add<u32>(HEAP_HUNGRY, 1);
      } else if (atomic.load<u32>(HEAP_TASK) != TASK_NONE) {
        Crew.rest(bell);
      } else {
        atomic.wait<i32>(HEAP_BELL, bell, -1);
      }
    }
    atomic.sub<u32>(HEAP_HUNGRY, 1);
  }

  /** At work from now on, if there is work. */
  private static enter(): bool {
    if (atomic.load<u32>(HEAP_TASK) == TASK_NONE) return false;
    Lock.acquire(HEAP_GRAY_LOCK);
    const task = load<u32>(HEAP_TASK);
    const some: bool =
      task == TASK_TRACE
        ? (load<u32>(HEAP_ROOTS_OPEN) | load<u32>(HEAP_PACKETS)) != 0
        : task != TASK_NONE && atomic.load<u32>(HEAP_STRIPES) < load<u32>(HEAP_STRIPES_END);
    const enters = some && Self.number < load<u32>(HEAP_TEAM);
    if (enters) store<u32>(HEAP_ACTIVE, load<u32>(HEAP_ACTIVE) + 1);
    Lock.release(HEAP_GRAY_LOCK);
    return enters;
  }

  /** Not at work any more. */
  static leave(): void {
    Lock.acquire(HEAP_GRAY_LOCK);
    Crew.leaveLocked();
    Lock.release(HEAP_GRAY_LOCK);
  }

  static leaveLocked(): void {
    const active = load<u32>(HEAP_ACTIVE) - 1;
    store<u32>(HEAP_ACTIVE, active);
    // Number 0 may wait for that.
    if (!active) Crew.ring();
  }
}
