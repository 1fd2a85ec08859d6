/**
 * The command line of `java` (JDK 17), read into data.
 *
 * Three stages, as in `java`, and errors come in their order: argument files and JDK_JAVA_OPTIONS are expanded; the launcher takes its own
 * options up to the main class; the machine reads the rest, after those of JAVA_TOOL_OPTIONS. Words follow `java` 17, exit codes too.
 */

import { splitArgumentFile, splitVariable } from "./argfile.ts";
import { classOperand } from "./class-operand.ts";
import { LOG_HELP } from "./log-options.ts";
import type { Launch, LaunchHost, Main, Options, Output, VersionForm } from "./types.ts";
import { extraUsage, usage } from "./usage.ts";
import type { VmSettings } from "./vm-options.ts";
import { cannotCreate, checkVmSettings, noSettings, readVmOptions } from "./vm-options.ts";

/** Thrown inside this file only: the launcher ends here with one line on standard error and exit code 1. */
class Refusal extends Error {}

/** Options whose value is the next argument, or what stands after `=` for those with two dashes. */
const valueOptions: Readonly<Record<string, "class path" | "path" | "modules" | "module" | "source">> = {
  "-cp": "class path",
  "-classpath": "class path",
  "--class-path": "class path",
  "-p": "path",
  "--module-path": "path",
  "--upgrade-module-path": "path",
  "--add-modules": "modules",
  "--limit-modules": "modules",
  "--add-exports": "modules",
  "--add-opens": "modules",
  "--add-reads": "modules",
  "--patch-module": "modules",
  "--enable-native-access": "modules",
  "-d": "module",
  "--describe-module": "module",
  "-m": "module",
  "--module": "module",
  "--source": "source",
};

const missing: Readonly<Record<string, string>> = {
  "class path": "requires class path specification",
  path: "requires module path specification",
  modules: "requires modules to be specified",
  module: "requires module name",
  source: "requires source version",
};

/** What JDK_JAVA_OPTIONS may not hold, because it ends the options or replaces the run. */
const notInVariable = new Set([
  ...["-jar", "-m", "--module", "--dry-run", "-h", "-?", "-help", "--help", "-X", "--help-extra"],
  ...["-version", "--version", "-fullversion", "--full-version"],
]);

/** Old spellings. */
const respelled: Readonly<Record<string, string>> = {
  "-verbosegc": "-verbose:gc",
  "-noclassgc": "-Xnoclassgc",
  "-debug": "-Xdebug",
  "-t": "-Xt",
  "-tm": "-Xtm",
};

interface LauncherState {
  classPath: string | undefined;
  jar: boolean;
  source: string | undefined;
  main: Main | undefined;
  version: VersionForm | undefined;
  showVersion: VersionForm | undefined;
  help: { readonly text: string; readonly stream: "out" | "err" } | undefined;
  diagnose: boolean;
  dryRun: boolean;
  internalVersion: boolean;
  showSettings: string | undefined;
  /** For the machine, in order. */
  readonly vmOptions: string[];
  /** The same with those of the environment's variables. */
  readonly vmArguments: string[];
}

