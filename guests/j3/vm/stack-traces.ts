/** Stack traces: from the backtrace that fillInStackTrace left (pairs of method number and bytecode index) to StackTraceElements. */
import { externalName, type LinkedMethod } from "../link/index.ts";
import { ARRAY_DATA, ARRAY_LENGTH } from "../model/record.ts";
import { ACC_NATIVE } from "../model/types.ts";
import type { J3 } from "./j3.ts";

export interface TraceEntry {
  readonly method: LinkedMethod;
  /** -1: unknown; -2: native. */
  readonly line: number;
}

export class StackTraces {
  readonly #j: J3;

  constructor(j: J3) {
    this.#j = j;
  }

  /** The frames of a Throwable, innermost first. */
  entries(throwable: number): TraceEntry[] {
    const { objects } = this.#j;
    const field = objects.field("java/lang/Throwable", "backtrace", "Ljava/lang/Object;");
    return this.decode(objects.getRef(throwable, field));
  }

  /** The frames in an int array of pairs. */
  decode(array: number): TraceEntry[] {
    const { mem, world } = this.#j;
    if (array === 0) return [];
    const length = mem.word(array + ARRAY_LENGTH);
    const entries: TraceEntry[] = [];
    for (let i = 0; i + 1 < length; i += 2) {
      const at = (array + ARRAY_DATA + 4 * i) >>> 2;
      const id = mem.i32[at] as number;
      if (id === 0) break;
      entries.push(this.entry(world.method(id), mem.i32[at + 1] as number));
    }
    return entries;
  }

  /** The innermost frame of a backtrace, the one that the exception was thrown in. */
  top(array: number): { readonly method: LinkedMethod; readonly pos: number } | undefined {
    const { mem, objects, world } = this.#j;
    if (objects.isNull(array) || objects.length(array) < 2) return undefined;
    const at = (objects.ref(array) + ARRAY_DATA) >>> 2;
    const id = mem.i32[at] as number;
    return id === 0 ? undefined : { method: world.method(id), pos: mem.i32[at + 1] as number };
  }

  entry(method: LinkedMethod, pos: number): TraceEntry {
    if ((method.flags & ACC_NATIVE) !== 0) return { method, line: -2 };
    return { method, line: pos < 0 ? -1 : (method.info?.code?.pcToLine(pos) ?? -1) };
  }

  /** As "java.lang.Object.foo(Object.java:12)", without module names. */
  lines(throwable: number): string[] {
    return this.entries(throwable).map(({ method, line }) => {
      const file = method.holder.file?.sourceFile ?? "Unknown Source";
      const place = line === -2 ? "Native Method" : line < 0 ? file : `${file}:${line}`;
      return `${externalName(method.holder.name)}.${method.name}(${place})`;
    });
  }
}
