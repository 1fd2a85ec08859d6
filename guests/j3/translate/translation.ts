/**
 * One method on its way from bytecode to IR: the operand stack, the locals, and what is known of values.
 *
 * The operand stack is an array of SSA values. Between blocks it lives in variables, one per (depth, type); locals are variables per
 * (index, type), so that values of different types never meet. A local that the whole method stores to once needs no variable
 * where that store dominates the read.
 */
import type { Block, Builder, Func, NarrowLoad, Type, Value, Variable } from "#ir";
import { Inst, NO_VALUE } from "#ir";
import type { Tier } from "#jit";
import { BytecodeWalker } from "../bytecode.ts";
import type { CodeAttribute, ConstantPool } from "../classfile/index.ts";
import { TAG_CLASS } from "../classfile/index.ts";
import { CLASS_INITIALIZED } from "../model/record.ts";
import type { CellKind, JClass, JField, JMethod, TranslateEnv } from "../model/types.ts";
import { CONSTANT } from "./alias.ts";
import type { Expansions } from "./expand.ts";
import { verifyFailure } from "./failure.ts";
import type { Flow, FlowBlock } from "./flow.ts";
import { isSubclass, type Known } from "./known.ts";
import { contextsOf } from "./profile.ts";
import { slotsOf } from "./shapes.ts";
import { ValueClasses } from "./value-classes.ts";

const TYPE_NUMBER: Readonly<Record<Type, number>> = { i32: 0, i64: 1, f32: 2, f64: 3, ref: 4, iref: 5, addr: 6 };
const TYPE_COUNT = 5;

/** The block of the store; the instruction before it in the IR's block, null if it is at the start. */
interface Origin {
  readonly scope: FlowBlock;
  readonly block: Block;
  readonly after: Inst | null;
}

/** A method that is expanded in place: where, and how it comes back. */
export interface Site {
  readonly caller: Translation;
  /** Position of the call. */
  readonly pos: number;
  /** Where exceptions go that the method does not catch. */
  readonly unwind: Block | null;
  /** Where control goes on. Its parameter is the result, but if `single` is set there is one return only, and `result` is what that gives. */
  readonly done: Block;
  readonly single: boolean;
  result: Value;
  /** The receiver's class, if it is known. */
  readonly exact: JClass | undefined;
  /** How often control comes here for each time that the outermost method begins, if that is known. */
  readonly frequency: number;
}

export class Translation {
  readonly method: JMethod;
  /** 1: the first code, made when little is known and soon; 2: what has run often is made again. */
  readonly tier: Tier;
  readonly holder: JClass;
  readonly env: TranslateEnv;
  readonly known: Known;
  readonly code: CodeAttribute;
  readonly constants: ConstantPool;
  readonly flow: Flow;
  readonly func: Func;
  readonly b: Builder;
  readonly types: readonly Type[];
  /** The method as "Foo.bar()V", for messages. */
  readonly where: string;
  readonly walker: BytecodeWalker;
  /** Major version of the class file. */
  readonly major: number;
  /** Where the method is expanded in place, or null. */
  readonly site: Site | null;
  /** What may be expanded in this method; null: nothing is. */
  readonly expansions: Expansions | null;
  /** Methods around this one. */
  readonly level: number;
  /** Names of the method where it is expanded, for its profile: see profile.ts. */
  readonly contexts: readonly string[];
  /** Bytes of bytecode that were expanded in the outermost method. */
  expandedBytes = 0;
  /** The block being translated. */
  scope: FlowBlock;
  /** The receiver, or NO_VALUE. */
  self: Value = NO_VALUE;

  readonly stack: Value[] = [];
  /** Slots on the stack. */
  depth = 0;

  readonly #localVariables: Variable[] = [];
  readonly #stackVariables: Variable[] = [];
  /** By local: its value, if it was read or written in this block. */
  #locals: Value[] = [];
  /** By local that is stored to once: the value and the block of the store. */
  readonly #single: Value[] = [];
  readonly #singleScope: FlowBlock[] = [];

