/** From a command line to a VM that runs it. Nothing here belongs to the process: a process may start many, one after the other or at once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { planNamed } from "#heap";
import { type LogPlan, openLog } from "#log";
import { BadInput, Switches } from "#support";
import { mostHeapBytes, VirtualMachine, type VmLog } from "#vm";
import { launcherTakesJar } from "./classpath/index.ts";
import { HostSignals } from "./host-signals.ts";
import {
  cannotCreate,
  findJdkLibrary,
  type HeapChoice,
  heapChoice,
  hotAfter,
  type Launch,
  logLine,
  type Main,
  type Options,
  type Output,
  parseCommandLine,
  parseRelease,
  versionText,
  vmName,
} from "./options.ts";
import type { GuestStart, RunOptions } from "./run-options.ts";
import { COLLECTION_CAUSES } from "./runtime/collection-record.ts";
import { shadowStackBytes } from "./runtime/stack-sizes.ts";
import type { SignalRequest } from "./vm/signals.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface J3Options {
  /** As of the `java` command: options, the main class or -jar and its file, the program's arguments. */
  readonly args: readonly string[];
  /** JAVA_HOME, JDK_JAVA_OPTIONS and the VM_* switches; what System.getenv gives. Default: the process's. */
  readonly env?: Environment;
  /**
   * The process's signals are the program's: it may handle them, and one that it raises and does not handle ends the process. Default
   * false: none reach the program, and one that it raises and does not handle ends the VM with 128 and the signal's number.
   */
  readonly signals?: boolean;
}

/** What a command line asks for, as far as it can be told before anything starts. */
export type J3Command =
  /** Nothing is to be run; the messages say it all. */
  | { readonly action: "done"; readonly messages: readonly Output[]; readonly exitCode: number }
  | {
      readonly action: "run";
      readonly messages: readonly Output[];
      readonly run: RunOptions;
      readonly javaHome: string;
      readonly heap: HeapChoice & { readonly plan: string };
      readonly switches: Switches;
      readonly log: VmLog | undefined;
    };

const MIB = 1 << 20;
/** All of linear memory, without the last MiB, in which a page is used by nobody. */
const ADDRESS_SPACE = 4095 * MIB;
/** Non-moving memory: metadata, code, thread stacks, malloc. A heap that needs the address space may have a half of it. */
const FIXED_BYTES = 1024 * MIB;
const LEAST_FIXED_BYTES = FIXED_BYTES / 2;
const DEFAULT_PLAN = "semispace";
/** What `java` gives a thread. */
const DEFAULT_THREAD_STACK = 1 * MIB;
/** Shadow stack of the main thread, of which there is one: four times as much. A frame of compiled code takes some 8 to 100 bytes of it. */
const DEFAULT_MAIN_STACK = 1 * MIB;

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
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

/** Reads a command line, the JDK's release file and the files that the command line names. */
export function readCommand(options: J3Options): J3Command {
  const started = process.hrtime.bigint();
  const env = options.env ?? process.env;
  const launch = parseCommandLine(options.args, {
    env,
    readFile: (path) => attempt(() => readFileSync(path)),
    listFolder: (path) => attempt(() => readdirSync(path)),
  });
  const messages: Output[] = [...launch.messages];
  const done = (exitCode: number, text?: string): J3Command => {
    if (text !== undefined) messages.push({ stream: "err", text });
    return { action: "done", messages, exitCode };
  };
  if (launch.action !== "run" && launch.action !== "version") return done(launch.exitCode);
  const library = findJdkLibrary(env);
  if (library === undefined)
    return done(1, "Error: no Java 17 class library found. Set JAVA_HOME, or run: sh tools/setup.sh\n");
  const log =
    launch.action === "run" && launch.options.logging.isUsed ? openLog(launch.options.logging, started) : undefined;
  if (log !== undefined && "refused" in log) {
    messages.push({ stream: "out", text: logLine("error", "logging", log.refused) });
    return done(1, `Invalid -Xlog option '-Xlog:${log.request}', see error log for details.\n${cannotCreate}`);
  }
  const version = launch.action === "version" ? launch.form : launch.showVersion;
  if (version !== undefined) {
    const release = parseRelease(readFileSync(`${library.home}/release`, "utf8"));
    messages.push({ stream: version.stream, text: versionText(release, "0.1.0", version) });
  }
  if (launch.action === "version") return done(0);
  const problem = launch.main.kind === "jar" ? jarProblem(launch.main.file) : undefined;
  if (problem !== undefined) return done(1, problem);
  const switches = Switches.parse(env);
  const choice = heapChoice(launch.options, machineBytes());
  if (choice.minBytes > machineBytes()) {
    messages.push({ stream: "out", text: insufficientMemory(choice.minBytes) });
    return done(1);
  }
  return {
    action: "run",
    messages,
    run: runOptions(launch, env, switches, options.signals ?? false, started, choice),
    javaHome: library.home,
    heap: { ...choice, plan: choice.plan ?? DEFAULT_PLAN },
    switches,
    log: log && vmLog(log, readFileSync(`${library.home}/release`, "utf8")),
  };
}

