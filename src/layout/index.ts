/**
 * Every word that more than one part of the system reads: one file for both sides of the Wasm line.
 * `tools/gen-layout.ts` prints it as heap-as/layout.gen.ts for the collectors. All offsets are bytes.
 *
 * Linear memory, from low to high:
 *
 *   0            GUARD_BYTES   never used: null plus a small offset lies here
 *   CONTROL      the VM's control block
 *   CARRIERS     carrier records; number 0 is the VM thread's
 *   FIXED_START  non-moving memory: metadata, stacks, code bytes, malloc; bump and free lists (see heap-as/malloc.ts)
 *   heap start   collected memory (control block: HEAP_START, HEAP_END), divided by the plan
 */
export const PAGE_BYTES = 65536;
export const GUARD_BYTES = 1024;

// ---- control block ------------------------------------------------------------------------------------------------------------
export const CONTROL = 1024;
/** Not 0: every carrier is to call the poll slow path at its next poll. Bits: POLL_*. */
export const CONTROL_POLL = CONTROL + 0;
/** Address of the first thread record, linked by THREAD_NEXT. Guarded by CONTROL_THREAD_LOCK. */
export const CONTROL_THREADS = CONTROL + 4;
export const CONTROL_THREAD_LOCK = CONTROL + 8;
/** Address of the first block of strong roots, linked by ROOTS_NEXT. */
export const CONTROL_ROOTS = CONTROL + 12;
/** Address of the first block of weak roots: words are cleared when their object dies. */
export const CONTROL_WEAK_ROOTS = CONTROL + 16;
/** Number of carrier records in use, the VM thread's included. */
export const CONTROL_CARRIER_COUNT = CONTROL + 20;
/** 0, or 1 + the number of the carrier that has stopped or is stopping the world. */
export const CONTROL_STOPPER = CONTROL + 24;
/** Code epoch: goes up when slots were added or replaced; carriers compare it with CARRIER_EPOCH. */
export const CONTROL_EPOCH = CONTROL + 28;
/** Number of slots handed out. */
export const CONTROL_SLOTS = CONTROL + 32;
/** Address of the slot table: SLOT_BYTES per slot, see below. */
export const CONTROL_SLOT_TABLE = CONTROL + 36;
/** Doorbell of the VM thread: goes up with each request. */
export const CONTROL_DOORBELL = CONTROL + 40;
/** Not 0: the VM is exiting; the low 8 bits are the exit code, bit 8 is set. */
export const CONTROL_EXIT = CONTROL + 44;
/** First reference of the list of references that a collection cleared (linked by their link field), for the guest to take. A strong root. */
export const CONTROL_PENDING = CONTROL + 48;
/** Goes up with each collection. */
export const CONTROL_COLLECTIONS = CONTROL + 52;
/** Not 0: collect at every Nth slow-path allocation, and make every allocation take the slow path. */
export const CONTROL_STRESS = CONTROL + 56;
export const CONTROL_STRESS_COUNT = CONTROL + 60;
/** 1: verify the heap before and after each collection; poison what was freed. */
export const CONTROL_CHECK = CONTROL + 64;
/** Collected memory: first byte, and one past the last. */
export const CONTROL_HEAP_START = CONTROL + 68;
export const CONTROL_HEAP_END = CONTROL + 72;
/** Non-moving memory ends here (exclusive). */
export const CONTROL_FIXED_END = CONTROL + 76;
/** Plan number, see heap-as/index.ts. */
export const CONTROL_PLAN = CONTROL + 80;
/** Lock of the collector's shared allocation state, and of malloc. */
export const CONTROL_HEAP_LOCK = CONTROL + 84;
export const CONTROL_MALLOC_LOCK = CONTROL + 88;
/** Number of live guest threads, and of those that are not daemons (the guest decides what that means). */
export const CONTROL_LIVE_THREADS = CONTROL + 92;
/** Next thread id. */
export const CONTROL_NEXT_THREAD_ID = CONTROL + 96;
/** Address of the guest's table of shared words (the guest's own layout), for its natives on carriers. */
export const CONTROL_GUEST = CONTROL + 100;
/** Bytes allocated in collected memory since the start (64 bits), counted at buffer refills. */
export const CONTROL_ALLOCATED = CONTROL + 112;
/** Address of the stub module table: signature number -> code bytes (see src/jit). */
export const CONTROL_SIGNATURES = CONTROL + 120;
export const CONTROL_SIGNATURE_COUNT = CONTROL + 124;
/** Site record of the bottom frame of every stack: SITE_FRAME_BYTES is 0. */
export const CONTROL_BOTTOM_SITE = CONTROL + 128;
/**
 * Records of ended threads, oldest first, linked by THREAD_NEXT: first, last, number; and free stacks, linked by their first word (the
 * second is their size): first, bytes of all. Guarded by CONTROL_THREAD_LOCK.
 */
