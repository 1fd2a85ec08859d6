/**
 * The natives by name, with their types as the language writes them. No code of carriers: the compiler reads this on the VM thread.
 *
 * A native is called as `callhost "uvml.NAME"`. All but those in PURE may fail: a check of CARRIER_PENDING follows the call. In IR, whole
 * numbers of up to 32 bits, bool and char are i32; string, symbol, any, mutex and builder are ref; unit is no result.
 *
 * What is polymorphic is lowered by the compiler:
 *   (str a b …)      builder, append-… by type for each, build
 *   (print a b …)    print-string of (str a b …): values follow each other without separators; println adds "\n" to the same text,
 *                    so a line of one thread is never torn by another
 *   (append! b x)    append-… by x's type
 *   (error "t" v …)  (fail 'error (str "t" v …)); assert the same with kind 'assert. `fail` never returns without a pending exception
 */
export const NATIVES = {
  // ---- strings: UTF-8 bytes, indices count bytes
  "string-ref": "(string i32) char",
  "string-append": "(string string) string",
  substring: "(string i32 i32) string",
  "string=?": "(string string) bool",
  "string<?": "(string string) bool",
  "string-index": "(string string i32) i32",
  "string->int": "(string) i32",
  "string->i64": "(string) i64",
  "string->float": "(string) f64",
  "string->symbol": "(string) symbol",
  "symbol->string": "(symbol) string",
  gensym: "() symbol",
  // ---- builders
  builder: "() builder",
  build: "(builder) string",
  "append-any": "(builder any) unit",
  "append-string": "(builder string) unit",
  "append-i64": "(builder i64) unit",
  "append-u64": "(builder u64) unit",
  "append-f32": "(builder f32) unit",
  "append-f64": "(builder f64) unit",
  "append-char": "(builder char) unit",
  "append-bool": "(builder bool) unit",
  // ---- any
  "equal?": "(any any) bool",
  "type-of": "(any) string",
  // ---- output, files; fd-… are what the prelude's files are made of
  "print-string": "(string) unit",
  "eprint-string": "(string) unit",
  "read-file": "(string) string",
  "write-file": "(string string) unit",
  "file-exists?": "(string) bool",
  "fd-open": "(string) i32",
  "fd-read": "(i32 i32) string",
  "fd-close": "(i32) unit",
  // ---- the system
  args: "() (list string)",
  exit: "(i32) unit",
  gc: "() unit",
  "time-ms": "() f64",
  fail: "(symbol string) unit",
  // ---- threads
  mutex: "() mutex",
  lock: "(mutex) unit",
  unlock: "(mutex) unit",
  yield: "() unit",
  sleep: "(i32) unit",
  // ---- mathematics
  sin: "(f64) f64",
  cos: "(f64) f64",
  tan: "(f64) f64",
  asin: "(f64) f64",
  acos: "(f64) f64",
  atan: "(f64) f64",
  atan2: "(f64 f64) f64",
  exp: "(f64) f64",
  log: "(f64) f64",
  pow: "(f64 f64) f64",
  fmod: "(f64 f64) f64",
} as const;

export type NativeName = keyof typeof NATIVES;

/** These neither fail nor allocate nor wait: `pure` host functions, called without a stack pointer, no check follows. */
export const PURE: ReadonlySet<string> = new Set<NativeName>([
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "atan2",
  "exp",
  "log",
  "pow",
  "fmod",
]);

/**
 * Host functions whose types the compiler gives, called as `callhost "uvml.%NAME"` with these signature keys; a check follows.
 *
 *   %spawn       (closure of no parameters, record of the thread object's type, RESULT_*) -> thread object
 *   %pool-alloc  (the structure's record) -> pointer of a malloc'd structure, its fields zero
 *   %pool-free   (pointer, the structure's record); raises double-free
 *   %stale       (): raises use-after-free
 */
export const RAW_NATIVES = {
  "%spawn": "(rai)r",
  "%pool-alloc": "(a)l",
  "%pool-free": "(la)v",
  "%stale": "()v",
} as const;

/** What the function of a thread gives, for %spawn. */
export const RESULT_NONE = 0;
export const RESULT_I32 = 1;
export const RESULT_I64 = 2;
export const RESULT_F32 = 3;
export const RESULT_F64 = 4;
export const RESULT_REF = 5;

/**
 * Functions in IR that the runtime gives the compiler as slots, with their signature keys:
 *
 *   raise         (value): notes where, then throws it; does not return
 *   join          (thread object): waits for its end, throws what it threw; its result is then in the object (layout.ts)
 *   append…       what the natives do, quickly while the builder has room
 */
export const HELPERS = {
  raise: "(r)v",
  join: "(r)v",
  appendString: "(rr)v",
  appendChar: "(ri)v",
} as const;

export type HelperName = keyof typeof HELPERS;
