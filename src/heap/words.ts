/**
 * The words of the control block that belong to the collectors and to malloc, and the codes they share with this side.
 * Printed with src/layout/index.ts into heap-as/layout.gen.ts. All offsets and sizes are bytes.
 */
import { CONTROL_COLLECTOR, CONTROL_FACTS, CONTROL_MALLOC } from "#layout";

// ---- error record of verify() -------------------------------------------------------------------------------------------------
/** VERIFY_*; then the object at fault (0: a root), the address of the word at fault, and what stands there. */
export const HEAP_ERROR = CONTROL_COLLECTOR + 0;
export const HEAP_ERROR_OBJECT = CONTROL_COLLECTOR + 4;
export const HEAP_ERROR_SLOT = CONTROL_COLLECTOR + 8;
export const HEAP_ERROR_VALUE = CONTROL_COLLECTOR + 12;

/** The type word is 0: memory was allocated and not made an object before the next safepoint. */
export const VERIFY_NO_TYPE = 1;
/** The type word is no multiple of 8, or lies outside non-moving memory. */
export const VERIFY_TYPE_ADDRESS = 2;
export const VERIFY_TYPE_KIND = 3;
/** The type's size is no multiple of 8 where it must be, or its list of references goes beyond the object. */
export const VERIFY_TYPE_SHAPE = 4;
/** The object ends beyond its space. */
export const VERIFY_OBJECT_SIZE = 5;
/** A reference is neither 0 nor the address of an object. */
export const VERIFY_REFERENCE = 6;
/** A root is neither 0 nor the address of an object. */
export const VERIFY_ROOT = 7;
/** A frame's site word is 0 or no address in non-moving memory. */
export const VERIFY_FRAME = 8;
/** An interior reference points into collected memory that is not in use. */
export const VERIFY_INTERIOR = 9;
/** A strength that is none of REFERENCE_*. */
export const VERIFY_STRENGTH = 10;
/** A custom type without a tracer's number. */
export const VERIFY_TRACER = 11;
/** An old object refers to a young one, and the card of the reference is not marked: a store without its write barrier. */
export const VERIFY_CARD = 12;

// ---- what a collection tells of itself: src/heap clears the first four before it, the plan writes them, src/heap reads them after --
/** 1: the collection looked for garbage among young objects only. */
export const FACT_MINOR = CONTROL_FACTS + 0;
/** How many Workers took part; 0 is one. */
export const FACT_COLLECTORS = CONTROL_FACTS + 4;
/** Bytes that left the young space for the mature one (64 bits). */
export const FACT_PROMOTED = CONTROL_FACTS + 8;
/** Collections that an object survives before it is promoted by the next one; 0: the plan has no ages. */
export const FACT_TENURING = CONTROL_FACTS + 16;
/** Of all minor collections: how many, and microseconds (64 bits). Written by src/heap. */
export const FACT_MINORS = CONTROL_FACTS + 20;
export const FACT_MINOR_MICROSECONDS = CONTROL_FACTS + 24;

