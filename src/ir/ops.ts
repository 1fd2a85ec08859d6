/**
 * The table of operations: one row each, and every pass asks it for traits instead of listing operations.
 *
 * Operand kinds: a type name; "int" (i32 or i64); "float" (f32 or f64); "ptr" (ref, iref or addr); "any"; "same" (the type of the
 * first operand). Result kinds: a type name, "same", "none", or "typed" (the instruction says which type).
 * `imm` names what an instruction carries besides operands (see Inst).
 */
export type OperandKind =
  | "i32"
  | "i64"
  | "f32"
  | "f64"
  | "ref"
  | "iref"
  | "addr"
  | "int"
  | "float"
  | "ptr"
  | "any"
  | "same";
export type ResultKind = "i32" | "i64" | "f32" | "f64" | "ref" | "iref" | "addr" | "same" | "none" | "typed";

/**
 * What an operation may do besides computing its result.
 *   reads, writes   memory that other operations can see
 *   throws          may leave the function by an exception; may carry an unwind edge
 *   safepoint       a collection may happen here: references held across it may change
 *   slow-safepoint  the same, but only on a path the common case does not take (poll, allocation, ensure)
 *   traps           undefined behaviour of the program that the guest must have excluded (division by zero)
 *   ends            ends a block
 */
export type Effect = "reads" | "writes" | "throws" | "safepoint" | "slow-safepoint" | "traps" | "ends";

/** What an instruction carries besides its operands. */
export type ImmKind =
  | "none"
  | "const"
  | "offset"
  | "slot"
  | "host"
  | "sig"
  | "frame"
  | "size"
  | "slow"
  | "edges"
  | "kind";

export interface OpSpec {
  readonly in: readonly OperandKind[];
  /** True if more operands of any type may follow those in `in`. */
  readonly more?: true;
  readonly out: ResultKind;
  readonly imm?: ImmKind;
  readonly does: readonly Effect[];
  readonly says: string;
}

const int2 = ["int", "same"] as const;
const float2 = ["float", "same"] as const;