export const CONTROL_ENDED_FIRST = CONTROL + 132;
export const CONTROL_ENDED_LAST = CONTROL + 136;
export const CONTROL_ENDED_COUNT = CONTROL + 140;
export const CONTROL_FREE_STACKS = CONTROL + 144;
export const CONTROL_FREE_STACK_BYTES = CONTROL + 148;
/** Goes up with each redefinition: carriers then look which of the slots they have installed has other code by now. */
export const CONTROL_REDEFINITIONS = CONTROL + 152;
/** Number of guest threads whose end the VM waits for, and the exit code it then has. See src/vm. */
export const CONTROL_AWAITED_THREADS = CONTROL + 156;
export const CONTROL_EXIT_STATUS = CONTROL + 160;
/** First of the texts that the host has sent and the VM thread has not taken, newest first: next, byte count, UTF-8. */
export const CONTROL_MESSAGES = CONTROL + 164;
/** Of guest threads (FLAG_HIDDEN left out): started so far; the most that lived at once since that was reset; daemons that live. */
export const CONTROL_STARTED_THREADS = CONTROL + 172;
export const CONTROL_PEAK_THREADS = CONTROL + 176;
export const CONTROL_DAEMON_THREADS = CONTROL + 180;
/** Bytes of all stacks, free ones included. */
export const CONTROL_STACK_BYTES = CONTROL + 184;
/** Threads that were started and have not begun, linked by THREAD_READY_NEXT: lock, first, last, number. See src/threads/new-threads.ts. */
export const CONTROL_NEW_LOCK = CONTROL + 188;
export const CONTROL_NEW_FIRST = CONTROL + 192;
export const CONTROL_NEW_LAST = CONTROL + 196;
export const CONTROL_NEW_COUNT = CONTROL + 200;
/** How long the last stopping of the world took, from asking to the last Worker that became SAFE: nanoseconds, an f64. */
export const CONTROL_STOP_NANOSECONDS = CONTROL + 208;
/** 1: a tracer of the guest was called, so objects may hold references in memory that has no cards. */
export const CONTROL_HAS_CUSTOMS = CONTROL + 104;
/** What a collection tells of itself: src/heap/words.ts. */
export const CONTROL_FACTS = CONTROL + 216;
/** Not 0: collect at every Nth poll and function entry (POLL_STRESS is then set); how many there were. */
export const CONTROL_POLL_STRESS = CONTROL + 248;
export const CONTROL_POLL_STRESS_COUNT = CONTROL + 252;
/**
 * Card table of plans with a write barrier (0: none): one byte for each CARD_BYTES of memory, from address 0 on. Who stores a reference at an address
 * into an object sets its card to 1 (`refstore` and its like; Heap.setRef).
 */
export const CONTROL_CARDS = CONTROL + 204;
/**
 * 1: other processors of this machine may see plain stores in another order than they were made in. References are loaded and stored atomically
 * then, so that who finds an object finds what it was made of, and so are release stores made (docs/threads.md). Written before the Workers start.
 */
export const CONTROL_WEAK_ORDER = CONTROL + 108;
export const LOG_CARD_BYTES = 9;
/** The collectors' own words. */
export const CONTROL_COLLECTOR = CONTROL + 256;
/** malloc's own words. */
export const CONTROL_MALLOC = CONTROL + 1024;
/** First of the slots that have become hot, linked by SLOT_NEXT_HOT; 0: none. */
export const CONTROL_HOT_SLOTS = CONTROL + 2944;
/** The newest batch, linked by BATCH_PREVIOUS; 0: none. */
export const CONTROL_BATCHES = CONTROL + 2948;
/** What the Worker that compiles batches is to do (COMPILER_*), and the batch. */
export const CONTROL_COMPILER = CONTROL + 2952;
export const CONTROL_COMPILER_BATCH = CONTROL + 2956;
export const CONTROL_BYTES = 3072;

/** There is none: the VM thread does it. */
export const COMPILER_NONE = 0;
/** It has nothing to do; perhaps the host has not made it yet. */
export const COMPILER_IDLE = 1;
export const COMPILER_WANTED = 2;
export const COMPILER_DONE = 3;
/** The VM is ending. */
export const COMPILER_ENDS = 4;

