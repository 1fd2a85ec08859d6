/** The options that the virtual machine itself understands, after the launcher has taken its own out. */

import { PLANS, planNamed } from "#heap";
import type { LogConfiguration } from "#log";
import { heapProblem } from "./heap-flags.ts";
import { javaLog, logLine } from "./log-options.ts";
import type { AssertionRule, Output, VerboseTopic } from "./types.ts";
import { type FlagSpec, parseSize, vmFlags } from "./vm-flags.ts";

/** The name before warnings, and the value of `java.vm.name`. */
export const vmName = "VMKit J3";

/** What the options say, filled in while they are read. */
export interface VmSettings {
  readonly properties: Map<string, string>;
  readonly bootClassPathAppend: string[];
  collector: string | undefined;
  maxHeap: number | undefined;
  initialHeap: number | undefined;
  threadStack: number | undefined;
  readonly flags: Map<string, boolean | number | string>;
  readonly assertions: AssertionRule[];
  systemAssertions: boolean;
  readonly verbose: Set<VerboseTopic>;
  readonly logging: LogConfiguration;
  /** -Xlog:help. */
  logHelp: boolean;
  mode: "mixed" | "int" | "comp";
  verify: "all" | "remote" | "none";
  enablePreview: boolean;
}

export function noSettings(): VmSettings {
  return {
    properties: new Map(),
    bootClassPathAppend: [],
    collector: undefined,
    maxHeap: undefined,
    initialHeap: undefined,
    threadStack: undefined,
    flags: new Map(),
    assertions: [],
    systemAssertions: false,
    verbose: new Set(),
    logging: javaLog(),
    logHelp: false,
    mode: "mixed",
    verify: "remote",
    enablePreview: false,
  };
}

/** What `java` says after an option was refused. */
export const cannotCreate =
  "Error: Could not create the Java Virtual Machine.\nError: A fatal exception has occurred. Program will exit.\n";

const initializationError = "Error occurred during initialization of VM\n";
const minThreadStack = 136 * 1024;
const maxThreadStack = 1024 ** 3;

/** Options of other machines that mean nothing here. */
const taken = new Set([
  "-Xbatch",
  "-Xcheck:jni",
  "-Xdebug",
  "-Xnoclassgc",
  "-Xshare:auto",
  "-Xshare:off",
  "-Xshare:on",
  "-Xinternalversion",
  "-client",
  "-server",
]);

/** Options with a module argument, and the property that carries each. A `#` stands for a running number. */
const moduleProperties: Readonly<Record<string, string>> = {
  "--module-path": "jdk.module.path",
  "--upgrade-module-path": "jdk.module.upgrade.path",
  "--limit-modules": "jdk.module.limitmods",
  "--add-modules": "jdk.module.addmods.#",
  "--add-exports": "jdk.module.addexports.#",
  "--add-opens": "jdk.module.addopens.#",
  "--add-reads": "jdk.module.addreads.#",
  "--enable-native-access": "jdk.module.enable.native.access.#",
};

/** `jdk.module.*` properties that only options may set. */
const reserved =
  /^jdk\.module\.(path|upgrade\.path|limitmods|(addmods|addexports|addopens|addreads|patch|enable\.native\.access)(\..*)?)$/;

/** Thrown inside this file only: the option was refused with these messages. */
class Refusal extends Error {
  readonly outputs: readonly Output[];

  constructor(...outputs: readonly Output[]) {
    super("refused");
    this.outputs = outputs;
  }
}

const err = (text: string): Output => ({ stream: "err", text });
const out = (text: string): Output => ({ stream: "out", text });
const warn = (text: string): Output => err(`${vmName} warning: ${text}\n`);

/**
 * Reads the options in order into the settings. Warnings go to `messages`; when an option is refused, so does what `java` says then, and the
 * result is false.
 *
 * @param ignoreUnknown whether unknown options are to be skipped (-XX:+IgnoreUnrecognizedVMOptions)
 */
export function readVmOptions(
  options: readonly string[],
  settings: VmSettings,
  messages: Output[],
  ignoreUnknown: boolean,
): boolean {
  try {
    for (const option of options) readOption(option, settings, messages, ignoreUnknown);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    messages.push(...error.outputs);
    return false;
  }
}

