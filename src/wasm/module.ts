/**
 * A module of compiled functions, while these are written: what they import, and which of them can call each other directly.
 *
 * Imports are made when the first instruction that needs them is written, so a module has only those it uses, and the indices of its own functions are
 * known when all are written: until then a direct call has two bytes of room.
 */
import type { Func, Signature } from "#ir";
import type { Assembler } from "./assembler.ts";
import { compiledParams, ModuleEncoder, WASM_I32, wasmType } from "./encode.ts";
import type { Scratch } from "./scratch.ts";

/** A function and its slot. 0: calls of it go through the table, as it has no slot or may be redefined. */
export interface SlotFunction {
  readonly func: Func;
  readonly slot: number;
}

export class CodeModule {
  usesMemory = false;
  usesTable = false;
  usesTag = false;
  usesCarrier = false;
  readonly #encoder: ModuleEncoder;
  readonly #imports = new Map<string, number>();
  /** By slot: number of its function in the module. */
  readonly #numbers = new Map<number, number>();
  readonly #functions: readonly SlotFunction[];
  /** Pairs of the place of an index in the code section and the number of the function. */
  readonly #ownCalls: number[] = [];

  constructor(functions: readonly SlotFunction[], scratch: Scratch | null) {
    this.#functions = functions;
    this.#encoder = new ModuleEncoder(scratch);
    functions.forEach(({ slot }, number) => {
      if (slot !== 0) this.#numbers.set(slot, number);
    });
  }

  /** Number of the module's own function for a slot that calls with the signature may come to for good; -1: there is none. */
  ownFunction(slot: number, signature: Signature): number {
    const number = this.#numbers.get(slot);
    if (number === undefined) return -1;
    // A wrong signature is to fail as in the table.
    return this.#functions[number]!.func.signature.key === signature.key ? number : -1;
  }

  type(params: readonly number[], result: number): number {
    return this.#encoder.type(params, result);
  }

  /** Type number of compiled functions of the signature. */
  compiledType(signature: Signature): number {
    return this.type(compiledParams(signature), signature.result === null ? 0 : wasmType(signature.result));
  }

  /** Index of an imported function. */
  imported(module: string, name: string, params: readonly number[], result: number): number {
    let index = this.#imports.get(module + name);
    if (index === undefined) {
      index = this.#encoder.importFunction(module, name, this.type(params, result));
      this.#imports.set(module + name, index);
    }
    return index;
  }

  /** Adds the next function. */
  add(signature: Signature, locals: readonly number[], body: Assembler, name: string | null): void {
    const encoder = this.#encoder;
    if (name !== null) encoder.nameFunction(encoder.ownFunctions, name);
    encoder.addFunction(this.compiledType(signature), locals, body.out, body.hints);
    const { ownCalls } = body;
    for (let i = 0; i < ownCalls.length; i += 2) this.#ownCalls.push(encoder.bodyAt + ownCalls[i]!, ownCalls[i + 1]!);
  }

  /** Ends the module; `exportName` says what the function of a number is exported as. */
  finish(exportName: (number: number) => string): Uint8Array<ArrayBuffer> {
    const encoder = this.#encoder;
    if (this.usesMemory) encoder.importMemory("rt", "memory");
    if (this.usesTable) encoder.importTable("rt", "table");
    if (this.usesTag) encoder.importTag("rt", "tag", this.type([WASM_I32], 0));
    if (this.usesCarrier) encoder.importGlobal("rt", "carrier", WASM_I32);
    const first = encoder.importedFunctions;
    const calls = this.#ownCalls;
    for (let i = 0; i < calls.length; i += 2) encoder.setIndex(calls[i]!, first + calls[i + 1]!);
    for (let number = 0; number < encoder.ownFunctions; number++) {
      encoder.exportFunction(exportName(number), first + number);
    }
    return encoder.finish();
  }
}
