/**
 * Runs the Java programs of `programs/` on `java` and on J3 and compares what they print.
 *
 * A program is one source file. Lines among its leading comments steer it:
 *   // args: a b        program arguments, split at blanks
 *   // jvm: -Xmx64m     options before the main class
 *   // stdin: a\nb\n    standard input, with \n, \t, \\ and \uXXXX escapes
 *   // jar: true        packed and started with -jar
 *   // suite: once      not among the stressed programs of the tests; `npm run stress` has it
 *
 * Folders under `build/`: `test-classes/<Name>` (class files), `test-expected` (what java printed, named by hash of
 * source, command and JDK), `test-run` (working folders, removed after each run).
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const build = path.join(root, "build");
const programsFolder = fileURLToPath(new URL("programs/", import.meta.url));
const compiler = fileURLToPath(new URL("Compile.java", import.meta.url));

/** What a program printed. Output is bytes, held as a latin1 string so that it survives JSON. */
export type Outcome = {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code, or the signal's name, or "timeout". */
  readonly exit: number | string;
  readonly milliseconds: number;
};

export type Program = {
  readonly name: string;
  readonly source: string;
  readonly hash: string;
  readonly args: readonly string[];
  readonly jvm: readonly string[];
  readonly stdin: string;
  readonly jar: boolean;
  /** Under stress a collection comes at every so many allocations, where it would take too long with the usual number; else 0. */
  readonly stress: number;
  /** It is not among the tests' stressed programs. */
  readonly once?: boolean;
};

export type Jdk = { readonly home: string; readonly version: string };

/** The JDK 17 with a compiler: JAVA_HOME, else the usual places. Throws when there is none. */
export function findJdk(): Jdk {
  const places = [process.env["JAVA_HOME"] ?? "", ...usualPlaces("/usr/lib/jvm"), ...usualPlaces("/opt")];
  for (const home of places) {
    const release = path.join(home, "release");
    if (home === "" || !fs.existsSync(path.join(home, "bin/javac")) || !fs.existsSync(release)) continue;
    const version = /^JAVA_RUNTIME_VERSION="(17\..*)"$/m.exec(fs.readFileSync(release, "utf8"))?.[1];
    if (version !== undefined) return { home, version };
  }
  throw new Error("Cannot run the Java programs: no JDK 17 with javac in JAVA_HOME or the usual places");
}

function usualPlaces(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => /java|jdk/.test(name) && name.includes("17"));
  return names.sort().map((name) => path.join(folder, name));
}

/** All programs whose name matches `pattern` (a regular expression, case-insensitive; empty matches all), by name. */
export function findPrograms(pattern = "", folder = programsFolder): Program[] {
  const matcher = new RegExp(pattern, "i");
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".java"));
  const names = files.map((file) => file.slice(0, -".java".length)).filter((name) => matcher.test(name));
  // The tiny ones first: when they fail, nothing else is worth reading.
  names.sort((a, b) => Number(b.startsWith("Tiny")) - Number(a.startsWith("Tiny")) || (a < b ? -1 : 1));
  return names.map((name) => readProgram(folder, name));
}

function readProgram(folder: string, name: string): Program {
  const source = path.join(folder, `${name}.java`);
  const text = fs.readFileSync(source, "utf8");
  const directive = (key: string): string => new RegExp(`^// ${key}: (.*)$`, "m").exec(text)?.[1] ?? "";
  const words = (key: string): string[] =>
    directive(key)
      .split(" ")
      .filter((word) => word !== "");
  return {
    name,
    source,
    hash: createHash("sha256").update(text).digest("hex").slice(0, 24),
    args: words("args"),
    jvm: words("jvm"),
    stdin: unescaped(directive("stdin")),
    jar: directive("jar") === "true",
    stress: Number(directive("stress")),
    once: directive("suite") === "once",
  };
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex: string | undefined, letter: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return letter === "n" ? "\n" : letter === "t" ? "\t" : letter === "r" ? "\r" : letter;
  });
}

const classesOf = (program: Program): string => path.join(build, "test-classes", program.name);
const jarOf = (program: Program): string => path.join(build, "test-classes", `${program.name}.jar`);

/** Compiles what is out of date. Safe against other processes doing the same. Throws what javac says. */
export async function compile(jdk: Jdk, programs: readonly Program[]): Promise<void> {
  const release = await lock(path.join(build, "test-classes.lock"));
  try {
    const salt = createHash("sha256").update(fs.readFileSync(compiler)).digest("hex").slice(0, 8);
    const stampText = (program: Program): string => `${program.hash} ${jdk.version} ${salt}\n`;
    const stampFile = (program: Program): string => path.join(classesOf(program), ".stamp");
    const stale = programs.filter((program) => {
      const stamp = stampFile(program);
      return !fs.existsSync(stamp) || fs.readFileSync(stamp, "utf8") !== stampText(program);
    });
    if (stale.length === 0) return;
    const words = [compiler];
    for (const program of stale) {
      fs.rmSync(classesOf(program), { recursive: true, force: true });
      words.push(program.source, classesOf(program), program.jar ? jarOf(program) : "-");
    }
    const outcome = await run([path.join(jdk.home, "bin/java"), ...words], { cwd: root, timeout: 600 });
    if (outcome.exit !== 0)
      throw new Error(`Cannot compile the Java programs: exit ${outcome.exit}\n${tail(outcome.stderr, 100)}`);
    for (const program of stale) fs.writeFileSync(stampFile(program), stampText(program));
  } finally {
    release();
  }
}

