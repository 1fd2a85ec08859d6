/**
 * What the host thread and the driver on the VM thread say to each other.
 *
 *   start     UvmlStart is the `data` of the guest
 *   host -> VM thread   VirtualMachine.post(JSON.stringify(HostMessage)), for a program of kind "entries" only
 *   VM thread -> host   VmMessage, by the machine's messages
 *
 * The driver reads a whole source (`readAll`) before it runs its first form, so nothing of a malformed file is run. It writes what it has
 * to say itself, after what the program wrote: values of entries to descriptor 1, errors to descriptor 2 (`SourceError.report()`).
 */

/** What is to be run. The VM exits with 0 behind it, or as `(exit n)` says; with 1 after an error that nothing handled. */
export type Program =
  /** A file. */
  | { readonly kind: "file"; readonly path: string }
  /** Forms; the value of the last one is printed as values are, without its type; nothing for unit. */
  | { readonly kind: "expression"; readonly name: string; readonly text: string }
  /**
   * Entries, as messages. For each form of an entry `=> value : type` is printed, nothing for unit and definitions. An error ends the entry
   * and not the VM.
   */
  | { readonly kind: "entries" };

export interface UvmlStart {
  readonly program: Program;
  /** What `(args)` gives. */
  readonly args: readonly string[];
  /** Every function is run by the interpreter of the IR. */
  readonly interpret: boolean;
}

export type HostMessage =
  /** One or more whole forms; `name` is the name of the source in positions. */
  | { readonly kind: "entry"; readonly name: string; readonly text: string }
  /** There are no more; the VM exits with the code. */
  | { readonly kind: "end"; readonly code: number };

/** An entry has been run, or (the first one) the machine is ready for one. */
export interface VmMessage {
  readonly kind: "ready";
  /** The entry ended in an error. */
  readonly failed: boolean;
}
