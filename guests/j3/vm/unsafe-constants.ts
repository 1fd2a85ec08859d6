/** jdk.internal.misc.UnsafeConstants: facts about the machine that the VM writes into final fields before anybody reads them. */
import type { J3Steps } from "./effects.ts";
import type { J3 } from "./j3.ts";

/** Addresses are 32 bits wide, but the library stores them as longs, and the programs' expectations are those of a 64-bit machine. */
const ADDRESS_BYTES = 8;
/** Files are mapped and memory is reserved in these steps. */
const PAGE_BYTES = 4096;

export function* setUnsafeConstants(j: J3): J3Steps<void> {
  const name = "jdk/internal/misc/UnsafeConstants";
  const { objects } = j;
  yield* j.initialize(j.world.boot(name));
  objects.setInt(0, objects.field(name, "ADDRESS_SIZE0", "I"), ADDRESS_BYTES);
  objects.setInt(0, objects.field(name, "PAGE_SIZE", "I"), PAGE_BYTES);
  objects.setInt(0, objects.field(name, "BIG_ENDIAN", "Z"), 0);
  objects.setInt(0, objects.field(name, "UNALIGNED_ACCESS", "Z"), 1);
  objects.setInt(0, objects.field(name, "DATA_CACHE_LINE_FLUSH_SIZE", "I"), 0);
}
