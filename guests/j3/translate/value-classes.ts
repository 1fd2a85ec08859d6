/**
 * What is known of the classes of values, by what made them, by casts, and by what the types in descriptors say: an object of a class without
 * subclasses is of exactly that class.
 */
import type { Value } from "#ir";
import { skipFieldType } from "../classfile/index.ts";
import type { JClass } from "../model/types.ts";
import type { FlowBlock } from "./flow.ts";
import { isExact } from "./known.ts";
import type { Translation } from "./translation.ts";

const ARRAY = 91; // [
const OBJECT = 76; // L

export class ValueClasses {
  readonly #t: Translation;
  /** What these two say of a value holds wherever there is the value, around this method too. */
  readonly #exact: Map<Value, JClass>;
  /** By reference: descriptor of its static type, if that is an array and was seen. */
  readonly #arrays: Map<Value, string>;
  /** Second tier: the root word that keeps a known object. */
  readonly #known: Map<Value, number>;
  /** The same for what a cast or a descriptor has told, and the block since which it holds. */
  readonly #exactHere = new Map<Value, { readonly cls: JClass; readonly scope: FlowBlock }>();
  readonly #casts = new Map<Value, { readonly descriptor: string; readonly scope: FlowBlock }>();

  constructor(t: Translation) {
    this.#t = t;
    const around = t.site?.caller.classes;
    this.#exact = around === undefined ? new Map() : around.#exact;
    this.#arrays = around === undefined ? new Map() : around.#arrays;
    this.#known = around === undefined ? new Map() : around.#known;
  }

  /** The class of an object, if it is known; but the reference may be null. */
  exact(value: Value): JClass | undefined {
    const t = this.#t;
    if (value === t.self && t.site?.exact !== undefined) return t.site.exact;
    const exact = this.#exact.get(value);
    if (exact !== undefined) return exact;
    const here = this.#exactHere.get(value);
    return here?.scope.dominates(t.scope) ? here.cls : undefined;
  }

  /** The object was made as one of the class. */
  setExact(value: Value, exact: JClass): void {
    this.#exact.set(value, exact);
  }

  /** Root word of the object, if it is known which one it is; else 0. */
  known(value: Value): number {
    return this.#known.get(value) ?? 0;
  }

  /** The object is the one that the root word keeps. */
  setKnown(value: Value, root: number): void {
    this.#known.set(value, root);
    const cls = this.#t.env.knownObjects.classOf(root);
    if (cls.component === null) this.setExact(value, cls);
  }

  /** Notes that from here on the reference is null or to an instance of exactly the class. */
  setExactHere(value: Value, cls: JClass): void {
    this.#setExactIn(value, cls, this.#t.scope);
  }

  #setExactIn(value: Value, cls: JClass, scope: FlowBlock): void {
    if (this.#exactHere.get(value)?.scope.dominates(scope) !== true) this.#exactHere.set(value, { cls, scope });
  }

  /** Second tier: notes what the type of the descriptor says of the reference from here on: its class, if that has no subclasses. */
  noteType(value: Value, descriptor: string): void {
    this.#noteTypeIn(value, descriptor, this.#t.scope);
  }

  #noteTypeIn(value: Value, descriptor: string, scope: FlowBlock): void {
    const { tier, env, holder } = this.#t;
    if (tier === 1 || descriptor.charCodeAt(0) !== OBJECT || this.exact(value) !== undefined) return;
    const cls = env.loadedClass(holder, descriptor);
    if (cls !== null && isExact(cls)) this.#setExactIn(value, cls, scope);
  }

  /** The static type of an array, if it is known here. */
  arrayDescriptor(value: Value): string | undefined {
    const known = this.#arrays.get(value);
    if (known !== undefined) return known;
    const cast = this.#casts.get(value);
    return cast?.scope.dominates(this.#t.scope) ? cast.descriptor : undefined;
  }

  setArrayDescriptor(value: Value, descriptor: string): void {
    this.#arrays.set(value, descriptor);
  }

  /** Notes what a cast to an array has shown from here on. */
  setCast(value: Value, descriptor: string): void {
    this.#casts.set(value, { descriptor, scope: this.#t.scope });
  }

  /** Takes over what the caller knows of an argument. */
  inherit(value: Value): void {
    const { caller } = this.#t.site!;
    const { root } = this.#t.flow;
    const { classes } = caller;
    const cast = classes.#casts.get(value);
    if (cast?.scope.dominates(caller.scope)) this.#casts.set(value, { descriptor: cast.descriptor, scope: root });
    const exact = classes.exact(value);
    if (exact !== undefined) this.#setExactIn(value, exact, root);
  }

  /** Notes what the method's descriptor says of the parameters that are references. */
  noteParameters(params: readonly Value[], isStatic: boolean): void {
    const t = this.#t;
    const { descriptor } = t.method;
    if (t.tier === 1 && !descriptor.includes("[")) return;
    const { root } = t.flow;
    let at = 1;
    for (let i = isStatic ? 0 : 1; i < params.length; i++) {
      const next = skipFieldType(descriptor, at);
      if (descriptor.charCodeAt(at) === ARRAY) {
        // Of an argument this is true here only: around an expanded method the same value may be said to be something else.
        this.#casts.set(params[i]!, { descriptor: descriptor.slice(at, next), scope: root });
      } else {
        this.#noteTypeIn(params[i]!, descriptor.slice(at, next), root);
      }
      at = next;
    }
  }
}