  /** By value: the block since which it is known not to be null. */
  readonly #nonNull: FlowBlock[] = [];
  /** By array: its length, and the block since which that is known. */
  readonly #lengths: Value[] = [];
  readonly #lengthScopes: FlowBlock[] = [];
  /** By object: what its final fields hold, and the block since which that is known. */
  readonly #finals = new Map<Value, Map<JField, { readonly value: Value; readonly scope: FlowBlock }>>();
  /** By reference that was put into a local: where that was first. */
  readonly #origins = new Map<Value, Origin>();
  readonly #constants: Map<Value, number>;
  /** By address of a word: the block since which it is ensured. */
  readonly #ensured = new Map<number, FlowBlock>();
  readonly classes: ValueClasses;

  constructor(
    method: JMethod,
    tier: Tier,
    env: TranslateEnv,
    known: Known,
    code: CodeAttribute,
    constants: ConstantPool,
    flow: Flow,
    b: Builder,
    where: string,
    site: Site | null,
    expansions: Expansions | null,
  ) {
    this.method = method;
    this.tier = tier;
    this.site = site;
    this.expansions = expansions;
    this.level = site === null ? 0 : site.caller.level + 1;
    this.contexts = expansions === null ? [] : contextsOf(method.id, site?.caller ?? null);
    // What this table says of a value holds wherever there is the value.
    this.#constants = site === null ? new Map() : site.caller.#constants;
    this.classes = new ValueClasses(this);
    this.holder = method.holder;
    this.env = env;
    this.known = known;
    this.code = code;
    this.constants = constants;
    this.flow = flow;
    this.b = b;
    this.func = b.func;
    this.types = b.func.types;
    this.where = where;
    this.walker = new BytecodeWalker(code.code, where);
    this.major = method.holder.file?.major ?? 0;
    this.scope = flow.root;
  }

  /** Whether code that is not linked yet is rather to be short than fast: only that of loops is likely to run often. */
  get isCompact(): boolean {
    if (this.tier === 2) return this.scope.isCold;
    return this.scope.isCold || (this.scope.loopStart < 0 && this.site?.caller.isCompact !== false);
  }

  /** How often the method begins for each time that the outermost one does, if that is known. */
  get frequency(): number {
    return this.site?.frequency ?? 1;
  }

  /** Where exceptions go that the method does not catch. */
  get unwind(): Block | null {
    return this.site === null ? null : this.site.unwind;
  }

  /** The outermost method, whose code this becomes part of. */
  get outermost(): Translation {
    let t: Translation = this;
    while (t.site !== null) t = t.site.caller;
    return t;
  }

  /** Whether this is, or is part of, a constructor. */
  get isConstructing(): boolean {
    for (let t: Translation = this; ; t = t.site.caller) {
      if (t.method.name === "<init>") return true;
      if (t.site === null) return false;
    }
  }

  /** How often the method is being expanded already, here or around here. */
  timesWithin(method: JMethod): number {
    let times = 0;
    for (let t: Translation = this; ; t = t.site.caller) {
      if (t.method === method) times += 1;
      if (t.site === null) return times;
    }
  }

  /** Inst.pos of an instruction of the method. */
  position(pc: number): number {
    return this.site === null ? pc : this.func.inlinedPosition(this.method.id, pc, this.site.pos);
  }

  /** The method returns. */
  leaveMethod(value: Value): void {
    const { site, b } = this;
    if (site === null) {
      b.ret(value);
    } else if (site.single) {
      site.result = value;
      b.jump(site.done);
    } else {
      b.jump(site.done, value === NO_VALUE ? [] : [value]);
    }
  }

  /** A VerifyError at the current instruction. */
  fail(message: string): never {
    verifyFailure(message, this.where, this.walker.pc);
  }

  // ---- operand stack ------------------------------------------------------------------------------------------------------------

  push(value: Value): void {
    this.stack.push(value);
    this.depth += slotsOf(this.types[value]!);
    if (this.depth > this.code.maxStack) this.fail("Operand stack overflow");
  }

  /** Takes the top, which must be of the type. */
  pop(type: Type): Value {
    const value = this.stack.pop();
    if (value === undefined) this.fail("Operand stack underflow");
    if (this.types[value] !== type) this.fail("Bad type on operand stack");
    this.depth -= slotsOf(type);
    return value;
  }

