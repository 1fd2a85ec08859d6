/**
 * Types. Concrete ones are made of the shapes below; while a function is inferred they may contain variables, which are bound in place.
 * A trail of bindings is not kept: inference that fails ends with an error.
 */
import { isKind, KINDS, type Kind } from "#ir";
import { Bug } from "#support";
import { LanguageError, type Pos, place, type TypeSyntax } from "./ast.ts";

export { isIntegerKind as isInteger, kindHolds as fits } from "#ir";

/** Types without arguments. */
export type PrimName = NumberName | "bool" | "char" | "string" | "symbol" | "unit" | "any" | "mutex" | "builder";
export type NumberName = Kind;

export interface StructField {
  readonly name: string;
  readonly type: Type;
}

/** A structure type; compared by identity, so a structure that was defined anew is another type. */
export interface Struct {
  readonly kind: "struct";
  readonly name: string;
  /** How often the name was defined before: part of the type's key. */
  readonly version: number;
  /** Set once, right after the type was made: fields may name the type itself. */
  fields: readonly StructField[];
  /** Fields that were added later, in their order; they live in extension objects. */
  readonly added: AddedField[];
}

export interface AddedField extends StructField {
  /** Number of the extension, unique in the VM. */
  readonly id: number;
  /** Address of what objects without it give. */
  readonly initial: number;
}

/** What a variable may become: anything; a type that has null; a number; a number an integer literal can be; a float; an integer. */
export type VarClass = "any" | "nil" | "number" | "literal" | "float" | "integer";

export interface TypeVar {
  readonly kind: "var";
  readonly id: number;
  class: VarClass;
  /** The literals among what it stands for: they decide the default, and must fit. */
  least: bigint;
  most: bigint;
  bound: Type | null;
  /** Where it came from, for messages. */
  origin: Origin | null;
}

/** Where a type was found. */
export interface Origin {
  readonly file: string;
  readonly pos: Pos;
}

export type Type =
  | { readonly kind: "prim"; readonly name: PrimName }
  | { readonly kind: "list" | "array" | "thread" | "ptr" | "local"; readonly of: Type }
  | { readonly kind: "fn"; readonly params: readonly Type[]; readonly result: Type }
  | Struct
  | TypeVar;

const PRIMS: readonly PrimName[] = [...KINDS, "bool", "char", "string", "symbol", "unit", "any", "mutex", "builder"];

const TABLE: ReadonlyMap<string, Type> = new Map(PRIMS.map((name) => [name, Object.freeze({ kind: "prim", name })]));

export function prim(name: PrimName): Type {
  return TABLE.get(name)!;
}

export const I32 = prim("i32");
export const I64 = prim("i64");
export const F64 = prim("f64");
export const BOOL = prim("bool");
export const CHAR = prim("char");
export const STRING = prim("string");
export const SYMBOL = prim("symbol");
export const UNIT = prim("unit");
export const ANY = prim("any");

export function list(of: Type): Type {
  return { kind: "list", of };
}

export function array(of: Type): Type {
  return { kind: "array", of };
}

export function fnType(params: readonly Type[], result: Type): Type {
  return { kind: "fn", params, result };
}

/** The type, which is that of functions. */
export function asFn(type: Type): Extract<Type, { kind: "fn" }> {
  const at = prune(type);
  if (at.kind !== "fn") throw new Bug(`${typeText(at)} is no function`);
  return at;
}

/** Of what an array, list, pointer or thread is. */
export function partOf(type: Type): Type {
  const at = prune(type);
  if (at.kind === "prim" || at.kind === "fn" || at.kind === "struct" || at.kind === "var")
    throw new Bug(`${typeText(at)} has no parts`);
  return prune(at.of);
}

/** What the variable is bound to, at last; other types are themselves. */
export function prune(type: Type): Type {
  let at = type;
  while (at.kind === "var" && at.bound !== null) at = at.bound;
  return at;
}