/** What can only be said when all options are known. True when they fit together. */
export function checkVmSettings(settings: VmSettings, messages: Output[]): boolean {
  const { threadStack } = settings;
  const problem = heapProblem(settings, cannotCreate);
  if (threadStack !== undefined && threadStack !== 0 && threadStack < minThreadStack) {
    const text = `\nThe Java thread stack size specified is too small. Specify at least ${minThreadStack / 1024}k\n`;
    messages.push(out(text), err(cannotCreate));
    return false;
  }
  messages.push(...(problem ?? []));
  return problem === undefined;
}

function readOption(option: string, settings: VmSettings, messages: Output[], ignoreUnknown: boolean): void {
  if (option.startsWith("-D")) return readProperty(option.slice(2), settings, messages);
  if (option.startsWith("-XX:")) return readFlag(option.slice(4), option, settings, messages, ignoreUnknown);
  if (option.startsWith("--")) {
    if (option.startsWith("--gc=")) return readCollector(option.slice(5), settings);
    if (readModuleOption(option, settings, messages)) return;
  } else if (option.startsWith("-X")) {
    if (readExtra(option, settings, messages)) return;
  } else if (readAssertion(option, settings)) return;
  else if (option.startsWith("-verbose")) {
    if (readVerbose(option.slice(8), settings)) return;
  } else if (option.startsWith("-agent") || option.startsWith("-javaagent:")) {
    if (refuseAgent(option)) return;
  } else if (option === "-noverify") {
    return readVerify("none", option, settings, messages);
  }
  if (option === "-Xrs") return void settings.flags.set("ReduceSignalUsage", true);
  if (taken.has(option) || ignoreUnknown) return;
  throw new Refusal(err(`Unrecognized option: ${option}\n${cannotCreate}`));
}

/** An option of our own. It goes before the flags that choose a collector of another machine. */
function readCollector(name: string, settings: VmSettings): void {
  if (planNamed(name) === undefined) {
    const names = PLANS.map((plan) => plan.name).join(", ");
    throw new Refusal(out(`${initializationError}Unknown garbage collector '${name}': there are ${names}\n`));
  }
  settings.collector = name;
}

function readProperty(definition: string, settings: VmSettings, messages: Output[]): void {
  const equals = definition.indexOf("=");
  const name = equals < 0 ? definition : definition.slice(0, equals);
  if (reserved.test(name)) {
    messages.push(
      warn(
        "Ignoring system property options whose names match the '-Djdk.module.*'. " +
          "names that are reserved for internal use.",
      ),
    );
    return;
  }
  settings.properties.set(name, equals < 0 ? "" : definition.slice(equals + 1));
}

function readModuleOption(option: string, settings: VmSettings, messages: Output[]): boolean {
  if (option === "--enable-preview") {
    settings.enablePreview = true;
    return true;
  }
  const equals = option.indexOf("=");
  if (equals < 0) return false;
  const name = option.slice(0, equals);
  const value = option.slice(equals + 1);
  if (name === "--illegal-access") {
    messages.push(warn(`Ignoring option ${option}; support was removed in 17.0`));
    return true;
  }
  if (name === "--patch-module") {
    if (!value.includes("=")) {
      throw new Refusal(out("Missing '=' in --patch-module specification\n"), err(cannotCreate));
    }
    const module = value.slice(0, value.indexOf("="));
    const values = [...settings.properties].filter(([key]) => key.startsWith("jdk.module.patch."));
    if (values.some(([, patch]) => patch.startsWith(`${module}=`))) {
      const text = `Cannot specify ${module} more than once to --patch-module\n`;
      throw new Refusal(out(initializationError + text));
    }
    settings.properties.set(`jdk.module.patch.${values.length}`, value);
    return true;
  }
  const property = moduleProperties[name];
  if (property === undefined) return false;
  let number = 0;
  if (property.endsWith("#")) while (settings.properties.has(property.replace("#", String(number)))) number += 1;
  settings.properties.set(property.replace("#", String(number)), value);
  return true;
}

