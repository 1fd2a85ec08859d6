/**
 * Operators and what else is polymorphic, and what types they have. What code they are is in `operators.ts`.
 *
 * Types are texts, as those of natives: parameters and result. T is any type, N a number, I and J integers, F a float, the same one wherever the
 * letter stands; any takes every value, boxed; `*` behind the last parameter: any number of them. `(-> T)` is a function of no parameters.
 */
import type { Node, TypeSyntax } from "./ast.ts";
import { NATIVES, type NativeName } from "./natives/signatures.ts";
import type { Solver } from "./solver.ts";
import {
  ANY,
  I32,
  isCollected,
  isPrim,
  list,
  numberName,
  parseType,
  prune,
  type Type,
  type VarClass,
} from "./types.ts";

export type CallNode = Extract<Node, { kind: "call" }>;
/** The type of a call, given the arguments'. */
type Rule = (i: Solver, node: CallNode, args: readonly Type[]) => Type;

export const PRIMITIVES = {
  "+": "(N N*) N",
  "-": "(N N*) N",
  "*": "(N N*) N",
  "/": "(N N N*) N",
  "%": "(N N) N",
  min: "(N N*) N",
  max: "(N N*) N",
  abs: "(N) N",
  sqrt: "(F) F",
  floor: "(F) F",
  ceil: "(F) F",
  trunc: "(F) F",
  round: "(F) F",
  "&": "(I I I*) I",
  "bit-or": "(I I I*) I",
  "^": "(I I I*) I",
  "~": "(I) I",
  "<<": "(I J) I",
  ">>": "(I J) I",
  "=": "(T T) bool",
  "!=": "(T T) bool",
  "<": "(T T) bool",
  ">": "(T T) bool",
  "<=": "(T T) bool",
  ">=": "(T T) bool",
  "eq?": "(T T) bool",
  not: "(bool) bool",
  i8: "(T) i8",
  i16: "(T) i16",
  i32: "(T) i32",
  i64: "(T) i64",
  u8: "(T) u8",
  u16: "(T) u16",
  u32: "(T) u32",
  u64: "(T) u64",
  f32: "(T) f32",
  f64: "(T) f64",
  char: "(T) char",
  any: "(any) any",
  cons: "(T U) U",
  car: "(U) T",
  cdr: "(T) T",
  "null?": "(T) bool",
  length: "(T) i32",
  "string-length": "(string) i32",
  aref: "((array T) i32) T",
  free: "((ptr T)) unit",
  spawn: "((-> T)) (thread T)",
  join: "((thread T)) T",
  str: "(any*) string",
  print: "(any*) unit",
  println: "(any*) unit",
  eprint: "(any*) unit",
  eprintln: "(any*) unit",
  "append!": "(builder any any*) unit",
  // Never comes back: its type is whatever is wanted.
  error: "(any any*) T",
  assert: "(bool any*) unit",
} as const;

export type PrimitiveName = keyof typeof PRIMITIVES;

const ordered = (type: Type) => numberName(type) !== null || isPrim(type, "char");
const plain = (type: Type) =>
  ordered(type) || ["bool", "symbol", "unit"].some((name) => isPrim(type, name as "bool")) || type.kind === "ptr";
const equality = allowed("compares numbers, characters, booleans and symbols (equal? compares everything)", plain);
const order = allowed("compares numbers and characters", ordered);
const conversion = allowed(
  "converts numbers, characters and booleans",
  (type) => ordered(type) || isPrim(type, "bool"),
);

/** What the texts do not say. */
const RULES: Readonly<Partial<Record<PrimitiveName, Rule>>> = {
  "=": equality,
  "!=": equality,
  "<": order,
  ">": order,
  "<=": order,
  ">=": order,
  "eq?": allowed("compares references and plain values", (type) => plain(type) || isCollected(type)),
  ...Object.fromEntries(
    ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"].map((name) => [name, conversion]),
  ),
  char: allowed("converts numbers", ordered),
  "null?": allowed("is for what can be null", (type) => isCollected(type) || type.kind === "ptr"),
  cons,
  car: (i, node, [arg]) => {
    const result = i.fresh(node);
    onList(i, node, arg!, (element) => i.unify(result, element, node));
    return result;
  },
  cdr: (i, node, [arg]) => {
    onList(i, node, arg!, () => {});
    return arg!;
  },
  length: (i, node, [arg]) => {
    i.later(node, (stage) => {
      const at = prune(arg!);
      if (at.kind === "var" && stage < 3) return false;
      if (at.kind === "array" || at.kind === "list" || isPrim(at, "any") || isPrim(at, "string")) return true;
      if (at.kind !== "var") i.fail(node.args[0]!, `${i.text(at)} has no length`);
      i.unify(at, list(i.fresh(null)), node.args[0]!);
      return true;
    });
    return I32;
  },
};

