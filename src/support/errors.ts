/**
 * The failures of the substrate itself. A guest's own exceptions are objects in the guest's heap and no class here.
 *
 *   Bug       an invariant of ours broke. Only the outermost `main` catches it.
 *   BadInput  a file or a setting is wrong. The guest turns it into its own error.
 */

/** What was being worked on when a {@link Bug} was noticed. Every field is for the reader of the report. */
export interface BugContext {
  /** The pass or stage, as named in the pipeline. */
  readonly pass?: string;
  /** The function being compiled or run. */
  readonly function?: string;
  /** The last text form that the verifier accepted. */
  readonly lastGood?: string;
}

/** Our own invariant broke; nothing below `main` may catch it. */
export class Bug extends Error {
  override readonly name = "Bug";
  readonly context: BugContext;

  constructor(message: string, context: BugContext = {}, options?: ErrorOptions) {
    super(message, options);
    this.context = context;
  }

  /** For a part that does not exist yet: the message is "not implemented: WHAT". */
  static missing(what: string, context: BugContext = {}): Bug {
    return new Bug(`not implemented: ${what}`, context);
  }

  /** The report `main` prints: pass and function on the first line, then the stack, then the last good text. */
  report(): string {
    const { pass, function: subject, lastGood } = this.context;
    const where = [pass && `in pass ${pass}`, subject && `on ${subject}`].filter(Boolean).join(" ");
    const head = where === "" ? `Bug: ${this.message}` : `Bug ${where}: ${this.message}`;
    const frames = (this.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
    const cause = this.cause === undefined ? [] : [`caused by ${String(this.cause)}`];
    const text = lastGood === undefined ? [] : ["last good form:", lastGood];
    return [head, ...frames, ...cause, ...text].join("\n");
  }
}

/** Throws a {@link Bug} unless the condition holds. For cold code: the message is built at every call. */
export function invariant(condition: unknown, message: string, context?: BugContext): asserts condition {
  if (!condition) throw new Bug(message, context);
}

/** For the default arm of an exhaustive switch: the type checker proves that no value gets here. */
export function unreachable(value: never, what = "value"): never {
  throw new Bug(`unexpected ${what}: ${String(value)}`);
}

/** Where in a file something is wrong: a byte offset from 0, or a line and column from 1. */
export type Place = { readonly offset: number } | { readonly line: number; readonly column: number };

/** Everything a {@link BadInput} says. */
export interface BadInputFacts {
  /** The file as the user named it; for a setting, its name. */
  readonly file: string;
  /** Absent when the file as a whole is wrong. */
  readonly place?: Place;
  /** What should stand there, as a noun phrase. */
  readonly expected: string;
  /** What stands there instead; absent when only the expectation can be told. */
  readonly found?: string;
}

/**
 * The input is wrong. The message reads `A.class+0x0: expected 0xCAFEBABE, found 0xdeadbeef` for a binary file and
 * `loop.ir:3:7: expected a type, found "i33"` for a text file.
 */
export class BadInput extends Error {
  override readonly name = "BadInput";
  readonly file: string;
  readonly place: Place | undefined;
  readonly expected: string;
  readonly found: string | undefined;

  constructor(facts: BadInputFacts, options?: ErrorOptions) {
    const found = facts.found === undefined ? "" : `, found ${facts.found}`;
    super(`${facts.file}${placeSuffix(facts.place)}: expected ${facts.expected}${found}`, options);
    this.file = facts.file;
    this.place = facts.place;
    this.expected = facts.expected;
    this.found = facts.found;
  }
}

function placeSuffix(place: Place | undefined): string {
  if (place === undefined) return "";
  return "offset" in place ? `+0x${place.offset.toString(16)}` : `:${place.line}:${place.column}`;
}
