/** Names as HotSpot 17 writes them in messages. */

import type { Loader } from "../model/types.ts";
import { ACC_ABSTRACT, ACC_PRIVATE, ACC_PROTECTED } from "../model/types.ts";
import type { LinkedClass } from "./model.ts";

const PRIMITIVES: Readonly<Record<string, string>> = {
  B: "byte",
  C: "char",
  D: "double",
  F: "float",
  I: "int",
  J: "long",
  S: "short",
  Z: "boolean",
  V: "void",
};

/** "java/lang/Object" -> "java.lang.Object"; "[I" stays "[I"; hidden "p/A+0x1" -> "p.A/0x1", as Class.getName. */
export function externalName(name: string): string {
  const dotted = name.includes("/") ? name.replaceAll("/", ".") : name;
  const plus = dotted.lastIndexOf("+");
  return plus < 0 ? dotted : `${dotted.slice(0, plus)}/${dotted.slice(plus + 1)}`;
}

/** A field descriptor as Java source has it: "[Ljava/lang/String;" -> "java.lang.String[]". */
export function externalType(descriptor: string): string {
  const dimensions = descriptor.lastIndexOf("[") + 1;
  const element = descriptor.slice(dimensions);
  const name = PRIMITIVES[element] ?? externalName(element.slice(1, -1));
  return name + "[]".repeat(dimensions);
}

/** "void p.A.f(int, java.lang.String)" without quotes. `owner` is an internal class name. */
export function externalMethod(owner: string, name: string, descriptor: string): string {
  const close = descriptor.indexOf(")");
  const params: string[] = [];
  for (let at = 1; at < close; ) {
    let end = at;
    while (descriptor.charCodeAt(end) === 0x5b) end++;
    end = descriptor.charCodeAt(end) === 0x4c ? descriptor.indexOf(";", end) + 1 : end + 1;
    params.push(externalType(descriptor.slice(at, end)));
    at = end;
  }
  const holder = owner.startsWith("[") ? externalType(owner) : externalName(owner);
  return `${externalType(descriptor.slice(close + 1))} ${holder}.${name}(${params.join(", ")})`;
}

/** "'app'", "'bootstrap'", "java.net.URLClassLoader @1b2c6ec2". */
export function loaderText(cls: LinkedClass): string {
  return loaderName(cls.world.hooks.loaderName(cls.loader), cls.loader);
}

export function loaderName(name: string | null, loader: Loader): string {
  return loader.object === 0 ? "'bootstrap'" : (name ?? "<unnamed>");
}

/** "module java.base of loader 'bootstrap'" or "unnamed module of loader 'app'". */
function moduleText(cls: LinkedClass): string {
  const element = elementClass(cls);
  if (element.primitive !== null) return "module java.base of loader 'bootstrap'";
  const module = element.world.hooks.modules.nameOf(element);
  return `${module === null ? "unnamed module" : `module ${module}`} of loader ${loaderText(element)}`;
}

/** "p.A is in unnamed module of loader 'app'". */
export function classInModule(cls: LinkedClass): string {
  return `${externalName(cls.name)} is in ${moduleText(cls)}`;
}

/** What stands in parentheses after messages about two classes. */
export function bothInModules(a: LinkedClass, b: LinkedClass): string {
  const inA = moduleText(a);
  if (inA === moduleText(b)) return `${externalName(a.name)} and ${externalName(b.name)} are in ${inA}`;
  return `${classInModule(a)}; ${classInModule(b)}`;
}

/** As `classInModule`, and the loader's parent unless the loader is one of the JDK's. */
export function moduleOfLoader(cls: LinkedClass): string {
  const { loader, world } = elementClass(cls);
  const text = classInModule(cls);
  if (loader.object === 0 || loader.builtin) return text;
  const parent = world.hooks.parentLoader(loader);
  return `${text}, parent loader ${loaderName(world.hooks.loaderName(parent), parent)}`;
}

export function elementClass(cls: LinkedClass): LinkedClass {
  let c = cls;
  while (c.component !== null) c = c.component;
  return c;
}

/** "private " and the like, for messages of denied access. */
export function accessWord(flags: number): string {
  if ((flags & ACC_PRIVATE) !== 0) return "private ";
  if ((flags & ACC_PROTECTED) !== 0) return "protected ";
  return "";
}

/** "abstract " if so. */
export function abstractWord(flags: number): string {
  return (flags & ACC_ABSTRACT) !== 0 ? "abstract " : "";
}
