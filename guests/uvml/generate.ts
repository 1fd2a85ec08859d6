/** From a typed body to IR. One generator makes one function: a specialisation, or a lambda in it. */
import { type Block, type Builder, Func, type Placed, type Value } from "#ir";
import { Bug } from "#support";
import type { FunctionNode, LambdaNode, Local, Node } from "./ast.ts";
import type { Compiler } from "./compiler.ts";
import { forNode, ifNode, loopNode, tryNode, whileNode } from "./control.ts";
import { closureSignature, Emitter, signatureOf } from "./emit.ts";
import {
  ARRAY_DATA,
  BOX_VALUE,
  bytesOfLoad,
  CLOSURE_CAPTURES,
  CLOSURE_SLOT,
  CONS_REST,
  EXTENSION_VALUE,
  loadOf,
  placeValues,
  repr,
} from "./layout.ts";
import { OPERATORS } from "./operators.ts";
import { schemeOf } from "./primitives.ts";
import type { Choice, Spec, Typing } from "./program.ts";
import { addedField, extensionRecord, fieldAccess, newNode } from "./structures.ts";
import { ANY, asFn, isPrim, partOf, STRING, type Type, typeText, UNIT } from "./types.ts";

/** Of a function: more than V8 takes, and our tables hold. What is larger raises an error when it is called. */
const MAX_INSTRUCTIONS = 400_000;

type Variable = ReturnType<Builder["variable"]>;

/** Where a local is. */
type Storage =
  /** Never assigned. */
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "variable"; readonly variable: Variable }
  /** In an object that closures share. */
  | { readonly kind: "cell"; readonly cell: Value };

/** A named let whose calls are jumps. */
interface Loop {
  readonly head: Block;
  readonly variables: readonly Variable[];
}

/** What one function of the program is compiled to. */
export class Generator {
  readonly compiler: Compiler;
  readonly e: Emitter;
  readonly b: Builder;
  readonly typing: Typing;
  readonly storage = new Map<Local, Storage>();
  readonly loops = new Map<Local, Loop>();
  /** Slots of the lambdas that locals are bound to for good. */
  readonly known: Map<Local, number>;

  constructor(compiler: Compiler, func: Func, typing: Typing, known: ReadonlyMap<Local, number> = new Map()) {
    this.compiler = compiler;
    this.e = new Emitter(func, compiler.runtime);
    this.b = this.e.b;
    this.typing = typing;
    this.known = new Map(known);
  }

  /** The function of a specialisation. */
  static spec(compiler: Compiler, spec: Spec, id: number): Func {
    const { fn, params, result, typing } = spec;
    const name = `${fn.name} (${params.map(typeText).join(" ")})`;
    const g = new Generator(compiler, new Func(name, signatureOf(params, result), id), typing);
    return g.function(fn, g.b.entry(), (value) => (isPrim(result, "unit") ? g.b.i32(0) : value));
  }

  /** The function of a form: () -> ref, its value as any. `use` does something with the value first. */
  static form(
    compiler: Compiler,
    spec: Spec,
    id: number,
    use: (g: Generator, value: Value, type: Type) => Value,
  ): Func {
    const { fn, typing } = spec;
    const g = new Generator(compiler, new Func(fn.name, signatureOf([], ANY), id), typing);
    g.b.entry();
    return g.function(fn, [], (value, type) =>
      isPrim(spec.result, "unit") ? use(g, g.b.i32(0), UNIT) : use(g, value, type),
    );
  }

  static lambda(outer: Generator, fn: FunctionNode, type: Type, self: Local | null, slot: number): Func {
    const func = new Func(fn.name, closureSignature(type), outer.b.func.id);
    const g = new Generator(outer.compiler, func, outer.typing, outer.known);
    const [closure, ...params] = g.b.entry();
    g.e.solid(closure!);
    if (self !== null) {
      g.storage.set(self, { kind: "value", value: closure! });
      g.known.set(self, slot);
    }
    const { offsets, types } = g.captures(fn);
    for (const [index, local] of fn.captures.entries()) {
      const value = g.b.load(loadOf(types[index]!), closure!, offsets[index]!);
      g.storage.set(local, isShared(local) ? { kind: "cell", cell: g.e.solid(value) } : { kind: "value", value });
    }
    return g.function(fn, params, (value) => (isPrim(asFn(type).result, "unit") ? g.b.i32(0) : value));
  }

