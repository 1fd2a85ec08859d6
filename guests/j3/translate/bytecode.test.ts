/** Bytecode that javac does not write: subroutines, wide forms, adapters, and what is broken. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Func, findings, printFinding, printFunc } from "#ir";
import { type ClassFile, ClassFormatFailure, CodeAttribute, type ExceptionHandler } from "../classfile/index.ts";
import { ImageReader } from "../classpath/index.ts";
import type { JMethod } from "../model/types.ts";
import { type Mnemonic, opcodeOf } from "../opcodes.ts";
import { FakeMachine } from "./fake-machine.ts";
import { FakeWorld } from "./fake-world.ts";
import { Translator } from "./index.ts";
import { Shapes } from "./shapes.ts";

const JAVA_HOME = process.env["JAVA_HOME"] ?? "/usr/lib/jvm/java-17-openjdk-amd64";
assert.ok(existsSync(JAVA_HOME));
const image = new ImageReader(join(JAVA_HOME, "lib/modules"));
after(() => image.close());
const find = (name: string): Uint8Array | undefined => image.findClass(name)?.bytes;

/** A host for methods made up here: its constant pool is the real one of java/lang/Math, its version is given. */
function made(
  world: FakeWorld,
  descriptor: string,
  code: readonly (Mnemonic | number)[],
  options: { locals?: number; stack?: number; handlers?: ExceptionHandler[]; major?: number; holder?: string } = {},
): JMethod {
  const holder = world.load(options.holder ?? "java/lang/Math")!;
  const file = holder.file!;
  const bytes = Uint8Array.from(code.map((each) => (typeof each === "number" ? each : opcodeOf[each])));
  const attribute = new CodeAttribute(
    options.stack ?? 8,
    options.locals ?? 8,
    bytes,
    0,
    options.handlers ?? [],
    file.attributes,
  );
  const major = options.major ?? 61;
  const old = Object.create(file, { major: { value: major } }) as ClassFile;
  const method: JMethod = {
    holder: Object.create(holder, { file: { value: old } }) as typeof holder,
    info: { code: attribute, name: "made", descriptor, flags: 8 } as unknown as JMethod["info"],
    name: "made",
    descriptor,
    flags: 8,
    id: 0,
    index: 0,
    slot: 100 + world.methods.length,
    signature: new Shapes().of(descriptor)!.forStatic,
    vtableIndex: -1,
    interfaceKey: 0,
  };
  world.methods.push(method);
  return method;
}

function translated(method: JMethod, world: FakeWorld): Func {
  const func = new Translator(world).translate(method, 1);
  assert.deepEqual(findings(func).map(printFinding), []);
  return func;
}

test("jsr and ret: two calls of a subroutine, and one inside another", () => {
  const machine = new FakeMachine(find, true);
  // local 0: n; local 1: sum; local 2, 3: return addresses
  const method = made(
    machine.world,
    "(I)I",
    [
      "iconst_0", // 0
      "istore_1", // 1
      "jsr",
      0,
      14, // 2 -> 16
      "iinc",
      1,
      100, // 5
      "jsr",
      0,
      8, // 8 -> 16
      "iload_1", // 11
      "ireturn", // 12
      "nop",
      "nop",
      "nop", // 13
      "astore_2", // 16
      "iload_1", // 17
      "iload_0", // 18
      "iadd", // 19
      "istore_1", // 20
      "jsr",
      0,
      5, // 21 -> 26
      "ret",
      2, // 24
      "astore_3", // 26
      "iinc",
      1,
      1, // 27
      "ret",
      3, // 30
    ],
    { major: 48 },
  );
  assert.equal(machine.run(method, [7]), 7 + 1 + 100 + 7 + 1);
});

test("wide: iinc, loads and stores with long indices", () => {
  const machine = new FakeMachine(find, true);
  const method = made(
    machine.world,
    "(J)J",
    [
      "lload_0",
      "wide",
      "lstore",
      1,
      44, // local 300
      "bipush",
      5,
      "wide",
      "istore",
      1,
      46,
      "wide",
      "iinc",
      1,
      46,
      0xff,
      0x00, // -256
      "wide",
      "iload",
      1,
      46,
      "i2l",
      "wide",
      "lload",
      1,
      44,
      "ladd",
      "lreturn",
    ],
    { locals: 400 },
  );
  assert.equal(machine.run(method, [1000n]), 1000n + 5n - 256n);
});

