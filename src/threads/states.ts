/** States, flags and wake reasons of guest threads (THREAD_STATE, THREAD_FLAGS). */

/** Made, not started. */
export const THREAD_NEW = 0;
/** In some carrier's queue. */
export const THREAD_READY = 1;
/** On its carrier. */
export const THREAD_RUNNING = 2;
/** Waiting for its permit or a deadline. */
export const THREAD_PARKED = 3;
export const THREAD_DONE = 4;

/** The VM does not wait for it to end. */
export const FLAG_DAEMON = 1;
/** Its first frame has run. */
export const FLAG_STARTED = 2;

/** Somebody asked the thread to leave its waits. */
export const FLAG_INTERRUPTED = 4;

/** It is counted in CONTROL_AWAITED_THREADS. */
export const FLAG_AWAITED = 8;

/** It is the system's own: it does not count among the threads that the guest sees. */
export const FLAG_HIDDEN = 16;

/** The guest wants something of the thread: at its next poll or function entry it calls CarrierOptions.asked. */
export const FLAG_ASKED = 32;

/** It begins before others, counts as young whatever it does (see turn-queue.ts), and gives way at every tenth of its slices only. */
export const FLAG_URGENT = 64;

/** THREAD_WAITS: nothing; to enter a monitor; to be notified; to take the lock again after that, a time-out or an interrupt. */
export const WAITS_NOTHING = 0;
export const WAITS_ENTER = 1;
export const WAITS_NOTIFY = 2;
export const WAITS_RELOCK = 3;

/** Results of `park`. */
export const WAKE_PERMIT = 0;
export const WAKE_TIMEOUT = 1;

/** Thread ids are 1 to this: a thin lock word has 20 bits for them. */
export const MAX_THREAD_ID = 0xfffff;
