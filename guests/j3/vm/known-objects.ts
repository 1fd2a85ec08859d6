/**
 * Objects that compiled code may take for constants: what is in static final fields, what linked call sites have, and what final fields of these
 * hold where nobody can write to them any more. Named by root words that keep them.
 */

import { type LinkedClass, linked, linkedMethod } from "../link/index.ts";
import { CELL_DONE, CELL_EXTRA, CELL_VALUE } from "../model/record.ts";
import { ACC_FINAL, ACC_STATIC, type JClass, type JField, type JMethod, type LinkedSite } from "../model/types.ts";
import type { J3 } from "./j3.ts";
import { isRecord } from "./reflected.ts";

const INVOKE = "java/lang/invoke/";

export class KnownObjects {
  readonly #j: J3;
  /** By root word and offset: the root word of what a field holds. */
  readonly #fields = new Map<string, number>();

  constructor(j: J3) {
    this.#j = j;
  }

  /** Root word of what a static final field holds for good; 0: not known, or null. System's streams are changed by natives. */
  inStatic(field: JField): number {
    const { holder, flags, offset, type } = field;
    if (type !== "ref" || (flags & (ACC_FINAL | ACC_STATIC)) !== (ACC_FINAL | ACC_STATIC)) return 0;
    if (holder.state !== "initialized" || holder.name === "java/lang/System") return 0;
    return this.#j.mem.word(offset) === 0 ? 0 : offset;
  }

  /** Root word of what a final field of a known object holds; 0: not known, null, or something else may be written to it. */
  inField(root: number, field: JField): number {
    const at = this.#fieldAt(root, field);
    if (at === 0 || field.type !== "ref") return 0;
    const key = `${root}+${field.offset}`;
    const known = this.#fields.get(key);
    if (known !== undefined) return known;
    const value = this.#j.mem.word(at);
    if (value === 0) return 0;
    const made = this.#j.vm.roots.add(value);
    this.#fields.set(key, made);
    return made;
  }

  /** Address of a field of a known object right now, if it is trusted not to change; else 0. */
  #fieldAt(root: number, field: JField): number {
    const holder = linked(field.holder);
    if ((field.flags & (ACC_FINAL | ACC_STATIC)) !== ACC_FINAL) return 0;
    const isTrusted =
      holder.hidden || isRecord(holder) || (holder.name.startsWith(INVOKE) && holder.loader.object === 0);
    if (!isTrusted || !this.classOf(root).isSubclassOf(holder)) return 0;
    return this.#j.mem.word(root) + field.offset;
  }

  classOf(root: number): LinkedClass {
    return this.#j.world.classAt(this.#j.mem.word(this.#j.mem.word(root)));
  }

  /** The class that a known java.lang.Class stands for, if instances of it can just be allocated. */
  instantiated(root: number): JClass | null {
    const { world, mem } = this.#j;
    if (this.classOf(root).name !== "java/lang/Class") return null;
    const field = world.boot("java/lang/Class").injected?.get("vmRecord");
    return field === undefined ? null : world.classOrNull(mem.word(mem.word(root) + field.offset));
  }

  /** What MethodHandle.invokeBasic calls on a known handle: its form's code. */
  basicTarget(root: number): JMethod | null {
    const { objects, mem, invocation, world } = this.#j;
    if (!this.classOf(root).isSubclassOf(world.boot(`${INVOKE}MethodHandle`))) return null;
    const form = mem.word(
      mem.word(root) + objects.field(`${INVOKE}MethodHandle`, "form", `L${INVOKE}LambdaForm;`).offset,
    );
    if (form === 0) return null;
    const entry = form + objects.field(`${INVOKE}LambdaForm`, "vmentry", `L${INVOKE}MemberName;`).offset;
    // The word of the field serves as a handle: nothing is allocated until it has been read.
    return mem.word(entry) === 0 ? null : invocation.members.methodOf(entry);
  }

  /** The method of a known MemberName. */
  memberTarget(root: number): JMethod | null {
    if (this.classOf(root).name !== `${INVOKE}MemberName`) return null;
    return this.#j.invocation.members.methodOf(root);
  }

  /** What a dynamic call site was linked to; null: not yet, or to no method. */
  site(method: JMethod, index: number, pos: number): LinkedSite | null {
    const { mem, cells, code, world } = this.#j;
    const cell = cells.allocate("dynamic", linkedMethod(method), index, pos);
    if (mem.atomicLoad(cell + CELL_DONE) === 0) return null;
    const id = code.functionOf(mem.word(cell + CELL_VALUE));
    return id === 0 ? null : { adapter: world.method(id), appendix: mem.word(cell + CELL_EXTRA) };
  }
}
