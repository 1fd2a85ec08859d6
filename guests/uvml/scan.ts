/** What can be seen in a tree before types are known. */
import type { Local, Node } from "./ast.ts";

/** Calls the visitor with the nodes right below a node; those of a lambda are not among them. */
export function eachChild(node: Node, visit: (child: Node) => void): void {
  if (node.kind !== "quote" && node.kind !== "lambda") for (const value of Object.values(node)) scan(value, visit);
}

function scan(value: unknown, visit: (child: Node) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const item of value) scan(item, visit);
  else if ("kind" in value) visit(value as Node);
  else if (!("assigned" in value) && !("head" in value)) for (const item of Object.values(value)) scan(item, visit);
}

export type LoopNode = Extract<Node, { kind: "loop" }>;

/** Which loops are jumps: their labels are nothing but called, and in tail position of their bodies. */
export class Jumps {
  readonly #known = new WeakMap<Node, boolean>();

  has(loop: LoopNode): boolean {
    let known = this.#known.get(loop);
    if (known === undefined) this.#known.set(loop, (known = this.isInTail(loop.label, loop.fn.body)));
    return known;
  }

  /** Whether the label stands in the node in no other way than that. */
  isInTail(label: Local, node: Node): boolean {
    switch (node.kind) {
      case "call-value":
        if (node.callee.kind === "local" && node.callee.local === label)
          return node.args.every((arg) => !mentions(label, arg));
        return !mentions(label, node);
      case "if":
        return !mentions(label, node.test) && this.isInTail(label, node.then) && this.isInTail(label, node.otherwise);
      case "begin":
        return node.body.every((each, index) =>
          index < node.body.length - 1 ? !mentions(label, each) : this.isInTail(label, each),
        );
      case "let":
        return node.bindings.every(({ init }) => !mentions(label, init)) && this.isInTail(label, node.body);
      case "letrec":
        return node.bindings.every(({ lambda }) => !mentions(label, lambda)) && this.isInTail(label, node.body);
      case "loop":
        return (
          node.inits.every((init) => !mentions(label, init)) &&
          this.isInTail(label, node.fn.body) &&
          (!mentions(label, node.fn.body) || this.has(node))
        );
      case "the":
        return this.isInTail(label, node.value);
      default:
        return !mentions(label, node);
    }
  }
}

/** The same for a loop whose node is not made yet. */
export function isUsedInTail(label: Local, body: Node): boolean {
  return new Jumps().isInTail(label, body);
}

function mentions(label: Local, node: Node): boolean {
  if (node.kind === "local" || node.kind === "set-local") if (node.local === label) return true;
  if (node.kind === "lambda") return node.fn.captures.includes(label) || mentions(label, node.fn.body);
  let found = false;
  eachChild(node, (child) => (found ||= mentions(label, child)));
  return found;
}

/** Locals that stand as arrays in `aref` and its assignment. */
export function sizedArrays(nodes: readonly (Node | null)[]): ReadonlySet<Local> {
  const found = new Set<Local>();
  const visit = (node: Node): void => {
    const target =
      node.kind === "set-element"
        ? node.target
        : node.kind === "call" && node.name === "aref"
          ? node.args[0]
          : undefined;
    if (target?.kind === "local") found.add(target.local);
    eachChild(node, visit);
  };
  for (const node of nodes) if (node !== null) visit(node);
  return found;
}
