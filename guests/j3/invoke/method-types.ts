/** java.lang.invoke.MethodType objects of descriptors, JVMS §5.4.3.5. */
import { parseMethodDescriptor } from "../classfile/index.ts";
import {
  type Context,
  checkClassAccess,
  elementClass,
  type LinkedClass,
  loadForLinking,
  type Steps,
} from "../link/index.ts";
import type { J3 } from "../vm/j3.ts";

const FIND = "(Ljava/lang/Class;[Ljava/lang/Class;)Ljava/lang/invoke/MethodType;";

/** The descriptor of a class, array or primitive type. */
export function descriptorOf(cls: LinkedClass): string {
  return cls.primitive ?? (cls.isArray ? cls.name : `L${cls.name};`);
}

export class MethodTypes {
  readonly #j: J3;
  /** Roots by descriptor, of types made for classes of the bootstrap loader. */
  readonly #known = new Map<string, number>();

  constructor(j: J3) {
    this.#j = j;
  }

  /** The class that a field descriptor means to code of `from`. Throws what loading throws, and IllegalAccessError. */
  *classOf(context: Context, from: LinkedClass, descriptor: string): Steps<LinkedClass> {
    const { world } = this.#j;
    if (descriptor.length === 1) return world.primitive(descriptor);
    const name = descriptor.startsWith("L") ? descriptor.slice(1, -1) : descriptor;
    const cls = yield* loadForLinking(world, context, from.loader, name);
    const element = elementClass(cls);
    if (element.primitive === null) checkClassAccess(from, element);
    return cls;
  }

  /** A handle of the MethodType that a method descriptor means to code of `from`. */
  *find(context: Context, from: LinkedClass, descriptor: string): Steps<number> {
    const isBoot = from.loader.object === 0;
    const known = isBoot ? this.#known.get(descriptor) : undefined;
    if (known !== undefined) return known;
    const { objects } = this.#j;
    const parsed = parseMethodDescriptor(descriptor);
    if (parsed === undefined) throw new Error(`"${descriptor}" is no method descriptor`);
    const params: number[] = [];
    for (const param of parsed.params) params.push((yield* this.classOf(context, from, param.descriptor)).mirror);
    const result = yield* this.classOf(context, from, parsed.ret.descriptor);
    const type = (yield* this.#j.invokeStatic("java/lang/invoke/MethodHandleNatives", "findMethodHandleType", FIND, [
      result.mirror,
      objects.newRefArray("java/lang/Class", params),
    ])) as number;
    if (isBoot && !this.#known.has(descriptor)) this.#known.set(descriptor, objects.root(objects.ref(type)));
    return type;
  }

  /** The descriptor of a MethodType object. */
  descriptor(type: number): string {
    const { objects } = this.#j;
    const params = objects.getHandle(
      type,
      objects.field("java/lang/invoke/MethodType", "ptypes", "[Ljava/lang/Class;"),
    );
    const result = objects.getHandle(type, objects.field("java/lang/invoke/MethodType", "rtype", "Ljava/lang/Class;"));
    let text = "(";
    const count = objects.length(params);
    for (let i = 0; i < count; i++) text += descriptorOf(objects.classOfMirror(objects.elementHandle(params, i)));
    return `${text})${descriptorOf(objects.classOfMirror(result))}`;
  }
}
