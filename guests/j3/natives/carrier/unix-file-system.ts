/** java.io.UnixFileSystem: questions about files by path, and java.io.Console. */
import { type FileStatus, HostError } from "#host";
import type { CarrierContext } from "../../carrier/context.ts";
import { EEXIST } from "../../carrier/errors.ts";
import { O_CREAT, O_EXCL, O_RDWR, S_IFDIR, S_IFMT, S_IFREG } from "../../carrier/file-table.ts";
import { ioFailure } from "../../carrier/streams.ts";
import { ARRAY_DATA } from "../../model/record.ts";
import * as words from "../../runtime/words.ts";
import type { CarrierNatives } from "../types.ts";

/** java.io.FileSystem.BA_*. */
const EXISTS = 1;
const REGULAR = 2;
const FOLDER = 4;

/** What it gives when the system call fails. */
function or<T>(otherwise: T, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof HostError) return otherwise;
    throw error;
  }
}

/** Whether the call worked. */
function works(action: () => void): boolean {
  return or(false, () => {
    action();
    return true;
  });
}

/** The path in a java.io.File. */
function pathOf(c: CarrierContext, file: number): string {
  if (file === 0) throw c.failure("java/lang/NullPointerException", null);
  return c.text(c.mem.word(file + c.word(words.WORD_FILE_PATH))) as string;
}

function status(c: CarrierContext, path: string): FileStatus | null {
  return or(null, () => c.host.files.status(path, true));
}

/** Drops empty and "." names, and names before "..". The path is absolute. */
function collapse(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name === "..") names.pop();
    else names.push(name);
  }
  return `/${names.join("/")}`;
}

/** The real path of the longest beginning that exists, and the rest after it. */
function canonicalize(c: CarrierContext, path: string): string {
  const real = (text: string) => or(null, () => c.host.files.realPath(text));
  const whole = real(path);
  if (whole !== null) return whole;
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    const known = real(path.slice(0, end));
    if (known !== null) return collapse(known + path.slice(end));
  }
  return collapse(path);
}

function setPermission(c: CarrierContext, path: string, access: number, enable: boolean, owner: boolean): boolean {
  // access is a sum of 4 read, 2 write, 1 execute, as in one digit of a mode.
  const bits = (access << 6) | (owner ? 0 : (access << 3) | access);
  return works(() => {
    const mode = c.host.files.status(path, true).mode & 0o7777;
    c.host.files.changeMode(path, enable ? mode | bits : mode & ~bits);
  });
}

function space(c: CarrierContext, path: string, what: number): bigint {
  return or(0n, () => {
    const { blockBytes, total, free, available } = c.host.files.space(path);
    return blockBytes * ([total, free, available][what] ?? 0n);
  });
}

/** A new String[]. */
function newStrings(c: CarrierContext, sp: number, texts: readonly string[]): number {
  const mark = c.handles.mark();
  const array = c.handles.push(c.newArray(sp, words.WORD_STRING_ARRAY_CLASS, texts.length, 4));
  texts.forEach((text, index) => {
    const string = c.newString(sp, text);
    c.mem.setRef(c.handles.get(array) + ARRAY_DATA + 4 * index, string);
  });
  const result = c.handles.get(array);
  c.handles.release(mark);
  return result;
}

const FS = "java/io/UnixFileSystem.";

export const unixFileSystemNatives: CarrierNatives = {
  direct: {
    [`${FS}canonicalize0(Ljava/lang/String;)Ljava/lang/String;`]: (c, sp, _fs: number, path: number) =>
      c.newString(sp, canonicalize(c, c.text(path) as string)),
    [`${FS}getBooleanAttributes0(Ljava/io/File;)I`]: (c, _sp, _fs: number, file: number) => {
      const found = status(c, pathOf(c, file));
      if (found === null) return 0;
      const type = found.mode & S_IFMT;
      return EXISTS | (type === S_IFREG ? REGULAR : 0) | (type === S_IFDIR ? FOLDER : 0);
    },
    [`${FS}checkAccess(Ljava/io/File;I)Z`]: (c, _sp, _fs: number, file: number, access: number) =>
      c.host.files.mayAccess(pathOf(c, file), access),
    [`${FS}getLastModifiedTime(Ljava/io/File;)J`]: (c, _sp, _fs: number, file: number) =>
      (status(c, pathOf(c, file))?.mtime ?? 0n) / 1_000_000n,
    [`${FS}getLength(Ljava/io/File;)J`]: (c, _sp, _fs: number, file: number) => status(c, pathOf(c, file))?.size ?? 0n,
    [`${FS}setPermission(Ljava/io/File;IZZ)Z`]: (
      c,
      _sp,
      _fs: number,
      file: number,
      access: number,
      enable: number,
      owner: number,
    ) => setPermission(c, pathOf(c, file), access, enable !== 0, owner !== 0),
    [`${FS}createFileExclusively(Ljava/lang/String;)Z`]: (c, _sp, _fs: number, path: number) => {
      const text = c.text(path) as string;
      if (text === "/") return false;
      try {
        c.host.files.close(c.host.files.open(text, O_RDWR | O_CREAT | O_EXCL, 0o666));
        return true;
      } catch (error) {
        if (error instanceof HostError && error.errno === EEXIST) return false;
        throw ioFailure(c, error);
      }
    },
    [`${FS}delete0(Ljava/io/File;)Z`]: (c, _sp, _fs: number, file: number) => {
      const path = pathOf(c, file);
      return works(() => {
        const isFolder = (c.host.files.status(path, false).mode & S_IFMT) === S_IFDIR;
        if (isFolder) c.host.files.removeFolder(path);
        else c.host.files.remove(path);
      });
    },
    [`${FS}list(Ljava/io/File;)[Ljava/lang/String;`]: (c, sp, _fs: number, file: number) => {
      const path = pathOf(c, file);
      const names = or(null, () => c.host.files.list(path));
      return names === null ? 0 : newStrings(c, sp, names);
    },
    [`${FS}createDirectory(Ljava/io/File;)Z`]: (c, _sp, _fs: number, file: number) => {
      const path = pathOf(c, file);
      return works(() => c.host.files.makeFolder(path, 0o777));
    },
    [`${FS}rename0(Ljava/io/File;Ljava/io/File;)Z`]: (c, _sp, _fs: number, from: number, to: number) => {
      const [source, target] = [pathOf(c, from), pathOf(c, to)];
      return works(() => c.host.files.rename(source, target));
    },
    [`${FS}setLastModifiedTime(Ljava/io/File;J)Z`]: (c, _sp, _fs: number, file: number, time: bigint) => {
      const path = pathOf(c, file);
      return works(() => {
        const access = c.host.files.status(path, true).atime;
        c.host.files.setTimes(path, access, time * 1_000_000n, true);
      });
    },
    [`${FS}setReadOnly(Ljava/io/File;)Z`]: (c, _sp, _fs: number, file: number) =>
      setPermission(c, pathOf(c, file), 2, false, false),
    [`${FS}getSpace(Ljava/io/File;I)J`]: (c, _sp, _fs: number, file: number, what: number) =>
      space(c, pathOf(c, file), what),
    // NAME_MAX of limits.h, which HotSpot takes too where the system does not say.
    [`${FS}getNameMax0(Ljava/lang/String;)J`]: () => 255n,

    "java/io/Console.encoding()Ljava/lang/String;": () => 0,
    // One bit for each standard stream that is a terminal.
    "java/io/Console.ttyStatus()I": (c) =>
      [0, 1, 2].reduce((status, fd) => (c.host.files.isTerminal(fd) ? status | (1 << fd) : status), 0),
  },
  blocking: {},
};
