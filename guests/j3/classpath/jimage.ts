import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { inflateSync } from "node:zlib";

/**
 * The JDK's `lib/modules`, jimage format 1.0 (little-endian; written by jlink for the machine it runs on).
 *
 *   header    magic u4 0xCAFEDADA, version u4 (major << 16 | minor), flags u4, resources u4,
 *             table length n u4, locations size u4, strings size u4                            28 bytes
 *   redirect  i4[n]   perfect hash: positive = second seed, negative = -1 - index, 0 = no entry
 *   offsets   u4[n]   into locations
 *   locations each a run of (kind << 3 | bytes - 1) u1, value big-endian; kind 0 ends it
 *   strings   zero-terminated modified UTF-8
 *   resources at the offsets the locations give, counted from the end of the strings
 *
 * Only the index (the first four parts after the header, 1.5 MB of 129) is read at opening; a resource is read when asked for.
 */

const MAGIC = 0xcafedada;
const VERSION = 0x0001_0000;
const HEADER_BYTES = 28;

const HASH_MULTIPLIER = 0x01000193;

const AT_END = 0;
const AT_MODULE = 1;
const AT_PARENT = 2;
const AT_BASE = 3;
const AT_EXTENSION = 4;
const AT_OFFSET = 5;
const AT_COMPRESSED = 6;
const AT_UNCOMPRESSED = 7;
const ATTRIBUTE_KINDS = 8;

const COMPRESSED_MAGIC = 0xcafefafa;
const COMPRESSED_HEADER_BYTES = 29;

/** The file is no jimage we can read, or it is broken. */
export class ImageFailure extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(`Cannot read ${path}: ${message}`);
    this.name = "ImageFailure";
    this.path = path;
  }
}

/** A class and the module that holds it. */
export interface ImageClass {
  readonly module: string;
  readonly bytes: Uint8Array;
}

/** An opened jimage. Holds a file descriptor until `close`. */
export class ImageReader {
  readonly path: string;
  private readonly fd: number;
  private readonly fileBytes: number;
  private readonly index: Buffer;
  private readonly tableLength: number;
  private readonly redirectAt: number;
  private readonly offsetsAt: number;
  private readonly locationsAt: number;
  private readonly stringsAt: number;
  private readonly location: number[];
  private readonly moduleOfPackageCache: Map<string, string | undefined>;
  private packagesByModule: Map<string, string[]> | undefined;

  constructor(path: string) {
    this.path = path;
    this.fd = openSync(path, "r");
    this.location = new Array<number>(ATTRIBUTE_KINDS).fill(0);
    this.moduleOfPackageCache = new Map();
    this.packagesByModule = undefined;
    try {
      this.fileBytes = fstatSync(this.fd).size;
      if (this.fileBytes < HEADER_BYTES) this.fail(`${this.fileBytes} bytes are too few for a jimage`);
      const header = this.read(0, HEADER_BYTES);
      const magic = header.readUInt32LE(0);
      if (magic !== MAGIC) this.fail(`expected a jimage (0xCAFEDADA), found 0x${magic.toString(16)}`);
      const version = header.readUInt32LE(4);
      if (version !== VERSION) this.fail(`jimage version ${version >>> 16}.${version & 0xffff} is not 1.0`);
      this.tableLength = header.readUInt32LE(16);
      if (this.tableLength === 0) this.fail("it holds nothing");
      const locationsBytes = header.readUInt32LE(20);
      const stringsBytes = header.readUInt32LE(24);
      this.redirectAt = HEADER_BYTES;
      this.offsetsAt = this.redirectAt + 4 * this.tableLength;
      this.locationsAt = this.offsetsAt + 4 * this.tableLength;
      this.stringsAt = this.locationsAt + locationsBytes;
      const indexBytes = this.stringsAt + stringsBytes;
      if (indexBytes > this.fileBytes) this.fail(`the index is cut off: ${indexBytes} bytes of ${this.fileBytes}`);
      this.index = this.read(0, indexBytes);
    } catch (failure) {
      closeSync(this.fd);
      throw failure;
    }
  }

