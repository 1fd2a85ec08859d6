/** Printing and reading files. Files are whole strings, or descriptors that only these natives hand out (struct `file` of the prelude). */
import { HostError, type HostFiles } from "#host";
import { MAX_COPY_BYTES, type NativeContext } from "./context.ts";
import { MAX_FILES, WORD_FILES } from "./words.ts";

const O_RDONLY = 0;
const O_WRONLY_CREATE_TRUNCATE = 0o1101;
const MODE = 0o666;
const PIECE_BYTES = 65536;
/** Milliseconds between attempts when a pipe takes nothing. */
const NAP = 2;

function nap(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP);
}

/** Writes all, however often a pipe takes nothing. */
export function writeAll(files: HostFiles, fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += files.write(fd, bytes.subarray(at), null);
    } catch (error) {
      if (!(error instanceof HostError) || error.code !== "EAGAIN") throw error;
      nap();
    }
  }
}

/** Reads at most so many bytes; none: the end. */
function readPiece(c: NativeContext, fd: number, buffer: Uint8Array): Uint8Array {
  for (;;) {
    try {
      return buffer.subarray(0, c.host.files.read(fd, buffer, null));
    } catch (error) {
      if (!(error instanceof HostError) || error.code !== "EAGAIN") throw error;
      nap();
    }
  }
}

/** Runs system calls on a file; what they throw is raised with its name. */
function system<T>(c: NativeContext, sp: number, path: string, action: () => T): T {
  return c.outside(sp, () => {
    try {
      return action();
    } catch (error) {
      if (error instanceof HostError) throw c.failure("file", `${path}: ${REASONS[error.code] ?? error.message}`);
      throw error;
    }
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  EMFILE: "too many open files",
};

export function print(c: NativeContext, sp: number, fd: number, string: number): void {
  const bytes = c.bytes(string);
  c.outside(sp, () => writeAll(c.host.files, fd, bytes));
}

export function readFile(c: NativeContext, sp: number, path: number): number {
  const name = c.text(path);
  const bytes = system(c, sp, name, () => {
    const fd = c.host.files.open(name, O_RDONLY, 0);
    try {
      const pieces: Uint8Array[] = [];
      for (let bytes = 0; ; ) {
        const piece = readPiece(c, fd, new Uint8Array(PIECE_BYTES));
        if (piece.length === 0) return Buffer.concat(pieces);
        pieces.push(piece);
        bytes += piece.length;
        if (bytes > MAX_COPY_BYTES) throw c.failure("file", `${name}: the file is too large`);
      }
    } finally {
      c.host.files.close(fd);
    }
  });
  return c.newString(sp, bytes);
}

export function writeFile(c: NativeContext, sp: number, path: number, contents: number): void {
  const name = c.text(path);
  const bytes = c.bytes(contents);
  system(c, sp, name, () => {
    const fd = c.host.files.open(name, O_WRONLY_CREATE_TRUNCATE, MODE);
    try {
      writeAll(c.host.files, fd, bytes);
    } finally {
      c.host.files.close(fd);
    }
  });
}

export function exists(c: NativeContext, _sp: number, path: number): number {
  return c.host.files.mayAccess(c.text(path), 0) ? 1 : 0;
}

// ---- descriptors: a number is an index into a shared table of words, each a system descriptor + 1, or 0 ----------------------------

function entry(c: NativeContext, id: number): number {
  return c.word(WORD_FILES) + 4 * id;
}

function systemDescriptor(c: NativeContext, id: number): number {
  const found = id >= 0 && id < MAX_FILES ? c.mem.atomicLoad(entry(c, id)) : 0;
  if (found === 0) throw c.failure("file", "the file is closed");
  return found - 1;
}

export function open(c: NativeContext, sp: number, path: number): number {
  const name = c.text(path);
  const fd = system(c, sp, name, () => c.host.files.open(name, O_RDONLY, 0));
  for (let id = 0; id < MAX_FILES; id++) if (c.mem.atomicCas(entry(c, id), 0, fd + 1) === 0) return id;
  c.host.files.close(fd);
  throw c.failure("file", `${name}: too many open files`);
}

export function read(c: NativeContext, sp: number, id: number, count: number): number {
  const fd = systemDescriptor(c, id);
  const buffer = new Uint8Array(Math.max(0, Math.min(count, PIECE_BYTES)));
  return c.newString(
    sp,
    c.outside(sp, () => readPiece(c, fd, buffer)),
  );
}

export function close(c: NativeContext, _sp: number, id: number): void {
  systemDescriptor(c, id);
  const fd = c.mem.atomicSwap(entry(c, id), 0) - 1;
  if (fd >= 0) c.host.files.close(fd);
}
