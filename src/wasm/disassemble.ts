/**
 * Modules as readable text, for dumps and tests: imports, then one instruction per line, indented by nesting.
 *
 * Knows the modules that this back end writes, and no others: an unknown section is left out, an unknown opcode is an error.
 */
import { Bug } from "#support";

const TYPE_NAMES: Readonly<Record<number, string>> = { 127: "i32", 126: "i64", 125: "f32", 124: "f64", 64: "" };

const KIND_NAMES = ["func", "table", "memory", "global", "tag"] as const;

/** What follows an opcode: "" nothing, t block type, l one index, m alignment and offset, i s32, I s64, f f32, d f64, c type and table, T br_table, H try_table. */
type Immediate = "" | "t" | "l" | "m" | "i" | "I" | "f" | "d" | "c" | "T" | "H";

function rows(first: number, immediate: Immediate, names: string): [number, string, Immediate][] {
  return names.split(" ").map((name, index) => [first + index, name, immediate]);
}

const COMPARE = "lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const INTEGER = "clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
const FLOAT = "abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign";

function prefixed(prefix: string, names: string): string {
  return names
    .split(" ")
    .map((name) => `${prefix}.${name}`)
    .join(" ");
}

const OPCODES: ReadonlyMap<number, readonly [string, Immediate]> = new Map(
  [
    ...rows(0x00, "", "unreachable nop"),
    ...rows(0x02, "t", "block loop if"),
    ...rows(0x05, "", "else"),
    ...rows(0x08, "l", "throw"),
    ...rows(0x0b, "", "end"),
    ...rows(0x0c, "l", "br br_if"),
    ...rows(0x0e, "T", "br_table"),
    ...rows(0x0f, "", "return"),
    ...rows(0x10, "l", "call"),
    ...rows(0x11, "c", "call_indirect"),
    ...rows(0x13, "c", "return_call_indirect"),
    ...rows(0x1a, "", "drop select"),
    ...rows(0x1f, "H", "try_table"),
    ...rows(0x20, "l", "local.get local.set local.tee global.get"),
    ...rows(0x28, "m", prefixed("i32", "load")),
    ...rows(0x29, "m", "i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u"),
    ...rows(0x36, "m", "i32.store i64.store f32.store f64.store i32.store8 i32.store16"),
    ...rows(0xfd00, "m", "v128.load"),
    ...rows(0xfd0b, "m", "v128.store"),
    ...rows(0x41, "i", "i32.const"),
    ...rows(0x42, "I", "i64.const"),
    ...rows(0x43, "f", "f32.const"),
    ...rows(0x44, "d", "f64.const"),
    ...rows(0x45, "", prefixed("i32", `eqz eq ne ${COMPARE}`)),
    ...rows(0x50, "", prefixed("i64", `eqz eq ne ${COMPARE}`)),
    ...rows(0x5b, "", prefixed("f32", "eq ne lt gt le ge")),
    ...rows(0x61, "", prefixed("f64", "eq ne lt gt le ge")),
    ...rows(0x67, "", prefixed("i32", INTEGER)),
    ...rows(0x79, "", prefixed("i64", INTEGER)),
    ...rows(0x8b, "", prefixed("f32", FLOAT)),
    ...rows(0x99, "", prefixed("f64", FLOAT)),
    ...rows(0xa7, "", "i32.wrap_i64"),
    ...rows(0xac, "", "i64.extend_i32_s i64.extend_i32_u"),
    ...rows(
      0xb2,
      "",
      "f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64 f64.convert_i32_s " +
        "f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 " +
        "f32.reinterpret_i32 f64.reinterpret_i64 i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s",
    ),
    ...rows(0xfc00, "", "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u"),
    ...rows(0xfc04, "", "i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u"),
    ...rows(0xfc0a, "c", "memory.copy"),
    ...rows(0xfc0b, "l", "memory.fill"),
    ...rows(0xfe03, "l", "atomic.fence"),
    ...rows(0xfe10, "m", "i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u"),
    ...rows(0xfe17, "m", "i32.atomic.store i64.atomic.store i32.atomic.store8 i32.atomic.store16"),
    ...["add", "sub", "and", "or", "xor", "xchg", "cmpxchg"].flatMap((name, index) =>
      rows(0xfe1e + 7 * index, "m", `i32.atomic.rmw.${name} i64.atomic.rmw.${name}`),
    ),
  ].map(([opcode, name, immediate]) => [opcode, [name, immediate]]),
);

