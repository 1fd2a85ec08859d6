/**
 * Modules as the VM knows them: which java.lang.Module a class belongs to, what modules read and export. Until the module system has
 * booted, the classes of the image belong to no Module object yet; they get theirs when it is defined (Module.defineModule0).
 */
import type { LinkedClass } from "../link/index.ts";
import type { J3 } from "./j3.ts";

export interface VmModule {
  /** null for the unnamed module of a loader. */
  readonly name: string | null;
  readonly version: string | null;
  readonly location: string | null;
  /** Root word with the java.lang.Module. */
  readonly object: number;
  readonly loader: number;
  /** Internal names, with the modules they are exported to ("*" for all). */
  readonly packages: Set<string>;
  readonly exports: Map<string, Set<VmModule | "*" | "unnamed">>;
  readonly reads: Set<VmModule | "unnamed">;
}

export class Modules {
  readonly #j: J3;
  /** By loader number, then package (internal name). */
  readonly #byPackage = new Map<number, Map<string, VmModule>>();
  /** Unnamed modules by loader number: set by BootLoader.setBootLoaderUnnamedModule0 and seen in ClassLoader objects. */
  readonly #unnamed = new Map<number, number>();
  readonly byName = new Map<string, VmModule>();
  /** Named modules by the number that their objects carry; there is no number 0. */
  readonly #numbered: (VmModule | undefined)[] = [undefined];
  /** Before the first module is defined everything may access everything. */
  #booted = false;

  constructor(j: J3) {
    this.#j = j;
  }

  /** Module.defineModule0: from now on the packages' classes belong to the module. */
  define(module: VmModule, loader: number): void {
    this.#booted = true;
    let packages = this.#byPackage.get(loader);
    if (packages === undefined) this.#byPackage.set(loader, (packages = new Map()));
    for (const name of module.packages) packages.set(name, module);
    if (module.name !== null) this.byName.set(module.name, module);
    const { objects } = this.#j;
    objects.setInt(module.object, objects.field("java/lang/Module", "vmModule", "I"), this.#numbered.length);
    this.#numbered.push(module);
    for (const cls of this.#j.world.classes()) {
      if (cls.loader.id === loader && this.#j.mem.word(cls.mirror) !== 0) this.setModule(cls);
    }
  }

  /** Whether a module of the image belongs to the bootstrap loader; before the module system has booted that is java.base alone. */
  isOfBootLoader(name: string): boolean {
    return name === "java.base" || this.byName.get(name)?.loader === this.#j.world.bootLoader.id;
  }

  /** The named module whose object carries this number; undefined for 0. */
  numbered(number: number): VmModule | undefined {
    return this.#numbered[number];
  }

  /** The named module of a class, or undefined. */
  moduleOf(cls: LinkedClass): VmModule | undefined {
    return this.#byPackage.get(cls.loader.id)?.get(cls.packageName);
  }

  /** The module that holds a package of a loader. */
  find(loader: number, packageName: string): VmModule | undefined {
    return this.#byPackage.get(loader)?.get(packageName);
  }

  /** The object in the root is the unnamed module of the loader. */
  setUnnamed(loader: number, root: number): void {
    this.#unnamed.set(loader, root);
  }

  /** Writes the class's Module into its mirror, if it is known by now. */
  setModule(cls: LinkedClass): void {
    const { objects } = this.#j;
    let element = cls;
    while (element.component !== null) element = element.component;
    const field = objects.field("java/lang/Class", "module", "Ljava/lang/Module;");
    const base = this.byName.get("java.base");
    // The library takes null for "the module system has not booted", also while the boot loader has an unnamed module already.
    if (base === undefined) return;
    const named = element.primitive !== null ? base : this.moduleOf(element);
    if (named !== undefined) objects.setHandle(cls.mirror, field, named.object);
    else objects.setRef(cls.mirror, field, this.#unnamedOf(element));
  }

  #unnamedOf(cls: LinkedClass): number {
    const { mem, objects } = this.#j;
    const root = this.#unnamed.get(cls.loader.id);
    if (root !== undefined) return mem.word(root);
    if (cls.loader.object === 0) return 0;
    return objects.getRef(
      cls.loader.object,
      objects.field("java/lang/ClassLoader", "unnamedModule", "Ljava/lang/Module;"),
    );
  }

  /** JVMS §5.4.4: whether code of a class may use a public class, as far as modules go. */
  canAccess(from: LinkedClass, to: LinkedClass): boolean {
    if (!this.#booted) return true;
    const target = this.moduleOf(to);
    const source = this.moduleOf(from);
    if (target === source && (target !== undefined || from.loader === to.loader)) return true;
    if (target === undefined) return source === undefined || source.reads.has("unnamed");
    if (source !== undefined && !source.reads.has(target) && target.name !== "java.base") return false;
    const exported = target.exports.get(to.packageName);
    if (exported === undefined) return false;
    return exported.has("*") || (source === undefined ? exported.has("unnamed") : exported.has(source));
  }

  /** "java.base@17.0.1" of the class, or of an array's elements; null: its module has no name. */
  nameAndVersion(cls: LinkedClass): string | null {
    let element = cls;
    while (element.component !== null) element = element.component;
    const module = element.primitive !== null ? this.byName.get("java.base") : this.moduleOf(element);
    if (module === undefined || module.name === null) return null;
    return module.version === null ? module.name : `${module.name}@${module.version}`;
  }

  nameOf(cls: LinkedClass): string | null {
    return this.moduleOf(cls)?.name ?? (this.#booted ? null : cls.imageModule);
  }
}
