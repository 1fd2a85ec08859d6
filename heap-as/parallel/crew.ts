/** The collectors: who takes part in a collection. */
import { COLLECTOR_BYTES, COLLECTOR_STACK, HEAP_CLEAR_SOFT, HEAP_COLLECTORS, MAX_COLLECTORS } from "../layout.gen";
import { Malloc } from "../malloc";
import { Copies } from "./copies";
import { Gray, STACK_BYTES } from "./gray";
import { Self } from "./team";

export abstract class Crew {
  static init(): void {
    const records = Malloc.allocate(MAX_COLLECTORS * COLLECTOR_BYTES, 8);
    const stack = Malloc.allocate(STACK_BYTES, 8);
    if (!records || !stack) unreachable();
    store<u32>(HEAP_COLLECTORS, <u32>records);
    store<u32>(records, <u32>stack, COLLECTOR_STACK);
  }

  /** How many collectors take part. */
  @inline static count(): u32 {
    return 1;
  }

  @inline static record(number: u32): usize {
    return load<u32>(HEAP_COLLECTORS) + number * COLLECTOR_BYTES;
  }

  /** Whoever runs a collection, before its tracer is made. */
  static begin(clearSoft: bool): void {
    store<u32>(HEAP_CLEAR_SOFT, clearSoft ? 1 : 0);
    Self.number = 0;
    Self.record = load<u32>(HEAP_COLLECTORS);
    Gray.begin();
    Copies.begin(Self.record);
  }
}