class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const value = this.#bytes[this.at++];
    if (value === undefined) throw new Bug("the module ends early");
    return value;
  }

  u32(): number {
    return Number(BigInt.asUintN(32, this.#leb()[0]));
  }

  signed(): bigint {
    const [value, bits] = this.#leb();
    return BigInt.asIntN(bits, value);
  }

  #leb(): [bigint, number] {
    let value = 0n;
    let shift = 0;
    for (;;) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << BigInt(shift);
      shift += 7;
      if (byte < 128) return [value, shift];
    }
  }

  name(): string {
    const length = this.u32();
    const text = new TextDecoder().decode(this.#bytes.slice(this.at, this.at + length));
    this.at += length;
    return text;
  }

  float(bytes: number): string {
    const view = new DataView(this.#bytes.slice(this.at, this.at + bytes).buffer);
    this.at += bytes;
    return String(bytes === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true));
  }
}

/** The text of a module made by this back end. */
export function disassemble(bytes: Uint8Array): string {
  const reader = new Reader(bytes, 8);
  const lines: string[] = [];
  const types: string[] = [];
  const functions: string[] = [];
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const end = reader.u32() + reader.at;
    if (section === 1) readTypes(reader, types);
    else if (section === 2) readImports(reader, types, functions, lines);
    else if (section === 10) readCode(reader, functions, lines);
    reader.at = end;
  }
  return `${lines.join("\n")}\n`;
}

function readTypes(reader: Reader, types: string[]): void {
  const list = (): string => Array.from({ length: reader.u32() }, () => TYPE_NAMES[reader.byte()]).join(" ");
  for (let count = reader.u32(); count > 0; count--) {
    reader.byte();
    const params = list();
    types.push(`(${params}) -> (${list()})`);
  }
}

function readImports(reader: Reader, types: readonly string[], functions: string[], lines: string[]): void {
  for (let count = reader.u32(); count > 0; count--) {
    const name = `${reader.name()}.${reader.name()}`;
    const kind = reader.byte();
    let what = "";
    if (kind === 0) {
      what = ` ${types[reader.u32()]}`;
      functions.push(name);
    } else if (kind === 1) {
      reader.byte();
      reader.byte();
      reader.u32();
    } else if (kind === 2) {
      reader.byte();
      reader.u32();
      reader.u32();
    } else {
      reader.byte();
      reader.u32();
    }
    lines.push(`import ${KIND_NAMES[kind]} ${name}${what}`);
  }
}

/** A module's own functions are called f0, f1, …; the one that stands there is "itself". */
function readCode(reader: Reader, imports: readonly string[], lines: string[]): void {
  const count = reader.u32();
  for (let number = 0; number < count; number++) {
    const functions = [
      ...imports,
      ...Array.from({ length: count }, (_, own) => (own === number ? "itself" : `f${own}`)),
    ];
    const end = reader.u32() + reader.at;
    const locals: string[] = [];
    for (let runs = reader.u32(); runs > 0; runs--) locals.push(`${reader.u32()} ${TYPE_NAMES[reader.byte()]}`);
    lines.push(`func locals: ${locals.join(", ")}`);
    let depth = 1;
    while (reader.at < end) {
      const text = readInstruction(reader, functions);
      const closes = text === "end" || text === "else";
      if (closes) depth--;
      lines.push("  ".repeat(Math.max(depth, 0)) + text);
      if (text === "else" || /^(block|loop|if|try_table)/.test(text)) depth++;
    }
  }
}

function readInstruction(reader: Reader, functions: readonly string[]): string {
  let opcode = reader.byte();
  if (opcode === 0xfc || opcode === 0xfd || opcode === 0xfe) opcode = (opcode << 8) | reader.byte();
  const row = OPCODES.get(opcode);
  if (row === undefined) throw new Bug(`unknown opcode 0x${opcode.toString(16)}`);
  const [name, immediate] = row;
  switch (immediate) {
    case "":
      return name;
    case "t": {
      const type = TYPE_NAMES[reader.byte()] ?? "?";
      return type === "" ? name : `${name} ${type}`;
    }
    case "l": {
      const index = reader.u32();
      return name === "call" ? `call ${functions[index]}` : `${name} ${index}`;
    }
    case "m": {
      reader.u32();
      const offset = reader.u32();
      return offset === 0 ? name : `${name} offset=${offset}`;
    }
    case "i":
    case "I":
      return `${name} ${reader.signed()}`;
    case "f":
      return `${name} ${reader.float(4)}`;
    case "d":
      return `${name} ${reader.float(8)}`;
    case "c": {
      const type = reader.u32();
      reader.u32();
      return name === "memory.copy" ? name : `${name} ${type}`;
    }
    case "T":
      return `${name} ${Array.from({ length: reader.u32() + 1 }, () => reader.u32()).join(" ")}`;
    case "H": {
      reader.byte();
      const clauses = Array.from({ length: reader.u32() }, () => {
        reader.byte();
        reader.u32();
        return reader.u32();
      });
      return `${name} catch ${clauses.join(" ")}`;
    }
  }
}
