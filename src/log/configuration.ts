/**
 * What is to be logged, where to, and how each line begins. One text per request, with the grammar of unified logging:
 *
 *   [selections][:[output][:[decorators][:options]]]
 *
 *   selections   gc              messages tagged with exactly gc, at level info and above
 *                gc+heap=debug   tagged with exactly these two, at debug and above
 *                gc*,safepoint   tagged with gc and whatever else; and those of safepoint
 *                all             every message; also when nothing is there
 *   output       stdout, stderr, file=NAME or NAME (%p: process, %t: time of the start); default stdout
 *   decorators   uptime,level,tags unless given; none
 *   options      of files: filecount=5,filesize=20M (a full file is put aside as NAME.0, NAME.1, …)
 *
 * The one word `disable` takes everything back. Standard output has warnings and errors unless they are turned off.
 */

/** Least important first. */
export const LEVELS = ["trace", "debug", "info", "warning", "error", "off"] as const;
export type Level = (typeof LEVELS)[number];

/** In the order in which a line shows them; the short name second. */
export const DECORATORS = [
  ["time", "t"],
  ["utctime", "utc"],
  ["uptime", "u"],
  ["timemillis", "tm"],
  ["uptimemillis", "um"],
  ["timenanos", "tn"],
  ["uptimenanos", "un"],
  ["hostname", "hn"],
  ["pid", "p"],
  ["tid", "ti"],
  ["level", "l"],
  ["tags", "tg"],
] as const;
export type Decorator = (typeof DECORATORS)[number][0];

/** Tags of what the substrate logs. A guest has more. */
export const TAGS: readonly string[] = [
  "age",
  "cpu",
  "exit",
  "gc",
  "heap",
  "init",
  "logging",
  "safepoint",
  "start",
  "task",
];

export interface Selection {
  readonly tags: readonly string[];
  /** Other tags may be there too. */
  readonly open: boolean;
  readonly level: Level;
}

export interface Output {
  /** "stdout", "stderr" or "file=" and a name. */
  readonly name: string;
  /** The last one that fits a message counts. */
  selections: Selection[];
  decorators: readonly Decorator[];
  /** Of files: how many old ones are kept, and bytes at which a new one is begun (0: never). */
  fileCount: number;
  fileBytes: number;
  /** The last request that named it, and its options as they were written: for messages. */
  request: string;
  optionText: string | undefined;
}

const DEFAULT_DECORATORS: readonly Decorator[] = ["uptime", "level", "tags"];
const DEFAULT_FILE_COUNT = 5;
const DEFAULT_FILE_BYTES = 20 << 20;
const MAX_FILE_COUNT = 1000;
const MAX_FILE_BYTES = 2n ** 64n - 1n;

/** Thrown inside this file: the sentence that says what is wrong. */
class Refusal extends Error {}

/** Splits at colons, but not in quotation marks. */
function parts(text: string): string[] {
  return [...text.matchAll(/(?:^|:)((?:"[^"]*"|[^:"])*)/g)].map((match) => match[1] ?? "");
}

export class LogConfiguration {
  readonly #tags: ReadonlySet<string>;
  readonly #outputs = new Map<string, Output>();

  /** `tags` are all that there may be. */
  constructor(tags: Iterable<string> = TAGS) {
    this.#tags = new Set(tags);
    this.#reset("warning");
  }

  /** Outputs that want something. */
  get outputs(): readonly Output[] {
    return [...this.#outputs.values()].filter((output) => output.selections.some(({ level }) => level !== "off"));
  }

  /** Whether anything but warnings and errors is wanted. */
  get isUsed(): boolean {
    return this.outputs.some(({ selections }) =>
      selections.some(({ level }) => LEVELS.indexOf(level) < LEVELS.indexOf("warning")),
    );
  }

  /**
   * Takes one request. `refused` says why it cannot be done, in a sentence; then nothing has changed. `warnings` are sentences too.
   */
  add(request: string): { readonly refused?: string; readonly warnings: readonly string[] } {
    const warnings: string[] = [];
    try {
      this.#add(request, warnings);
      return { warnings };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { refused: error.message, warnings };
    }
  }

  #reset(level: Level): void {
    this.#outputs.clear();
    const output = this.#output("stdout");
    output.selections = [{ tags: [], open: true, level }];
  }

