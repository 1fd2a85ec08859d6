import { execFileSync } from "node:child_process";
import { execPath } from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("docs/ir.md is what tools/gen-ir-doc.ts prints", () => {
  execFileSync(execPath, [fileURLToPath(new URL("../../tools/gen-ir-doc.ts", import.meta.url)), "--check"]);
});
