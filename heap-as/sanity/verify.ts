/**
 * The heap verifier, with the world stopped. What it holds true:
 *
 *   H1  all memory in use is rows of objects and fillers without gap (spaces/rows.ts)
 *   H2  each object's type record is an 8-aligned address in non-moving memory with a known kind and a possible shape
 *   H3  each reference in an object (dead ones too), an immortal object or a root is 0 or the exact start of an object
 *   H4  each frame of each stack has a site record in non-moving memory
 *   H5  an interior reference to collected memory lies in the part in use
 *   H6  each reference of an old object to a young one lies on a marked card
 *
 * The first violation is left in the error record (HEAP_ERROR*).
 */
import {
  BLOCK_LARGE_YOUNG,
  CONTROL_FIXED_END,
  CONTROL_HEAP_END,
  CONTROL_HEAP_START,
  CONTROL_THREADS,
  CONTROL_WEAK_ROOTS,
  CONTROL_PLAN,
  FILLER,
  FRAME_SITE,
  HEAP_BLOCKS_START,
  HEAP_CURRENT,
  HEAP_ERROR,
  HEAP_ERROR_OBJECT,
  HEAP_ERROR_SLOT,
  HEAP_ERROR_VALUE,
  HEAP_FIXED_START,
  HEAP_GRAYS,
  HEAP_IMMORTAL,
  LOG_BLOCK_BYTES,
  PLAN_STICKYMS,
  REFERENCE_PHANTOM,
  REFERENCE_SOFT,
  ROOTS_NEXT,
  SITE_FRAME_BYTES,
  THREAD_NEXT,
  THREAD_SP,
  TYPE_ELEMENT_BYTES,
  TYPE_KIND,
  TYPE_KIND_CUSTOM,
  TYPE_KIND_DATA,
  TYPE_KIND_FIXED,
  TYPE_KIND_REFERENCE,
  TYPE_KIND_REFS,
  TYPE_KIND_STRUCTS,
  TYPE_LENGTH_OFFSET,
  TYPE_LINK,
  TYPE_REFERENT,
  TYPE_REFS,
  TYPE_SIZE,
  TYPE_STRENGTH,
  TYPE_TRACER,
  VERIFY_CARD,
  VERIFY_FRAME,
  VERIFY_INTERIOR,
  VERIFY_NO_TYPE,
  VERIFY_OBJECT_SIZE,
  VERIFY_REFERENCE,
  VERIFY_ROOT,
  VERIFY_STRENGTH,
  VERIFY_TRACER,
  VERIFY_TYPE_ADDRESS,
  VERIFY_TYPE_KIND,
  VERIFY_TYPE_SHAPE,
} from "../layout.gen";
import { Buffers } from "../buffers";
import { Malloc } from "../malloc";
import { Objects, Visitor } from "../objects";
import { Roots } from "../roots";
import { BLOCK_MARK_BYTES, Marks } from "../policies/marks";
import { Blocks } from "../spaces/blocks";
import { BumpSpace } from "../spaces/bump";
import { Cards } from "../spaces/cards";
import { Immortal, IMMORTAL_HEADER_BYTES } from "../spaces/immortal";
import { Rows } from "../spaces/rows";
import { Young } from "../spaces/young";

// Valid during one run only.
/** [start, start + bytes): what `starts` covers: the bump space, or all blocks. */
let start: usize = 0;
let bytes: usize = 0;
/** One bit per 8 bytes: an object starts here. 0: there was no memory for it. */
let starts: usize = 0;
/** The object whose references are looked at; 0: roots. */
let current: usize = 0;
let running: bool = false;
/** Whether the plan has generations. */
let hasAges: bool = false;
/** Whether old is what has its mark (plans/stickyms.ts). */
let isSticky: bool = false;

function report(code: u32, object: usize, slot: usize, value: u32): void {
  if (load<u32>(HEAP_ERROR)) return;
  store<u32>(HEAP_ERROR, code);
  store<u32>(HEAP_ERROR_OBJECT, <u32>object);
  store<u32>(HEAP_ERROR_SLOT, <u32>slot);
  store<u32>(HEAP_ERROR_VALUE, value);
}

