/**
 * Mutators and stopping the world.
 *
 * A mutator is a Worker that touches collected memory: a carrier, or the VM thread (number 0). Its state word says whether it may hold
 * raw references:
 *
 *   RUNNING ──enterSafe──▶ SAFE          the collector may run; only handles are held
 *   SAFE ──leaveSafe──▶ RUNNING          waits while the world is stopped
 *
 * Stopping: the stopper takes CONTROL_STOPPER, asks for polls, and waits until every other state is SAFE. A mutator that leaves SAFE
 * first stores RUNNING and then reads CONTROL_STOPPER; the stopper first stores CONTROL_STOPPER and then reads the states. Both are
 * sequentially consistent, so one of the two sees the other (Dekker).
 */
import {
  CARRIER_BYTES,
  CARRIER_EPOCH,
  CARRIER_PREEMPT,
  CARRIER_STACK_LIMIT,
  CARRIER_STATE,
  CARRIER_THREAD,
  CARRIER_TRUE_LIMIT,
  CARRIERS,
  CONTROL_CARRIER_COUNT,
  CONTROL_EPOCH,
  CONTROL_POLL,
  CONTROL_STOP_NANOSECONDS,
  CONTROL_STOPPER,
  POLL_PREEMPT,
  POLL_STOP,
  POLL_SYNC,
  STATE_RUNNING,
  STATE_SAFE,
  THREAD_FLAGS,
} from "#layout";
import type { Memory } from "#memory";
import { FLAG_ASKED } from "./states.ts";

/** Address of a carrier's record. */
export function carrierRecord(number: number): number {
  return CARRIERS + number * CARRIER_BYTES;
}

/** Asks every carrier to call the poll slow path soon; `bits` are POLL_*. Whoever serves the request last takes the bits back. */
export function requestPoll(mem: Memory, bits: number): void {
  mem.atomicOr(CONTROL_POLL, bits);
  const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
  for (let number = 1; number < count; number++) {
    mem.atomicStore(carrierRecord(number) + CARRIER_STACK_LIMIT, 0xffffffff);
  }
}

/** Microseconds of looking before sleeping; most stops take less. */
const SPIN = 20;
/** How long synchronizeCode sleeps between two looks, in milliseconds: a carrier that comes to a poll does not wake it. */
const SYNC_NAP = 0.1;

export class Mutator {
  readonly mem: Memory;
  readonly number: number;
  readonly record: number;
  /** Called when the code epoch has moved on, before guest code runs. Raw references may not be touched. */
  onSync: () => void = () => {};
  /**
   * Called before the world goes on after this mutator has stopped it: for what purpose, and how long stopping the others and then the stop itself
   * took, in nanoseconds. For the log.
   */
  onResume: ((purpose: string, reaching: number, held: number) => void) | undefined;
  #purpose = "";
  #stopped = 0;

  /** The state of the record stays what it is, SAFE: see leaveSafe. */
  constructor(mem: Memory, number: number) {
    this.mem = mem;
    this.number = number;
    this.record = carrierRecord(number);
  }

  /** From here until `leaveSafe` no raw reference is held. */
  enterSafe(): void {
    this.mem.atomicStore(this.record + CARRIER_STATE, STATE_SAFE);
    if (this.mem.atomicLoad(CONTROL_STOPPER) !== 0) this.mem.notify(this.record + CARRIER_STATE);
  }

  /** Back to touching collected memory; waits while the world is stopped. */
  leaveSafe(): void {
    const { mem, record } = this;
    for (;;) {
      mem.atomicStore(record + CARRIER_STATE, STATE_RUNNING);
      const stopper = mem.atomicLoad(CONTROL_STOPPER);
      if (stopper === 0 || stopper === this.number + 1) break;
      this.enterSafe();
      mem.notify(record + CARRIER_STATE);
      mem.wait(CONTROL_STOPPER, stopper);
    }
    this.catchUp();
  }

  /** Brings the code epoch and the stack limit up to date. */
  catchUp(): void {
    const { mem, record } = this;
    const epoch = mem.atomicLoad(CONTROL_EPOCH);
    if (mem.atomicLoad(record + CARRIER_EPOCH) !== epoch) {
      this.onSync();
      mem.atomicStore(record + CARRIER_EPOCH, epoch);
    }
    // A time slice that ended while the carrier was SAFE.
    if (mem.atomicLoad(record + CARRIER_PREEMPT) !== 0) mem.atomicOr(CONTROL_POLL, POLL_PREEMPT);
    if (!this.#isWanted() && !this.#isAsked()) {
      mem.atomicStore(record + CARRIER_STACK_LIMIT, mem.word(record + CARRIER_TRUE_LIMIT));
      // A request may have come between the two: then the limit must say so again.
      if (!this.#isWanted()) return;
    }
    mem.atomicStore(record + CARRIER_STACK_LIMIT, 0xffffffff);
  }

  /** Whether a poll is wanted of this carrier. The end of another one's slice is none of it: that one may have no processor for long. */
  #isWanted(): boolean {
    const { mem, record } = this;
    const bits = mem.atomicLoad(CONTROL_POLL);
    return bits !== 0 && (bits !== POLL_PREEMPT || mem.atomicLoad(record + CARRIER_PREEMPT) !== 0);
  }

