/**
 * The driver: the main guest thread asks it for the next form's function and runs that, again and again. So every form is analysed,
 * inferred, compiled and run before the next one is looked at. Macros run as upcalls of the same thread.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { nodeHost } from "#host";
import { signature } from "#ir";
import { CONTROL_EXIT_STATUS, CONTROL_GUEST } from "#layout";
import { exitVm } from "#threads";
import { type Answer, type Call, type Effect, type StepsOf, Thrown } from "#vm";
import { Analyser, MAX_EXPANSION, type Macros } from "./analyse.ts";
import { type Datum, LanguageError, type TopLevel } from "./ast.ts";
import { readData } from "./data.ts";
import type { HostMessage, UvmlStart, VmMessage } from "./driver-types.ts";
import { writeAll } from "./natives/files.ts";
import { describer, type Reader, shown } from "./natives/print.ts";
import { WORD_SLEEPERS } from "./natives/words.ts";
import { readAll } from "./reader.ts";
import { PRELUDE, type Trace, type UvmlRuntime } from "./runtime.ts";
import type { FormCompiler } from "./runtime-types.ts";
import { excerpt, type ListSyntax, report, Source, SourceError, type Syntax } from "./syntax.ts";

/** A text whose forms are run, one after the other. */
interface Running {
  readonly source: Source;
  readonly forms: Syntax[];
  /** Which form is next. */
  next: number;
}

export class Driver {
  readonly #runtime: UvmlRuntime;
  readonly #compiler: FormCompiler;
  readonly #analyser: Analyser<Effect, Answer>;
  readonly #reader: Reader;
  readonly #start: UvmlStart;
  readonly #macros = new Set<string>();
  /** By name, for excerpts. */
  readonly #sources = new Map<string, Source>();
  /** Files that were required or run, by absolute path. */
  readonly #files = new Set<string>();
  /** The innermost required file is the last. */
  #running: Running[] = [];
  /** The type of what the form gives that runs now; null: nothing to show. */
  #type: string | null = null;
  /** `-e`: the last value, printed. */
  #last: string | null = null;
  #failed = false;
  #isReady = false;

  constructor(runtime: UvmlRuntime, compiler: FormCompiler, start: UvmlStart) {
    this.#runtime = runtime;
    this.#compiler = compiler;
    this.#start = start;
    this.#reader = { mem: runtime.vm.mem, describe: describer(runtime.vm.mem) };
    const macros: Macros<Effect, Answer> = {
      has: (name) => this.#macros.has(name),
      expand: (name, operands, call) => this.#expand(name, operands, call),
    };
    this.#analyser = new Analyser(macros);
  }

  // ---- the services of the main thread ------------------------------------------------------------------------------------------

