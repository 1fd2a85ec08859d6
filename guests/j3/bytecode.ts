import type { ConstantPool } from "./classfile/index.ts";
import { ClassFormatFailure } from "./classfile/index.ts";
import type { OperandFormat } from "./opcodes.ts";
import { mnemonicOf, opcodes } from "./opcodes.ts";

/** Operand formats as small numbers, for the walker's switch: the order below. */
const FORMATS: readonly OperandFormat[] = [
  "none",
  "i8",
  "i16",
  "local",
  "increment",
  "constant1",
  "constant2",
  "interface",
  "dynamic",
  "array",
  "dimensions",
  "branch16",
  "branch32",
  "table",
  "lookup",
  "wide",
];

/** Index of FORMATS by opcode; 255 where a byte is no opcode. */
const FORMAT_OF = Uint8Array.from({ length: 256 }, (_, opcode) => {
  const row = opcodes[opcode];
  return row === undefined ? 255 : FORMATS.indexOf(row[1]);
});

/**
 * Walks the instructions of a method, JVMS §4.9.1. One object per walk; `next()` overwrites its fields.
 *
 * `wide` is folded into the instruction it prefixes: `opcode` is that of the widened instruction. Every read is
 * bounded; what is not an instruction, runs over the end, or is a malformed switch is a ClassFormatFailure of kind
 * VerifyError. Whether a branch lands on an instruction is not looked at (see `instructionStarts`), only that it
 * lands inside the code.
 */
export class BytecodeWalker {
  readonly code: Uint8Array;
  /** For messages, as "Foo.bar()V". */
  readonly where: string;
  /** Offset of the instruction, of its prefix if it has one. */
  pc = 0;
  /** Offset of the instruction after it. */
  nextPc = 0;
  opcode = 0;
  /** Whether the instruction has the prefix. */
  isWide = false;
  /** Local variable or constant pool index. */
  index = 0;
  /** Constant of bipush, sipush and iinc; count of invokeinterface; type of newarray; dimensions of multianewarray. */
  value = 0;
  /** Absolute target of a branch, default target of a switch. */
  target = 0;
  /** Switches: the keys, ascending. */
  keys: readonly number[] = [];
  /** Switches: absolute targets, one per key. */
  targets: readonly number[] = [];

  /** Begins before the instruction at `start`. */
  constructor(code: Uint8Array, where: string, start = 0) {
    this.code = code;
    this.where = where;
    this.nextPc = start;
  }

  /** Goes to the next instruction; false at the end of the code. */
  next(): boolean {
    const code = this.code;
    const pc = this.nextPc;
    if (pc >= code.length) return false;
    this.pc = pc;
    this.isWide = false;
    const opcode = code[pc] as number;
    this.opcode = opcode;
    switch (FORMAT_OF[opcode]) {
      case 0: // none
        this.nextPc = pc + 1;
        return true;
      case 1: // i8
        this.need(2);
        this.value = this.i1(pc + 1);
        return true;
      case 2: // i16
        this.need(3);
        this.value = this.i2(pc + 1);
        return true;
      case 3: // local
        this.need(2);
        this.index = code[pc + 1] as number;
        return true;
      case 4: // increment
        this.need(3);
        this.index = code[pc + 1] as number;
        this.value = this.i1(pc + 2);
        return true;
      case 5: // constant1
        this.need(2);
        this.index = code[pc + 1] as number;
        return true;
      case 6: // constant2
        this.need(3);
        this.index = this.u2(pc + 1);
        return true;
      case 7: // interface
        this.need(5);
        this.index = this.u2(pc + 1);
        this.value = code[pc + 3] as number;
        if (code[pc + 4] !== 0) this.fail("Fourth operand byte of invokeinterface must be zero");
        return true;
      case 8: // dynamic
        this.need(5);
        this.index = this.u2(pc + 1);
        if (this.u2(pc + 3) !== 0) this.fail("Third and fourth operand bytes of an invokedynamic must be zero");
        return true;
      case 9: // array
        this.need(2);
        this.value = code[pc + 1] as number;
        if (this.value < 4 || this.value > 11) this.fail("Illegal newarray instruction");
        return true;
      case 10: // dimensions
        this.need(4);
        this.index = this.u2(pc + 1);
        this.value = code[pc + 3] as number;
        return true;
      case 11: // branch16
        this.need(3);
        this.target = this.inside(pc + this.i2(pc + 1));
        return true;
      case 12: // branch32
        this.need(5);
        this.target = this.inside(pc + this.i4(pc + 1));
        return true;
      case 13: // table
        this.tableSwitch();
        return true;
      case 14: // lookup
        this.lookupSwitch();
        return true;
      case 15: // wide
        this.wide();
        return true;
      default:
        return this.fail("Bad instruction");
    }
  }

  private wide(): void {
    const opcode = this.code[this.pc + 1];
    if (opcode === undefined) this.fail("Bad instruction");
    const format = FORMAT_OF[opcode];
    this.opcode = opcode;
    this.isWide = true;
    if (format === 3) this.need(4);
    else if (format === 4) this.need(6);
    else this.fail("Bad instruction");
    this.index = this.u2(this.pc + 2);
    if (format === 4) this.value = this.i2(this.pc + 4);
  }

  private tableSwitch(): void {
    const at = this.afterPadding();
    this.need(at + 12 - this.pc);
    this.target = this.inside(this.pc + this.i4(at));
    const low = this.i4(at + 4);
    const high = this.i4(at + 8);
    if (low > high) this.fail("low must be less than or equal to high in tableswitch");
    const count = high - low + 1;
    this.need(at + 12 + 4 * count - this.pc);
    const keys: number[] = [];
    const targets: number[] = [];
    for (let i = 0; i < count; i++) {
      keys.push(low + i);
      targets.push(this.inside(this.pc + this.i4(at + 12 + 4 * i)));
    }
    this.keys = keys;
    this.targets = targets;
  }