// biome-ignore format: one row per operation
export const ops = {
  // constants ---------------------------------------------------------------------------------------------------------
  const: { in: [], out: "typed", imm: "const", does: [], says: "The constant of the given type; floats are given by their bits; a ref can only be null (0)." },

  // integers ----------------------------------------------------------------------------------------------------------
  add: { in: int2, out: "same", does: [], says: "Wrapping sum." },
  sub: { in: int2, out: "same", does: [], says: "Wrapping difference." },
  mul: { in: int2, out: "same", does: [], says: "Wrapping product." },
  sdiv: { in: int2, out: "same", does: ["traps"], says: "Quotient rounded toward zero; MIN / -1 is MIN. The divisor must not be 0." },
  udiv: { in: int2, out: "same", does: ["traps"], says: "Unsigned quotient. The divisor must not be 0." },
  srem: { in: int2, out: "same", does: ["traps"], says: "Remainder with the sign of the dividend; MIN % -1 is 0. The divisor must not be 0." },
  urem: { in: int2, out: "same", does: ["traps"], says: "Unsigned remainder. The divisor must not be 0." },
  and: { in: int2, out: "same", does: [], says: "Bitwise and." },
  or: { in: int2, out: "same", does: [], says: "Bitwise or." },
  xor: { in: int2, out: "same", does: [], says: "Bitwise exclusive or." },
  shl: { in: int2, out: "same", does: [], says: "Shift left; the distance is taken modulo the width." },
  sshr: { in: int2, out: "same", does: [], says: "Arithmetic shift right; the distance is taken modulo the width." },
  ushr: { in: int2, out: "same", does: [], says: "Logical shift right; the distance is taken modulo the width." },
  rotl: { in: int2, out: "same", does: [], says: "Rotate left; the distance is taken modulo the width." },
  rotr: { in: int2, out: "same", does: [], says: "Rotate right; the distance is taken modulo the width." },
  clz: { in: ["int"], out: "same", does: [], says: "Leading zero bits; the width for 0." },
  ctz: { in: ["int"], out: "same", does: [], says: "Trailing zero bits; the width for 0." },
  popcnt: { in: ["int"], out: "same", does: [], says: "Number of one bits." },
  eqz: { in: ["int"], out: "i32", does: [], says: "1 if the operand is 0, else 0." },
  eq: { in: int2, out: "i32", does: [], says: "1 if equal, else 0." },
  ne: { in: int2, out: "i32", does: [], says: "1 if different, else 0." },
  slt: { in: int2, out: "i32", does: [], says: "Signed less than." },
  sle: { in: int2, out: "i32", does: [], says: "Signed less or equal." },
  sgt: { in: int2, out: "i32", does: [], says: "Signed greater than." },
  sge: { in: int2, out: "i32", does: [], says: "Signed greater or equal." },
  ult: { in: int2, out: "i32", does: [], says: "Unsigned less than." },
  ule: { in: int2, out: "i32", does: [], says: "Unsigned less or equal." },
  ugt: { in: int2, out: "i32", does: [], says: "Unsigned greater than." },
  uge: { in: int2, out: "i32", does: [], says: "Unsigned greater or equal." },
  sext8: { in: ["int"], out: "same", does: [], says: "The low 8 bits, sign-extended." },
  sext16: { in: ["int"], out: "same", does: [], says: "The low 16 bits, sign-extended." },
  sext32: { in: ["i64"], out: "i64", does: [], says: "The low 32 bits, sign-extended." },

  // floats (IEEE 754; min and max propagate NaN and order -0 below +0) --------------------------------------------------------
  fadd: { in: float2, out: "same", does: [], says: "IEEE sum." },
  fsub: { in: float2, out: "same", does: [], says: "IEEE difference." },
  fmul: { in: float2, out: "same", does: [], says: "IEEE product." },
  fdiv: { in: float2, out: "same", does: [], says: "IEEE quotient." },
  fmin: { in: float2, out: "same", does: [], says: "IEEE 754-2019 minimum." },
  fmax: { in: float2, out: "same", does: [], says: "IEEE 754-2019 maximum." },
  fcopysign: { in: float2, out: "same", does: [], says: "The first operand with the sign of the second." },
  fneg: { in: ["float"], out: "same", does: [], says: "Flips the sign bit." },
  fabs: { in: ["float"], out: "same", does: [], says: "Clears the sign bit." },
  fsqrt: { in: ["float"], out: "same", does: [], says: "Correctly rounded square root." },
  fceil: { in: ["float"], out: "same", does: [], says: "Round toward +infinity." },
  ffloor: { in: ["float"], out: "same", does: [], says: "Round toward -infinity." },
  ftrunc: { in: ["float"], out: "same", does: [], says: "Round toward zero." },
  fnearest: { in: ["float"], out: "same", does: [], says: "Round to nearest, ties to even." },
  feq: { in: float2, out: "i32", does: [], says: "1 if equal; 0 if either is NaN." },
  fne: { in: float2, out: "i32", does: [], says: "1 if different or either is NaN." },
  flt: { in: float2, out: "i32", does: [], says: "1 if less; 0 if either is NaN." },
  fle: { in: float2, out: "i32", does: [], says: "1 if less or equal; 0 if either is NaN." },
  fgt: { in: float2, out: "i32", does: [], says: "1 if greater; 0 if either is NaN." },
  fge: { in: float2, out: "i32", does: [], says: "1 if greater or equal; 0 if either is NaN." },

  // conversions ---------------------------------------------------------------------------------------------------------------
  sext: { in: ["i32"], out: "i64", does: [], says: "Sign-extend 32 to 64 bits." },
  zext: { in: ["i32"], out: "i64", does: [], says: "Zero-extend 32 to 64 bits." },
  wrap: { in: ["i64"], out: "i32", does: [], says: "The low 32 bits." },
  stof: { in: ["int"], out: "typed", does: [], says: "Signed integer to the given float type, rounded to nearest even." },
  utof: { in: ["int"], out: "typed", does: [], says: "Unsigned integer to the given float type, rounded to nearest even." },
  ftos: { in: ["float"], out: "typed", does: [], says: "Float to the given signed integer type, toward zero, saturating; NaN is 0." },
  ftou: { in: ["float"], out: "typed", does: [], says: "Float to the given unsigned integer type, toward zero, saturating; NaN is 0." },
  promote: { in: ["f32"], out: "f64", does: [], says: "f32 to f64, exact." },
  demote: { in: ["f64"], out: "f32", does: [], says: "f64 to f32, rounded to nearest even." },
  bits: { in: ["any"], out: "typed", does: [], says: "The same bits as the other type of the same size: i32/f32, i64/f64, and i32/addr." },

  // pointers ------------------------------------------------------------------------------------------------------------------
  refeq: { in: ["ptr", "ptr"], out: "i32", does: [], says: "1 if both pointers are equal." },
  refne: { in: ["ptr", "ptr"], out: "i32", does: [], says: "1 if the pointers differ." },
  isnull: { in: ["ptr"], out: "i32", does: [], says: "1 if the pointer is null." },
  ptradd: { in: ["ptr", "i32"], out: "typed", does: [], says: "Pointer plus bytes: iref from a ref or iref, addr from an addr." },
  rawaddr: { in: ["ptr"], out: "addr", does: [], says: "The bits of a pointer as a raw address. Meaningless after the next safepoint if the object can move." },
  rawref: { in: ["addr"], out: "ref", does: [], says: "A raw address taken for a reference. It must be one, or null." },

  // memory: address = first operand + offset ----------------------------------------------------------------------------------
  load: { in: ["ptr"], out: "typed", imm: "offset", does: ["reads"], says: "Loads a value of the given type." },
  load8s: { in: ["ptr"], out: "i32", imm: "offset", does: ["reads"], says: "Loads 8 bits, sign-extended." },
  load8u: { in: ["ptr"], out: "i32", imm: "offset", does: ["reads"], says: "Loads 8 bits, zero-extended." },
  load16s: { in: ["ptr"], out: "i32", imm: "offset", does: ["reads"], says: "Loads 16 bits, sign-extended." },
  load16u: { in: ["ptr"], out: "i32", imm: "offset", does: ["reads"], says: "Loads 16 bits, zero-extended." },
  store: { in: ["ptr", "any"], out: "none", imm: "offset", does: ["writes"], says: "Stores a value of any type but into no traced field: that is `refstore`." },
  store8: { in: ["ptr", "i32"], out: "none", imm: "offset", does: ["writes"], says: "Stores the low 8 bits." },
  store16: { in: ["ptr", "i32"], out: "none", imm: "offset", does: ["writes"], says: "Stores the low 16 bits." },
  refstore: { in: ["ptr", "ref"], out: "none", imm: "offset", does: ["writes"], says: "Stores a reference into a traced field, with the collector's write barrier." },
  copy: { in: ["ptr", "ptr", "i32"], out: "none", does: ["reads", "writes"], says: "Copies bytes (to, from, count); the ranges may overlap. No barrier: for references there is `refcopy`." },
  refcopy: { in: ["ptr", "ptr", "i32"], out: "none", does: ["reads", "writes"], says: "Copies bytes (to, from, count) like `copy`, into traced fields: with the write barrier for all of them." },
  fill: { in: ["ptr", "i32", "i32"], out: "none", does: ["writes"], says: "Fills bytes (at, value, count)." },

  // atomics: sequentially consistent; naturally aligned -----------------------------------------------------------------------
  aload: { in: ["ptr"], out: "typed", imm: "offset", does: ["reads", "writes"], says: "Atomic load of i32, i64, ref or addr." },
  aload8u: { in: ["ptr"], out: "i32", imm: "offset", does: ["reads", "writes"], says: "Atomic load of 8 bits, zero-extended." },
  aload16u: { in: ["ptr"], out: "i32", imm: "offset", does: ["reads", "writes"], says: "Atomic load of 16 bits, zero-extended." },
  astore: { in: ["ptr", "any"], out: "none", imm: "offset", does: ["reads", "writes"], says: "Atomic store of i32, i64 or addr." },
  astore8: { in: ["ptr", "i32"], out: "none", imm: "offset", does: ["reads", "writes"], says: "Atomic store of the low 8 bits." },
  astore16: { in: ["ptr", "i32"], out: "none", imm: "offset", does: ["reads", "writes"], says: "Atomic store of the low 16 bits." },
  arefstore: { in: ["ptr", "ref"], out: "none", imm: "offset", does: ["reads", "writes"], says: "Atomic store of a reference into a traced field, with the write barrier." },
  rstore: { in: ["ptr", "any"], out: "none", imm: "offset", does: ["reads", "writes"], says: "Release store of i32, i64 or addr: whole, and what this thread did before is seen by who loads the value atomically. Later loads may come before it." },
  rstore8: { in: ["ptr", "i32"], out: "none", imm: "offset", does: ["reads", "writes"], says: "Release store of the low 8 bits." },
  rstore16: { in: ["ptr", "i32"], out: "none", imm: "offset", does: ["reads", "writes"], says: "Release store of the low 16 bits." },
  rrefstore: { in: ["ptr", "ref"], out: "none", imm: "offset", does: ["reads", "writes"], says: "Release store of a reference into a traced field, with the write barrier." },
  aadd: { in: ["ptr", "int"], out: "typed", imm: "offset", does: ["reads", "writes"], says: "Atomic add; gives the old value." },
  aand: { in: ["ptr", "int"], out: "typed", imm: "offset", does: ["reads", "writes"], says: "Atomic and; gives the old value." },
  aor: { in: ["ptr", "int"], out: "typed", imm: "offset", does: ["reads", "writes"], says: "Atomic or; gives the old value." },
  axor: { in: ["ptr", "int"], out: "typed", imm: "offset", does: ["reads", "writes"], says: "Atomic exclusive or; gives the old value." },
  aswap: { in: ["ptr", "any"], out: "typed", imm: "offset", does: ["reads", "writes"], says: "Atomic exchange of i32, i64 or addr; gives the old value." },
  arefswap: { in: ["ptr", "ref"], out: "ref", imm: "offset", does: ["reads", "writes"], says: "Atomic exchange of a reference in a traced field, with the write barrier." },
  acas: { in: ["ptr", "any", "any"], out: "typed", imm: "offset", does: ["reads", "writes"], says: "Atomic compare and exchange (at, expected, new) of i32, i64 or addr; gives the value found." },
  arefcas: { in: ["ptr", "ref", "ref"], out: "ref", imm: "offset", does: ["reads", "writes"], says: "Atomic compare and exchange of a reference in a traced field, with the write barrier." },
  fence: { in: [], out: "none", does: ["reads", "writes"], says: "Full memory fence." },
  afence: { in: [], out: "none", does: ["reads", "writes"], says: "Acquire and release fence: what comes before it stays before what comes after it, but that loads may still come before earlier stores." },

  // on-stack memory, allocation, threads ---------------------------------------------------------------------------------------
  stackaddr: { in: [], out: "addr", imm: "frame", does: [], says: "Address of one of the function's frame areas; valid until the function returns." },
  stackpointer: { in: [], out: "addr", does: [], says: "The stack pointer with which this function was called; below it is this function's frame." },
  carrier: { in: [], out: "addr", does: [], says: "Address of the record of the carrier that runs this code. Not valid across a safepoint on a thread that may change carriers." },
  alloc: { in: ["i32"], out: "ref", imm: "size", does: ["throws", "slow-safepoint"], says: "Zeroed collected memory of the given number of bytes (a multiple of 8, below 2^30). The guest stores the header before the next safepoint. Throws trap `memory`(bytes) if there is none left." },
  poll: { in: [], out: "none", does: ["slow-safepoint"], says: "Parks here if a collection or another thread wants it." },

  // checks: they throw what the guest's trap function for the kind throws ------------------------------------------------------
  nullcheck: { in: ["ptr"], out: "none", does: ["throws"], says: "Throws trap `null` if the pointer is null." },
  boundscheck: { in: ["i32", "i32"], out: "none", does: ["throws"], says: "Throws trap `bounds`(index, length) unless index < length, both unsigned." },
  zerocheck: { in: ["int"], out: "none", does: ["throws"], says: "Throws trap `zero` if the integer is 0." },
  trap: { in: [], more: true, out: "none", imm: "kind", does: ["throws", "ends"], says: "Throws the trap of the given kind with up to two i32 or ref operands." },
  ensure: { in: ["addr"], out: "none", imm: "slow", does: ["throws", "reads", "slow-safepoint"], says: "If the i32 at the address + offset, loaded atomically, is 0, calls the function at the slot with the address. Idempotent: one dominated by another of the same address is redundant." },

  // calls ----------------------------------------------------------------------------------------------------------------------
  call: { in: [], more: true, out: "typed", imm: "slot", does: ["reads", "writes", "throws", "safepoint"], says: "Calls the function at a constant slot." },
  calldyn: { in: ["i32"], more: true, out: "typed", imm: "sig", does: ["reads", "writes", "throws", "safepoint"], says: "Calls the function at the slot given by the first operand." },
  callvia: { in: ["i32", "i32"], more: true, out: "typed", imm: "sig", does: ["reads", "writes", "throws", "safepoint"], says: "Like calldyn, but hands the callee the second operand in place of its own slot number (interface dispatch)." },
  callhost: { in: [], more: true, out: "typed", imm: "host", does: ["reads", "writes", "throws", "safepoint"], says: "Calls a host function. Its descriptor may take effects away." },
  tailcall: { in: ["i32"], more: true, out: "none", imm: "sig", does: ["reads", "writes", "throws", "safepoint", "ends"], says: "Leaves this function, and its handlers, for the one at the slot given by the first operand; same result type." },
  ownslot: { in: [], out: "i32", does: [], says: "The hidden last parameter: this function's own slot, or what `callvia` put in its place." },

  // control --------------------------------------------------------------------------------------------------------------------
  select: { in: ["i32", "any", "any"], out: "typed", does: [], says: "The second operand if the first is not 0, else the third. Both are evaluated." },
  jump: { in: [], out: "none", imm: "edges", does: ["ends"], says: "Goes to the block." },
  branch: { in: ["i32"], out: "none", imm: "edges", does: ["ends"], says: "Goes to the first block if the operand is not 0, else to the second." },
  switch: { in: ["i32"], out: "none", imm: "edges", does: ["ends"], says: "Goes to the block at the unsigned index; to the last one if the index is too large." },
  return: { in: [], more: true, out: "none", does: ["ends"], says: "Returns with the result, if the signature has one." },
  throw: { in: ["ref"], out: "none", does: ["throws", "ends"], says: "Throws the object." },
  unreachable: { in: [], out: "none", does: ["ends", "traps"], says: "Control never comes here." },
} as const satisfies Record<string, OpSpec>;

export type Op = keyof typeof ops;

/** The operations that have an effect, as a type. */
export type OpWith<E extends Effect> = { [N in Op]: E extends (typeof ops)[N]["does"][number] ? N : never }[Op];

/** The row of an operation, without its literal types. */
export function spec(op: Op): OpSpec {
  return ops[op];
}

/** Whether it is a load or store that is not atomic: those have Inst.alias. */
export function isPlainAccess(op: Op): boolean {
  const row = spec(op);
  return row.imm === "offset" && row.does.length === 1;
}

/** Whether the operation has the effect. For a `callhost` ask `effectsOf` instead, which looks at its descriptor. */
export function does(op: Op, effect: Effect): boolean {
  return (ops[op].does as readonly Effect[]).includes(effect);
}
