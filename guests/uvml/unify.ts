/** Making types equal. Variables are bound in place; a variable keeps where its type was found, for messages. */
import {
  ANY,
  F64,
  fits,
  I32,
  I64,
  isCollected,
  isInteger,
  numberName,
  type Origin,
  originText,
  prim,
  prune,
  type Type,
  type TypeVar,
  typeText,
  UNIT,
  type VarClass,
} from "./types.ts";

export class Variables {
  #next = 0;

  fresh(origin: Origin | null = null, kind: VarClass = "any"): TypeVar {
    return { kind: "var", id: this.#next++, class: kind, least: 0n, most: 0n, bound: null, origin };
  }

  literal(value: bigint, origin: Origin): TypeVar {
    const variable = this.fresh(origin, "literal");
    if (value < 0n) variable.least = value;
    else variable.most = value;
    return variable;
  }

  /** The type, found there. */
  found(type: Type, origin: Origin): Type {
    const variable = this.fresh(origin);
    variable.bound = type;
    return variable;
  }
}

/** Where the type was found, nearest to what is known of it. */
export function originOf(type: Type): Origin | null {
  let origin: Origin | null = null;
  for (let at: Type | null = type; at !== null && at.kind === "var"; at = at.bound) origin = at.origin ?? origin;
  return origin;
}

const WORDS: Readonly<Record<VarClass, string>> = {
  any: "an unknown type",
  nil: "an empty list",
  number: "a number",
  literal: "a number",
  float: "a float",
  integer: "an integer",
};

/** The type for a message, cut off after so many characters. */
export function shown(type: Type): string {
  const at = prune(type);
  const text = at.kind === "var" ? WORDS[at.class] : typeText(at);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

const MAX_SHOWN = 200;

/** What is wrong if a value of the one type stands where the other is wanted; null: they are equal now. */
export function unify(found: Type, wanted: Type, at: Origin): string | null {
  const problem = equate(found, wanted, at);
  if (problem === null) return null;
  const origin = originOf(wanted);
  const elsewhere =
    origin !== null && !(origin.file === at.file && origin.pos === at.pos) ? ` at ${originText(origin)}` : " is wanted";
  return `type clash: ${shown(found)} here, but ${shown(wanted)}${elsewhere}${problem}`;
}

/** null, or what is to be added to "type clash". */
function equate(a: Type, b: Type, at: Origin): string | null {
  const left = prune(a);
  const right = prune(b);
  if (left === right) return null;
  if (left.kind === "var") return right.kind === "var" ? merge(left, right, b) : bind(left, b, right, at);
  if (right.kind === "var") return bind(right, a, left, at);
  if (left.kind === "prim") return right.kind === "prim" && left.name === right.name ? null : "";
  if (left.kind === "struct" || left.kind !== right.kind) return "";
  if (left.kind === "fn") {
    if (right.kind !== "fn" || left.params.length !== right.params.length) return "";
    for (const [index, param] of left.params.entries()) {
      const problem = equate(param, right.params[index]!, at);
      if (problem !== null) return problem;
    }
    return equate(left.result, right.result, at);
  }
  return right.kind === left.kind ? equate(left.of, right.of, at) : "";
}

const RANK: Readonly<Record<VarClass, number>> = { any: 0, number: 1, literal: 2, integer: 3, float: 3, nil: 1 };

function merge(from: TypeVar, to: TypeVar, target: Type): string | null {
  const numeric = (kind: VarClass) => kind !== "any" && kind !== "nil";
  if (from.class !== to.class && from.class !== "any" && to.class !== "any") {
    if (numeric(from.class) !== numeric(to.class) || RANK[from.class] === RANK[to.class]) return "";
  }
  if (RANK[from.class] > RANK[to.class]) to.class = from.class;
  if (from.least < to.least) to.least = from.least;
  if (from.most > to.most) to.most = from.most;
  to.origin ??= from.origin;
  from.bound = target;
  return null;
}

function bind(variable: TypeVar, target: Type, type: Exclude<Type, TypeVar>, at: Origin): string | null {
  const problem = refusal(variable, type);
  if (problem !== null) return problem;
  const size = { left: MAX_PARTS };
  if (occurs(variable, type, size))
    return size.left > 0 ? ": the type would contain itself" : ": the type is too large";
  variable.origin ??= at;
  variable.bound = target;
  return null;
}

/** Why the variable cannot become the type, as far as its class and literals say. */
function refusal({ class: kind, least, most }: TypeVar, type: Exclude<Type, TypeVar>): string | null {
  if (kind === "any") return null;
  if (kind === "nil") return isCollected(type) || type.kind === "ptr" ? null : "";
  const name = numberName(type);
  if (name === null || (kind === "integer" && !isInteger(name)) || (kind === "float" && isInteger(name))) return "";
  const misfit = [least, most].find((literal) => !fits(name, literal));
  return misfit === undefined ? null : `: ${misfit} does not fit ${name}`;
}

/** A type may have so many parts: those that two share count twice, as they do for whoever walks through it. */
const MAX_PARTS = 10_000;

function occurs(variable: TypeVar, type: Type, size: { left: number }): boolean {
  const at = prune(type);
  if (at === variable || size.left-- <= 0) return true;
  if (at.kind === "fn")
    return occurs(variable, at.result, size) || at.params.some((param) => occurs(variable, param, size));
  return at.kind !== "prim" && at.kind !== "struct" && at.kind !== "var" && occurs(variable, at.of, size);
}

/** Whether the types could be made equal, looking at each part by itself. Binds nothing. */
export function compatible(a: Type, b: Type): boolean {
  const [left, right] = [prune(a), prune(b)];
  if (left.kind === "var") return right.kind === "var" || refusal(left, right) === null;
  if (right.kind === "var") return refusal(right, left) === null;
  if (left.kind === "prim" || left.kind === "struct") return left === right;
  if (left.kind !== "fn" || right.kind !== "fn")
    return left.kind === right.kind && "of" in left && "of" in right && compatible(left.of, right.of);
  const params = left.params.every((param, index) => compatible(param, right.params[index] ?? param));
  return params && left.params.length === right.params.length && compatible(left.result, right.result);
}

/** What an unbound variable is when nothing decides. */
export function defaultOf(variable: TypeVar): Type {
  switch (variable.class) {
    case "any":
      return UNIT;
    case "nil":
      return ANY;
    case "float":
      return F64;
    default: {
      const within = (name: "i32" | "i64") => fits(name, variable.least) && fits(name, variable.most);
      return within("i32") ? I32 : within("i64") ? I64 : prim("u64");
    }
  }
}
