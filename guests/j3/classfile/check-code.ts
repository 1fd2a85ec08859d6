import type { FormatRules } from "./format-rules.ts";

const MAX_CODE_BYTES = 65535;

/** A row of LocalVariableTable or LocalVariableTypeTable, reduced to what must be unique. */
interface Variable {
  /** start_pc and length. */
  readonly range: number;
  /** name_index and index. */
  readonly rest: number;
  readonly name: string;
}

const badCodeAttribute = (index: number) => `Invalid code attribute name index ${index}`;

/** The rows of a method's variable tables, whose uniqueness is checked after the rest of the method. */
export interface VariableTables {
  readonly variables: Variable[];
  readonly types: Variable[];
}

/**
 * Reads and checks the content of a Code attribute, JVMS §4.7.3. What the instructions say is left to the verifier,
 * and so is StackMapTable's content. `argSlots` counts the receiver.
 */
export function checkCode(rules: FormatRules, length: number, argSlots: number): VariableTables {
  const { reader } = rules;
  const start = reader.position;
  reader.need(8);
  reader.u2(); // max_stack
  const maxLocals = reader.u2();
  const codeLength = reader.u4();
  if (argSlots > maxLocals) rules.fail("Arguments can't fit into locals");
  if (codeLength === 0 || codeLength > MAX_CODE_BYTES) rules.fail(`Invalid method Code length ${codeLength}`);
  reader.skip(codeLength);
  checkHandlers(rules, codeLength);
  let hasStackMap = false;
  const variables: Variable[] = [];
  const types: Variable[] = [];
  for (let left = reader.u2(); left > 0; left--) {
    const attribute = rules.attributeHeader(badCodeAttribute);
    if (attribute.name === "LineNumberTable") {
      checkLines(rules, attribute.length, codeLength);
    } else if (attribute.name === "LocalVariableTable") {
      checkVariables(rules, attribute.name, attribute.length, codeLength, maxLocals, variables);
    } else if (attribute.name === "LocalVariableTypeTable" && rules.major >= 49) {
      checkVariables(rules, attribute.name, attribute.length, codeLength, maxLocals, types);
    } else {
      if (attribute.name === "StackMapTable" && rules.major >= 50) {
        if (hasStackMap) rules.fail("Multiple StackMapTable attributes");
        hasStackMap = true;
      }
      reader.skip(attribute.length);
    }
  }
  if (reader.position - start !== length) rules.fail("Code segment has wrong length");
  return { variables, types };
}

/** JVMS §4.7.3, exception_table. Whether a pc is that of an instruction is the verifier's to say. */
function checkHandlers(rules: FormatRules, codeLength: number): void {
  const { reader } = rules;
  const count = reader.u2();
  reader.need(8 * count);
  for (let i = 0; i < count; i++) {
    const startPc = reader.u2();
    const endPc = reader.u2();
    const handlerPc = reader.u2();
    const catchType = reader.u2();
    if (startPc >= endPc || endPc > codeLength) rules.fail("Illegal exception table range");
    if (handlerPc >= codeLength) rules.fail("Illegal exception table handler");
    if (catchType !== 0 && !rules.isClass(catchType)) rules.fail("Catch type in exception table has bad constant type");
  }
}

/** JVMS §4.7.12. */
function checkLines(rules: FormatRules, length: number, codeLength: number): void {
  const { reader } = rules;
  const count = reader.u2();
  if (length !== 2 + 4 * count) rules.fail("LineNumberTable attribute has wrong length");
  reader.need(4 * count);
  for (let i = 0; i < count; i++) {
    const pc = reader.u2();
    reader.u2();
    if (pc >= codeLength) rules.fail("Invalid pc in LineNumberTable");
  }
}

/** JVMS §4.7.13-14. */
function checkVariables(
  rules: FormatRules,
  table: "LocalVariableTable" | "LocalVariableTypeTable",
  length: number,
  codeLength: number,
  maxLocals: number,
  into: Variable[],
): void {
  const { reader, constants } = rules;
  const count = reader.u2();
  if (length !== 2 + 10 * count) rules.fail(`${table} has wrong length`);
  reader.need(10 * count);
  for (let i = 0; i < count; i++) {
    const startPc = reader.u2();
    const extent = reader.u2();
    const nameIndex = reader.u2();
    const typeIndex = reader.u2();
    const slot = reader.u2();
    if (startPc >= codeLength) rules.fail(`Invalid start_pc ${startPc} in ${table}`);
    if (startPc + extent > codeLength) rules.fail(`Invalid length ${extent} in ${table}`);
    if (!rules.isUtf8(nameIndex)) rules.fail(`Name index ${nameIndex} in ${table} has bad constant type`);
    if (!rules.isUtf8(typeIndex)) rules.fail(`Signature index ${typeIndex} in ${table} has bad constant type`);
    const name = constants.utf8(nameIndex);
    rules.fieldName(name);
    let last = slot;
    if (table === "LocalVariableTable") {
      const descriptor = constants.utf8(typeIndex);
      rules.fieldSignature(name, descriptor);
      if (descriptor === "J" || descriptor === "D") last++;
    }
    if (last >= maxLocals) rules.fail(`Invalid index ${slot} in ${table}`);
    into.push({ range: startPc * 0x10000 + extent, rest: nameIndex * 0x10000 + slot, name });
  }
}

/** Rows by their range, then by name and slot: what HotSpot takes for one row. */
class Rows {
  private readonly byRange = new Map<number, Set<number>>();

  has({ range, rest }: Variable): boolean {
    return this.byRange.get(range)?.has(rest) === true;
  }

  add({ range, rest }: Variable): void {
    const same = this.byRange.get(range);
    if (same === undefined) this.byRange.set(range, new Set([rest]));
    else same.add(rest);
  }
}

/** A variable has one row, and a row of types belongs to a row of variables. */
export function checkVariablesUnique(rules: FormatRules, { variables, types }: VariableTables): void {
  if (variables.length === 0) return;
  if (variables.length === 1 && types.length === 0) return;
  const { reader, source } = rules;
  const rows = new Rows();
  for (const variable of variables) {
    if (rows.has(variable) && rules.major >= 49) {
      rules.fail(`Duplicated LocalVariableTable attribute entry for '${variable.name}'`);
    }
    rows.add(variable);
  }
  const typed = new Rows();
  for (const variable of types) {
    const { name } = variable;
    if (!rows.has(variable))
      reader.fail(`LVTT entry for '${name}' in class file ${source} does not match any LVT entry`);
    if (typed.has(variable)) rules.fail(`Duplicated LocalVariableTypeTable attribute entry for '${name}'`);
    typed.add(variable);
  }
}
