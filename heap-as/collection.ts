/** What all collections have in common: a transitive closure from the roots, and then the references with a strength. */
import { HEAP_ROOTS_OPEN, HEAP_STRIPES, HEAP_STRIPES_END, TASK_TRACE } from "./layout.gen";
import { Crew } from "./parallel/crew";
import { Gray } from "./parallel/gray";
import { References, Tracer } from "./references";
import { Roots } from "./roots";

export abstract class Collection {
  /** Finds everything that lives. With the world stopped, and the tracer begun. `stripes`: of its own roots (Tracer.roots). */
  static trace<T extends Tracer>(tracer: T, stripes: u32 = 0): void {
    if (tracer.several()) {
      Crew.start(TASK_TRACE, stripes);
      Collection.claimRoots<T>(tracer);
    } else {
      store<u32>(HEAP_STRIPES, 0);
      tracer.roots(stripes);
      Roots.visit<T>(tracer);
    }
    tracer.close();
    References.process<T>(tracer);
    if (tracer.several()) Crew.stop();
  }

  /** A helper's part of that. */
  static help<T extends Tracer>(tracer: T): void {
    Gray.begin();
    tracer.begin();
    if (load<u32>(HEAP_ROOTS_OPEN)) Collection.claimRoots<T>(tracer);
    Gray.help<T>(tracer);
  }

  /** Visits roots until all have been claimed. */
  private static claimRoots<T extends Tracer>(tracer: T): void {
    tracer.roots(load<u32>(HEAP_STRIPES_END));
    Roots.claim<T>(tracer);
    store<u32>(HEAP_ROOTS_OPEN, 0);
  }
}
