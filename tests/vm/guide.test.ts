/** The example in docs/guests.md does what it says. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, textOf } from "../tree.ts";

test("the guest of docs/guests.md runs", () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(textOf("docs/guests.md")) ?? [];
  const [guest = "", host = ""] = code.split("// main.ts: the host\n");
  const folder = join(root, "build/test-guide");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "guest.ts"), guest);
  writeFileSync(join(folder, "main.ts"), `import { VirtualMachine } from "#vm";\n${host}`);
  assert.equal(
    execFileSync(process.execPath, [join(folder, "main.ts")], { encoding: "utf8", timeout: 60_000 }),
    "42\n",
  );
});