/** The type without bound variables. */
export function resolve(type: Type): Type {
  const at = prune(type);
  switch (at.kind) {
    case "list":
    case "array":
    case "thread":
    case "ptr":
    case "local":
      return { kind: at.kind, of: resolve(at.of) };
    case "fn":
      return fnType(at.params.map(resolve), resolve(at.result));
    default:
      return at;
  }
}

/** Calls the visitor with each variable that is not bound; the same one may come twice. */
export function eachVar(type: Type, visit: (variable: TypeVar) => void): void {
  const at = prune(type);
  if (at.kind === "var") visit(at);
  else if (at.kind === "fn") {
    for (const param of at.params) eachVar(param, visit);
    eachVar(at.result, visit);
  } else if (at.kind !== "prim" && at.kind !== "struct") eachVar(at.of, visit);
}

/** Whether no variable is left in it. */
export function isConcrete(type: Type): boolean {
  const at = prune(type);
  if (at.kind === "fn") return isConcrete(at.result) && at.params.every(isConcrete);
  if (at.kind === "prim" || at.kind === "struct") return true;
  return at.kind !== "var" && isConcrete(at.of);
}

/** As it is written in programs; variables as `?`, `?number` and the like. Different concrete types have different texts. */
export function typeText(type: Type): string {
  const at = prune(type);
  switch (at.kind) {
    case "prim":
      return at.name;
    case "struct":
      return at.version === 0 ? at.name : `${at.name}'${at.version}`;
    case "fn":
      return `(-> (${at.params.map(typeText).join(" ")}) ${typeText(at.result)})`;
    case "var":
      return at.class === "any" ? "?" : `?${at.class === "literal" ? "number" : at.class}`;
    default:
      return `(${at.kind} ${typeText(at.of)})`;
  }
}

export function isPrim(type: Type, name: PrimName): boolean {
  const at = prune(type);
  return at.kind === "prim" && at.name === name;
}

/** The name of a number type; null for other types. */
export function numberName(type: Type): NumberName | null {
  const at = prune(type);
  return at.kind === "prim" && isKind(at.name) ? at.name : null;
}

/** Whether values are references to collected objects. */
export function isCollected(type: Type): boolean {
  const at = prune(type);
  if (at.kind === "prim") return ["string", "symbol", "any", "mutex", "builder"].includes(at.name);
  return at.kind !== "ptr" && at.kind !== "local";
}

/** The type that was written. `named` finds a structure by name. */
export function parseType(syntax: TypeSyntax, file: string, named: (name: string) => Type | undefined): Type {
  const { head, args } = syntax;
  const fail = (what: string): never => {
    throw new LanguageError(file, syntax.pos, what);
  };
  if (head === "->") {
    if (args.length === 0) fail("(-> (A B) R) expected");
    const parts = args.map((arg) => parseType(arg, file, named));
    if (parts.some((part) => part.kind === "local") && parts.at(-1)!.kind === "local")
      fail("a function cannot give a structure of its own frame");
    return fnType(parts.slice(0, -1), parts.at(-1)!);
  }
  switch (head) {
    case "list":
    case "array":
    case "thread": {
      if (args.length !== 1) fail(`(${head} T) expected`);
      const of = parseType(args[0]!, file, named);
      if (of.kind === "local") fail(`${typeText(of)} cannot be in a ${head}`);
      return { kind: head, of };
    }
    case "ptr":
    case "local": {
      const of = args.length === 1 ? parseType(args[0]!, file, named) : fail(`(${head} S) expected`);
      if (of.kind !== "struct" && of.kind !== "var") fail(`(${head} S) is for structures, not for ${typeText(of)}`);
      return { kind: head, of };
    }
  }
  if (args.length > 0) fail(`there is no type (${head} …)`);
  return TABLE.get(head) ?? named(head) ?? fail(`there is no type ${head}`);
}

/** "file:line:column" of an origin. */
export function originText(origin: Origin): string {
  return place(origin.file, origin.pos);
}
