/**
 * The instruction set, JVMS §6.5: one row per opcode, 0 to 201. The walker over instructions is in bytecode.ts.
 */

/**
 * What follows the opcode byte.
 *
 *   none
 *   i8         signed byte                       bipush
 *   i16        signed short                      sipush
 *   local      u1 index, u2 after wide           iload ... ret
 *   increment  u1 index, i8; u2, i16 after wide  iinc
 *   constant1  u1 constant pool index            ldc
 *   constant2  u2 constant pool index            ldc_w, fields, invokes, classes
 *   interface  u2 index, u1 count, u1 zero       invokeinterface
 *   dynamic    u2 index, two zero bytes          invokedynamic
 *   array      u1 primitive type 4..11           newarray
 *   dimensions u2 index, u1 dimensions           multianewarray
 *   branch16   i16 from the opcode               if*, goto, jsr
 *   branch32   i32 from the opcode               goto_w, jsr_w
 *   table      tableswitch
 *   lookup     lookupswitch
 *   wide       the prefix
 */
export type OperandFormat =
  | "none"
  | "i8"
  | "i16"
  | "local"
  | "increment"
  | "constant1"
  | "constant2"
  | "interface"
  | "dynamic"
  | "array"
  | "dimensions"
  | "branch16"
  | "branch32"
  | "table"
  | "lookup"
  | "wide";

/** Bytes of an instruction without `wide`; 0 where it depends on the instruction. */
export const formatLength = {
  none: 1,
  i8: 2,
  i16: 3,
  local: 2,
  increment: 3,
  constant1: 2,
  constant2: 3,
  interface: 5,
  dynamic: 5,
  array: 2,
  dimensions: 4,
  branch16: 3,
  branch32: 5,
  table: 0,
  lookup: 0,
  wide: 0,
} as const satisfies Record<OperandFormat, number>;

