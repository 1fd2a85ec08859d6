/**
 * Files of IR text: the first line says which passes to run, what follows `; expect` is what comes out; lines in between may say
 * what functions give, which must be so before and after the passes.
 *
 *   ; run: opt gvn
 *   ; run: f(1, 2.5) == 3
 *   func @f ...
 *   ; expect
 *   func @f ...
 *
 * UPDATE=1 writes what came out into the files, for a person to review.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { env } from "node:process";
import { test } from "node:test";
import { findings, parse, printFinding, printModule } from "#ir";
import { Optimizer, passesNamed } from "#passes";
import { Switches } from "#support";
import { readIrFile } from "../ir/runs.ts";
import { InterpreterTier } from "../ir/tiers.ts";

const folder = import.meta.dirname;
const switches = Switches.parse({ VM_CHECK: "ir" });

for (const name of readdirSync(folder).filter((each) => each.endsWith(".ir"))) {
  test(name, () => {
    const text = readFileSync(`${folder}/${name}`, "utf8");
    const [head = "", ...rest] = text.split("\n");
    const given = rest.join("\n");
    const names = /^; run: opt (.*)$/.exec(head)?.[1];
    assert.ok(names !== undefined, `${name}: the first line is not '; run: opt PASS...'`);
    const [before = "", expected] = given.split(/^; expect\n/m);
    const file = readIrFile(name, before);
    // The functions as the file has them, and the same ones for the passes.
    const module = parse(before, name);
    const optimizer = new Optimizer(switches, passesNamed(names.split(" ")));
    for (const { func } of module.functions) {
      assert.deepEqual(findings(func).map(printFinding), []);
      optimizer.run(func);
    }
    const actual = printModule(module);
    const functions = file.module.functions.map(({ slot }, i) => ({ slot, func: module.functions[i]!.func }));
    for (const tierModule of [file.module, { hosts: module.hosts, functions }]) {
      const tier = new InterpreterTier();
      tier.load(tierModule);
      for (const { func, args, expected, text } of file.runs) {
        const outcome = tier.run(func.slot, func.func.signature, args);
        assert.equal(outcome, expected, `${text} ${tierModule === file.module ? "before" : "after"} the passes`);
      }
    }
    if (env["UPDATE"] === "1") {
      const updated = `${head}\n${before.trimEnd()}\n; expect\n${actual}`;
      if (updated !== text) writeFileSync(`${folder}/${name}`, updated);
    } else assert.equal(actual, expected);
  });
}
