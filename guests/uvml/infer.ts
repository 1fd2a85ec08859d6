/** What each kind of node says of types. How inference goes is told in solver.ts. */
import type { Binding, FunctionNode, LambdaNode, Local, Node, TypeSyntax } from "./ast.ts";
import { type CallNode, PRIMITIVES, schemeOf, schemeType } from "./primitives.ts";
import type { Choice, FunctionEntry, Methods } from "./program.ts";
import { isNumberVar, last, Solver, settle } from "./solver.ts";
import {
  ANY,
  array,
  asFn,
  BOOL,
  fnType,
  I32,
  isCollected,
  isConcrete,
  isPrim,
  list,
  type Origin,
  prim,
  prune,
  type Struct,
  SYMBOL,
  type Type,
  typeText,
  UNIT,
} from "./types.ts";

export class Inference extends Solver {
  /** Walks a function's body with parameters of these types. */
  protected override body(fn: FunctionNode, params: readonly Type[], result: Type, site: Origin | null): void {
    const { locals } = this.here.typing;
    this.count(site ?? fn, fn.name, params.length, fn.params.length);
    for (const [index, { local, type }] of fn.params.entries()) {
      const origin = this.origin(local);
      locals.set(local, params[index]!);
      if (type !== null) this.unify(params[index]!, this.variables.found(this.parse(type), origin), local);
    }
    if (fn.result !== null) this.declared(result, fn.result);
    const found = this.node(fn.body, fn.result !== null && isPrim(result, "unit"));
    if (!(fn.result !== null && isPrim(result, "unit"))) this.unify(found, result, last(fn.body));
  }

  // ---- nodes --------------------------------------------------------------------------------------------------------------------

  /** Infers a node; `dropped`: nobody wants the value. */
  node(node: Node, dropped = false): Type {
    const type = this.typeOf(node, dropped);
    this.here.typing.types.set(node, type);
    return type;
  }

