/** Sweeping blocks by stripes, by one collector or several. */
import { BLOCK_SMALL, CONTROL_HEAP_LOCK, HEAP_SMALL_BYTES, HEAP_STRIPES_END, TASK_SWEEP } from "../layout.gen";
import { Lock } from "../lock";
import { Blocks } from "../spaces/blocks";
import { Crew } from "./crew";
import { Several, Team } from "./team";

/** Four MiB. */
const LOG_STRIPE_BLOCKS: u32 = 7;

/** What a space of blocks has to say. */
export abstract class Sweeper {
  /** Sweeps a block of small objects; returns bytes of those that live. Only of its own stripe are holes known. */
  abstract sweepBlock(index: u32, stripe: u32): u32;
  /** The block is swept, and in use if bytes live. */
  abstract swept(index: u32, bytes: u32): void;
  /** This collector has swept its last stripe. Under the lock if several do. */
  abstract end(): void;
}

export abstract class Sweeping {
  static stripes(): u32 {
    return (Blocks.count() + (1 << LOG_STRIPE_BLOCKS) - 1) >> LOG_STRIPE_BLOCKS;
  }

  /** Sweeps all blocks, with the helpers if there are any. */
  static run<P extends Team, S extends Sweeper>(sweeper: S): void {
    store<u32>(HEAP_SMALL_BYTES, 0);
    if (changetype<P>(0).several()) {
      Crew.start(TASK_SWEEP, Sweeping.stripes());
      Sweeping.help<S>(sweeper);
      Crew.stop();
      return;
    }
    for (let stripe = Sweeping.stripes(); stripe-- > 0; ) Sweeping.stripe<P, S>(sweeper, stripe);
    sweeper.end();
  }

  /** Each of several collectors: sweeps what no other has claimed, from high to low. */
  static help<S extends Sweeper>(sweeper: S): void {
    const count = load<u32>(HEAP_STRIPES_END);
    for (let claimed = Crew.claim(); claimed < count; claimed = Crew.claim())
      Sweeping.stripe<Several, S>(sweeper, count - 1 - claimed);
    Lock.acquire(CONTROL_HEAP_LOCK);
    sweeper.end();
    Lock.release(CONTROL_HEAP_LOCK);
  }

  private static stripe<P extends Team, S extends Sweeper>(sweeper: S, stripe: u32): void {
    const first = stripe << LOG_STRIPE_BLOCKS;
    let live: u32 = 0;
    for (let index = min(first + (1 << LOG_STRIPE_BLOCKS), Blocks.count()); index-- > first; ) {
      if (Blocks.state(index) != BLOCK_SMALL) continue;
      const bytes = sweeper.sweepBlock(index, stripe);
      live += bytes;
      if (!bytes) {
        if (changetype<P>(0).several()) Lock.acquire(CONTROL_HEAP_LOCK);
        Blocks.free(index);
        if (changetype<P>(0).several()) Lock.release(CONTROL_HEAP_LOCK);
      }
      sweeper.swept(index, bytes);
    }
    if (changetype<P>(0).several()) atomic.add<u32>(HEAP_SMALL_BYTES, live);
    else store<u32>(HEAP_SMALL_BYTES, load<u32>(HEAP_SMALL_BYTES) + live);
  }
}