export const POLL_STOP = 1;
export const POLL_SYNC = 2;
export const POLL_PREEMPT = 4;
/** The VM is exiting; never taken back. */
export const POLL_EXIT = 8;
/** Every poll and function entry is to take the slow path, for CONTROL_POLL_STRESS; never taken back. */
export const POLL_STRESS = 16;

// ---- carrier records ----------------------------------------------------------------------------------------------------------
export const CARRIERS = 4096;
export const CARRIER_BYTES = 8192;
export const MAX_CARRIERS = 31;
/** Thread-local allocation buffer: next free byte, and one past the last. Zeroed memory. */
export const CARRIER_TOP = 0;
export const CARRIER_LIMIT = 4;
/** A function may not take the stack pointer below this; all ones while a poll is wanted. */
export const CARRIER_STACK_LIMIT = 8;
/** The running guest thread's record, or 0. */
export const CARRIER_THREAD = 12;
/** RUNNING or SAFE; see src/threads. */
export const CARRIER_STATE = 16;
export const CARRIER_NUMBER = 20;
/** Futex word: goes up when there is something to look at. */
export const CARRIER_MAILBOX = 24;
/** First of the threads made runnable by others (a lock-free stack linked by THREAD_READY_NEXT). */
export const CARRIER_READY = 28;
/** Number of guest threads that have begun on this carrier. */
export const CARRIER_LOAD = 32;
/** The code epoch this carrier has caught up with. */
export const CARRIER_EPOCH = 36;
/** The current thread's true stack limit. */
export const CARRIER_TRUE_LIMIT = 40;
/** 1: the running thread's time slice is over. */
export const CARRIER_PREEMPT = 44;
/** Number of this carrier's threads that run or are ready to; of one that is made when others run already, also 1 until it is there. */
export const CARRIER_BUSY = 48;
/** Monitors: first chunk of records, first free record, offset of the lock word in objects. See src/threads/monitor-records.ts. */
export const CARRIER_MONITORS = 52;
export const CARRIER_FREE_MONITORS = 56;
export const CARRIER_LOCK_OFFSET = 60;
/** Request to the VM thread: state (REQUEST_*), service number, status of the reply, argument words. */
export const CARRIER_REQUEST = 64;
export const CARRIER_REQUEST_SERVICE = 68;
export const CARRIER_REQUEST_STATUS = 72;
export const CARRIER_REQUEST_SP = 76;
export const CARRIER_REQUEST_ARGS = 80;
export const REQUEST_ARGS = 12;
/** Upcall wanted by a service: invoker slot, target slot; its arguments lie in the transfer area. */
export const CARRIER_UPCALL_INVOKER = 160;
export const CARRIER_UPCALL_TARGET = 164;
/** Not 0: a host function wants an exception thrown; the value is the guest's description of it (see src/jit/service-call.ts). */
export const CARRIER_PENDING = 168;
/** Milliseconds (f64) a STATUS_WAIT lasts at most; negative: no limit. */
export const CARRIER_WAIT_TIME = 176;
/**
 * Transfer area: how values pass between a service and compiled code, never across a safepoint. A root block: its words are references.
 * Word 0 is the exception, word 1 the result, the others arguments.
 */
export const CARRIER_REFS = 512;
export const CARRIER_REF_WORDS = 400;
export const REF_EXCEPTION = 0;
export const REF_RESULT = 1;
export const REF_ARGS = 2;
/** Non-reference values: 8 bytes each; number 0 is the result, the others arguments. */
export const CARRIER_PRIMS = 2560;
export const CARRIER_PRIM_COUNT = 300;

/**
 * Between an interpreted function's trampoline and the interpreter (src/wasm/trampolines.ts), never across a safepoint: arguments, or the
 * result or exception as number 0, 8 bytes each; and the call that is wanted.
 */
export const CARRIER_CALL_SP = 192;
export const CARRIER_CALL_TARGET = 196;
export const CARRIER_CALL_HIDDEN = 200;
export const CARRIER_CALL_INVOKER = 204;
export const CARRIER_VALUES = 5120;
export const CARRIER_VALUE_COUNT = 300;

/** Carrier states. SAFE: no raw reference is held; the collector may run. */
export const STATE_RUNNING = 0;
export const STATE_SAFE = 1;

export const REQUEST_NONE = 0;
export const REQUEST_POSTED = 1;
export const REQUEST_DONE = 2;

