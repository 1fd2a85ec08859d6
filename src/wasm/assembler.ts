/** Single instructions of one function's body. */
import type { Signature } from "#ir";
import { WASM_VOID, Writer } from "./encode.ts";
import type { CodeModule } from "./module.ts";
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
  readonly module: CodeModule;
  readonly out: Writer;
  /** Number of labels around the current place, the function's own not counted. */
  depth = 0;
  /** Pairs of the place of a branch and whether it is likely. */
  readonly hints: number[] = [];
  /** Pairs of the place of the two bytes for a function's index, and its number among the module's own. */
  readonly ownCalls: number[] = [];

  /** Place of the last local.set, its end, and the local. */
  #setAt = -1;
  #setEnd = -1;
  #setLocal = -1;

  constructor(module: CodeModule, scratch: Scratch, room: number) {
    this.module = module;
    this.out = new Writer(room, scratch);
  }

  /** Ends the body and adds the function to the module; `locals` as in ModuleEncoder.addFunction. */
  finishFunction(signature: Signature, locals: readonly number[], name: string | null): void {
    this.out.byte(OP_UNREACHABLE);
    this.out.byte(OP_END);
    this.module.add(signature, locals, this, name);
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
    this.module.usesMemory = true;
    this.out.byte(opcode);
    this.out.byte(align);
    this.out.u32(offset);
  }

  carrier(): void {
    this.module.usesCarrier = true;
    this.out.byte(OP_GLOBAL_GET);
    this.out.byte(0);
  }

  /** A two-byte opcode of bulk memory; the memory indices follow. */
  bulk(opcode: number, memories: number): void {
    this.module.usesMemory = true;
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
    this.module.usesTag = true;
    return 0;
  }

  /** Type number of compiled functions of the signature. */
  compiledType(signature: Signature): number {
    return this.module.compiledType(signature);
  }

  /** Calls an own function of the module, by its number among these. */
  callOwn(number: number): void {
    this.out.byte(OP_CALL);
    this.ownCalls.push(this.out.length, number);
    this.out.byte(0);
    this.out.byte(0);
  }

  /** Calls an imported function; its import is made at its first use. */
  callImport(module: string, name: string, params: readonly number[], result: number): void {
    this.out.byte(OP_CALL);
    this.out.u32(this.module.imported(module, name, params, result));
  }

  callIndirect(opcode: number, type: number): void {
    this.module.usesTable = true;
    this.out.byte(opcode);
    this.out.u32(type);
    this.out.byte(0);
  }
}
