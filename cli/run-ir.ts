/** `vmkit ir run`: calls a function of an IR text, in the reference interpreter or as compiled code, over a small memory of its own. */

import type { Cell, HostCode } from "#interp";
import { Fuel, f32ToBits, f64ToBits, Interpreter, Thrown } from "#interp";
import type { Module, TrapKind, Type } from "#ir";
import { printFloat32, printFloat64 } from "#ir";
import { CARRIER_BYTES, CARRIER_LIMIT, CARRIER_STACK_LIMIT, CARRIER_TOP, CARRIERS } from "#layout";
import { Optimizer } from "#passes";
import { BadInput, Switches } from "#support";
import { type CompiledEnvironment, compiledFunctions } from "./compiled.ts";
import { readVerified } from "./ir.ts";

const MEMORY_BYTES = 16 * 1024 ** 2;
const CARRIER = CARRIERS;
const STACK_START = CARRIERS + 2 * CARRIER_BYTES;
const STACK_END = 4 * 1024 ** 2;
/** Objects lie behind the stack, up to the end; there is no collector. */
const HEAP_START = STACK_END;
const STACK_RESERVE = 4096;
const TRAP_OBJECT_BYTES = 16;

export interface RunOptions {
  /** As compiled code, not in the interpreter. */
  readonly compiled?: boolean;
  /** The passes are run before. */
  readonly opt?: boolean;
}

/** The function ended with an exception or a failed check. */
export class Uncaught extends Error {
  override readonly name = "Uncaught";
}

/**
 * What `ir run` prints: the result in the form of the text's own constants, nothing when there is none.
 *
 * @param name the function's name; the first one when undefined
 * @param args in the same form; refs and addresses can only be `null` or numbers
 * @param print gets each line that the host function `print` is called for
 * @throws BadInput for the text, the name or an argument
 * @throws Uncaught when the function throws
 */
export function runText(
  text: string,
  file: string,
  name: string | undefined,
  args: readonly string[],
  print: (line: string) => void,
  how: RunOptions = {},
): string {
  const module = readVerified(text, file);
  const slots = slotsOf(module);
  const names = module.functions.map(({ func }) => func.name);
  const wanted = name?.replace(/^@/, "") ?? names[0];
  const index = names.indexOf(wanted ?? "");
  const chosen = module.functions[index];
  if (chosen === undefined) {
    throw new BadInput({ file, expected: `a function of this file (${names.join(", ")})`, found: wanted ?? "none" });
  }
  const { params, result } = chosen.func.signature;
  if (args.length !== params.length) {
    const expected = `${params.length} arguments for @${wanted}`;
    throw new BadInput({ file, expected, found: String(args.length) });
  }
  const cells = params.map((type, i) => parseCell(type, args[i] ?? "", i + 1));

  if (how.opt === true) {
    const optimizer = new Optimizer(Switches.parse(process.env));
    for (const { func } of module.functions) optimizer.run(func);
  }
  const traps = new Map<number, string>();
  const environment = machine(module, file, traps, print);
  const functions = module.functions.map(({ func }, i) => ({ func, slot: slots[i] ?? 0 }));
  try {
    let value: Cell | undefined;
    if (how.compiled === true) {
      value = compiledFunctions(functions, environment)(slots[index] ?? 0, cells);
    } else {
      const interpreter = new Interpreter({ ...environment, memory: environment.memory.buffer });
      for (const { func, slot } of functions) interpreter.define(slot, func);
      value = interpreter.run(slots[index] ?? 0, STACK_END, cells);
    }
    return value === undefined || result === null ? "" : `${printCell(result, value)}\n`;
  } catch (error) {
    if (error instanceof Thrown) {
      throw new Uncaught(`${file}: @${wanted} threw ${traps.get(error.ref) ?? `the object at ${error.ref}`}`);
    }
    if (error instanceof Fuel) throw new Uncaught(`${file}: @${wanted}: ${error.message}`);
    throw error;
  }
}

/** The slot of each function: its own, or else the first free one. */
function slotsOf(module: Module): number[] {
  const used = new Set(module.functions.map(({ slot }) => slot));
  let next = 0;
  return module.functions.map(({ slot }) => {
    if (slot !== null) return slot;
    while (used.has(next)) next += 1;
    used.add(next);
    return next;
  });
}

function machine(
  module: Module,
  file: string,
  traps: Map<number, string>,
  print: (line: string) => void,
): CompiledEnvironment {
  const hosts = new Map<string, HostCode>();
  for (const host of module.hosts) {
    if (host.name !== "print" || host.signature.result !== null) {
      throw new BadInput({ file, expected: "the host function print, without a result", found: host.name });
    }
    const types = host.signature.params;
    hosts.set(host.name, (...all) => {
      const values = host.pure ? all : all.slice(1);
      print(values.map((value, i) => printCell(types[i] ?? "i32", value)).join(" "));
    });
  }
  const pages = MEMORY_BYTES / 65536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const words = new DataView(memory.buffer);
  const allocate = (bytes: number): number => {
    const top = words.getUint32(CARRIER + CARRIER_TOP, true);
    words.setUint32(CARRIER + CARRIER_TOP, top + bytes, true);
    return top;
  };
  words.setUint32(CARRIER + CARRIER_TOP, HEAP_START, true);
  // A failed check needs an object to throw even when memory has run out.
  words.setUint32(CARRIER + CARRIER_LIMIT, MEMORY_BYTES - STACK_RESERVE, true);
  words.setUint32(CARRIER + CARRIER_STACK_LIMIT, STACK_START + STACK_RESERVE, true);
  return {
    memory,
    sp: STACK_END,
    carrier: CARRIER,
    hosts,
    trap: (kind: TrapKind, a, b) => {
      const top = words.getUint32(CARRIER + CARRIER_TOP, true);
      const object = top + TRAP_OBJECT_BYTES <= MEMORY_BYTES ? allocate(TRAP_OBJECT_BYTES) : HEAP_START;
      traps.set(object, `trap ${kind} (${a}, ${b})`);
      return object;
    },
    alloc: () => 0,
    poll: () => {},
    stackLimit: STACK_START + STACK_RESERVE,
  };
}

/** A value as constants are printed in IR text. */
function printCell(type: Type, value: Cell): string {
  if (type === "f32") return printFloat32(f32ToBits(Number(value)));
  if (type === "f64") return printFloat64(f64ToBits(Number(value)));
  if (type === "ref" || type === "iref") return value === 0 ? "null" : `0x${value.toString(16)}`;
  return String(value);
}

function parseCell(type: Type, text: string, position: number): Cell {
  const refuse = (expected: string): never => {
    throw new BadInput({ file: `argument ${position}`, expected, found: JSON.stringify(text) });
  };
  if (type === "f32" || type === "f64") {
    const special: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: Number.NaN };
    const value = special[text] ?? (text === "" ? Number.NaN : Number(text));
    return Number.isNaN(value) && text !== "nan" ? refuse(`an ${type}`) : value;
  }
  if (text === "null" && type !== "i32" && type !== "i64") return 0;
  if (!/^-?(?:0x[0-9a-fA-F]+|[0-9]+)$/.test(text)) return refuse(`an ${type}`);
  const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
  const bits = type === "i64" ? 64n : 32n;
  if (value < -(1n << (bits - 1n)) || value >= 1n << bits) return refuse(`a number of ${bits} bits`);
  return type === "i64" ? value : Number(value);
}