function readExtra(option: string, settings: VmSettings, messages: Output[]): boolean {
  const size = /^-X(mx|ms|mn|ss)(.*)$/s.exec(option);
  if (size !== null) {
    const amount = size[2] ?? "";
    if (size[1] === "mx") settings.maxHeap = sizeOf("maximum heap", amount, option, 1);
    else if (size[1] === "ms") {
      settings.initialHeap = sizeOf("initial heap", amount, option, 0);
      settings.flags.set("MinHeapSize", settings.initialHeap);
    } else if (size[1] === "mn") {
      const young = sizeOf("initial young generation", amount, option, 1);
      settings.flags.set("NewSize", young).set("MaxNewSize", young);
    } else settings.threadStack = sizeOf("thread stack", amount, option, 0, maxThreadStack);
    return true;
  }
  if (option === "-Xint" || option === "-Xcomp" || option === "-Xmixed") {
    settings.mode = option.slice(2) as VmSettings["mode"];
    return true;
  }
  if (option === "-Xlog" || option.startsWith("-Xlog:")) {
    readLog(option.slice(6), option, settings, messages);
    return true;
  }
  if (option.startsWith("-Xlog")) {
    if (option.startsWith("-Xloggc:")) {
      const name = option.slice(8);
      messages.push(out(logLine("warning", "gc", `-Xloggc is deprecated. Will use -Xlog:gc:${name} instead.`)));
      readLog(`gc:"${name}"`, option, settings, messages);
      return true;
    }
    throw new Refusal(err(`Invalid -Xlog option '${option}', see error log for details.\n${cannotCreate}`));
  }
  if (option.startsWith("-Xbootclasspath/a:")) {
    settings.bootClassPathAppend.push(...option.slice(18).split(":"));
    return true;
  }
  if (option.startsWith("-Xbootclasspath/p:") || option.startsWith("-Xbootclasspath:")) {
    const name = option.slice(0, option.indexOf(":"));
    throw new Refusal(out(`${name} is no longer a supported option.\n`), err(cannotCreate));
  }
  if (option === "-Xverify" || option.startsWith("-Xverify:")) {
    readVerify(option.slice(9), option, settings, messages);
    return true;
  }
  if (option.startsWith("-Xcheck:") && option !== "-Xcheck:jni") {
    throw new Refusal(err(`Unrecognized check option: ${option}\n${cannotCreate}`));
  }
  if (option === "-Xfuture") {
    messages.push(err("Warning: -Xfuture option is deprecated and may be removed in a future release.\n"));
    return true;
  }
  if (option.startsWith("-Xrun")) return refuseAgent(`-agentlib:${option.slice(5)}`);
  return false;
}

function readLog(request: string, option: string, settings: VmSettings, messages: Output[]): void {
  if (request === "help") {
    settings.logHelp = true;
    return;
  }
  const { refused, warnings } = settings.logging.add(request);
  for (const warning of warnings)
    messages.push(out(logLine("warning", "logging", warning.replace("excess options", "excess -Xlog options"))));
  if (refused === undefined) return;
  const text = `Invalid -Xlog option '${option}', see error log for details.\n${cannotCreate}`;
  throw new Refusal(out(logLine("error", "logging", refused)), err(text));
}

function sizeOf(what: string, amount: string, option: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const bytes = parseSize(amount);
  if (bytes !== undefined && bytes >= least && bytes <= most) return bytes;
  const tooLarge =
    bytes !== undefined && bytes > most ? "The specified size exceeds the maximum representable size.\n" : "";
  throw new Refusal(err(`Invalid ${what} size: ${option}\n${tooLarge}${cannotCreate}`));
}

function readVerify(kind: string, option: string, settings: VmSettings, messages: Output[]): void {
  if (kind === "" || kind === "remote") settings.verify = "remote";
  else if (kind === "all") settings.verify = "all";
  else if (kind === "none") {
    settings.verify = "none";
    const text = "were deprecated in JDK 13 and will likely be removed in a future release.";
    messages.push(warn(`Options -Xverify:none and -noverify ${text}`));
  } else throw new Refusal(err(`Unrecognized verification option: ${option}\n${cannotCreate}`));
}

function readVerbose(rest: string, settings: VmSettings): boolean {
  if (rest !== "" && !rest.startsWith(":")) return false;
  // As `java` does it: unknown topics are not an error.
  for (const topic of rest === "" ? ["class"] : [rest.slice(1)]) {
    if (topic === "class" || topic === "module" || topic === "gc" || topic === "jni") settings.verbose.add(topic);
    if (topic === "gc") settings.logging.add("gc");
    else if (topic === "class") settings.logging.add("class+load,class+unload");
  }
  return true;
}

function readAssertion(option: string, settings: VmSettings): boolean {
  if (/^-(esa|enablesystemassertions|dsa|disablesystemassertions)$/.test(option)) {
    settings.systemAssertions = option.startsWith("-e");
    return true;
  }
  const match = /^-(ea|enableassertions|da|disableassertions)(?::(.*))?$/.exec(option);
  if (match === null) return false;
  const enabled = (match[1] ?? "").startsWith("e");
  const what = (match[2] ?? "").replaceAll("/", ".");
  if (match[2] === undefined) settings.assertions.push({ enabled, kind: "default", name: "" });
  else if (what.endsWith("...")) settings.assertions.push({ enabled, kind: "package", name: what.slice(0, -3) });
  else if (what !== "") settings.assertions.push({ enabled, kind: "class", name: what });
  return true;
}

