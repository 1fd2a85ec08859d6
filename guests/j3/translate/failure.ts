import { ClassFormatFailure } from "../classfile/index.ts";

/** Bytecode that breaks a rule of JVMS §4.9: a VerifyError. `where` is the method as "Foo.bar()V", `pc` the instruction. */
export function verifyFailure(message: string, where: string, pc: number): never {
  throw new ClassFormatFailure("VerifyError", `${message} in method ${where} at offset ${pc}`, where, pc);
}
