/** The java.lang.Class objects. */
import type { LinkedClass } from "../link/index.ts";
import type { J3 } from "./j3.ts";

export class Mirrors {
  readonly #j: J3;
  /** Classes that were defined before java.lang.Class was; null once it is there. */
  #early: LinkedClass[] | null = [];

  constructor(j: J3) {
    this.#j = j;
  }

  /** Fills in the class's mirror root. */
  make(cls: LinkedClass): void {
    if (this.#early !== null) {
      this.#early.push(cls);
      return;
    }
    const { objects, mem, vm, world } = this.#j;
    const mirror = objects.newObject(world.boot("java/lang/Class"));
    mem.setWord(cls.mirror, objects.ref(mirror));
    objects.setInt(mirror, objects.field("java/lang/Class", "vmRecord", "I"), cls.record);
    if (cls.component !== null) {
      const component = objects.field("java/lang/Class", "componentType", "Ljava/lang/Class;");
      objects.setHandle(mirror, component, cls.component.mirror);
    }
    objects.setHandle(
      mirror,
      objects.field("java/lang/Class", "classLoader", "Ljava/lang/ClassLoader;"),
      cls.loader.object,
    );
    if (cls.classData !== 0) {
      objects.setHandle(mirror, objects.field("java/lang/Class", "classData", "Ljava/lang/Object;"), cls.classData);
    }
    this.#j.modules.setModule(cls);
    vm.breathe();
  }

  /** java.lang.Class is loaded: makes the mirrors of everything that came before. */
  begin(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const cls of early) this.make(cls);
  }
}
