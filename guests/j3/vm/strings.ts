/** Interned strings, JVMS §5.1: one java.lang.String per text that was ever a literal or interned. */
import type { Objects } from "./objects.ts";

export class Strings {
  readonly #objects: Objects;
  /** Root word by text. */
  readonly #roots = new Map<string, number>();

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** Root word with the interned string of this text. */
  literal(text: string): number {
    let root = this.#roots.get(text);
    if (root === undefined) {
      const handle = this.#objects.newString(text);
      root = this.#objects.root(this.#objects.ref(handle));
      this.#roots.set(text, root);
    }
    return root;
  }

  /** String.intern: the string itself becomes the interned one if there is none of its text yet. */
  intern(handle: number): number {
    const text = this.#objects.text(handle);
    let root = this.#roots.get(text);
    if (root === undefined) {
      root = this.#objects.root(this.#objects.ref(handle));
      this.#roots.set(text, root);
    }
    return root;
  }
}