class Checker extends Visitor {
  slot(slot: usize): void {
    const object = <usize>load<u32>(slot);
    if (!object) return;
    if (!Checker.isObject(object)) report(current ? VERIFY_REFERENCE : VERIFY_ROOT, current, slot, <u32>object);
    else if (hasAges && current && !Checker.isYoung(current) && Checker.isYoung(object)) Checker.card(slot, object);
  }

  private static isYoung(object: usize): bool {
    if (Young.holds(object)) return true;
    const index = Blocks.indexOf(object);
    if (index >= Blocks.count()) return false;
    return isSticky ? !Marks.isMarked(object) : Blocks.state(index) == BLOCK_LARGE_YOUNG;
  }

  /** H6. Objects of custom types are in a list instead. */
  private static card(slot: usize, object: usize): void {
    if (Cards.isMarked(slot) || load<u32>(load<u32>(current), TYPE_KIND) == TYPE_KIND_CUSTOM) return;
    report(VERIFY_CARD, current, slot, <u32>object);
  }

  interior(slot: usize): void {
    const address = <usize>load<u32>(slot);
    if (address < load<u32>(CONTROL_HEAP_START) || address >= load<u32>(CONTROL_HEAP_END)) return;
    if (!Rows.hold(address)) report(VERIFY_INTERIOR, current, slot, <u32>address);
  }

  reference(object: usize, type: usize): void {
    this.slot(object + load<u32>(type, TYPE_REFERENT));
    this.slot(object + load<u32>(type, TYPE_LINK));
  }

  private static isObject(address: usize): bool {
    if (address & 7) return false;
    if (address - start >= bytes) return Blocks.beginAt(address) || Immortal.holds(address);
    const index = <u32>(address - start) >> 3;
    if (starts) return ((load<u32>(starts + ((index >> 5) << 2)) >> (index & 31)) & 1) != 0;
    return Verifier.typeError(load<u32>(address)) == 0;
  }
}

export abstract class Verifier {
  /** 0, or the address of the error record. */
  static run(): usize {
    memory.fill(HEAP_ERROR, 0, 16);
    Buffers.retireAll();
    isSticky = load<u32>(CONTROL_PLAN) == PLAN_STICKYMS;
    hasAges = isSticky || Young.bytes() != 0;
    if (isSticky) Marks.begin();
    const space = <usize>load<u32>(HEAP_CURRENT);
    const grays = <usize>load<u32>(HEAP_GRAYS);
    start = space ? BumpSpace.start(space) : load<u32>(HEAP_BLOCKS_START);
    bytes = space ? BumpSpace.used(space) : Blocks.count() << LOG_BLOCK_BYTES;
    // Between collections nothing is gray.
    starts = grays ? grays : Malloc.allocate(<u32>(bytes >> 6) + 8, 8);
    for (let row = Rows.next(0); row; row = Rows.next(Rows.end))
      Verifier.types(Rows.start, Rows.end, Rows.start - start < bytes);
    // Without H1 and H2 nothing else can be walked.
    for (let chunk = <usize>load<u32>(HEAP_IMMORTAL); chunk; chunk = load<u32>(chunk)) {
      Verifier.types(chunk + IMMORTAL_HEADER_BYTES, load<u32>(chunk, 4), false);
    }
    for (let thread = <usize>load<u32>(CONTROL_THREADS); thread; thread = load<u32>(thread, THREAD_NEXT))
      Verifier.frames(thread);
    running = true;
    if (!load<u32>(HEAP_ERROR)) Verifier.references();
    running = false;
    if (!grays) Malloc.free(starts);
    else if (space) memory.fill(grays, 0, (bytes >> 6) + 8);
    else
      for (let i: u32 = 0; i < Blocks.count(); i++)
        if (Blocks.state(i)) memory.fill(grays + i * BLOCK_MARK_BYTES, 0, BLOCK_MARK_BYTES);
    return load<u32>(HEAP_ERROR) ? <usize>HEAP_ERROR : 0;
  }

  /** Whether it is looking at references now. */
  static runs(): bool {
    return running;
  }

  /** For what a tracer of the guest finds. */
  static visit(slot: usize): void {
    changetype<Checker>(0).slot(slot);
  }

