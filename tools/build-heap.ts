/**
 * Compiles the collectors: heap-as/ -> build/heap.wasm, with a stamp of what it was compiled from (src/heap/built.ts). Does nothing when
 * that is there already. Run by tools/build.sh, which finds Node.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { layoutDigest, STAMP_SECTION, type Stamp, sourcesDigest, stampOf } from "../src/heap/built.ts";
import { writeLayout } from "./gen-layout.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const out = join(root, "build/heap.wasm");
const compiler = join(root, "node_modules/assemblyscript");

/** What a file compiled now is to say. */
function stampNow(): Stamp {
  const { version } = JSON.parse(readFileSync(join(compiler, "package.json"), "utf8")) as { readonly version: string };
  return { layout: layoutDigest(), sources: sourcesDigest() ?? "", compiler: version };
}

function isCurrent(stamp: Stamp): boolean {
  if (!existsSync(out)) return false;
  const found = stampOf(new WebAssembly.Module(readFileSync(out)));
  return JSON.stringify(found) === JSON.stringify(stamp);
}

/** Of the WebAssembly binary format: an unsigned number, seven bits in each byte. */
function leb(number: number): number[] {
  return number < 128 ? [number] : [(number & 127) | 128, ...leb(number >>> 7)];
}

function customSection(name: string, text: string): Uint8Array {
  const [nameBytes, content] = [name, text].map((each) => [...new TextEncoder().encode(each)]) as [number[], number[]];
  const body = [...leb(nameBytes.length), ...nameBytes, ...content];
  return Uint8Array.from([0, ...leb(body.length), ...body]);
}

writeLayout();
const stamp = stampNow();
if (!isCurrent(stamp)) {
  mkdirSync(join(root, "build"), { recursive: true });
  console.log("build: heap-as/ -> build/heap.wasm");
  // Under another name first: a build that fails or is interrupted leaves no half file behind.
  const half = `build/heap.${process.pid}.wasm`;
  const options = ["heap-as/index.ts", "--config", "heap-as/asconfig.json", "--target", "release", "--outFile", half];
  const asc = spawnSync(process.execPath, [join(compiler, "bin/asc.js"), ...options], { cwd: root, stdio: "inherit" });
  if (asc.error !== undefined) throw asc.error;
  if (asc.status === 0) {
    writeFileSync(join(root, half), customSection(STAMP_SECTION, JSON.stringify(stamp)), { flag: "a" });
    renameSync(join(root, half), out);
  } else {
    // The compiler has said why.
    rmSync(join(root, half), { force: true });
    process.exitCode = 1;
  }
}