// ---- the collectors -----------------------------------------------------------------------------------------------------------
/** Non-moving memory begins here (CONTROL_FIXED_END: where it ends). */
export const HEAP_FIXED_START = CONTROL_COLLECTOR + 16;
/** Bytes that the last collection left, immortal objects not included. */
export const HEAP_LIVE = CONTROL_COLLECTOR + 20;
/** Bytes copied by all collections (64 bits). */
export const HEAP_COPIED = CONTROL_COLLECTOR + 24;
/** Microseconds spent in collections (64 bits). Written by src/heap. */
export const HEAP_MICROSECONDS = CONTROL_COLLECTOR + 32;
/** Immortal objects: the newest chunk, and the bump range in it. */
export const HEAP_IMMORTAL = CONTROL_COLLECTOR + 40;
export const HEAP_IMMORTAL_TOP = CONTROL_COLLECTOR + 44;
export const HEAP_IMMORTAL_BYTES = CONTROL_COLLECTOR + 48;
/** A collection is due when this many bytes are in use; never less than the second word says. */
export const HEAP_TRIGGER = CONTROL_COLLECTOR + 52;
export const HEAP_TRIGGER_LEAST = CONTROL_COLLECTOR + 56;
/** Addresses of the records of the bump space that is allocated in, and of the one kept empty (0: none). */
export const HEAP_CURRENT = CONTROL_COLLECTOR + 60;
export const HEAP_OTHER = CONTROL_COLLECTOR + 64;
/** References found with a dead referent, one list per strength, linked by their link fields. Empty between collections. */
export const HEAP_DISCOVERED = CONTROL_COLLECTOR + 68;
/** Records of bump spaces. */
export const HEAP_SPACES = CONTROL_COLLECTOR + 96;
export const SPACE_START = 0;
export const SPACE_END = 4;
/** Next free byte. */
export const SPACE_TOP = 8;
/** From here on nothing was ever written: the memory is zero. */
export const SPACE_VIRGIN = 12;
export const SPACE_BYTES = 16;
/** One word per carrier: bytes of its next allocation buffer. */
export const HEAP_BUFFER_BYTES = CONTROL_COLLECTOR + 256;

// ---- sizes (heap-as/sizing.ts) ------------------------------------------------------------------------------------------------
/** Bytes that the heap never shrinks below; bytes that the guest wants for young objects (0: the plan's choice). */
export const HEAP_LEAST = CONTROL_COLLECTOR + 384;
export const HEAP_YOUNG_WANTED = CONTROL_COLLECTOR + 388;
/** After a collection, the free share of the heap lies between these percentages. */
export const HEAP_MIN_FREE = CONTROL_COLLECTOR + 392;
export const HEAP_MAX_FREE = CONTROL_COLLECTOR + 396;
/** How much free memory the heap gives itself: 0 to SIZING_STEPS. Moved by what collections cost. */
export const HEAP_STEP = CONTROL_COLLECTOR + 400;
/** Bytes that objects may take now: what the heap counts as its own. */
export const HEAP_TOTAL = CONTROL_COLLECTOR + 404;
/** Microseconds since some start, when the last collection began (written by src/heap), and of the last look at costs; then HEAP_MICROSECONDS at that look. 64 bits each. */
export const HEAP_NOW = CONTROL_COLLECTOR + 408;
export const HEAP_LOOKED = CONTROL_COLLECTOR + 416;
export const HEAP_LOOKED_COST = CONTROL_COLLECTOR + 424;
/** Sliding compaction: the table of cells (heap-as/policies/compacting.ts). */
export const HEAP_CELLS = CONTROL_COLLECTOR + 432;
/** Soft references: address of the guest's clock (0: it has none), and for how many milliseconds since the last use each free MiB keeps them. */
export const HEAP_SOFT_CLOCK = CONTROL_COLLECTOR + 436;
export const HEAP_SOFT_MILLISECONDS = CONTROL_COLLECTOR + 440;
/** A collection keeps those that were used at this time or later (64 bits). Written by src/heap. */
export const HEAP_SOFT_SINCE = CONTROL_COLLECTOR + 448;

