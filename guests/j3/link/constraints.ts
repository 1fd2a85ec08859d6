/**
 * Loader constraints, JVMS §5.3.4: "loaders L1 and L2 must mean the same class by name N". Kept per name as disjoint sets of
 * loaders, each with the class they agree on once one of them has loaded it.
 */
import type { Loader } from "../model/types.ts";
import type { LinkedClass } from "./model.ts";

interface Agreement {
  readonly loaders: Set<Loader>;
  cls: LinkedClass | null;
}

export class Constraints {
  private readonly byName = new Map<string, Agreement[]>();

  /** Imposes N^a = N^b. False if the two already mean different classes; then nothing changes. */
  impose(name: string, a: Loader, b: Loader): boolean {
    if (a === b) return true;
    const inA = a.classes.get(name) as LinkedClass | undefined;
    const inB = b.classes.get(name) as LinkedClass | undefined;
    if (inA !== undefined && inA === inB) return true;
    if (inA !== undefined && inB !== undefined) return false;
    let list = this.byName.get(name);
    if (list === undefined) this.byName.set(name, (list = []));
    const ofA = list.find((one) => one.loaders.has(a));
    const ofB = list.find((one) => one.loaders.has(b));
    const classes = [inA, inB, ofA?.cls, ofB?.cls].filter((cls) => cls !== undefined && cls !== null);
    const cls = classes[0] ?? null;
    if (classes.some((other) => other !== cls)) return false;
    if (ofA !== undefined && ofA === ofB) {
      ofA.cls = cls;
      return true;
    }
    const loaders = new Set([a, b, ...(ofA?.loaders ?? []), ...(ofB?.loaders ?? [])]);
    const kept = list.filter((one) => one !== ofA && one !== ofB);
    kept.push({ loaders, cls });
    this.byName.set(name, kept);
    return true;
  }

  /** Whether the loader may be recorded as an initiating loader of the class; if so its agreement, if any, is on that class. */
  allows(loader: Loader, cls: LinkedClass): boolean {
    const one = this.byName.get(cls.name)?.find((agreement) => agreement.loaders.has(loader));
    if (one === undefined) return true;
    if (one.cls === null) one.cls = cls;
    return one.cls === cls;
  }

  /** The class that the loaders which must agree with this one mean by the name, or null. */
  agreed(loader: Loader, name: string): LinkedClass | null {
    return this.byName.get(name)?.find((agreement) => agreement.loaders.has(loader))?.cls ?? null;
  }
}
