/** sun.nio.fs: system calls by path for java.nio.file. Paths come as addresses of bytes that end with 0; failures are UnixExceptions. */
import { type FileStatus, HostError } from "#host";
import type { CarrierContext } from "../../carrier/context.ts";
import { ECANCELED, ENOENT, errorText } from "../../carrier/errors.ts";
import { closeFile, isRegular, openFile, readFile, writeFile } from "../../carrier/file-table.ts";
import { ARRAY_DATA } from "../../model/record.ts";
import * as words from "../../runtime/words.ts";
import type { CarrierNative, CarrierNatives } from "../types.ts";
import { memoryAt } from "./nio-channels.ts";
import { nioField, setNumbers } from "./nio-fields.ts";

const BILLION = 1_000_000_000n;

function unixException(c: CarrierContext, errno: number): Error {
  return c.failureOf("sun/nio/fs/UnixException", "(I)V", [errno]);
}

/** Runs a system call; its failure is a UnixException. */
function unix<T>(c: CarrierContext, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof HostError) throw unixException(c, error.errno);
    throw error;
  }
}

function at(address: bigint): number {
  return Number(BigInt.asUintN(32, address));
}

/** The text at an address, up to its 0. */
function pathAt(c: CarrierContext, address: bigint): string {
  const start = at(address);
  let end = start;
  while (c.mem.u8[end] !== 0) end++;
  return new TextDecoder().decode(c.mem.copyOut(start, end - start));
}

/** A new byte[] with the UTF-8 of a text. */
function newBytes(c: CarrierContext, sp: number, text: string): number {
  const bytes = new TextEncoder().encode(text);
  const array = c.newArray(sp, words.WORD_BYTE_ARRAY_CLASS, bytes.length, 1);
  c.mem.copyIn(array + ARRAY_DATA, bytes);
  return array;
}

function setStatus(c: CarrierContext, attributes: number, status: FileStatus): void {
  const seconds = (time: bigint) => time / BILLION - (time % BILLION < 0n ? 1n : 0n);
  const rest = (time: bigint) => ((time % BILLION) + BILLION) % BILLION;
  setNumbers(c, attributes, "sun/nio/fs/UnixFileAttributes", {
    st_mode: status.mode,
    st_ino: status.ino,
    st_dev: status.dev,
    st_rdev: status.rdev,
    st_nlink: status.nlink,
    st_uid: status.uid,
    st_gid: status.gid,
    st_size: status.size,
    st_atime_sec: seconds(status.atime),
    st_atime_nsec: rest(status.atime),
    st_mtime_sec: seconds(status.mtime),
    st_mtime_nsec: rest(status.mtime),
    st_ctime_sec: seconds(status.ctime),
    st_ctime_nsec: rest(status.ctime),
  });
}

/** A file's text, or an error number if it cannot be read. */
function readText(c: CarrierContext, path: string): string {
  const { files } = c.host;
  const fd = files.open(path, 0, 0);
  try {
    const parts: Uint8Array[] = [];
    for (;;) {
      const buffer = new Uint8Array(65536);
      const count = files.read(fd, buffer, null);
      if (count === 0) return new TextDecoder().decode(Buffer.concat(parts));
      parts.push(buffer.subarray(0, count));
    }
  } finally {
    files.close(fd);
  }
}

