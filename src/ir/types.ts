/**
 * The seven types of the IR, and call signatures.
 *
 * `ref` is a reference to the start of a collected object, `iref` points into one (a managed pointer), `addr` is a raw
 * address that the collector never looks at. All three are 32-bit linear-memory addresses at run time.
 */
export type Type = "i32" | "i64" | "f32" | "f64" | "ref" | "iref" | "addr";

export const TYPES: readonly Type[] = ["i32", "i64", "f32", "f64", "ref", "iref", "addr"];

/** Size of a value of the type in memory, in bytes. */
export const TYPE_BYTES: Readonly<Record<Type, number>> = { i32: 4, i64: 8, f32: 4, f64: 8, ref: 4, iref: 4, addr: 4 };

/** One letter per type; signature keys are made of them. */
export const TYPE_LETTER: Readonly<Record<Type, string>> = {
  i32: "i",
  i64: "l",
  f32: "f",
  f64: "d",
  ref: "r",
  iref: "p",
  addr: "a",
};

/** True for the types the collector must see: their values may change across a safepoint. */
export function isTraced(type: Type): boolean {
  return type === "ref" || type === "iref";
}

/**
 * What a function takes and gives. The two hidden parameters of compiled code (stack pointer first, own slot last) are not part
 * of it. Equal signatures have equal keys, for example "(ri)l" for (ref, i32) -> i64 and "(ri)v" for no result.
 */
export interface Signature {
  readonly params: readonly Type[];
  readonly result: Type | null;
  readonly key: string;
}

/** A signature from its parts. */
export function signature(params: readonly Type[], result: Type | null): Signature {
  let key = "(";
  for (const type of params) key += TYPE_LETTER[type];
  key += ")";
  key += result === null ? "v" : TYPE_LETTER[result];
  return { params, result, key };
}

const BY_LETTER: Readonly<Record<string, Type>> = Object.fromEntries(TYPES.map((type) => [TYPE_LETTER[type], type]));

/** The signature a key such as "(ri)l" stands for. Throws on a malformed key. */
export function signatureFromKey(key: string): Signature {
  const close = key.indexOf(")");
  if (key[0] !== "(" || close < 0 || close !== key.length - 2) throw new Error(`malformed signature key '${key}'`);
  const params = [...key.slice(1, close)].map((letter) => {
    const type = BY_LETTER[letter];
    if (type === undefined) throw new Error(`malformed signature key '${key}'`);
    return type;
  });
  const letter = key[close + 1] as string;
  const result = letter === "v" ? null : BY_LETTER[letter];
  if (result === undefined) throw new Error(`malformed signature key '${key}'`);
  return { params, result, key };
}