  function(fn: FunctionNode, params: readonly Value[], result: (value: Value, type: Type) => Value): Func {
    const { b } = this;
    b.pos = fn.pos;
    for (const [index, { local }] of fn.params.entries()) this.declare(local, params[index]!);
    const value = this.value(fn.body);
    b.ret(result(value, this.typeOf(fn.body)));
    const func = b.finish();
    if (func.blocks.reduce((sum, { insts }) => sum + insts.length, 0) <= MAX_INSTRUCTIONS) return func;
    const e = new Emitter(new Func(func.name, func.signature, func.id), this.compiler.runtime);
    e.b.entry();
    e.b.pos = fn.pos;
    e.fail("size", `${fn.name} is too large: its code has more than ${MAX_INSTRUCTIONS} instructions`);
    return e.b.finish();
  }

  /** The type of a node or local, as inferred. */
  typeOf(node: Node): Type {
    return this.typing.types.get(node) ?? UNIT;
  }

  localType(local: Local): Type {
    return this.typing.locals.get(local) ?? UNIT;
  }

  /** Emits a part of a node that gives the node's value; if that is unit, the part's value does not matter. */
  result(node: Node, part: Node): () => Value {
    return () => {
      const value = this.value(part);
      return isPrim(this.typeOf(node), "unit") ? this.b.i32(0) : value;
    };
  }

  values(nodes: readonly Node[]): Value[] {
    return nodes.map((node) => this.value(node));
  }

  boxed(node: Node): Value {
    const value = this.value(node);
    return this.e.box(value, this.typeOf(node));
  }

  // ---- variables ------------------------------------------------------------------------------------------------------------

  declare(local: Local, value: Value): void {
    const type = this.localType(local);
    const storage = isShared(local)
      ? ({ kind: "cell", cell: this.e.filled(this.compiler.runtime.records.cell(type), type, value) } as const)
      : local.assigned
        ? ({ kind: "variable", variable: this.b.variable(repr(type)) } as const)
        : ({ kind: "value", value } as const);
    if (storage.kind === "variable") this.b.define(storage.variable, value);
    this.storage.set(local, storage);
  }

  read(local: Local): Value {
    const storage = this.storage.get(local);
    if (storage === undefined) throw new Bug(`${local.name} has no storage`);
    if (storage.kind === "value") return storage.value;
    if (storage.kind === "variable") return this.b.use(storage.variable);
    return this.b.load(loadOf(this.localType(local)), storage.cell, BOX_VALUE);
  }

  write(local: Local, value: Value): void {
    const storage = this.storage.get(local);
    if (storage?.kind === "variable") this.b.define(storage.variable, value);
    else if (storage?.kind === "cell") this.e.store(loadOf(this.localType(local)), storage.cell, BOX_VALUE, value);
    else throw new Bug(`${local.name} cannot be assigned`);
  }

  // ---- nodes ----------------------------------------------------------------------------------------------------------------

  /** Emits a node; its value. What is emitted afterwards has the place that it would have had before. */
  value(node: Node): Value {
    const before = this.b.pos;
    this.b.pos = node.pos;
    const value = this.emitted(node);
    this.b.pos = before;
    return value;
  }