export const STATUS_RETURN = 0;
export const STATUS_THROW = 1;
export const STATUS_UPCALL = 2;
/** The thread is to park until it is unparked, then continue the service. */
export const STATUS_WAIT = 3;

// ---- root blocks --------------------------------------------------------------------------------------------------------------
/** A block of roots: next block, number of words in use, the words. */
export const ROOTS_NEXT = 0;
export const ROOTS_USED = 4;
export const ROOTS_WORDS = 8;

// ---- thread records -----------------------------------------------------------------------------------------------------------
export const THREAD_NEXT = 0;
export const THREAD_ID = 4;
/** See src/threads: NEW, RUNNABLE, RUNNING, PARKED, DONE. */
export const THREAD_STATE = 8;
/** Stack pointer at the last safepoint; 0: no frames. The collector walks frames from here. */
export const THREAD_SP = 12;
export const THREAD_STACK_LOW = 16;
export const THREAD_STACK_HIGH = 20;
export const THREAD_STACK_LIMIT = 24;
/** Its carrier's record; 0: it has not begun. */
export const THREAD_CARRIER = 28;
export const THREAD_READY_NEXT = 32;
/** Park permit: 0 none, 1 available. */
export const THREAD_PERMIT = 36;
/** What the thread waits for in a monitor: WAITS_*. Written by its carrier. */
export const THREAD_WAITS = 40;
export const THREAD_FLAGS = 44;
/** Slot and argument of the function the thread starts with. */
export const THREAD_ENTRY = 48;
/** Monitors: the next thread in a queue, and the monitor it waits for. */
export const THREAD_QUEUE_NEXT = 52;
export const THREAD_MONITOR = 56;
export const THREAD_SAVED_COUNT = 60;
/** The guest's words (not references). */
export const THREAD_GUEST = 64;
export const THREAD_GUEST_BYTES = 64;
/** A root block of references that belong to the thread; word 0 is the guest's thread object, the last one the substrate's. */
export const THREAD_REFS = 128;
export const THREAD_REF_WORDS = 14;
/** Number of the reference word that holds the object whose monitor the thread waits for: see THREAD_WAITS. */
export const REF_BLOCKER = 13;
/** How often the thread had to wait to enter a monitor, and how often it waited for anything else (monitors' waits, parks). */
export const THREAD_BLOCKED_COUNT = 192;
export const THREAD_WAITED_COUNT = 196;
/** Before THREAD_NEXT in the list of threads; 0: the first. */
export const THREAD_PREVIOUS = 200;
/** Monitors: the queue that the thread is in (address of its head; 0: none), and who is before it there. */
export const THREAD_QUEUE = 204;
export const THREAD_QUEUE_PREVIOUS = 208;
/** How often the thread has given way since it last waited, or began. */
export const THREAD_SLICES = 212;
export const THREAD_BYTES = 256;

// ---- frames and call sites ----------------------------------------------------------------------------------------------------
/**
 * Stacks grow down. A frame begins (at its lowest address, the stack pointer its callees get) with the address of the record of
 * the call site at which it stands; references and frame areas follow, as the site's map says. The frame of the caller begins
 * SITE_FRAME_BYTES above it. The bottom frame's site has SITE_FRAME_BYTES = 0.
 */
export const FRAME_SITE = 0;
export const FRAME_SLOTS = 4;

/** Size of the frame in bytes, a multiple of 8; 0: no frame above. */
export const SITE_FRAME_BYTES = 0;
/** Func.id of the function. */
export const SITE_FUNCTION = 4;
/** Inst.pos; POS_ENTRY: the stack check where the function begins, POS_INSIDE: one further in, before code that is seldom run. */
export const SITE_POS = 8;
export const POS_ENTRY = -1;
export const POS_INSIDE = -0x80000000;
/** Number of 32-bit words of the map. */
export const SITE_MAP_WORDS = 12;
/**
 * Two bits per word of the frame after FRAME_SITE: 0 nothing, 1 reference, 2 interior reference. 16 frame words per map word, lowest bits first.
 * After the map: 0, or if the function is expanded in another one, the address of the record of that call, of which SITE_FUNCTION, SITE_POS
 * and the word after the map count. So one frame may stand for several calls, innermost first.
 */
export const SITE_MAP = 16;
export const MAP_REF = 1;
export const MAP_IREF = 2;

