/**
 * Makes dist/, what the package holds: the folders src/, guests/ and cli/ as JavaScript, declarations of the doors, and what they read at run
 * time. Node strips no types below node_modules. Run by `npm pack`; types are checked by `npm run check`.
 *
 * dist/package.json is the nearest one to every module there, so "#ir" means dist/src/ir/index.js in dist/ and src/ir/index.ts in the tree.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const making = join(root, `build/dist.${process.pid}`);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly imports: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** Modules of the tree whose declarations are part of the package: "src/ir/index.ts". */
function doors(): string[] {
  return Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [] : [target.default.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts")],
  );
}

function tsc(options: object): void {
  const config = join(root, `build/tsconfig.${process.pid}.json`);
  writeFileSync(config, JSON.stringify({ extends: "../tsconfig.json", ...options }));
  try {
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
  } finally {
    rmSync(config);
  }
}

function copy(path: string): void {
  mkdirSync(dirname(join(making, path)), { recursive: true });
  cpSync(join(root, path), join(making, path), { recursive: true });
}

/** What modules read beside themselves, and what is said of WebAssembly in declarations. */
function copyResources(): void {
  for (const folder of ["src", "guests", "cli"]) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: true })) {
      const path = join(entry.parentPath, entry.name).slice(root.length);
      if (!entry.isFile() || /\/testdata\//.test(path)) continue;
      if (!path.endsWith(".ts") || path.endsWith(".d.ts")) copy(path);
    }
  }
  for (const path of ["bin", "build/heap.wasm"]) copy(path);
}

/** Doors speak of WebAssembly.Memory, which a project without the DOM's library does not know. */
function referToWebAssembly(): void {
  for (const door of doors()) {
    const file = join(making, door.replace(/\.ts$/, ".d.ts"));
    const up = "../".repeat(door.split("/").length - 1);
    writeFileSync(file, `/// <reference path="${up}src/webassembly.d.ts" />\n${readFileSync(file, "utf8")}`);
  }
}

rmSync(making, { recursive: true, force: true });
mkdirSync(making, { recursive: true });
const missing = doors().filter((door) => !existsSync(join(root, door)));
if (missing.length > 0) throw new Error(`package.json exports what is not there: ${missing.join(", ")}`);
const emitted = { noEmit: false, noCheck: true, rootDir: "..", outDir: making };
tsc({
  compilerOptions: emitted,
  include: ["src", "guests", "cli"].map((folder) => `../${folder}`),
  exclude: ["*.as.ts", "*.test.ts", "testdata"].map((name) => `../**/${name}`),
});
tsc({
  compilerOptions: { ...emitted, declaration: true, emitDeclarationOnly: true },
  files: ["../src/webassembly.d.ts", ...doors().map((door) => `../${door}`)],
  include: [],
});
copyResources();
referToWebAssembly();
const imports = Object.entries(manifest.imports).map(([name, file]) => [name, file.replace(/\.ts$/, ".js")]);
const inner = { name: manifest.name, version: manifest.version, type: "module", imports: Object.fromEntries(imports) };
writeFileSync(join(making, "package.json"), `${JSON.stringify(inner, null, 2)}\n`);
rmSync(join(root, "dist"), { recursive: true, force: true });
renameSync(making, join(root, "dist"));
