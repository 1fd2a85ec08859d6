/**
 * Prints docs/ir.md from the table of operations, the list of invariants and the grammar of the text form.
 *
 *   node tools/gen-ir-doc.ts          writes docs/ir.md
 *   node tools/gen-ir-doc.ts --check  exits with 1 if it is out of date
 */
import { readFileSync, writeFileSync } from "node:fs";
import { argv, exit, stderr } from "node:process";
import { fileURLToPath } from "node:url";
import { type Op, ops, spec } from "#ir";

const file = (path: string): URL => new URL(`../${path}`, import.meta.url);

/** The text of a file's first comment between two lines, without the stars. */
function header(path: string): string[] {
  const text = readFileSync(file(path), "utf8");
  const comment = text.slice(text.indexOf("/**") + 3, text.indexOf("*/"));
  return comment.split("\n").map((line) => line.replace(/^ \*? ?/, "").trimEnd());
}

/** The operations in the order of the table, under the headings its comments give. */
function sections(): { title: string; ops: Op[] }[] {
  const text = readFileSync(file("src/ir/ops.ts"), "utf8");
  const found: { title: string; ops: Op[] }[] = [];
  for (const line of text.slice(text.indexOf("export const ops")).split("\n")) {
    const title = /^ {2}\/\/ (.*?) -{5,}/.exec(line)?.[1];
    const op = /^ {2}(\w+): \{/.exec(line)?.[1];
    if (title !== undefined) found.push({ title: title[0]!.toUpperCase() + title.slice(1), ops: [] });
    else if (op !== undefined && Object.hasOwn(ops, op)) found[found.length - 1]!.ops.push(op as Op);
  }
  return found;
}

function row(op: Op): string {
  const { in: operands, out, more, does, says, imm } = spec(op);
  const taken = [...operands, ...(more === true ? ["…"] : [])].join(", ");
  const carried = imm === undefined ? "" : imm;
  return `| \`${op}\` | ${taken} | ${carried} | ${out === "none" ? "" : out} | ${does.join(", ")} | ${says} |`;
}

function document(): string {
  const parse = header("src/ir/parse.ts");
  const grammar = parse.slice(parse.findIndex((line) => line.startsWith("  file ")));
  const grammarEnd = grammar.indexOf("");
  const verify = header("src/ir/verify.ts");
  const invariants = verify.slice(verify.findIndex((line) => line.startsWith("  I1 "))).filter((line) => line !== "");
  const list = invariants.map((line) => line.replace(/^ {2}(I\d+) +/, "- **$1** ").replace(/^ {7}/, "  "));
  const lines = [
    "# The IR",
    "",
    "<!-- Printed by tools/gen-ir-doc.ts from src/ir; do not edit. -->",
    "",
    "Functions of basic blocks with parameters, in SSA form. The types are `i32`, `i64`, `f32`, `f64`, `ref` (a reference to the",
    "start of a collected object), `iref` (one into an object) and `addr` (a raw address that the collector never looks at).",
    "",
    "## Operations",
    "",
    "Operand kinds: a type; `int` (i32 or i64); `float` (f32 or f64); `ptr` (ref, iref or addr); `any`; `same` (the type of the first",
    "operand); `…` (more operands, see the text). Results: a type; `same`; `typed` (the instruction says which). *Carries* names what an",
    "instruction has besides operands. Effects:",
    "",
    "| effect | means |",
    "|---|---|",
    "| reads, writes | memory that other operations can see |",
    "| throws | may leave the function by an exception; may carry an unwind edge |",
    "| safepoint | a collection may happen here: references held across it may change |",
    "| slow-safepoint | the same, but only on a path the common case does not take |",
    "| traps | undefined behaviour that the guest must have excluded |",
    "| ends | ends a block |",
    "",
  ];
  for (const { title, ops: names } of sections()) {
    lines.push(
      `### ${title}`,
      "",
      "| operation | operands | carries | result | effects | |",
      "|---|---|---|---|---|---|",
    );
    lines.push(...names.map(row), "");
  }
  lines.push("## Invariants", "", "The verifier checks them; passes refer to them by number.", "", ...list, "");
  lines.push("## Text form", "", "```", ...grammar.slice(0, grammarEnd).map((line) => line.slice(2)), "```", "");
  lines.push(...grammar.slice(grammarEnd + 1).filter((line) => line !== ""));
  return `${lines.join("\n")}\n`;
}

const text = document();
const target = file("docs/ir.md");
if (argv[2] === "--check") {
  if (readFileSync(target, "utf8") !== text) {
    stderr.write(`${fileURLToPath(target)} is out of date: run node tools/gen-ir-doc.ts\n`);
    exit(1);
  }
} else {
  writeFileSync(target, text);
}
