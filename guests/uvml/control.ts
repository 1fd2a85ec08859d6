/** Code of conditionals, loops and exceptions. */
import { arithmetic, type Block, compared, type Value } from "#ir";
import type { Node } from "./ast.ts";
import { closureSignature } from "./emit.ts";
import type { Generator } from "./generate.ts";
import { kindOf, repr } from "./layout.ts";
import { sizedArrays } from "./scan.ts";
import { isPrim, prune } from "./types.ts";

/** Goes to one of the blocks. */
export function condition(g: Generator, node: Node, then: Block, otherwise: Block): void {
  const { b, e } = g;
  if (node.kind === "bool") {
    b.jump(node.value ? then : otherwise);
  } else if (node.kind === "call" && node.name === "not" && g.choice(node).kind === "primitive") {
    condition(g, node.args[0]!, otherwise, then);
  } else if (node.kind === "if" && isPrim(g.typeOf(node), "bool")) {
    const [first, second] = [b.block(), b.block()];
    condition(g, node.test, first, second);
    e.arm(first, () => condition(g, node.then, then, otherwise));
    e.arm(second, () => condition(g, node.otherwise, then, otherwise));
  } else b.branch(g.value(node), then, otherwise);
}

export function ifNode(g: Generator, node: Extract<Node, { kind: "if" }>): Value {
  const test = (then: Block, otherwise: Block) => condition(g, node.test, then, otherwise);
  return g.e.choose(repr(g.typeOf(node)), test, g.result(node, node.then), g.result(node, node.otherwise));
}

/** Before a loop: the lengths of arrays that it looks into. */
function sizes(g: Generator, ...nodes: readonly (Node | null)[]): void {
  for (const local of sizedArrays(nodes)) {
    const storage = g.storage.get(local);
    if (storage?.kind === "value" && prune(g.localType(local)).kind === "array") g.e.length(storage.value);
  }
}

export function whileNode(g: Generator, node: Extract<Node, { kind: "while" }>): Value {
  sizes(g, node.test, node.body);
  g.e.loop(
    (body, end) => condition(g, node.test, body, end),
    () => g.value(node.body),
  );
  return g.b.i32(0);
}

export function forNode(g: Generator, node: Extract<Node, { kind: "for" }>): Value {
  const { b, e } = g;
  const type = g.typeOf(node.from);
  const from = g.value(node.from);
  const to = g.value(node.to);
  const step = node.step === null ? null : g.value(node.step);
  sizes(g, node.body);
  const kind = kindOf(type)!;
  const less = (left: Value, right: Value) => compared(b, "lt", kind, left, right);
  // Downwards with all bits flipped, which turns the order of integers round.
  const up = step === null || isPositive(node.step!) ? null : less(e.number(type, 0), step);
  const isInteger = repr(type) === "i32" || repr(type) === "i64";
  const flip = up === null || !isInteger ? null : flipUnless(g, up, repr(type) === "i64");
  const limit = flip === null ? to : b.op("xor", to, flip);
  const counter = b.variable(repr(type));
  b.define(counter, from);
  let now = from;
  const test = (body: Block, end: Block): void => {
    now = b.use(counter);
    if (up === null || flip !== null) {
      b.branch(less(flip === null ? now : b.op("xor", now, flip), limit), body, end);
      return;
    }
    const below = b.op("and", up, less(now, to));
    b.branch(b.op("or", below, b.op("and", b.op("eqz", up), less(to, now))), body, end);
  };
  e.loop(test, () => {
    g.declare(node.local, now);
    g.value(node.body);
    const last = node.local.assigned ? g.read(node.local) : b.use(counter);
    b.define(counter, arithmetic(b, "add", kind, last, step ?? e.number(type, 1)));
  });
  return b.i32(0);
}

/** 0 if it counts upwards, else all ones. */
function flipUnless(g: Generator, up: Value, isLong: boolean): Value {
  const bits = g.b.op("sub", up, g.b.i32(1));
  return isLong ? g.b.op("sext", bits) : bits;
}

export function loopNode(g: Generator, node: Extract<Node, { kind: "loop" }>): Value {
  const { b, e } = g;
  const { fn, label } = node;
  const type = g.localType(label);
  if (!g.compiler.isJump(node)) {
    const slot = g.lambdaSlot(fn, type, label);
    const args = node.inits.map((init) => g.value(init));
    const closure = g.closure(fn, type, slot);
    return b.call(slot, closureSignature(type), [closure, ...args]);
  }
  const values = node.inits.map((init) => g.value(init));
  sizes(g, fn.body);
  const variables = fn.params.map(({ local }, index) => {
    const variable = b.variable(repr(g.localType(local)));
    b.define(variable, values[index]!);
    return variable;
  });
  const head = b.block();
  b.jump(head);
  b.switchTo(head);
  const mark = e.mark();
  g.loops.set(label, { head, variables });
  for (const [index, { local }] of fn.params.entries()) g.declare(local, b.use(variables[index]!));
  const value = g.value(fn.body);
  b.seal(head);
  e.forget(mark);
  return value;
}

export function tryNode(g: Generator, node: Extract<Node, { kind: "try" }>): Value {
  const { e } = g;
  const handler = (exception: Value, finish: (value: Value) => void): void => {
    for (const { local, body } of node.catches) {
      const type = g.localType(local);
      const [caught, not] = e.branch(e.isOf(exception, type));
      e.arm(caught, () => {
        g.declare(local, e.unbox(exception, type));
        finish(g.result(node, body)());
      });
      e.enter(not);
    }
  };
  const { cleanup } = node;
  return e.watched(
    repr(g.typeOf(node)),
    g.result(node, node.body),
    node.catches.length === 0 ? null : handler,
    cleanup === null ? null : () => g.value(cleanup),
  );
}

/** A literal above 0. */
function isPositive(node: Node): boolean {
  return (node.kind === "int" || node.kind === "float") && node.value > 0;
}