/** [mnemonic, operands], in the order of the opcodes. */
export const opcodes = [
  /* 0 */ ["nop", "none"],
  /* 1 */ ["aconst_null", "none"],
  /* 2 */ ["iconst_m1", "none"],
  /* 3 */ ["iconst_0", "none"],
  /* 4 */ ["iconst_1", "none"],
  /* 5 */ ["iconst_2", "none"],
  /* 6 */ ["iconst_3", "none"],
  /* 7 */ ["iconst_4", "none"],
  /* 8 */ ["iconst_5", "none"],
  /* 9 */ ["lconst_0", "none"],
  /* 10 */ ["lconst_1", "none"],
  /* 11 */ ["fconst_0", "none"],
  /* 12 */ ["fconst_1", "none"],
  /* 13 */ ["fconst_2", "none"],
  /* 14 */ ["dconst_0", "none"],
  /* 15 */ ["dconst_1", "none"],
  /* 16 */ ["bipush", "i8"],
  /* 17 */ ["sipush", "i16"],
  /* 18 */ ["ldc", "constant1"],
  /* 19 */ ["ldc_w", "constant2"],
  /* 20 */ ["ldc2_w", "constant2"],
  /* 21 */ ["iload", "local"],
  /* 22 */ ["lload", "local"],
  /* 23 */ ["fload", "local"],
  /* 24 */ ["dload", "local"],
  /* 25 */ ["aload", "local"],
  /* 26 */ ["iload_0", "none"],
  /* 27 */ ["iload_1", "none"],
  /* 28 */ ["iload_2", "none"],
  /* 29 */ ["iload_3", "none"],
  /* 30 */ ["lload_0", "none"],
  /* 31 */ ["lload_1", "none"],
  /* 32 */ ["lload_2", "none"],
  /* 33 */ ["lload_3", "none"],
  /* 34 */ ["fload_0", "none"],
  /* 35 */ ["fload_1", "none"],
  /* 36 */ ["fload_2", "none"],
  /* 37 */ ["fload_3", "none"],
  /* 38 */ ["dload_0", "none"],
  /* 39 */ ["dload_1", "none"],
  /* 40 */ ["dload_2", "none"],
  /* 41 */ ["dload_3", "none"],
  /* 42 */ ["aload_0", "none"],
  /* 43 */ ["aload_1", "none"],
  /* 44 */ ["aload_2", "none"],
  /* 45 */ ["aload_3", "none"],
  /* 46 */ ["iaload", "none"],
  /* 47 */ ["laload", "none"],
  /* 48 */ ["faload", "none"],
  /* 49 */ ["daload", "none"],
  /* 50 */ ["aaload", "none"],
  /* 51 */ ["baload", "none"],
  /* 52 */ ["caload", "none"],
  /* 53 */ ["saload", "none"],
  /* 54 */ ["istore", "local"],
  /* 55 */ ["lstore", "local"],
  /* 56 */ ["fstore", "local"],
  /* 57 */ ["dstore", "local"],
  /* 58 */ ["astore", "local"],
  /* 59 */ ["istore_0", "none"],
  /* 60 */ ["istore_1", "none"],
  /* 61 */ ["istore_2", "none"],
  /* 62 */ ["istore_3", "none"],
  /* 63 */ ["lstore_0", "none"],
  /* 64 */ ["lstore_1", "none"],
  /* 65 */ ["lstore_2", "none"],
  /* 66 */ ["lstore_3", "none"],
  /* 67 */ ["fstore_0", "none"],
  /* 68 */ ["fstore_1", "none"],
  /* 69 */ ["fstore_2", "none"],
  /* 70 */ ["fstore_3", "none"],
  /* 71 */ ["dstore_0", "none"],
  /* 72 */ ["dstore_1", "none"],
  /* 73 */ ["dstore_2", "none"],
  /* 74 */ ["dstore_3", "none"],
  /* 75 */ ["astore_0", "none"],
  /* 76 */ ["astore_1", "none"],
  /* 77 */ ["astore_2", "none"],
  /* 78 */ ["astore_3", "none"],
  /* 79 */ ["iastore", "none"],
  /* 80 */ ["lastore", "none"],
  /* 81 */ ["fastore", "none"],
  /* 82 */ ["dastore", "none"],
  /* 83 */ ["aastore", "none"],
  /* 84 */ ["bastore", "none"],
  /* 85 */ ["castore", "none"],
  /* 86 */ ["sastore", "none"],
  /* 87 */ ["pop", "none"],
  /* 88 */ ["pop2", "none"],
  /* 89 */ ["dup", "none"],
  /* 90 */ ["dup_x1", "none"],
  /* 91 */ ["dup_x2", "none"],
  /* 92 */ ["dup2", "none"],
  /* 93 */ ["dup2_x1", "none"],
  /* 94 */ ["dup2_x2", "none"],
  /* 95 */ ["swap", "none"],
  /* 96 */ ["iadd", "none"],
  /* 97 */ ["ladd", "none"],
  /* 98 */ ["fadd", "none"],
  /* 99 */ ["dadd", "none"],
  /* 100 */ ["isub", "none"],
  /* 101 */ ["lsub", "none"],
  /* 102 */ ["fsub", "none"],
  /* 103 */ ["dsub", "none"],
  /* 104 */ ["imul", "none"],
  /* 105 */ ["lmul", "none"],
  /* 106 */ ["fmul", "none"],
  /* 107 */ ["dmul", "none"],
  /* 108 */ ["idiv", "none"],
  /* 109 */ ["ldiv", "none"],
  /* 110 */ ["fdiv", "none"],
  /* 111 */ ["ddiv", "none"],
  /* 112 */ ["irem", "none"],
  /* 113 */ ["lrem", "none"],
  /* 114 */ ["frem", "none"],
  /* 115 */ ["drem", "none"],
  /* 116 */ ["ineg", "none"],
  /* 117 */ ["lneg", "none"],
  /* 118 */ ["fneg", "none"],
  /* 119 */ ["dneg", "none"],
  /* 120 */ ["ishl", "none"],
  /* 121 */ ["lshl", "none"],
  /* 122 */ ["ishr", "none"],
  /* 123 */ ["lshr", "none"],
  /* 124 */ ["iushr", "none"],
  /* 125 */ ["lushr", "none"],
  /* 126 */ ["iand", "none"],
  /* 127 */ ["land", "none"],
  /* 128 */ ["ior", "none"],
  /* 129 */ ["lor", "none"],
  /* 130 */ ["ixor", "none"],
  /* 131 */ ["lxor", "none"],
  /* 132 */ ["iinc", "increment"],
  /* 133 */ ["i2l", "none"],
  /* 134 */ ["i2f", "none"],
  /* 135 */ ["i2d", "none"],
  /* 136 */ ["l2i", "none"],
  /* 137 */ ["l2f", "none"],
  /* 138 */ ["l2d", "none"],
  /* 139 */ ["f2i", "none"],
  /* 140 */ ["f2l", "none"],
  /* 141 */ ["f2d", "none"],
  /* 142 */ ["d2i", "none"],
  /* 143 */ ["d2l", "none"],
  /* 144 */ ["d2f", "none"],
  /* 145 */ ["i2b", "none"],
  /* 146 */ ["i2c", "none"],
  /* 147 */ ["i2s", "none"],
  /* 148 */ ["lcmp", "none"],
  /* 149 */ ["fcmpl", "none"],
  /* 150 */ ["fcmpg", "none"],
  /* 151 */ ["dcmpl", "none"],
  /* 152 */ ["dcmpg", "none"],
  /* 153 */ ["ifeq", "branch16"],
  /* 154 */ ["ifne", "branch16"],
  /* 155 */ ["iflt", "branch16"],
  /* 156 */ ["ifge", "branch16"],
  /* 157 */ ["ifgt", "branch16"],
  /* 158 */ ["ifle", "branch16"],
  /* 159 */ ["if_icmpeq", "branch16"],
  /* 160 */ ["if_icmpne", "branch16"],
  /* 161 */ ["if_icmplt", "branch16"],
  /* 162 */ ["if_icmpge", "branch16"],
  /* 163 */ ["if_icmpgt", "branch16"],
  /* 164 */ ["if_icmple", "branch16"],
  /* 165 */ ["if_acmpeq", "branch16"],
  /* 166 */ ["if_acmpne", "branch16"],
  /* 167 */ ["goto", "branch16"],
  /* 168 */ ["jsr", "branch16"],
  /* 169 */ ["ret", "local"],
  /* 170 */ ["tableswitch", "table"],
  /* 171 */ ["lookupswitch", "lookup"],
  /* 172 */ ["ireturn", "none"],
  /* 173 */ ["lreturn", "none"],
  /* 174 */ ["freturn", "none"],
  /* 175 */ ["dreturn", "none"],
  /* 176 */ ["areturn", "none"],
  /* 177 */ ["return", "none"],
  /* 178 */ ["getstatic", "constant2"],
  /* 179 */ ["putstatic", "constant2"],
  /* 180 */ ["getfield", "constant2"],
  /* 181 */ ["putfield", "constant2"],
  /* 182 */ ["invokevirtual", "constant2"],
  /* 183 */ ["invokespecial", "constant2"],
  /* 184 */ ["invokestatic", "constant2"],
  /* 185 */ ["invokeinterface", "interface"],
  /* 186 */ ["invokedynamic", "dynamic"],
  /* 187 */ ["new", "constant2"],
  /* 188 */ ["newarray", "array"],
  /* 189 */ ["anewarray", "constant2"],
  /* 190 */ ["arraylength", "none"],
  /* 191 */ ["athrow", "none"],
  /* 192 */ ["checkcast", "constant2"],
  /* 193 */ ["instanceof", "constant2"],
  /* 194 */ ["monitorenter", "none"],
  /* 195 */ ["monitorexit", "none"],
  /* 196 */ ["wide", "wide"],
  /* 197 */ ["multianewarray", "dimensions"],
  /* 198 */ ["ifnull", "branch16"],
  /* 199 */ ["ifnonnull", "branch16"],
  /* 200 */ ["goto_w", "branch32"],
  /* 201 */ ["jsr_w", "branch32"],
] as const satisfies readonly (readonly [string, OperandFormat])[];

export type Mnemonic = (typeof opcodes)[number][0];

export const OPCODE_COUNT = opcodes.length;

/** The opcode of each mnemonic. For tables and tests: a hot switch has literal cases. */
export const opcodeOf: Readonly<Record<Mnemonic, number>> = Object.freeze(
  Object.fromEntries(opcodes.map(([mnemonic], opcode) => [mnemonic, opcode])) as Record<Mnemonic, number>,
);

/** The mnemonic of an opcode, or "op 202" and so on for a byte that is none. */
export function mnemonicOf(opcode: number): string {
  return opcodes[opcode]?.[0] ?? `op ${opcode}`;
}

/** The operand format of an opcode, `undefined` for a byte that is no opcode. */
export function formatOf(opcode: number): OperandFormat | undefined {
  return opcodes[opcode]?.[1];
}

/** Element type of `newarray`'s operand, JVMS table 6.5.newarray-A; `undefined` outside 4..11. */
export function primitiveOfArrayCode(code: number): "Z" | "C" | "F" | "D" | "B" | "S" | "I" | "J" | undefined {
  return ARRAY_CODES[code - 4];
}

const ARRAY_CODES = ["Z", "C", "F", "D", "B", "S", "I", "J"] as const;
