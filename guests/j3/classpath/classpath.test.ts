import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { crc32, deflateRawSync } from "node:zlib";
import { ClassPath, parseManifest, readManifest, splitClassPath, ZipFailure, ZipReader } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "classpath-"));
after(() => rmSync(folder, { recursive: true }));

interface ZipOptions {
  readonly stored?: boolean;
  readonly wide?: boolean;
  readonly before?: string;
  readonly comment?: string;
}

/** An archive as a zip tool writes it. */
function zipOf(files: Readonly<Record<string, string>>, options: ZipOptions = {}): Buffer {
  const parts: Buffer[] = [Buffer.from(options.before ?? "")];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const body = options.stored ? content : deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(options.stored ? 0 : 8, 8);
    local.writeUInt16LE(nameBytes.length, 26);
    parts.push(local, nameBytes, body);
    const extra = Buffer.alloc(options.wide ? 28 : 0);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(options.stored ? 0 : 8, 10);
    central.writeUInt32LE(crc32(content), 16);
    central.writeUInt32LE(options.wide ? 0xffffffff : body.length, 20);
    central.writeUInt32LE(options.wide ? 0xffffffff : content.length, 24);
    central.writeUInt16LE(nameBytes.length, 28);
    central.writeUInt16LE(extra.length, 30);
    central.writeUInt32LE(options.wide ? 0xffffffff : at, 42);
    if (options.wide) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(content.length), 4);
      extra.writeBigUInt64LE(BigInt(body.length), 12);
      extra.writeBigUInt64LE(BigInt(at), 20);
    }
    directory.push(central, nameBytes, extra);
    at += 30 + nameBytes.length + body.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = Object.keys(files).length;
  const tail: Buffer[] = [];
  if (options.wide) {
    const end64 = Buffer.alloc(56 + 20);
    end64.writeUInt32LE(0x06064b50, 0);
    end64.writeBigUInt64LE(BigInt(count), 32);
    end64.writeBigUInt64LE(BigInt(size), 40);
    end64.writeBigUInt64LE(BigInt(at), 48);
    end64.writeUInt32LE(0x07064b50, 56);
    end64.writeBigUInt64LE(BigInt(at + size), 64);
    tail.push(end64);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.wide ? 0xffff : count, 10);
  end.writeUInt32LE(options.wide ? 0xffffffff : size, 12);
  end.writeUInt32LE(options.wide ? 0xffffffff : at, 16);
  end.writeUInt16LE(options.comment?.length ?? 0, 20);
  return Buffer.concat([...parts, ...directory, ...tail, end, Buffer.from(options.comment ?? "")]);
}

function write(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

function readBack(path: string, name: string): string | undefined {
  const zip = new ZipReader(path);
  try {
    const bytes = zip.read(name);
    return bytes && Buffer.from(bytes).toString();
  } finally {
    zip.close();
  }
}

test("archives: deflated, stored, zip64, with a comment, behind a script", () => {
  const files = { "a/B.class": "some bytes", "ü.txt": "x".repeat(5000), empty: "" };
  const kinds: ZipOptions[] = [{}, { stored: true }, { wide: true }, { comment: "hi" }, { before: "#!/bin/sh\n" }];
  for (const [i, options] of kinds.entries()) {
    const path = write(`kinds/${i}.jar`, zipOf(files, options));
    for (const [name, text] of Object.entries(files)) assert.equal(readBack(path, name), text, JSON.stringify(options));
    assert.equal(readBack(path, "absent"), undefined);
  }
});

test("broken archives fail as ZipFailure", () => {
  const good = zipOf({ "a.txt": "hello hello hello hello" });
  assert.throws(() => readBack(write("b/empty.jar", ""), "a.txt"), ZipFailure);
  assert.throws(() => readBack(write("b/text.jar", "this is no archive"), "a.txt"), /zip END header not found/);
  let failures = 0;
  for (let at = 0; at < good.length; at++) {
    for (const value of [0, 0xff, (good[at] ?? 0) ^ 0x10]) {
      const bytes = Buffer.from(good);
      bytes[at] = value;
      try {
        readBack(write("b/flipped.jar", bytes), "a.txt");
      } catch (failure) {
        assert.ok(failure instanceof ZipFailure, `${at}: ${failure}`);
        failures++;
      }
    }
    const cut = write("b/cut.jar", good.subarray(0, at));
    assert.throws(() => readBack(cut, "a.txt"), ZipFailure);
  }
  assert.ok(failures > 100);
});

test("manifests", () => {
  const text =
    "Manifest-Version: 1.0\r\nMain-Class: org.exam\r\n ple.Main\r\nclass-path: a.jar\r\n  b/ c.jar\r\n\r\nName: p/\r\nSealed: true\r\n";
  const manifest = parseManifest(Buffer.from(text));
  assert.equal(manifest.mainClass, "org.example.Main");
  assert.deepEqual(manifest.classPath, ["a.jar", "b/", "c.jar"]);
  assert.equal(manifest.sections.get("p/")?.get("SEALED"), "true");
  assert.equal(parseManifest(new Uint8Array(0)).mainClass, undefined);
  // A character split over two lines.
  const split = Buffer.concat([Buffer.from("Main-Class: "), Buffer.of(0xc3), Buffer.from("\n "), Buffer.of(0xbc)]);
  assert.equal(parseManifest(split).mainClass, "ü");
});

test("a class path of folders, archives, wildcards and Class-Path", () => {
  write("classes/p/A.class", "folder A");
  write("one.jar", zipOf({ "p/A.class": "jar A", "p/B.class": "jar B" }));
  write(
    "lib/two.jar",
    zipOf({ "p/C.class": "jar C", "META-INF/MANIFEST.MF": "Class-Path: ../more/three.jar nothere.jar\n" }),
  );
  write(
    "more/three.jar",
    zipOf({ "p/D.class": "jar D", "META-INF/MANIFEST.MF": "Main-Class: p.D\nClass-Path: ../lib/two.jar\n" }),
  );
  write("lib/readme.txt", "no jar");
  write("bad.jar", "nonsense");
  const at = (name: string) => join(folder, name);
  const path = new ClassPath([at("missing"), at("bad.jar"), at("classes"), at("one.jar"), at("lib/*")]);
  const found = (name: string) => {
    const resource = path.findClass(name);
    return resource && Buffer.from(resource.bytes).toString();
  };
  assert.equal(found("p/A"), "folder A");
  assert.equal(found("p/B"), "jar B");
  assert.equal(found("p/C"), "jar C");
  assert.equal(found("p/D"), "jar D");
  assert.equal(found("p/E"), undefined);
  assert.equal(found("../classes/p/A"), undefined);
  assert.deepEqual(
    [...path.findAll("p/A.class")].map(({ element }) => element),
    [at("classes"), at("one.jar")],
  );
  assert.ok(path.findResource("p/A.class")?.url.endsWith("/classes/"));
  assert.equal(path.problems.length, 3);
  assert.equal(readManifest(at("more/three.jar"))?.mainClass, "p.D");
  assert.equal(readManifest(at("one.jar")), undefined);
  path.close();
  assert.deepEqual(splitClassPath("a:b::c"), ["a", "b", ".", "c"]);
});
