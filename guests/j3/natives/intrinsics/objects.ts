/** Methods on objects and classes that only look at the object's header and the class record. */
import { NO_VALUE, signature, type Value } from "#ir";
import { CARRIER_THREAD, ROOTS_WORDS, THREAD_REFS, TYPE_ELEMENT_BYTES, TYPE_SIZE } from "#layout";
import {
  ARRAY_DATA,
  ARRAY_LENGTH,
  CLASS_INITIALIZED,
  CLASS_MODIFIERS,
  CLASS_PRIMITIVE,
  CLASS_SUPER,
  CLASSBIT_ARRAY,
  CLASSBIT_CLONEABLE,
  CLASSBIT_FINALIZER,
  CLASSBIT_HIDDEN,
  CLASSBIT_INTERFACE,
  CLASSBIT_PRIMITIVE,
  CLASSBIT_REFERENCE,
  OBJECT_FIELDS,
  OBJECT_LOCK,
} from "../../model/record.ts";
import { ACC_ABSTRACT } from "../../model/types.ts";
import * as words from "../../runtime/words.ts";
import type { IntrinsicNative, ShortcutNative } from "../types.ts";
import { fail, hasBits, host, mirrorOf, recordOf, sharedWord, testBits } from "./common.ts";

const HASH = host("j3.identityHash(Ljava/lang/Object;)I", ["ref"], "i32");
const NOT_CLONEABLE = host("j3.notCloneable(Ljava/lang/Object;)V", ["ref"], null);
const NO_ARRAY_OF = host("j3.noArrayOf(Ljava/lang/Class;)V", ["ref"], null);
const NOT_AN_ARRAY = host("j3.notAnArray(Ljava/lang/Object;)V", ["ref"], null);

const bit =
  (bits: number): IntrinsicNative =>
  (b, [mirror]) =>
    testBits(b, recordOf(b, mirror as Value), bits);

const nothing: IntrinsicNative = () => NO_VALUE;

export const objectIntrinsics: Readonly<Record<string, IntrinsicNative>> = {
  "java/lang/Object.<init>()V": nothing,
  "java/lang/Object.getClass()Ljava/lang/Class;": (b, [object]) => mirrorOf(b, b.load("addr", object as Value, 0)),
  "java/lang/Class.isArray()Z": bit(CLASSBIT_ARRAY),
  "java/lang/Class.isInterface()Z": bit(CLASSBIT_INTERFACE),
  "java/lang/Class.isPrimitive()Z": bit(CLASSBIT_PRIMITIVE),
  "java/lang/Class.isHidden()Z": bit(CLASSBIT_HIDDEN),
  "java/lang/Class.getModifiers()I": (b, [mirror]) => b.load("i32", recordOf(b, mirror as Value), CLASS_MODIFIERS),
  "java/lang/Class.isInstance(Ljava/lang/Object;)Z": (b, [mirror, object], helpers) => {
    const done = b.block();
    const result = b.param(done, "i32");
    const [some, other] = [b.block(), b.block()];
    const no = b.i32(0);
    b.branch(b.op("isnull", object as Value), done, some, [no], []);
    b.seal(some);
    b.switchTo(some);
    const type = b.load("addr", object as Value, 0);
    const record = recordOf(b, mirror as Value);
    const same = b.op("refeq", type, record);
    b.branch(same, done, other, [same], []);
    b.seal(other);
    b.switchTo(other);
    b.jump(done, [b.call(helpers.isSubtype, signature(["addr", "addr"], "i32"), [type, record])]);
    b.seal(done);
    b.switchTo(done);
    return result;
  },
  "java/lang/Class.getSuperclass()Ljava/lang/Class;": (b, [mirror]) => {
    const result = b.variable("ref");
    const proper = b.block();
    const some = b.block();
    const done = b.block();
    const record = recordOf(b, mirror as Value);
    b.define(result, b.nullRef());
    // An interface's superclass is Object in the class file (JVMS §4.1), but not for Class.getSuperclass.
    b.branch(hasBits(b, record, CLASSBIT_INTERFACE | CLASSBIT_PRIMITIVE), done, proper);
    b.switchTo(proper);
    const parent = b.load("addr", record, CLASS_SUPER);
    b.branch(b.op("isnull", parent), done, some);
    b.switchTo(some);
    b.define(result, mirrorOf(b, parent));
    b.jump(done);
    b.switchTo(done);
    return b.use(result);
  },
  "java/lang/Thread.currentThread()Ljava/lang/Thread;": (b) =>
    b.load("ref", b.load("addr", b.op("carrier"), CARRIER_THREAD), THREAD_REFS + ROOTS_WORDS),
  "java/lang/Thread.onSpinWait()V": (b) => {
    b.poll();
    // Nothing asks for it, but who waits for a plain field wants it loaded again.
    b.op("afence");
    return NO_VALUE;
  },
  "java/lang/ref/Reference.refersTo0(Ljava/lang/Object;)Z": refersTo,
  "java/lang/ref/PhantomReference.refersTo0(Ljava/lang/Object;)Z": refersTo,
  "java/lang/ref/Reference.clear0()V": (b, [reference]) => {
    b.mem("store", null, 0, referent(b, reference as Value), b.addr(0));
    return NO_VALUE;
  },
};

