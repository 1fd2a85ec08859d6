/** Messages of NullPointerExceptions, compared with those of the installed Java. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parseClassFile } from "../classfile/index.ts";
import { findJavaHome } from "../classpath/index.ts";
import { npeMessage } from "./npe-message.ts";

const home = findJavaHome(process.env)?.home ?? assert.fail("no Java 17 is installed");
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("the message of a NullPointerException", () => {
  for (const [title, flags] of [
    ["without local variable names", []],
    ["with local variable names", ["-g"]],
  ] as const) {
    test(title, () => {
      const folder = mkdtempSync(join(tmpdir(), "j3-npe-"));
      folders.push(folder);
      const source = join(import.meta.dirname, "testdata/NpeShapes.java");
      execFileSync(join(home, "bin/javac"), [...flags, "-d", folder, source]);
      const open = "--add-opens=java.base/java.lang=ALL-UNNAMED";
      const output = execFileSync(join(home, "bin/java"), ["-Xshare:auto", open, "-cp", folder, "NpeShapes"], {
        encoding: "utf8",
      });
      const file = parseClassFile(readFileSync(join(folder, "NpeShapes.class")), "NpeShapes");
      const differences: string[] = [];
      let compared = 0;
      for (const line of output.trim().split("\n")) {
        const [, name, index, expected] = /^(\S+) (\S+) ?(.*)$/.exec(line) ?? assert.fail(line);
        if (!/^\d+$/.test(index as string)) continue;
        const method = file.methods.find((each) => each.name === name) ?? assert.fail(name);
        const { code, descriptor, isStatic } = method;
        if (code === undefined) assert.fail(name);
        const message = npeMessage({ code, descriptor, isStatic, constants: file.constants }, Number(index));
        if ((message ?? "null") !== expected) differences.push(`${name} at ${index}: ${message}, Java has ${expected}`);
        compared++;
      }
      assert.deepEqual(differences, []);
      assert.ok(compared > 65, `only ${compared} shapes`);
    });
  }
});
