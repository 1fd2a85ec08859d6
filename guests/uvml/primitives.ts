/** Operators and what else is polymorphic: how many arguments, and the type of the result. What code they are is in `operators.ts`. */
import type { Node } from "./ast.ts";
import type { Solver } from "./solver.ts";
import {
  ANY,
  array,
  BOOL,
  fnType,
  I32,
  isCollected,
  isPrim,
  list,
  type NumberName,
  numberName,
  prim,
  prune,
  STRING,
  type Type,
  UNIT,
} from "./types.ts";

export type CallNode = Extract<Node, { kind: "call" }>;

export interface Primitive {
  readonly least: number;
  readonly most: number;
  /** Its type, given the arguments'. */
  readonly type: (i: Solver, node: CallNode, args: readonly Type[]) => Type;
}

const MANY = Number.POSITIVE_INFINITY;

function arithmetic(least: number, most: number, kind: "number" | "integer" | "float"): Primitive {
  return {
    least,
    most,
    type: (i, node, args) => {
      const type = i.fresh(node, kind);
      type.origin = null;
      for (const [index, arg] of args.entries()) i.unify(arg, type, node.args[index]!);
      return type;
    },
  };
}

/** `test` says which types it is for. */
function comparison(what: string, test: (type: Type) => boolean): Primitive {
  return {
    least: 2,
    most: 2,
    type: (i, node, args) => {
      i.unify(args[1]!, args[0]!, node.args[1]!);
      i.check(() => {
        if (!test(prune(args[0]!))) i.fail(node.args[0]!, `${node.name} compares ${what}, not ${i.text(args[0]!)}`);
      });
      return BOOL;
    },
  };
}

const ordered = (type: Type) => numberName(type) !== null || isPrim(type, "char");
const plain = (type: Type) =>
  ordered(type) || isPrim(type, "bool") || isPrim(type, "symbol") || isPrim(type, "unit") || type.kind === "ptr";
const equality = comparison("numbers, characters, booleans and symbols (equal? compares everything)", plain);
const order = comparison("numbers and characters", ordered);
const identity = comparison("references and plain values", (type) => plain(type) || isCollected(type));

function conversion(name: NumberName | "char"): Primitive {
  return {
    least: 1,
    most: 1,
    type: (i, node, args) => {
      i.check(() => {
        const from = prune(args[0]!);
        const fine =
          name === "char" ? numberName(from) !== null || isPrim(from, "char") : ordered(from) || isPrim(from, "bool");
        if (!fine) i.fail(node.args[0]!, `${i.text(from)} cannot be converted to ${name}`);
      });
      return prim(name);
    },
  };
}

/** `first` arguments of those types, then any that can be printed or boxed. */
function boxing(least: number, most: number, result: (i: Solver) => Type, ...first: readonly Type[]): Primitive {
  return {
    least,
    most,
    type: (i, node, args) => {
      for (const [index, arg] of args.entries()) {
        if (index < first.length) i.unify(arg, first[index]!, node.args[index]!);
        else i.boxed(arg, node.args[index]!);
      }
      return result(i);
    },
  };
}

const printing = boxing(0, MANY, () => UNIT);

/** The list that an argument is, decided late: `onList` gets its element type, for any it is `any`. */
function onList(i: Solver, node: CallNode, type: Type, use: (element: Type) => void): void {
  i.later(node, (stage) => {
    const at = prune(type);
    if (at.kind === "var" && stage < 2 && at.class !== "nil") return false;
    if (isPrim(at, "any")) use(ANY);
    else {
      const element = i.fresh(null);
      i.unify(type, list(element), node.args.at(-1)!);
      use(element);
    }
    return true;
  });
}

const cons: Primitive = {
  least: 2,
  most: 2,
  type: (i, node, [first, rest]) => {
    const result = i.fresh(node);
    i.later(node, (stage) => {
      const at = prune(rest!);
      if (at.kind === "var" && at.class === "any" && stage === 0) return false;
      if (isPrim(at, "any")) i.boxed(first!, node.args[0]!);
      else {
        if (at.kind === "list") i.unify(first!, at.of, node.args[0]!);
        else i.unify(rest!, list(first!), node.args[1]!);
      }
      i.unify(result, rest!, node);
      return true;
    });
    return result;
  },
};

const car: Primitive = {
  least: 1,
  most: 1,
  type: (i, node, [arg]) => {
    const result = i.fresh(node);
    onList(i, node, arg!, (element) => i.unify(result, element, node));
    return result;
  },
};

const cdr: Primitive = {
  least: 1,
  most: 1,
  type: (i, node, [arg]) => {
    onList(i, node, arg!, () => {});
    return arg!;
  },
};

