/** The files of this checkout, for the tests that look at the project itself. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));

const notOurs = new Set(["node_modules", "build", "dist", ".git"]);

/** Paths of all files below a folder (from the root, with slashes), without what is installed or built. */
export function filesBelow(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!notOurs.has(entry.name)) found.push(...filesBelow(path));
    } else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** 1-based line of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
