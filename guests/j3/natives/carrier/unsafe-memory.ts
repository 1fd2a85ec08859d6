/** jdk.internal.misc.Unsafe: memory outside the collected heap. */
import type { CarrierContext } from "../../carrier/context.ts";
import { STATIC_OFFSET } from "../intrinsics/unsafe.ts";
import type { CarrierNatives } from "../types.ts";

function at(address: bigint): number {
  return Number(BigInt.asUintN(32, address));
}

/** What Unsafe means by an object and an offset. */
function place(object: number, offset: bigint): number {
  return (offset & STATIC_OFFSET) !== 0n ? at(offset) : (object + at(offset)) >>> 0;
}

/** 0: there is none; the library throws then. */
function allocate(c: CarrierContext, bytes: bigint): bigint {
  if (bytes > 0x7fff_0000n) return 0n;
  return BigInt(c.carrier.heap.tryMalloc(Number(bytes)));
}

export const unsafeMemoryNatives: CarrierNatives = {
  direct: {
    "jdk/internal/misc/Unsafe.allocateMemory0(J)J": (c, _sp, _unsafe: number, bytes: bigint) => allocate(c, bytes),
    "jdk/internal/misc/Unsafe.reallocateMemory0(JJ)J": (c, _sp, _unsafe: number, address: bigint, bytes: bigint) => {
      const { heap } = c.carrier;
      const moved = allocate(c, bytes);
      if (moved === 0n || address === 0n) return moved;
      const length = Math.min(heap.mallocSize(at(address)), Number(bytes));
      c.mem.u8.copyWithin(at(moved), at(address), at(address) + length);
      heap.free(at(address));
      return moved;
    },
    "jdk/internal/misc/Unsafe.freeMemory0(J)V": (c, _sp, _unsafe: number, address: bigint) =>
      c.carrier.heap.free(at(address)),
    "jdk/internal/misc/Unsafe.copySwapMemory0(Ljava/lang/Object;JLjava/lang/Object;JJJ)V": (
      c,
      _sp,
      _unsafe: number,
      source: number,
      sourceOffset: bigint,
      target: number,
      targetOffset: bigint,
      bytes: bigint,
      elementBytes: bigint,
    ) => {
      const from = place(source, sourceOffset);
      const to = place(target, targetOffset);
      const [count, size] = [Number(bytes), Number(elementBytes)];
      const copy = c.mem.copyOut(from, count);
      for (let start = 0; start + size <= count; start += size) copy.subarray(start, start + size).reverse();
      c.mem.copyIn(to, copy);
    },
  },
  blocking: {},
};
