/**
 * What analysis yields: forms without macros, names resolved to locals or left as global names. Types are not known yet; one tree serves all
 * specialisations, so nothing is ever written into it.
 *
 * Positions are one number, line * 1024 + column (both from 1, columns above 1023 count as 1023), in the file of the enclosing
 * function or form. Code that a macro made has positions of the macro's call, so a function's positions are all of one file.
 * Instructions carry the same number: (function id, Inst.pos) gives file:line:column.
 */

/** line * 1024 + column. */
export type Pos = number;

export function pos(line: number, column: number): Pos {
  return line * 1024 + Math.min(column, 1023);
}

export function lineOf(at: Pos): number {
  return Math.floor(at / 1024);
}

export function columnOf(at: Pos): number {
  return at % 1024;
}

/** "file:line:column". */
export function place(file: string, at: Pos): string {
  return `${file}:${lineOf(at)}:${columnOf(at)}`;
}

/** The nesting of forms that reader and analysis let through; the stages after them are recursive. */
export const MAX_NESTING = 1000;

/** A type as written: `i32` is { head: "i32", args: [] }; `(list T)` has one arg; `(-> (A B) R)` is { head: "->", args: [A, B, R] }. */
export interface TypeSyntax {
  readonly pos: Pos;
  readonly head: string;
  readonly args: readonly TypeSyntax[];
}

/** Quoted data. Integers and floats have the type their suffix says; without one i32 (i64 if it does not fit) and f64. */
export type Datum =
  | { readonly kind: "int"; readonly value: bigint; readonly suffix: string | null }
  | { readonly kind: "float"; readonly value: number; readonly suffix: string | null }
  | { readonly kind: "bool"; readonly value: boolean }
  /** A code point. */
  | { readonly kind: "char"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Datum[] };

/** A variable of a function: a parameter, or what let, for, catch bind. Compared by identity. */
export interface Local {
  readonly name: string;
  readonly pos: Pos;
  /** There is a `set-local` of it. Written by the analysis only. */
  assigned: boolean;
  /** A lambda inside its function refers to it. Written by the analysis only. */
  captured: boolean;
}

export interface Param {
  readonly local: Local;
  readonly type: TypeSyntax | null;
}

/** A named function, a method, a macro or a lambda. */
export interface FunctionNode {
  readonly pos: Pos;
  readonly file: string;
  /** For people; "lambda" if it has none. */
  readonly name: string;
  readonly params: readonly Param[];
  readonly result: TypeSyntax | null;
  readonly body: Node;
  /** Locals of enclosing functions that it or a lambda inside it refers to, each once. Empty for what stands at top level. */
  readonly captures: readonly Local[];
}

export interface LambdaNode {
  readonly kind: "lambda";
  readonly pos: Pos;
  readonly fn: FunctionNode;
}

interface At {
  readonly pos: Pos;
}

