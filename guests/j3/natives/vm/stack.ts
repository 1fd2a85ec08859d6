/** What looks at the stack of the calling thread: callers, class contexts, stack trace elements. */
import { threadRef } from "#vm";
import { type LinkedClass, type LinkedMethod, throwing } from "../../link/index.ts";
import { ACC_NATIVE } from "../../model/types.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import { npeMessage } from "../../vm/npe-message.ts";
import { classArray } from "../../vm/reflected.ts";
import { callerFrames, isIgnoredBySecurity, isReflectionAccessor } from "../../vm/stack-walk.ts";
import type { VmNatives } from "../types.ts";
import { classNameText } from "./class.ts";

const ELEMENT = "java/lang/StackTraceElement";
const STRING = "Ljava/lang/String;";

/** Fills in a StackTraceElement, all but the format, which the library computes. */
export function fillElement(j: J3, element: number, method: LinkedMethod, line: number): void {
  const { objects } = j;
  const { holder } = method;
  const set = (name: string, handle: number): void => {
    objects.setHandle(element, objects.field(ELEMENT, name, STRING), handle);
  };
  objects.setHandle(element, objects.field(ELEMENT, "declaringClassObject", "Ljava/lang/Class;"), holder.mirror);
  if (holder.loader.object !== 0) {
    const name = objects.field("java/lang/ClassLoader", "name", STRING);
    set("classLoaderName", objects.getHandle(holder.loader.object, name));
  }
  const module = j.modules.moduleOf(holder);
  if (module !== undefined && module.name !== null) {
    set("moduleName", j.strings.literal(module.name));
    if (module.version !== null) set("moduleVersion", j.strings.literal(module.version));
  }
  set("declaringClass", j.strings.literal(classNameText(holder)));
  set("methodName", j.strings.literal(method.name));
  const file = holder.file?.sourceFile;
  if (file !== undefined) set("fileName", j.strings.literal(file));
  objects.setInt(element, objects.field(ELEMENT, "lineNumber", "I"), line);
}

function initElements(j: J3, elements: number, throwable: number): void {
  const { objects } = j;
  if (objects.isNull(elements) || objects.isNull(throwable)) throw throwing("NullPointerException", null);
  const entries = j.stackTraces.entries(throwable);
  if (objects.length(elements) !== entries.length) throw throwing("IndexOutOfBoundsException", null);
  entries.forEach(({ method, line }, index) => {
    const element = objects.elementHandle(elements, index);
    if (objects.isNull(element)) throw throwing("NullPointerException", null);
    fillElement(j, element, method, line);
  });
}

/** Classes of the callers of the method that asks, frames of reflection left out. */
function classContext(j: J3): number {
  const classes: LinkedClass[] = [];
  let isFirst = true;
  for (const { method } of callerFrames(j)) {
    if (!isFirst && (method.flags & ACC_NATIVE) === 0 && !isIgnoredBySecurity(j, method)) classes.push(method.holder);
    isFirst = false;
  }
  return classArray(j, classes);
}

/** The loader of the innermost frame that is neither of the bootstrap nor of the platform loader. */
function latestUserLoader(j: J3): number {
  for (const { method } of callerFrames(j)) {
    if (isReflectionAccessor(j, method)) continue;
    const { object } = method.holder.loader;
    if (object === 0) continue;
    if (j.objects.classOf(object).name !== "jdk/internal/loader/ClassLoaders$PlatformClassLoader") return object;
  }
  return 0;
}

/** A StackTraceElement[] in full: no format is computed, so module versions show, as with HotSpot. */
export function* newElements(j: J3, frames: readonly { method: LinkedMethod; line: number }[]): J3Steps<number> {
  const { objects, world } = j;
  const cls = world.boot(ELEMENT);
  yield* j.initialize(cls);
  const made = frames.map(({ method, line }) => {
    const element = objects.newObject(cls);
    fillElement(j, element, method, line);
    return element;
  });
  return objects.newRefArray(ELEMENT, made);
}

/** NullPointerException.getMessage without a message of its own. */
function extendedMessage(j: J3, self: number): number {
  const { objects } = j;
  const trace = objects.getHandle(self, objects.field("java/lang/Throwable", "backtrace", "Ljava/lang/Object;"));
  // An odd number of words: it happened in a hidden frame.
  if (!objects.isNull(trace) && objects.length(trace) % 2 !== 0) return 0;
  const top = j.stackTraces.top(trace);
  const code = top?.method.info?.code;
  if (top === undefined || code === undefined || top.pos < 0) return 0;
  const { method, pos } = top;
  if (method.holder.name === "jdk/internal/reflect/NativeConstructorAccessorImpl") return 0;
  const constants = method.holder.file?.constants;
  if (constants === undefined) return 0;
  const message = npeMessage({ code, constants, descriptor: method.descriptor, isStatic: method.isStatic }, pos);
  return message === null ? 0 : objects.newString(message);
}

export const stackNatives: VmNatives = {
  "java/lang/NullPointerException.getExtendedNPEMessage()Ljava/lang/String;": extendedMessage,
  "java/lang/StackTraceElement.initStackTraceElements([Ljava/lang/StackTraceElement;Ljava/lang/Throwable;)V":
    initElements,
  "java/lang/SecurityManager.getClassContext()[Ljava/lang/Class;": classContext,
  "jdk/internal/misc/VM.latestUserDefinedLoader0()Ljava/lang/ClassLoader;": latestUserLoader,
  "java/security/AccessController.getInheritedAccessControlContext()Ljava/security/AccessControlContext;": (j) => {
    const { objects } = j;
    const thread = currentThread(j);
    const field = "inheritedAccessControlContext";
    return objects.getHandle(thread, objects.field("java/lang/Thread", field, "Ljava/security/AccessControlContext;"));
  },
  "java/security/AccessController.getProtectionDomain(Ljava/lang/Class;)Ljava/security/ProtectionDomain;": (
    j,
    mirror: number,
  ) => (j.objects.isNull(mirror) ? 0 : j.objects.classOfMirror(mirror).protectionDomain),
};

/** The java.lang.Thread of the caller. */
export function currentThread(j: J3): number {
  return j.objects.temp(j.mem.word(threadRef(j.vm.current?.thread as number, 0)));
}
