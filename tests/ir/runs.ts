/**
 * IR files with expectations: lines such as
 *
 *   ; run: f(1, 2.5) == 3
 *   ; run: f(0, 1) throws bounds(0, 0)
 *   ; run: g()
 *
 * Arguments and results are written like constants of their types.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { Cell } from "#interp";
import { type Module, type Op, parse, parseFloat32, parseFloat64, type SlottedFunc, type Type } from "#ir";
import { printCell } from "./tiers.ts";

export interface Run {
  /** As the file has it. */
  readonly text: string;
  readonly line: number;
  readonly func: SlottedFunc & { readonly slot: number };
  readonly args: readonly Cell[];
  readonly expected: string;
}

export interface IrFile {
  readonly name: string;
  readonly module: Module;
  readonly runs: readonly Run[];
}

const FIRST_FREE_SLOT = 100;

export function readIrFiles(folder: string): IrFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ir"));
  return names.sort().map((name) => readIrFile(name, readFileSync(`${folder}/${name}`, "utf8")));
}

export function readIrFile(name: string, text: string): IrFile {
  const parsed = parse(text, name);
  let free = FIRST_FREE_SLOT;
  const functions = parsed.functions.map(({ func, slot }) => ({ func, slot: slot ?? free++ }));
  const runs: Run[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const match = /^\s*;\s*run:\s*(.*)$/.exec(line);
    if (match === null) continue;
    const parts = /^(\w+)\((.*?)\)\s*(==.*|throws.*)?$/.exec(match[1]!);
    const func = functions.find((each) => each.func.name === parts?.[1]);
    if (parts === null || func === undefined) throw new Error(`${name}:${index + 1}: what is '${line}'?`);
    const { params, result } = func.func.signature;
    const given = parts[2] === "" ? [] : parts[2]!.split(",").map((each) => each.trim());
    if (given.length !== params.length) throw new Error(`${name}:${index + 1}: ${params.length} arguments expected`);
    const args = given.map((each, i) => readCell(params[i]!, each));
    let expected = (parts[3] ?? "returns").trim();
    if (expected.startsWith("==")) expected = normalize(result!, expected.slice(2).trim());
    runs.push({ text: match[1]!, line: index + 1, func, args, expected });
  }
  return { name, module: { hosts: parsed.hosts, functions }, runs };
}

function normalize(type: Type, text: string): string {
  return `== ${printCell(type, readCell(type, text))}`;
}

function readCell(type: Type, text: string): Cell {
  switch (type) {
    case "i32":
      return Number(BigInt.asIntN(32, readInteger(text)));
    case "i64":
      return BigInt.asIntN(64, readInteger(text));
    case "f32":
      return parseFloat32(text)!;
    case "f64":
      return parseFloat64(text)!;
    default:
      return text === "null" ? 0 : Number(BigInt.asUintN(32, readInteger(text)));
  }
}

function readInteger(text: string): bigint {
  return text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
}

/** All operations that a module's functions have. */
export function opsOf(module: Module): Set<Op> {
  const found = new Set<Op>();
  for (const { func } of module.functions) {
    for (const block of func.blocks) for (const inst of block.insts) found.add(inst.op);
  }
  return found;
}
