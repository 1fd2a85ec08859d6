/** What core reflection and new threads ask so often that a trip to the VM thread would be too dear. */
import { frames } from "#threads";
import type { CarrierContext } from "../../carrier/context.ts";
import { CLASS_FLAGS, CLASS_INITIALIZED, CLASS_MIRROR } from "../../model/record.ts";
import * as words from "../../runtime/words.ts";
import type { CarrierNatives } from "../types.ts";

/** Frame 0 is getCallerClass, frame 1 the method that asks; then comes its caller, who is not of reflection or method handles. */
function callerClass(c: CarrierContext, sp: number): number {
  const { mem } = c;
  const facts = c.word(words.WORD_METHOD_FACTS);
  let number = 0;
  for (const frame = frames(mem, sp); frame.next(); ) {
    const method = frame.functionId;
    if (method === 0 || number++ < 2 || ((mem.u8[facts + method] as number) & words.METHOD_REFLECTS) !== 0) continue;
    const holder = mem.word(c.word(words.WORD_METHOD_HOLDERS) + 4 * method);
    return mem.word(mem.word(holder + CLASS_MIRROR));
  }
  return 0;
}

export const reflectionNatives: CarrierNatives = {
  direct: {
    "jdk/internal/reflect/Reflection.getCallerClass()Ljava/lang/Class;": callerClass,
    "jdk/internal/reflect/Reflection.getClassAccessFlags(Ljava/lang/Class;)I": (c, _sp, mirror: number) =>
      c.mem.word(c.classRecord(mirror) + CLASS_FLAGS) & 0xffff,
    "jdk/internal/misc/Unsafe.shouldBeInitialized0(Ljava/lang/Class;)Z": (c, _sp, _self: number, mirror: number) =>
      c.mem.atomicLoad(c.classRecord(mirror) + CLASS_INITIALIZED) === 0,
    // Each new thread asks for this. Without a security manager nobody asks for permissions: every stack is as good as one of system code.
    "java/security/AccessController.getStackAccessControlContext()Ljava/security/AccessControlContext;": () => 0,
    // Frames hold their values for as long as they stand: nothing is ever scalar-replaced.
    "java/security/AccessController.ensureMaterializedForStackWalk(Ljava/lang/Object;)V": () => {},
  },
  blocking: {},
};