  typeOf(node: Node, dropped: boolean): Type {
    const found = (type: Type) => this.variables.found(type, this.origin(node));
    switch (node.kind) {
      case "int":
        return node.suffix === null
          ? this.variables.literal(node.value, this.origin(node))
          : found(prim(node.suffix as "i32"));
      case "float":
        return node.suffix === null ? this.fresh(node, "float") : found(prim(node.suffix as "f64"));
      case "bool":
      case "char":
      case "string":
      case "unit":
        return found(prim(node.kind));
      case "nil":
        return this.fresh(node, "nil");
      case "quote":
        return found(node.datum.kind === "symbol" ? SYMBOL : ANY);
      case "local":
        return this.local(node.local, node);
      case "global":
        return this.global(node);
      case "set-local":
        this.want(node.value, this.local(node.local, node));
        return found(UNIT);
      case "set-global": {
        const variable = this.program.names.get(node.name);
        this.program.use(node.name, this.here.owner);
        if (variable?.kind !== "variable") this.fail(node, `there is no global variable ${node.name}`);
        this.choose(node, { kind: "variable", variable });
        this.want(node.value, variable.type);
        return found(UNIT);
      }
      case "field":
        return this.field(node, node.field, this.node(node.target), this.fresh(node));
      case "set-field": {
        const target = this.node(node.target);
        const value = this.node(node.value);
        const type = this.fresh(node.value);
        this.field(node, node.field, target, type, () => this.unify(value, type, node.value));
        return found(UNIT);
      }
      case "set-element": {
        const element = this.fresh(node);
        this.want(node.target, array(element));
        this.want(node.index, I32);
        this.want(node.value, element);
        return found(UNIT);
      }
      case "let":
        for (const binding of node.bindings) this.binding(binding);
        return this.node(node.body, dropped);
      case "letrec": {
        const { locals } = this.here.typing;
        for (const { local, lambda } of node.bindings) locals.set(local, this.lambdaType(lambda.fn, local));
        for (const { local, lambda } of node.bindings) this.want(lambda, locals.get(local)!);
        return this.node(node.body, dropped);
      }
      case "loop": {
        const { fn } = node;
        const type = this.lambdaType(fn, node);
        this.here.typing.locals.set(node.label, type);
        const at = asFn(type);
        this.count(node, fn.name, node.inits.length, fn.params.length);
        for (const [index, init] of node.inits.entries()) {
          const { type } = fn.params[index]!;
          if (type !== null) this.declared(at.params[index]!, type);
          this.want(init, at.params[index]!);
        }
        this.body(fn, at.params, at.result, null);
        // One whose calls are jumps stays in its frame.
        if (!this.program.jumps.has(node)) this.escape(fn, at.result);
        return at.result;
      }
      case "lambda": {
        const type = this.lambdaType(node.fn, node);
        const at = asFn(type);
        this.body(node.fn, at.params, at.result, null);
        this.escape(node.fn, at.result);
        return type;
      }
      case "if": {
        this.want(node.test, BOOL);
        const without = node.otherwise.kind === "unit" || node.then.kind === "unit" || dropped;
        const then = this.node(node.then, without);
        const otherwise = this.node(node.otherwise, without);
        if (without) return found(UNIT);
        this.unify(otherwise, then, last(node.otherwise));
        return then;
      }
      case "begin": {
        let type = found(UNIT) as Type;
        for (const [index, each] of node.body.entries())
          type = this.node(each, dropped || index < node.body.length - 1);
        return type;
      }
      case "while":
        this.want(node.test, BOOL);
        this.node(node.body, true);
        return found(UNIT);
      case "for": {
        const type = this.fresh(null, "number");
        this.want(node.from, type);
        this.want(node.to, type);
        if (node.step !== null) this.want(node.step, type);
        this.here.typing.locals.set(node.local, type);
        this.node(node.body, true);
        return found(UNIT);
      }
      case "call":
        return this.call(node);
      case "call-value": {
        const callee = this.node(node.callee);
        return this.callValue(node, callee, node.args);
      }
      case "try": {
        const type = this.node(node.body, dropped);
        for (const { local, type: syntax, body } of node.catches) {
          this.here.typing.locals.set(local, syntax === null ? ANY : this.found(this.parse(syntax), syntax));
          const result = this.node(body, dropped);
          if (!dropped) this.unify(result, type, last(body));
        }
        if (node.cleanup !== null) this.node(node.cleanup, true);
        return dropped ? found(UNIT) : type;
      }
      case "raise":
        this.boxed(this.node(node.value), node.value);
        return this.fresh(null);
      case "the": {
        const type = found(this.parse(node.type));
        this.want(node.value, type);
        return type;
      }
      case "is":
        this.boxed(this.node(node.value), node.value);
        this.choose(node, { kind: "type", type: this.parse(node.type) });
        return found(BOOL);
      case "as":
        this.boxed(this.node(node.value), node.value);
        return found(this.parse(node.type));
      case "new":
        return found(this.newNode(node));
      case "array": {
        this.want(node.length, I32);
        return found(array(this.parse(node.type)));
      }
      case "array-of":
      case "list-of": {
        const element = this.fresh(null);
        for (const item of node.items) this.want(item, element);
        return found(node.kind === "list-of" ? list(element) : array(element));
      }
    }
  }

  /** The node's value has to be of the type. */
  want(node: Node, type: Type): void {
    this.unify(this.node(node), type, node);
  }

  /** There are as many arguments as there have to be. */
  count(node: { readonly pos: number }, name: string, found: number, least: number, most = least): void {
    if (found >= least && found <= most) return;
    const wanted = most === least ? `${least}` : `at least ${least}`;
    this.fail(node, `${name} takes ${wanted} argument${wanted === "1" ? "" : "s"}, not ${found}`);
  }

  choose(node: Node, choice: Choice): void {
    this.here.typing.choices.set(node, choice);
  }

  local(local: Local, node: Node): Type {
    return this.here.typing.locals.get(local) ?? this.fail(node, `${local.name} is used before it has a value`);
  }

  binding({ local, type, init }: Binding): void {
    const found = this.node(init);
    if (type === null) {
      this.here.typing.locals.set(local, found);
      return;
    }
    const declared = this.found(this.parse(type), type);
    this.unify(found, declared, init);
    this.here.typing.locals.set(local, declared);
  }

  lambdaType(fn: FunctionNode, node: { readonly pos: number }): Type {
    const params = fn.params.map(({ local }) => this.fresh(local));
    return this.variables.found(fnType(params, this.fresh(fn.body)), this.origin(node));
  }

  /** A lambda is checked like a function: nothing of a frame goes out, or in but as a parameter. */
  escape(fn: FunctionNode, result: Type): void {
    this.check(() => {
      if (prune(result).kind === "local")
        this.fail(fn.body, `${this.text(result)} cannot leave the function whose frame it lives in`);
      for (const local of fn.captures) {
        const type = this.here.typing.locals.get(local);
        if (type !== undefined && prune(type).kind === "local")
          this.fail(fn, `${local.name} lives in a frame and cannot be captured`);
      }
    });
  }

