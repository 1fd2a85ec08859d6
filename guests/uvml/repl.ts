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

/** Joins lines to entries: whole forms, or text that no further line can mend. */
export class EntryBuffer {
  #lines: string[] = [];
  #count = 0;
  /** What would close the open lists; "" if one was closed by what does not close it. */
  #closers: string[] = [];
  #comments = 0;
  #inString = false;

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** Adds a line; gives the entry if it is complete. Lines without forms are no entries. */
  add(line: string): HostMessage | undefined {
    this.#lines.push(line);
    this.#scan(line);
    // It is of no use to read what is open, again and again.
    const isWrong = this.#closers[0] === "";
    if (!isWrong && (this.#closers.length > 0 || this.#comments > 0 || this.#inString)) return undefined;
    try {
      if (readAll(new Source("", this.#lines.join("\n"))).length > 0) return this.finish();
      this.clear();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (!error.incomplete) return this.finish();
    }
    return undefined;
  }

  /** The entry that the lines make as they are. */
  finish(): HostMessage | undefined {
    if (this.isEmpty) return undefined;
    const text = this.#lines.join("\n");
    this.clear();
    return { kind: "entry", name: `repl#${++this.#count}`, text };
  }

  clear(): void {
    this.#lines = [];
    this.#closers = [];
    this.#comments = 0;
    this.#inString = false;
  }

  #scan(line: string): void {
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
      else if ((text === ")" || text === "]") && this.#closers.pop() !== text) this.#closers = [""];
    }
  }
}

/** The entered lines, in a file if one is named and can be written. */
export class History {
  readonly #path: string;
  lines: readonly string[] = [];

  /** The environment may name the file, or by an empty name say that none is wanted. */
  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#path = environment["UVML_HISTORY"] ?? join(homedir(), ".uvml_history");
    this.#attempt((path) => {
      const all = readFileSync(path, "utf8").split("\n").filter(Boolean);
      this.lines = all.slice(-HISTORY_LINES);
      if (all.length > 2 * HISTORY_LINES) writeFileSync(path, `${this.lines.join("\n")}\n`, { mode: 0o600 });
    });
  }

  add(line: string): void {
    if (line.trim() !== "") this.#attempt((path) => appendFileSync(path, `${line}\n`, { mode: 0o600 }));
  }

  /** Where the file cannot be read or written, the history is that of this session. */
  #attempt(action: (path: string) => void): void {
    try {
      if (this.#path !== "") action(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }
}

export interface ReplOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Prompts, and history. */
  readonly isInteractive: boolean;
  /** Input and output are a terminal: lines can be edited. */
  readonly isTerminal: boolean;
  readonly history: History | undefined;
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
      history: history?.lines.toReversed() ?? [],
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
    this.#options.history?.add(line);
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