function refuseAgent(option: string): boolean {
  const match = /^-(agentlib|agentpath|javaagent):([^=]*)/.exec(option);
  if (match === null) return false;
  const place = match[1] === "agentpath" ? "in absolute path" : "on the library path";
  const name = match[1] === "javaagent" ? "instrument" : match[2];
  const text = `Could not find agent library ${name} ${place}, with error: this machine has no agents\n`;
  throw new Refusal(out(initializationError + text));
}

function readFlag(
  flag: string,
  option: string,
  settings: VmSettings,
  messages: Output[],
  ignoreUnknown: boolean,
): void {
  const sign = /^[+-]/.exec(flag)?.[0];
  const body = sign === undefined ? flag : flag.slice(1);
  const equals = body.indexOf("=");
  const name = equals < 0 ? body : body.slice(0, equals);
  const value = equals < 0 ? undefined : body.slice(equals + 1);
  const refuse = (message: string): never => {
    throw new Refusal(err(`${message}\n${cannotCreate}`));
  };
  if (name === "Flags" && value !== undefined) refuse(`Could not open settings file ${value}`);
  const spec = Object.hasOwn(vmFlags, name) ? vmFlags[name] : undefined;
  if (spec === undefined) {
    if (ignoreUnknown) return;
    return refuse(`Unrecognized VM option '${body}'`);
  }
  if (spec.locked !== undefined) {
    const unlock = spec.locked === "diagnostic" ? "UnlockDiagnosticVMOptions" : "UnlockExperimentalVMOptions";
    if (settings.flags.get(unlock) !== true) {
      refuse(
        `Error: VM option '${name}' is ${spec.locked} and must be enabled via -XX:+${unlock}.\n` +
          `Error: The unlock option must precede '${name}'.`,
      );
    }
  }
  const improper = `Improperly specified VM option '${body}'`;
  if (spec.kind === "bool") {
    if (sign === undefined) refuse(`Missing +/- setting for VM option '${body}'`);
    if (value !== undefined) refuse(improper);
    settings.flags.set(name, sign === "+");
    const log = name === "PrintGC" ? "gc" : name === "PrintGCDetails" ? "gc*" : undefined;
    if (log !== undefined && sign === "+") {
      const text = `-XX:+${name} is deprecated. Will use -Xlog:${log} instead.`;
      messages.push(out(logLine("warning", "gc", text)));
      settings.logging.add(log);
    }
    return;
  }
  if (sign !== undefined) refuse(`Unexpected +/- setting in VM option '${body}'`);
  if (value === undefined) return refuse(improper);
  if (spec.kind === "text") {
    settings.flags.set(name, value);
    return;
  }
  if (name === "MaxHeapSize") {
    settings.maxHeap = sizeOf("maximum heap", value, option, 1);
    return;
  }
  if (spec.kind === "double") {
    if (!/^[0-9]+(\.[0-9]*)?$/.test(value)) refuse(improper);
    checkRange(Number(value), Number(value).toFixed(6));
    settings.flags.set(name, Number(value));
    return;
  }
  const isSigned = spec.type === undefined || spec.type === "intx" || spec.type === "int";
  const minus = isSigned && value.startsWith("-");
  const number = (parseSize(minus ? value.slice(1) : value) ?? refuse(improper)) * (minus ? -1 : 1);
  checkRange(number, String(number));
  settings.flags.set(name, number);
  if (name === "InitialHeapSize") settings.initialHeap = number;
  if (name === "ThreadStackSize") settings.threadStack = number * 1024;

  function checkRange(number: number, text: string): void {
    if (spec === undefined) return;
    const { range = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] } = spec;
    if (number >= range[0] && number <= range[1]) return;
    const line = `${typeOf(spec)} ${name}=${text} is outside the allowed range [ ${rangeOf(spec, range)} ]`;
    refuse(spec.saysLittle === true ? line : `${line}\n${improper}`);
  }
}

function typeOf(spec: FlagSpec): string {
  return spec.type ?? (spec.kind === "double" ? "double" : "intx");
}

function rangeOf(spec: FlagSpec, range: readonly [number, number | bigint]): string {
  return range.map((limit) => (spec.kind === "double" ? Number(limit).toFixed(6) : String(limit))).join(" ... ");
}