  #output(name: string): Output {
    let output = this.#outputs.get(name);
    if (output === undefined) {
      output = {
        name,
        selections: [],
        decorators: DEFAULT_DECORATORS,
        fileCount: DEFAULT_FILE_COUNT,
        fileBytes: DEFAULT_FILE_BYTES,
        request: "",
        optionText: undefined,
      };
      this.#outputs.set(name, output);
    }
    return output;
  }

  #add(request: string, warnings: string[]): void {
    if (request === "disable") return this.#reset("off");
    if (request === "async") return; // lines are written at once, by whoever has something to say
    const [what = "", where = "", how = "", options = "", ...rest] = parts(request);
    if (rest.length > 0) warnings.push(`Ignoring excess options: "${rest.join(":")}"`);
    const selections = this.#selections(what);
    const decorators = how === "" ? DEFAULT_DECORATORS : decoratorsOf(how);
    const bare = where.replaceAll('"', "");
    const name = bare === "" ? "stdout" : /^(stdout|stderr|file=.*)$/s.test(bare) ? bare : `file=${bare}`;
    const sizes = name.startsWith("file=") ? fileOptions(options, name) : {};
    if (!name.startsWith("file=") && options !== "") warnings.push("Output options for existing outputs are ignored.");
    const output = this.#output(name);
    output.selections.push(...selections);
    output.decorators = decorators;
    output.request = request;
    if (options !== "" && name.startsWith("file=")) output.optionText = options;
    Object.assign(output, sizes);
  }

  #selections(text: string): Selection[] {
    if (text === "") return [{ tags: [], open: true, level: "info" }];
    return text.split(",").map((each) => {
      const equals = each.indexOf("=");
      const level = equals < 0 ? "info" : each.slice(equals + 1);
      if (!isLevel(level)) throw new Refusal(`Invalid level '${level}' in log selection.`);
      const names = equals < 0 ? each : each.slice(0, equals);
      if (names === "all") return { tags: [], open: true, level };
      const open = names.endsWith("*");
      const tags = (open ? names.slice(0, -1) : names).split("+");
      for (const [index, tag] of tags.entries()) {
        if (!this.#tags.has(tag)) throw new Refusal(`Invalid tag '${tag}' in log selection.`);
        if (tags.indexOf(tag) !== index) throw new Refusal(`Log selection contains duplicates of tag ${tag}.`);
      }
      return { tags, open, level };
    });
  }
}

function isLevel(text: string): text is Level {
  return (LEVELS as readonly string[]).includes(text);
}

function decoratorsOf(text: string): Decorator[] {
  if (text === "none") return [];
  const chosen = text.split(",").map((name) => {
    const found = DECORATORS.find((names) => (names as readonly string[]).includes(name));
    if (found === undefined) throw new Refusal(`Invalid decorator '${name}'.`);
    return found[0];
  });
  return DECORATORS.map(([name]) => name).filter((name) => chosen.includes(name));
}

function fileOptions(text: string, output: string): Partial<Pick<Output, "fileCount" | "fileBytes">> {
  const found: Partial<Pick<Output, "fileCount" | "fileBytes">> = {};
  const refuse = (why: string): never => {
    throw new Refusal(`Invalid option${why}\nInitialization of output '${output}' using options '${text}' failed.`);
  };
  for (const option of text === "" ? [] : text.split(",")) {
    const [key = "", value = ""] = option.split("=", 2);
    if (key === "filecount") {
      const count = /^[0-9]+$/.test(value) ? Number(value) : Number.NaN;
      if (!(count <= MAX_FILE_COUNT)) refuse(`: filecount must be in range [0, ${MAX_FILE_COUNT}]`);
      found.fileCount = count;
    } else if (key === "filesize") {
      const match = /^([0-9]+)([kKmMgG]?)$/.exec(value);
      const power = "kmg".indexOf((match?.[2] ?? "").toLowerCase() || "-") + 1;
      const bytes = Number(match?.[1] ?? Number.NaN) * 1024 ** power;
      if (!Number.isSafeInteger(bytes)) refuse(`: filesize must be in range [0, ${MAX_FILE_BYTES}]`);
      found.fileBytes = bytes;
    } else refuse(` '${key}' for log file output.`);
  }
  return found;
}

/** Whether an output wants messages with these tags and this level. */
export function wants(output: Output, tags: readonly string[], level: Level): boolean {
  const found = output.selections.findLast(
    (each) => each.tags.every((tag) => tags.includes(tag)) && (each.open || each.tags.length === tags.length),
  );
  return found !== undefined && LEVELS.indexOf(level) >= LEVELS.indexOf(found.level);
}
