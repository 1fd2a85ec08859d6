/** Access and property flags, JVMS tables 4.1-B, 4.5-A, 4.6-A, 4.7.6-A. The same bit means different things on classes, fields and methods. */
export const ACC_PUBLIC = 0x0001;
export const ACC_PRIVATE = 0x0002;
export const ACC_PROTECTED = 0x0004;
export const ACC_STATIC = 0x0008;
export const ACC_FINAL = 0x0010;
/** Classes. */
export const ACC_SUPER = 0x0020;
/** Methods. */
export const ACC_SYNCHRONIZED = 0x0020;
/** Fields. */
export const ACC_VOLATILE = 0x0040;
/** Methods. */
export const ACC_BRIDGE = 0x0040;
/** Fields. */
export const ACC_TRANSIENT = 0x0080;
/** Methods. */
export const ACC_VARARGS = 0x0080;
export const ACC_NATIVE = 0x0100;
export const ACC_INTERFACE = 0x0200;
export const ACC_ABSTRACT = 0x0400;
export const ACC_STRICT = 0x0800;
export const ACC_SYNTHETIC = 0x1000;
export const ACC_ANNOTATION = 0x2000;
export const ACC_ENUM = 0x4000;
export const ACC_MODULE = 0x8000;
/** Method parameters. */
export const ACC_MANDATED = 0x8000;

/** Flags a class may carry; the rest are ignored, JVMS §4.1. */
export const CLASS_FLAGS =
  ACC_PUBLIC | ACC_FINAL | ACC_SUPER | ACC_INTERFACE | ACC_ABSTRACT | ACC_ANNOTATION | ACC_ENUM | ACC_SYNTHETIC;
/** Flags a field may carry. */
export const FIELD_FLAGS =
  ACC_PUBLIC |
  ACC_PRIVATE |
  ACC_PROTECTED |
  ACC_STATIC |
  ACC_FINAL |
  ACC_VOLATILE |
  ACC_TRANSIENT |
  ACC_ENUM |
  ACC_SYNTHETIC;
/** Flags a method may carry. */
export const METHOD_FLAGS =
  ACC_PUBLIC |
  ACC_PRIVATE |
  ACC_PROTECTED |
  ACC_STATIC |
  ACC_FINAL |
  ACC_SYNCHRONIZED |
  ACC_BRIDGE |
  ACC_VARARGS |
  ACC_NATIVE |
  ACC_ABSTRACT |
  ACC_STRICT |
  ACC_SYNTHETIC;

/** Whether at most one of public, private and protected is set. */
function oneAccess(flags: number): boolean {
  const access = flags & (ACC_PUBLIC | ACC_PRIVATE | ACC_PROTECTED);
  return (access & (access - 1)) === 0;
}

/** JVMS §4.1; `flags` are masked. A module descriptor is not a class and is answered elsewhere. */
export function legalClassFlags(flags: number, major: number): boolean {
  const isInterface = (flags & ACC_INTERFACE) !== 0;
  const isAbstract = (flags & ACC_ABSTRACT) !== 0;
  const isFinal = (flags & ACC_FINAL) !== 0;
  const isSuper = (flags & ACC_SUPER) !== 0;
  const isEnum = (flags & ACC_ENUM) !== 0;
  const isAnnotation = (flags & ACC_ANNOTATION) !== 0;
  const since15 = major >= 49;
  if (isAbstract && isFinal) return false;
  if (isInterface && !isAbstract) return false;
  if (isInterface && since15 && (isSuper || isEnum)) return false;
  if (!isInterface && since15 && isAnnotation) return false;
  return true;
}

/** JVMS §4.5; `flags` are masked. */
export function legalFieldFlags(flags: number, inInterface: boolean, major: number): boolean {
  if (inInterface) {
    const needed = ACC_PUBLIC | ACC_STATIC | ACC_FINAL;
    const forbidden = ACC_PRIVATE | ACC_PROTECTED | ACC_VOLATILE | ACC_TRANSIENT | (major >= 49 ? ACC_ENUM : 0);
    return (flags & needed) === needed && (flags & forbidden) === 0;
  }
  const final = ACC_FINAL | ACC_VOLATILE;
  return oneAccess(flags) && (flags & final) !== final;
}

/** JVMS §4.6; `flags` as they stand. `<clinit>` is not asked: its flags other than static and strict are ignored. */
export function legalMethodFlags(flags: number, inInterface: boolean, isInit: boolean, major: number): boolean {
  const is = (flag: number) => (flags & flag) !== 0;
  const since15 = major >= 49;
  const strictExcluded = major < 61 ? ACC_STRICT : 0;
  if (inInterface) {
    if (major >= 52) {
      // Since Java 8 an interface may have static, default and private methods.
      if (is(ACC_PUBLIC) === is(ACC_PRIVATE)) return false;
      if (is(ACC_PROTECTED | ACC_FINAL | ACC_SYNCHRONIZED | ACC_NATIVE)) return false;
      return !(is(ACC_ABSTRACT) && is(ACC_PRIVATE | ACC_STATIC | strictExcluded));
    }
    if (!is(ACC_ABSTRACT) || !is(ACC_PUBLIC) || is(ACC_STATIC | ACC_FINAL | ACC_NATIVE)) return false;
    return !since15 || !is(ACC_PRIVATE | ACC_PROTECTED | ACC_SYNCHRONIZED | ACC_STRICT);
  }
  if (!oneAccess(flags)) return false;
  if (isInit) {
    const forbidden = ACC_STATIC | ACC_FINAL | ACC_SYNCHRONIZED | ACC_NATIVE | ACC_ABSTRACT;
    return !is(forbidden | (since15 ? ACC_BRIDGE : 0));
  }
  if (!is(ACC_ABSTRACT)) return true;
  const forbidden = ACC_FINAL | ACC_NATIVE | ACC_PRIVATE | ACC_STATIC;
  return !is(forbidden | (since15 ? ACC_SYNCHRONIZED | strictExcluded : 0));
}

/** As "Illegal class modifiers in class Foo: 0x631" shows flags: upper-case hexadecimal. */
export function hexFlags(flags: number): string {
  return `0x${flags.toString(16).toUpperCase()}`;
}
