/** Walks the calls of a shadow stack by the records of their call sites. The thread does not run meanwhile, or walks its own stack. */
import {
  FRAME_SITE,
  FRAME_SLOTS,
  MAP_REF,
  SITE_FRAME_BYTES,
  SITE_FUNCTION,
  SITE_MAP,
  SITE_MAP_WORDS,
  SITE_POS,
} from "#layout";
import type { Memory } from "#memory";

/**
 * A place on a shadow stack: stands on one call after the other, innermost first. A frame stands for several calls if functions are expanded
 * in its own. Functions of the system have the id 0.
 */
export class Frames {
  readonly #mem: Memory;
  /** Where the frame of the current call begins. */
  sp: number;
  /** How many calls of the same frame are further in. */
  inner = 0;
  /** Record of the current call; 0: `next` was not called yet. */
  #site = 0;

  constructor(mem: Memory, sp: number) {
    this.#mem = mem;
    this.sp = sp;
  }

  /** To the next call outwards, at first to the innermost one. False: there is none. */
  next(): boolean {
    const mem = this.#mem;
    let site = this.#site;
    if (site !== 0) {
      const caller = mem.word(site + SITE_MAP + 4 * mem.word(site + SITE_MAP_WORDS));
      if (caller !== 0) {
        this.#site = caller;
        this.inner++;
        return true;
      }
      // Only the innermost record of a frame knows how large it is.
      this.sp = (this.sp + mem.word(mem.word(this.sp + FRAME_SITE) + SITE_FRAME_BYTES)) >>> 0;
      this.inner = 0;
    }
    site = mem.word(this.sp + FRAME_SITE);
    if (mem.word(site + SITE_FRAME_BYTES) === 0) return false;
    this.#site = site;
    return true;
  }

  /** The references that are live in the current call's frame (not 0, raw; interior ones left out). Calls of one frame share them. */
  refs(): number[] {
    const mem = this.#mem;
    const site = mem.word(this.sp + FRAME_SITE);
    const refs: number[] = [];
    const words = mem.word(site + SITE_MAP_WORDS);
    for (let index = 0; index < words; index++) {
      let bits = mem.word(site + SITE_MAP + 4 * index);
      for (let at = this.sp + FRAME_SLOTS + 64 * index; bits !== 0; bits >>>= 2, at += 4) {
        if ((bits & 3) !== MAP_REF) continue;
        const ref = mem.word(at);
        if (ref !== 0) refs.push(ref);
      }
    }
    return refs;
  }

  /** Func.id of the current call's function. */
  get functionId(): number {
    return this.#mem.word(this.#site + SITE_FUNCTION);
  }

  /** Inst.pos of the call at which it stands. */
  get pos(): number {
    return this.#mem.i32[(this.#site + SITE_POS) >>> 2] as number;
  }
}

/** The calls of the stack from a stack pointer upwards: `for (const f = frames(mem, sp); f.next(); ) f.functionId, f.pos`. */
export function frames(mem: Memory, sp: number): Frames {
  return new Frames(mem, sp);
}
