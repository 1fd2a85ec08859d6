/** Which local a name means, and which locals a function takes from those around it. */
import type { FunctionNode, Local, Node } from "./ast.ts";

/** A function that is being analysed. A named let is one as well, for its calls that are no jumps. */
export class Context {
  readonly outer: Context | undefined;
  readonly isLoop: boolean;
  /** Becomes {@link FunctionNode.captures}. */
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

/** A loop that is called otherwise than by jumps is a closure: what it takes from outside is captured. Outer loops come first. */
export function captureOfLoops(loops: readonly Loop[]): void {
  const jumping = new Set<FunctionNode>();
  for (const loop of loops.toReversed()) {
    if (onlyJumps(loop.fn.body, loop.label, jumping)) jumping.add(loop.fn);
    else for (const local of loop.fn.captures) local.captured = true;
  }
}

/** Whether the label occurs in tail calls only. */
function onlyJumps(node: Node, label: Local, jumping: ReadonlySet<FunctionNode>): boolean {
  const inTail = (inner: Node): boolean => onlyJumps(inner, label, jumping);
  switch (node.kind) {
    case "call-value":
      return !mentions(node.callee.kind === "local" && node.callee.local === label ? node.args : node, label);
    case "if":
      return !mentions(node.test, label) && inTail(node.then) && inTail(node.otherwise);
    case "begin":
      return !mentions(node.body.slice(0, -1), label) && node.body.slice(-1).every(inTail);
    case "let":
    case "letrec":
      return !mentions(node.bindings, label) && inTail(node.body);
    case "loop":
      return !mentions(node.inits, label) && (jumping.has(node.fn) ? inTail(node.fn.body) : !mentions(node.fn, label));
    default:
      return !mentions(node, label);
  }
}

/** Whether the local occurs anywhere in a part of the tree. */
function mentions(part: unknown, local: Local): boolean {
  if (part === local) return true;
  if (typeof part !== "object" || part === null) return false;
  return Object.values(part).some((each) => mentions(each, local));
}
