/** Walks the frames of a guest thread from the VM thread, by the site records of its calls. */
import { frames } from "#threads";
import type { LinkedMethod } from "../link/index.ts";
import type { J3 } from "./j3.ts";

/** A frame of a method: of Java code, or of a native's wrapper. */
export interface GuestFrame {
  readonly method: LinkedMethod;
  /** Bytecode index, or -1. */
  readonly pos: number;
  /** Where the frame begins. */
  readonly sp: number;
  /** How many calls of the same frame are further in: methods may be expanded in others. */
  readonly inner: number;
}

/**
 * The frames of methods from a stack pointer upward, innermost first; the runtime's own functions are left out. The thread must not run
 * while this is used. `skip` leaves out that many inner calls of the first frame.
 */
export function* guestFrames(j: J3, sp: number, skip = 0): Generator<GuestFrame, void, undefined> {
  if (sp === 0) return;
  for (const frame = frames(j.mem, sp); frame.next(); ) {
    const { functionId, inner } = frame;
    if (functionId === 0 || (frame.sp === sp && inner < skip)) continue;
    yield { method: j.world.method(functionId), pos: frame.pos, sp: frame.sp, inner };
  }
}

/** The frames of the thread whose request is served, innermost (the native itself) first. */
export function callerFrames(j: J3): Generator<GuestFrame, void, undefined> {
  return guestFrames(j, j.vm.current?.sp ?? 0);
}

/** Frames of core reflection and method handles, which do not count where the library asks for its caller. */
export function isIgnoredBySecurity(j: J3, method: LinkedMethod): boolean {
  const { holder } = method;
  if (holder.loader.object !== 0) return false;
  if (method.name === "invoke" && holder.name === "java/lang/reflect/Method") return true;
  if (isReflectionAccessor(j, method)) return true;
  if (holder.packageName !== "java/lang/invoke") return false;
  return method.hasVmAnnotation("Ljava/lang/invoke/LambdaForm$Compiled;");
}

/** Generated or native accessors: Method.invoke runs through them. */
export function isReflectionAccessor(j: J3, method: LinkedMethod): boolean {
  const name = "jdk/internal/reflect/MethodAccessorImpl";
  const accessor = j.world.bootLoader.classes.get(name);
  for (let cls: typeof method.holder | null = method.holder; cls !== null; cls = cls.superclass)
    if (cls === accessor) return true;
  return false;
}