  /** Whether the guest wants something of the thread that runs here: then its next function entry calls the stack check. */
  #isAsked(): boolean {
    const thread = this.mem.word(this.record + CARRIER_THREAD);
    return thread !== 0 && (this.mem.atomicLoad(thread + THREAD_FLAGS) & FLAG_ASKED) !== 0;
  }

  /** Serves a pending stop or code synchronisation. The caller holds no raw reference. */
  safepoint(): void {
    this.enterSafe();
    this.leaveSafe();
  }

  /** Whether a safepoint is wanted. */
  get pollWanted(): boolean {
    return this.mem.atomicLoad(CONTROL_POLL) !== 0;
  }

  /**
   * Stops every other mutator. False: somebody else stopped the world meanwhile and has resumed it. The caller is RUNNING and holds no
   * raw reference.
   */
  stopWorld(purpose = "Collect"): boolean {
    const { mem } = this;
    if (mem.atomicCas(CONTROL_STOPPER, 0, this.number + 1) !== 0) {
      this.safepoint();
      return false;
    }
    const asked = performance.now();
    requestPoll(mem, POLL_STOP);
    const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
    for (let number = 0; number < count; number++) {
      if (number === this.number) continue;
      this.#awaitSafe(carrierRecord(number) + CARRIER_STATE);
    }
    this.#purpose = purpose;
    this.#stopped = performance.now();
    mem.f64[CONTROL_STOP_NANOSECONDS >>> 3] = (this.#stopped - asked) * 1e6;
    return true;
  }

  #awaitSafe(stateWord: number): void {
    const { mem } = this;
    if (mem.spin(stateWord, STATE_RUNNING, SPIN)) return;
    // A mutator stores SAFE, then reads CONTROL_STOPPER and notifies: it cannot be missed.
    while (mem.atomicLoad(stateWord) === STATE_RUNNING) mem.wait(stateWord, STATE_RUNNING);
  }

  /** Lets the others go on. */
  resumeWorld(): void {
    const { mem } = this;
    if (this.onResume !== undefined) {
      const reaching = mem.f64[CONTROL_STOP_NANOSECONDS >>> 3]!;
      this.onResume(this.#purpose, reaching, (performance.now() - this.#stopped) * 1e6);
    }
    mem.atomicAnd(CONTROL_POLL, ~POLL_STOP);
    mem.atomicStore(CONTROL_STOPPER, 0);
    mem.notify(CONTROL_STOPPER);
    this.catchUp();
  }

  /**
   * Raises the code epoch and waits until no carrier runs guest code that has not caught up with it. Called by the VM thread before new
   * slot numbers become visible. Not a safepoint: it does not wait for carriers that wait for this mutator.
   */
  synchronizeCode(): void {
    const { mem } = this;
    const epoch = (mem.atomicAdd(CONTROL_EPOCH, 1) + 1) >>> 0;
    mem.atomicStore(this.record + CARRIER_EPOCH, epoch);
    const count = mem.atomicLoad(CONTROL_CARRIER_COUNT);
    let asked = false;
    for (let number = 0; number < count; number++) {
      if (number === this.number) continue;
      if (this.#hasCaughtUp(number, epoch)) continue;
      if (!asked) {
        asked = true;
        requestPoll(mem, POLL_SYNC);
      }
      const end = performance.now() + SPIN / 1000;
      while (!this.#hasCaughtUp(number, epoch)) {
        if (performance.now() > end) mem.wait(carrierRecord(number) + CARRIER_STATE, STATE_RUNNING, SYNC_NAP);
      }
    }
    if (asked) mem.atomicAnd(CONTROL_POLL, ~POLL_SYNC);
  }

  /** Whether the mutator will have reached the epoch before it runs guest code again. */
  #hasCaughtUp(number: number, epoch: number): boolean {
    const { mem } = this;
    const record = carrierRecord(number);
    // Out of SAFE, and out of stopping the world, the way leads through catchUp.
    if (mem.atomicLoad(record + CARRIER_STATE) === STATE_SAFE) return true;
    if (mem.atomicLoad(CONTROL_STOPPER) === number + 1) return true;
    return ((mem.atomicLoad(record + CARRIER_EPOCH) - epoch) | 0) >= 0;
  }
}
