/**
 * The package in a project outside the tree: npm pack, `vmkit new`, npm install, npm run build, npm start, npm test; and the commands it
 * installs. Where npm cannot fetch the dependencies they are linked from here.
 */
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { nameProblem } from "../cli/new.ts";
import { filesBelow, root, textOf } from "./tree.ts";

const PATIENCE = { timeout: 240_000 };
const outside = mkdtempSync(join(tmpdir(), "vmkit-outside-"));
const project = join(outside, "my-vm");
const installed = join(project, "node_modules/vmkit");
const manifest = JSON.parse(textOf("package.json")) as {
  readonly version: string;
  readonly bin: Record<string, string>;
  readonly imports: Record<string, string>;
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
};

type Ran = SpawnSyncReturns<string>;

/** With our Node before the machine's. */
function run(command: string, args: readonly string[], cwd = project): Ran {
  const PATH = [dirname(process.execPath), join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
  const env: NodeJS.ProcessEnv = { ...process.env, PATH, npm_config_update_notifier: "false" };
  // Else a test runner inside reports to ours, and prints nothing.
  delete env["NODE_TEST_CONTEXT"];
  return spawnSync(command, args, { cwd, env, encoding: "utf8", timeout: 120_000 });
}

function works(ran: Ran): string {
  assert.equal(ran.status, 0, `${ran.error ?? ""}${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

const vmkit = (...args: string[]): Ran => run(join(root, "bin/vmkit"), args, outside);

/** npm installs the tarball with what it depends on; without a registry, that is linked instead. */
function install(tarball: string): void {
  const quick = ["--prefer-offline", "--fetch-retries=0", "--fetch-timeout=10000", "--no-audit", "--no-fund"];
  // The package "node" fetches a Node when its scripts run; ours is on the path.
  const done = run("npm", ["install", "--ignore-scripts", ...quick]);
  if (done.status === 0) return;
  rmSync(join(project, "node_modules"), { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  works(run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]));
  for (const name of [...Object.keys(manifest.dependencies), "typescript", "@types", "undici-types"])
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  mkdirSync(join(project, "node_modules/.bin"));
  const bins = Object.entries(manifest.bin).map(([name, file]) => [name, join(installed, file)] as const);
  for (const [name, file] of [...bins, ["tsc", join(root, "node_modules/.bin/tsc")] as const])
    symlinkSync(file, join(project, "node_modules/.bin", name));
}

before(() => {
  const packed = works(run("npm", ["pack", "--silent", "--pack-destination", outside], root))
    .trim()
    .split("\n")
    .at(-1);
  const tarball = join(outside, packed ?? "");
  assert.ok(existsSync(tarball), `npm pack made ${tarball}`);
  works(vmkit("new", "my-vm", "--vmkit", `file:${tarball}`));
  install(tarball);
}, PATIENCE);
after(() => rmSync(outside, { recursive: true, force: true }));

test("the skeleton builds, runs and passes its own test", PATIENCE, () => {
  works(run("npm", ["run", "build"]));
  assert.match(works(run("npm", ["start"])), /^333833500$/m);
  assert.match(works(run("npm", ["start", "10"])), /^385$/m);
  assert.match(works(run("npm", ["test"])), /pass 3/);
});

test("it runs without a build too, and fails as it says", PATIENCE, () => {
  assert.equal(works(run(process.execPath, ["src/main.ts", "3"])), "14\n");
  const failed = run(process.execPath, ["src/main.ts", "-1"]);
  assert.deepEqual([failed.status, failed.stderr], [1, "uncaught: a list cannot have -1 cells\n"]);
});

test("the skeleton imports the package's doors and nothing else", () => {
  for (const file of ["src/guest.ts", "src/main.ts", "test/guest.test.ts"]) {
    for (const [, from = ""] of readFileSync(join(project, file), "utf8").matchAll(/ from "([^"]+)"/g))
      assert.match(from, /^(vmkit\/\w+|node:[\w/]+|\.\.?\/.*)$/, file);
  }
});

test("every door of the tree is a door of the package, with declarations that type-check", PATIENCE, () => {
  const doors = Object.keys(manifest.imports).map((name) => `./${name.slice(1)}`);
  assert.deepEqual(
    doors.filter((door) => !Object.hasOwn(manifest.exports, door)),
    [],
  );
  const names = Object.entries(manifest.exports).flatMap(([name, to]) =>
    typeof to === "string" ? [] : [name.slice(2)],
  );
  const lines = names.map((name, i) => `import * as door${i} from "vmkit/${name}";`);
  const uses = names.map((_, i) => `assert.notEqual(Object.keys(door${i}).length, 0);`);
  const text = ['import assert from "node:assert/strict";', ...lines, ...uses].join("\n");
  writeFileSync(join(project, "test/doors.test.ts"), text);
  // Types that do not resolve would be `any`.
  const wrong =
    'import type { VirtualMachine } from "vmkit/vm";\nexport const n = (vm: VirtualMachine): string => vm.mem.u32;\n';
  works(run("npm", ["run", "build"]));
  works(run(process.execPath, ["dist/test/doors.test.js"]));
  writeFileSync(join(project, "test/wrong.ts"), wrong);
  assert.match(run("npm", ["run", "build"]).stdout, /'Uint32Array.*' is not assignable to type 'string'/);
  rmSync(join(project, "test/wrong.ts"));
});

test("ToyVM, which a stranger could have written, draws the same outside the tree", PATIENCE, () => {
  mkdirSync(join(project, "toy"));
  for (const file of filesBelow("guests/toy"))
    writeFileSync(join(project, "toy", basename(file)), textOf(file).replace(/ from "#(\w+)"/g, ' from "vmkit/$1"'));
  const options = ["--width", "40", "--height", "30", "--no-preview", "--out"];
  works(run(process.execPath, ["toy/main.ts", ...options, "outside.ppm"]));
  works(run(join(root, "bin/toyvm"), [...options, "inside.ppm"]));
  const [out, inside] = ["outside.ppm", "inside.ppm"].map((file) => readFileSync(join(project, file)));
  assert.ok(out !== undefined && inside !== undefined && out.length > 3 * 40 * 30 && out.equals(inside));
});

test("the commands of the package run", PATIENCE, () => {
  const bin = (name: string, ...args: string[]): Ran => run(join(project, "node_modules/.bin", name), args);
  assert.equal(works(bin("vmkit", "--version")).trim(), manifest.version);
  assert.match(works(bin("vmkit", "ir", "passes")), /^gvn/m);
  assert.match(works(bin("j3", "--help")), /usage/i);
  assert.equal(works(bin("uvml", "-e", "(fold (lambda (a x) (+ a x)) 0 (list 1 2 3))")), "6\n");
  assert.match(works(bin("toyvm", "--step", "1")), /ToyVM exits with 0/);
  works(bin("vmkit", "new", "second-vm"));
  const made = JSON.parse(readFileSync(join(project, "second-vm/package.json"), "utf8")) as typeof manifest;
  assert.equal(made.dependencies["vmkit"], `^${manifest.version}`);
  for (const [name, range] of Object.entries(made.devDependencies)) assert.equal(range, manifest.devDependencies[name]);
});

test("a package whose collectors are of another version does not run", PATIENCE, () => {
  const file = join(installed, "dist/build/heap.wasm");
  const bytes = readFileSync(file);
  const at = bytes.lastIndexOf('"layout":"') + '"layout":"'.length;
  writeFileSync(file, Buffer.concat([bytes.subarray(0, at), Buffer.from("-"), bytes.subarray(at + 1)]));
  const refused = run(join(project, "node_modules/.bin/uvml"), ["-e", "1"]);
  writeFileSync(file, bytes);
  const what = "collectors compiled for this layout of memory (installing the package again mends it)";
  assert.equal(refused.stderr, `uvml: build/heap.wasm: expected ${what}, found those of another\n`);
  assert.equal(refused.status, 1);
});

test("bad names, full folders and places that cannot be written to", PATIENCE, () => {
  for (const name of ["My-Vm", "1vm", "a/b", "..", "", "vmkit", "a b", "-x-", "a".repeat(65)]) {
    assert.notEqual(nameProblem(name), undefined, name);
    if (name.startsWith("-")) continue;
    const refused = vmkit("new", name, "--to", join(outside, "refused"));
    assert.equal(refused.status, 2, name);
    assert.match(refused.stderr, /^vmkit new: ".*": .*name/, name);
  }
  assert.equal(existsSync(join(outside, "refused")), false);
  const full = vmkit("new", "my-vm");
  assert.equal(full.status, 1);
  assert.match(full.stderr, /my-vm: expected a folder that is not there yet, or an empty one, found one with /);
  const file = join(outside, "file");
  writeFileSync(file, "");
  for (const to of [file, join(file, "below"), "/proc/below"]) {
    const refused = vmkit("new", "x", "--to", to);
    assert.equal(refused.status, 1, to);
    assert.match(refused.stderr, /^[^\n]*: expected [^\n]*, found [^\n]*\n$/, to);
  }
});
