/**
 * The compiler as the driver sees it: takes forms of top level one by one, keeps what the program has defined, and makes slots for functions,
 * whose code is made when they are first called. Definitions that change what others were compiled with drop those.
 *
 * A slot belongs for ever to a function's name, parameter types and result type. Its code is always that of the function as it is defined
 * when the code is made. If the function then has another result type, or cannot be typed any more, the slot's code raises that as an error.
 */
import { Func, printFunc, type Signature, signature } from "#ir";
import { type FunctionNode, LanguageError, type Node, type TopLevel, type TypeSyntax } from "./ast.ts";
import { closureSignature, Emitter, signatureOf } from "./emit.ts";
import { Generator } from "./generate.ts";
import { anyPartFunction, extensionFunction, listLengthFunction } from "./helpers-ir.ts";
import { Inference } from "./infer.ts";
import { CLOSURE_SLOT, loadOf } from "./layout.ts";
import { type Definition, FunctionEntry, type GlobalVariable, Program, type Spec } from "./program.ts";
import type { CompiledForm, FormCompiler, Runtime } from "./runtime-types.ts";
import type { LoopNode } from "./scan.ts";
import { ANY, fnType, isCollected, parseType, resolve, type Struct, type Type, typeText, UNIT } from "./types.ts";

type Body = (functionId: number, slot: number) => Func;
type Form<K extends TopLevel["kind"]> = Extract<TopLevel, { kind: K }>;

interface Macro {
  readonly entry: FunctionEntry;
  readonly rest: boolean;
}

export class Compiler implements FormCompiler {
  readonly runtime: Runtime;
  readonly #program = new Program();
  readonly #inference = new Inference(this.#program);
  readonly #macros = new Map<string, Macro>();
  /** Index + 1 is the function's id. */
  readonly #functions: { readonly name: string; readonly file: string }[] = [];
  readonly #ids = new Map<FunctionNode, number>();
  readonly #closures = new Map<number, number>();
  readonly #helpers = new Map<string, number>();
  #extensions = 0;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  // ---- forms ----------------------------------------------------------------------------------------------------------------

  compile(form: TopLevel): CompiledForm | null {
    switch (form.kind) {
      case "expression":
        return this.#expression(form);
      case "define":
        return this.#define(form);
      case "define-function":
        this.#replace(form.name, new FunctionEntry(form.name, form.fn));
        return null;
      case "define-method":
        this.#defineMethod(form);
        return null;
      case "define-macro":
        this.#macros.set(form.name, { entry: new FunctionEntry(form.name, form.fn), rest: form.rest });
        return null;
      case "define-struct":
        this.#defineStruct(form);
        return null;
      case "add-field":
        return this.#addField(form);
      default:
        throw new LanguageError(form.file, form.pos, `${form.kind} is the driver's`);
    }
  }