function referent(b: Parameters<IntrinsicNative>[0], reference: Value): Value {
  return b.typed("ptradd", "iref", reference, sharedWord(b, "i32", words.WORD_REFERENT));
}

function refersTo(b: Parameters<IntrinsicNative>[0], [reference, object]: readonly Value[]): Value {
  return b.op("refeq", b.load("ref", referent(b, reference as Value), 0), object as Value);
}

/** What most calls of natives of the VM thread come to; else they go to the slow block. */
export const shortcuts: Readonly<Record<string, ShortcutNative>> = {
  // What creates the object of a lambda that captures, or of a method handle's constructor.
  "jdk/internal/misc/Unsafe.allocateInstance(Ljava/lang/Class;)Ljava/lang/Object;": (b, [, mirror], helpers, slow) => {
    const [some, ready, proper] = [b.block(), b.block(), b.block()];
    b.branch(b.op("isnull", mirror as Value), slow, some);
    b.switchTo(some);
    const record = recordOf(b, mirror as Value);
    b.branch(b.mem("aload", "i32", CLASS_INITIALIZED, record), ready, slow);
    b.switchTo(ready);
    const isAbstract = b.op("and", b.load("i32", record, CLASS_MODIFIERS), b.i32(ACC_ABSTRACT));
    const bits = hasBits(b, record, CLASSBIT_ARRAY | CLASSBIT_INTERFACE | CLASSBIT_PRIMITIVE | CLASSBIT_FINALIZER);
    const isClass = b.op("refeq", record, b.load("addr", mirror as Value, 0));
    b.branch(b.op("or", b.op("or", isAbstract, bits), isClass), slow, proper);
    b.switchTo(proper);
    return b.call(helpers.newObject, signature(["addr"], "ref"), [record]);
  },
};