  private static references(): void {
    const checker = changetype<Checker>(0);
    current = 0;
    Roots.visit<Checker>(checker);
    for (let block = <usize>load<u32>(CONTROL_WEAK_ROOTS); block; block = load<u32>(block, ROOTS_NEXT)) {
      Roots.block<Checker>(checker, block);
    }
    for (let row = Rows.next(0); row; row = Rows.next(Rows.end)) {
      let object = Rows.start;
      const end = Rows.end;
      while (object < end) {
        const word = load<u32>(object);
        current = object;
        object += word & FILLER ? word & ~7 : Objects.visit<Checker>(checker, object, word);
      }
    }
  }

  /** H1 and H2 over [object, end); notes where objects start. */
  private static types(object: usize, end: usize, mark: bool): void {
    while (object < end) {
      const word = load<u32>(object);
      let size: u32 = word & ~7;
      if (!(word & FILLER)) {
        const error = Verifier.typeError(word);
        if (error) return report(error, object, object, word);
        size = Objects.size(object, word);
        if (mark && starts) {
          const index = <u32>(object - start) >> 3;
          const word = starts + ((index >> 5) << 2);
          store<u32>(word, load<u32>(word) | ((<u32>1) << (index & 31)));
        }
      }
      if (size < 8 || size > <u32>(end - object)) return report(VERIFY_OBJECT_SIZE, object, object, size);
      object += size;
    }
  }

  /** What is wrong with a type word; 0: nothing. */
  static typeError(type: u32): u32 {
    if (!type) return VERIFY_NO_TYPE;
    if (type & 7 || !Verifier.isFixed(type)) return VERIFY_TYPE_ADDRESS;
    const kind = load<u32>(type, TYPE_KIND);
    if (kind > TYPE_KIND_CUSTOM) return VERIFY_TYPE_KIND;
    const size = load<u32>(type, TYPE_SIZE);
    if (kind == TYPE_KIND_FIXED || kind == TYPE_KIND_REFERENCE) {
      if (size & 7 || size < 8) return VERIFY_TYPE_SHAPE;
      if (!Verifier.listFits(load<u32>(type, TYPE_REFS), size)) return VERIFY_TYPE_SHAPE;
      if (kind == TYPE_KIND_REFERENCE) {
        const strength = load<u32>(type, TYPE_STRENGTH);
        if (strength < REFERENCE_SOFT || strength > REFERENCE_PHANTOM) return VERIFY_STRENGTH;
        if (load<u32>(type, TYPE_REFERENT) > size - 4 || load<u32>(type, TYPE_LINK) > size - 4)
          return VERIFY_TYPE_SHAPE;
      }
      return 0;
    }
    const stride = load<u32>(type, TYPE_ELEMENT_BYTES);
    if (kind == TYPE_KIND_CUSTOM) {
      if (!load<u32>(type, TYPE_TRACER)) return VERIFY_TRACER;
      if (!stride) return size & 7 || size < 8 ? VERIFY_TYPE_SHAPE : 0;
    }
    if (size < 8 || !stride || load<u32>(type, TYPE_LENGTH_OFFSET) > size - 4) return VERIFY_TYPE_SHAPE;
    if (kind == TYPE_KIND_REFS && (stride != 4 || size & 3)) return VERIFY_TYPE_SHAPE;
    if (kind == TYPE_KIND_STRUCTS && !Verifier.listFits(load<u32>(type, TYPE_REFS), stride)) return VERIFY_TYPE_SHAPE;
    return 0;
  }

  private static listFits(list: u32, size: u32): bool {
    if (!list) return true;
    if (!Verifier.isFixed(list)) return false;
    const count = load<u32>(list);
    if (count > size >> 2) return false;
    for (let i: u32 = 0; i < count; i++) {
      const offset = load<u32>(list + 4 + (i << 2));
      if (offset & 3 || offset > size - 4) return false;
    }
    return true;
  }

  @inline private static isFixed(address: u32): bool {
    return address >= load<u32>(HEAP_FIXED_START) && address < load<u32>(CONTROL_FIXED_END);
  }

  /** H4. */
  private static frames(thread: usize): void {
    let sp = <usize>load<u32>(thread, THREAD_SP);
    while (sp) {
      const site = load<u32>(sp, FRAME_SITE);
      if (site & 3 || !Verifier.isFixed(site)) return report(VERIFY_FRAME, thread, sp, site);
      const bytes = load<u32>(site, SITE_FRAME_BYTES);
      if (!bytes) return;
      sp += bytes;
    }
  }
}