test("a loop whose condition comes before its body in execution but after it in the code", () => {
  const machine = new FakeMachine(find, true);
  const method = made(machine.world, "(I)I", [
    "iconst_0", // 0
    "istore_1", // 1
    "goto",
    0,
    10, // 2 -> 12
    "iload_1", // 5
    "iload_0", // 6
    "iadd", // 7
    "istore_1", // 8
    "iinc",
    0,
    0xff, // 9
    "iload_0", // 12
    "ifgt",
    0xff,
    0xf8, // 13 -> 5
    "iload_1", // 16
    "ireturn", // 17
  ]);
  assert.equal(machine.run(method, [10]), 55);
});

test("a loop to the first instruction polls", () => {
  const world = new FakeWorld({ find, resolved: false });
  const text = printFunc(translated(made(world, "(I)V", ["iinc", 0, 1, "goto", 0xff, 0xfd]), world));
  assert.match(text, /poll/);
});

test("a handler that covers itself", () => {
  const world = new FakeWorld({ find, resolved: false });
  const handlers = [{ startPc: 0, endPc: 5, handlerPc: 3, catchTypeIndex: 0, catchType: undefined }];
  const method = made(world, "(I)I", ["iconst_1", "iload_0", "idiv", "athrow", "nop", "ireturn"], { handlers });
  assert.throws(() => translated(method, world), isVerifyError); // the handler begins with an int on the stack, too
  const good = made(
    world,
    "(I)I",
    ["iconst_1", "iload_0", "idiv", "ireturn", "pop", "iconst_0", "iload_0", "idiv", "ireturn"],
    {
      handlers: [{ startPc: 0, endPc: 8, handlerPc: 4, catchTypeIndex: 0, catchType: undefined }],
    },
  );
  assert.match(printFunc(translated(good, world)), /poll/);
});

function isVerifyError(error: unknown): boolean {
  assert.ok(error instanceof ClassFormatFailure, String((error as Error).stack));
  assert.equal(error.kind, "VerifyError");
  return true;
}

// biome-ignore format: one row per method
const BROKEN: readonly (readonly [string, string, readonly (Mnemonic | number)[]])[] = [
  ["falls off the end", "()V", ["nop"]],
  ["branch falls off the end", "(I)V", ["iload_0", "ifeq", 0xff, 0xff]],
  ["no such opcode", "()V", [202]],
  ["underflow", "()V", ["pop", "return"]],
  ["overflow", "()V", [...Array<Mnemonic>(9).fill("iconst_0"), "return"]],
  ["wrong type", "()V", ["lconst_0", "istore_0", "return"]],
  ["half of a long", "()V", ["lconst_0", "pop", "return"]],
  ["half of a long by swap", "()V", ["lconst_0", "iconst_0", "swap", "return"]],
  ["local too large", "()I", ["iload", 8, "ireturn"]],
  ["second half of a local too large", "()J", ["lload", 7, "lreturn"]],
  ["into an instruction", "()V", ["goto", 0, 1, "return"]],
  ["out of the code", "()V", ["goto", 0, 100, "return"]],
  ["before the code", "()V", ["goto", 0xf0, 0, "return"]],
  ["depth differs", "(I)V", ["iload_0", "ifeq", 0, 4, "iconst_0", "return"]],
  ["loop that grows the stack", "()V", ["iconst_0", "goto", 0xff, 0xff]],
  ["type differs", "(I)V", ["iconst_0", "iload_0", "ifeq", 0, 5, "pop", "fconst_0", "pop", "return"]],
  ["wrong return", "()I", ["return"]],
  ["wrong return type", "()I", ["lconst_0", "lreturn"]],
  ["jsr in a new class file", "()V", ["jsr", 0, 3, "return"]],
  ["ret in a new class file", "()V", ["ret", 0]],
  ["new of no class", "()V", ["new", 0xff, 0xff, "return"]],
  ["ldc of nothing", "()V", ["ldc", 0, "return"]],
  ["field of no field", "()V", ["getstatic", 0, 1, "pop", "return"]],
  ["call of nothing", "()V", ["invokestatic", 0, 0, "return"]],
  ["cut off", "()V", ["sipush", 1]],
  ["table cut off", "(I)V", ["iload_0", "tableswitch", 0, 0, 0, 0, 0, 9]],
  ["wide of what cannot be", "()V", ["wide", "nop", 0, 0]],
  ["no dimensions", "()V", ["multianewarray", 0, 1, 0, "return"]],
];

