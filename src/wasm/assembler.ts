/**
 * Single instructions of one function's body, and the imports that they ask for.
 *
 * The function is the only one of its module. Imports are made when the first instruction that needs them is written, so a module has
 * only those it uses.
 */
import type { Signature } from "#ir";
import { compiledParams, ModuleEncoder, WASM_I32, WASM_VOID, Writer, wasmType } from "./encode.ts";
import {
  ATOMIC_FENCE,
  OP_CALL,
  OP_END,
  OP_GLOBAL_GET,
  OP_I32_CONST,
  OP_IF,
  OP_LOCAL_GET,
  OP_LOCAL_SET,
  OP_LOCAL_TEE,
  OP_UNREACHABLE,
  PREFIX_ATOMIC,
  PREFIX_MISC,
} from "./opcodes.ts";
import type { Scratch } from "./scratch.ts";

export class Assembler {
  readonly module: ModuleEncoder;
  readonly out: Writer;
  /** Number of labels around the current place, the function's own not counted. */
  depth = 0;
  /** Pairs of the place of a branch and whether it is likely. */
  readonly hints: number[] = [];

  /** Place of the last local.set, its end, and the local. */
  #setAt = -1;
  #setEnd = -1;
  #setLocal = -1;
  #usesMemory = false;
  #usesTable = false;
  #usesTag = false;
  #usesCarrier = false;
  /** Places of the function's index in its calls of itself: known when all imports are. */
  readonly #selfCalls: number[] = [];
  readonly #imports = new Map<string, number>();

  constructor(scratch: Scratch, room: number) {
    this.module = new ModuleEncoder(scratch);
    this.out = new Writer(room, scratch);
  }

  /** Ends the body and the module, whose function is exported as "f"; `locals` as in ModuleEncoder.addFunction. */
  finishModule(signature: Signature, locals: readonly number[], name: string | null): Uint8Array<ArrayBuffer> {
    const { module, out } = this;
    out.byte(OP_UNREACHABLE);
    out.byte(OP_END);
    if (this.#usesMemory) module.importMemory("rt", "memory");
    if (this.#usesTable) module.importTable("rt", "table");
    if (this.#usesTag) module.importTag("rt", "tag", module.type([WASM_I32], 0));
    if (this.#usesCarrier) module.importGlobal("rt", "carrier", WASM_I32);
    const own = module.importedFunctions;
    for (const at of this.#selfCalls) {
      out.bytes[at] = (own & 127) | 128;
      out.bytes[at + 1] = own >>> 7;
    }
    const index = module.addFunction(this.compiledType(signature), locals, out, this.hints);
    module.exportFunction("f", index);
    if (name !== null) module.nameFunction(index, name);
    return module.finish();
  }

  getLocal(local: number): void {
    const out = this.out;
    if (this.#setLocal === local && this.#setEnd === out.length) {
      out.bytes[this.#setAt] = OP_LOCAL_TEE;
      this.#setLocal = -1;
      return;
    }
    out.byte(OP_LOCAL_GET);
    out.u32(local);
  }

  setLocal(local: number): void {
    const out = this.out;
    this.#setAt = out.length;
    this.#setLocal = local;
    out.byte(OP_LOCAL_SET);
    out.u32(local);
    this.#setEnd = out.length;
  }

  teeLocal(local: number): void {
    this.out.byte(OP_LOCAL_TEE);
    this.out.u32(local);
  }

  i32(value: number): void {
    this.out.byte(OP_I32_CONST);
    this.out.s32(value);
  }

  /** A load or store: opcode, natural alignment as a power of two, offset. */
  memory(opcode: number, align: number, offset: number): void {
    this.#usesMemory = true;
    this.out.byte(opcode);
    this.out.byte(align);
    this.out.u32(offset);
  }

  carrier(): void {
    this.#usesCarrier = true;
    this.out.byte(OP_GLOBAL_GET);
    this.out.byte(0);
  }

  /** A two-byte opcode of bulk memory; the memory indices follow. */
  bulk(opcode: number, memories: number): void {
    this.#usesMemory = true;
    this.out.byte(PREFIX_MISC);
    this.out.byte(opcode);
    for (let i = 0; i < memories; i++) this.out.byte(0);
  }

  fence(): void {
    this.out.byte(PREFIX_ATOMIC);
    this.out.byte(ATOMIC_FENCE);
    this.out.byte(0);
  }

  /** Opens an `if` that is rarely entered. */
  coldIf(): void {
    this.hints.push(this.out.length, 0);
    this.open(OP_IF, WASM_VOID);
  }

  /** Opens a construct with a label. */
  open(opcode: number, type: number): void {
    this.out.byte(opcode);
    this.out.byte(type);
    this.depth++;
  }

  close(): void {
    this.out.byte(OP_END);
    this.depth--;
  }

  /** Number of the tag, whose import is then made. */
  tag(): number {
    this.#usesTag = true;
    return 0;
  }

  /** Type number of compiled functions of the signature. */
  compiledType(signature: Signature): number {
    return this.module.type(compiledParams(signature), signature.result === null ? 0 : wasmType(signature.result));
  }

  /** Calls this function itself. Its index takes two bytes: no function has 2^14 imports, which are host functions and those of the run time. */
  callSelf(): void {
    this.out.byte(OP_CALL);
    this.#selfCalls.push(this.out.length);
    this.out.byte(0);
    this.out.byte(0);
  }

  /** Calls an imported function; its import is made at its first use. */
  callImport(module: string, name: string, params: readonly number[], result: number): void {
    let index = this.#imports.get(module + name);
    if (index === undefined) {
      index = this.module.importFunction(module, name, this.module.type(params, result));
      this.#imports.set(module + name, index);
    }
    this.out.byte(OP_CALL);
    this.out.u32(index);
  }

  callIndirect(opcode: number, type: number): void {
    this.#usesTable = true;
    this.out.byte(opcode);
    this.out.u32(type);
    this.out.byte(0);
  }
}
