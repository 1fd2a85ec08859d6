/** The error classes of java.lang that reading a class file can end in. */
export type ClassFailureKind =
  | "ClassFormatError"
  | "UnsupportedClassVersionError"
  | "NoClassDefFoundError"
  | "IncompatibleClassChangeError"
  | "VerifyError";

/** What was read of a class before the failure: its supertypes may have to be loaded before the failure is told. */
export interface FailedHeader {
  readonly name: string;
  readonly flags: number;
  readonly interfaces: readonly string[];
}

/**
 * A class file is not one, or not one that may be loaded.
 *
 * `kind` names the Java class to throw and `message` is its message, worded as HotSpot 17 words it.
 * `offset` is where in the file it was noticed, in bytes from its start; `source` is what the reader was told the file is.
 */
export class ClassFormatFailure extends Error {
  readonly kind: ClassFailureKind;
  readonly source: string;
  readonly offset: number;
  /** Set when interfaces were read before. */
  header: FailedHeader | null = null;

  constructor(kind: ClassFailureKind, message: string, source: string, offset: number) {
    super(message);
    this.name = "ClassFormatFailure";
    this.kind = kind;
    this.source = source;
    this.offset = offset;
  }
}

/** HotSpot formats these messages into a buffer of 1024 bytes with its terminating zero. */
const MAX_MESSAGE = 1023;

/** A ClassFormatError. */
export function formatError(text: string, source: string, offset: number): ClassFormatFailure {
  const message = text.length > MAX_MESSAGE ? text.slice(0, MAX_MESSAGE) : text;
  return new ClassFormatFailure("ClassFormatError", message, source, offset);
}
