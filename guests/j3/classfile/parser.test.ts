import assert from "node:assert/strict";
import { test } from "node:test";
import { ClassBuilder, u2, u4 } from "./class-builder.ts";
import type { ParseOptions } from "./index.ts";
import { ClassFormatFailure, parseClassFile } from "./index.ts";

const RETURN = [177];

/** The failure of a class as "Kind: message". */
function failureOf(bytes: Uint8Array, options: ParseOptions = {}): string {
  try {
    parseClassFile(bytes, "Foo", options);
  } catch (failure) {
    assert.ok(failure instanceof ClassFormatFailure, `${failure}`);
    assert.ok(failure.offset >= 0 && failure.offset <= bytes.length);
    return `${failure.kind}: ${failure.message}`;
  }
  return "ok";
}

test("constants of every tag", () => {
  const made = new ClassBuilder();
  const text = made.constant(8, u2(made.utf8("a\0é\ud83d\ude00\ud800")));
  const integer = made.constant(3, u4(-2));
  const nanBits = made.constant(4, u4(0x7fa00001));
  const long = made.constant(5, [...u4(0x80000000), ...u4(1)], 2);
  const double = made.constant(6, [...u4(0x7ff80000), ...u4(5)], 2);
  const field = made.member(9, "Foo", "f", "I");
  const method = made.member(10, "Foo", "m", "()V");
  const onInterface = made.member(11, "Bar", "m", "(J)V");
  const handle = made.constant(15, [6, ...u2(method)]);
  const type = made.constant(16, u2(made.utf8("(I)V")));
  const dynamic = made.constant(17, [...u2(0), ...u2(made.nameAndType("d", "I"))]);
  const invoke = made.constant(18, [...u2(0), ...u2(made.nameAndType("i", "()I"))]);
  made.with(made.attribute("BootstrapMethods", [...u2(1), ...u2(handle), ...u2(1), ...u2(long)]));
  const parsed = parseClassFile(made.build(), "Foo");
  const { constants } = parsed;
  assert.equal(constants.string(text), "a\0é\ud83d\ude00\ud800");
  assert.equal(constants.integer(integer), -2);
  assert.ok(Number.isNaN(constants.float(nanBits)));
  assert.equal(constants.floatBits(nanBits), 0x7fa00001);
  assert.equal(constants.long(long), -(2n ** 63n) + 1n);
  assert.equal(constants.doubleBits(double), 0x7ff8000000000005n);
  assert.equal(constants.tag(long + 1), 0);
  assert.deepEqual(constants.memberRef(field), { kind: "field", owner: "Foo", name: "f", descriptor: "I" });
  assert.equal(constants.memberRef(method).kind, "method");
  assert.equal(constants.memberRef(onInterface).kind, "interfaceMethod");
  assert.equal(constants.methodHandle(handle).kind, 6);
  assert.equal(constants.methodHandle(handle).reference.name, "m");
  assert.equal(constants.methodType(type), "(I)V");
  assert.deepEqual(constants.dynamic(dynamic), { bootstrap: 0, name: "d", descriptor: "I" });
  assert.equal(constants.invokeDynamic(invoke).name, "i");
  assert.deepEqual(parsed.bootstrapMethods, [{ methodIndex: handle, argumentIndices: [long] }]);
  assert.throws(() => constants.long(integer), ClassFormatFailure);
  assert.throws(() => constants.utf8(9999), ClassFormatFailure);
});

test("members, code and its tables", () => {
  const made = new ClassBuilder();
  const exception = made.class("java/lang/Exception");
  const lines = made.attribute("LineNumberTable", [...u2(2), ...u2(3), ...u2(12), ...u2(0), ...u2(10)]);
  const variables = made.attribute("LocalVariableTable", [
    ...u2(1),
    ...[0, 4].flatMap(u2),
    ...u2(made.utf8("x")),
    ...u2(made.utf8("J")),
    ...u2(1),
  ]);
  const frames = made.attribute("StackMapTable", [
    ...u2(2),
    1,
    255,
    ...u2(0),
    ...u2(2),
    7,
    ...u2(exception),
    4,
    ...u2(1),
    8,
    ...u2(0),
  ]);
  const code = made.code(1, 3, [0, 0, 0, 177], [[0, 2, 3, exception]], lines, variables, frames);
  made.method(0x1, "m", "(J)V", code, made.attribute("Exceptions", [...u2(1), ...u2(exception)]));
  made.field(0x19, "C", "I", made.attribute("ConstantValue", u2(made.constant(3, u4(7)))));
  const parsed = parseClassFile(made.build(), "Foo");
  const method = parsed.method("m", "(J)V");
  assert.ok(method);
  assert.deepEqual(method.exceptions, ["java/lang/Exception"]);
  const body = method.code;
  assert.ok(body);
  assert.deepEqual([...body.code], [0, 0, 0, 177]);
  assert.deepEqual(
    [-1, 0, 2, 3, 9].map((pc) => body.pcToLine(pc)),
    [-1, 10, 10, 12, 12],
  );
  assert.equal(body.handlers[0]?.catchType, "java/lang/Exception");
  assert.deepEqual(body.localVariables(), [{ startPc: 0, length: 4, name: "x", descriptor: "J", index: 1 }]);
  const [same, full] = body.stackMap();
  assert.equal(same?.pc, 1);
  assert.equal(full?.pc, 2);
  assert.deepEqual(full?.locals, [{ kind: "object", className: "java/lang/Exception" }, { kind: "long" }]);
  assert.deepEqual(full?.stack, [{ kind: "uninitialized", newPc: 0 }]);
  assert.deepEqual(parsed.field("C", "I")?.constantValue, { kind: "int", value: 7 });
});