  emitted(node: Node): Value {
    const { b, e } = this;
    switch (node.kind) {
      case "int":
      case "float":
        return e.number(this.typeOf(node), node.value);
      case "bool":
        return b.i32(node.value ? 1 : 0);
      case "char":
        return b.i32(node.value);
      case "string":
        return e.string(node.value);
      case "unit":
        return b.i32(0);
      case "nil":
        return b.zero(repr(this.typeOf(node)));
      case "quote":
        return e.immortal(this.compiler.runtime.quoted(node.datum));
      case "local":
        return this.read(node.local);
      case "global":
        return this.global(node);
      case "set-local":
        this.write(node.local, this.value(node.value));
        return b.i32(0);
      case "set-global": {
        const { variable } = this.chosen(node, "variable");
        const value = this.value(node.value);
        e.store(loadOf(variable.type), b.addr(variable.address), 0, value);
        return b.i32(0);
      }
      case "field": {
        const { load, base, offset, added } = fieldAccess(this, node);
        return added === null ? b.load(load, base, offset) : addedField(this, node, base, added);
      }
      case "set-field": {
        const { load, base, offset, added } = fieldAccess(this, node);
        const value = this.value(node.value);
        if (added === null) e.store(load, base, offset, value);
        else {
          const record = extensionRecord(this, node, added);
          const extension = e.call(this.compiler.extension(true), "(ri)r", [base, b.i32(record)]);
          e.store(loadOf(added.type), extension, EXTENSION_VALUE, value);
        }
        return b.i32(0);
      }
      case "set-element": {
        const [array, index, value] = [this.value(node.target), this.value(node.index), this.value(node.value)];
        const type = this.typeOf(node.value);
        e.store(loadOf(type), e.element(array, index, type), ARRAY_DATA, value);
        return b.i32(0);
      }
      case "let":
        for (const { local, init } of node.bindings) {
          if (init.kind === "lambda" && !local.assigned) {
            const slot = this.lambdaSlot(init.fn, this.typeOf(init), null);
            this.declare(local, this.closure(init.fn, this.typeOf(init), slot));
            this.known.set(local, slot);
          } else this.declare(local, this.value(init));
        }
        return this.value(node.body);
      case "letrec":
        this.letrec(node.bindings);
        return this.value(node.body);
      case "loop":
        return loopNode(this, node);
      case "if":
        return ifNode(this, node);
      case "begin": {
        let value: Value | null = null;
        for (const each of node.body) value = this.value(each);
        return value ?? b.i32(0);
      }
      case "while":
        return whileNode(this, node);
      case "for":
        return forNode(this, node);
      case "lambda":
        return this.lambdaValue(node);
      case "call":
        return this.call(node);
      case "call-value":
        return this.callValue(node);
      case "try":
        return tryNode(this, node);
      case "raise": {
        const value = this.boxed(node.value);
        e.nullcheck(value);
        e.call(this.compiler.runtime.helper("raise"), "(r)v", [value]);
        return e.never(this.typeOf(node));
      }
      case "the":
        return this.value(node.value);
      case "is":
        return e.isOf(this.boxed(node.value), this.chosen(node, "type").type);
      case "as": {
        const type = this.typeOf(node);
        const value = this.boxed(node.value);
        if (isPrim(type, "any")) return value;
        e.unless(b.op("eqz", e.isOf(value, type)), () => this.clash(value, type));
        if (type.kind !== "list") e.solid(value);
        return e.unbox(value, type);
      }
      case "new":
        return newNode(this, node);
      case "array":
        return e.array(partOf(this.typeOf(node)), this.value(node.length));
      case "array-of": {
        const type = partOf(this.typeOf(node));
        const load = loadOf(type);
        const array = e.array(type, b.i32(node.items.length));
        const size = bytesOfLoad(load);
        // Each is stored at once: values that wait would all be spilled at each call.
        for (const [index, item] of node.items.entries())
          e.store(load, array, ARRAY_DATA + index * size, this.value(item));
        return array;
      }
      case "list-of": {
        const type = partOf(this.typeOf(node));
        let first: Value | undefined;
        let last: Value | undefined;
        for (const item of node.items) {
          const value = this.value(item);
          const cons = e.cons(type, value, b.nullRef());
          if (last !== undefined) b.mem("refstore", null, CONS_REST, last, cons);
          first ??= cons;
          last = cons;
        }
        return first ?? b.nullRef();
      }
    }
  }

  /** What was decided about the node. */
  choice(node: Node): Choice {
    const choice = this.typing.choices.get(node);
    if (choice === undefined) throw new Bug(`nothing was decided about ${node.kind}`);
    return choice;
  }

