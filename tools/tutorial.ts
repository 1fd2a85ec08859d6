/**
 * Keeps docs/tutorial true. Its code blocks are regions of source files, and its sessions are what the commands print:
 *
 *     ```ts guests/toy/kernel.ts [kernel]        the lines between `// [kernel]` and `// [/kernel]` of that file
 *     ```console                                 lines `$ bin/toyvm ...`, each followed by what it prints
 *
 *   node tools/tutorial.ts          writes what differs into the text
 *   node tools/tutorial.ts --check  exits with 1 if anything differs
 *
 * Times differ from run to run, so sessions are compared without them.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const folder = join(root, "docs/tutorial");

export interface Block {
  /** What follows the three backquotes. */
  readonly info: string;
  readonly text: string;
  /** Line of the text's first line, from 1. */
  readonly line: number;
}

const FENCE = /^```(.+)\n([\s\S]*?)^```$/gm;

/** The fenced blocks of a Markdown text. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(FENCE)].map((match) => ({
    info: match[1] ?? "",
    text: match[2] ?? "",
    line: markdown.slice(0, match.index).split("\n").length + 1,
  }));
}

/** The lines of a region, without other regions' markers and without the indentation that all have. Throws if there is no such region. */
export function region(source: string, name: string): string {
  const lines = source.split("\n");
  const start = lines.findIndex((line) => line.trim() === `// [${name}]`);
  const end = lines.findIndex((line) => line.trim() === `// [/${name}]`);
  if (start < 0 || end < start) throw new Error(`there is no region [${name}]`);
  const inside = lines.slice(start + 1, end).filter((line) => !/^\s*\/\/ \[\/?[\w-]+\]$/.test(line));
  const indents = inside.filter((line) => line !== "").map((line) => line.search(/\S/));
  return inside.map((line) => `${line.slice(Math.min(...indents))}\n`).join("");
}

/** What the block should say. Throws if it names nothing that there is. */
function wanted(block: Block): string {
  if (block.info === "console") return session(block.text);
  if (block.info === "sh") return block.text;
  const [, path, name] = /^ts (\S+) \[([\w-]+)\]$/.exec(block.info) ?? [];
  if (path === undefined || name === undefined) throw new Error(`a block of kind "${block.info}"`);
  return region(readFileSync(join(root, path), "utf8"), name);
}

/** Runs the commands of a session in an empty folder; gives the session with what they print. */
function session(text: string): string {
  const cwd = mkdtempSync(join(tmpdir(), "tutorial-"));
  try {
    const commands = text.split("\n").filter((line) => line.startsWith("$ "));
    return commands.map((line) => `${line}\n${printed(line.slice(2), cwd)}`).join("");
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function printed(command: string, cwd: string): string {
  const words = command.split(" ");
  const settings = words.filter((word) => /^[A-Z_]+=/.test(word));
  const [program = "", ...args] = words.slice(settings.length);
  if (!program.startsWith("bin/")) throw new Error(`a session runs what is in bin/, not ${command}`);
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("VM_"));
  const env = { ...Object.fromEntries(own), ...Object.fromEntries(settings.map((each) => each.split("=", 2))) };
  const { stdout, stderr } = spawnSync(join(root, program), args, { cwd, env, encoding: "utf8" });
  return stdout + stderr;
}

/** Without what differs from run to run. */
export function masked(text: string): string {
  return text.replace(/\b\d+\.\d+ (?=ms\b|s\b)/g, "… ");
}

export interface Difference {
  readonly file: string;
  readonly block: Block;
  readonly wanted: string;
}

/** The Markdown files of the tutorial. */
export function pages(): string[] {
  return readdirSync(folder).filter((file) => file.endsWith(".md"));
}

/** Blocks that do not say what they should. */
export function differences(file: string, markdown: string): Difference[] {
  return blocksOf(markdown).flatMap((block) => {
    let text: string;
    try {
      text = wanted(block);
    } catch (error) {
      throw new Error(`docs/tutorial/${file}:${block.line}: ${(error as Error).message}`, { cause: error });
    }
    const same = block.info === "console" ? masked(text) === masked(block.text) : text === block.text;
    return same ? [] : [{ file, block, wanted: text }];
  });
}

export function read(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

function main(check: boolean): number {
  let wrong = 0;
  for (const file of pages()) {
    let markdown = read(file);
    for (const { block, wanted: text } of differences(file, markdown)) {
      wrong++;
      console.log(`docs/tutorial/${file}:${block.line}: ${block.info}`);
      markdown = markdown.replace(
        `\`\`\`${block.info}\n${block.text}\`\`\``,
        () => `\`\`\`${block.info}\n${text}\`\`\``,
      );
    }
    if (!check) writeFileSync(join(folder, file), markdown);
  }
  return check && wrong > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = main(process.argv.includes("--check"));