// The messages below are what java 17 says to the same bytes.

test("header", () => {
  const good = new ClassBuilder().build();
  const magic = good.slice();
  magic[0] = 0;
  assert.equal(failureOf(magic), "ClassFormatError: Incompatible magic value 16693950 in class file Foo");
  assert.equal(failureOf(good.slice(0, 5)), "ClassFormatError: Truncated class file");
  assert.equal(failureOf(good.slice(0, -1)), "ClassFormatError: Truncated class file");
  assert.equal(failureOf(Uint8Array.of(...good, 0)), "ClassFormatError: Extra bytes at the end of class file Foo");
  const versions: [number, number, string][] = [
    [
      65,
      0,
      "Foo has been compiled by a more recent version of the Java Runtime (class file version 65.0), this version of the Java Runtime only recognizes class file versions up to 61.0",
    ],
    [44, 0, "Foo (class file version 44.0) was compiled with an invalid major version"],
    [61, 3, "Foo (class file version 61.3) was compiled with an invalid non-zero minor version"],
    [
      61,
      65535,
      "Preview features are not enabled for Foo (class file version 61.65535). Try running with '--enable-preview'",
    ],
    [
      60,
      65535,
      "Foo (class file version 60.65535) was compiled with preview features that are unsupported. This version of the Java Runtime only recognizes preview features for class file version 61.65535",
    ],
  ];
  for (const [major, minor, message] of versions) {
    const made = new ClassBuilder();
    made.major = major;
    made.minor = minor;
    assert.equal(failureOf(made.build()), `UnsupportedClassVersionError: ${message}`);
  }
  assert.equal(failureOf(good, { expectedName: "p/Bar" }), "NoClassDefFoundError: p/Bar (wrong name: Foo)");
});