/** Reads the arguments (without the program's own name). */
export function parseCommandLine(argv: readonly string[], host: LaunchHost): Launch {
  const messages: Output[] = [];
  const error = (text: string, stream: "out" | "err" = "err"): Launch => {
    messages.push({ stream, text });
    return { action: "error", exitCode: 1, messages };
  };
  const state: LauncherState = {
    classPath: undefined,
    jar: false,
    source: undefined,
    main: undefined,
    version: undefined,
    showVersion: undefined,
    help: undefined,
    diagnose: false,
    dryRun: false,
    internalVersion: false,
    showSettings: undefined,
    vmOptions: [],
    vmArguments: [],
  };
  let args: string[];
  try {
    const words = [...variableWords(host, messages), ...expandArgumentFiles(argv, host)];
    args = takeLauncherOptions(words, state);
  } catch (refusal) {
    if (refusal instanceof Refusal) return error(`Error: ${refusal.message}\n`);
    throw refusal;
  }
  if (
    state.jar &&
    args.length === 0 &&
    state.help === undefined &&
    state.version === undefined &&
    state.main === undefined
  ) {
    // Only a -jar that is the very last argument gets this line.
    if (argv.at(-1) === "-jar") messages.push({ stream: "err", text: "Error: -jar requires jar file specification\n" });
  }

  const settings = noSettings();
  if (!readMachineOptions(state, settings, host, messages)) return { action: "error", exitCode: 1, messages };
  if (settings.logHelp) {
    messages.push({ stream: "out", text: LOG_HELP });
    return { action: "help", exitCode: 0, messages };
  }
  if (state.internalVersion) return { action: "version", form: { stream: "out", full: false }, messages };
  if (!checkVmSettings(settings, messages)) return { action: "error", exitCode: 1, messages };

  if (state.version !== undefined) return { action: "version", form: state.version, messages };
  if (state.help !== undefined) {
    messages.push(state.help);
    return { action: "help", exitCode: 0, messages };
  }
  const run = chooseMain(state, settings, args, host);
  if (run === undefined) return error(usage);
  const options: Options = {
    ...settings,
    vmArguments: state.vmArguments,
    classPath: run.classPath,
    diagnose: state.diagnose,
    dryRun: state.dryRun,
    showSettings: state.showSettings,
  };
  return { action: "run", main: run.main, args: run.args, options, showVersion: state.showVersion, messages };
}

function variableWords(host: LaunchHost, messages: Output[]): string[] {
  const text = host.env["JDK_JAVA_OPTIONS"];
  if (text === undefined) return [];
  messages.push({ stream: "err", text: `NOTE: Picked up JDK_JAVA_OPTIONS: ${text}\n` });
  const split = splitVariable(text);
  if ("unmatchedQuote" in split) throw new Refusal("Unmatched quote in environment variable JDK_JAVA_OPTIONS");
  const words: string[] = [];
  let wantsValue = false;
  for (const word of split.words.flatMap((each) => argumentFile(each, host) ?? [each])) {
    const name = word.startsWith("--") ? (word.split("=", 1)[0] ?? word) : word;
    if (notInVariable.has(name)) {
      throw new Refusal(`Option ${word} is not allowed in environment variable JDK_JAVA_OPTIONS`);
    }
    if (!word.startsWith("-") && !wantsValue) {
      throw new Refusal("Cannot specify main class in environment variable JDK_JAVA_OPTIONS");
    }
    wantsValue = Object.hasOwn(valueOptions, word);
    words.push(word);
  }
  return words;
}

/** Replaces `@file` by the file's words, `@@x` by `@x`, up to the main class. */
function expandArgumentFiles(argv: readonly string[], host: LaunchHost): string[] {
  const words: string[] = [];
  let wantsValue = false;
  let expanding = true;
  for (const argument of argv) {
    for (const word of (expanding ? argumentFile(argument, host) : undefined) ?? [argument]) {
      words.push(word);
      if (!word.startsWith("-") && !wantsValue) expanding = false;
      wantsValue = Object.hasOwn(valueOptions, word);
      if (word === "-m" || word === "--module" || word.startsWith("--module=")) expanding = false;
    }
  }
  return words;
}

function argumentFile(argument: string, host: LaunchHost): string[] | undefined {
  if (!argument.startsWith("@") || argument === "@") return undefined;
  if (argument.startsWith("@@")) return [argument.slice(1)];
  const path = argument.slice(1);
  const bytes = host.readFile(path);
  if (bytes === undefined) throw new Refusal(`could not open \`${path}'`);
  return splitArgumentFile(new TextDecoder().decode(bytes));
}

/** Takes options off the front; what is left begins with the main class or the jar. */
function takeLauncherOptions(words: readonly string[], state: LauncherState): string[] {
  let at = 0;
  while (at < words.length && words[at]?.startsWith("-")) {
    const option = words[at++] as string;
    const equals = option.startsWith("--") ? option.indexOf("=") : -1;
    const name = equals < 0 ? option : option.slice(0, equals);
    const kind = Object.hasOwn(valueOptions, name) ? valueOptions[name] : undefined;
    if (kind !== undefined) {
      let value = equals < 0 ? undefined : option.slice(equals + 1);
      if (equals < 0 && at < words.length && !words[at]?.startsWith("-")) value = words[at++];
      if (takeValue(name, option, kind, value, state)) return words.slice(at);
    } else if (takeSimple(option, state)) return [];
  }
  return words.slice(at);
}

