/** Words that all Workers of a µvm-l share (at CONTROL_GUEST), and the numbers of its services. */
import { FIRST_GUEST_SERVICE } from "#threads";

/** Addresses of type records. */
export const WORD_STRING_TYPE = 0;
export const WORD_BUILDER_TYPE = 1;
export const WORD_MUTEX_TYPE = 2;
/** Table of the open files: MAX_FILES words, each 0 or a system descriptor + 1. */
export const WORD_FILES = 3;
/** What `(args)` gives: an immortal list of immortal strings. */
export const WORD_ARGS = 4;
/** Slot of the first function of a thread, and bytes of its stack. */
export const WORD_THREAD_ENTRY = 5;
export const WORD_THREAD_STACK = 6;
/** Threads that have not ended, and those of them that sleep for a time. */
export const WORD_LIVE = 7;
export const WORD_SLEEPERS = 8;
/** Guards the pools of malloc'd structures. */
export const WORD_POOL_LOCK = 9;
export const WORDS = 10;

export const MAX_FILES = 1024;

/** (string) -> symbol. */
export const SERVICE_INTERN = FIRST_GUEST_SERVICE + 0;
/** () -> symbol of a new name. */
export const SERVICE_GENSYM = FIRST_GUEST_SERVICE + 1;
/** () -> slot of the next top-level form's function, 0 at the end. */
export const SERVICE_NEXT = FIRST_GUEST_SERVICE + 2;
/** (value): what that function gave. */
export const SERVICE_VALUE = FIRST_GUEST_SERVICE + 3;
/** (value): nobody caught it. */
export const SERVICE_UNCAUGHT = FIRST_GUEST_SERVICE + 4;
/** (value): it is raised here. */
export const SERVICE_RAISE = FIRST_GUEST_SERVICE + 5;
/** (thread object): the running thread ends with what it threw. */
export const SERVICE_THREW = FIRST_GUEST_SERVICE + 6;
/** (thread object): the running thread is about to throw what that one threw. */
export const SERVICE_JOINED = FIRST_GUEST_SERVICE + 7;
/** (): the running thread ends. */
export const SERVICE_ENDED = FIRST_GUEST_SERVICE + 8;