  /** The slot of the next form's function; 0: there is none, the program has ended. */
  *next(): StepsOf<number> {
    if (!this.#isReady) {
      this.#isReady = true;
      this.#begin();
    }
    for (;;) {
      const running = this.#running.at(-1);
      if (running === undefined) {
        if (!(yield* this.#more())) return 0;
        continue;
      }
      const form = running.forms[running.next++];
      if (form === undefined) {
        this.#running.pop();
        continue;
      }
      try {
        const slot = yield* this.#form(running, form);
        if (slot !== 0) return slot;
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  /** The value of the form that `next` gave. */
  value(call: Call): void {
    const ref = this.#runtime.vm.mem.word(call.nextRef());
    const type = this.#type;
    if (type === null || type === "unit") {
      if (this.#running.length === 1) this.#last = null;
      return;
    }
    const { kind } = this.#start.program;
    if (this.#running.length > 1) return;
    if (kind === "entries") write(1, `=> ${shown(this.#reader, ref, true)} : ${type}\n`);
    else if (kind === "expression") this.#last = shown(this.#reader, ref);
  }

  /** The form raised a value. */
  uncaught(call: Call): void {
    const ref = this.#runtime.vm.mem.word(call.nextRef());
    this.reportRaised(ref, this.#runtime.takeRaised(call.thread, ref));
    this.#stop();
  }

  // ---- sources ------------------------------------------------------------------------------------------------------------------

  #begin(): void {
    const { program } = this.#start;
    // What stands last runs first.
    if (program.kind === "expression") this.#push(new Source(program.name, program.text));
    if (program.kind === "file") this.#pushFile(program.path, null);
    this.#push(new Source(PRELUDE, readFileSync(new URL("./prelude.l", import.meta.url), "utf8")));
  }

  /** More forms, when all are run. False: that was the end. */
  *#more(): StepsOf<boolean> {
    const { vm } = this.#runtime;
    if (this.#start.program.kind !== "entries") {
      if (this.#last !== null) write(1, `${this.#last}\n`);
      return false;
    }
    const ready: VmMessage = { kind: "ready", failed: this.#failed };
    this.#failed = false;
    vm.post(ready);
    const sleepers = vm.mem.word(CONTROL_GUEST) + 4 * WORD_SLEEPERS;
    vm.mem.atomicAdd(sleepers, 1);
    const message = JSON.parse(yield* vm.nextMessage()) as HostMessage;
    vm.mem.atomicAdd(sleepers, -1);
    if (message.kind === "end") {
      vm.mem.atomicCas(CONTROL_EXIT_STATUS, 0, message.code);
      return false;
    }
    this.#push(new Source(message.name, message.text));
    return true;
  }

  #push(source: Source): void {
    this.#sources.set(source.name, source);
    try {
      this.#running.push({ source, forms: [...readAll(source)], next: 0 });
    } catch (error) {
      this.#fail(error);
    }
  }

  #pushFile(path: string, from: { readonly file: string; readonly pos: number } | null): void {
    const absolute = resolve(path);
    if (this.#files.has(absolute)) return;
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    } catch (error) {
      const what = `the file ${path} ${fileProblem(error)}`;
      if (from !== null) throw new LanguageError(from.file, from.pos, what);
      write(2, `uvml: error: ${what}\n`);
      this.#stop();
      return;
    }
    this.#files.add(absolute);
    this.#push(new Source(path, text));
  }

  // ---- one form -----------------------------------------------------------------------------------------------------------------

  *#form(running: Running, form: Syntax): StepsOf<number> {
    this.#runtime.vm.thread.breathe();
    const analysed = yield* this.#analyser.analyse(form);
    if (analysed.kind === "forms") {
      running.forms.splice(running.next, 0, ...analysed.forms);
      return 0;
    }
    this.#note(analysed);
    switch (analysed.kind) {
      case "require":
        this.#require(analysed);
        return 0;
      case "disassemble":
        write(1, this.#compiler.disassemble(analysed));
        return 0;
    }
    const compiled = this.#compiler.compile(analysed);
    if (analysed.kind === "define-struct" && analysed.name === "error" && running.source.name === PRELUDE)
      this.#runtime.adoptError(this.#compiler.struct("error")!);
    if (compiled === null) return 0;
    this.#type = compiled.type;
    return compiled.slot;
  }

  /** Relative to the requiring file; the name may go without its ending. Each file is run once. */
  #require(form: { readonly file: string; readonly path: string; readonly pos: number }): void {
    const isEntry = this.#start.program.kind !== "file" && this.#running.length === 1;
    const path = isEntry || isAbsolute(form.path) ? form.path : join(dirname(form.file), form.path);
    this.#pushFile(existsSync(path) || !existsSync(`${path}.l`) ? path : `${path}.l`, form);
  }

  /** Which names are macros from now on. */
  #note(form: TopLevel): void {
    if (form.kind === "define-macro") this.#macros.add(form.name);
    else if (form.kind === "define" || form.kind === "define-function" || form.kind === "define-method")
      this.#macros.delete(form.name);
  }

  /** Runs a macro's function on the operands as data. */
  *#expand(name: string, operands: readonly Datum[], at: ListSyntax): StepsOf<Datum> {
    const { vm } = this.#runtime;
    const call = vm.thread.current as Call;
    const macro = this.#compiler.macro(name);
    if (macro === null) throw new SourceError(`there is no macro ${name}`, at.at);
    const { params, rest } = macro;
    const fixed = rest ? params - 1 : params;
    if (operands.length < fixed || (!rest && operands.length > fixed)) {
      const wanted = `${fixed}${rest ? " or more" : ""}`;
      throw new SourceError(`the macro ${name} takes ${wanted} operands, not ${operands.length}`, at.at);
    }
    const values: Datum[] = operands.slice(0, fixed);
    if (rest) values.push({ kind: "list", items: operands.slice(fixed) });
    const args = values.map((value) => this.#runtime.data(call, value));
    const type = signature(
      args.map(() => "ref" as const),
      "ref",
    );
    let result: number;
    try {
      result = (yield { slot: macro.slot, signature: type, args }) as number;
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      const ref = vm.mem.word(error.handle);
      const trace = this.#runtime.takeRaised(call.thread, ref);
      const where = trace === undefined || trace.where === "" ? "" : `, at ${trace.where}`;
      throw new SourceError(`the macro ${name} raised ${this.#raisedText(ref)}${where}`, at.at);
    }
    const datum = readData(this.#reader, vm.mem.word(result), MAX_EXPANSION);
    for (const handle of [...args, result]) call.drop(handle);
    if (typeof datum === "string") throw new SourceError(`the expansion of ${name} is no form: it has ${datum}`, at.at);
    return datum;
  }

  // ---- errors -------------------------------------------------------------------------------------------------------------------

  #fail(error: unknown): void {
    if (!(error instanceof LanguageError)) throw error;
    const shown = ofProgram(error);
    write(2, `${report(shown, this.#sources.get(shown.file))}\n`);
    this.#stop();
  }

  /** After an error that was reported: ends the entry, or the VM. */
  #stop(): void {
    this.#running = [];
    this.#last = null;
    this.#failed = true;
    if (this.#start.program.kind !== "entries") exitVm(this.#runtime.vm.mem, 1);
  }

  #raisedText(ref: number): string {
    const facts = this.#runtime.errorFacts(ref);
    return facts === undefined ? shown(this.#reader, ref, true) : shown(this.#reader, facts.message);
  }

  /** Writes that nobody caught a value: place, message, line, and the calls. */
  reportRaised(ref: number, trace: Trace | undefined): void {
    const facts = this.#runtime.errorFacts(ref);
    const told = facts === undefined ? "" : shown(this.#reader, facts.where);
    const where = told === "()" || told === "" ? (trace?.where ?? "") : told;
    const what = facts === undefined ? `nobody caught ${this.#raisedText(ref)}` : this.#raisedText(ref);
    const lines = [`${where === "" ? "" : `${where}: `}error: ${what}`, this.#excerpt(where)];
    // One call alone says nothing that the first line does not.
    if (trace !== undefined && trace.calls.length > 1) for (const each of trace.calls) lines.push(`  ${each}`);
    write(2, `${lines.filter((line) => line !== "").join("\n")}\n`);
  }

  #excerpt(where: string): string {
    const match = /^(.*):([0-9]+):([0-9]+)$/.exec(where);
    const source = match === null ? undefined : this.#sources.get(match[1]!);
    return source === undefined ? "" : excerpt(source, Number(match![2]), Number(match![3]));
  }
}

/** An error in a function of the prelude, told where the program calls it. */
function ofProgram(error: LanguageError): LanguageError {
  const { file, pos, what, notes } = error;
  const site = file === PRELUDE ? notes.find((note) => note.file !== PRELUDE) : undefined;
  if (site === undefined) return error;
  const found = { what: "found here", file, pos };
  const others = notes.filter((note) => note !== site);
  return new LanguageError(site.file, site.pos, `${site.what.replace(", called here", "")}: ${what}`, [
    found,
    ...others,
  ]);
}

function fileProblem(error: unknown): string {
  const { code } = error as { readonly code?: string };
  if (code === "ENOENT" || code === "ENOTDIR") return "does not exist";
  if (code === "EISDIR") return "is a folder";
  return code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "is no UTF-8 text" : `cannot be read: ${code ?? String(error)}`;
}

function write(fd: number, text: string): void {
  try {
    writeAll(nodeHost().files, fd, new TextEncoder().encode(text));
  } catch {
    // Nobody reads any more.
  }
}