export const objectBodies: Readonly<Record<string, IntrinsicNative>> = {
  "java/lang/Object.hashCode()I": identityHash,
  "java/lang/System.identityHashCode(Ljava/lang/Object;)I": (b, args) => {
    const none = b.block();
    const some = b.block();
    b.branch(b.op("isnull", args[0] as Value), none, some);
    b.switchTo(none);
    b.ret(b.i32(0));
    b.switchTo(some);
    return identityHash(b, args);
  },
  "java/lang/Class.isAssignableFrom(Ljava/lang/Class;)Z": (b, [mirror, other], helpers) => {
    b.op("nullcheck", other as Value);
    const from = recordOf(b, other as Value);
    return b.call(helpers.isSubtype, signature(["addr", "addr"], "i32"), [from, recordOf(b, mirror as Value)]);
  },
  // JLS §10.7 and java.lang.Object: arrays and classes that are Cloneable; not references, which the collector must know of.
  "java/lang/Object.clone()Ljava/lang/Object;": (b, [object], helpers) => {
    const from = object as Value;
    const array = b.block();
    const plain = b.block();
    const cloneable = b.block();
    const wrong = b.block();
    const record = b.load("addr", from, 0);
    b.branch(hasBits(b, record, CLASSBIT_ARRAY), array, plain);
    b.switchTo(array);
    const length = b.load("i32", from, ARRAY_LENGTH);
    const copied = b.call(helpers.newArray, signature(["addr", "i32"], "ref"), [record, length]);
    const bytes = b.op("mul", length, b.load("i32", record, TYPE_ELEMENT_BYTES));
    // No write barrier, here and below: the copy was allocated after the last safepoint.
    b.op(
      "copy",
      b.typed("ptradd", "iref", copied, b.i32(ARRAY_DATA)),
      b.typed("ptradd", "iref", from, b.i32(ARRAY_DATA)),
      bytes,
    );
    b.ret(copied);
    b.switchTo(plain);
    const kind = hasBits(b, record, CLASSBIT_CLONEABLE | CLASSBIT_REFERENCE);
    b.branch(b.op("eq", kind, b.i32(CLASSBIT_CLONEABLE)), cloneable, wrong);
    b.switchTo(wrong);
    fail(b, helpers, NOT_CLONEABLE, [from]);
    b.switchTo(cloneable);
    const copy = b.call(helpers.newObject, signature(["addr"], "ref"), [record]);
    const size = b.op("sub", b.load("i32", record, TYPE_SIZE), b.i32(OBJECT_FIELDS));
    b.op(
      "copy",
      b.typed("ptradd", "iref", copy, b.i32(OBJECT_FIELDS)),
      b.typed("ptradd", "iref", from, b.i32(OBJECT_FIELDS)),
      size,
    );
    return copy;
  },
  "java/lang/reflect/Array.newArray(Ljava/lang/Class;I)Ljava/lang/Object;": (b, [mirror, length], helpers) => {
    const wrong = b.block();
    const right = b.block();
    b.op("nullcheck", mirror as Value);
    const record = recordOf(b, mirror as Value);
    // The only primitive type without a newarray code is void.
    const isVoid = b.op(
      "and",
      testBits(b, record, CLASSBIT_PRIMITIVE),
      b.op("eqz", b.load("i32", record, CLASS_PRIMITIVE)),
    );
    b.branch(isVoid, wrong, right);
    b.switchTo(wrong);
    fail(b, helpers, NO_ARRAY_OF, [mirror as Value]);
    b.switchTo(right);
    return b.call(helpers.newArrayOf, signature(["addr", "i32"], "ref"), [record, length as Value]);
  },
  "java/lang/reflect/Array.getLength(Ljava/lang/Object;)I": (b, [array], helpers) => {
    const wrong = b.block();
    const right = b.block();
    b.op("nullcheck", array as Value);
    b.branch(hasBits(b, b.load("addr", array as Value, 0), CLASSBIT_ARRAY), right, wrong);
    b.switchTo(wrong);
    fail(b, helpers, NOT_AN_ARRAY, [array as Value]);
    b.switchTo(right);
    return b.load("i32", array as Value, ARRAY_LENGTH);
  },
};

/** The hash stands in the lock word when the object was never locked; see src/threads/monitors.ts. */
function identityHash(b: Parameters<IntrinsicNative>[0], [object]: readonly Value[]): Value {
  const known = b.block();
  const unknown = b.block();
  const word = b.mem("aload", "i32", OBJECT_LOCK, object as Value);
  const neutral = b.op("eqz", b.op("and", word, b.i32(3)));
  b.branch(b.op("and", neutral, b.op("ne", word, b.i32(0))), known, unknown);
  b.switchTo(known);
  b.ret(b.op("ushr", word, b.i32(2)));
  b.switchTo(unknown);
  return b.callhost(HASH, [object as Value]);
}
