/**
 * Resolution cells: what code compiled before a constant-pool entry could be resolved looks at (CELL_* of model/record.ts). A cell is
 * filled once; `done` is its last word to be written.
 */
import { TAG_CLASS, TAG_STRING } from "../classfile/index.ts";
import {
  CALL_DIRECT,
  CALL_TABLE,
  CALL_VTABLE,
  CELL_BYTES,
  CELL_DONE,
  CELL_EXTRA,
  CELL_KIND,
  CELL_VALUE,
  CLASS_VTABLE,
  FIELD_PLAIN,
} from "../model/record.ts";
import type { CellKind, JMethod } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_FINAL, ACC_INTERFACE, ACC_VOLATILE } from "../model/types.ts";
import type { Context, Steps } from "./effects.ts";
import { throwing } from "./effects.ts";
import { initializeClass, linkClass } from "./initialize.ts";
import { externalName } from "./messages.ts";
import type { LinkedClass, LinkedMethod } from "./model.ts";
import { linked, linkedMethod } from "./model.ts";
import type { InvokeKind } from "./resolve.ts";
import {
  checkField,
  checkStaticness,
  lookUpPolymorphic,
  resolveClass,
  resolveField,
  resolveMethod,
  selectSpecial,
} from "./resolve.ts";
import type { World } from "./world.ts";

export interface Cell {
  readonly address: number;
  readonly kind: CellKind;
  readonly from: LinkedMethod;
  /** Constant-pool index. */
  readonly index: number;
  /** Bytecode offset of the instruction that the cell was first made for. */
  readonly pos: number;
}

/** What a cell holds: the three words besides CELL_DONE. */
export interface CellValue {
  readonly value: number;
  readonly extra: number;
  readonly kind: number;
  /** False: the value is good for this thread, but others must ask again (the class is being initialised). */
  readonly done: boolean;
}

/**
 * Method-handle linkage, not done here: "polymorphic" and "dynamic" cells, "static" cells of signature-polymorphic methods
 * (MethodHandle.linkTo*), and "constant" cells of MethodHandle, MethodType and Dynamic entries.
 */
export type CellHandler = (context: Context, cell: Cell) => Steps<CellValue>;

export class Cells {
  private readonly world: World;
  private readonly handler: CellHandler;
  private readonly byAddress = new Map<number, Cell>();
  private readonly shared = new Map<string, number>();

  constructor(world: World, handler: CellHandler) {
    this.world = world;
    this.handler = handler;
  }

  /** Address of a cell: one per instruction for "dynamic", however often that is translated; one per class, entry and kind for the others (and method, where it matters). */
  allocate(kind: CellKind, from: JMethod, index: number, pos: number): number {
    const method = linkedMethod(from);
    // A final field may be stored to by one method and not by another.
    const scope = kind === "putfield" || kind === "putstatic" ? `m${method.id}` : `c${method.holder.id}`;
    const key = kind === "dynamic" ? `${kind}:m${method.id}:${pos}` : `${kind}:${scope}:${index}`;
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    const address = this.world.memory.malloc(CELL_BYTES);
    this.byAddress.set(address, { address, kind, from: method, index, pos });
    this.shared.set(key, address);
    return address;
  }

  at(address: number): Cell {
    const cell = this.byAddress.get(address >>> 0);
    if (cell === undefined) throw new Error(`no resolution cell at 0x${(address >>> 0).toString(16)}`);
    return cell;
  }

  /** Resolves a cell and fills it. Throws GuestThrow; then the cell stays as it was. */
  *resolve(context: Context, address: number): Steps<void> {
    const cell = this.at(address);
    const { memory } = this.world;
    const at = cell.address >>> 2;
    const filled = yield* this.compute(context, cell);
    // Another thread may have been faster; values of dynamic call sites must not change then.
    if (memory.i32[at + (CELL_DONE >>> 2)] !== 0) return;
    memory.i32[at + (CELL_VALUE >>> 2)] = filled.value;
    memory.i32[at + (CELL_EXTRA >>> 2)] = filled.extra;
    memory.i32[at + (CELL_KIND >>> 2)] = filled.kind;
    if (filled.done) Atomics.store(memory.i32, at + (CELL_DONE >>> 2), 1);
  }

