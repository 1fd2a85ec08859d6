/** Many short programs as entries of one VM, which has to live on after each. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { root, run } from "../j3/runner.ts";
import type { Entries } from "./entries-host.ts";

export type EntryResult = {
  /** "ready", "failed" (an error was reported), "slow" (the VM was stopped), "exit CODE" or "bug TEXT". */
  readonly how: string;
  readonly stderr: string;
};

const host = fileURLToPath(new URL("entries-host.ts", import.meta.url));

/**
 * Runs the entries in a process of their own, with the IR and the heap checked; one result for each.
 *
 * @param stress a collection comes at every so many allocations; 0: when it is needed
 * @param library a folder that is seen as `lib`
 */
export async function runEntries(
  entries: Entries,
  seconds: number,
  stress = 0,
  library?: string,
): Promise<EntryResult[]> {
  fs.mkdirSync(path.join(root, "build/test-run"), { recursive: true });
  const cwd = fs.mkdtempSync(path.join(root, "build/test-run", "uvml-"));
  try {
    const file = path.join(cwd, "entries.json");
    fs.writeFileSync(file, JSON.stringify(entries));
    const command = [process.execPath, host, file];
    if (library !== undefined) fs.symlinkSync(library, path.join(cwd, "lib"));
    const environment = { VM_CHECK: "1", ...(stress > 0 ? { VM_STRESS: `gc:${stress}` } : {}) };
    const outcome = await run(command, { cwd, timeout: seconds, environment });
    const stderr = Buffer.from(outcome.stderr, "latin1").toString("utf8");
    const results = [...stderr.matchAll(/^@@ \d+\n([\s\S]*?)^@@ (?!\d)(.*)$/gm)].map(([, said = "", how = ""]) => {
      return { how, stderr: said.trim() };
    });
    assert.equal(outcome.exit, 0, stderr.slice(-2000));
    assert.equal(results.length, entries.entries.length, stderr.slice(-2000));
    return results;
  } finally {
    fs.rmSync(cwd, { recursive: true, force: true });
  }
}