  chosen<K extends Choice["kind"]>(node: Node, _kind: K): Extract<Choice, { kind: K }> {
    return this.choice(node) as Extract<Choice, { kind: K }>;
  }

  /** `as` found another type: tells which. */
  clash(value: Value, type: Type): void {
    const { e } = this;
    const mark = e.mark();
    const found = e.native("type-of", [value]);
    const text = e.text([found, e.string(` is not ${typeText(type)}`)], [STRING, STRING]);
    e.native("fail", [e.symbol("type"), text]);
    this.b.unreachable();
    e.forget(mark);
  }

  // ---- functions ------------------------------------------------------------------------------------------------------------

  lambdaValue(node: LambdaNode): Value {
    const type = this.typeOf(node);
    return this.closure(node.fn, type, this.lambdaSlot(node.fn, type, null));
  }

  /** Slot of a lambda's function. */
  lambdaSlot(fn: FunctionNode, type: Type, self: Local | null): number {
    return this.compiler.allocate(closureSignature(type), this.b.func.id, (_id, number) =>
      Generator.lambda(this, fn, type, self, number),
    );
  }

  /** What a closure holds: the types (of a shared variable: of its cell), where they lie, and the closure's size. */
  captures(fn: FunctionNode): { types: Type[] } & Placed {
    const types = fn.captures.map((local) => (isShared(local) ? ANY : this.localType(local)));
    return { types, ...placeValues(types, CLOSURE_CAPTURES) };
  }

  /** `later`: locals that have no value yet. */
  closure(fn: FunctionNode, type: Type, slot: number, later?: ReadonlySet<Local>): Value {
    const { e, b } = this;
    const { records } = this.compiler.runtime;
    const { offsets, size, types } = this.captures(fn);
    const record = records.closure(type, fn.name, types);
    if (fn.captures.length === 0) return e.immortal(this.compiler.immortalClosure(record, slot));
    const values = fn.captures.map((local) => {
      if (later?.has(local)) return null;
      return isShared(local) ? this.cell(local) : this.read(local);
    });
    const closure = e.object(record, size);
    b.mem("store", null, CLOSURE_SLOT, closure, b.i32(slot));
    for (const [index, value] of values.entries()) {
      if (value !== null) e.store(loadOf(types[index]!), closure, offsets[index]!, value);
    }
    return closure;
  }

  cell(local: Local): Value {
    const storage = this.storage.get(local);
    if (storage?.kind !== "cell") throw new Bug(`${local.name} has no cell`);
    return storage.cell;
  }

  /** Functions that refer to each other: all slots first, then the closures, then what they capture of each other. */
  letrec(bindings: Extract<Node, { kind: "letrec" }>["bindings"]): void {
    const those = new Set(bindings.map(({ local }) => local));
    for (const { local } of bindings) if (isShared(local)) this.declare(local, this.b.nullRef());
    const slots = bindings.map(({ local, lambda }) => {
      const slot = this.lambdaSlot(lambda.fn, this.typeOf(lambda), null);
      if (!local.assigned) this.known.set(local, slot);
      return slot;
    });
    const missing = new Set([...those].filter((local) => !isShared(local)));
    const closures = bindings.map(({ local, lambda }, index) => {
      const closure = this.closure(lambda.fn, this.typeOf(lambda), slots[index]!, missing);
      if (isShared(local)) this.write(local, closure);
      else this.declare(local, closure);
      return closure;
    });
    for (const [index, { lambda }] of bindings.entries()) {
      const { offsets } = this.captures(lambda.fn);
      for (const [at, local] of lambda.fn.captures.entries())
        if (missing.has(local)) this.b.mem("refstore", null, offsets[at]!, closures[index]!, this.read(local));
    }
  }

  global(node: Extract<Node, { kind: "global" }>): Value {
    const choice = this.choice(node);
    if (choice.kind === "variable") return this.variable(choice.variable);
    if (choice.kind === "lambda") return this.lambdaValue(choice.lambda);
    if (choice.kind !== "spec") throw new Bug(`${node.name} is no value`);
    return this.e.immortal(this.compiler.functionValue(choice.spec));
  }

