/** The translator's questions about classes (TranslateEnv): answered from what is loaded, without guest code. */

import type { JClass, JField, JMethod, TranslateEnv } from "../model/types.ts";
import { ACC_STATIC } from "../model/types.ts";
import { throughClass } from "./cells.ts";
import type { Context, Steps } from "./effects.ts";
import { NotLoaded, runQuery } from "./effects.ts";
import { initializeQuietly } from "./initialize.ts";
import { arrayOf } from "./load.ts";
import type { LinkedClass } from "./model.ts";
import { linked, linkedMethod } from "./model.ts";
import { NEWARRAY } from "./records.ts";
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

const QUERY: Context = Object.freeze({ thread: 0, query: true });

type Answered = "classAt" | "fieldAt" | "methodAt" | "isPolymorphic" | "needsInit" | "arrayOf" | "primitive";

export class LinkQueries implements Pick<TranslateEnv, Answered> {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  classAt(from: JClass, index: number): LinkedClass | null {
    return runQuery(resolveClass(QUERY, from, index));
  }

  fieldAt(from: JMethod, index: number, isStatic: boolean, isStore: boolean): JField | null {
    return runQuery(this.field(from, index, isStatic, isStore));
  }

  methodAt(from: JMethod, index: number, how: InvokeKind): JMethod | null {
    return runQuery(this.method(from, index, how));
  }

  isPolymorphic(from: JMethod, index: number): boolean {
    const holder = linked(from.holder);
    const constants = (holder.file as NonNullable<LinkedClass["file"]>).constants;
    const { owner, name } = constants.memberRef(index);
    if (owner !== "java/lang/invoke/MethodHandle" && owner !== "java/lang/invoke/VarHandle") return false;
    return lookUpPolymorphic(this.world.boot(owner), name) !== null;
  }

  needsInit(from: JMethod, target: JClass): boolean {
    const cls = linked(target);
    if (cls.state === "initialized" || initializeQuietly(this.world, cls)) return false;
    const { holder } = linkedMethod(from);
    // Static methods, constructors and the initialiser run only after the initialisation of their class began; that of its
    // superclasses came before. Instance methods may run on an object that leaked to another thread.
    const isGuarded = (from.flags & ACC_STATIC) !== 0 || from.name === "<init>";
    return !(isGuarded && !cls.isInterface && holder.isSubclassOf(cls)) && !(isGuarded && holder === cls);
  }

  arrayOf(component: JClass): LinkedClass {
    return arrayOf(this.world, component);
  }

  primitive(newarrayCode: number): LinkedClass {
    for (const [descriptor, code] of Object.entries(NEWARRAY)) {
      if (code === newarrayCode) return this.world.primitive(descriptor);
    }
    throw new Error(`no primitive type has the newarray code ${newarrayCode}`);
  }

  private *field(from: JMethod, index: number, isStatic: boolean, isStore: boolean): Steps<JField> {
    const field = yield* resolveField(QUERY, from.holder, index);
    const method = linkedMethod(from);
    checkField(method, throughClass(method.holder, index), field, isStatic, isStore);
    return field;
  }

  private *method(from: JMethod, index: number, how: InvokeKind): Steps<JMethod> {
    const holder = linked(from.holder);
    const method = yield* resolveMethod(QUERY, holder, index, how);
    if (lookUpPolymorphic(method.holder, method.name) === method) throw new NotLoaded();
    const through = throughClass(holder, index);
    checkStaticness(method, how, through);
    return how === "special" ? selectSpecial(holder, through, method) : method;
  }
}
