/**
 * jdk.internal.misc.Unsafe: memory accesses by object and offset. An offset with STATIC_OFFSET set names an absolute address in its low
 * 32 bits (static fields); otherwise the low 32 bits count from the object, or from 0 when it is null (allocated memory).
 */
import { type Builder, type MemoryOp, NO_VALUE, type Type, type Value } from "#ir";
import type { IntrinsicNative } from "../types.ts";

/** Marks offsets that are absolute addresses; bit 40, so that no sum of an address and an index reaches it. */
export const STATIC_OFFSET = 1n << 40n;

/** Good until the next safepoint. */
function address(b: Builder, object: Value, offset: Value): Value {
  const isStatic = b.op("ne", b.op("and", offset, b.i64(STATIC_OFFSET)), b.i64(0n));
  const base = b.typed("select", "addr", isStatic, b.addr(0), b.typed("rawaddr", "addr", object));
  return b.typed("ptradd", "addr", base, b.op("wrap", offset));
}

/** How a type of Unsafe's names is kept in memory. */
interface Access {
  readonly letter: string;
  readonly type: Type;
  readonly load: MemoryOp;
  readonly store: MemoryOp;
  readonly atomicLoad: MemoryOp;
  readonly atomicStore: MemoryOp;
  readonly releaseStore: MemoryOp;
  /** The type of the atomic access, if it is not the value's own. */
  readonly atomicType?: Type;
  /** From what was loaded, and to what is stored. */
  readonly fix?: (b: Builder, value: Value) => Value;
}

const narrow = (letter: string, load: MemoryOp, width: 8 | 16, fix?: Access["fix"]): Access => ({
  letter,
  type: "i32",
  load,
  store: width === 8 ? "store8" : "store16",
  atomicLoad: width === 8 ? "aload8u" : "aload16u",
  atomicStore: width === 8 ? "astore8" : "astore16",
  releaseStore: width === 8 ? "rstore8" : "rstore16",
  ...(fix === undefined ? {} : { fix }),
});
const wide = (letter: string, type: Type, atomicType: Type): Access => ({
  letter,
  type,
  load: "load",
  store: "store",
  atomicLoad: "aload",
  atomicStore: "astore",
  releaseStore: "rstore",
  atomicType,
});

const ACCESSES: Readonly<Record<string, Access>> = {
  Boolean: narrow("Z", "load8u", 8, (b, value) => b.op("ne", value, b.i32(0))),
  Byte: narrow("B", "load8s", 8, (b, value) => b.op("sext8", value)),
  Short: narrow("S", "load16s", 16, (b, value) => b.op("sext16", value)),
  Char: narrow("C", "load16u", 16),
  Int: wide("I", "i32", "i32"),
  Long: wide("J", "i64", "i64"),
  Float: wide("F", "f32", "i32"),
  Double: wide("D", "f64", "i64"),
  Reference: {
    letter: "Ljava/lang/Object;",
    type: "ref",
    load: "load",
    store: "refstore",
    atomicLoad: "aload",
    atomicStore: "arefstore",
    releaseStore: "rrefstore",
    atomicType: "ref",
  },
};

const table: Record<string, IntrinsicNative> = {};

function define(name: string, descriptor: string, code: IntrinsicNative): void {
  table[`jdk/internal/misc/Unsafe.${name}${descriptor}`] = code;
}

for (const [name, access] of Object.entries(ACCESSES)) accessors(name, access);
for (const name of ["Int", "Long", "Reference"]) exchanges(name, ACCESSES[name] as Access);
unaligned();
blocks();

export const unsafeIntrinsics: Readonly<Record<string, IntrinsicNative>> = table;

