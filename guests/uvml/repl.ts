/** The host's side of the read-eval-print loop: lines to entries, prompts, history. Entries are run by the driver on the VM thread. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { HostMessage } from "./driver-types.ts";
import { readAll } from "./reader.ts";
import { Source, SourceError } from "./syntax.ts";

const PROMPT = "uvml> ";
const CONTINUATION = "  ... ";
/** Lines of history that are kept. */
const HISTORY_LINES = 1000;

/** What is open at the end of some lines: enough to know when it is of no use to read them. */
class OpenParts {
  /** What would close the open lists. */
  readonly #closers: string[] = [];
  #comments = 0;
  #inString = false;
  /** A list is closed by what does not close it. */
  #isWrong = false;

  get any(): boolean {
    return !this.#isWrong && (this.#closers.length > 0 || this.#comments > 0 || this.#inString);
  }

  add(line: string): void {
    for (let at = 0; ; ) {
      const mark = this.#inString ? /\\.?|"/g : this.#comments > 0 ? /#\||\|#/g : /#\\.?|#\||[";()[\]]/g;
      mark.lastIndex = at;
      const text = mark.exec(line)?.[0];
      if (text === undefined || text === ";") return;
      at = mark.lastIndex;
      if (text === '"') this.#inString = !this.#inString;
      else if (text === "#|") this.#comments++;
      else if (text === "|#") this.#comments--;
      else if (text === "(" || text === "[") this.#closers.push(text === "(" ? ")" : "]");
      else if (text === ")" || text === "]") this.#isWrong ||= this.#closers.pop() !== text;
    }
  }
}

/** Joins lines to entries: whole forms, or text that no further line can mend. */
export class EntryBuffer {
  #lines: string[] = [];
  #open = new OpenParts();
  #count = 0;

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** Name of the source of the entry that is being read. */
  get name(): string {
    return `repl#${this.#count + 1}`;
  }

  /** Adds a line; gives the entry if it is complete. Lines without forms are no entries. */
  add(line: string): HostMessage | undefined {
    this.#lines.push(line);
    this.#open.add(line);
    if (this.#open.any) return undefined;
    const text = this.#lines.join("\n");
    try {
      if (readAll(new Source(this.name, text)).length > 0) return this.#take(text);
      this.clear();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (!error.incomplete) return this.#take(text);
    }
    return undefined;
  }

  /** What is left when there are no more lines: an entry in which something is still open. */
  finish(): HostMessage | undefined {
    return this.isEmpty ? undefined : this.#take(this.#lines.join("\n"));
  }

  clear(): void {
    this.#lines = [];
    this.#open = new OpenParts();
  }

  #take(text: string): HostMessage {
    const entry: HostMessage = { kind: "entry", name: this.name, text };
    this.#count++;
    this.clear();
    return entry;
  }
}

/** The entered lines, in a file when there is one that can be written. */
export class History {
  readonly #path: string | undefined;
  readonly lines: readonly string[];

  constructor(path: string | undefined) {
    this.#path = path;
    this.lines = [];
    if (path === undefined) return;
    try {
      const all = readFileSync(path, "utf8").split("\n").filter(Boolean);
      this.lines = all.slice(-HISTORY_LINES);
      if (all.length > 2 * HISTORY_LINES) writeFileSync(path, `${this.lines.join("\n")}\n`, { mode: 0o600 });
    } catch {
      // None yet, or not ours to read: the history is then that of this session.
    }
  }

  add(line: string): void {
    if (this.#path === undefined || line.trim() === "") return;
    try {
      appendFileSync(this.#path, `${line}\n`, { mode: 0o600 });
    } catch {
      // As above.
    }
  }

  /** The file that the environment names; undefined: none is wanted. */
  static pathIn(environment: Readonly<Record<string, string | undefined>>): string | undefined {
    const named = environment["UVML_HISTORY"];
    if (named !== undefined) return named === "" ? undefined : named;
    return join(homedir(), ".uvml_history");
  }
}

export interface ReplOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Prompts, and history. */
  readonly isInteractive: boolean;
  /** Input and output are a terminal: lines can be edited. */
  readonly isTerminal: boolean;
  readonly history: History;
  readonly send: (message: HostMessage) => void;
  /** The user wants to leave while an entry runs. */
  readonly interrupted: () => void;
}

/** One loop over one machine. Lines that come while an entry runs wait. */
export class Repl {
  readonly #options: ReplOptions;
  readonly #lines: Interface;
  readonly #buffer = new EntryBuffer();
  #waiting: string[] = [];
  /** How many of them are used up. */
  #used = 0;
  #ended = false;
  #isClosed = false;
  #isBusy = true;
  #failed = false;

  constructor(options: ReplOptions) {
    const { input, output, isInteractive, isTerminal, history } = options;
    this.#options = options;
    this.#lines = createInterface({
      input,
      ...(isInteractive ? { output } : {}),
      terminal: isInteractive && isTerminal,
      history: [...history.lines].reverse(),
      historySize: HISTORY_LINES,
      prompt: "",
    });
    this.#lines.on("line", (line) => this.#line(line));
    this.#lines.on("close", () => this.#end());
    this.#lines.on("SIGINT", () => this.#interrupt());
  }

  /** The machine waits for an entry. */
  ready(failed: boolean): void {
    this.#isBusy = false;
    this.#failed ||= failed;
    this.#next();
  }

  /** The machine is gone. */
  close(): void {
    this.#isClosed = true;
    this.#lines.close();
  }

  #line(line: string): void {
    if (this.#options.isInteractive) this.#options.history.add(line);
    this.#waiting.push(line);
    if (!this.#isBusy) this.#next();
  }

  /** Sends the next entry if its lines are here; asks for a line otherwise. */
  #next(): void {
    if (this.#isClosed) return;
    while (this.#used < this.#waiting.length) {
      const entry = this.#buffer.add(this.#waiting[this.#used++]!);
      if (entry !== undefined) return this.#send(entry);
    }
    this.#waiting = [];
    this.#used = 0;
    if (!this.#ended) return this.#prompt();
    const rest = this.#buffer.finish();
    if (rest !== undefined) return this.#send(rest);
    // A person has seen what failed; whoever reads a pipe learns it from the exit code.
    this.#send({ kind: "end", code: this.#failed && !this.#options.isInteractive ? 1 : 0 });
  }

  #send(message: HostMessage): void {
    this.#isBusy = true;
    this.#options.send(message);
  }

  #prompt(): void {
    if (!this.#options.isInteractive) return;
    this.#lines.setPrompt(this.#buffer.isEmpty ? PROMPT : CONTINUATION);
    this.#lines.prompt();
  }

  #end(): void {
    this.#ended = true;
    if (this.#isClosed || this.#isBusy) return;
    // Behind the prompt.
    if (this.#options.isInteractive) this.#options.output.write("\n");
    this.#next();
  }

  /** Ctrl-C: forgets what was typed, or leaves. */
  #interrupt(): void {
    if (this.#isBusy) return this.#options.interrupted();
    this.#buffer.clear();
    this.#options.output.write("\n");
    this.#lines.write(null, { ctrl: true, name: "e" });
    this.#lines.write(null, { ctrl: true, name: "u" });
    this.#prompt();
  }
}
