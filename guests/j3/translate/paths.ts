/** What does a usual case in line, and leaves all others to what is slower. */
import type { Block, Type, Value } from "#ir";
import { NO_VALUE } from "#ir";
import type { JMethod } from "../model/types.ts";
import type { Translation } from "./translation.ts";

/** What can be done in place, or else slowly; null if nothing can, and then nothing was emitted. */
export function withSlowPath(
  t: Translation,
  type: Type | null,
  direct: (slow: Block) => Value | null,
  slowly: () => Value,
): Value | null {
  const { b } = t;
  const [slow, done] = [b.block(), b.block()];
  const result = type === null ? NO_VALUE : b.param(done, type);
  const finish = (value: Value): void => b.jump(done, result === NO_VALUE ? [] : [value]);
  const value = direct(slow);
  if (value === null) return null;
  finish(value);
  b.seal(slow);
  b.switchTo(slow);
  slow.cold = true;
  finish(slowly());
  b.seal(done);
  b.switchTo(done);
  return result;
}

/** The usual case of a method of the class library where it is called; null: it has none that may stand here. */
export function usualCase(t: Translation, method: JMethod, args: readonly Value[], call: () => Value): Value | null {
  if (t.scope.isCold) return null;
  const path = t.env.path(method);
  if (path === null || !path.inPlace) return null;
  return withSlowPath(t, method.signature.result, (slow) => path.emit(t.b, args, slow, t), call);
}

/** The usual case before the bytecode of the method itself. */
export function beginWithUsualCase(t: Translation, args: readonly Value[]): void {
  const { b } = t;
  const path = t.site === null ? t.env.path(t.method) : null;
  if (path === null) return;
  const bytecode = b.block();
  b.pos = t.position(0);
  const value = path.emit(b, args, bytecode, t);
  if (value === null) return;
  t.leaveMethod(value);
  b.seal(bytecode);
  b.switchTo(bytecode);
}
