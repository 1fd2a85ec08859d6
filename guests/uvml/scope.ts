/** Which local a name means, and which locals a function takes from those around it. */
import type { Local, Node } from "./ast.ts";
import { isUsedInTail } from "./scan.ts";

/** A function that is being analysed. A named let is one as well, for its calls that are no jumps. */
export class Context {
  readonly outer: Context | undefined;
  readonly isLoop: boolean;
  /** Becomes `FunctionNode.captures`. */
  readonly captures: Local[] = [];

  constructor(outer?: Context, isLoop = false) {
    this.outer = outer;
    this.isLoop = isLoop;
  }
}

/** The locals that can be seen from a place; the innermost first. Scopes do not change. */
export class Scope {
  readonly context: Context;
  readonly #outer: Scope | undefined;
  readonly #local: Local | undefined;

  constructor(context: Context, outer?: Scope, local?: Local) {
    this.context = context;
    this.#outer = outer;
    this.#local = local;
  }

  with(local: Local): Scope {
    return new Scope(this.context, this, local);
  }

  /** The scope inside a function that stands here. */
  inside(context: Context): Scope {
    return new Scope(context, this);
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** The local of this name, noted as captured where it belongs to an outer function. */
  refer(name: string): Local | undefined {
    const found = this.#find(name);
    if (found === undefined) return undefined;
    const local = found.#local!;
    for (let at = this.context; at !== found.context; at = at.outer!) {
      if (!at.captures.includes(local)) at.captures.push(local);
      if (!at.isLoop) local.captured = true;
    }
    return local;
  }

  #find(name: string): Scope | undefined {
    let at: Scope | undefined = this;
    while (at !== undefined && at.#local?.name !== name) at = at.#outer;
    return at;
  }
}

export type Loop = Extract<Node, { readonly kind: "loop" }>;

/** Loops that are called otherwise than by jumps are closures: what they take from outside is captured. */
export function captureOfLoops(loops: readonly Loop[]): void {
  for (const { label, fn } of loops) {
    if (!isUsedInTail(label, fn.body)) for (const local of fn.captures) local.captured = true;
  }
}