// ---- slots --------------------------------------------------------------------------------------------------------------------
/** Address of the slot's code record; 0: not compiled. */
export const SLOT_CODE = 0;
/** Counts down at calls and in loops of code of the first tier; at 0 or below the slot goes into the queue of CONTROL_HOT_SLOTS. */
export const SLOT_HEAT = 4;
/** Signature number, and the guest's id of the function. */
export const SLOT_SIGNATURE = 8;
export const SLOT_FUNCTION = 12;
/** In the queue of hot slots: HOT_QUEUED | the slot behind it (0: none). 0: may be queued. HOT_DONE: not now. */
export const SLOT_NEXT_HOT = 16;
export const SLOT_BYTES = 20;
export const HOT_QUEUED = 0x80000000;
export const HOT_DONE = 0xffffffff;

// ---- code records -------------------------------------------------------------------------------------------------------------
/** Number of bytes, and CODE_IS_*; then the bytes. Never changed. */
export const CODE_BYTES = 0;
export const CODE_START = 8;
/** Not code, but what an interpreter takes: see src/mixed/text.ts. */
export const CODE_IS_INTERPRETED = 0x40000000;
/** To be optimised before it runs: a single call may run long. */
export const CODE_IS_OPTIMIZED = 0x80000000;
/** A function of a batch: instead of the number of bytes its number there, instead of the bytes the batch's address. */
export const CODE_IS_MEMBER = 0x20000000;

/** Functions compiled as one module, whose exports are "f0", "f1" …: the batch before; bytes and their number; functions; then of each slot and code record. */
export const BATCH_PREVIOUS = 0;
export const BATCH_CODE = 4;
export const BATCH_CODE_BYTES = 8;
export const BATCH_COUNT = 12;
export const BATCH_MEMBERS = 16;
export const MEMBER_SLOT = 0;
export const MEMBER_CODE = 4;
export const MEMBER_BYTES = 8;

// ---- objects and their types --------------------------------------------------------------------------------------------------
/**
 * The first word of every collected object is the address of its type record (a multiple of 8; the collector uses bit 0 for
 * forwarding while the world is stopped). Everything else of the header is the guest's. Objects are multiples of 8 bytes.
 */
export const OBJECT_TYPE = 0;
export const OBJECT_ALIGN = 8;

/** TYPE_KIND_*. */
export const TYPE_KIND = 0;
/** Fixed size: bytes of an instance, a multiple of 8. Arrays: offset of the first element. */
export const TYPE_SIZE = 4;
/** Arrays: bytes of one element. */
export const TYPE_ELEMENT_BYTES = 8;
/** Address of a list of references: count, then byte offsets (u32 each) from the object, or from an array's element. 0: none. */
export const TYPE_REFS = 12;
/** Arrays: offset of the i32 number of elements. */
export const TYPE_LENGTH_OFFSET = 16;
/** References with a strength: REFERENCE_*, offset of the referent, of the link (used for lists), of the field that must be 0 while active. */
export const TYPE_STRENGTH = 20;
/** Custom types: number of the tracer (not 0), in the place of the strength. */
export const TYPE_TRACER = 20;
/** Soft references: offset of the 64-bit time of the last use, in milliseconds of the guest's clock (Heap.setSoftClock); 0: there is none. */
export const TYPE_STAMP = 16;
export const TYPE_REFERENT = 24;
export const TYPE_LINK = 28;
export const TYPE_ACTIVE = 32;
/** Address of the type's name for dumps: u32 byte count, UTF-8. 0: none. */
export const TYPE_NAME = 36;
/** The guest's words begin here. */
export const TYPE_GUEST = 40;

/** References at the offsets of TYPE_REFS. */
export const TYPE_KIND_FIXED = 0;
/** Array of elements without references. */
export const TYPE_KIND_DATA = 1;
/** Array whose elements are references. */
export const TYPE_KIND_REFS = 2;
/** Array whose elements are structures with references at the offsets of TYPE_REFS. */
export const TYPE_KIND_STRUCTS = 3;
/** FIXED, and in addition a reference of the given strength; the referent and link are not in TYPE_REFS. */
export const TYPE_KIND_REFERENCE = 4;
/** The guest's tracer TYPE_TRACER finds the references. TYPE_SIZE bytes; if TYPE_ELEMENT_BYTES is not 0, an array as to its size. */
export const TYPE_KIND_CUSTOM = 5;

export const REFERENCE_SOFT = 1;
export const REFERENCE_WEAK = 2;
export const REFERENCE_FINAL = 3;
export const REFERENCE_PHANTOM = 4;
