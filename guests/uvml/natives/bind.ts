/** The natives as a carrier's host functions; their types are in signatures.ts. */
import type { HostFunctions } from "#threads";
import { SYMBOL_NAME } from "../layout.ts";
import type { NativeContext } from "./context.ts";
import * as files from "./files.ts";
import { f32Text, f64Text } from "./format.ts";
import * as pools from "./pools.ts";
import { equal, shown, typeOf } from "./print.ts";
import { NATIVES, PURE, RAW_NATIVES } from "./signatures.ts";
import * as strings from "./strings.ts";
import * as threads from "./threads.ts";
import { SERVICE_GENSYM, SERVICE_INTERN, WORD_ARGS } from "./words.ts";

/** References are raw addresses, i64 and u64 bigints. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments are what the native's type says
type Native = (c: NativeContext, sp: number, ...args: any[]) => unknown;

const MATH: Readonly<Record<string, (...args: never[]) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  exp: Math.exp,
  log: Math.log,
  // C's pow: 1 to any power is 1.
  pow: (x: number, y: number) => (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y),
  fmod: (x: number, y: number) => x % y,
};

const nameOf = (c: NativeContext, _sp: number, symbol: number): number => c.mem.word(c.solid(symbol) + SYMBOL_NAME);

const DIRECT: Readonly<Record<string, Native>> = {
  "string-ref": strings.charAt,
  "string-append": strings.append,
  substring: strings.substring,
  "string=?": (c, _sp, a: number, b: number) => strings.compare(c, a, b) === 0,
  "string<?": (c, _sp, a: number, b: number) => strings.compare(c, a, b) < 0,
  "string-index": strings.indexOf,
  "string->int": (c, _sp, s: number) => Number(strings.toInteger(c, s, -(2n ** 31n), 2n ** 31n - 1n)),
  "string->i64": (c, _sp, s: number) => strings.toInteger(c, s, -(2n ** 63n), 2n ** 63n - 1n),
  "string->float": strings.toFloat,
  "string->symbol": (c, sp, s: number) => c.ask(sp, SERVICE_INTERN, c.solid(s)),
  "symbol->string": nameOf,
  gensym: (c, sp) => c.ask(sp, SERVICE_GENSYM, 0),
  builder: strings.newBuilder,
  build: strings.build,
  "append-any": (c, sp, builder: number, value: number) =>
    strings.appendBytes(c, sp, builder, new TextEncoder().encode(shown(c, value))),
  "append-string": strings.appendString,
  "append-i64": (c, sp, b: number, v: bigint) => strings.appendAscii(c, sp, b, String(v)),
  "append-u64": (c, sp, b: number, v: bigint) => strings.appendAscii(c, sp, b, String(BigInt.asUintN(64, v))),
  "append-f32": (c, sp, b: number, v: number) => strings.appendAscii(c, sp, b, f32Text(v)),
  "append-f64": (c, sp, b: number, v: number) => strings.appendAscii(c, sp, b, f64Text(v)),
  "append-char": strings.appendChar,
  "append-bool": (c, sp, b: number, v: number) => strings.appendAscii(c, sp, b, v === 0 ? "#f" : "#t"),
  "equal?": (c, _sp, a: number, b: number) => equal(c, a, b),
  "type-of": (c, sp, value: number) => c.newString(sp, typeOf(c, value)),
  "print-string": (c, sp, s: number) => files.print(c, sp, 1, s),
  "eprint-string": (c, sp, s: number) => files.print(c, sp, 2, s),
  "read-file": files.readFile,
  "write-file": files.writeFile,
  "file-exists?": files.exists,
  "fd-open": files.open,
  "fd-read": files.read,
  "fd-close": files.close,
  args: (c) => c.word(WORD_ARGS),
  gc: (c) => c.carrier.collect(true, false),
  "time-ms": () => performance.now(),
  fail: (c, _sp, kind: number, text: number) => {
    throw c.failure(c.text(nameOf(c, 0, kind)), c.text(text));
  },
  mutex: threads.newMutex,
  unlock: threads.unlock,
  "%notify": threads.notifyAll,
  "%spawn": threads.spawn,
  "%pool-alloc": pools.allocate,
  "%pool-free": pools.free,
  "%stale": pools.stale,
};

const SUSPENDING: Readonly<Record<string, Native>> = {
  // Nothing of the thread runs behind it.
  exit: (c, sp, code: number) => {
    c.kit.exit(code);
    return c.carrier.scheduler.yield(sp, true);
  },
  lock: threads.lock,
  sleep: threads.sleep,
  yield: (c, sp) => c.carrier.scheduler.yield(sp, true),
  "%wait": threads.wait,
};

/** Parameters that are references, as indices; from a native's type or signature key. */
function references(name: string): number[] {
  const raw = (RAW_NATIVES as Readonly<Record<string, string>>)[name];
  if (raw !== undefined) {
    const letters = [...raw.slice(1, raw.indexOf(")"))];
    return letters.flatMap((letter, index) => (letter === "r" || letter === "a" ? [index] : []));
  }
  const type = (NATIVES as Readonly<Record<string, string>>)[name] ?? "(ref)";
  const params = type.slice(1, type.indexOf(")")).split(" ");
  return params.flatMap((each, index) => (/^[iuf][0-9]|^bool$|^char$/.test(each) ? [] : [index]));
}

/** References come out of WebAssembly as signed numbers; the natives take addresses. */
function bound(c: NativeContext, name: string, native: Native): (sp: number, ...args: never[]) => unknown {
  // Below 2 GiB all addresses are positive as they are.
  if (c.mem.u8.length <= 0x8000_0000) return (sp, a?, b?, d?) => native(c, sp, a, b, d);
  const refs = references(name);
  return (sp, ...args) => {
    const values = args as unknown[];
    for (const at of refs) values[at] = (values[at] as number) >>> 0;
    return native(c, sp, ...values);
  };
}

export function nativeFunctions(c: NativeContext): HostFunctions {
  const all = (table: Readonly<Record<string, Native>>) =>
    Object.fromEntries(Object.entries(table).map(([name, native]) => [`uvml.${name}`, bound(c, name, native)]));
  const pure = Object.fromEntries([...PURE].map((name) => [`uvml.${name}`, MATH[name]!]));
  return { pure, direct: all(DIRECT), suspending: all(SUSPENDING) };
}
