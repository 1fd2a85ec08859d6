/**
 * Loading what a method mentions before it is compiled, so that its code can name classes directly instead of looking at resolution cells.
 * Only for the loaders of the JDK, whose loading of a class nobody can observe; what cannot be loaded is left for its cell to report.
 */
import { BytecodeWalker } from "../bytecode.ts";
import { TAG_CLASS, TAG_FIELDREF, TAG_INTERFACE_METHODREF, TAG_METHODREF } from "../classfile/index.ts";
import { GuestThrow, type LinkedMethod } from "../link/index.ts";
import type { J3Steps } from "./effects.ts";
import type { J3 } from "./j3.ts";

/** getstatic to invokeinterface, new, anewarray, checkcast, instanceof, multianewarray. */
const NAMES_CLASS: ReadonlySet<number> = new Set([178, 179, 180, 181, 182, 183, 184, 185, 187, 189, 192, 193, 197]);

export class Preparation {
  readonly #j: J3;
  readonly #done = new Set<number>();

  constructor(j: J3) {
    this.#j = j;
  }

  /** Whether `prepare` should run before the method is compiled. */
  isWanted(methodId: number): boolean {
    const method = this.#j.world.method(methodId);
    const { loader } = method.holder;
    if (loader.object === 0 || !loader.builtin || this.#done.has(methodId)) return false;
    return this.#missing(method).length > 0;
  }

  /** Loads the classes that the method mentions; failures are the method's own business later. */
  *prepare(methodId: number): J3Steps<void> {
    this.#done.add(methodId);
    const method = this.#j.world.method(methodId);
    for (const name of this.#missing(method)) {
      try {
        yield* this.#j.load(method.holder.loader, name);
      } catch (error) {
        if (!(error instanceof GuestThrow)) throw error;
      }
    }
  }

  /** Internal names of the classes in the code that its loader has not loaded. */
  #missing(method: LinkedMethod): string[] {
    const code = method.info?.code;
    const constants = method.holder.file?.constants;
    if (code === undefined || constants === undefined) return [];
    const names = new Set<string>();
    try {
      const walker = new BytecodeWalker(code.code, method.name);
      while (walker.next()) {
        if (!NAMES_CLASS.has(walker.opcode)) continue;
        const { index } = walker;
        const tag = constants.tag(index);
        if (tag === TAG_CLASS) names.add(constants.className(index));
        else if (tag === TAG_FIELDREF || tag === TAG_METHODREF || tag === TAG_INTERFACE_METHODREF) {
          names.add(constants.memberRef(index).owner);
        }
      }
    } catch {
      return []; // translation will say what is wrong with the code
    }
    const { classes } = method.holder.loader;
    return [...names].filter((name) => !name.startsWith("[") && !classes.has(name));
  }
}
