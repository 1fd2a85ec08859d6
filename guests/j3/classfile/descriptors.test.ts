import assert from "node:assert/strict";
import { test } from "node:test";
import { argumentSlots, classNameOfDescriptor, DescriptorParser, parseMethodDescriptor } from "./index.ts";

test("method descriptors", () => {
  const parser = new DescriptorParser();
  const type = parser.methodType("(IJ[D[[Ljava/lang/String;Z)Ljava/lang/Object;");
  assert.deepEqual(
    type?.params.map((param) => param.descriptor),
    ["I", "J", "[D", "[[Ljava/lang/String;", "Z"],
  );
  assert.equal(type?.argSlots, 6);
  assert.equal(type?.ret.kind, "L");
  assert.equal(parser.methodType("(IJ[D[[Ljava/lang/String;Z)Ljava/lang/Object;"), type);
  assert.equal(parseMethodDescriptor("()V")?.ret.slots, 0);
  assert.equal(argumentSlots("(DJI)V"), 5);
  assert.equal(classNameOfDescriptor("La/B;"), "a/B");
});

test("what is no descriptor", () => {
  for (const text of [
    "",
    "(",
    "()",
    "()VV",
    "(V)V",
    "(L)V",
    "(Lx)V",
    "([)V",
    "(I",
    "I",
    "()[V",
    `(${"[".repeat(256)}I)V`,
  ]) {
    assert.equal(parseMethodDescriptor(text), undefined, text);
    assert.equal(argumentSlots(text), -1, text);
  }
});