  variable(variable: { readonly type: Type; readonly address: number }): Value {
    return this.b.load(loadOf(variable.type), this.b.addr(variable.address), 0);
  }

  call(node: Extract<Node, { kind: "call" }>): Value {
    const { e } = this;
    const choice = this.choice(node);
    const type = this.typeOf(node);
    switch (choice.kind) {
      case "primitive":
        if (choice.name === "assert") return this.assertion(node.args);
        return OPERATORS[choice.name]({
          e,
          values: this.values(node.args),
          types: node.args.map((arg) => this.typeOf(arg)),
          type,
          compiler: this.compiler,
        });
      case "native": {
        const { params } = schemeOf(choice.name)!;
        if (choice.name === "type-of" && !isPrim(this.typeOf(node.args[0]!), "any")) {
          this.value(node.args[0]!);
          return this.e.string(typeText(this.typeOf(node.args[0]!)));
        }
        const args = node.args.map((arg, index) => (params[index]!.head === "any" ? this.boxed(arg) : this.value(arg)));
        const value = this.e.native(choice.name, args);
        return choice.name === "fail" ? e.never(type) : value;
      }
      case "variable": {
        const callee = this.variable(choice.variable);
        return this.callClosure(node, callee, choice.variable.type, node.args);
      }
      case "dispatch":
        return this.dispatch(node, choice.methods);
      case "spec": {
        const args = this.values(node.args);
        return this.callSpec(choice.spec, args);
      }
      default:
        throw new Bug(`${node.name} cannot be called`);
    }
  }

  /** The message is made if it is wanted. */
  assertion([test, ...message]: readonly Node[]): Value {
    const { e } = this;
    e.unless(this.b.op("eqz", this.value(test!)), () => {
      const mark = e.mark();
      const types = message.map((part) => this.typeOf(part));
      const text = message.length > 0 ? e.text(this.values(message), types) : e.string("assertion failed");
      e.native("fail", [e.symbol("assert"), text]);
      e.forget(mark);
    });
    return this.b.i32(0);
  }

  callSpec(spec: Spec, args: readonly Value[]): Value {
    return this.b.call(this.compiler.slotOf(spec), signatureOf(spec.params, spec.result), args);
  }

  /** By the type of the first argument, which is any. */
  dispatch(node: Extract<Node, { kind: "call" }>, methods: Extract<Choice, { kind: "dispatch" }>["methods"]): Value {
    const { b, e } = this;
    const type = this.typeOf(node);
    const args = this.values(node.args);
    const result = b.variable(repr(type));
    const end = b.block();
    for (const { struct, spec } of methods) {
      const [those, others] = e.branch(e.isOf(args[0]!, struct));
      e.enter(those);
      b.define(result, this.callSpec(spec, args));
      b.jump(end);
      e.enter(others);
    }
    e.fail("type", `no method ${node.name} for this type`);
    e.enter(end);
    return b.use(result);
  }

  callValue(node: Extract<Node, { kind: "call-value" }>): Value {
    const { b } = this;
    const { callee, args } = node;
    if (callee.kind === "local") {
      const loop = this.loops.get(callee.local);
      if (loop !== undefined) {
        const values = this.values(args);
        for (const [index, variable] of loop.variables.entries()) b.define(variable, values[index]!);
        b.poll();
        b.jump(loop.head);
        this.e.dead();
        return b.zero(repr(this.typeOf(node)));
      }
      const known = this.known.get(callee.local);
      if (known !== undefined) {
        const closure = this.read(callee.local);
        const values = this.values(args);
        return b.call(known, closureSignature(this.localType(callee.local)), [closure, ...values]);
      }
    }
    return this.callClosure(node, this.value(callee), this.typeOf(callee), args);
  }

  callClosure(_node: Node, closure: Value, type: Type, args: readonly Node[]): Value {
    const { b, e } = this;
    const values = this.values(args);
    e.nullcheck(closure);
    const slot = b.load("i32", closure, CLOSURE_SLOT);
    return b.calldyn(slot, closureSignature(type), [closure, ...values]);
  }
}

function isShared(local: Local): boolean {
  return local.assigned && local.captured;
}