const length: Primitive = {
  least: 1,
  most: 1,
  type: (i, node, [arg]) => {
    i.later(node, (stage) => {
      const at = prune(arg!);
      if (at.kind === "var" && stage < 2) return false;
      if (at.kind === "array" || at.kind === "list" || isPrim(at, "any") || isPrim(at, "string")) return true;
      if (at.kind !== "var") i.fail(node.args[0]!, `${i.text(at)} has no length`);
      i.unify(at, list(i.fresh(null)), node.args[0]!);
      return true;
    });
    return I32;
  },
};

/** Parameters and result of fixed types. */
function fixed(params: readonly Type[], result: Type): Primitive {
  return {
    least: params.length,
    most: params.length,
    type: (i, node, args) => {
      for (const [index, arg] of args.entries()) i.unify(arg, params[index]!, node.args[index]!);
      return result;
    },
  };
}

const shift: Primitive = {
  least: 2,
  most: 2,
  type: (i, node, args) => {
    i.unify(args[1]!, i.fresh(null, "integer"), node.args[1]!);
    const type = i.fresh(null, "integer");
    i.unify(args[0]!, type, node.args[0]!);
    return type;
  },
};

export const PRIMITIVES = {
  "+": arithmetic(1, MANY, "number"),
  "-": arithmetic(1, MANY, "number"),
  "*": arithmetic(1, MANY, "number"),
  "/": arithmetic(2, MANY, "number"),
  "%": arithmetic(2, 2, "number"),
  min: arithmetic(1, MANY, "number"),
  max: arithmetic(1, MANY, "number"),
  abs: arithmetic(1, 1, "number"),
  sqrt: arithmetic(1, 1, "float"),
  floor: arithmetic(1, 1, "float"),
  ceil: arithmetic(1, 1, "float"),
  trunc: arithmetic(1, 1, "float"),
  round: arithmetic(1, 1, "float"),
  "&": arithmetic(2, MANY, "integer"),
  "bit-or": arithmetic(2, MANY, "integer"),
  "^": arithmetic(2, MANY, "integer"),
  "~": arithmetic(1, 1, "integer"),
  "<<": shift,
  ">>": shift,
  "=": equality,
  "!=": equality,
  "<": order,
  ">": order,
  "<=": order,
  ">=": order,
  "eq?": identity,
  not: fixed([BOOL], BOOL),
  i8: conversion("i8"),
  i16: conversion("i16"),
  i32: conversion("i32"),
  i64: conversion("i64"),
  u8: conversion("u8"),
  u16: conversion("u16"),
  u32: conversion("u32"),
  u64: conversion("u64"),
  f32: conversion("f32"),
  f64: conversion("f64"),
  char: conversion("char"),
  any: boxing(1, 1, () => ANY),
  cons,
  car,
  cdr,
  "null?": {
    least: 1,
    most: 1,
    type: (i, node, [arg]) => {
      i.check(() => {
        const at = prune(arg!);
        if (!isCollected(at) && at.kind !== "ptr") i.fail(node.args[0]!, `${i.text(at)} is never null`);
      });
      return BOOL;
    },
  },
  length,
  "string-length": fixed([STRING], I32),
  aref: {
    least: 2,
    most: 2,
    type: (i, node, [target, index]) => {
      const element = i.fresh(node);
      i.unify(target!, array(element), node.args[0]!);
      i.unify(index!, I32, node.args[1]!);
      return element;
    },
  },
  free: {
    least: 1,
    most: 1,
    type: (i, node, [arg]) => {
      i.unify(arg!, { kind: "ptr", of: i.fresh(null) }, node.args[0]!);
      return UNIT;
    },
  },
  spawn: {
    least: 1,
    most: 1,
    type: (i, node, [thunk]) => {
      const result = i.fresh(node);
      i.unify(thunk!, fnType([], result), node.args[0]!);
      return { kind: "thread", of: result };
    },
  },
  join: {
    least: 1,
    most: 1,
    type: (i, node, [thread]) => {
      const result = i.fresh(node);
      i.unify(thread!, { kind: "thread", of: result }, node.args[0]!);
      return result;
    },
  },
  str: boxing(0, MANY, () => STRING),
  print: printing,
  println: printing,
  eprint: printing,
  eprintln: printing,
  "append!": boxing(2, MANY, () => UNIT, prim("builder")),
  // Never comes back, so its type is whatever is wanted.
  error: boxing(1, MANY, (i) => i.fresh(null)),
  assert: boxing(1, MANY, () => UNIT, BOOL),
} as const satisfies Record<string, Primitive>;

export type PrimitiveName = keyof typeof PRIMITIVES;

export function isPrimitive(name: string): name is PrimitiveName {
  return Object.hasOwn(PRIMITIVES, name);
}