  close(): void {
    closeSync(this.fd);
  }

  /** By internal name, as "java/lang/Object". `undefined` if no module has it. */
  findClass(name: string): ImageClass | undefined {
    const slash = name.lastIndexOf("/");
    if (slash < 0) return undefined;
    const module = this.moduleOfPackage(name.slice(0, slash));
    if (module === undefined) return undefined;
    const bytes = this.findResource(module, `${name}.class`);
    return bytes && { module, bytes };
  }

  /** By module and path within it, as ("java.base", "java/lang/Object.class"). */
  findResource(module: string, path: string): Uint8Array | undefined {
    return this.load(`/${module}/${path}`);
  }

  hasResource(module: string, path: string): boolean {
    return this.locate(`/${module}/${path}`) !== undefined;
  }

  /** The module that holds a package's classes; the package with slashes. */
  moduleOfPackage(packageName: string): string | undefined {
    const cache = this.moduleOfPackageCache;
    if (cache.has(packageName)) return cache.get(packageName);
    const content = this.load(`/packages/${packageName.replaceAll("/", ".")}`);
    let module: string | undefined;
    if (content !== undefined) {
      // Rows of (isEmpty u4, offset of the module's name u4): the package has classes in one module at most.
      const rows = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
      for (let at = 0; at + 8 <= rows.length; at += 8) {
        if (rows.readUInt32LE(at) === 0) module = this.stringAt(rows.readUInt32LE(at + 4));
      }
    }
    cache.set(packageName, module);
    return module;
  }

  /** Names of all modules, sorted. */
  modules(): string[] {
    return [...this.packages().keys()].sort();
  }

  /** Packages (with slashes, sorted) that have classes or resources in a module; without the unnamed one. */
  packagesOf(module: string): string[] {
    return [...(this.packages().get(module) ?? [])];
  }

  /** Paths within a module of all its resources. Walks the whole index. */
  resourcesOf(module: string): string[] {
    const paths: string[] = [];
    for (let slot = 0; slot < this.tableLength; slot++) {
      this.decode(slot);
      if (this.stringAt(this.location[AT_MODULE] as number) === module) paths.push(this.locationPath());
    }
    return paths;
  }

  private packages(): Map<string, string[]> {
    if (this.packagesByModule !== undefined) return this.packagesByModule;
    // Names are shared strings, so equal offsets are equal names.
    const parents = new Map<number, Set<number>>();
    for (let slot = 0; slot < this.tableLength; slot++) {
      this.decode(slot);
      const module = this.location[AT_MODULE] as number;
      const known = parents.get(module);
      if (known === undefined) parents.set(module, new Set([this.location[AT_PARENT] as number]));
      else known.add(this.location[AT_PARENT] as number);
    }
    const byModule = new Map<string, string[]>();
    for (const [module, offsets] of parents) {
      const name = this.stringAt(module);
      if (name === "" || name === "packages" || name === "modules") continue;
      const names = [...offsets].map((offset) => this.stringAt(offset)).filter((parent) => isPackageName(parent));
      byModule.set(name, names.sort());
    }
    this.packagesByModule = byModule;
    return byModule;
  }

  private load(path: string): Uint8Array | undefined {
    if (this.locate(path) === undefined) return undefined;
    const offset = this.location[AT_OFFSET] as number;
    const compressed = this.location[AT_COMPRESSED] as number;
    const size = this.location[AT_UNCOMPRESSED] as number;
    const stored = this.read(this.index.length + offset, compressed === 0 ? size : compressed);
    return compressed === 0 ? stored : this.decompress(stored, path, size);
  }

  /** Decodes the location of `path` ("/module/package/Name.class") into `this.location`. */
  private locate(path: string): number | undefined {
    const key = Buffer.from(path, "utf8");
    const first = hash(key, HASH_MULTIPLIER) % this.tableLength;
    const redirect = this.index.readInt32LE(this.redirectAt + 4 * first);
    if (redirect === 0) return undefined;
    const slot = redirect > 0 ? hash(key, redirect) % this.tableLength : -1 - redirect;
    if (slot >= this.tableLength) return undefined;
    this.decode(slot);
    return this.matches(path) ? slot : undefined;
  }

