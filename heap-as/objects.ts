/**
 * The object model: what a type record says about the objects whose first word is its address (src/layout/index.ts, TYPE_*).
 *
 *   first word of an object          ...000 type record      the object is here
 *   while the world is stopped       ...001 address          forwarded: the object is there now (parallel/forwarding.ts)
 *   in gaps between objects          ...100 bytes            filler: skip so many bytes; 8 at least
 */
import {
  CONTROL_HAS_CUSTOMS,
  FILLER,
  TYPE_ELEMENT_BYTES,
  TYPE_KIND,
  TYPE_KIND_CUSTOM,
  TYPE_KIND_DATA,
  TYPE_KIND_FIXED,
  TYPE_KIND_REFERENCE,
  TYPE_KIND_REFS,
  TYPE_KIND_STRUCTS,
  TYPE_LENGTH_OFFSET,
  TYPE_REFS,
  TYPE_SIZE,
} from "./layout.gen";
import { trace } from "./env";
import { Packets } from "./parallel/packets";
import { Self } from "./parallel/team";

export const FORWARDED: u32 = 1;
/** The object is being moved by a collector that others wait for (policies/evacuating.ts). */
export const BUSY: u32 = 2;

/** What is done with references. One subclass per purpose; the functions that find references are generic in it, so calls are direct. */
export abstract class Visitor {
  /** A word that holds 0 or a reference. */
  abstract slot(slot: usize): void;
  /** A word of a frame that holds 0 or an address, maybe inside an object. */
  abstract interior(slot: usize): void;
  /** The referent and link of an object of kind REFERENCE. */
  abstract reference(object: usize, type: usize): void;
}

export abstract class Objects {
  /** Bytes of an object of this type, a multiple of 8. `object` is read for arrays only. */
  @inline static size(object: usize, type: usize): u32 {
    const kind = load<u32>(type, TYPE_KIND);
    if (kind == TYPE_KIND_FIXED || kind == TYPE_KIND_REFERENCE) return load<u32>(type, TYPE_SIZE);
    const length = load<u32>(object + load<u32>(type, TYPE_LENGTH_OFFSET));
    return (load<u32>(type, TYPE_SIZE) + length * load<u32>(type, TYPE_ELEMENT_BYTES) + 7) & ~7;
  }

  /** Writes a filler over [start, end), which is no object any more, or not yet. */
  @inline static fill(start: usize, end: usize): void {
    if (end > start) store<u32>(start, <u32>(end - start) | FILLER);
  }

  /** Visits the references of an object; returns its size. */
  @inline static visit<V extends Visitor>(visitor: V, object: usize, type: usize): u32 {
    const kind = load<u32>(type, TYPE_KIND);
    if (kind == TYPE_KIND_FIXED) {
      Objects.visitListed<V>(visitor, object, load<u32>(type, TYPE_REFS));
      return load<u32>(type, TYPE_SIZE);
    }
    return Objects.visitOther<V>(visitor, object, type, kind);
  }

  private static visitOther<V extends Visitor>(visitor: V, object: usize, type: usize, kind: u32): u32 {
    const size = load<u32>(type, TYPE_SIZE);
    if (kind == TYPE_KIND_REFERENCE) {
      Objects.visitListed<V>(visitor, object, load<u32>(type, TYPE_REFS));
      visitor.reference(object, type);
      return size;
    }
    const length = load<u32>(object + load<u32>(type, TYPE_LENGTH_OFFSET));
    const stride = load<u32>(type, TYPE_ELEMENT_BYTES);
    const first = object + size;
    const end = first + length * stride;
    if (kind == TYPE_KIND_REFS || kind == TYPE_KIND_STRUCTS) Objects.visitElements<V>(visitor, type, first, end);
    else if (kind == TYPE_KIND_CUSTOM) Objects.visitCustom(object);
    return (size + length * stride + 7) & ~7;
  }

  private static visitCustom(object: usize): void {
    store<u32>(CONTROL_HAS_CUSTOMS, 1);
    if (Self.number) Packets.defer(object);
    else trace(object);
  }

  /** Visits the references in the elements [at, end) of an array of references or structures. */
  static visitElements<V extends Visitor>(visitor: V, type: usize, at: usize, end: usize): void {
    if (load<u32>(type, TYPE_KIND) == TYPE_KIND_REFS) {
      for (; at < end; at += 4) visitor.slot(at);
      return;
    }
    const stride = load<u32>(type, TYPE_ELEMENT_BYTES);
    const list = load<u32>(type, TYPE_REFS);
    for (; at < end; at += stride) Objects.visitListed<V>(visitor, at, list);
  }

  /** Whether objects of the type may hold references. */
  @inline static hasReferences(type: usize): bool {
    const kind = load<u32>(type, TYPE_KIND);
    return kind == TYPE_KIND_FIXED ? load<u32>(type, TYPE_REFS) != 0 : kind != TYPE_KIND_DATA;
  }

  /** Visits the words at the offsets in a list (0: none). */
  @inline static visitListed<V extends Visitor>(visitor: V, base: usize, list: usize): void {
    if (!list) return;
    const end = list + 4 + (load<u32>(list) << 2);
    for (let at = list + 4; at < end; at += 4) visitor.slot(base + load<u32>(at));
  }
}
