/**
 * Runs the µvm-l programs of `programs/` and compares what they print with the expectations in their source.
 *
 * A file may hold several cases, divided by lines that begin with `;----`, each a program of its own that keeps its line numbers.
 * Comments steer a case; a text that has ` … ` in it is pieces that come in this order, letters compared without case:
 *   ;=> text             the next line of standard output, exactly; `;=> …` stands for any lines, up to the next that is expected
 *   ;2> text             the next line of standard error, exactly
 *   ;   ^error: text     standard error has a line with the position of the caret (in the nearest line above that is no such
 *                        comment) and, after it, the text; exit code 1
 *   ;   ^also: text      standard error has the position of the caret somewhere and the text somewhere
 *   ;|error: text        the same in column 1
 *   ;error: text         standard error has a line with the text
 *   ;exit: 2             exit code
 *   ;args: a b           program arguments, split at blanks
 *   ;options: --heap 8m  options of uvml, split at blanks
 *   ;stress: 50          a collection comes at every so many allocations (instead of the usual number)
 *   ;stress: no, because …      not run with collections forced
 *   ;interpret: no, because …   not run by the interpreter
 *   ;---- front          fails before anything runs that matters: needs one configuration
 * In what a program prints, its folder's path is left out.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { type Outcome, root, run } from "../j3/runner.ts";

const folder = fileURLToPath(new URL("programs/", import.meta.url));

export type Position = { readonly line: number; readonly column: number };

export type Expected = {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly errors: readonly { readonly at: Position | undefined; readonly also: boolean; readonly text: string }[];
  readonly exit: number;
};

export type Program = {
  /** File name without ending, with `#n` for the n-th case of several. */
  readonly name: string;
  readonly file: string;
  /** What it runs: the file itself, or a case with the lines of the others blank. */
  readonly text: string;
  readonly whole: boolean;
  readonly args: readonly string[];
  readonly options: readonly string[];
  /** A collection at every so many allocations; 0: the usual number; undefined: not under stress. */
  readonly stress: number | undefined;
  readonly interpret: boolean;
  readonly front: boolean;
  readonly expected: Expected;
};

export type Configuration = {
  readonly name: string;
  readonly interpret: boolean;
  readonly stress: number;
  readonly collector?: string;
};

/** The four ways to run a program. `every`: allocations between collections under stress. */
export function configurations(every: number): Configuration[] {
  return [
    { name: "compiled", interpret: false, stress: 0 },
    { name: "interpreted", interpret: true, stress: 0 },
    { name: "compiled, gc stress", interpret: false, stress: every },
    { name: "interpreted, gc stress", interpret: true, stress: every },
  ];
}

export function belongs(program: Program, configuration: Configuration): boolean {
  if (configuration.interpret && !program.interpret) return false;
  if (configuration.stress > 0 && program.stress === undefined) return false;
  return !program.front || configuration.name === "compiled";
}

/** Programs whose name matches a regular expression (case-insensitive; empty matches all), by name. */
export function findPrograms(pattern = ""): Program[] {
  const matcher = new RegExp(pattern, "i");
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".l"));
  return files
    .sort()
    .flatMap(casesOf)
    .filter((program) => matcher.test(program.name));
}

function casesOf(file: string): Program[] {
  const name = file.replace(/\.l$/, "");
  const lines = fs.readFileSync(path.join(folder, file), "utf8").split("\n");
  const starts = lines.flatMap((line, index) => (line.startsWith(";----") ? [index] : []));
  if (starts.length === 0) return [programOf(name, file, lines, true)];
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? lines.length;
    const own = lines.slice(0, end).map((line, at) => (at < start ? "" : line));
    return programOf(`${name}#${index + 1}`, file, own, false);
  });
}

function programOf(name: string, file: string, lines: readonly string[], whole: boolean): Program {
  const errors: Expected["errors"][number][] = [];
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const directives = new Map<string, string>();
  let code = 0; // 1-based number of the nearest line above that is not all comment
  for (const [index, line] of lines.entries()) {
    const caret = /^(; *)[\^|](error|also): ?(.*)$/.exec(line);
    if (caret !== null) {
      const at = { line: code, column: line.startsWith(";|") ? 1 : caret[1]!.length + 1 };
      errors.push({ at, also: caret[2] === "also", text: caret[3]! });
      continue;
    }
    if (!line.startsWith(";")) code = index + 1;
    const printed = /;(=>|2>)(?: (.*))?$/.exec(line);
    if (printed !== null) (printed[1] === "=>" ? stdout : stderr).push(printed[2] ?? "");
    const error = /^;error: ?(.*)$/.exec(line);
    if (error !== null) errors.push({ at: undefined, also: false, text: error[1]! });
    const directive = /^;(exit|args|options|stress|interpret): (.*)$/.exec(line) ?? /^;---- (front)()$/.exec(line);
    if (directive !== null) directives.set(directive[1]!, directive[2]!);
  }
  const words = (key: string): string[] => (directives.get(key) ?? "").split(" ").filter((word) => word !== "");
  const stress = directives.get("stress") ?? "0";
  return {
    name,
    file: path.join(folder, file),
    text: lines.join("\n"),
    whole,
    args: words("args"),
    options: words("options"),
    stress: stress.startsWith("no,") ? undefined : Number(stress),
    interpret: !(directives.get("interpret") ?? "").startsWith("no,"),
    front: directives.has("front"),
    expected: { stdout, stderr, errors, exit: Number(directives.get("exit") ?? (errors.length > 0 ? 1 : 0)) },
  };
}