/** True when the option ends the options. */
function takeValue(
  name: string,
  option: string,
  kind: string,
  value: string | undefined,
  state: LauncherState,
): boolean {
  if (value === undefined) throw new Refusal(`${option} ${missing[kind]}`);
  const withEquals = option !== name;
  if (value === "" && (withEquals || name === "-m" || name === "--module")) {
    // `java` asks even for paths in these words when the value after = is empty.
    if (kind === "path" || (kind === "modules" && name !== "--add-opens"))
      throw new Refusal(`${option} requires modules to be specified`);
    if (kind === "source" || name === "-m" || name === "--module") throw new Refusal(`${option} ${missing[kind]}`);
  }
  if (kind === "class path") state.classPath = value;
  else if (kind === "path" || kind === "modules") {
    state.vmOptions.push(`${name === "-p" ? "--module-path" : name}=${value}`);
  } else if (kind === "source") state.source = value;
  else if (name === "-m" || name === "--module") {
    state.main = { kind: "module", name: value };
    return true;
  } else state.main = { kind: "describe-module", name: value };
  return false;
}

/** True when what follows is not read any more. */
function takeSimple(option: string, state: LauncherState): boolean {
  switch (option) {
    case "-jar":
      state.jar = true;
      return false;
    case "-version":
    case "-fullversion":
      state.version = { stream: "err", full: option === "-fullversion" };
      return true;
    case "--version":
    case "--full-version":
      state.version = { stream: "out", full: option === "--full-version" };
      return true;
    case "-showversion":
    case "--show-version":
      state.showVersion = { stream: option === "-showversion" ? "err" : "out", full: false };
      return false;
    case "-help":
    case "-h":
    case "-?":
    case "--help":
      state.help = { text: usage, stream: option === "--help" ? "out" : "err" };
      return true;
    case "-X":
    case "--help-extra":
      state.help = { text: extraUsage, stream: option === "-X" ? "err" : "out" };
      return true;
    case "--list-modules":
      state.main = { kind: "list-modules" };
      return false;
    case "--validate-modules":
      state.main = { kind: "validate-modules" };
      state.vmOptions.push("-Djdk.module.validation=true");
      return false;
    case "--show-module-resolution":
      state.vmOptions.push("-Djdk.module.showModuleResolution=true");
      return false;
    case "--dry-run":
      state.dryRun = true;
      return false;
    case "-Xdiag":
      state.diagnose = true;
      return false;
    case "-Xinternalversion":
      state.internalVersion = true;
      state.vmOptions.push(option);
      return false;
    case "-native":
      return false;
  }
  if (option === "-XshowSettings" || option.startsWith("-XshowSettings:")) {
    state.showSettings = option.slice("-XshowSettings:".length) || "all";
  } else if (option.startsWith("-splash:")) return false;
  else if (/^-(ms|mx|ss|oss)/.test(option)) state.vmOptions.push(`-X${option.slice(1)}`);
  else state.vmOptions.push(respelled[option] ?? option);
  return false;
}

/** The machine's options: JAVA_TOOL_OPTIONS, the command line, _JAVA_OPTIONS. False when one was refused. */
function readMachineOptions(state: LauncherState, settings: VmSettings, host: LaunchHost, messages: Output[]): boolean {
  const fromVariable = (name: string): readonly string[] | undefined => {
    const text = host.env[name];
    if (text === undefined) return [];
    messages.push({ stream: "err", text: `Picked up ${name}: ${text}\n` });
    const split = splitVariable(text);
    if ("words" in split) return split.words;
    messages.push({ stream: "err", text: `Unmatched quote in ${name}\n${cannotCreate}` });
    return undefined;
  };
  const before = fromVariable("JAVA_TOOL_OPTIONS");
  const after = before && fromVariable("_JAVA_OPTIONS");
  if (before === undefined || after === undefined) return false;
  const all = [...before, ...state.vmOptions, ...after];
  state.vmArguments.push(...all);
  const ignoreUnknown = all.lastIndexOf("-XX:+IgnoreUnrecognizedVMOptions");
  const ignore = ignoreUnknown > all.lastIndexOf("-XX:-IgnoreUnrecognizedVMOptions");
  return readVmOptions(all, settings, messages, ignore);
}