/** Waits for the folder-as-lock; a lock older than five minutes belongs to a dead process. Returns the release. */
async function lock(folder: string): Promise<() => void> {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  for (;;) {
    try {
      fs.mkdirSync(folder);
      return () => fs.rmSync(folder, { recursive: true, force: true });
    } catch {
      const made = fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - made > 300_000) fs.rmSync(folder, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Options and main class (or -jar) and arguments, as `java` and `j3` both take them. */
export function commandLine(program: Program): string[] {
  const what = program.jar ? ["-jar", jarOf(program)] : ["-cp", classesOf(program), program.name];
  return [...program.jvm, ...what, ...program.args];
}

/** The command that starts J3: `J3_COMMAND` (split at blanks), else this checkout's launcher. */
export function j3Command(): string[] {
  const chosen = process.env["J3_COMMAND"];
  if (chosen !== undefined && chosen !== "") return chosen.split(" ");
  const launcher = path.join(root, "bin/j3");
  return fs.existsSync(launcher) ? [launcher] : [process.execPath, path.join(root, "bin/j3.ts")];
}

/** What `java` prints: from the cache when source, command and JDK are the same. */
export async function runOnJava(jdk: Jdk, program: Program): Promise<Outcome> {
  const key = JSON.stringify([program.hash, program.jvm, program.args, program.stdin, program.jar, jdk.version, "v1"]);
  const name = `${program.name}-${createHash("sha256").update(key).digest("hex").slice(0, 16)}.json`;
  const file = path.join(build, "test-expected", name);
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, "utf8")) as Outcome;
  const outcome = await runProgram([path.join(jdk.home, "bin/java"), ...commandLine(program)], program, 120, {});
  if (outcome.exit === "timeout") throw new Error(`${program.name}: java itself timed out`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(outcome));
  fs.renameSync(`${file}.${process.pid}`, file);
  return outcome;
}

/** Runs it on J3; `environment` is added to ours (VM_STRESS, VM_CHECK, …); `timeout` in seconds. */
export async function runOnJ3(
  program: Program,
  timeout: number,
  environment: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): Promise<Outcome> {
  return runProgram([...j3Command(), ...options, ...commandLine(program)], program, timeout, environment);
}

async function runProgram(
  command: readonly string[],
  program: Program,
  timeout: number,
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  fs.mkdirSync(path.join(build, "test-run"), { recursive: true });
  const cwd = fs.mkdtempSync(path.join(build, "test-run", `${program.name}-`));
  try {
    return await run(command, { cwd, timeout, stdin: program.stdin, environment });
  } finally {
    fs.rmSync(cwd, { recursive: true, force: true });
  }
}

type RunOptions = {
  readonly cwd: string;
  readonly timeout: number;
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

/** What VM_STRESS says already, and more. */
export function moreStress(topics: string): { readonly VM_STRESS: string } {
  const given = process.env["VM_STRESS"] ?? "";
  return { VM_STRESS: given === "" ? topics : `${given},${topics}` };
}

/** Runs a command in its own process group, which is killed after `timeout` seconds. Locale and zone are fixed. */
export function run(command: readonly string[], options: RunOptions): Promise<Outcome> {
  const environment: Record<string, string | undefined> = { ...process.env, ...options.environment };
  for (const name of [
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "CLASSPATH",
    "LANG",
    "NODE_TEST_CONTEXT",
  ]) {
    delete environment[name];
  }
  Object.assign(environment, { LC_ALL: "C.UTF-8", TZ: "UTC" });
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const [file = "", ...args] = command;
    const child = spawn(file, args, { cwd: options.cwd, env: environment, detached: true, stdio: "pipe" });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let late = false;
    const killGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // already gone
      }
    };
    const timer = setTimeout(() => {
      late = true;
      killGroup();
    }, options.timeout * 1000);
    process.once("exit", killGroup);
    child.on("error", reject);
    child.stdin.on("error", () => {}); // the program may end without reading it
    child.stdin.end(options.stdin ?? "");
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      process.removeListener("exit", killGroup);
      resolve({
        stdout: Buffer.concat(stdout).toString("latin1"),
        stderr: Buffer.concat(stderr).toString("latin1"),
        exit: late ? "timeout" : (code ?? signal ?? "unknown"),
        milliseconds: Math.round(performance.now() - started),
      });
    });
  });
}

/** The first difference in words, or undefined when the outcomes are equal byte for byte. */
export function difference(expected: Outcome, actual: Outcome): string | undefined {
  const parts: string[] = [];
  for (const stream of ["stdout", "stderr"] as const) {
    if (expected[stream] === actual[stream]) continue;
    const wanted = expected[stream].split("\n");
    const got = actual[stream].split("\n");
    let line = 0;
    while (wanted[line] === got[line]) line++;
    parts.push(`${stream}:${line + 1}: expected ${shown(wanted[line])}, got ${shown(got[line])}`);
  }
  if (expected.exit !== actual.exit) parts.push(`exit: expected ${expected.exit}, got ${actual.exit}`);
  return parts.length === 0 ? undefined : parts.join("\n");
}

function shown(line: string | undefined): string {
  return line === undefined ? "the end" : JSON.stringify(Buffer.from(line, "latin1").toString("utf8"));
}

/** The tail of a stream for a failure report. */
export function tail(text: string, lines = 15): string {
  return Buffer.from(text, "latin1").toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

/** Runs `work` on every item, `width` at a time, in order of start. */
export async function pool<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
