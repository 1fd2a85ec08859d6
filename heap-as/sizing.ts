/**
 * How large the heap is to be: between HEAP_LEAST and what the plan can hold.
 *
 *   total = live / (1 - free share) + allowance          both grow with the step, which what collections cost moves
 *
 *   step         0      1      2      3      4
 *   free share   least ......................... most     HEAP_MIN_FREE, HEAP_MAX_FREE
 *   allowance    1/2    1      2      3      4    times HEAP_TRIGGER_LEAST
 *
 * The allowance is what pays for the fixed costs of a collection when little lives; the share, for tracing what lives. Memory above the total is not
 * written: spaces hand out low addresses first. An engine gives none back that was.
 */
import {
  HEAP_LEAST,
  HEAP_LIVE,
  HEAP_LOOKED,
  HEAP_LOOKED_COST,
  HEAP_MAX_FREE,
  HEAP_MICROSECONDS,
  HEAP_MIN_FREE,
  HEAP_NOW,
  HEAP_STEP,
  HEAP_TOTAL,
  HEAP_TRIGGER,
  HEAP_TRIGGER_LEAST,
} from "./layout.gen";

const STEPS: u32 = 4;
/** Percent of all time that collections may take: above DEAR the heap grows, above TOO_DEAR by two steps; below CHEAP it shrinks. */
const CHEAP: u64 = 2;
const DEAR: u64 = 8;
const TOO_DEAR: u64 = 25;
/** Costs are not looked at in shorter times than that: one slow collection says little. */
const LEAST_MICROSECONDS: u64 = 20_000;

export abstract class Sizing {
  static init(least: u32, allowance: u32): void {
    store<u32>(HEAP_LEAST, least);
    store<u32>(HEAP_TRIGGER_LEAST, allowance);
    store<u32>(HEAP_MIN_FREE, 40);
    store<u32>(HEAP_MAX_FREE, 70);
    store<u32>(HEAP_STEP, 1);
  }

  /** A collection left `live` bytes: the next one is due at the new total, within `capacity`. */
  static setTrigger(live: u32, capacity: u32): void {
    Sizing.look();
    const total = Sizing.total(live, capacity);
    store<u32>(HEAP_LIVE, live);
    store<u32>(HEAP_TRIGGER, total);
    store<u32>(HEAP_TOTAL, total);
  }

  /** Bytes for objects when so many live. */
  static total(live: u32, capacity: u32): u32 {
    const step = load<u32>(HEAP_STEP);
    const least = load<u32>(HEAP_MIN_FREE);
    const most = max(least, load<u32>(HEAP_MAX_FREE));
    const used = 100 - min<u32>(99, least + ((most - least) * step) / STEPS);
    const unit = <u64>load<u32>(HEAP_TRIGGER_LEAST);
    const allowance = step ? unit * step : unit >> 1;
    const wanted = (<u64>live * 100) / used + allowance;
    return <u32>min<u64>(max<u64>(wanted, load<u32>(HEAP_LEAST)), capacity) & ~7;
  }

  /** Moves the step by what collections have cost since the last look. */
  private static look(): void {
    const now = load<u64>(HEAP_NOW);
    const cost = load<u64>(HEAP_MICROSECONDS);
    const time = now - load<u64>(HEAP_LOOKED);
    if (time < LEAST_MICROSECONDS) return;
    const percent = ((cost - load<u64>(HEAP_LOOKED_COST)) * 100) / time;
    store<u64>(HEAP_LOOKED, now);
    store<u64>(HEAP_LOOKED_COST, cost);
    const step = load<u32>(HEAP_STEP);
    if (percent > TOO_DEAR) store<u32>(HEAP_STEP, min(step + 2, STEPS));
    else if (percent > DEAR) store<u32>(HEAP_STEP, min(step + 1, STEPS));
    else if (percent < CHEAP && step > 0) store<u32>(HEAP_STEP, step - 1);
  }
}
