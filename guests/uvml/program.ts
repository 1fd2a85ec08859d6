/** What a program has defined: names, structures, and the specialisations of its functions with what inference found about each. */
import type { FunctionNode, LambdaNode, Local, Node } from "./ast.ts";
import type { NativeName } from "./natives/signatures.ts";
import type { PrimitiveName } from "./primitives.ts";
import { Jumps } from "./scan.ts";
import type { AddedField, Struct, Type } from "./types.ts";

/** What inference found about one function body, with the lambdas in it. */
export interface Typing {
  readonly types: Map<Node, Type>;
  readonly locals: Map<Local, Type>;
  readonly choices: Map<Node, Choice>;
}

/** What a name or a call turned out to mean. */
export type Choice =
  | { readonly kind: "spec"; readonly spec: Spec }
  | { readonly kind: "variable"; readonly variable: GlobalVariable }
  | { readonly kind: "dispatch"; readonly methods: readonly { readonly struct: Struct; readonly spec: Spec }[] }
  | { readonly kind: "primitive"; readonly name: PrimitiveName }
  | { readonly kind: "native"; readonly name: NativeName }
  /** A primitive or native as a value. */
  | { readonly kind: "lambda"; readonly lambda: LambdaNode }
  | { readonly kind: "field"; readonly struct: Struct; readonly added: AddedField | null }
  /** What a name of a type meant then. */
  | { readonly kind: "type"; readonly type: Type };

/** A function for parameters of certain types. */
export interface Spec {
  /** null: the function of a form at top level. */
  readonly entry: FunctionEntry | null;
  readonly fn: FunctionNode;
  readonly key: string;
  readonly params: readonly Type[];
  result: Type;
  readonly typing: Typing;
  /** Its result may still contain variables. */
  open: boolean;
  /** While open: its place on the stack, and the lowest one that it, or what it called, refers to. */
  index: number;
  low: number;
  /** Whose types were inferred from its result. */
  readonly callers: Set<Spec>;
}

export class FunctionEntry {
  readonly kind = "function";
  readonly name: string;
  /** Of a method: whose. */
  readonly struct: Struct | null;
  fn: FunctionNode;
  /** By the texts of the parameters' types. */
  readonly specs = new Map<string, Spec>();
  /** Slots are for ever: by the texts of the parameters' types and the result's. One table for all functions of a name. */
  slots = new Map<string, number>();

  constructor(name: string, fn: FunctionNode, struct: Struct | null = null) {
    this.name = name;
    this.fn = fn;
    this.struct = struct;
  }
}

export interface GlobalVariable {
  readonly kind: "variable";
  readonly name: string;
  readonly type: Type;
  /** Of its value. */
  readonly address: number;
}

export interface Methods {
  readonly kind: "methods";
  readonly name: string;
  readonly table: Map<Struct, FunctionEntry>;
}

export type Definition = FunctionEntry | GlobalVariable | Methods;

export class Program {
  readonly jumps = new Jumps();
  readonly names = new Map<string, Definition>();
  readonly structs = new Map<string, Struct>();
  /** Specialisations whose types depend on what a name means, or on what fields a structure has ("struct NAME"). */
  readonly users = new Map<string, Set<Spec>>();

  /** Notes that the specialisation depends on the name. */
  use(name: string, spec: Spec): void {
    let users = this.users.get(name);
    if (users === undefined) this.users.set(name, (users = new Set()));
    users.add(spec);
  }

  struct(name: string): Struct | undefined {
    return this.structs.get(name);
  }
}