  private *compute(context: Context, cell: Cell): Steps<CellValue> {
    const { kind, from, index } = cell;
    switch (kind) {
      case "class":
        return plain((yield* resolveClass(context, from.holder, index)).record);
      case "new":
        return yield* this.computeNew(context, cell);
      case "getfield":
      case "putfield":
      case "getstatic":
      case "putstatic":
        return yield* this.computeField(context, cell);
      case "static":
      case "special":
      case "virtual":
      case "interface":
        return yield* this.computeCall(context, cell, kind);
      case "constant":
        return yield* this.computeConstant(context, cell);
      case "polymorphic":
      case "dynamic":
        return yield* this.handler(context, cell);
    }
  }

  private *computeNew(context: Context, cell: Cell): Steps<CellValue> {
    const cls = yield* resolveClass(context, cell.from.holder, cell.index);
    // JVMS §6.5 new.
    if ((cls.flags & (ACC_ABSTRACT | ACC_INTERFACE)) !== 0 || cls.isArray) {
      throw throwing("InstantiationError", externalName(cls.name));
    }
    yield* initializeClass(this.world, context, cls);
    return { value: cls.record, extra: cls.instanceBytes, kind: 0, done: cls.state === "initialized" };
  }

  private *computeField(context: Context, cell: Cell): Steps<CellValue> {
    const { from, index, kind } = cell;
    const isStatic = kind === "getstatic" || kind === "putstatic";
    const field = yield* resolveField(context, from.holder, index);
    const through = throughClass(from.holder, index);
    checkField(from, through, field, isStatic, kind === "putfield" || kind === "putstatic");
    const fieldKind = (field.flags & ACC_VOLATILE) === 0 ? FIELD_PLAIN : 0;
    if (!isStatic) return { value: field.offset, extra: 0, kind: fieldKind, done: true };
    yield* initializeClass(this.world, context, field.holder);
    return { value: field.offset, extra: 0, kind: fieldKind, done: field.holder.state === "initialized" };
  }

  private *computeCall(context: Context, cell: Cell, how: InvokeKind): Steps<CellValue> {
    const { from, index } = cell;
    const method = yield* resolveMethod(context, from.holder, index, how);
    // MethodHandle.linkToStatic and the like are called by invokestatic.
    if (lookUpPolymorphic(method.holder, method.name) === method) return yield* this.handler(context, cell);
    const through = throughClass(from.holder, index);
    checkStaticness(method, how, through);
    if (how === "static") {
      yield* initializeClass(this.world, context, method.holder);
      return { value: method.slot, extra: 0, kind: CALL_DIRECT, done: method.holder.state === "initialized" };
    }
    if (how === "special") return plain(selectSpecial(from.holder, through, method).slot);
    // A receiver exists, or the call ends in NullPointerException: its class has been linked.
    if (how === "virtual" && method.holder.state === "loaded") yield* linkClass(this.world, context, method.holder);
    return callValue(method);
  }

  private *computeConstant(context: Context, cell: Cell): Steps<CellValue> {
    const { from, index } = cell;
    const constants = (from.holder.file as NonNullable<LinkedClass["file"]>).constants;
    switch (constants.tag(index)) {
      case TAG_CLASS:
        return plain((yield* resolveClass(context, from.holder, index)).mirror);
      case TAG_STRING:
        return plain(this.world.hooks.stringRoot(constants.string(index)));
      default:
        return yield* this.handler(context, cell);
    }
  }
}

/** How an instance method is called once it is resolved. */
export function callValue(method: LinkedMethod): CellValue {
  if (method.vtableIndex >= 0 && ((method.flags | method.holder.flags) & ACC_FINAL) === 0) {
    return { value: CLASS_VTABLE + 4 * method.vtableIndex, extra: 0, kind: CALL_VTABLE, done: true };
  }
  if (method.interfaceKey !== 0) return { value: method.interfaceKey, extra: 0, kind: CALL_TABLE, done: true };
  return { value: method.slot, extra: 0, kind: CALL_DIRECT, done: true };
}

function plain(value: number): CellValue {
  return { value, extra: 0, kind: CALL_DIRECT, done: true };
}

/** The class that a resolved member reference names. */
export function throughClass(from: LinkedClass, index: number): LinkedClass {
  const constants = (from.file as NonNullable<LinkedClass["file"]>).constants;
  return linked(from.resolved[constants.memberClassIndex(index)] as LinkedClass);
}
