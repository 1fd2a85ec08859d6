/**
 * Which classes the receiver of a call may have at the moment: those that have instances, or may have soon. Only a guess for what comes: whoever
 * uses it must look at the receiver and be ready for others.
 */
import type { JClass, JMethod, Receiver } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_INTERFACE } from "../model/types.ts";
import { type LinkedClass, linked } from "./model.ts";
import { selectVirtual } from "./select.ts";
import type { World } from "./world.ts";

/** More classes than this are not told one by one. */
const MOST = 8;

export class Receivers {
  readonly #world: World;
  /** Classes that had no instances when they were last looked at. */
  #waiting: LinkedClass[] = [];
  #seen = 0;
  /** By class or interface: those of its subclasses that have instances, itself included, up to one more than MOST. */
  readonly #below = new Map<JClass, LinkedClass[]>();
  #string: LinkedClass | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * The classes of possible receivers and what runs on them. If there are too many: String alone if it is one of them, as the most common
   * class by far; else none.
   */
  of(method: JMethod): Receiver[] {
    this.#update();
    const { holder } = method;
    const below = this.#below.get(holder) ?? [];
    if (below.length <= MOST) return below.map((cls) => ({ cls, method: selectVirtual(cls, method) }));
    const string = this.#string;
    if (string === null || !isAbove(holder, string)) return [];
    return [{ cls: string, method: selectVirtual(string, method) }];
  }

  /** What the call of the method runs on instances of the class; null if they are none of the method's holder. */
  selected(cls: JClass, method: JMethod): JMethod | null {
    if (!isAbove(method.holder, linked(cls))) return null;
    return selectVirtual(cls, method);
  }

  #update(): void {
    const { registered } = this.#world;
    while (this.#seen < registered.length) this.#waiting.push(registered[this.#seen++] as LinkedClass);
    this.#waiting = this.#waiting.filter((cls) => {
      if ((cls.flags & (ACC_ABSTRACT | ACC_INTERFACE)) !== 0 || cls.component !== null) return false;
      if (cls.state !== "initialized" && cls.state !== "initializing") return cls.state !== "failed";
      if (cls.name === "java/lang/String" && cls.loader.object === 0) this.#string = cls;
      for (let above: LinkedClass | null = cls; above !== null; above = above.superclass) this.#add(above, cls);
      for (const above of cls.allInterfaces) this.#add(above, cls);
      return false;
    });
  }

  #add(above: JClass, cls: LinkedClass): void {
    const known = this.#below.get(above);
    if (known === undefined) this.#below.set(above, [cls]);
    else if (known.length <= MOST) known.push(cls);
  }
}

function isAbove(above: JClass, cls: LinkedClass): boolean {
  for (let at: LinkedClass | null = cls; at !== null; at = at.superclass) if (at === above) return true;
  return cls.allInterfaces.includes(above as LinkedClass);
}
