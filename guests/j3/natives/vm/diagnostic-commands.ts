/** com.sun.management:type=DiagnosticCommand: what `jcmd` asks of a VM, as far as there is an answer. */
import { heapLines } from "#log";
import { GuestThrow } from "../../link/index.ts";
import { vmName } from "../../options.ts";
import type { J3Steps } from "../../vm/effects.ts";
import { histogramText } from "../../vm/heap-reports.ts";
import type { J3 } from "../../vm/j3.ts";
import { threadDump } from "../../vm/thread-dump.ts";
import type { VmNatives } from "../types.ts";
import { collect } from "./system.ts";

const INTERNAL = "com/sun/management/internal/";
const INFO = `${INTERNAL}DiagnosticCommandInfo`;
const ARGUMENT = `${INTERNAL}DiagnosticCommandArgumentInfo`;
const STRING = "Ljava/lang/String;";

interface Command {
  readonly says: string;
  /** How much it holds the program up. */
  readonly impact: "Low" | "Medium" | "High";
  /** An option that programs pass and that changes nothing here. */
  readonly option?: string;
  readonly run: (j: J3) => string;
}

const illegal = (text: string): GuestThrow =>
  new GuestThrow({ className: "java/lang/IllegalArgumentException", detail: text });

const uptime = (j: J3): string => `${(Number(process.hrtime.bigint() - j.options.started) / 1e9).toFixed(3)} s\n`;
const flags = (j: J3): string =>
  j.flags.names
    .map((name) => j.flags.get(name)!)
    .filter(({ origin }) => origin !== "DEFAULT")
    .map(({ name, value }) => (typeof value === "boolean" ? `-XX:${value ? "+" : "-"}${name}` : `-XX:${name}=${value}`))
    .join(" ");

const COMMANDS: Readonly<Record<string, Command>> = {
  "GC.class_histogram": {
    says: "Live objects by class.",
    impact: "High",
    option: "-all",
    run: (j) => histogramText(j),
  },
  "GC.heap_info": {
    says: "How full the parts of the heap are.",
    impact: "Low",
    run: (j) => heapLines(j.heap).join("\n") + "\n",
  },
  "GC.run": {
    says: "Call java.lang.System.gc().",
    impact: "Medium",
    run: (j) => {
      collect(j);
      return "";
    },
  },
  "Thread.print": { says: "All threads with their stacks.", impact: "Medium", option: "-l", run: (j) => threadDump(j) },
  "VM.flags": { says: "The -XX flags that were given.", impact: "Low", option: "-all", run: (j) => `${flags(j)}\n` },
  "VM.uptime": { says: "Time since the VM began.", impact: "Low", option: "-date", run: uptime },
  "VM.version": { says: "What this VM is.", impact: "Low", run: () => `${vmName} version 0.1.0\n` },
  help: {
    says: "Which commands there are.",
    impact: "Low",
    option: "-all",
    run: () => `The following commands are available:\n${names.join("\n")}\n`,
  },
};
const names = Object.keys(COMMANDS).sort();

function* infos(j: J3, asked: number): J3Steps<number> {
  const { objects, world } = j;
  const made: number[] = [];
  for (let i = 0; i < objects.length(asked); i++) {
    const name = objects.text(objects.elementHandle(asked, i));
    const command = COMMANDS[name];
    if (command === undefined) throw illegal(`Unknown diagnostic command: ${name}`);
    const list = yield* j.construct(world.boot("java/util/ArrayList"), "()V", []);
    if (command.option !== undefined) {
      const texts = [command.option, "Changes nothing", "BOOLEAN"].map((text) => objects.newString(text));
      // No default value; not mandatory, an option, once, at no position.
      const args = [...texts, 0, 0, 1, 0, 0];
      const argument = yield* j.construct(world.boot(ARGUMENT), `(${STRING.repeat(4)}ZZZI)V`, args);
      const add = j.method(world.boot("java/util/ArrayList"), "add", "(Ljava/lang/Object;)Z");
      yield* j.invoke(add, [list, argument]);
    }
    const texts = [name, command.says, command.impact].map((text) => objects.newString(text));
    // No permission is needed; it is enabled.
    const args = [...texts, 0, 0, 0, 1, list];
    made.push(yield* j.construct(world.boot(INFO), `(${STRING.repeat(6)}ZLjava/util/List;)V`, args));
  }
  return objects.newRefArray(INFO, made);
}

function execute(j: J3, _self: number, line: number): number {
  const [name = ""] = j.objects.text(line).trim().split(/\s+/);
  const command = COMMANDS[name];
  if (command === undefined) throw illegal(`Unknown diagnostic command: ${name}`);
  return j.objects.newString(command.run(j));
}

const IMPLEMENTATION = `${INTERNAL}DiagnosticCommandImpl`;

export const diagnosticCommandNatives: VmNatives = {
  [`${IMPLEMENTATION}.setNotificationEnabled(Z)V`]: () => {}, // the commands never change
  [`${IMPLEMENTATION}.getDiagnosticCommands()[${STRING}`]: (j) =>
    j.objects.newRefArray(
      "java/lang/String",
      names.map((name) => j.objects.newString(name)),
    ),
  [`${IMPLEMENTATION}.getDiagnosticCommandInfo([${STRING})[L${INFO};`]: (j: J3, _self: number, asked: number) =>
    infos(j, asked),
  [`${IMPLEMENTATION}.executeDiagnosticCommand(${STRING})${STRING}`]: execute,
};