  private decode(slot: number): void {
    const index = this.index;
    const location = this.location.fill(0);
    let at = this.locationsAt + index.readUInt32LE(this.offsetsAt + 4 * slot);
    for (;;) {
      const byte = index[at];
      if (byte === undefined) this.fail("a location runs over the end of the index");
      const kind = byte >>> 3;
      if (kind === AT_END) return;
      if (kind >= ATTRIBUTE_KINDS) this.fail(`unknown location attribute ${kind}`);
      const bytes = (byte & 7) + 1;
      let value = 0;
      // Not shifts: offsets may need more than 32 bits.
      for (let i = 1; i <= bytes; i++) value = value * 256 + (index[at + i] ?? 0);
      location[kind] = value;
      at += 1 + bytes;
    }
  }

  private matches(path: string): boolean {
    const module = this.stringAt(this.location[AT_MODULE] as number);
    return path === `${module === "" ? "" : `/${module}/`}${this.locationPath()}`;
  }

  private locationPath(): string {
    const parent = this.stringAt(this.location[AT_PARENT] as number);
    const base = this.stringAt(this.location[AT_BASE] as number);
    const extension = this.stringAt(this.location[AT_EXTENSION] as number);
    return `${parent === "" ? "" : `${parent}/`}${base}${extension === "" ? "" : `.${extension}`}`;
  }

  private stringAt(offset: number): string {
    const start = this.stringsAt + offset;
    const end = this.index.indexOf(0, start);
    if (end < 0) this.fail(`no string at ${offset}`);
    return this.index.toString("utf8", start, end);
  }

  /** A chain of headers, the outermost first, each naming the decompressor of what follows it. */
  private decompress(stored: Buffer, path: string, size: number): Uint8Array {
    let content = stored;
    while (content.length >= COMPRESSED_HEADER_BYTES && content.readUInt32LE(0) === COMPRESSED_MAGIC) {
      const compressedSize = Number(content.readBigUInt64LE(4));
      const uncompressedSize = Number(content.readBigUInt64LE(12));
      const name = this.stringAt(content.readUInt32LE(20));
      if (name !== "zip") this.fail(`${path} is compressed by "${name}", which is not supported`);
      const body = content.subarray(COMPRESSED_HEADER_BYTES, COMPRESSED_HEADER_BYTES + compressedSize);
      content = this.inflate(body, path, uncompressedSize);
      if (content.length !== uncompressedSize)
        this.fail(`${path} has ${content.length} bytes, not ${uncompressedSize}`);
    }
    if (content.length !== size) this.fail(`${path} has ${content.length} bytes, not ${size}`);
    return content;
  }

  private inflate(body: Buffer, path: string, size: number): Buffer {
    try {
      return inflateSync(body, { maxOutputLength: Math.max(1, Math.min(size, 0x7fffffff)) });
    } catch (failure) {
      return this.fail(`${path} does not inflate: ${failure instanceof Error ? failure.message : String(failure)}`);
    }
  }

  private read(position: number, length: number): Buffer {
    if (position + length > this.fileBytes) this.fail(`${length} bytes at ${position} are past its end`);
    const bytes = Buffer.allocUnsafeSlow(length);
    let got = 0;
    while (got < length) {
      const now = readSync(this.fd, bytes, got, length - got, position + got);
      if (now === 0) this.fail(`unexpected end at ${position + got}`);
      got += now;
    }
    return bytes;
  }

  private fail(message: string): never {
    throw new ImageFailure(this.path, message);
  }
}

/** FNV with a seed, as the image builder computes it: 32-bit products, the sign bit dropped at the end. */
function hash(bytes: Uint8Array, seed: number): number {
  let value = seed;
  for (let i = 0; i < bytes.length; i++) value = Math.imul(value, HASH_MULTIPLIER) ^ (bytes[i] as number);
  return value & 0x7fffffff;
}

/** Folders such as META-INF/services hold resources but are no packages. */
function isPackageName(parent: string): boolean {
  return parent !== "" && !parent.includes("-");
}