/** What java says when it does not get the memory that -Xms asks for; it also writes a file, which we do not. */
function insufficientMemory(bytes: number): string {
  return (
    "#\n# There is insufficient memory for the Java Runtime Environment to continue.\n" +
    `# Native memory allocation (mmap) failed to map ${bytes} bytes. Error detail: committing reserved memory.\n`
  );
}

/** Memory that the process may use at most. */
function machineBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function vmLog(plan: LogPlan, release: string): VmLog {
  return {
    plan,
    collections: COLLECTION_CAUSES,
    facts: [["Version", `${parseRelease(release).version} (${vmName})`]],
  };
}

function runOptions(
  launch: Launch & { readonly action: "run"; readonly options: Options },
  env: Environment,
  switches: Switches,
  signals: boolean,
  started: bigint,
  heap: HeapChoice,
): RunOptions {
  const { options } = launch;
  return {
    properties: [...options.properties],
    classPath: options.classPath,
    main: { kind: launch.main.kind, name: mainName(launch.main) },
    dryRun: options.dryRun,
    showSettings: options.showSettings ?? null,
    initialHeap: options.initialHeap ?? 0,
    softMilliseconds: heap.softMillisecondsPerMegabyte,
    bootClassPathAppend: options.bootClassPathAppend,
    args: launch.args,
    threadStack: options.threadStack || DEFAULT_THREAD_STACK,
    mainStack: options.threadStack ? shadowStackBytes(options.threadStack) : DEFAULT_MAIN_STACK,
    otherStack: shadowStackBytes(options.threadStack || DEFAULT_THREAD_STACK),
    maxHeap: options.maxHeap ?? 0,
    eagerBoot: false,
    interprets: options.mode === "int",
    hotAfter: hotAfter(options.flags),
    environment: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    switches: switches.text,
    assertions: [...options.assertions],
    systemAssertions: options.systemAssertions,
    dumpsThreads: options.flags.get("ReduceSignalUsage") !== true,
    printConcurrentLocks: options.flags.get("PrintConcurrentLocks") === true,
    started,
    vmArguments: options.vmArguments,
    flags: Object.fromEntries(options.flags),
    ownsProcess: signals,
  };
}

/** Starts a VM for a command that runs something. */
export function runCommand(command: J3Command & { readonly action: "run" }): VirtualMachine {
  const { heap } = command;
  // As much as was asked for, as far as the address space goes.
  const share = planNamed(heap.plan)!.usable;
  const wanted = Math.ceil(heap.maxBytes / share);
  const fixedBytes = Math.min(FIXED_BYTES, Math.max(LEAST_FIXED_BYTES, ADDRESS_SPACE - wanted));
  const most = mostHeapBytes(planNamed(heap.plan)!, fixedBytes);
  const start: GuestStart = { options: command.run, javaHome: command.javaHome };
  const vm = VirtualMachine.start<GuestStart>({
    guest: new URL("./guest.ts", import.meta.url),
    data: start,
    plan: heap.plan,
    maxHeapBytes: Math.min(heap.maxBytes, most),
    minHeapBytes: heap.minBytes,
    triggerBytes: heap.triggerBytes,
    youngBytes: heap.youngBytes,
    survivorRatio: heap.survivorRatio,
    minFreePercent: heap.minFreePercent,
    maxFreePercent: heap.maxFreePercent,
    promotesAtOnce: heap.promotesAtOnce,
    ...(heap.collectors === undefined ? {} : { collectors: heap.collectors }),
    fixedBytes,
    switches: command.switches,
    ...(command.log === undefined ? {} : { log: command.log }),
    message: (request) => signals?.request(request as SignalRequest),
  });
  const signals = command.run.ownsProcess ? new HostSignals(vm, command.run.dumpsThreads) : undefined;
  const end = (): void => signals?.end();
  vm.exited().then(end, end);
  return vm;
}

/**
 * Starts a Java virtual machine for a command line. `exited()` gives what `java` exits with. The program's standard streams are the
 * process's descriptors 0, 1 and 2. Throws BadInput when the command line runs nothing: because it is wrong, or asks for help or the version.
 */
export function startJ3(options: J3Options): VirtualMachine {
  const command = readCommand(options);
  if (command.action === "run") return runCommand(command);
  const found = command.messages.map((message) => message.text.trim()).join("\n");
  throw new BadInput({ file: "j3", expected: "a command line that runs a program", found });
}