  /** Takes the top, whatever it is. */
  popAny(): Value {
    const value = this.stack.pop();
    if (value === undefined) this.fail("Operand stack underflow");
    this.depth -= slotsOf(this.types[value]!);
    return value;
  }

  /** Whether a value takes two slots. */
  isWide(value: Value): boolean {
    return slotsOf(this.types[value]!) === 2;
  }

  /** Takes the top, which must take one slot. */
  popNarrow(): Value {
    const value = this.popAny();
    if (this.isWide(value)) this.fail("Bad type on operand stack");
    return value;
  }

  /** Puts the stack into variables, for the blocks that follow. */
  flush(): void {
    let at = 0;
    for (const value of this.stack) {
      const type = this.types[value]!;
      this.b.define(this.#stackVariable(at, type), value);
      at += slotsOf(type);
    }
  }

  /** Gives a stack of one reference to the block that an exception goes to. */
  defineException(exception: Value): void {
    this.b.define(this.#stackVariable(0, "ref"), exception);
  }

  /** Begins a block: its stack comes out of variables. The builder must be in it already. */
  enter(block: FlowBlock): void {
    this.scope = block;
    this.stack.length = 0;
    this.depth = 0;
    if (this.#locals.length > 0) this.#locals = [];
    for (const type of block.shape!) {
      const value = this.b.use(this.#stackVariable(this.depth, type));
      this.stack.push(value);
      this.depth += slotsOf(type);
    }
  }

  /** Says that control may go from here, with the stack as it is, to the block. */
  leadsTo(block: FlowBlock): void {
    const { shape } = block;
    const { stack, types } = this;
    if (shape === null) {
      block.shape = stack.length === 0 ? NO_TYPES : stack.map((value) => types[value]!);
      return;
    }
    let same = shape.length === stack.length;
    for (let i = 0; same && i < shape.length; i++) same = shape[i] === types[stack[i]!];
    if (!same) this.fail("Operand stacks differ where control flow meets");
  }

  #stackVariable(at: number, type: Type): Variable {
    const key = at * TYPE_COUNT + TYPE_NUMBER[type];
    return (this.#stackVariables[key] ??= this.b.variable(type));
  }

  // ---- locals -------------------------------------------------------------------------------------------------------------------

  #localVariable(index: number, type: Type): Variable {
    const key = index * TYPE_COUNT + TYPE_NUMBER[type];
    return (this.#localVariables[key] ??= this.b.variable(type));
  }

  /** A parameter arrives in a local. */
  setParameter(index: number, value: Value): void {
    if (this.flow.stores[index] === 0) {
      this.#single[index] = value;
      this.#singleScope[index] = this.flow.root;
      if (this.types[value] === "ref") this.#noteOrigin(value, this.flow.root);
    } else {
      this.b.define(this.#localVariable(index, this.types[value]!), value);
      // With the parameter's own there are two stores at least.
      this.flow.stores[index] = 2;
    }
  }

  /** Whether the local holds a parameter of the type, and is never stored to. */
  isParameter(index: number, type: Type): boolean {
    const value = this.#single[index];
    return value !== undefined && this.types[value] === type && this.#singleScope[index] === this.flow.root;
  }

  /** Goes on in the header of a loop, all other ways to which lead back from within: what the loop does not store to keeps its value. */
  enterHeader(header: Block, isStored: (local: number) => boolean): void {
    const { b } = this;
    const kept: [Variable, Value][] = [];
    this.#localVariables.forEach((variable, key) => {
      if (!isStored(Math.trunc(key / TYPE_COUNT))) kept.push([variable, b.use(variable)]);
    });
    b.jump(header);
    b.switchTo(header);
    for (const [variable, value] of kept) b.define(variable, value);
  }

  readLocal(index: number, type: Type): Value {
    this.#checkLocal(index, type);
    const cached = this.#locals[index];
    if (cached !== undefined && this.types[cached] === type) return cached;
    const single = this.#single[index];
    if (single !== undefined && this.types[single] === type && this.#singleScope[index]!.dominates(this.scope)) {
      return single;
    }
    const value = this.b.use(this.#localVariable(index, type));
    this.#locals[index] = value;
    return value;
  }

  writeLocal(index: number, value: Value): void {
    const type = this.types[value]!;
    this.#checkLocal(index, type);
    this.b.define(this.#localVariable(index, type), value);
    this.#locals[index] = value;
    if (this.flow.stores[index] === 1) {
      this.#single[index] = value;
      this.#singleScope[index] = this.scope;
    }
    if (type === "ref" && !this.#origins.has(value)) this.#noteOrigin(value, this.scope);
  }

  #noteOrigin(value: Value, scope: FlowBlock): void {
    const block = this.b.current!;
    this.#origins.set(value, { scope, block, after: block.insts[block.insts.length - 1] ?? null });
  }

  #checkLocal(index: number, type: Type): void {
    if (index + slotsOf(type) > this.code.maxLocals) this.fail("Local variable index out of range");
  }

  // ---- constants ----------------------------------------------------------------------------------------------------------------

  i32(n: number): Value {
    const value = this.b.i32(n);
    this.#constants.set(value, n | 0);
    return value;
  }

  i64(n: bigint): Value {
    const value = this.b.i64(n);
    if (n !== 0n) this.#constants.set(value, 1);
    return value;
  }

  nullRef(): Value {
    const value = this.b.nullRef();
    this.#constants.set(value, 0);
    return value;
  }

  /** Whether the reference is the constant null. */
  isNull(value: Value): boolean {
    return this.#constants.get(value) === 0;
  }

  /** The name of the class at a constant pool index; a VerifyError if there is none. */
  classNameAt(index: number): string {
    if (this.constants.tag(index) !== TAG_CLASS) this.fail("Illegal type at constant pool entry");
    return this.constants.className(index);
  }

  /** The number an i32 is known to be; for an i64 anything but 0 if it is not 0. */
  constantOf(value: Value): number | undefined {
    return this.#constants.get(value);
  }

  // ---- what is known ------------------------------------------------------------------------------------------------------------

  /** Notes that from here on the reference is not null. */
  setNonNull(value: Value): void {
    const since = this.#nonNull[value];
    if (since === undefined || !since.dominates(this.scope)) this.#nonNull[value] = this.scope;
  }

  /** Notes it for a block and those it dominates. */
  setNonNullIn(value: Value, block: FlowBlock): void {
    const since = this.#nonNull[value];
    if (since === undefined || !since.dominates(block)) this.#nonNull[value] = block;
  }

  isNonNull(value: Value): boolean {
    const since = this.#nonNull[value];
    return since?.dominates(this.scope) === true;
  }

  /** Throws a NullPointerException if the reference is null. */
  nullcheck(value: Value): void {
    if (this.isNonNull(value)) return;
    this.b.op("nullcheck", value);
    this.#nonNull[value] = this.scope;
  }

  /**
   * The length of an array, 0 for null: the lowest memory is never used. A length never changes, so what a loop needs is loaded where the
   * array comes from, if that is before the loop.
   */
  arrayLength(array: Value, offset: number): Value {
    if (this.#lengthScopes[array]?.dominates(this.scope)) return this.#lengths[array]!;
    const { loopStart } = this.scope;
    const origin = loopStart < 0 ? undefined : this.#origins.get(array);
    if (origin?.scope.dominates(this.scope) && isBefore(origin.scope, loopStart)) {
      const inst = this.#loadAt(origin, "load", array, offset, "i32", CONSTANT);
      this.#lengths[array] = inst.result;
      this.#lengthScopes[array] = origin.scope;
      return inst.result;
    }
    const length = this.b.load("i32", array, offset, CONSTANT);
    this.setArrayLength(array, length);
    return length;
  }

  /** What a load from a final field of the object gave, on every way here. */
  finalField(object: Value, field: JField): Value | undefined {
    const known = this.#finals.get(object)?.get(field);
    return known?.scope.dominates(this.scope) ? known.value : undefined;
  }

  setFinalField(object: Value, field: JField, value: Value): void {
    this.#noteFinal(object, field, value, this.scope);
  }

  #noteFinal(object: Value, field: JField, value: Value, scope: FlowBlock): void {
    const known = this.#finals.get(object);
    if (known === undefined) this.#finals.set(object, new Map([[field, { value, scope }]]));
    else known.set(field, { value, scope });
  }

  /**
   * Loads from a final field of the receiver where that comes from, if that is before this loop. Gives undefined if it is to be loaded here. Of
   * other objects it is not known there that they have the field: what is read might be no reference.
   */
  hoistedField(object: Value, field: JField, op: "load" | NarrowLoad): Value | undefined {
    const { loopStart } = this.scope;
    if (loopStart < 0 || object !== this.self || !isSubclass(this.holder, field.holder)) return undefined;
    const origin = this.#origins.get(object);
    if (origin === undefined || !origin.scope.dominates(this.scope) || !isBefore(origin.scope, loopStart))
      return undefined;
    const alias = -this.known.aliases.of(field);
    const inst = this.#loadAt(origin, op, object, field.offset, op === "load" ? field.type : "i32", alias);
    this.#noteFinal(object, field, inst.result, origin.scope);
    if (field.type === "ref") this.#origins.set(inst.result, { scope: origin.scope, block: origin.block, after: inst });
    return inst.result;
  }

  #loadAt(origin: Origin, op: "load" | NarrowLoad, base: Value, offset: number, type: Type, alias: number): Inst {
    const inst = new Inst(op, [base], this.b.pos);
    inst.imm = offset;
    inst.alias = alias;
    inst.result = this.func.newValue(type);
    const { insts } = origin.block;
    insts.splice(origin.after === null ? 0 : insts.indexOf(origin.after) + 1, 0, inst);
    return inst;
  }

  setArrayLength(array: Value, length: Value): void {
    this.#lengths[array] = length;
    this.#lengthScopes[array] = this.scope;
  }

  /** Takes over what the caller knows of an argument. */
  inherit(value: Value): void {
    const { caller } = this.site!;
    const { root } = this.flow;
    if (caller.isNonNull(value)) this.#nonNull[value] = root;
    if (caller.#lengthScopes[value]?.dominates(caller.scope)) {
      this.#lengths[value] = caller.#lengths[value]!;
      this.#lengthScopes[value] = root;
    }
    for (const [field, known] of caller.#finals.get(value) ?? []) {
      if (known.scope.dominates(caller.scope)) this.#noteFinal(value, field, known.value, root);
    }
    this.classes.inherit(value);
  }

  /** The static type of an array, if it is known here. */
  arrayDescriptor(value: Value): string | undefined {
    return this.classes.arrayDescriptor(value);
  }

  // ---- linking ------------------------------------------------------------------------------------------------------------------

  /** JVMS §5.5: initialises the class before what follows. */
  ensureInitialized(target: JClass): void {
    if (!this.env.needsInit(this.method, target)) return;
    const word = target.record + CLASS_INITIALIZED;
    this.#ensure(word, this.b.addr(word), this.env.slots.initialize);
  }

  /** Where one `ensure` of a word dominates another, the other is not needed: what the slow path did holds for this thread. */
  #ensure(word: number, address: Value, slot: number): void {
    if (this.#ensured.get(word)?.dominates(this.scope)) return;
    this.b.ensure(address, 0, slot);
    this.#ensured.set(word, this.scope);
  }

  /** Resolves a constant pool entry when control first comes here. Gives the cell. */
  resolveCell(kind: CellKind, index: number): Value {
    const cell = this.env.cell(kind, this.method, index, this.walker.pc);
    const address = this.b.addr(cell);
    this.#ensure(cell, address, this.env.slots.resolve);
    return address;
  }

  /** The same in code that not every execution of the instruction comes to. */
  resolveCellHere(kind: CellKind, index: number): Value {
    const address = this.b.addr(this.env.cell(kind, this.method, index, this.walker.pc));
    this.b.ensure(address, 0, this.env.slots.resolve);
    return address;
  }
}

const NO_TYPES: readonly Type[] = [];

/** Whether the block lies before a loop; the scope of parameters does. */
function isBefore(scope: FlowBlock, loopStart: number): boolean {
  return scope.start < loopStart || scope.order < 0;
}
