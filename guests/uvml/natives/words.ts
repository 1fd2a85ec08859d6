/** Words that all Workers of a µvm-l share (at CONTROL_GUEST), and the numbers of its services. */
import { FIRST_GUEST_SERVICE } from "#threads";

/** Addresses of type records. */
export const WORD_STRING_TYPE = 0;
export const WORD_BUILDER_TYPE = 1;
export const WORD_MUTEX_TYPE = 2;
export const WORD_THREAD_TYPE = 3;
/** Table of the open files: MAX_FILES words, each 0 or a system descriptor + 1. */
export const WORD_FILES = 4;
/** What `(args)` gives: an immortal list of immortal strings. */
export const WORD_ARGS = 5;
/** Slot of the first function of a thread, and bytes of its stack. */
export const WORD_THREAD_ENTRY = 6;
export const WORD_THREAD_STACK = 7;
/** Threads that sleep for a time: they will go on by themselves. */
export const WORD_SLEEPERS = 8;
/** 1: the threads wait for each other for ever. */
export const WORD_DEADLOCK = 9;
/** Guards the pools of malloc'd structures. */
export const WORD_POOL_LOCK = 10;
/** Address of the pools: per size class the first free block. */
export const WORD_POOLS = 11;
export const WORDS = 12;

export const MAX_FILES = 1024;

/** (string) -> symbol. */
export const SERVICE_INTERN = FIRST_GUEST_SERVICE + 0;
/** () -> symbol of a new name. */
export const SERVICE_GENSYM = FIRST_GUEST_SERVICE + 1;
/** () -> slot of the next top-level form's function in prim 0. */
export const SERVICE_NEXT = FIRST_GUEST_SERVICE + 2;
/** (value): notes where it is raised. */
export const SERVICE_RAISE = FIRST_GUEST_SERVICE + 3;
/** (value): a form of the main program raised it. */
export const SERVICE_UNCAUGHT = FIRST_GUEST_SERVICE + 4;
/** (trap kind, two numbers): raises the error of a trap. */
export const SERVICE_TRAP = FIRST_GUEST_SERVICE + 5;
