/** From a typed body to IR. One generator makes one function: a specialisation, or a lambda in it. */
import { type Block, type Builder, Func, type Signature, type Value } from "#ir";
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
import { ANY, isConcrete, isPrim, prim, prune, type Type, typeText, UNIT } from "./types.ts";

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
  readonly file: string;
  readonly id: number;
  readonly storage = new Map<Local, Storage>();
  readonly loops = new Map<Local, Loop>();
  /** Slots of the lambdas that locals are bound to for good. */
  readonly known: Map<Local, number>;

  constructor(
    compiler: Compiler,
    name: string,
    file: string,
    signature: Signature,
    id: number,
    typing: Typing,
    known: Map<Local, number>,
  ) {
    this.compiler = compiler;
    this.e = new Emitter(new Func(name, signature, id), compiler.runtime);
    this.b = this.e.b;
    this.typing = typing;
    this.file = file;
    this.id = id;
    this.known = known;
  }

  /** The function of a specialisation. */
  static spec(compiler: Compiler, spec: Spec, id: number): Func {
    const { fn, params, result, typing } = spec;
    const name = `${fn.name} (${params.map(typeText).join(" ")})`;
    const g = new Generator(compiler, name, fn.file, signatureOf(params, result), id, typing, new Map());
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
    const g = new Generator(compiler, fn.name, fn.file, signatureOf([], ANY), id, typing, new Map());
    g.b.entry();
    return g.function(fn, [], (value, type) =>
      isPrim(spec.result, "unit") ? use(g, g.b.i32(0), UNIT) : use(g, value, type),
    );
  }

  static lambda(outer: Generator, fn: FunctionNode, type: Type, self: Local | null, slot: number): Func {
    const at = prune(type);
    if (at.kind !== "fn") throw new Error("a lambda is a function");
    const signature = closureSignature(at.params, at.result);
    const g = new Generator(outer.compiler, fn.name, fn.file, signature, outer.id, outer.typing, new Map(outer.known));
    const [closure, ...params] = g.b.entry();
    g.e.solid(closure!);
    if (self !== null) {
      g.storage.set(self, { kind: "value", value: closure! });
      g.known.set(self, slot);
    }
    const { offsets, types } = g.captures(fn);
    for (const [index, local] of fn.captures.entries()) {
      const offset = offsets[index]!;
      if (isShared(local)) g.storage.set(local, { kind: "cell", cell: g.e.solid(g.b.load("ref", closure!, offset)) });
      else g.storage.set(local, { kind: "value", value: g.e.load(loadOf(types[index]!), closure!, offset) });
    }
    return g.function(fn, params, (value) => (isPrim(at.result, "unit") ? g.b.i32(0) : value));
  }

  function(fn: FunctionNode, params: readonly Value[], result: (value: Value, type: Type) => Value): Func {
    const { b } = this;
    b.pos = fn.pos;
    for (const [index, { local }] of fn.params.entries()) this.declare(local, params[index]!);
    const value = this.value(fn.body);
    b.ret(result(value, this.typeOf(fn.body)));
    return b.finish();
  }

  /** The type of a node or local, as inferred. */
  typeOf(node: Node): Type {
    return this.typing.types.get(node) ?? UNIT;
  }

  localType(local: Local): Type {
    return this.typing.locals.get(local) ?? UNIT;
  }

  /** What stands for a value that never comes to be. */
  never(type: Type): Value {
    this.b.unreachable();
    this.e.dead();
    return this.b.zero(repr(isConcrete(type) ? type : UNIT));
  }

  boxed(node: Node): Value {
    const value = this.value(node);
    return this.e.box(value, this.typeOf(node));
  }

  // ---- variables ------------------------------------------------------------------------------------------------------------

  declare(local: Local, value: Value): void {
    const type = this.localType(local);
    const { b } = this;
    if (isShared(local)) {
      this.storage.set(local, {
        kind: "cell",
        cell: this.e.filled(this.compiler.runtime.records.cell(type), type, value),
      });
    } else if (!local.assigned) this.storage.set(local, { kind: "value", value });
    else {
      const variable = b.variable(repr(type));
      b.define(variable, value);
      this.storage.set(local, { kind: "variable", variable });
    }
  }

  read(local: Local): Value {
    const storage = this.storage.get(local);
    if (storage === undefined) throw new Error(`${local.name} has no storage`);
    if (storage.kind === "value") return storage.value;
    if (storage.kind === "variable") return this.b.use(storage.variable);
    return this.e.load(loadOf(this.localType(local)), storage.cell, BOX_VALUE);
  }

  write(local: Local, value: Value): void {
    const storage = this.storage.get(local);
    if (storage?.kind === "variable") this.b.define(storage.variable, value);
    else if (storage?.kind === "cell") this.e.store(loadOf(this.localType(local)), storage.cell, BOX_VALUE, value);
    else throw new Error(`${local.name} cannot be assigned`);
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
        const choice = this.choice(node);
        if (choice.kind !== "variable") throw new Error("no variable");
        const value = this.value(node.value);
        e.store(loadOf(choice.variable.type), b.addr(choice.variable.address), 0, value);
        return b.i32(0);
      }
      case "field": {
        const { load, base, offset, added } = fieldAccess(this, node);
        return added === null ? e.load(load, base, offset) : addedField(this, node, base, added);
      }
      case "set-field": {
        const { load, base, offset, added } = fieldAccess(this, node);
        const value = this.value(node.value);
        b.pos = node.pos;
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
        b.pos = node.pos;
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
        b.pos = node.pos;
        e.nullcheck(value);
        e.call(this.compiler.runtime.helper("raise"), "(r)v", [value]);
        return this.never(this.typeOf(node));
      }
      case "the":
        return this.value(node.value);
      case "is": {
        const choice = this.choice(node);
        if (choice.kind !== "type") throw new Error("no type");
        return e.isOf(this.boxed(node.value), choice.type);
      }
      case "as": {
        const type = this.typeOf(node);
        const value = this.boxed(node.value);
        if (isPrim(type, "any")) return value;
        b.pos = node.pos;
        e.unless(b.op("eqz", e.isOf(value, type)), () => this.clash(value, type));
        if (type.kind !== "list") e.solid(value);
        return e.unbox(value, type);
      }
      case "new":
        return newNode(this, node);
      case "array": {
        const at = prune(this.typeOf(node));
        const length = this.value(node.length);
        b.pos = node.pos;
        return e.array(at.kind === "array" ? at.of : UNIT, length);
      }
      case "array-of": {
        const at = prune(this.typeOf(node));
        const type = at.kind === "array" ? at.of : UNIT;
        const load = loadOf(type);
        const array = e.array(type, b.i32(node.items.length));
        const size = bytesOfLoad(load);
        // Each is stored at once: values that wait would all be spilled at each call.
        for (const [index, item] of node.items.entries())
          e.store(load, array, ARRAY_DATA + index * size, this.value(item));
        return array;
      }
      case "list-of": {
        const at = prune(this.typeOf(node));
        const type = at.kind === "list" ? at.of : UNIT;
        let first: Value | undefined;
        let last: Value | undefined;
        for (const item of node.items) {
          const value = this.value(item);
          b.pos = node.pos;
          const cons = e.cons(type, value, b.nullRef());
          if (last !== undefined) b.mem("refstore", null, CONS_REST, last, cons);
          first ??= cons;
          last = cons;
        }
        return first ?? b.nullRef();
      }
    }
  }

  choice(node: Node): Choice {
    const choice = this.typing.choices.get(node);
    if (choice === undefined) throw new Error(`nothing was decided about ${node.kind}`);
    return choice;
  }

  /** `as` found another type: tells which. */
  clash(value: Value, type: Type): void {
    const { e } = this;
    const mark = e.mark();
    const found = e.native("type-of", [value]);
    const text = e.text([
      { value: found, type: prim("string") },
      { value: e.string(` is not ${typeText(type)}`), type: prim("string") },
    ]);
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
    const at = prune(type);
    if (at.kind !== "fn") throw new Error("a lambda is a function");
    return this.compiler.allocate(closureSignature(at.params, at.result), this.id, (_id, number) =>
      Generator.lambda(this, fn, type, self, number),
    );
  }

  captures(fn: FunctionNode): { types: Type[]; offsets: number[]; size: number } {
    const types = fn.captures.map((local) => this.localType(local));
    const { offsets, size } = placeValues(
      fn.captures.map((local, index) => (isShared(local) ? ANY : types[index]!)),
      CLOSURE_CAPTURES,
    );
    return { types, offsets, size };
  }

  /** `later`: locals that have no value yet. */
  closure(fn: FunctionNode, type: Type, slot: number, later?: ReadonlySet<Local>): Value {
    const { e, b } = this;
    const { records } = this.compiler.runtime;
    const { offsets, size, types } = this.captures(fn);
    const record = records.closure(
      type,
      fn.name,
      fn.captures.map((local, index) => (isShared(local) ? ANY : types[index]!)),
    );
    if (fn.captures.length === 0) return e.immortal(this.compiler.immortalClosure(record, slot));
    const values = fn.captures.map((local) => {
      if (later?.has(local)) return null;
      return isShared(local) ? this.cell(local) : this.read(local);
    });
    b.pos = fn.pos;
    const closure = e.object(record, size);
    b.mem("store", null, CLOSURE_SLOT, closure, b.i32(slot));
    for (const [index, value] of values.entries()) {
      if (value !== null)
        e.store(isShared(fn.captures[index]!) ? "ref" : loadOf(types[index]!), closure, offsets[index]!, value);
    }
    return closure;
  }

  cell(local: Local): Value {
    const storage = this.storage.get(local);
    if (storage?.kind !== "cell") throw new Error(`${local.name} has no cell`);
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
    if (choice.kind !== "spec") throw new Error(`${node.name} is no value`);
    return this.e.immortal(this.compiler.functionValue(choice.spec));
  }

  variable(variable: { readonly type: Type; readonly address: number }): Value {
    return this.e.load(loadOf(variable.type), this.b.addr(variable.address), 0);
  }

  call(node: Extract<Node, { kind: "call" }>): Value {
    const { b } = this;
    const choice = this.choice(node);
    const type = this.typeOf(node);
    switch (choice.kind) {
      case "primitive": {
        return OPERATORS[choice.name](this, node, type);
      }
      case "native": {
        const { params } = schemeOf(choice.name)!;
        if (choice.name === "type-of" && !isPrim(this.typeOf(node.args[0]!), "any")) {
          this.value(node.args[0]!);
          return this.e.string(typeText(this.typeOf(node.args[0]!)));
        }
        const args = node.args.map((arg, index) => (params[index]!.head === "any" ? this.boxed(arg) : this.value(arg)));
        b.pos = node.pos;
        const value = this.e.native(choice.name, args);
        return choice.name === "fail" ? this.never(type) : value;
      }
      case "variable": {
        const callee = this.variable(choice.variable);
        return this.callClosure(node, callee, choice.variable.type, node.args);
      }
      case "dispatch":
        return this.dispatch(node, choice.methods);
      case "spec": {
        const args = node.args.map((arg) => this.value(arg));
        b.pos = node.pos;
        return this.callSpec(choice.spec, args);
      }
      default:
        throw new Error(`${node.name} cannot be called`);
    }
  }

  callSpec(spec: Spec, args: readonly Value[]): Value {
    return this.b.call(this.compiler.slotOf(spec), signatureOf(spec.params, spec.result), args);
  }

  /** By the type of the first argument, which is any. */
  dispatch(node: Extract<Node, { kind: "call" }>, methods: Extract<Choice, { kind: "dispatch" }>["methods"]): Value {
    const { b, e } = this;
    const type = this.typeOf(node);
    const args = node.args.map((arg) => this.value(arg));
    b.pos = node.pos;
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
        const values = args.map((arg) => this.value(arg));
        for (const [index, variable] of loop.variables.entries()) b.define(variable, values[index]!);
        b.pos = node.pos;
        b.poll();
        b.jump(loop.head);
        this.e.dead();
        return b.zero(repr(this.typeOf(node)));
      }
      const known = this.known.get(callee.local);
      const at = prune(this.localType(callee.local));
      if (known !== undefined && at.kind === "fn") {
        const closure = this.read(callee.local);
        const values = args.map((arg) => this.value(arg));
        b.pos = node.pos;
        return b.call(known, closureSignature(at.params, at.result), [closure, ...values]);
      }
    }
    return this.callClosure(node, this.value(callee), this.typeOf(callee), args);
  }

  callClosure(node: Node, closure: Value, type: Type, args: readonly Node[]): Value {
    const { b, e } = this;
    const at = prune(type);
    if (at.kind !== "fn") throw new Error(`${typeText(at)} cannot be called`);
    const values = args.map((arg) => this.value(arg));
    b.pos = node.pos;
    e.nullcheck(closure);
    const slot = b.load("i32", closure, CLOSURE_SLOT);
    return b.calldyn(slot, closureSignature(at.params, at.result), [closure, ...values]);
  }
}

function isShared(local: Local): boolean {
  return local.assigned && local.captured;
}
