/** The command line of `uvml`. */

import { PLANS, planNamed } from "#heap";
import { mostHeapBytes } from "#vm";

const COLLECTORS = PLANS.map((plan) => plan.name);

/** What a command line asks for. */
export type Command =
  | { readonly action: "help" }
  | { readonly action: "version" }
  | { readonly action: "wrong"; readonly message: string }
  | ({ readonly action: "file"; readonly path: string; readonly args: readonly string[] } & Settings)
  | ({ readonly action: "expression"; readonly text: string; readonly args: readonly string[] } & Settings)
  | ({ readonly action: "repl"; readonly isInteractive: boolean } & Settings);

export interface Settings {
  /** Run all functions by the interpreter of the IR. */
  readonly interpret: boolean;
  /** Name of a plan of src/heap. */
  readonly collector: string;
  /** Collections are logged to standard output. */
  readonly logsCollections: boolean;
  /** The most that live objects may take, in bytes; a multiple of 1 MiB. */
  readonly heapBytes: number;
}

const MIB = 1 << 20;
const DEFAULT_HEAP_BYTES = 512 * MIB;

export const USAGE = `uvml [options] FILE [argument...]     runs a program
uvml [options] -e FORMS [argument...] runs forms, prints the value of the last
uvml [options]                        reads forms, evaluates them, prints their values

  -e, --eval FORMS    forms instead of a file
  -i, --interactive   prompts even when the input is no terminal
      --interpret     runs every function by the interpreter of the IR, not by compiled code
      --gc=NAME       the collector: ${COLLECTORS.join(", ")} (default ${COLLECTORS[0]})
      --log-gc        a line on standard output for each collection; VM_LOG says more
      --heap=SIZE     limit of the live objects, such as 64m or 1g (default ${DEFAULT_HEAP_BYTES / MIB}m)
  -h, --help          this text
      --version       the version

UVML_HISTORY names the file of the entered lines (default ~/.uvml_history; empty: none).
`;

/** Everything behind the file, or behind the forms, belongs to the program. */
export function parseCommandLine(words: readonly string[], inputIsTerminal: boolean): Command {
  let settings: Settings = {
    interpret: false,
    collector: "semispace",
    logsCollections: false,
    heapBytes: DEFAULT_HEAP_BYTES,
  };
  let isInteractive = inputIsTerminal;
  const wrong = (message: string): Command => ({ action: "wrong", message });
  const checked = (command: Command): Command => {
    const problem = heapProblem(settings);
    return problem === undefined ? command : wrong(problem);
  };
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith("-") || word === "--") break;
    const [, name = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    const takesValue = ["-e", "--eval", "--gc", "--heap"].includes(name);
    if (!takesValue && value !== undefined) return wrong(`${name} takes no value`);
    const given = takesValue ? (value ?? words[++at]) : "";
    if (given === undefined) return wrong(`${name} needs a value`);
    switch (name) {
      case "-h":
      case "--help":
        return { action: "help" };
      case "--version":
        return { action: "version" };
      case "-i":
      case "--interactive":
        isInteractive = true;
        break;
      case "--interpret":
        settings = { ...settings, interpret: true };
        break;
      case "--log-gc":
        settings = { ...settings, logsCollections: true };
        break;
      case "--gc": {
        const collector = COLLECTORS.find((each) => each === given);
        if (collector === undefined) return wrong(`no collector is named ${given}; there are ${COLLECTORS.join(", ")}`);
        settings = { ...settings, collector };
        break;
      }
      case "--heap": {
        const bytes = parseSize(given);
        if (bytes === undefined) return wrong(`--heap: expected a size such as 64m, found ${given}`);
        settings = { ...settings, heapBytes: Math.ceil(bytes / MIB) * MIB };
        break;
      }
      case "-e":
      case "--eval":
        return checked({ action: "expression", text: given, args: words.slice(at + 1), ...settings });
      default:
        return wrong(`unknown option ${name}`);
    }
  }
  if (words[at] === "--") at++;
  const path = words[at];
  if (path === undefined) return checked({ action: "repl", isInteractive, ...settings });
  if (path === "") return wrong("the name of the file is empty");
  return checked({ action: "file", path, args: words.slice(at + 1), ...settings });
}

/** What is wrong with the heap's size for its collector; undefined: nothing. */
function heapProblem({ collector, heapBytes }: Settings): string | undefined {
  const limit = mostHeapBytes(planNamed(collector)!);
  if (heapBytes <= limit) return undefined;
  return `--heap: ${heapBytes / MIB}m is above the limit of ${collector}, ${limit / MIB}m`;
}

/** Bytes: a whole number, with k, m or g for the powers of 1024. */
function parseSize(text: string): number | undefined {
  const match = /^([0-9]{1,12})([kmg]?)$/i.exec(text);
  if (match === null || Number(match[1]) === 0) return undefined;
  return Number(match[1]) * 1024 ** ["", "k", "m", "g"].indexOf(match[2]!.toLowerCase());
}
