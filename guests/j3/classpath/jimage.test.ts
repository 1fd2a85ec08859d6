import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { findJavaHome, ImageFailure, ImageReader } from "./index.ts";

const home = findJavaHome(process.env);

test("finds classes, resources, modules and packages", { skip: home === undefined }, () => {
  assert.ok(home);
  const image = new ImageReader(home.modules);
  const object = image.findClass("java/lang/Object");
  assert.equal(object?.module, "java.base");
  assert.equal(Buffer.from(object.bytes).readUInt32BE(0), 0xcafebabe);
  assert.equal(image.findClass("java/util/logging/Logger")?.module, "java.logging");
  assert.equal(image.findClass("java/lang/NoSuchThing"), undefined);
  assert.equal(image.findClass("nowhere/Foo"), undefined);
  assert.equal(image.findClass("Foo"), undefined);
  assert.ok(image.hasResource("java.base", "module-info.class"));
  assert.equal(image.findResource("java.base", "no/such/resource"), undefined);
  assert.equal(image.moduleOfPackage("java/util/function"), "java.base");
  assert.ok(image.modules().includes("java.base"));
  assert.ok(image.packagesOf("java.base").includes("java/lang/invoke"));
  assert.ok(!image.packagesOf("java.base").includes("java/util/logging"));
  assert.deepEqual(image.packagesOf("no.such.module"), []);
  image.close();
});

test("agrees with the modules that the release file lists", { skip: home === undefined }, () => {
  assert.ok(home);
  const image = new ImageReader(home.modules);
  assert.deepEqual(image.modules(), [...(home.release.get("MODULES") ?? "").split(" ")].sort());
  image.close();
});

/** A jimage of one resource, /m/p/C.x, stored as `stored` with the given compressed size. */
function smallImage(stored: Uint8Array, compressed: number, size: number): Buffer {
  const texts = ["", "m", "p", "C", "x", "zip", "compact-cp"];
  const strings = Buffer.from(`${texts.join("\0")}\0`);
  const at = (text: string) => strings.indexOf(text === "" ? "\0" : `\0${text}\0`) + (text === "" ? 0 : 1);
  const attribute = (kind: number, value: number) => [(kind << 3) | 3, value >>> 24, value >>> 16, value >>> 8, value];
  const names = [
    ...attribute(1, at("m")),
    ...attribute(2, at("p")),
    ...attribute(3, at("C")),
    ...attribute(4, at("x")),
  ];
  const sizes = [...attribute(5, 0), ...attribute(6, compressed), ...attribute(7, size)];
  const locations = Buffer.from([...names, ...sizes, 0]);
  const header = Buffer.alloc(28 + 4 + 4);
  const words = [0xcafedada, 0x10000, 0, 1, 1, locations.length, strings.length];
  for (const [i, word] of words.entries()) header.writeUInt32LE(word, 4 * i);
  header.writeInt32LE(-1, 28); // the only slot, 0, without a second hash
  return Buffer.concat([header, locations, strings, stored]);
}

function compressedBody(decompressor: number, body: Uint8Array, size: number): Buffer {
  const header = Buffer.alloc(29);
  header.writeUInt32LE(0xcafefafa, 0);
  header.writeBigUInt64LE(BigInt(body.length), 4);
  header.writeBigUInt64LE(BigInt(size), 12);
  header.writeUInt32LE(decompressor, 20);
  return Buffer.concat([header, body]);
}

test("compressed resources, and files that are no image", () => {
  const folder = mkdtempSync(join(tmpdir(), "jimage-"));
  const path = join(folder, "modules");
  const withImage = <T>(bytes: Uint8Array, use: (image: ImageReader) => T): T => {
    writeFileSync(path, bytes);
    const image = new ImageReader(path);
    try {
      return use(image);
    } finally {
      image.close();
    }
  };
  try {
    const text = Buffer.from("hello hello hello hello hello");
    const find = (image: ImageReader) => Buffer.from(image.findResource("m", "p/C.x") ?? []).toString();
    assert.equal(withImage(smallImage(text, 0, text.length), find), text.toString());
    assert.equal(
      withImage(smallImage(text, 0, text.length), (image) => image.findResource("m", "p/D.x")),
      undefined,
    );
    const zip = compressedBody("\0m\0p\0C\0x\0".length, deflateSync(text), text.length);
    assert.equal(withImage(smallImage(zip, zip.length, text.length), find), text.toString());
    const compact = compressedBody("\0m\0p\0C\0x\0zip\0".length, text, text.length);
    assert.throws(() => withImage(smallImage(compact, compact.length, text.length), find), /"compact-cp"/);
    const broken = compressedBody("\0m\0p\0C\0x\0".length, text, text.length);
    assert.throws(() => withImage(smallImage(broken, broken.length, text.length), find), ImageFailure);
    const cut = smallImage(text, 0, text.length).subarray(0, 60);
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(40), cut]) {
      assert.throws(() => withImage(bytes, find), ImageFailure);
    }
    assert.throws(() => withImage(smallImage(text, 0, 1e6), find), ImageFailure);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