const faults: [string, (made: ClassBuilder) => unknown][] = [
  ["Unknown constant tag 99 in class file Foo", (made) => made.constant(99, [])],
  ["Unknown constant tag 19 in class file Foo", (made) => made.constant(19, u2(1))],
  ["Illegal UTF8 string in constant pool in class file Foo", (made) => made.constant(1, [0, 1, 0])],
  ["Invalid constant pool index 77 in class file Foo", (made) => made.constant(7, u2(77))],
  ['Illegal class name "a//b" in class file Foo', (made) => made.class("a//b")],
  ['Illegal field name "a.b" in class Foo', (made) => made.nameAndType("a.b", "I")],
  ['Illegal method name "<x>" in class Foo', (made) => made.nameAndType("<x>", "()V")],
  ['Field "a" in class Foo has illegal signature "V"', (made) => made.nameAndType("a", "V")],
  ['Method "a" in class Foo has illegal signature "(V)V"', (made) => made.nameAndType("a", "(V)V")],
  ['Method "<init>" in class Foo has illegal signature "()I"', (made) => made.nameAndType("<init>", "()I")],
  [
    "Class name is empty or contains illegal character in descriptor in class file Foo",
    (made) => made.nameAndType("a", "L;"),
  ],
  [
    "Array type descriptor has more than 255 dimensions in class file Foo",
    (made) => made.nameAndType("a", `${"[".repeat(256)}I`),
  ],
  ["Illegal class modifiers in class Foo: 0x410", (made) => (made.flags = 0x410)],
  ["Illegal field modifiers in class Foo: 0x3", (made) => made.field(3, "f", "I")],
  ["Method m in class Foo has illegal modifiers: 0x500", (made) => made.method(0x500, "m", "()V")],
  [
    "Method <clinit> is not static in class file Foo",
    (made) => made.method(0, "<clinit>", "()V", made.code(0, 1, RETURN)),
  ],
  ["Bad superclass name in class file Foo", (made) => (made.superIndex = made.class("[I"))],
  ["Invalid superclass index 0 in class file Foo", (made) => (made.superIndex = 0)],
  [
    "Interfaces must have java.lang.Object as superclass in class file Foo",
    (made) => {
      made.flags = 0x600;
      made.superIndex = made.class("java/lang/String");
    },
  ],
  [
    'Duplicate field name "f" with signature "Ljava.lang.String;" in class file Foo',
    (made) => made.field(0, "f", "Ljava/lang/String;").field(0, "f", "Ljava/lang/String;"),
  ],
  [
    'Duplicate method name "m" with signature "()V" in class file Foo',
    (made) => made.method(0x400, "m", "()V").method(0x400, "m", "()V"),
  ],
  [
    "Absent Code attribute in method that is not native or abstract in class file Foo",
    (made) => made.method(0, "m", "()V"),
  ],
  [
    "Code attribute in native or abstract methods in class file Foo",
    (made) => made.method(0x100, "m", "()V", made.code(0, 1, RETURN)),
  ],
  ["Invalid method Code length 0 in class file Foo", (made) => made.method(0, "m", "()V", made.code(0, 1, []))],
  ["Arguments can't fit into locals in class file Foo", (made) => made.method(0, "m", "(J)V", made.code(0, 2, RETURN))],
  [
    "Too many arguments in method signature in class file Foo",
    (made) => made.method(0x400, "m", `(${"J".repeat(128)})V`),
  ],
  [
    "Illegal exception table range in class file Foo",
    (made) => made.method(0, "m", "()V", made.code(0, 1, RETURN, [[0, 2, 0, 0]])),
  ],
  [
    "Illegal exception table handler in class file Foo",
    (made) => made.method(0, "m", "()V", made.code(0, 1, RETURN, [[0, 1, 1, 0]])),
  ],
  [
    "Invalid pc in LineNumberTable in class file Foo",
    (made) =>
      made.method(
        0,
        "m",
        "()V",
        made.code(0, 1, RETURN, [], made.attribute("LineNumberTable", [...u2(1), ...u2(1), ...u2(1)])),
      ),
  ],
  [
    "Inconsistent constant value type in class file Foo",
    (made) => made.field(8, "f", "J", made.attribute("ConstantValue", u2(made.constant(3, u4(7))))),
  ],
  [
    "Missing BootstrapMethods attribute in class file Foo",
    (made) => made.constant(18, [...u2(0), ...u2(made.nameAndType("i", "()I"))]),
  ],
  [
    "Multiple SourceFile attributes in class file Foo",
    (made) => made.with(made.attribute("SourceFile", u2(1)), made.attribute("SourceFile", u2(1))),
  ],
  [
    "PermittedSubclasses attribute in final class file Foo",
    (made) => {
      made.flags = 0x31;
      made.with(made.attribute("PermittedSubclasses", u2(0)));
    },
  ],
];

for (const [message, break_] of faults) {
  test(message.slice(0, 90), () => {
    const made = new ClassBuilder();
    break_(made);
    assert.equal(failureOf(made.build()), `ClassFormatError: ${message}`);
  });
}

test("a module descriptor is a class only for those who ask for it", () => {
  const made = new ClassBuilder("module-info");
  made.superIndex = 0;
  made.major = 53;
  made.flags = 0x8000;
  const module = made.constant(19, u2(made.utf8("m")));
  const base = made.constant(19, u2(made.utf8("java.base")));
  const exported = made.constant(20, u2(made.utf8("p/q")));
  const rows = [[1, base, 0x8000, 0], [1, exported, 0, 0], [0], [0], [0]].flat().flatMap(u2);
  made.with(made.attribute("Module", [...u2(module), ...u2(0), ...u2(0), ...rows]));
  const bytes = made.build();
  assert.equal(failureOf(bytes), "NoClassDefFoundError: Foo is not a class because access_flag ACC_MODULE is set");
  const parsed = parseClassFile(bytes, "module-info", { allowModule: true });
  assert.equal(parsed.module?.name, "m");
  assert.deepEqual(parsed.module.requires, [{ module: "java.base", flags: 0x8000, version: undefined }]);
  assert.deepEqual(parsed.module.exports, [{ package: "p/q", flags: 0, to: [] }]);
});

test("attributes that the version does not know are not seen", () => {
  const made = new ClassBuilder();
  made.major = 48;
  made.with(made.attribute("Signature", u2(9999)));
  assert.equal(parseClassFile(made.build(), "Foo").signature, undefined);
});