function accessors(name: string, access: Access): void {
  const { letter, type, load, store, atomicLoad, atomicStore, releaseStore, fix } = access;
  const atomicType = access.atomicType ?? "i32";
  const get = `(Ljava/lang/Object;J)${letter}`;
  const put = `(Ljava/lang/Object;J${letter})V`;
  define(`get${name}`, get, (b, [, object, offset]) => {
    const value = b.mem(load, type, 0, address(b, object as Value, offset as Value));
    return load === "load8u" && fix !== undefined ? fix(b, value) : value;
  });
  define(`put${name}`, put, (b, [, object, offset, value]) => {
    b.mem(store, null, 0, address(b, object as Value, offset as Value), value as Value);
    return NO_VALUE;
  });
  // Wasm knows one order of atomic accesses, the strongest; the back end, a weaker store. See "The memory model" in docs/threads.md.
  for (const order of ["Volatile", "Acquire", "Opaque"]) {
    define(`get${name}${order}`, get, (b, [, object, offset]) => {
      const value = b.mem(atomicLoad, atomicType, 0, address(b, object as Value, offset as Value));
      if (fix !== undefined) return fix(b, value);
      return atomicType === type ? value : b.typed("bits", type, value);
    });
  }
  for (const order of ["Volatile", "Release", "Opaque"]) {
    define(`put${name}${order}`, put, (b, [, object, offset, value]) => {
      const bits = atomicType === type ? (value as Value) : b.typed("bits", atomicType, value as Value);
      b.mem(
        order === "Volatile" ? atomicStore : releaseStore,
        null,
        0,
        address(b, object as Value, offset as Value),
        bits,
      );
      return NO_VALUE;
    });
  }
}

function exchanges(name: string, { letter, type }: Access): void {
  const reference = type === "ref";
  const cas = reference ? "arefcas" : "acas";
  const compare = `(Ljava/lang/Object;J${letter}${letter})`;
  const set: IntrinsicNative = (b, [, object, offset, expected, value]) => {
    const at = address(b, object as Value, offset as Value);
    const found = b.mem(cas, type, 0, at, expected as Value, value as Value);
    return b.op(reference ? "refeq" : "eq", found, expected as Value);
  };
  const orders = ["", "Plain", "Acquire", "Release"];
  define(`compareAndSet${name}`, `${compare}Z`, set);
  for (const order of orders) define(`weakCompareAndSet${name}${order}`, `${compare}Z`, set);
  for (const order of ["", "Acquire", "Release"]) {
    define(`compareAndExchange${name}${order}`, `${compare}${letter}`, (b, [, object, offset, expected, value]) =>
      b.mem(cas, type, 0, address(b, object as Value, offset as Value), expected as Value, value as Value),
    );
    const update = (method: string, op: MemoryOp): void =>
      define(`${method}${name}${order}`, `(Ljava/lang/Object;J${letter})${letter}`, (b, [, object, offset, value]) =>
        b.mem(op, type, 0, address(b, object as Value, offset as Value), value as Value),
      );
    update("getAndSet", reference ? "arefswap" : "aswap");
    if (reference) continue;
    update("getAndAdd", "aadd");
    update("getAndBitwiseAnd", "aand");
    update("getAndBitwiseOr", "aor");
    update("getAndBitwiseXor", "axor");
  }
}

/** Plain accesses of Wasm need no alignment. */
function unaligned(): void {
  for (const name of ["Short", "Char", "Int", "Long"]) {
    const { letter, type, load, store } = ACCESSES[name] as Access;
    define(`get${name}Unaligned`, `(Ljava/lang/Object;J)${letter}`, (b, [, object, offset]) =>
      b.mem(load, type, 0, address(b, object as Value, offset as Value)),
    );
    define(`put${name}Unaligned`, `(Ljava/lang/Object;J${letter})V`, (b, [, object, offset, value]) => {
      b.mem(store, null, 0, address(b, object as Value, offset as Value), value as Value);
      return NO_VALUE;
    });
  }
}

function blocks(): void {
  for (const name of ["loadFence", "storeFence", "fullFence", "loadLoadFence", "storeStoreFence"]) {
    define(name, "()V", (b) => {
      b.op(name === "fullFence" ? "fence" : "afence");
      return NO_VALUE;
    });
  }
  define("copyMemory0", "(Ljava/lang/Object;JLjava/lang/Object;JJ)V", (b, args) => {
    const [, source, sourceOffset, target, targetOffset, bytes] = args as Value[];
    const from = address(b, source as Value, sourceOffset as Value);
    const to = address(b, target as Value, targetOffset as Value);
    b.op("copy", to, from, b.op("wrap", bytes as Value));
    return NO_VALUE;
  });
  define("setMemory0", "(Ljava/lang/Object;JJB)V", (b, args) => {
    const [, object, offset, bytes, value] = args as Value[];
    b.op("fill", address(b, object as Value, offset as Value), value as Value, b.op("wrap", bytes as Value));
    return NO_VALUE;
  });
}