// ---- generations (heap-as/spaces/young.ts, heap-as/plans/generations.ts) ------------------------------------------------------
/** Bytes of the young space, which is the first blocks; 0: the plan has none. */
export const HEAP_YOUNG_BYTES = CONTROL_COLLECTOR + 456;
/** Address of the record of the half that holds survivors, and of the empty one; the second is 0 if both have some. */
export const HEAP_SURVIVORS = CONTROL_COLLECTOR + 460;
export const HEAP_SURVIVORS_OTHER = CONTROL_COLLECTOR + 464;
/** Bytes of blocks of large objects that were allocated after the last collection. */
export const HEAP_YOUNG_LARGE_BYTES = CONTROL_COLLECTOR + 468;
/** 1: the next collection is to be a major one. */
export const HEAP_WANTS_MAJOR = CONTROL_COLLECTOR + 472;
/** Mature objects of custom types: address of the list (room, number, addresses); 0: none yet. */
export const HEAP_CUSTOMS = CONTROL_COLLECTOR + 476;
/** 1: whatever survives is promoted. For measuring. */
export const HEAP_PROMOTES_AT_ONCE = CONTROL_COLLECTOR + 480;
/** What old objects may take at most; and about how many bytes the next minor collection will promote. */
export const HEAP_MATURE_CAPACITY = CONTROL_COLLECTOR + 484;
export const HEAP_PROMOTES = CONTROL_COLLECTOR + 488;
/** Bytes that would be good for new objects, by how much of them survives; and what the last major collection left. */
export const HEAP_EDEN_WANTED = CONTROL_COLLECTOR + 492;
export const HEAP_MATURE_LIVE = CONTROL_COLLECTOR + 496;

// ---- spaces of blocks (heap-as/spaces/blocks.ts) -----------------------------------------------------------------------------
/** The table of blocks, one record for each (0: the plan has none); address of the first block; how many there are. */
export const HEAP_BLOCKS = CONTROL_COLLECTOR + 512;
export const HEAP_BLOCKS_START = CONTROL_COLLECTOR + 516;
export const HEAP_BLOCK_COUNT = CONTROL_COLLECTOR + 520;
/** No block below this index is free. */
export const HEAP_BLOCK_HINT = CONTROL_COLLECTOR + 524;
/** Large objects: bytes of their blocks, and index of the lowest one (HEAP_BLOCK_COUNT: there is none). */
export const HEAP_LARGE_BYTES = CONTROL_COLLECTOR + 528;
export const HEAP_LARGE_LOWEST = CONTROL_COLLECTOR + 532;
/** Bytes in blocks of small objects that were handed out, and what the last collection left there. */
export const HEAP_SMALL_BYTES = CONTROL_COLLECTOR + 536;
/** Mark bits, and the bits of gray objects for which there was no other memory: one per 8 bytes of block. 0: the plan does not mark. */
export const HEAP_MARKS = CONTROL_COLLECTOR + 540;
export const HEAP_GRAYS = CONTROL_COLLECTOR + 544;
/** Bytes of blocks in use. */
export const HEAP_BLOCK_BYTES = CONTROL_COLLECTOR + 556;
/** Immix: the hole that objects above a line come from. */
export const HEAP_OVERFLOW = CONTROL_COLLECTOR + 560;
/** Immix: the first hole, by address. MarkSweep: address of the heads of HOLE_LISTS lists, by size. */
export const HEAP_HOLES = CONTROL_COLLECTOR + 576;

/** Eden's size by that of a half for survivors, in plans with generations; 0: the plan's choice. */
export const HEAP_SURVIVOR_RATIO = CONTROL_COLLECTOR + 580;

// ---- several collectors (heap-as/parallel) ------------------------------------------------------------------------------------
/** The collectors' records, MAX_COLLECTORS of them; number 0 is that of whoever runs the collection. */
export const HEAP_COLLECTORS = CONTROL_COLLECTOR + 640;
/** Guards the packets of gray objects and the number of collectors at work. */
export const HEAP_GRAY_LOCK = CONTROL_COLLECTOR + 644;
/** Packets of gray objects for whoever has nothing to do; empty packets, and how many. Linked by PACKET_NEXT. */
export const HEAP_PACKETS = CONTROL_COLLECTOR + 648;
export const HEAP_PACKETS_FREE = CONTROL_COLLECTOR + 652;
export const HEAP_PACKETS_FREE_COUNT = CONTROL_COLLECTOR + 656;
/**
 * Gray objects for which there was no memory: copies, by their originals, linked by their second words; 1 if some have bits of HEAP_GRAYS; large ones, by
 * index + 1; regions of copies, by their end marks.
 */
