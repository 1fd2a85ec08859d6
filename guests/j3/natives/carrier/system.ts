/** Clocks, memory, and the process. */
import { WORD_NO_EXPLICIT_GC } from "../../runtime/words.ts";
import type { CarrierNatives } from "../types.ts";

/** VM.getNanoTimeAdjustment gives -1 for offsets further away than so many seconds. */
const MAX_DIFFERENCE = 0x1_0000_0000n;
const BILLION = 1_000_000_000n;

export const systemNatives: CarrierNatives = {
  direct: {
    "java/lang/System.currentTimeMillis()J": () => BigInt(Date.now()),
    "java/lang/System.nanoTime()J": (c) => c.host.clock.monotonic(),
    "jdk/internal/misc/VM.getNanoTimeAdjustment(J)J": (c, _sp, offset: bigint) => {
      const now = c.host.clock.wall();
      const difference = now / BILLION - offset;
      if (difference >= MAX_DIFFERENCE || difference <= -MAX_DIFFERENCE) return -1n;
      return now - offset * BILLION;
    },
    "java/lang/Runtime.availableProcessors()I": (c) => c.host.system.processors,
    "java/lang/Runtime.maxMemory()J": (c) => BigInt(c.carrier.heap.statistics().max),
    "java/lang/Runtime.totalMemory()J": (c) => BigInt(c.carrier.heap.statistics().total),
    "java/lang/Runtime.freeMemory()J": (c) => {
      const { total, used } = c.carrier.heap.statistics();
      return BigInt(Math.max(0, total - used));
    },
    "java/lang/Runtime.gc()V": (c, sp) => {
      if (c.word(WORD_NO_EXPLICIT_GC) !== 0) return;
      c.carrier.anchor(sp);
      c.carrier.collect(true, false);
    },
    // Wasm has atomic accesses of 64 bits.
    "java/util/concurrent/atomic/AtomicLong.VMSupportsCS8()Z": () => true,
    "java/lang/ProcessHandleImpl.initNative()V": () => {},
    "java/lang/ProcessHandleImpl.getCurrentPid0()J": (c) => BigInt(c.host.system.processId),
    "jdk/internal/misc/VM.getuid()J": (c) => BigInt(c.host.system.user.uid),
    "jdk/internal/misc/VM.geteuid()J": (c) => BigInt(c.host.system.user.uid),
    "jdk/internal/misc/VM.getgid()J": (c) => BigInt(c.host.system.user.gid),
    "jdk/internal/misc/VM.getegid()J": (c) => BigInt(c.host.system.user.gid),
    "java/lang/StringUTF16.isBigEndian()Z": () => false,
  },
  blocking: {},
};
