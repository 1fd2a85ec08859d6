/** The `j3` command: reads the command line, starts a VM, and gives its exit code. */
import { existsSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { planNamed } from "#heap";
import { Switches } from "#support";
import { Machine } from "#vm";
import { launcherTakesJar } from "./classpath/index.ts";
import { HostSignals } from "./host-signals.ts";
import { findJdkLibrary, type Main, type Options, parseCommandLine, parseRelease, versionText } from "./options.ts";
import type { GuestStart, RunOptions } from "./run-options.ts";
import type { SignalRequest } from "./vm/signals.ts";

const MIB = 1 << 20;
/** Without -Xmx: of each half. */
const DEFAULT_MAX_HEAP = 512 * MIB;
/** 4 GiB hold the two halves, non-moving memory, and a page at the end that nobody uses. */
const MAX_HALF = 1535 * MIB;
/** Non-moving memory: metadata, code, thread stacks, malloc. */
const FIXED_BYTES = 1024 * MIB;
/** Of the main thread; a frame of compiled code takes some 8 to 100 bytes of it. */
const DEFAULT_THREAD_STACK = 1 * MIB;
/** Of other threads: room for some 10,000 ordinary frames, and for thousands of threads in non-moving memory. */
const DEFAULT_OTHER_STACK = MIB / 4;

/** Exit code of a process that ends by SIGABRT, as HotSpot does when it crashes. */
const ABORTED = 134;

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function write(stream: "out" | "err", text: string): void {
  writeSync(stream === "out" ? 1 : 2, text);
}

/**
 * What is said when the VM itself fails. A trap of compiled code comes from class files that a verifier would have refused; anything else
 * is a bug of ours, and its trace is for whoever mends it.
 */
function failureReport(error: unknown): string {
  if (!(error instanceof Error)) return `J3 failed: ${String(error)}\n`;
  if (error.name !== "RuntimeError") return `J3 failed: ${error.stack ?? error.message}\n`;
  return `J3 failed: compiled code broke a rule of its class file's verification: ${error.message}\n`;
}

function mainName(main: Main): string {
  if (main.kind === "jar") return main.file;
  return "name" in main ? main.name : "";
}

/** What the java launcher says of a jar before it starts anything; undefined: it has a manifest. */
function jarProblem(file: string): string | undefined {
  if (!existsSync(file)) return `Error: Unable to access jarfile ${file}\n`;
  const isTaken = attempt(() => launcherTakesJar(file)) === true;
  return isTaken ? undefined : `Error: Invalid or corrupt jarfile ${file}\n`;
}

async function main(): Promise<number> {
  const launch = parseCommandLine(process.argv.slice(2), {
    env: process.env,
    readFile: (path) => attempt(() => readFileSync(path)),
    listFolder: (path) => attempt(() => readdirSync(path)),
  });
  for (const message of launch.messages) write(message.stream, message.text);
  if (launch.action !== "run" && launch.action !== "version") return launch.exitCode;
  const library = findJdkLibrary(process.env);
  if (library === undefined) {
    write("err", "Error: no Java 17 class library found. Set JAVA_HOME, or run: sh tools/setup.sh\n");
    return 1;
  }
  const version = launch.action === "version" ? launch.form : launch.showVersion;
  if (version !== undefined) {
    const release = parseRelease(readFileSync(`${library.home}/release`, "utf8"));
    write(version.stream, versionText(release, "0.1.0", version));
  }
  if (launch.action === "version") return 0;
  const { options } = launch;
  const problem = launch.main.kind === "jar" ? jarProblem(launch.main.file) : undefined;
  if (problem !== undefined) {
    write("err", problem);
    return 1;
  }
  const switches = Switches.parse(process.env);
  const run: RunOptions = {
    properties: [...options.properties],
    classPath: options.classPath,
    main: { kind: launch.main.kind, name: mainName(launch.main) },
    dryRun: options.dryRun,
    showSettings: options.showSettings ?? null,
    initialHeap: options.initialHeap ?? 0,
    bootClassPathAppend: options.bootClassPathAppend,
    args: launch.args,
    threadStack: options.threadStack ?? DEFAULT_THREAD_STACK,
    otherThreadStack: options.threadStack ?? DEFAULT_OTHER_STACK,
    maxHeap: options.maxHeap ?? DEFAULT_MAX_HEAP,
    eagerBoot: false,
    environment: Object.fromEntries(
      Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    switches: switches.text,
    assertions: [...options.assertions],
    systemAssertions: options.systemAssertions,
    verboseClass: options.verbose.has("class"),
  };
  return await start(run, options, library.home, switches);
}

async function start(run: RunOptions, options: Options, javaHome: string, switches: Switches): Promise<number> {
  const name = options.flags.get("UseEpsilonGC") === true ? "nogc" : "semispace";
  const plan = planNamed(name);
  if (plan === undefined) throw new Error(`the collector ${name} is missing`);
  // Two halves, each of the size that was asked for, as far as the address space goes.
  const half = Math.min(Math.ceil(run.maxHeap / MIB) * MIB, MAX_HALF);
  const guest: GuestStart = { options: run, javaHome };
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const machine = new Machine({
    vmThread: new URL("./vm-worker.ts", import.meta.url),
    carrier: new URL("./carrier-worker.ts", import.meta.url),
    carriers: 2,
    heapModule: new WebAssembly.Module(readFileSync(new URL("../../build/heap.wasm", import.meta.url))),
    memoryBytes: FIXED_BYTES + 2 * half,
    heap: {
      plan,
      fixedEnd: FIXED_BYTES,
      heapEnd: FIXED_BYTES + 2 * half,
      stress: switches.stress("gc"),
      check: switches.checks("heap"),
    },
    guest,
    ...(switches.stress("preempt") > 0 ? { timeSliceMilliseconds: 1 } : {}),
    failed: (error) => fail(error),
    message: (request) => signals.request(request as SignalRequest),
  });
  const signals = new HostSignals(machine.mem);
  return await Promise.race([machine.exited(), failed]);
}

try {
  process.exit(await main());
} catch (error) {
  write("err", failureReport(error));
  process.exit(ABORTED);
}
