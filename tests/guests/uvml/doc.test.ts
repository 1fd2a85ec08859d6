/** The examples of docs/uvml.md and README.md do what is said of them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { session } from "./session.ts";

interface Example {
  readonly line: number;
  readonly text: string;
  /** What stands behind `;=> `, `;prints ` or `;error: `. */
  readonly expected: { readonly kind: string; readonly text: string } | undefined;
}

/** The entries of the Lisp fences: lines up to one where all parentheses are closed. */
function examplesOf(markdown: string): Example[] {
  const found: Example[] = [];
  let inside = false;
  let open: string[] = [];
  for (const [index, line] of markdown.split("\n").entries()) {
    if (line.startsWith("```")) inside = line === "```lisp";
    else if (inside) {
      const match = /^(.*?)\s+;(=>|prints|error:) (.*)$/.exec(line);
      open.push(match?.[1] ?? line);
      const code = open.join("\n").replace(/#\\.|"(?:[^"\\]|\\.)*"/g, "");
      if (code.split("(").length !== code.split(")").length) continue;
      const expected = match === null ? undefined : { kind: match[2]!, text: match[3]! };
      found.push({ line: index + 1, text: open.join("\n"), expected });
      open = [];
    }
  }
  return found;
}

function check({ text, expected }: Example, stdout: string, stderr: string): void {
  const lines = stdout.trimEnd().split("\n");
  const value = lines.at(-1)!.startsWith("=> ") ? lines.pop() : undefined;
  if (expected?.kind === "error:") {
    assert.ok(
      stderr.includes(expected.text),
      `${text}: expected the error "${expected.text}", found ${stderr || stdout}`,
    );
    return;
  }
  assert.equal(stderr, "", text);
  if (expected?.kind === "=>") assert.equal(value, `=> ${expected.text}`, text);
  else assert.equal(lines.join("\n").trim(), expected?.text ?? "", text);
}

const runs: readonly (readonly [file: string, args: readonly string[]])[] = [
  ["docs/uvml.md", []],
  ["docs/uvml.md", ["--interpret"]],
  ["README.md", []],
];

for (const [file, args] of runs) {
  test(`the examples of ${file} ${args.join(" ")}`, async (t) => {
    const examples = examplesOf(readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8"));
    assert.ok(examples.length > 0);
    const { answers } = await session(
      examples.map(({ text }) => text),
      { args },
    );
    for (const [index, example] of examples.entries()) {
      const { stdout, stderr } = answers[index]!;
      await t.test(`${file}:${example.line}`, () => check(example, stdout, stderr));
    }
  });
}