  #expression(form: Form<"expression">): CompiledForm {
    const spec = this.#statement(topLevelFunction(form.file, form.value));
    const slot = this.#formSlot(spec, (g, value, type) => g.e.box(value, type));
    return { slot, type: typeText(spec.result) };
  }

  /** A form whose branches give values of different types gives none. */
  #statement(fn: FunctionNode): Spec {
    try {
      return this.#inference.form(fn);
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      try {
        return this.#inference.form({ ...fn, result: { pos: fn.pos, head: "unit", args: [] } });
      } catch {
        throw error;
      }
    }
  }

  /** Slot of () -> ref that runs a form and does something with its value. */
  #formSlot(spec: Spec, use: Parameters<typeof Generator.form>[3]): number {
    return this.allocate(signatureOf([], ANY), this.#idOf(spec.fn), (id) => Generator.form(this, spec, id, use));
  }

  #define(form: Form<"define">): CompiledForm {
    const { file, pos, name, type: syntax, value } = form;
    const node: Node = syntax === null ? value : { kind: "the", pos, type: syntax, value };
    const spec = this.#inference.form(topLevelFunction(file, node));
    const type = resolve(spec.result);
    const old = this.#program.names.get(name);
    let variable: GlobalVariable | null =
      old?.kind === "variable" && typeText(old.type) === typeText(type) ? old : null;
    if (variable === null) {
      variable = { kind: "variable", name, type, address: this.runtime.word(isCollected(type)) };
      this.#replace(name, variable);
    }
    return this.#storing(spec, variable);
  }

  #storing(spec: Spec, to: { readonly type: Type; readonly address: number }): CompiledForm {
    const slot = this.#formSlot(spec, (g, value) => {
      g.e.store(loadOf(to.type), g.b.addr(to.address), 0, value);
      return g.e.box(g.b.i32(0), UNIT);
    });
    return { slot, type: null };
  }

  #defineMethod({ name, fn }: Form<"define-method">): void {
    const syntax = fn.params[0]!.type!;
    const struct = this.#type(syntax, fn.file);
    if (struct.kind !== "struct") throw new LanguageError(fn.file, syntax.pos, "methods are for structures");
    let methods = this.#program.names.get(name);
    if (methods?.kind !== "methods") this.#replace(name, (methods = { kind: "methods", name, table: new Map() }));
    const old = methods.table.get(struct);
    const entry = new FunctionEntry(name, fn, struct);
    methods.table.set(struct, entry);
    // Those that choose at run time have another method to choose from.
    if (old === undefined) this.#dropUsers(name);
    else this.#succeed(old, entry);
  }

  #defineStruct({ name, file, fields }: Form<"define-struct">): void {
    const old = this.#program.structs.get(name);
    const version = old === undefined ? 0 : old.version + 1;
    const struct: Struct = { kind: "struct", name, version, fields: [], added: [] };
    this.#program.structs.set(name, struct);
    try {
      struct.fields = fields.map(({ name, type }) => ({ name, type: this.#fieldType(type, file) }));
    } catch (error) {
      if (old === undefined) this.#program.structs.delete(name);
      else this.#program.structs.set(name, old);
      throw error;
    }
    this.#dropUsers(`struct ${name}`);
  }

  #fieldType(syntax: TypeSyntax, file: string): Type {
    const type = this.#type(syntax, file);
    if (type.kind === "local") throw new LanguageError(file, syntax.pos, `a field cannot be a ${typeText(type)}`);
    return type;
  }

  #type(syntax: TypeSyntax, file: string): Type {
    return parseType(syntax, file, (name) => this.struct(name));
  }

  #addField(form: Form<"add-field">): CompiledForm | null {
    const { file, pos, field, initial } = form;
    const struct = this.#program.struct(form.struct);
    if (struct === undefined) throw new LanguageError(file, pos, `there is no structure ${form.struct}`);
    const type = this.#fieldType(field.type, file);
    if ([...struct.fields, ...struct.added].some(({ name }) => name === field.name))
      throw new LanguageError(file, field.pos, `${struct.name} has a field ${field.name} already`);
    const value: Node | null =
      initial === null ? null : { kind: "the", pos: initial.pos, type: field.type, value: initial };
    const spec = value === null ? null : this.#inference.form(topLevelFunction(file, value));
    const address = this.runtime.word(isCollected(type));
    struct.added.push({ name: field.name, type, id: this.#extensions++, initial: address });
    this.#dropUsers(`struct ${struct.name}`);
    return spec === null ? null : this.#storing(spec, { type, address });
  }

  // ---- changes --------------------------------------------------------------------------------------------------------------

  /** A name means something else from now on. */
  #replace(name: string, definition: Definition): void {
    const old = this.#program.names.get(name);
    this.#program.names.set(name, definition);
    if (old?.kind === "function" && definition.kind === "function") this.#succeed(old, definition);
    else this.#dropUsers(name);
  }

  /** A function is defined anew. Callers stay as they are where its results have the types they had. */
  #succeed(old: FunctionEntry, entry: FunctionEntry): void {
    entry.slots = old.slots;
    const dropped = new Set<Spec>();
    for (const spec of old.specs.values()) {
      dropped.add(spec);
      if (!this.#keepsResult(entry, spec)) for (const caller of spec.callers) this.#collect(caller, dropped);
    }
    this.#drop(dropped, entry);
  }

  #keepsResult(entry: FunctionEntry, old: Spec): boolean {
    try {
      const spec = this.#inference.specialise(entry, old.params, null);
      for (const caller of old.callers) spec.callers.add(caller);
      return typeText(spec.result) === typeText(old.result);
    } catch (error) {
      if (error instanceof LanguageError) return false;
      throw error;
    }
  }

  /** Drops what depends on the meaning of a name. */
  #dropUsers(name: string): void {
    const dropped = new Set<Spec>();
    for (const spec of this.#program.users.get(name) ?? []) this.#collect(spec, dropped);
    this.#program.users.delete(name);
    this.#drop(dropped, null);
  }

  #collect(spec: Spec, into: Set<Spec>): void {
    if (into.has(spec)) return;
    into.add(spec);
    for (const caller of spec.callers) this.#collect(caller, into);
  }

  /** The next call of these infers and compiles anew. */
  #drop(specs: ReadonlySet<Spec>, successor: FunctionEntry | null): void {
    const slots: [number][] = [];
    for (const spec of specs) {
      const { entry } = spec;
      if (entry === null) continue;
      if (entry.specs.get(spec.key) === spec) entry.specs.delete(spec.key);
      const slot = entry.slots.get(slotKey(spec));
      if (slot !== undefined) slots.push([slot]);
    }
    if (successor !== null) for (const slot of successor.slots.values()) slots.push([slot]);
    this.runtime.vm.code.redefine(slots);
  }

  // ---- slots ----------------------------------------------------------------------------------------------------------------

  allocate(signature: Signature, functionId: number, body: Body): number {
    return this.runtime.vm.code.allocate(signature, functionId, body);
  }

  /** Slot of a specialisation. */
  slotOf(spec: Spec): number {
    const { entry } = spec;
    if (entry === null) throw new Error("a form has no slot of its own");
    const key = slotKey(spec);
    let slot = entry.slots.get(key);
    if (slot === undefined) {
      const params = spec.params.map(resolve);
      const result = resolve(spec.result);
      const name = entry.name;
      const type = signatureOf(params, result);
      slot = this.allocate(type, this.#idOf(spec.fn), (id) => this.#body(name, entry, params, result, type, id));
      entry.slots.set(key, slot);
    }
    return slot;
  }

  /** The function of a slot as the program is now. */
  #body(name: string, first: FunctionEntry, params: readonly Type[], result: Type, type: Signature, id: number): Func {
    const entry = this.#current(name, first);
    try {
      if (entry === null) throw new LanguageError(first.fn.file, first.fn.pos, `${name} is no function any more`);
      const spec = this.#inference.specialise(entry, params, null);
      if (typeText(spec.result) === typeText(result)) return Generator.spec(this, spec, this.#idOf(spec.fn));
      const what = `type clash: ${name} gives ${typeText(spec.result)} now, but its caller was compiled for ${typeText(result)}`;
      throw new LanguageError(spec.fn.file, spec.fn.pos, what);
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      const e = new Emitter(new Func(name, type, id), this.runtime);
      e.b.entry();
      e.b.pos = first.fn.pos;
      e.fail("type", error.message);
      return e.b.finish();
    }
  }

  #current(name: string, first: FunctionEntry): FunctionEntry | null {
    if (this.#macros.get(name)?.entry === first) return first;
    const now = this.#program.names.get(name);
    if (now?.kind === "methods") return first.struct === null ? null : (now.table.get(first.struct) ?? null);
    return now?.kind === "function" && first.struct === null ? now : null;
  }

  #idOf(fn: FunctionNode): number {
    let id = this.#ids.get(fn);
    if (id === undefined) {
      id = this.#functions.push({ name: fn.name, file: fn.file });
      this.#ids.set(fn, id);
    }
    return id;
  }

  // ---- for generated code ---------------------------------------------------------------------------------------------------

  struct(name: string): Struct | undefined {
    return this.#program.struct(name);
  }

  /** Whether the calls of a loop's label are jumps. */
  isJump(loop: LoopNode): boolean {
    return this.#program.jumps.has(loop);
  }

  /** The closure of a function that captures nothing. */
  immortalClosure(record: number, slot: number): number {
    let closure = this.#closures.get(slot);
    if (closure === undefined) {
      closure = this.runtime.vm.allocateImmortal(record, 8);
      this.runtime.vm.mem.setWord(closure + CLOSURE_SLOT, slot);
      this.#closures.set(slot, closure);
    }
    return closure;
  }

  /** A named function as a value: a closure whose function calls the other. */
  functionValue(spec: Spec): number {
    const slot = this.slotOf(spec);
    const params = spec.params.map(resolve);
    const result = resolve(spec.result);
    const inner = signatureOf(params, result);
    const outer = closureSignature(fnType(params, result));
    const wrapper = this.#helper(`value ${slot}`, outer, ({ b }) => {
      const [, ...args] = b.entry();
      b.ret(b.call(slot, inner, args));
    });
    return this.immortalClosure(this.runtime.records.closure(fnType(params, result), spec.fn.name, []), wrapper);
  }

  /** Slot of (ref) -> ref: car or cdr of a value of type any. */
  anyPart(first: boolean): number {
    return this.#helper(first ? "car" : "cdr", signature(["ref"], "ref"), (e) => anyPartFunction(e, first));
  }

  /** Slot of (ref) -> i32: length of a list. */
  listLength(): number {
    return this.#helper("length", signature(["ref"], "i32"), listLengthFunction);
  }

  /** Slot of (object, record) -> ref: the extension of that record, made if need be, or null. */
  extension(make: boolean): number {
    return this.#helper(make ? "extend" : "extension", signature(["ref", "i32"], "ref"), (e) =>
      extensionFunction(e, make),
    );
  }

  #helper(name: string, type: Signature, emit: (e: Emitter) => void): number {
    let slot = this.#helpers.get(name);
    if (slot === undefined) {
      slot = this.allocate(type, 0, () => {
        const e = new Emitter(new Func(name, type), this.runtime);
        emit(e);
        return e.b.finish();
      });
      this.#helpers.set(name, slot);
    }
    return slot;
  }

  // ---- for the driver -------------------------------------------------------------------------------------------------------

  macro(name: string): { readonly slot: number; readonly params: number; readonly rest: boolean } | null {
    const macro = this.#macros.get(name);
    if (macro === undefined) return null;
    const { entry, rest } = macro;
    const types = entry.fn.params.map(({ type }) => this.#type(type!, entry.fn.file));
    return { slot: this.slotOf(this.#inference.specialise(entry, types, null)), params: types.length, rest };
  }

  functionOf(id: number): { readonly name: string; readonly file: string } | null {
    return this.#functions[id - 1] ?? null;
  }

  disassemble({ name, file, pos }: Form<"disassemble">): string {
    const definition = this.#program.names.get(name);
    if (definition === undefined || definition.kind === "variable")
      throw new LanguageError(file, pos, `${name} is no function of the program`);
    const entries =
      definition?.kind === "function"
        ? [definition]
        : definition?.kind === "methods"
          ? [...definition.table.values()]
          : [];
    const specs = entries.flatMap((entry) => [...entry.specs.values()]);
    if (specs.length === 0) return `${name} has no specialisations: it was not called yet\n`;
    return specs.map((spec) => this.#listing(spec)).join("\n");
  }

  #listing(spec: Spec): string {
    const { fn, params, result, typing } = spec;
    const types = fn.params.map(({ local }, index) => `(${local.name} ${typeText(params[index]!)})`);
    const lines = [`(${[fn.name, ...types].join(" ")}) -> ${typeText(result)}`];
    const own = new Set(fn.params.map(({ local }) => local));
    for (const [local, type] of typing.locals) if (!own.has(local)) lines.push(`  ${local.name}: ${typeText(type)}`);
    lines.push(printFunc(Generator.spec(this, spec, this.#idOf(fn))));
    return `${lines.join("\n")}\n`;
  }
}

function slotKey(spec: Spec): string {
  return `${spec.key} -> ${typeText(spec.result)}`;
}

function topLevelFunction(file: string, body: Node): FunctionNode {
  return { pos: body.pos, file, name: "top level", params: [], result: null, body, captures: [] };
}