  private lookupSwitch(): void {
    const at = this.afterPadding();
    this.need(at + 8 - this.pc);
    this.target = this.inside(this.pc + this.i4(at));
    const count = this.i4(at + 4);
    if (count < 0) this.fail("number of keys in lookupswitch less than 0");
    this.need(at + 8 + 8 * count - this.pc);
    const keys: number[] = [];
    const targets: number[] = [];
    for (let i = 0; i < count; i++) {
      const key = this.i4(at + 8 + 8 * i);
      if (i > 0 && key <= (keys[i - 1] as number)) this.fail("Bad lookupswitch instruction");
      keys.push(key);
      targets.push(this.inside(this.pc + this.i4(at + 12 + 8 * i)));
    }
    this.keys = keys;
    this.targets = targets;
  }

  /** Zero to three bytes of padding; up to version 50 they had to be zero, which nothing depends on. */
  private afterPadding(): number {
    return (this.pc + 4) & ~3;
  }

  private need(length: number): void {
    this.nextPc = this.pc + length;
    if (this.nextPc > this.code.length) this.fail("Bad instruction");
  }

  private inside(target: number): number {
    if (target < 0 || target >= this.code.length) this.fail("Illegal target of jump or branch");
    return target;
  }

  private i1(at: number): number {
    return ((this.code[at] as number) << 24) >> 24;
  }

  private u2(at: number): number {
    return ((this.code[at] as number) << 8) | (this.code[at + 1] as number);
  }

  private i2(at: number): number {
    return (this.u2(at) << 16) >> 16;
  }

  private i4(at: number): number {
    return (this.u2(at) << 16) | this.u2(at + 2);
  }

  private fail(message: string): never {
    const text = `${message} in method ${this.where} at offset ${this.pc}`;
    throw new ClassFormatFailure("VerifyError", text, this.where, this.pc);
  }
}

/** One byte per byte of code: 1 where an instruction begins (where a prefix begins, for a widened one). */
export function instructionStarts(code: Uint8Array, where: string): Uint8Array {
  const starts = new Uint8Array(code.length);
  const walker = new BytecodeWalker(code, where);
  while (walker.next()) starts[walker.pc] = 1;
  return starts;
}

/** One line per instruction, for people: "12: iload_1", with constants spelled out. */
export function formatBytecode(code: Uint8Array, constants: ConstantPool, where: string): string[] {
  const lines: string[] = [];
  const walker = new BytecodeWalker(code, where);
  while (walker.next()) lines.push(`${walker.pc}: ${formatInstruction(walker, constants)}`);
  return lines;
}

/** The walker's current instruction, without its pc. */
export function formatInstruction(walker: BytecodeWalker, constants: ConstantPool): string {
  const name = `${walker.isWide ? "wide " : ""}${mnemonicOf(walker.opcode)}`;
  const row = opcodes[walker.opcode];
  switch (row?.[1]) {
    case "i8":
    case "i16":
    case "array":
      return `${name} ${walker.value}`;
    case "local":
      return `${name} ${walker.index}`;
    case "increment":
      return `${name} ${walker.index} ${walker.value}`;
    case "constant1":
    case "constant2":
    case "dynamic":
      return `${name} #${walker.index} ${formatConstant(constants, walker.index)}`;
    case "interface":
    case "dimensions":
      return `${name} #${walker.index} ${walker.value} ${formatConstant(constants, walker.index)}`;
    case "branch16":
    case "branch32":
      return `${name} ${walker.target}`;
    case "table":
    case "lookup": {
      const rows = walker.keys.map((key, i) => `${key}: ${walker.targets[i]}`);
      return `${name} { ${[...rows, `default: ${walker.target}`].join(", ")} }`;
    }
    default:
      return name;
  }
}

/** A constant pool entry as one line. */
export function formatConstant(constants: ConstantPool, index: number): string {
  switch (constants.tag(index)) {
    case 1:
      return JSON.stringify(constants.utf8(index));
    case 3:
      return `${constants.integer(index)}`;
    case 4:
      return `${constants.float(index)}f`;
    case 5:
      return `${constants.long(index)}l`;
    case 6:
      return `${constants.double(index)}d`;
    case 7:
      return constants.className(index);
    case 8:
      return JSON.stringify(constants.string(index));
    case 9:
    case 10:
    case 11: {
      const member = constants.memberRef(index);
      return `${member.owner}.${member.name}:${member.descriptor}`;
    }
    case 12: {
      const pair = constants.nameAndType(index);
      return `${pair.name}:${pair.descriptor}`;
    }
    case 15: {
      const handle = constants.methodHandle(index);
      return `handle ${handle.kind} ${handle.reference.owner}.${handle.reference.name}:${handle.reference.descriptor}`;
    }
    case 16:
      return constants.methodType(index);
    case 17: {
      const dynamic = constants.dynamic(index);
      return `dynamic ${dynamic.bootstrap} ${dynamic.name}:${dynamic.descriptor}`;
    }
    case 18: {
      const dynamic = constants.invokeDynamic(index);
      return `invokedynamic ${dynamic.bootstrap} ${dynamic.name}:${dynamic.descriptor}`;
    }
    case 19:
      return `module ${constants.module(index)}`;
    case 20:
      return `package ${constants.package(index)}`;
    default:
      return "no constant";
  }
}