/** All arguments are of one type, of which the test says if it will do; looked at when types are known. */
function allowed(what: string, test: (type: Type) => boolean): Rule {
  return (i, node, args) => {
    for (const [index, arg] of args.entries()) if (index > 0) i.unify(arg, args[0]!, node.args[index]!);
    i.check(() => {
      if (!test(prune(args[0]!))) i.fail(node.args[0]!, `${node.name} ${what}, not ${i.text(args[0]!)}`);
    });
    return i.found(
      parseType(schemeOf(node.name)!.result, "", () => undefined),
      node,
    );
  };
}

/** Calls `use` with the element type of the list that an argument is, when that is known; it is `any` for any. */
function onList(i: Solver, node: CallNode, type: Type, use: (element: Type) => void): void {
  i.later(node, (stage) => {
    const at = prune(type);
    if (at.kind === "var" && stage < 3 && at.class !== "nil") return false;
    if (isPrim(at, "any")) use(ANY);
    else {
      const element = i.fresh(null);
      i.unify(type, list(element), node.args.at(-1)!);
      use(element);
    }
    return true;
  });
}

function cons(i: Solver, node: CallNode, args: readonly Type[]): Type {
  const [first, rest] = args as [Type, Type];
  const result = i.fresh(node);
  i.later(node, (stage) => {
    const at = prune(rest);
    if (at.kind === "var" && at.class === "any" && stage === 0) return false;
    if (isPrim(at, "any")) i.boxed(first, node.args[0]!);
    else if (at.kind === "list") i.unify(first, at.of, node.args[0]!);
    else i.unify(rest, list(first), node.args[1]!);
    i.unify(result, rest, node);
    return true;
  });
  return result;
}

// ---- types as texts -----------------------------------------------------------------------------------------------------------------

const CLASSES: Readonly<Record<string, VarClass>> = {
  T: "any",
  U: "any",
  N: "number",
  I: "integer",
  J: "integer",
  F: "float",
};

/** Parameters, the last of which may be there any number of times, and result. */
export interface Scheme {
  readonly params: readonly TypeSyntax[];
  readonly repeats: boolean;
  readonly result: TypeSyntax;
}

/** The type of a primitive or native; null: there is none of the name. */
export function schemeOf(name: string): Scheme | null {
  if (Object.hasOwn(PRIMITIVES, name)) return parseScheme(PRIMITIVES[name as PrimitiveName]);
  return Object.hasOwn(NATIVES, name) ? parseScheme(NATIVES[name as NativeName]) : null;
}

function parseScheme(text: string): Scheme {
  const tokens = text.match(/[()*]|[^()*\s]+/g) ?? [];
  let at = 0;
  const items = (): TypeSyntax[] => {
    const found: TypeSyntax[] = [];
    while (tokens[at] !== ")") found.push(read());
    at++;
    return found;
  };
  const read = (): TypeSyntax => {
    const token = tokens[at++]!;
    return token === "(" ? { pos: 0, head: tokens[at++]!, args: items() } : { pos: 0, head: token, args: [] };
  };
  at++;
  const params = items();
  const repeats = params.at(-1)?.head === "*";
  return { params: repeats ? params.slice(0, -1) : params, repeats, result: read() };
}

/** The type of a call of a primitive or native with as many arguments as it takes. */
export function schemeType(i: Solver, node: CallNode, { params, result }: Scheme, args: readonly Type[]): Type {
  if (Object.hasOwn(RULES, node.name)) return RULES[node.name as PrimitiveName]!(i, node, args);
  const letters = new Map<string, Type>();
  const letter = (name: string): Type | undefined => {
    const kind = CLASSES[name];
    if (kind !== undefined && !letters.has(name)) letters.set(name, i.fresh(null, kind));
    return letters.get(name);
  };
  for (const [index, arg] of args.entries()) {
    const param = params[Math.min(index, params.length - 1)]!;
    if (param.head === "any") i.boxed(arg, node.args[index]!);
    else i.unify(arg, parseType(param, "", letter), node.args[index]!);
  }
  return node.name === "fail" ? i.fresh(null) : i.found(parseType(result, "", letter), node);
}