export const HEAP_SPILLED = CONTROL_COLLECTOR + 660;
export const HEAP_SPILLED_MARKS = CONTROL_COLLECTOR + 664;
export const HEAP_SPILLED_LARGE = CONTROL_COLLECTOR + 668;
export const HEAP_SPILLED_REGIONS = CONTROL_COLLECTOR + 680;
/** 1: this collection clears soft references. */
export const HEAP_CLEAR_SOFT = CONTROL_COLLECTOR + 672;
/** Address of the map of where objects begin that interior references need (spaces/object-map.ts); 0: not made. */
export const HEAP_OBJECT_MAP = CONTROL_COLLECTOR + 676;

/** Collectors besides whoever runs the collection: that have joined; that the host is to make. */
export const HEAP_HELPERS = CONTROL_COLLECTOR + 684;
export const HEAP_HELPERS_WANTED = CONTROL_COLLECTOR + 688;
/** Collectors at most; several take part when so many bytes are likely to be traced. */
export const HEAP_COLLECTORS_MOST = CONTROL_COLLECTOR + 692;
export const HEAP_PARALLEL_BYTES = CONTROL_COLLECTOR + 696;
/** This collection: collectors that may take part; what they do now (TASK_*); helpers at work; collectors that look for work. */
export const HEAP_TEAM = CONTROL_COLLECTOR + 700;
export const HEAP_TASK = CONTROL_COLLECTOR + 704;
export const HEAP_ACTIVE = CONTROL_COLLECTOR + 708;
export const HEAP_HUNGRY = CONTROL_COLLECTOR + 712;
/** Goes up when there may be something to do for those who sleep. */
export const HEAP_BELL = CONTROL_COLLECTOR + 716;
/** 1: there may be roots that nobody has claimed; how many were; how many pieces of the task's other work were, and how many there are. */
export const HEAP_ROOTS_OPEN = CONTROL_COLLECTOR + 720;
export const HEAP_CLAIMS = CONTROL_COLLECTOR + 724;
export const HEAP_STRIPES = CONTROL_COLLECTOR + 728;
export const HEAP_STRIPES_END = CONTROL_COLLECTOR + 732;
/** Packet of objects of custom kinds that helpers have met: the guest's tracers are with whoever runs the collection. */
export const HEAP_DEFERRED = CONTROL_COLLECTOR + 736;
/** Packets that were shared, by all collections. */
export const HEAP_SHARED = CONTROL_COLLECTOR + 740;
/** Of each stripe that is swept: its first hole, and where the address of the next stripe's goes. 0: there is no such table. */
export const HEAP_STRIPE_HOLES = CONTROL_COLLECTOR + 552;
/** Bytes that the last collection of young objects has copied. */
export const HEAP_MINOR_COPIED = CONTROL_COLLECTOR + 548;

/** Which tracer runs, in plans that have several (TRACER_*). */
export const HEAP_TRACER = CONTROL_COLLECTOR + 744;

/** By what collections have cost (src/heap/pace.ts): 1 if one collector is to do the next major one alone; 2, the next minor one. */
export const HEAP_ALONE = CONTROL_COLLECTOR + 748;
/** Nanoseconds for each KiB traced (f32; 0: not known): major ones by one collector, by several; minor ones. */
export const HEAP_COSTS = CONTROL_COLLECTOR + 752;

/** The plan's usual one: of blocks, marking; of generations, the minor one. */
export const TRACER_USUAL = 0;
export const TRACER_MARKING = 1;
export const TRACER_EVACUATING = 2;

export const TASK_NONE = 0;
export const TASK_TRACE = 1;
export const TASK_SWEEP = 2;