/** The command that starts µvm-l: `UVML_COMMAND` (split at blanks), else this checkout's. */
export function uvmlCommand(): string[] {
  const chosen = process.env["UVML_COMMAND"];
  return chosen !== undefined && chosen !== "" ? chosen.split(" ") : [path.join(root, "bin/uvml")];
}

/** Runs it in a folder of its own; `timeout` in seconds. `switches`: instead of what the configuration says of stress. */
export async function runProgram(
  program: Program,
  configuration: Configuration,
  timeout: number,
  switches?: Readonly<Record<string, string>>,
): Promise<Outcome> {
  fs.mkdirSync(path.join(root, "build/test-run"), { recursive: true });
  const cwd = fs.mkdtempSync(path.join(root, "build/test-run", "uvml-"));
  try {
    const file = program.whole ? program.file : path.join(cwd, path.basename(program.file));
    if (!program.whole) {
      fs.writeFileSync(file, program.text);
      fs.symlinkSync(path.join(folder, "lib"), path.join(cwd, "lib"));
    }
    const stress = Math.max(configuration.stress, program.stress ?? 0);
    const environment = switches ?? (configuration.stress > 0 ? { VM_STRESS: `gc:${stress}`, VM_CHECK: "1" } : {});
    const options = [...program.options, ...(configuration.interpret ? ["--interpret"] : [])];
    if (configuration.collector !== undefined) options.push(`--gc=${configuration.collector}`);
    const command = [...uvmlCommand(), ...options, file, ...program.args];
    const outcome = await run(command, { cwd, timeout, environment });
    const plain = (text: string): string =>
      Buffer.from(text, "latin1")
        .toString("utf8")
        .replaceAll(`${path.dirname(file)}/`, "");
    return { ...outcome, stdout: plain(outcome.stdout), stderr: plain(outcome.stderr) };
  } finally {
    fs.rmSync(cwd, { recursive: true, force: true });
  }
}

/** What differs from the expectations, in lines; empty when nothing does. */
export function differences(program: Program, outcome: Outcome): string[] {
  const { expected } = program;
  const found = [...differentLines("stdout", expected.stdout, outcome.stdout)];
  if (expected.errors.length === 0) found.push(...differentLines("stderr", expected.stderr, outcome.stderr));
  else if (/at .*\.ts:\d+|node:internal|^Bug/m.test(outcome.stderr)) found.push("stderr: an internal error");
  const file = path.basename(program.file);
  for (const { at, also, text } of expected.errors) {
    const position = at === undefined ? "" : `${file}:${at.line}:${at.column}`;
    const isThere = also
      ? holds(outcome.stderr, position) && holds(outcome.stderr, text)
      : outcome.stderr.split("\n").some((line) => holds(line, `${position} … ${text}`));
    if (!isThere) found.push(`stderr: expected ${also ? "also " : ""}${position}: ${text}`);
  }
  if (outcome.exit !== expected.exit) found.push(`exit: expected ${expected.exit}, got ${outcome.exit}`);
  return found;
}

/** Whether a text has the pieces of a pattern, in order. A position is not part of a longer number. */
function holds(text: string, pattern: string): boolean {
  const pieces = pattern.split("…").map((piece) => piece.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(
    pieces.map((piece) => (/\d$/.test(piece) ? `${piece}(?!\\d)` : piece)).join("[\\s\\S]*?"),
    "i",
  ).test(text);
}

function differentLines(stream: string, wanted: readonly string[], text: string): string[] {
  const got = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const shown = (line: string | undefined): string => (line === undefined ? "the end" : JSON.stringify(line));
  let line = 0;
  for (const [index, expected] of wanted.entries()) {
    if (expected === "…") {
      const next = wanted[index + 1];
      while (line < got.length && got[line] !== next) line++;
    } else if (expected !== got[line]) {
      return [`${stream}:${line + 1}: expected ${shown(expected)}, got ${shown(got[line])}`];
    } else line++;
  }
  return line === got.length ? [] : [`${stream}:${line + 1}: expected the end, got ${shown(got[line])}`];
}