/** Lines of /etc/passwd or /etc/group, split at colons. */
function accounts(c: CarrierContext, path: string): string[][] {
  try {
    return readText(c, path)
      .split("\n")
      .map((line) => line.split(":"));
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

const nameOf =
  (path: string): CarrierNative =>
  (c, sp, id: number) => {
    const name = accounts(c, path).find((fields) => fields[2] === String(id >>> 0))?.[0];
    if (name === undefined) throw unixException(c, ENOENT);
    return newBytes(c, sp, name);
  };

const idOf =
  (path: string): CarrierNative =>
  (c, _sp, address: bigint) => {
    const name = pathAt(c, address);
    return Number(accounts(c, path).find((fields) => fields[0] === name)?.[2] ?? -1);
  };

// Lists in shared memory, for any carrier to go through: u32 next offset, u32 end, then UTF-8 with a separator after each entry.

const LIST_NEXT = 0;
const LIST_END = 4;
const LIST_DATA = 8;

function makeList(c: CarrierContext, text: string): bigint {
  const bytes = new TextEncoder().encode(text);
  const list = c.carrier.heap.malloc(LIST_DATA + bytes.length);
  c.mem.setWord(list + LIST_END, bytes.length);
  c.mem.copyIn(list + LIST_DATA, bytes);
  return BigInt(list);
}

/** The next entry of the list; null at its end. */
function nextEntry(c: CarrierContext, handle: bigint, separator: number): string | null {
  const list = at(handle);
  const from = c.mem.word(list + LIST_NEXT);
  const end = c.mem.word(list + LIST_END);
  if (from >= end) return null;
  let to = from;
  while (to < end && c.mem.u8[list + LIST_DATA + to] !== separator) to++;
  c.mem.setWord(list + LIST_NEXT, to + 1);
  return new TextDecoder().decode(c.mem.copyOut(list + LIST_DATA + from, to - from));
}

const NEWLINE = 10;
const closeList: CarrierNative = (c, _sp, handle: bigint) => c.carrier.heap.free(at(handle));

/** getmntent(3): the next line that is no comment, its fields at blanks, with octal escapes. */
function mountEntry(c: CarrierContext, sp: number, list: bigint, entry: number): number {
  for (;;) {
    const line = nextEntry(c, list, NEWLINE);
    if (line === null) return -1;
    const fields = line.trim().split(/[ \t]+/);
    if (fields[0] === "" || line.startsWith("#")) continue;
    const mark = c.handles.mark();
    const kept = c.handles.push(entry);
    ["name", "dir", "fstype", "opts"].forEach((name, index) => {
      const text = (fields[index] ?? "").replace(/\\([0-7]{3})/g, (_all, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      );
      const bytes = newBytes(c, sp, text);
      c.mem.setRef(c.handles.get(kept) + nioField(c, `sun/nio/fs/UnixMountEntry.${name}`), bytes);
    });
    c.handles.release(mark);
    return 0;
  }
}

/** Copies what is left of a file; the word at the address says when to give up, if there is one. */
function transfer(c: CarrierContext, to: number, from: number, cancel: bigint): void {
  const buffer = new Uint8Array(65536);
  unix(c, () => {
    for (;;) {
      const count = readFile(c, from, buffer);
      if (count === 0) return;
      if (cancel !== 0n && c.mem.word(at(cancel)) !== 0)
        throw new HostError("ECANCELED", ECANCELED, errorText(ECANCELED));
      for (let done = 0; done < count; ) done += writeFile(c, to, buffer.subarray(done, count));
    }
  });
}

const U = "sun/nio/fs/UnixNativeDispatcher.";
const L = "sun/nio/fs/LinuxNativeDispatcher.";
const ATTRIBUTES = "Lsun/nio/fs/UnixFileAttributes;";

export const nioFileNatives: CarrierNatives = {
  direct: {
    [`${U}getcwd()[B`]: (c, sp) => newBytes(c, sp, c.host.system.workingFolder),
    [`${U}strerror(I)[B`]: (c, sp, errno: number) => newBytes(c, sp, errorText(errno)),
    [`${U}open0(JII)I`]: (c, _sp, path: bigint, flags: number, mode: number) =>
      unix(c, () => openFile(c, pathAt(c, path), flags, mode)),
    [`${U}close0(I)V`]: (c, _sp, fd: number) => {
      try {
        closeFile(c, fd);
      } catch (error) {
        if (!(error instanceof HostError)) throw error; // as the C library's: nobody is told
      }
    },
    [`${U}read(IJI)I`]: (c, _sp, fd: number, address: bigint, length: number) =>
      unix(c, () => {
        const view = memoryAt(c, address, length);
        return isRegular(c, fd) ? readFile(c, fd, view) : c.host.files.read(fd, view, null);
      }),
    [`${U}write(IJI)I`]: (c, _sp, fd: number, address: bigint, length: number) =>
      unix(c, () => writeFile(c, fd, memoryAt(c, address, length))),
    [`${U}link0(JJ)V`]: (c, _sp, existing: bigint, path: bigint) =>
      unix(c, () => c.host.files.link(pathAt(c, existing), pathAt(c, path))),
    [`${U}symlink0(JJ)V`]: (c, _sp, target: bigint, path: bigint) =>
      unix(c, () => c.host.files.symbolicLink(pathAt(c, target), pathAt(c, path))),
    [`${U}unlink0(J)V`]: (c, _sp, path: bigint) => unix(c, () => c.host.files.remove(pathAt(c, path))),
    [`${U}rename0(JJ)V`]: (c, _sp, from: bigint, to: bigint) =>
      unix(c, () => c.host.files.rename(pathAt(c, from), pathAt(c, to))),
    [`${U}mkdir0(JI)V`]: (c, _sp, path: bigint, mode: number) =>
      unix(c, () => c.host.files.makeFolder(pathAt(c, path), mode)),
    [`${U}rmdir0(J)V`]: (c, _sp, path: bigint) => unix(c, () => c.host.files.removeFolder(pathAt(c, path))),
    [`${U}readlink0(J)[B`]: (c, sp, path: bigint) =>
      newBytes(
        c,
        sp,
        unix(c, () => c.host.files.readLink(pathAt(c, path))),
      ),
    [`${U}realpath0(J)[B`]: (c, sp, path: bigint) =>
      newBytes(
        c,
        sp,
        unix(c, () => c.host.files.realPath(pathAt(c, path))),
      ),
    [`${U}stat0(J${ATTRIBUTES})V`]: (c, _sp, path: bigint, attributes: number) =>
      unix(c, () => setStatus(c, attributes, c.host.files.status(pathAt(c, path), true))),
    [`${U}lstat0(J${ATTRIBUTES})V`]: (c, _sp, path: bigint, attributes: number) =>
      unix(c, () => setStatus(c, attributes, c.host.files.status(pathAt(c, path), false))),
    [`${U}fstat(I${ATTRIBUTES})V`]: (c, _sp, fd: number, attributes: number) =>
      unix(c, () => setStatus(c, attributes, c.host.files.statusOf(fd))),
    [`${U}stat1(J)I`]: (c, _sp, path: bigint) => {
      try {
        return c.host.files.status(pathAt(c, path), true).mode;
      } catch (error) {
        if (error instanceof HostError) return 0;
        throw error;
      }
    },
    [`${U}exists0(J)Z`]: (c, _sp, path: bigint) => c.host.files.mayAccess(pathAt(c, path), 0),
    [`${U}access0(JI)V`]: (c, _sp, path: bigint, mode: number) =>
      unix(c, () => c.host.files.access(pathAt(c, path), mode)),
    [`${U}chown0(JII)V`]: (c, _sp, path: bigint, uid: number, gid: number) =>
      unix(c, () => c.host.files.changeOwner(pathAt(c, path), uid, gid)),
    [`${U}lchown0(JII)V`]: (c, _sp, path: bigint, uid: number, gid: number) =>
      unix(c, () => c.host.files.changeLinkOwner(pathAt(c, path), uid, gid)),
    [`${U}fchown(III)V`]: (c, _sp, fd: number, uid: number, gid: number) =>
      unix(c, () => c.host.files.changeOwnerOf(fd, uid, gid)),
    [`${U}chmod0(JI)V`]: (c, _sp, path: bigint, mode: number) =>
      unix(c, () => c.host.files.changeMode(pathAt(c, path), mode)),
    [`${U}fchmod(II)V`]: (c, _sp, fd: number, mode: number) => unix(c, () => c.host.files.changeModeOf(fd, mode)),
    // Microseconds, and for futimens nanoseconds.
    [`${U}utimes0(JJJ)V`]: (c, _sp, path: bigint, access: bigint, modification: bigint) =>
      unix(c, () => c.host.files.setTimes(pathAt(c, path), access * 1000n, modification * 1000n, true)),
    [`${U}lutimes0(JJJ)V`]: (c, _sp, path: bigint, access: bigint, modification: bigint) =>
      unix(c, () => c.host.files.setTimes(pathAt(c, path), access * 1000n, modification * 1000n, false)),
    [`${U}futimes(IJJ)V`]: (c, _sp, fd: number, access: bigint, modification: bigint) =>
      unix(c, () => c.host.files.setTimesOf(fd, access * 1000n, modification * 1000n)),
    [`${U}futimens(IJJ)V`]: (c, _sp, fd: number, access: bigint, modification: bigint) =>
      unix(c, () => c.host.files.setTimesOf(fd, access, modification)),
    [`${U}statvfs0(JLsun/nio/fs/UnixFileStoreAttributes;)V`]: (c, _sp, path: bigint, attributes: number) =>
      unix(c, () => {
        const { blockBytes, total, free, available } = c.host.files.space(pathAt(c, path));
        setNumbers(c, attributes, "sun/nio/fs/UnixFileStoreAttributes", {
          f_frsize: blockBytes,
          f_blocks: total,
          f_bfree: free,
          f_bavail: available,
        });
      }),
    [`${U}opendir0(J)J`]: (c, _sp, path: bigint) => {
      const names = unix(c, () => c.host.files.list(pathAt(c, path)));
      return makeList(c, names.map((name) => `${name}\0`).join(""));
    },
    [`${U}readdir(J)[B`]: (c, sp, list: bigint) => {
      const name = nextEntry(c, list, 0);
      return name === null ? 0 : newBytes(c, sp, name);
    },
    [`${U}closedir(J)V`]: closeList,
    [`${U}getpwuid(I)[B`]: nameOf("/etc/passwd"),
    [`${U}getgrgid(I)[B`]: nameOf("/etc/group"),
    [`${U}getpwnam0(J)I`]: idOf("/etc/passwd"),
    [`${U}getgrnam0(J)I`]: idOf("/etc/group"),

    [`${L}setmntent0(JJ)J`]: (c, _sp, path: bigint) => unix(c, () => makeList(c, readText(c, pathAt(c, path)))),
    [`${L}getmntent0(JLsun/nio/fs/UnixMountEntry;JI)I`]: (c, sp, list: bigint, entry: number) =>
      mountEntry(c, sp, list, entry),
    [`${L}endmntent(J)V`]: closeList,
    [`${U}rewind(J)V`]: (c, _sp, list: bigint) => c.mem.setWord(at(list) + LIST_NEXT, 0),
    [`${U}getlinelen(J)I`]: (c, _sp, list: bigint) => {
      const line = nextEntry(c, list, NEWLINE);
      return line === null ? -1 : line.length;
    },

    "sun/nio/fs/UnixCopyFile.transfer(IIJ)V": (c, _sp, to: number, from: number, cancel: bigint) =>
      transfer(c, to, from, cancel),
  },
  blocking: {},
};