  newNode(node: Extract<Node, { kind: "new" }>): Type {
    const struct = this.program.struct(node.struct) ?? this.fail(node, `there is no structure ${node.struct}`);
    const { fields } = struct;
    this.program.use(`struct ${struct.name}`, this.here.owner);
    this.count(node, struct.name, node.args.length, fields.length);
    for (const [index, arg] of node.args.entries()) this.want(arg, fields[index]!.type);
    const collected = fields.find((field) => isCollected(field.type));
    if (node.where === "malloc" && collected !== undefined)
      this.fail(
        node,
        `${struct.name} cannot be malloc'd: its field ${collected.name} is a reference to a collected ${typeText(collected.type)}`,
      );
    return node.where === "heap" ? struct : { kind: node.where === "malloc" ? "ptr" : "local", of: struct };
  }

  /** Makes `type` the type of a field, when the structure is known. */
  field(node: Node, name: string, target: Type, type: Type, then = () => {}): Type {
    this.later(node, (stage) => {
      let at = prune(target);
      if (at.kind === "ptr" || at.kind === "local") at = prune(at.of);
      if (at.kind === "var" && !isNumberVar(at)) {
        if (stage < 3) return false;
        const those = [...this.program.structs.values()].filter((struct) => fieldOf(struct, name) !== undefined);
        if (those.length !== 1) return false;
        this.unify(target, those[0]!, node);
        at = those[0]!;
      }
      if (at.kind !== "struct") this.fail(node, `${this.text(target)} has no field ${name}`);
      this.program.use(`struct ${at.name}`, this.here.owner);
      const field = fieldOf(at, name) ?? this.fail(node, `${at.name} has no field ${name}`);
      const added = at.added.find((each) => each === field) ?? null;
      if (added !== null && prune(target).kind !== "struct")
        this.fail(node, `${name} was added to ${at.name}: only collected ones have it`);
      this.choose(node, { kind: "field", struct: at, added });
      this.unify(type, field.type, node);
      then();
      return true;
    });
    return type;
  }

  // ---- calls --------------------------------------------------------------------------------------------------------------------

  callValue(node: Node, callee: Type, args: readonly Node[]): Type {
    const result = this.fresh(node);
    const at = prune(callee);
    const types = args.map((arg) => this.node(arg));
    if (at.kind === "fn") {
      this.count(node, "this function", args.length, at.params.length);
      for (const [index, type] of types.entries()) this.unify(type, at.params[index]!, args[index]!);
      return at.result;
    }
    if (at.kind !== "var") this.fail(node, `${this.text(at)} cannot be called`);
    this.unify(callee, fnType(types, result), node);
    return result;
  }

  call(node: CallNode): Type {
    const { name } = node;
    this.program.use(name, this.here.owner);
    const definition = this.program.names.get(name);
    if (definition?.kind === "variable") {
      this.choose(node, { kind: "variable", variable: definition });
      return this.callValue(node, definition.type, node.args);
    }
    const args = node.args.map((arg) => this.node(arg));
    if (definition?.kind === "function") return this.callFunction(node, definition, args);
    if (definition?.kind === "methods") return this.callMethod(node, definition, args);
    const scheme = schemeOf(name);
    if (scheme !== null) {
      const { params, repeats } = scheme;
      const least = params.length - (repeats ? 1 : 0);
      this.count(node, name, args.length, least, repeats ? Number.POSITIVE_INFINITY : least);
      this.choose(node, { kind: Object.hasOwn(PRIMITIVES, name) ? "primitive" : "native", name } as Choice);
      return schemeType(this, node, scheme, args);
    }
    return this.fail(node, `there is no function ${name}`);
  }

  callFunction(node: CallNode, entry: FunctionEntry, args: readonly Type[]): Type {
    const { fn } = entry;
    this.count(node, fn.name, args.length, fn.params.length);
    const result = this.fresh(node);
    this.annotated(fn, args, result, node.args);
    this.later(node, (stage) => {
      if (!args.every(isConcrete)) {
        if (this.sameTrial(fn, args, result, node)) return true;
        if (stage > 0 && !this.force(entry, args, result, node, stage)) return false;
        if (!args.every(isConcrete)) return false;
      }
      const spec = this.instance(entry, args, this.origin(node));
      this.choose(node, { kind: "spec", spec });
      this.unify(result, spec.result, node);
      return true;
    });
    return result;
  }

