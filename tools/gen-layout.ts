/**
 * Prints src/layout/index.ts and src/heap/words.ts as heap-as/layout.gen.ts, so that both sides of the Wasm line read one file.
 * Run: node tools/gen-layout.ts; tools/build.sh does so too. With --check nothing is written; the exit code is 1 when the file is out of date.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { layoutText } from "../src/heap/built.ts";

const target = new URL("../heap-as/layout.gen.ts", import.meta.url);

/** Whether heap-as/layout.gen.ts is what {@link layoutText} gives. */
export function layoutIsCurrent(): boolean {
  return existsSync(target) && readFileSync(target, "utf8") === layoutText();
}

/** Writes heap-as/layout.gen.ts, unless it is up to date. */
export function writeLayout(): void {
  if (!layoutIsCurrent()) writeFileSync(target, layoutText());
}

if (import.meta.main) {
  if (!process.argv.includes("--check")) {
    writeLayout();
  } else if (!layoutIsCurrent()) {
    console.error("heap-as/layout.gen.ts is out of date. Run: node tools/gen-layout.ts");
    process.exitCode = 1;
  }
}