export const MAX_COLLECTORS = 16;
export const COPY_DESTINATIONS = 4;
/** A collector's record: its stack of gray objects; its copy buffers, one for each destination. */
export const COLLECTOR_STACK = 0;
/** 1: it has taken part in this collection. */
export const COLLECTOR_HELPED = 4;
export const COLLECTOR_COPIES = 16;
/** A copy buffer: next free byte, and one past the last (what is kept for the end mark not included); how far its copies were visited; bytes copied. */
export const COPIES_TOP = 0;
export const COPIES_LIMIT = 4;
export const COPIES_SCAN = 8;
export const COPIES_BYTES = 12;
export const LOG_COPIES_BYTES = 4;
/** Lists of holes by size: one for every 8 bytes below 512, one for every power of two from there to BLOCK_BYTES (spaces/marksweep.ts). */
export const HOLE_LISTS = 71;
/** Holes that it has found in blocks, before they are everybody's: heads and last ones of the lists. */
export const COLLECTOR_HOLES = 128;
export const COLLECTOR_LAST_HOLES = COLLECTOR_HOLES + 4 * HOLE_LISTS;
export const COLLECTOR_BYTES = COLLECTOR_LAST_HOLES + 4 * (HOLE_LISTS + 1);
/** A packet: the next one, bytes in use, entries. */
export const PACKET_NEXT = 0;
export const PACKET_USED = 4;
export const PACKET_ENTRIES = 8;

export const LOG_BLOCK_BYTES = 15;
export const BLOCK_BYTES = 1 << LOG_BLOCK_BYTES;
/** A block's record: its state; of a large object's first block the number of its blocks, of the others the index of the first (SMALL: immix.ts). */
export const BLOCK_STATE = 0;
export const BLOCK_EXTENT = 4;
/** Next in the list of large objects that are yet to be visited: index + 1 (SMALL: immix.ts). */
export const BLOCK_NEXT = 8;
/** Not 0: was in use, so it is not zero. */
export const BLOCK_DIRTY = 12;
export const BLOCK_RECORD_BYTES = 16;
export const BLOCK_FREE = 0;
/** A row of small objects and fillers. */
export const BLOCK_SMALL = 1;
/** The first block of a large object; with the mark, it lives. */
export const BLOCK_LARGE = 2;
export const BLOCK_LARGE_MARKED = 3;
/** Another block of a large object. */
export const BLOCK_REST = 4;
/** The first block of a large object that was allocated after the last collection, in plans with generations. */
export const BLOCK_LARGE_YOUNG = 5;
/** Belongs to the young space. */
export const BLOCK_YOUNG = 6;

/** A word in place of a type record's address: the low 3 bits are FILLER, the others the number of bytes to skip. */
export const FILLER = 4;

/** Numbers of the plans, in CONTROL_PLAN. */
export const PLAN_NOGC = 0;
export const PLAN_SEMISPACE = 1;
export const PLAN_MARKSWEEP = 2;
export const PLAN_IMMIX = 3;
export const PLAN_MARKCOMPACT = 4;
export const PLAN_GENCOPY = 5;
export const PLAN_GENMS = 6;
export const PLAN_GENIMMIX = 7;
export const PLAN_STICKYMS = 8;

// ---- malloc -------------------------------------------------------------------------------------------------------------------
/** Bytes in use, block headers included; and the number of blocks. */
export const MALLOC_USED = CONTROL_MALLOC + 0;
export const MALLOC_BLOCKS = CONTROL_MALLOC + 4;
/** From here on nothing was ever written. */
export const MALLOC_VIRGIN = CONTROL_MALLOC + 8;
/** Which first-level classes have free blocks; per first level, which second-level classes; the lists. */
export const MALLOC_FIRST = CONTROL_MALLOC + 16;
export const MALLOC_SECOND = CONTROL_MALLOC + 32;
export const MALLOC_LISTS = CONTROL_MALLOC + 160;

/** What freed memory is filled with under CONTROL_CHECK. */
export const POISON_BYTE = 0xdb;