export type Node =
  /** `suffix` is a type's name; without one the context decides. */
  | (At & { readonly kind: "int"; readonly value: bigint; readonly suffix: string | null })
  | (At & { readonly kind: "float"; readonly value: number; readonly suffix: string | null })
  | (At & { readonly kind: "bool"; readonly value: boolean })
  | (At & { readonly kind: "char"; readonly value: number })
  | (At & { readonly kind: "string"; readonly value: string })
  /** The value of an empty body, of `(begin)` and the like. */
  | (At & { readonly kind: "unit" })
  /** `()`, the empty list of a type that the context decides. */
  | (At & { readonly kind: "nil" })
  /** 'x: a symbol has the type symbol; everything else is `any`. */
  | (At & { readonly kind: "quote"; readonly datum: Datum })
  | (At & { readonly kind: "local"; readonly local: Local })
  /** A global variable, function, method, native or operator as a value; resolved when types are inferred. */
  | (At & { readonly kind: "global"; readonly name: string })
  | (At & { readonly kind: "set-local"; readonly local: Local; readonly value: Node })
  | (At & { readonly kind: "set-global"; readonly name: string; readonly value: Node })
  | (At & { readonly kind: "set-field"; readonly field: string; readonly target: Node; readonly value: Node })
  | (At & { readonly kind: "set-element"; readonly target: Node; readonly index: Node; readonly value: Node })
  | (At & { readonly kind: "field"; readonly field: string; readonly target: Node })
  | (At & { readonly kind: "let"; readonly bindings: readonly Binding[]; readonly body: Node })
  /** Functions that may refer to each other: inner defines. */
  | (At & { readonly kind: "letrec"; readonly bindings: readonly RecBinding[]; readonly body: Node })
  /**
   * Named let. `label` names the loop: it is called by `call-value` of the local, and may be a value as well. A call in tail position that stands in
   * no lambda of the loop's body is a jump. For those others `fn` is the same loop as a function: the body is `fn.body`, the variables `fn.params`.
   * `fn.captures` has no `label`.
   */
  | (At & { readonly kind: "loop"; readonly label: Local; readonly fn: FunctionNode; readonly inits: readonly Node[] })
  | (At & { readonly kind: "if"; readonly test: Node; readonly then: Node; readonly otherwise: Node })
  | (At & { readonly kind: "begin"; readonly body: readonly Node[] })
  | (At & { readonly kind: "while"; readonly test: Node; readonly body: Node })
  /** Half-open; `step` null is 1. The local may be assigned in the body. The value is unit. */
  | (At & {
      readonly kind: "for";
      readonly local: Local;
      readonly from: Node;
      readonly to: Node;
      readonly step: Node | null;
      readonly body: Node;
    })
  | LambdaNode
  /** A call of a global name: function, method, global variable, operator or native. Includes conversions `(i64 x)`, `(any x)`, `spawn`, `print`, …. */
  | (At & { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] })
  /** A call of a value: a local, or any other expression. */
  | (At & { readonly kind: "call-value"; readonly callee: Node; readonly args: readonly Node[] })
  | (At & {
      readonly kind: "try";
      readonly body: Node;
      readonly catches: readonly Catch[];
      readonly cleanup: Node | null;
    })
  | (At & { readonly kind: "raise"; readonly value: Node })
  | (At & { readonly kind: "the"; readonly type: TypeSyntax; readonly value: Node })
  | (At & { readonly kind: "is"; readonly type: TypeSyntax; readonly value: Node })
  | (At & { readonly kind: "as"; readonly type: TypeSyntax; readonly value: Node })
  | (At & {
      readonly kind: "new";
      readonly where: "heap" | "malloc" | "stack";
      readonly struct: string;
      readonly args: readonly Node[];
    })
  /** `(array T n)`, zeroed. */
  | (At & { readonly kind: "array"; readonly type: TypeSyntax; readonly length: Node })
  /** `(array-of a b c)` and `(list a b c)`. */
  | (At & { readonly kind: "array-of" | "list-of"; readonly items: readonly Node[] });

export interface Binding {
  readonly local: Local;
  readonly type: TypeSyntax | null;
  readonly init: Node;
}

export interface RecBinding {
  readonly local: Local;
  readonly lambda: LambdaNode;
}

export interface Catch {
  readonly pos: Pos;
  readonly local: Local;
  /** null: everything that is raised, as `any`. */
  readonly type: TypeSyntax | null;
  readonly body: Node;
}

export interface FieldSyntax {
  readonly pos: Pos;
  readonly name: string;
  readonly type: TypeSyntax;
}

/** One form at top level. `and`, `or`, `cond`, `when`, `unless` are `if` by then; `with-lock` is `try`. */
export type TopLevel =
  | (At & { readonly kind: "expression"; readonly file: string; readonly value: Node })
  | (At & {
      readonly kind: "define";
      readonly file: string;
      readonly name: string;
      readonly type: TypeSyntax | null;
      readonly value: Node;
    })
  | (At & { readonly kind: "define-function"; readonly name: string; readonly fn: FunctionNode })
  /** The first parameter has a type: the structure it is for. */
  | (At & { readonly kind: "define-method"; readonly name: string; readonly fn: FunctionNode })
  /** The parameters get syntax as `any`, a parameter after the dot the rest as a list of any; the result is `any`. */
  | (At & { readonly kind: "define-macro"; readonly name: string; readonly rest: boolean; readonly fn: FunctionNode })
  | (At & {
      readonly kind: "define-struct";
      readonly file: string;
      readonly name: string;
      readonly fields: readonly FieldSyntax[];
    })
  | (At & {
      readonly kind: "add-field";
      readonly file: string;
      readonly struct: string;
      readonly field: FieldSyntax;
      readonly initial: Node | null;
    })
  | (At & { readonly kind: "require"; readonly file: string; readonly path: string })
  | (At & { readonly kind: "disassemble"; readonly file: string; readonly name: string });

/** What belongs to an error: another place, or how it came about. */
export interface ErrorNote {
  readonly what: string;
  readonly file: string;
  readonly pos: Pos;
}

/** A program's types or names are wrong. The message is "file:line:column: error: …", with a line for each note. */
export class LanguageError extends Error {
  override readonly name = "LanguageError";
  readonly file: string;
  readonly pos: Pos;
  /** The message without its place. */
  readonly what: string;
  readonly notes: readonly ErrorNote[];

  constructor(file: string, at: Pos, what: string, notes: readonly ErrorNote[] = []) {
    const lines = notes.map((note) => `\n${place(note.file, note.pos)}: note: ${note.what}`);
    super(`${place(file, at)}: error: ${what}${lines.join("")}`);
    this.file = file;
    this.pos = at;
    this.what = what;
    this.notes = notes;
  }
}
