/** `vmkit new`: writes a small guest, in a project of its own, that uses the package. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { BadInput } from "#support";

/** What a project may be called: it is a package's name, and part of the names of host functions. */
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST_NAME = 64;
/** Names that mean something else in a project. */
const TAKEN = ["vmkit", "node", "typescript", "test", "src", "dist"];

const template = fileURLToPath(new URL("./template/", import.meta.url));
const SUFFIX = ".tmpl";

/** Why the name will not do; undefined: it will. */
export function nameProblem(name: string): string | undefined {
  if (!NAME.test(name))
    return "a name has lower-case letters and digits, in words joined by hyphens, and begins with a letter";
  if (name.length > LONGEST_NAME) return `a name has at most ${LONGEST_NAME} characters`;
  if (TAKEN.includes(name)) return "that name means something else in a project";
  return undefined;
}

/** What the project's package.json says of the dependency: the released package, or in a checkout what `npm pack` makes there. */
export function dependency(root: string, version: string, folder: string): string {
  const isCheckout = existsSync(join(root, "src/vm/index.ts"));
  return isCheckout ? `file:${relative(folder, join(root, `vmkit-${version}.tgz`))}` : `^${version}`;
}

/** Writes the project; gives the files written, relative to the folder. Throws BadInput when the folder has something in it already. */
export function writeProject(folder: string, facts: { readonly name: string; readonly vmkit: string }): string[] {
  refuseFull(folder);
  const written: string[] = [];
  for (const entry of readdirSync(template, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith(SUFFIX)) continue;
    const source = join(entry.parentPath, entry.name);
    const path = relative(template, source)
      .slice(0, -SUFFIX.length)
      .replace(/^gitignore$/, ".gitignore");
    const text = readFileSync(source, "utf8").replaceAll("{{name}}", facts.name).replaceAll("{{vmkit}}", facts.vmkit);
    const target = join(folder, path);
    try {
      makeFolder(dirname(target));
      writeFileSync(target, text, { flag: "wx" });
    } catch (error) {
      throw cannotWrite(target, error);
    }
    written.push(path);
  }
  return written.sort();
}

/** With its parents; not by Node's `recursive`, which tries for ever where a folder says that a new one in it is not there, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function refuseFull(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  const expected = "a folder that is not there yet, or an empty one";
  if (!found.isDirectory()) throw new BadInput({ file: folder, expected, found: "a file" });
  const [first] = readdirSync(folder);
  if (first !== undefined) throw new BadInput({ file: folder, expected, found: `one with ${first} in it` });
}

function cannotWrite(file: string, error: unknown): BadInput {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const words: Record<string, string> = {
    EACCES: "no permission",
    EPERM: "no permission",
    EROFS: "a file system that is read only",
    ENOTDIR: "a file in place of a folder",
    ENOSPC: "no space left",
    ENOENT: "a folder that takes no new ones",
  };
  return new BadInput({ file, expected: "a file that can be written", found: words[code] ?? code }, { cause: error });
}

/** The command: what it prints. `root` is the folder of this vmkit. */
export function newProject(root: string, version: string, name: string, to: string, vmkit?: string): string {
  const folder = resolve(to);
  const spec = vmkit ?? dependency(root, version, folder);
  const files = writeProject(folder, { name, vmkit: spec });
  const shown = relative(process.cwd(), folder) || ".";
  const packing = spec.startsWith("file:") && vmkit === undefined ? [`  (cd ${root} && npm pack)`] : [];
  const next = [...packing, ...(shown === "." ? [] : [`  cd ${shown}`]), "  npm install", "  npm start"];
  return [`${name}: ${files.length} files in ${shown}`, ...files.map((file) => `  ${file}`), "Next:", ...next, ""].join(
    "\n",
  );
}
