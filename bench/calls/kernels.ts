/**
 * Kernels that mostly call, as text of the IR. `main` (i32) -> i32 runs one with a number of rounds; `calls` is how many calls a round makes.
 *
 * Objects: type at 0, references at 8 and 16, a number at 12; 24 bytes. Their type record has a slot at METHOD.
 */

export interface Kernel {
  readonly name: string;
  readonly text: string;
  readonly main: number;
  readonly rounds: number;
  /** Calls in a round. */
  readonly calls: number;
}

export const OBJECT_BYTES = 24;
/** Addresses of type records, and the offset in them of the slot of a method (r i) -> i. */
export const TYPES: readonly number[] = [0x3000, 0x3100, 0x3200];
export const METHOD = 64;
export const METHOD_SLOTS: readonly number[] = [60, 61, 62];

/** Twice the number of calls of fib(n) is about fib(n + 3). */
const fib = (n: number): number => (n < 2 ? 1 : 1 + fib(n - 1) + fib(n - 2));

export const kernels: readonly Kernel[] = [
  {
    name: "fib: recursion of numbers",
    main: 20,
    rounds: 27,
    calls: fib(27),
    text: `
func @fib slot 20(v0: i32) -> i32 {
b0:
  v1 = const.i32 2
  v2 = slt v0, v1
  branch v2, b1, b2
b1:
  return v0
b2:
  v3 = const.i32 1
  v4 = sub v0, v3
  v5 = call %20 "(i)i" (v4)
  v6 = sub v0, v1
  v7 = call %20 "(i)i" (v6)
  v8 = add v5, v7
  return v8
}`,
  },
  {
    name: "chain: eight functions that each call the next one with a reference",
    main: 30,
    rounds: 100_000,
    calls: 9,
    text: `
func @main slot 30(v0: i32) -> i32 {
b0:
  v1 = const.i32 ${OBJECT_BYTES}
  v2 = alloc v1
  v3 = const.addr ${TYPES[0]}
  store v2, v3
  v4 = const.i32 0
  jump b1(v0, v4)
b1(v5: i32, v6: i32):
  v7 = call %40 "(ri)i" (v2, v6)
  v8 = const.i32 1
  v9 = sub v5, v8
  branch v9, b1(v9, v7), b2
b2:
  return v7
}
${[40, 41, 42, 43, 44, 45, 46, 47]
  .map(
    (slot) => `
func @link${slot} slot ${slot}(v0: ref, v1: i32) -> i32 {
b0:
  nullcheck v0
  v2 = load.i32 v0+12
  v3 = add v1, v2
  v4 = call %${slot + 1} "(ri)i" (v0, v3)
  v5 = load.i32 v0+12
  v6 = add v4, v5
  return v6
}`,
  )
  .join("")}
func @last slot 48(v0: ref, v1: i32) -> i32 {
b0:
  v2 = load.i32 v0+12
  v3 = const.i32 1
  v4 = add v2, v3
  v5 = const.i32 255
  v6 = and v4, v5
  store v0+12, v6
  v7 = add v1, v6
  return v7
}`,
  },
  {
    name: "leaves: a loop that calls four small functions with its reference",
    main: 31,
    rounds: 200_000,
    calls: 4,
    text: `
func @main slot 31(v0: i32) -> i32 {
b0:
  v1 = const.i32 ${OBJECT_BYTES}
  v2 = alloc v1
  v3 = const.addr ${TYPES[0]}
  store v2, v3
  v4 = const.i32 0
  jump b1(v0, v4)
b1(v5: i32, v6: i32):
  poll
  v7 = call %48 "(ri)i" (v2, v6)
  v8 = call %48 "(ri)i" (v2, v7)
  v9 = call %48 "(ri)i" (v2, v8)
  v10 = call %48 "(ri)i" (v2, v9)
  v11 = const.i32 1
  v12 = sub v5, v11
  branch v12, b1(v12, v10), b2
b2:
  return v10
}
func @leaf slot 48(v0: ref, v1: i32) -> i32 {
b0:
  nullcheck v0
  v2 = load.i32 v0+12
  v3 = const.i32 1
  v4 = add v2, v3
  v5 = const.i32 255
  v6 = and v4, v5
  store v0+12, v6
  v7 = add v1, v6
  return v7
}`,
  },
  {
    name: "trees: built and counted by recursion",
    main: 32,
    rounds: 100,
    calls: 2 * (2 ** 11 - 1),
    text: `
func @main slot 32(v0: i32) -> i32 {
b0:
  v4 = const.i32 0
  jump b1(v0, v4)
b1(v5: i32, v6: i32):
  v10 = const.i32 10
  v1 = call %50 "(i)r" (v10)
  v7 = call %51 "(r)i" (v1)
  v13 = add v6, v7
  v11 = const.i32 1
  v12 = sub v5, v11
  branch v12, b1(v12, v13), b2
b2:
  return v13
}
func @grow slot 50(v0: i32) -> ref {
b0:
  branch v0, b1, b2
b1:
  v1 = const.i32 1
  v2 = sub v0, v1
  v3 = call %50 "(i)r" (v2)
  v4 = call %50 "(i)r" (v2)
  v5 = const.i32 ${OBJECT_BYTES}
  v6 = alloc v5
  v7 = const.addr ${TYPES[0]}
  store v6, v7
  refstore v6+8, v3
  refstore v6+16, v4
  return v6
b2:
  v8 = const.i32 ${OBJECT_BYTES}
  v9 = alloc v8
  v10 = const.addr ${TYPES[0]}
  store v9, v10
  return v9
}
func @count slot 51(v0: ref) -> i32 {
b0:
  nullcheck v0
  v1 = load.ref v0+8
  v2 = isnull v1
  branch v2, b1, b2
b1:
  v3 = const.i32 1
  return v3
b2:
  v4 = call %51 "(r)i" (v1)
  v5 = load.ref v0+16
  v6 = call %51 "(r)i" (v5)
  v7 = add v4, v6
  v8 = const.i32 1
  v9 = add v7, v8
  return v9
}`,
  },
  {
    name: "virtual: three classes, through the slot in the type record",
    main: 33,
    rounds: 200_000,
    calls: 3,
    text: `
func @main slot 33(v0: i32) -> i32 {
b0:
  v1 = const.i32 ${OBJECT_BYTES}
${TYPES.map(
  (type, i) => `
  v${2 + 2 * i} = alloc v1
  v${3 + 2 * i} = const.addr ${type}
  store v${2 + 2 * i}, v${3 + 2 * i}`,
).join("")}
  v10 = const.i32 0
  jump b1(v0, v10)
b1(v11: i32, v12: i32):
  poll
  v13 = load.addr v2
  v14 = load.i32 v13+${METHOD}
  v15 = calldyn v14 "(ri)i" (v2, v12)
  v16 = load.addr v4
  v17 = load.i32 v16+${METHOD}
  v18 = calldyn v17 "(ri)i" (v4, v15)
  v19 = load.addr v6
  v20 = load.i32 v19+${METHOD}
  v21 = calldyn v20 "(ri)i" (v6, v18)
  v22 = const.i32 1
  v23 = sub v11, v22
  branch v23, b1(v23, v21), b2
b2:
  return v21
}
${METHOD_SLOTS.map(
  (slot, i) => `
func @method${i} slot ${slot}(v0: ref, v1: i32) -> i32 {
b0:
  v2 = load.i32 v0+12
  v3 = add v1, v2
  v4 = const.i32 ${i + 1}
  v5 = xor v3, v4
  return v5
}`,
).join("")}`,
  },
  {
    name: "shuffle: a method with six calls and five references",
    main: 34,
    rounds: 100_000,
    calls: 7,
    text: `
func @main slot 34(v0: i32) -> i32 {
b0:
  v1 = const.i32 ${OBJECT_BYTES}
  v2 = alloc v1
  v3 = const.addr ${TYPES[0]}
  store v2, v3
  v4 = alloc v1
  store v4, v3
  v6 = const.i32 0
  jump b1(v0, v6)
b1(v7: i32, v8: i32):
  poll
  v9 = call %52 "(rri)i" (v2, v4, v8)
  v10 = const.i32 1
  v11 = sub v7, v10
  branch v11, b1(v11, v9), b2
b2:
  return v9
}
func @shuffle slot 52(v0: ref, v1: ref, v2: i32) -> i32 {
b0:
  nullcheck v0
  nullcheck v1
  v3 = call %53 "(r)r" (v0)
  v4 = call %53 "(r)r" (v1)
  v5 = call %53 "(r)r" (v3)
  v6 = call %48 "(ri)i" (v0, v2)
  v7 = call %48 "(ri)i" (v4, v6)
  v8 = call %48 "(ri)i" (v5, v7)
  v9 = load.i32 v0+12
  v10 = load.i32 v1+12
  v11 = add v8, v9
  v12 = add v11, v10
  return v12
}
func @same slot 53(v0: ref) -> ref {
b0:
  nullcheck v0
  v1 = load.ref v0+8
  v2 = isnull v1
  v3 = select.ref v2, v0, v1
  return v3
}
func @leaf slot 48(v0: ref, v1: i32) -> i32 {
b0:
  v2 = load.i32 v0+12
  v3 = const.i32 1
  v4 = add v2, v3
  v5 = const.i32 255
  v6 = and v4, v5
  store v0+12, v6
  v7 = add v1, v6
  return v7
}`,
  },
  {
    name: "alloc: two objects a round, one in the other",
    main: 35,
    rounds: 200_000,
    calls: 1,
    text: `
func @main slot 35(v0: i32) -> i32 {
b0:
  v1 = const.i32 0
  jump b1(v0, v1)
b1(v2: i32, v3: i32):
  poll
  v4 = const.i32 ${OBJECT_BYTES}
  v5 = alloc v4
  v6 = const.addr ${TYPES[0]}
  store v5, v6
  store v5+12, v2
  v7 = alloc v4
  store v7, v6
  refstore v7+8, v5
  v8 = call %54 "(r)i" (v7)
  v9 = add v3, v8
  v10 = const.i32 1
  v11 = sub v2, v10
  branch v11, b1(v11, v9), b2
b2:
  return v9
}
func @inner slot 54(v0: ref) -> i32 {
b0:
  nullcheck v0
  v1 = load.ref v0+8
  nullcheck v1
  v2 = load.i32 v1+12
  return v2
}`,
  },
];
