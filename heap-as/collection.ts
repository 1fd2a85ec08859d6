/** What all collections have in common: a transitive closure from the roots, and then the references with a strength. */
import { References, Tracer } from "./references";
import { Roots } from "./roots";

export abstract class Collection {
  /** Finds everything that lives. With the world stopped, and the tracer begun. */
  static trace<T extends Tracer>(tracer: T): void {
    Roots.visit<T>(tracer);
    tracer.close();
    References.process<T>(tracer);
  }
}
