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
  const { b, e } = g;
  const type = g.typeOf(node);
  const unit = isPrim(type, "unit");
  const [then, otherwise, end] = [b.block(), b.block(), b.block()];
  const variable = b.variable(repr(type));
  condition(g, node.test, then, otherwise);
  const arm = (node: Node) => () => {
    const value = g.value(node);
    if (!unit) b.define(variable, value);
    b.jump(end);
  };
  e.arm(then, arm(node.then));
  e.arm(otherwise, arm(node.otherwise));
  e.enter(end);
  return unit ? b.i32(0) : b.use(variable);
}

/** Before a loop: the lengths of arrays that it looks into. */
function sizes(g: Generator, ...nodes: readonly (Node | null)[]): void {
  for (const local of sizedArrays(nodes)) {
    const storage = g.storage.get(local);
    if (storage?.kind === "value" && prune(g.localType(local)).kind === "array") g.e.length(storage.value);
  }
}

export function whileNode(g: Generator, node: Extract<Node, { kind: "while" }>): Value {
  const { b, e } = g;
  sizes(g, node.test, node.body);
  const [head, body, end] = [b.block(), b.block(), b.block()];
  b.jump(head);
  b.switchTo(head);
  const mark = e.mark();
  condition(g, node.test, body, end);
  e.enter(body);
  g.value(node.body);
  b.poll();
  b.jump(head);
  b.seal(head);
  e.forget(mark);
  e.enter(end);
  return b.i32(0);
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
  const [head, body, end] = [b.block(), b.block(), b.block()];
  const counter = b.variable(repr(type));
  b.define(counter, from);
  b.jump(head);
  b.switchTo(head);
  const mark = e.mark();
  const now = b.use(counter);
  if (up === null || flip !== null) b.branch(less(flip === null ? now : b.op("xor", now, flip), limit), body, end);
  else {
    const below = b.op("and", up, less(now, to));
    b.branch(b.op("or", below, b.op("and", b.op("eqz", up), less(to, now))), body, end);
  }
  e.enter(body);
  g.declare(node.local, now);
  g.value(node.body);
  const last = node.local.assigned ? g.read(node.local) : b.use(counter);
  const one = step ?? e.number(type, 1);
  b.define(counter, arithmetic(b, "add", kind, last, one));
  b.poll();
  b.jump(head);
  b.seal(head);
  e.forget(mark);
  e.enter(end);
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
  const { b, e } = g;
  const type = g.typeOf(node);
  const unit = isPrim(type, "unit");
  const result = b.variable(repr(type));
  const thrown = b.variable("ref");
  const outer = b.unwindTo;
  const [end, cleanup] = [b.block(), b.block()];
  const mark = e.mark();
  const finish = (value: Value, mark: number): void => {
    if (!unit) b.define(result, value);
    if (node.cleanup !== null) b.define(thrown, b.nullRef());
    b.jump(node.cleanup === null ? end : cleanup);
    e.forget(mark);
  };
  /** Where what leaves the catch clauses goes. */
  const last = node.cleanup === null ? null : b.handlerBlock();
  const first = node.catches.length === 0 ? last! : b.handlerBlock();
  b.unwindTo = first.block;
  finish(g.value(node.body), mark);
  b.unwindTo = last?.block ?? outer;
  if (node.catches.length > 0) {
    e.enter(first.block);
    e.solid(first.exception);
    for (const { local, body } of node.catches) {
      const type = g.localType(local);
      const [caught, not] = e.branch(e.isOf(first.exception, type));
      e.enter(caught);
      const inner = e.mark();
      g.declare(local, e.unbox(first.exception, type));
      finish(g.value(body), inner);
      e.enter(not);
    }
    b.throw(first.exception);
    e.forget(mark);
  }
  b.unwindTo = outer;
  if (node.cleanup !== null) {
    e.enter(last!.block);
    b.define(thrown, last!.exception);
    b.jump(cleanup);
    e.enter(cleanup);
    g.value(node.cleanup);
    const [fine, again] = e.branch(b.op("isnull", b.use(thrown)));
    e.enter(again);
    b.throw(b.use(thrown));
    e.enter(fine);
    b.jump(end);
  }
  e.enter(end);
  return unit ? b.i32(0) : b.use(result);
}

/** A literal above 0. */
function isPositive(node: Node): boolean {
  return (node.kind === "int" || node.kind === "float") && node.value > 0;
}
