/**
 * The door of method-handle linkage: what java.lang.invoke needs of the VM. A call site or constant is linked by the library itself
 * (MethodHandleNatives.link*), which answers with a MemberName: the code to run.
 */
import {
  type Cell,
  type CellValue,
  type Context,
  Failure,
  GuestThrow,
  isLinkageError,
  type LinkedClass,
  linkMethod,
  resolveClass,
  restate,
  type Steps,
  throwing,
} from "../link/index.ts";
import { CALL_DIRECT, CELL_DONE } from "../model/record.ts";
import type { J3 } from "../vm/j3.ts";
import { InvokeConstants } from "./constants.ts";
import { Members, REF_INVOKE_VIRTUAL } from "./members.ts";
import { MethodTypes } from "./method-types.ts";
import { isLinker, Polymorphic } from "./polymorphic.ts";
import { VarHandles } from "./var-handles.ts";

export * as member from "./members.ts";
export { descriptorOf } from "./method-types.ts";

const NATIVES = "java/lang/invoke/MethodHandleNatives";
const LINK_METHOD =
  "(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/invoke/MemberName;";
const LINK_CALL_SITE =
  "(Ljava/lang/Object;ILjava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;[Ljava/lang/Object;)" +
  "Ljava/lang/invoke/MemberName;";

export class Invocation {
  readonly #j: J3;
  readonly types: MethodTypes;
  readonly polymorphic: Polymorphic;
  readonly varHandles: VarHandles;
  readonly members: Members;
  readonly constants: InvokeConstants;
  /** Call sites that failed to link, by address of the cell. */
  readonly #failures = new Map<number, Failure>();

  constructor(j: J3) {
    this.#j = j;
    this.types = new MethodTypes(j);
    this.polymorphic = new Polymorphic(j);
    this.varHandles = new VarHandles(j);
    this.members = new Members(j, this.types, this.polymorphic);
    this.constants = new InvokeConstants(j, this.types, this.members);
  }

  /** Links a "polymorphic", "dynamic" or "constant" cell. */
  *link(context: Context, cell: Cell): Steps<CellValue> {
    switch (cell.kind) {
      case "polymorphic":
        return yield* this.#linkPolymorphic(context, cell);
      case "dynamic":
        return yield* this.#linkDynamic(context, cell);
      default: {
        const { address } = yield* this.constants.constant(context, cell.from.holder, cell.index);
        return { value: address, extra: 0, kind: CALL_DIRECT, done: true };
      }
    }
  }

  /** JVMS §5.4.3.3: MethodHandle.invoke and invokeExact, and the access methods of VarHandle. */
  *#linkPolymorphic(context: Context, cell: Cell): Steps<CellValue> {
    const from = cell.from.holder;
    const constants = (from.file as NonNullable<LinkedClass["file"]>).constants;
    const { name, descriptor } = constants.memberRef(cell.index);
    const cls = yield* resolveClass(context, from, constants.memberClassIndex(cell.index));
    yield* linkMethod(context, from, cls, name, descriptor);
    if (isLinker(name) && cls.name === "java/lang/invoke/MethodHandle") {
      return { value: this.polymorphic.adapter(name, descriptor), extra: 0, kind: CALL_DIRECT, done: true };
    }
    const type = yield* this.types.find(context, from, descriptor);
    const box = this.#j.objects.newArrayOf("java/lang/Object", 1);
    const args = [from.mirror, REF_INVOKE_VIRTUAL, cls.mirror, this.#j.strings.literal(name), type, box];
    return this.#adapter((yield* this.#j.invokeStatic(NATIVES, "linkMethod", LINK_METHOD, args)) as number, box);
  }

  /** JVMS §5.4.3.6. The first outcome stands, be it a failure. */
  *#linkDynamic(context: Context, cell: Cell): Steps<CellValue> {
    const known = this.#failures.get(cell.address);
    if (known !== undefined) throw known.reason;
    const from = cell.from.holder;
    try {
      return yield* this.#linkCallSite(context, from, cell.index);
    } catch (error) {
      const failure = yield* this.constants.wrap(error);
      if (!(failure instanceof GuestThrow)) throw failure;
      const other = this.#failures.get(cell.address);
      if (other !== undefined) throw other.reason;
      const isLinked = this.#j.mem.word(cell.address + CELL_DONE) !== 0;
      if (!isLinked && isLinkageError(from, failure)) {
        this.#failures.set(cell.address, new Failure(restate(from, failure, 0)));
      }
      throw failure;
    }
  }

  *#linkCallSite(context: Context, from: LinkedClass, index: number): Steps<CellValue> {
    const constants = (from.file as NonNullable<LinkedClass["file"]>).constants;
    const { bootstrap, name, descriptor } = constants.invokeDynamic(index);
    const { method, type, args } = yield* this.constants.callSite(context, from, bootstrap, descriptor);
    const box = this.#j.objects.newArrayOf("java/lang/Object", 1);
    const all = [from.mirror, index, method, this.#j.strings.literal(name), type, args, box];
    return this.#adapter((yield* this.#j.invokeStatic(NATIVES, "linkCallSite", LINK_CALL_SITE, all)) as number, box);
  }

  /** What a call site calls, given the library's answer. */
  #adapter(member: number, box: number): CellValue {
    const { objects } = this.#j;
    if (objects.isNull(member) || this.members.methodOf(member) === null) {
      throw throwing("LinkageError", "bad value from MethodHandleNatives");
    }
    const appendix = objects.elementRef(box, 0);
    const extra = appendix === 0 ? 0 : objects.root(appendix);
    return { value: this.members.slotOf(member), extra, kind: CALL_DIRECT, done: true };
  }
}
