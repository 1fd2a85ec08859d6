import { Attributes, knownAttributes, readAttributes } from "./attributes.ts";
import type { ConstantPool } from "./constants.ts";
import { ByteReader } from "./reader.ts";
import type { StackMapFrame } from "./stack-map.ts";
import { readStackMapTable } from "./stack-map.ts";

/** A row of the exception table, JVMS §4.7.3. pcs are offsets in the code; `endPc` is exclusive. */
export interface ExceptionHandler {
  readonly startPc: number;
  readonly endPc: number;
  readonly handlerPc: number;
  /** Constant pool index of the class caught; 0 catches everything. */
  readonly catchTypeIndex: number;
  /** Internal name of the class caught, `undefined` for everything. */
  readonly catchType: string | undefined;
}

/** A row of LocalVariableTable or LocalVariableTypeTable, JVMS §4.7.13-14. */
export interface LocalVariable {
  readonly startPc: number;
  readonly length: number;
  readonly name: string;
  /** A descriptor, or a generic signature in a type table. */
  readonly descriptor: string;
  readonly index: number;
}

/** Line numbers of a method, JVMS §4.7.12, as pairs sorted by pc; two numbers of 16 bits per row. */
export class LineNumbers {
  /** pc, line, pc, line, ... with ascending pcs. */
  private readonly rows: Uint16Array;

  constructor(rows: Uint16Array) {
    this.rows = rows;
  }

  get count(): number {
    return this.rows.length >> 1;
  }

  startPc(row: number): number {
    return this.rows[2 * row] ?? 0;
  }

  line(row: number): number {
    return this.rows[2 * row + 1] ?? 0;
  }

  /** The line of the last row that begins at or before `pc`, or -1. */
  pcToLine(pc: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.startPc(middle) <= pc) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : this.line(low - 1);
  }
}

const NO_LINES = new LineNumbers(new Uint16Array(0));

/** The Code attribute, JVMS §4.7.3. */
export class CodeAttribute {
  readonly maxStack: number;
  readonly maxLocals: number;
  /** A view of the class file's bytes: do not write. */
  readonly code: Uint8Array;
  /** Offset of the first instruction in the class file. */
  readonly codeOffset: number;
  readonly handlers: readonly ExceptionHandler[];
  readonly attributes: Attributes;
  private lines: LineNumbers | undefined;

  constructor(
    maxStack: number,
    maxLocals: number,
    code: Uint8Array,
    codeOffset: number,
    handlers: readonly ExceptionHandler[],
    attributes: Attributes,
  ) {
    this.maxStack = maxStack;
    this.maxLocals = maxLocals;
    this.code = code;
    this.codeOffset = codeOffset;
    this.handlers = handlers;
    this.attributes = attributes;
    this.lines = undefined;
  }

  /** All LineNumberTable attributes together. */
  get lineNumbers(): LineNumbers {
    if (this.lines === undefined) this.lines = readLineNumbers(this.attributes);
    return this.lines;
  }

  /** The source line of an instruction, or -1. */
  pcToLine(pc: number): number {
    return this.lineNumbers.pcToLine(pc);
  }

  /** All rows of all LocalVariableTable attributes. */
  localVariables(): LocalVariable[] {
    return readLocalVariables(this.attributes, "LocalVariableTable");
  }

  /** All rows of all LocalVariableTypeTable attributes; `descriptor` is a generic signature. */
  localVariableTypes(): LocalVariable[] {
    return readLocalVariables(this.attributes, "LocalVariableTypeTable");
  }

  /** The frames of StackMapTable with absolute pcs, parsed anew on each call; empty without the attribute. */
  stackMap(): StackMapFrame[] {
    const reader = this.attributes.reader("StackMapTable");
    return reader === undefined ? [] : readStackMapTable(reader, this.attributes.constants);
  }
}

/** Reads a Code attribute's content from `start`, `length` bytes long. */
export function readCode(constants: ConstantPool, start: number, length: number, major: number): CodeAttribute {
  const reader = new ByteReader(constants.bytes, constants.source, start, start + length);
  const maxStack = reader.u2();
  const maxLocals = reader.u2();
  const codeLength = reader.u4();
  if (codeLength === 0 || codeLength > 65535) {
    reader.fail(`Invalid method Code length ${codeLength} in class file ${constants.source}`);
  }
  const codeOffset = reader.position;
  const code = reader.view(codeLength);
  const handlers: ExceptionHandler[] = [];
  const rows = reader.u2();
  for (let i = 0; i < rows; i++) {
    const startPc = reader.u2();
    const endPc = reader.u2();
    const handlerPc = reader.u2();
    const catchTypeIndex = reader.u2();
    const catchType = constants.optionalClassName(catchTypeIndex);
    handlers.push({ startPc, endPc, handlerPc, catchTypeIndex, catchType });
  }
  const attributes = new Attributes(knownAttributes(readAttributes(reader, constants), major), constants);
  return new CodeAttribute(maxStack, maxLocals, code, codeOffset, handlers, attributes);
}

function readLineNumbers(attributes: Attributes): LineNumbers {
  const rows: number[] = [];
  let sorted = true;
  for (const attribute of attributes.all) {
    if (attribute.name !== "LineNumberTable") continue;
    const reader = readerOf(attributes, attribute.offset, attribute.length);
    const count = reader.u2();
    for (let i = 0; i < count; i++) {
      const pc = reader.u2();
      const line = reader.u2();
      if (rows.length > 0 && pc < (rows[rows.length - 2] as number)) sorted = false;
      rows.push(pc, line);
    }
  }
  if (rows.length === 0) return NO_LINES;
  if (sorted) return new LineNumbers(Uint16Array.from(rows));
  // A stable sort: among rows of one pc the last in the file stays the last.
  const order = Array.from({ length: rows.length >> 1 }, (_, row) => row);
  order.sort((a, b) => (rows[2 * a] as number) - (rows[2 * b] as number));
  return new LineNumbers(
    Uint16Array.from(order.flatMap((row) => [rows[2 * row] as number, rows[2 * row + 1] as number])),
  );
}

function readLocalVariables(attributes: Attributes, name: string): LocalVariable[] {
  const variables: LocalVariable[] = [];
  for (const attribute of attributes.all) {
    if (attribute.name !== name) continue;
    const reader = readerOf(attributes, attribute.offset, attribute.length);
    const count = reader.u2();
    for (let i = 0; i < count; i++) {
      const startPc = reader.u2();
      const length = reader.u2();
      const variableName = attributes.constants.utf8(reader.u2());
      const descriptor = attributes.constants.utf8(reader.u2());
      variables.push({ startPc, length, name: variableName, descriptor, index: reader.u2() });
    }
  }
  return variables;
}

function readerOf(attributes: Attributes, offset: number, length: number): ByteReader {
  return new ByteReader(attributes.constants.bytes, attributes.constants.source, offset, offset + length);
}