interface Chosen {
  readonly main: Main;
  readonly args: readonly string[];
  readonly classPath: string;
}

/** What runs, on which class path; sets the launcher's own properties. Undefined when there is nothing to run. */
function chooseMain(
  state: LauncherState,
  settings: VmSettings,
  words: readonly string[],
  host: LaunchHost,
): Chosen | undefined {
  const given = state.classPath ?? host.env["CLASSPATH"];
  const chosen =
    state.main === undefined ? chooseOperand(state, settings, words, host) : { main: state.main, args: words };
  if (chosen === undefined) return undefined;
  const { main, args } = chosen;

  let classPath = given === undefined ? undefined : expandWildcards(given, host);
  // -Djava.class.path works where no option or variable says otherwise.
  classPath ??= settings.properties.get("java.class.path");
  if (main.kind === "jar") classPath = main.file;
  else if (chosen.folder !== undefined) classPath = given ? `${chosen.folder}:${classPath}` : chosen.folder;
  else classPath ??= main.kind === "class" || (chosen.isSource && state.source === undefined) ? "." : "";

  const { properties } = settings;
  properties.set("java.class.path", classPath);
  if (main.kind === "module") {
    const slash = main.name.indexOf("/");
    properties.set("jdk.module.main", slash < 0 ? main.name : main.name.slice(0, slash));
    if (slash >= 0) properties.set("jdk.module.main.class", main.name.slice(slash + 1));
  }
  if (main.kind === "class" || main.kind === "jar" || main.kind === "module") {
    const name = main.kind === "jar" ? main.file : main.name;
    properties.set("sun.java.command", [name, ...args].join(" "));
  }
  properties.set("sun.java.launcher", "SUN_STANDARD");
  if (state.diagnose) properties.set("sun.java.launcher.diag", "true");
  return { main, args, classPath };
}

interface Operand {
  readonly main: Main;
  readonly args: readonly string[];
  readonly folder?: string;
  readonly isSource?: boolean;
}

function chooseOperand(
  state: LauncherState,
  settings: VmSettings,
  words: readonly string[],
  host: LaunchHost,
): Operand | undefined {
  const [operand, ...args] = words;
  if (operand === undefined) return undefined;
  if (state.jar) return { main: { kind: "jar", file: operand }, args };
  if (state.source !== undefined || (operand.endsWith(".java") && host.readFile(operand) !== undefined)) {
    if (state.source !== undefined) settings.properties.set("jdk.internal.javac.source", state.source);
    if (![...settings.properties.keys()].some((name) => name.startsWith("jdk.module.addmods."))) {
      settings.properties.set("jdk.module.addmods.0", "ALL-DEFAULT");
    }
    return {
      main: { kind: "module", name: "jdk.compiler/com.sun.tools.javac.launcher.Main" },
      args: [operand, ...args],
      isSource: true,
    };
  }
  if (operand.endsWith(".class")) {
    // not in `java`: the path of a class file
    const bytes = host.readFile(operand);
    if (bytes !== undefined) {
      const found = classOperand(operand, bytes);
      return { main: { kind: "class", name: found.name }, args, folder: found.folder };
    }
  }
  return { main: { kind: "class", name: operand }, args };
}

/** An entry that is `*` or ends in `/*` stands for the jars of its folder. */
function expandWildcards(classPath: string, host: LaunchHost): string {
  return classPath
    .split(":")
    .flatMap((entry) => {
      if (entry !== "*" && !entry.endsWith("/*")) return [entry];
      const folder = entry.slice(0, -1);
      const names = host.listFolder(folder === "" ? "." : folder) ?? [];
      const jars = names.filter((name) => /\.(jar|JAR)$/.test(name)).sort();
      return jars.length === 0 ? [entry] : jars.map((name) => folder + name);
    })
    .join(":");
}
