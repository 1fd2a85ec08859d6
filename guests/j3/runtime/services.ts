/** Numbers of J3's services on the VM thread, and their arguments. */
import { FIRST_GUEST_SERVICE } from "#threads";

/** Run a native method: (method id). Its arguments and result are in the transfer area. */
export const SERVICE_NATIVE = FIRST_GUEST_SERVICE + 0;
/** Resolve a cell: (cell). */
export const SERVICE_RESOLVE = FIRST_GUEST_SERVICE + 1;
/** Initialise a class: (record). */
export const SERVICE_INITIALIZE = FIRST_GUEST_SERVICE + 2;
/** Throw an exception of the VM: (THROW_*, operand). More operands as references and primitives in the transfer area. */
export const SERVICE_THROW = FIRST_GUEST_SERVICE + 3;
/** Make the array class of a class: (record); it is then in CLASS_ARRAY. */
export const SERVICE_ARRAY_CLASS = FIRST_GUEST_SERVICE + 4;
/** Run the main thread from the first instruction to the last. */
export const SERVICE_MAIN = FIRST_GUEST_SERVICE + 5;
/** The running thread's run has thrown reference 0: call the handler for that. */
export const SERVICE_UNCAUGHT = FIRST_GUEST_SERVICE + 6;
/** Register an object with a finalizer: reference 0. */
export const SERVICE_REGISTER_FINALIZER = FIRST_GUEST_SERVICE + 7;
/** Throw a link or verify error of a method whose code could not be made: (method id). */
export const SERVICE_THROW_BODY = FIRST_GUEST_SERVICE + 8;
/** Wait for signals and dispatch them, for ever. */
export const SERVICE_SIGNALS = FIRST_GUEST_SERVICE + 9;
/** Whether the thread, at a poll or a function's entry, may throw what another one wants it to throw: () -> 1 or 0. */
export const SERVICE_MAY_STOP = FIRST_GUEST_SERVICE + 10;
/** Wait for collections and tell listeners of them, for ever. */
export const SERVICE_COLLECTION_NOTICES = FIRST_GUEST_SERVICE + 11;
/** Warn that the java.lang.Thread that is reference 0 could not be started. */
export const SERVICE_START_REFUSED = FIRST_GUEST_SERVICE + 12;

/** Trap kinds and runtime failures. The references and primitives they come with stand beside. */
export const THROW_NULL = 0;
/** Primitives: index, length. */
export const THROW_BOUNDS = 1;
export const THROW_ZERO = 2;
export const THROW_STACK = 3;
export const THROW_MEMORY = 4;
/** Operand: record of the wanted class. Reference: the object. */
export const THROW_CAST = 5;
/** References: the array, the value. */
export const THROW_STORE = 6;
/** Operand: the length. */
export const THROW_SIZE = 7;
/** Operand: interface method key. Reference: the receiver. */
export const THROW_NO_INTERFACE = 8;
/** The array is larger than any heap could hold. */
export const THROW_ARRAY_LIMIT = 9;
