/** Modules as the library tells the VM of them: java.lang.Module and the boot loader's packages. */
import { throwing } from "../../link/index.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmModule } from "../../vm/modules.ts";
import type { VmNatives } from "../types.ts";

const MODULE = "java/lang/Module";
const STRING = "Ljava/lang/String;";

function internalPackage(j: J3, name: number): string {
  if (j.objects.isNull(name)) throw throwing("NullPointerException", "package is null");
  return j.objects.text(name).replaceAll(".", "/");
}

/** What the VM knows of a Module object; undefined for unnamed modules. */
function moduleAt(j: J3, handle: number, what: string): VmModule | undefined {
  const { objects } = j;
  if (objects.isNull(handle)) throw throwing("NullPointerException", `${what} is null`);
  const module = j.modules.numbered(objects.getInt(handle, objects.field(MODULE, "vmModule", "I")));
  if (module === undefined && !objects.isNull(objects.getHandle(handle, objects.field(MODULE, "name", STRING)))) {
    throw throwing("IllegalArgumentException", `${what} is not valid`);
  }
  return module;
}

function define(j: J3, self: number, _open: number, version: number, location: number, packages: number): void {
  const { objects, world } = j;
  if (objects.isNull(self)) throw throwing("NullPointerException", "Null module object");
  const name = objects.textOrNull(objects.getHandle(self, objects.field(MODULE, "name", STRING)));
  if (name === null) throw throwing("IllegalArgumentException", "Module name cannot be null");
  const loader = world.loaderOf(objects.getHandle(self, objects.field(MODULE, "loader", "Ljava/lang/ClassLoader;")));
  const names = new Set<string>();
  for (let i = 0; i < objects.length(packages); i++) names.add(internalPackage(j, objects.elementHandle(packages, i)));
  for (const each of names) checkPackage(j, loader.id, loader.builtin, name, each);
  j.modules.define(
    {
      name,
      version: objects.textOrNull(version),
      location: objects.textOrNull(location),
      object: objects.root(objects.ref(self)),
      loader: loader.id,
      packages: names,
      exports: new Map(),
      reads: new Set(),
    },
    loader.id,
  );
}

/** The rules of JVM_DefineModule for a package; `loader` is a number. */
function checkPackage(j: J3, loader: number, isBuiltin: boolean, module: string, name: string): void {
  const dotted = name.replaceAll("/", ".");
  const other = j.modules.find(loader, name);
  if (other !== undefined) {
    const where = `is already in another module, ${other.name}, defined to the class loader`;
    throw throwing("IllegalStateException", `Package ${dotted} for module ${module} ${where}`);
  }
  if (isBuiltin || (name !== "java" && !name.startsWith("java/"))) return;
  const text = `Class loader (instance of) may not define package ${dotted}`;
  throw throwing("IllegalArgumentException", `${text}: prohibited package name: ${dotted}`);
}

function exported(module: VmModule, name: string): Set<VmModule | "*" | "unnamed"> {
  if (!module.packages.has(name)) {
    const text = `Package ${name.replaceAll("/", ".")} not found in from_module ${module.name}`;
    throw throwing("IllegalArgumentException", text);
  }
  let to = module.exports.get(name);
  if (to === undefined) module.exports.set(name, (to = new Set()));
  return to;
}

/** Packages of the boot loader in which classes are loaded. */
function systemPackages(j: J3): Map<string, string | null> {
  const packages = new Map<string, string | null>();
  for (const cls of j.world.classes()) {
    if (cls.loader.object !== 0 || cls.file === null || cls.packageName === "") continue;
    const module = j.modules.moduleOf(cls);
    packages.set(cls.packageName, module?.location ?? (cls.imageModule === null ? null : `jrt:/${cls.imageModule}`));
  }
  return packages;
}

export const moduleNatives: VmNatives = {
  [`${MODULE}.defineModule0(L${MODULE};ZLjava/lang/String;Ljava/lang/String;[Ljava/lang/Object;)V`]: define,
  [`${MODULE}.addReads0(L${MODULE};L${MODULE};)V`]: (j, from: number, to: number) => {
    const source = moduleAt(j, from, "from_module");
    const target = j.objects.isNull(to) ? undefined : moduleAt(j, to, "to_module");
    source?.reads.add(target ?? "unnamed");
  },
  [`${MODULE}.addExports0(L${MODULE};Ljava/lang/String;L${MODULE};)V`]: (j, from: number, name: number, to: number) => {
    const target = moduleAt(j, to, "to_module");
    const source = moduleAt(j, from, "from_module");
    if (source !== undefined) exported(source, internalPackage(j, name)).add(target ?? "unnamed");
  },
  [`${MODULE}.addExportsToAll0(L${MODULE};Ljava/lang/String;)V`]: (j, from: number, name: number) => {
    const source = moduleAt(j, from, "module");
    if (source !== undefined) exported(source, internalPackage(j, name)).add("*");
  },
  [`${MODULE}.addExportsToAllUnnamed0(L${MODULE};Ljava/lang/String;)V`]: (j, from: number, name: number) => {
    const source = moduleAt(j, from, "module");
    if (source !== undefined) exported(source, internalPackage(j, name)).add("unnamed");
  },
  [`jdk/internal/loader/BootLoader.setBootLoaderUnnamedModule0(L${MODULE};)V`]: (j, module: number) => {
    if (j.objects.isNull(module)) throw throwing("NullPointerException", "Null module object");
    j.modules.setUnnamed(0, j.objects.root(j.objects.ref(module)));
  },
  "jdk/internal/loader/BootLoader.getSystemPackageNames()[Ljava/lang/String;": (j) => {
    const names = [...systemPackages(j).keys()];
    return j.objects.newRefArray(
      "java/lang/String",
      names.map((name) => j.objects.newString(name)),
    );
  },
  "jdk/internal/loader/BootLoader.getSystemPackageLocation(Ljava/lang/String;)Ljava/lang/String;": (
    j,
    name: number,
  ) => {
    const location = systemPackages(j).get(j.objects.text(name)) ?? null;
    return location === null ? 0 : j.objects.newString(location);
  },
};
