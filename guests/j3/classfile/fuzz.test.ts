import assert from "node:assert/strict";
import { test } from "node:test";
import { BytecodeWalker } from "../bytecode.ts";
import { findJavaHome, ImageReader } from "../classpath/index.ts";
import type { ClassFile } from "./index.ts";
import { ClassFormatFailure, parseAnnotations, parseClassFile } from "./index.ts";

const CLASSES = [
  "java/lang/Object",
  "java/lang/String",
  "java/lang/Deprecated",
  "java/lang/Thread$State",
  "java/lang/constant/ConstantDesc",
  "java/lang/Enum",
  "java/lang/Comparable",
  "java/lang/invoke/MethodHandles$Lookup",
  "java/util/AbstractMap",
  "java/util/Map",
  "java/util/Optional",
  "java/util/function/Function",
  "java/util/stream/Collectors",
  "jdk/internal/misc/VM",
];

/** Marsaglia's xorshift32: the same numbers on every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutate(original: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = original.slice();
  const somewhere = () => (random(3) === 0 ? random(Math.min(64, bytes.length)) : random(bytes.length));
  for (let times = 1 + random(3); times > 0; times--) {
    const at = somewhere();
    switch (random(6)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      case 1:
        bytes[at] = random(256);
        break;
      case 2:
        bytes[at] = 0xff;
        break;
      case 3:
        bytes.copyWithin(at, somewhere(), somewhere());
        break;
      case 4:
        bytes[at] = (bytes[at] ?? 0) + 1;
        break;
      default:
        if (random(8) === 0) bytes = bytes.slice(0, at + 1);
        else bytes[at] = 0;
    }
  }
  return bytes;
}

/** Asks a class file for everything it can tell. What is asked may fail, but only in the one way. */
function readAll(parsed: ClassFile): void {
  const { constants } = parsed;
  const questions: (() => unknown)[] = [
    () => [
      parsed.signature,
      parsed.sourceFile,
      parsed.sourceDebugExtension,
      parsed.innerClasses,
      parsed.enclosingMethod,
    ],
    () => [parsed.nestHost, parsed.nestMembers, parsed.permittedSubclasses, parsed.recordComponents],
    () => [parsed.bootstrapMethods, parsed.module, parsed.modulePackages, parsed.moduleMainClass],
    () => parseAnnotations(parsed.attributes.visibleAnnotations ?? new Uint8Array(2), constants),
  ];
  for (const field of parsed.fields) questions.push(() => [field.constantValue, field.signature, field.isSynthetic]);
  for (const method of parsed.methods) {
    questions.push(
      () => [method.exceptions, method.parameters, method.signature, method.annotationDefault],
      () => method.code?.pcToLine(3),
      () => [method.code?.localVariables(), method.code?.localVariableTypes()],
      () => method.code?.stackMap(),
      () => {
        const walker = new BytecodeWalker(method.code?.code ?? new Uint8Array(0), method.name);
        while (walker.next());
      },
    );
  }
  for (let index = 0; index <= constants.size; index++) {
    questions.push(
      () => constants.utf8(index),
      () => constants.className(index),
      () => constants.memberRef(index),
      () => constants.methodHandle(index),
      () => constants.invokeDynamic(index),
      () => constants.long(index),
    );
  }
  for (const question of questions) onlyFormatFailures(question);
}

/** True if it did not fail. */
function onlyFormatFailures(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (failure) {
    if (!(failure instanceof ClassFormatFailure)) throw failure;
    assert.ok(failure.message.length > 0);
    return false;
  }
}

const home = findJavaHome(process.env);

test("a mutated class file parses or fails as a ClassFormatFailure", { skip: home === undefined }, () => {
  assert.ok(home);
  const image = new ImageReader(home.modules);
  const random = randomNumbers(0x5eed);
  let failed = 0;
  const rounds = 4000;
  for (let round = 0; round < rounds; round++) {
    const name = CLASSES[round % CLASSES.length] ?? "";
    const original = image.findClass(name)?.bytes;
    assert.ok(original, name);
    const bytes = mutate(original, random);
    const trusted = round % 2 === 0;
    const passed = onlyFormatFailures(() => {
      const parsed = parseClassFile(bytes, name, { trusted, allowModule: true });
      if (round % 4 < 2) readAll(parsed);
    });
    if (!passed) failed++;
  }
  image.close();
  // Most mutations of a class file are noticed; some, as in an instruction, are not the parser's to notice.
  assert.ok(failed > rounds / 4 && failed < rounds, `${failed} of ${rounds} failed`);
});

test("every class of java.base parses and passes the checks", { skip: home === undefined }, () => {
  assert.ok(home);
  const image = new ImageReader(home.modules);
  const paths = image.resourcesOf("java.base").filter((path) => path.endsWith(".class"));
  assert.ok(paths.length > 5000);
  for (const path of paths) {
    const bytes = image.findResource("java.base", path);
    assert.ok(bytes);
    parseClassFile(bytes, path, { expectedName: path.slice(0, -".class".length), allowModule: true });
  }
  image.close();
});