for (const [says, descriptor, code] of BROKEN) {
  test(`VerifyError: ${says}`, () => {
    const world = new FakeWorld({ find, resolved: false });
    const method = made(world, descriptor, code);
    // "depth differs" needs a merge; the others fail by themselves.
    assert.throws(
      () => translated(method, world),
      (error) => error instanceof ClassFormatFailure,
    );
  });
}

test("an adapter is called with its appendix or without", () => {
  const world = new FakeWorld({ find, resolved: true });
  const translator = new Translator(world);
  const holder = world.load("java/lang/invoke/MethodHandles$Lookup")!;
  let seen = 0;
  for (const name of ["java/util/function/Function", "java/util/Comparator", "java/lang/invoke/VarHandles"]) {
    for (const method of world.load(name)!.methods) {
      if (method.info?.code === undefined) continue;
      const text = printFunc(translator.translate(method, 1));
      if (/isnull/.test(text) && /calldyn/.test(text)) seen += 1;
    }
  }
  assert.ok(seen > 0 && holder.methods.length > 0);
});

/** Seeded, so that a failure can be seen again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("damaged bytecode is translated soundly or is an error of the class file", () => {
  const next = random(17);
  let good = 0;
  let bad = 0;
  for (const name of [
    "java/lang/String",
    "java/util/HashMap",
    "java/util/concurrent/ForkJoinPool",
    "java/util/regex/Pattern",
  ]) {
    const world = new FakeWorld({ find, resolved: false });
    const translator = new Translator(world);
    const holder = world.load(name)!;
    for (const method of holder.methods) {
      const code = method.info?.code;
      if (code === undefined) continue;
      for (let round = 0; round < 12; round++) {
        const bytes = Uint8Array.from(code.code);
        for (let i = 0; i <= round / 4; i++) {
          const at = Math.floor(next() * bytes.length);
          bytes[at] = round % 2 === 0 ? bytes[at]! ^ (1 << (next() * 3)) : next() * 256;
        }
        const handlers =
          round % 3 === 0
            ? code.handlers.map((row) => ({ ...row, handlerPc: Math.floor(next() * bytes.length) }))
            : code.handlers;
        const damaged = new CodeAttribute(code.maxStack, code.maxLocals, bytes, 0, handlers, code.attributes);
        const info = Object.create(method.info, { code: { value: damaged } }) as JMethod["info"];
        let func: Func;
        try {
          func = translator.translate({ ...method, info }, 1);
        } catch (error) {
          assert.ok(error instanceof ClassFormatFailure, String((error as Error).stack));
          bad += 1;
          continue;
        }
        assert.deepEqual(findings(func).map(printFinding), [], method.name);
        good += 1;
      }
    }
  }
  assert.ok(good > 200 && bad > 200, `${good} ${bad}`);
});

test("large and twisted methods take no more than their share of time", () => {
  const world = new FakeWorld({ find, resolved: false });
  const start = performance.now();
  // Branches everywhere: 21,000 blocks that lead forward and back.
  const branches: (Mnemonic | number)[] = [];
  for (let pc = 0; pc + 4 < 65000; pc += 4) {
    const low = Math.max(0, pc - 32000);
    const high = Math.min(64992, pc + 32000);
    const target = (low + ((pc * 7919) % (high - low))) & ~3;
    const offset = target - (pc + 1);
    branches.push("iload_0", "ifeq", (offset >> 8) & 0xff, offset & 0xff);
  }
  branches.push("return");
  translated(made(world, "(I)V", branches), world);
  // Handlers in each other, 200 deep, over the same code.
  const handlers: ExceptionHandler[] = [];
  for (let i = 0; i < 2000; i++)
    handlers.push({ startPc: i, endPc: 4000 - i, handlerPc: 4000, catchTypeIndex: 2, catchType: "X" });
  const body: (Mnemonic | number)[] = [];
  for (let i = 0; i < 1000; i++) body.push("iload_0", "iload_0", "idiv", "pop");
  body.push("athrow");
  try {
    translated(made(world, "(I)V", body, { handlers }), world);
  } catch (error) {
    assert.ok(error instanceof ClassFormatFailure);
  }
  // Subroutines by the thousand.
  const subroutines: (Mnemonic | number)[] = [];
  for (let i = 0; i < 8000; i++) subroutines.push("jsr", 0, 3, "astore_0", "nop");
  subroutines.push("ret", 0);
  try {
    translated(made(world, "()V", subroutines, { major: 48 }), world);
  } catch (error) {
    assert.ok(error instanceof ClassFormatFailure);
  }
  assert.ok(performance.now() - start < 20_000);
});
