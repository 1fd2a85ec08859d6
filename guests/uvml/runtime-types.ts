/** What compiler, expansion and driver want of each other. All of it on the VM thread. */
import type { GuestVm } from "#vm";
import type { Datum, TopLevel } from "./ast.ts";
import type { UvmlStart } from "./driver-types.ts";
import type { Records } from "./layout.ts";
import type { HelperName } from "./natives/signatures.ts";
import type { Struct } from "./types.ts";

/** What the driver gives the compiler. */
export interface Runtime {
  /** `define` makes slots, `callHost` calls natives with the check behind them. */
  readonly vm: GuestVm<UvmlStart>;
  readonly records: Records;
  /** Immortal objects: addresses that may stand in code. The same text or name gives the same object. */
  string(text: string): number;
  symbol(name: string): number;
  /** Quoted data as `any`: numbers are boxes of their types, lists of type (list any); 0 for (). */
  quoted(datum: Datum): number;
  /** A zeroed word for a global variable, 8 bytes of it; a root if it is for a reference. */
  word(isReference: boolean): number;
  helper(name: HelperName): number;
}

/** A form at top level, compiled. */
export interface CompiledForm {
  /** Slot of () -> ref: runs the form, gives its value as `any` (boxed if need be; a box of type unit for none). */
  readonly slot: number;
  /** The value's type; null for definitions, which have none to show. */
  readonly type: string | null;
}

/** What the compiler gives the driver. Errors in the program are LanguageErrors. */
export interface FormCompiler {
  /** null: nothing is to be run (a definition that was entered in the tables). */
  compile(form: TopLevel): CompiledForm | null;
  /** Slot of (ref, …) -> ref, one parameter for each of the macro's (the last a list, if it has a rest). */
  macro(name: string): { readonly slot: number; readonly params: number; readonly rest: boolean } | null;
  /** For stack traces: the function that has this id in its frames. */
  functionOf(id: number): { readonly name: string; readonly file: string } | null;
  /** The structure with this name. The prelude defines `error`: kind symbol, message string, where string. */
  struct(name: string): Struct | undefined;
  /** For `disassemble`: inferred types and IR of each specialisation. */
  disassemble(form: Extract<TopLevel, { kind: "disassemble" }>): string;
}