  /** What a function's head says of its parameters and result. */
  annotated(fn: FunctionNode, args: readonly Type[], result: Type, at: readonly { readonly pos: number }[]): void {
    const parse = (syntax: TypeSyntax) =>
      this.variables.found(this.parse(syntax, fn.file), { file: fn.file, pos: syntax.pos });
    for (const [index, { type }] of fn.params.entries())
      if (type !== null) this.unify(args[index]!, parse(type), at[index]!);
    if (fn.result !== null) this.unify(result, parse(fn.result), at[0] ?? fn.result);
  }

  callMethod(node: CallNode, methods: Methods, args: readonly Type[]): Type {
    const result = this.fresh(node);
    const [first] = args;
    if (first === undefined) this.fail(node, `${methods.name} is a method: it needs an argument`);
    this.later(node, (stage) => {
      const at = prune(first);
      if (at.kind === "var" && stage < 3) return false;
      if (at.kind === "struct") {
        const entry = methods.table.get(at) ?? this.fail(node, `${at.name} has no method ${methods.name}`);
        this.unify(this.callFunction(node, entry, args), result, node);
        return true;
      }
      if (!isPrim(at, "any")) this.fail(node, `${this.text(at)} has no method ${methods.name}`);
      const rest = args.slice(1);
      if (!rest.every(isConcrete)) {
        if (stage < 3) return false;
        for (const arg of rest) settle(arg);
      }
      const table = [...methods.table].map(([struct, entry]) => {
        this.count(node, entry.name, args.length, entry.fn.params.length);
        const spec = this.instance(entry, [struct, ...rest], this.origin(node));
        this.unify(spec.result, result, node);
        return { struct, spec };
      });
      this.choose(node, { kind: "dispatch", methods: table });
      return true;
    });
    return result;
  }

  /** A global name as a value. */
  global(node: Extract<Node, { kind: "global" }>): Type {
    const { name } = node;
    this.program.use(name, this.here.owner);
    const definition = this.program.names.get(name);
    if (definition?.kind === "variable") {
      this.choose(node, { kind: "variable", variable: definition });
      return definition.type;
    }
    if (definition?.kind === "function") {
      const { fn } = definition;
      const params = fn.params.map(() => this.fresh(node));
      const result = this.fresh(node);
      this.annotated(fn, params, result, new Array(params.length).fill(node));
      this.later(node, (stage) => {
        if (!params.every(isConcrete)) {
          if (stage < 3) return false;
          for (const param of params) if (isNumberVar(param)) settle(param);
          if (!params.every(isConcrete)) return false;
        }
        const spec = this.instance(definition, params, this.origin(node));
        this.choose(node, { kind: "spec", spec });
        this.unify(result, spec.result, node);
        return true;
      });
      return this.variables.found(fnType(params, result), this.origin(node));
    }
    const count = definition?.kind === "methods" ? methodArity(definition) : schemeArity(name);
    if (count === null) this.fail(node, `there is no variable or function ${name}`);
    const lambda = wrapper(node, count, this.here.file);
    this.choose(node, { kind: "lambda", lambda });
    return this.node(lambda);
  }
}

// ---- small things -----------------------------------------------------------------------------------------------------------------

function fieldOf(struct: Struct, name: string) {
  return struct.added.find((field) => field.name === name) ?? struct.fields.find((field) => field.name === name);
}

function methodArity(methods: Methods): number {
  return [...methods.table.values()][0]?.fn.params.length ?? 1;
}

/** With how many arguments a primitive or native is called as a value: with two if it takes any number. */
function schemeArity(name: string): number | null {
  const scheme = schemeOf(name);
  return scheme === null ? null : scheme.repeats ? 2 : scheme.params.length;
}

/** (lambda (a …) (name a …)). */
function wrapper(node: Extract<Node, { kind: "global" }>, count: number, file: string): LambdaNode {
  const { pos, name } = node;
  const params = Array.from({ length: count }, (_, index) => ({
    local: { name: `arg${index}`, pos, assigned: false, captured: false },
    type: null,
  }));
  const args = params.map(({ local }) => ({ kind: "local", pos, local }) as const);
  const body: Node = { kind: "call", pos, name, args };
  return { kind: "lambda", pos, fn: { pos, file, name, params, result: null, body, captures: [] } };
}
