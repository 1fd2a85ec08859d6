/** What is wrong with the input is said as `java` says it: same streams, same exit code, and never a trace of ours. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { before, describe, it } from "node:test";
import { compile, difference, findJdk, findPrograms, type Jdk, j3Command, root, run } from "./runner.ts";

const folder = path.join(root, "build/test-bad-input");
const classFile = path.join(root, "build/test-classes/TinyHello/TinyHello.class");

/** A copy of TinyHello's class file with some bytes changed, in a folder of its own, which is the class path. */
function changed(name: string, change: (bytes: Buffer) => Buffer): string {
  const place = path.join(folder, name);
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(path.join(place, "TinyHello.class"), change(fs.readFileSync(classFile)));
  return place;
}

function patched(bytes: Buffer, offset: number, ...values: number[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const [index, value] of values.entries()) copy[offset + index] = value;
  return copy;
}

function file(name: string, bytes: Buffer | string): string {
  fs.mkdirSync(folder, { recursive: true });
  const place = path.join(folder, name);
  fs.writeFileSync(place, bytes);
  return place;
}

/** Arguments for both commands, made when the class file exists. */
const cases: Readonly<Record<string, () => string[]>> = {
  "a class that is not there": () => ["-cp", folder, "NoSuchClass"],
  "a class in a package that is not there": () => ["-cp", folder, "no.such.Thing"],
  "a class without main": () => ["-cp", folder, "java.util.ArrayList"],
  "a file name of other case": () => ["-cp", path.dirname(classFile), "tinyhello"],
  "a bad magic number": () => [
    "-cp",
    changed("magic", (bytes) => patched(bytes, 0, 0xde, 0xad, 0xbe, 0xef)),
    "TinyHello",
  ],
  "a version of the future": () => ["-cp", changed("version", (bytes) => patched(bytes, 6, 0, 66)), "TinyHello"],
  "an empty class file": () => ["-cp", changed("empty", () => Buffer.alloc(0)), "TinyHello"],
  "half a class file": () => ["-cp", changed("half", (bytes) => bytes.subarray(0, bytes.length >> 1)), "TinyHello"],
  "a class file with more behind it": () => [
    "-cp",
    changed("longer", (bytes) => Buffer.concat([bytes, Buffer.from([1, 2, 3])])),
    "TinyHello",
  ],
  "a jar that is not there": () => ["-jar", path.join(folder, "none.jar")],
  "a jar that is none": () => ["-jar", file("text.jar", "This is no archive.\n")],
  "an empty jar": () => ["-jar", file("empty.jar", "")],
  "a jar cut short": () => ["-jar", file("cut.jar", Buffer.from("504b0304140008080800", "hex"))],
  "a folder as jar": () => ["-jar", root],
  "an unknown option": () => ["-foo", "TinyHello"],
  "an unknown -XX flag": () => ["-XX:+NoSuchFlag", "TinyHello"],
  "a malformed size": () => ["-Xmxmuch", "TinyHello"],
  "no class at all": () => ["-cp"],
  "a class path that is not there": () => ["-cp", "/nowhere/at/all", "TinyHello"],
};

describe("bad input", { concurrency: 2 }, () => {
  let jdk: Jdk;
  before(async () => {
    jdk = findJdk();
    await compile(jdk, findPrograms("^TinyHello$"));
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
  });
  for (const [name, make] of Object.entries(cases)) {
    it(name, async () => {
      const args = make();
      const expected = await run([path.join(jdk.home, "bin/java"), ...args], { cwd: folder, timeout: 60 });
      const actual = await run([...j3Command(), ...args], { cwd: folder, timeout: 60 });
      assert.equal(difference(expected, actual), undefined);
    });
  }
});
