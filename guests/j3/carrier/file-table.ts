/**
 * Where file descriptors stand. Node cannot move a descriptor's position, so J3 keeps the positions of the regular files it opens itself
 * and reads and writes at given places; every carrier uses the same table, which hangs on WORD_FILE_TABLE.
 *
 *   descriptor n: table + ENTRY_BYTES * n   [0] lock   [4] kind   [8] position (i64); of a stream: 1 + its patient descriptor, or 0
 *
 * A lock is held during one system call on a regular file. Its holder never waits for a collection.
 */
import { HostError } from "#host";
import * as words from "../runtime/words.ts";
import type { CarrierContext } from "./context.ts";
import { EAGAIN, EBADF, EMFILE, ESPIPE, errorText } from "./errors.ts";

const ENTRY_BYTES = 16;
const MAX_FILES = 8192;
const LOCK = 0;
const KIND = 4;
const POSITION = 8;

/** Nobody has looked yet: a descriptor that was there before J3. */
const KIND_UNKNOWN = 0;
const KIND_POSITION = 1;
/** The same, but every write goes to the end. */
const KIND_APPEND = 2;
/** No regular file: there may be something to wait for. */
const KIND_STREAM = 3;
/** A regular file that was open before J3: the system keeps its position, others may use it too. */
const KIND_INHERITED = 4;

export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;
export const O_SYNC = 0o4010000;
export const O_DSYNC = 0o10000;
const O_ACCMODE = 3;

export const S_IFMT = 0o170000;
export const S_IFREG = 0o100000;
export const S_IFDIR = 0o040000;
export const S_IFLNK = 0o120000;

function table(c: CarrierContext): number {
  const found = c.word(words.WORD_FILE_TABLE);
  if (found !== 0) return found;
  const address = c.carrier.heap.malloc(MAX_FILES * ENTRY_BYTES);
  if (c.compareSharedWord(words.WORD_FILE_TABLE, 0, address) === 0) return address;
  c.carrier.heap.free(address);
  return c.word(words.WORD_FILE_TABLE);
}

function entry(c: CarrierContext, fd: number): number {
  return table(c) + ENTRY_BYTES * fd;
}

/** Runs a few system calls with the descriptor's position for itself. */
function locked<T>(c: CarrierContext, at: number, action: () => T): T {
  while (c.mem.atomicCas(at + LOCK, 0, 1) !== 0) c.mem.wait(at + LOCK, 1, 0.1);
  try {
    return action();
  } finally {
    c.mem.atomicStore(at + LOCK, 0);
    c.mem.notify(at + LOCK, 1);
  }
}

/** The descriptor's kind; looks when nobody has. Throws HostError. */
function kind(c: CarrierContext, fd: number): number {
  if (fd < 0 || fd >= MAX_FILES) throw new HostError("EBADF", EBADF, errorText(EBADF));
  const at = entry(c, fd) + KIND;
  const known = c.mem.atomicLoad(at);
  if (known !== KIND_UNKNOWN) return known;
  const found = (c.host.files.statusOf(fd).mode & S_IFMT) === S_IFREG ? KIND_INHERITED : KIND_STREAM;
  c.mem.atomicStore(at, found);
  return found;
}

/** Whether J3 itself keeps the position. */
function isPositioned(how: number): boolean {
  return how === KIND_POSITION || how === KIND_APPEND;
}

function getPosition(c: CarrierContext, at: number): number {
  return Number(c.mem.i64[(at + POSITION) >>> 3]);
}

function setPosition(c: CarrierContext, at: number, position: number): void {
  c.mem.i64[(at + POSITION) >>> 3] = BigInt(position);
}

/** Opens a file. Throws HostError. */
export function openFile(c: CarrierContext, path: string, flags: number, mode: number): number {
  const { files } = c.host;
  const fd = files.open(path, flags, mode);
  if (fd >= MAX_FILES) {
    files.close(fd);
    throw new HostError("EMFILE", EMFILE, errorText(EMFILE));
  }
  const regular = (files.statusOf(fd).mode & S_IFMT) === S_IFREG;
  const at = entry(c, fd);
  c.mem.atomicStore(at + KIND, !regular ? KIND_STREAM : (flags & O_APPEND) !== 0 ? KIND_APPEND : KIND_POSITION);
  setPosition(c, at, 0);
  return fd;
}

/** Closes a descriptor. Throws HostError. */
export function closeFile(c: CarrierContext, fd: number): void {
  if (fd >= 0 && fd < MAX_FILES) {
    const at = entry(c, fd);
    const patient = c.mem.atomicLoad(at + KIND) === KIND_STREAM ? getPosition(c, at) - 1 : -1;
    c.mem.atomicStore(at + KIND, KIND_UNKNOWN);
    setPosition(c, at, 0);
    if (patient >= 0 && patient !== fd) c.host.files.close(patient);
  }
  c.host.files.close(fd);
}

/**
 * Another descriptor of a stream for reading, which says EAGAIN instead of waiting, so that the carrier's other threads can run; the same
 * one where there is none (a socket). The stream's own descriptor stays as it is: it may be shared with other processes.
 */
export function patientDescriptor(c: CarrierContext, fd: number): number {
  if (kind(c, fd) !== KIND_STREAM) return fd;
  const at = entry(c, fd);
  return locked(c, at, () => {
    if (getPosition(c, at) === 0) {
      let patient = fd;
      try {
        patient = c.host.files.open(`/proc/self/fd/${fd}`, O_NONBLOCK, 0);
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
      }
      setPosition(c, at, patient + 1);
    }
    return getPosition(c, at) - 1;
  });
}

/** Whether reads and writes never have to wait for somebody. */
export function isRegular(c: CarrierContext, fd: number): boolean {
  return kind(c, fd) !== KIND_STREAM;
}

/** Reads a regular file where its descriptor stands. */
export function readFile(c: CarrierContext, fd: number, buffer: Uint8Array): number {
  if (!isPositioned(kind(c, fd))) return c.host.files.read(fd, buffer, null);
  const at = entry(c, fd);
  return locked(c, at, () => {
    const position = getPosition(c, at);
    const count = c.host.files.read(fd, buffer, position);
    setPosition(c, at, position + count);
    return count;
  });
}

/** Writes a regular file where its descriptor stands; gives how many bytes went. */
export function writeFile(c: CarrierContext, fd: number, buffer: Uint8Array): number {
  const { files } = c.host;
  const how = kind(c, fd);
  if (!isPositioned(how)) return files.write(fd, buffer, null);
  const at = entry(c, fd);
  return locked(c, at, () => {
    if (how === KIND_APPEND) {
      const count = files.write(fd, buffer, null);
      setPosition(c, at, Number(files.statusOf(fd).size));
      return count;
    }
    const position = getPosition(c, at);
    const count = files.write(fd, buffer, position);
    setPosition(c, at, position + count);
    return count;
  });
}

/** Where the descriptor stands. Throws ESPIPE for what has no positions. */
export function tell(c: CarrierContext, fd: number): number {
  const how = kind(c, fd);
  if (isPositioned(how)) return getPosition(c, entry(c, fd));
  if (how === KIND_STREAM) throw new HostError("ESPIPE", ESPIPE, errorText(ESPIPE));
  return descriptorInfo(c, fd).position;
}

/** Moves the descriptor. Only files J3 opened itself can be moved. */
export function seek(c: CarrierContext, fd: number, position: number): void {
  const at = entry(c, fd);
  if (isPositioned(kind(c, fd))) {
    locked(c, at, () => setPosition(c, at, position));
    return;
  }
  // A descriptor we were given: from now on its position is ours alone.
  tell(c, fd);
  const append = (descriptorInfo(c, fd).flags & O_APPEND) !== 0;
  locked(c, at, () => {
    setPosition(c, at, position);
    c.mem.atomicStore(at + KIND, append ? KIND_APPEND : KIND_POSITION);
  });
}

/** What the system says of a descriptor: flags of open, and the position. */
export function descriptorInfo(c: CarrierContext, fd: number): { flags: number; position: number } {
  const { files } = c.host;
  const info = files.open(`/proc/self/fdinfo/${fd}`, 0, 0);
  try {
    const buffer = new Uint8Array(1024);
    const text = new TextDecoder().decode(buffer.subarray(0, files.read(info, buffer, null)));
    const number = (name: string, radix: number) =>
      Number.parseInt(new RegExp(`${name}:\\s*(\\d+)`).exec(text)?.[1] ?? "0", radix);
    return { flags: number("flags", 8), position: number("pos", 10) };
  } finally {
    files.close(info);
  }
}

/** Whether the descriptor was opened for reading and writing or only one of the two. */
export function accessMode(flags: number): number {
  return flags & O_ACCMODE;
}

const FIRST_NAP = 0.5;
const LONGEST_NAP = 8;

/**
 * Does what may have to wait (reading a pipe or a terminal): tries, and lets other threads run while the system says EAGAIN.
 * No raw reference may be held across this.
 */
export function patiently<T>(c: CarrierContext, sp: number, attempt: () => T, nap = FIRST_NAP): T | Promise<T> {
  for (let wait = nap; ; wait = Math.min(2 * wait, LONGEST_NAP)) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof HostError) || error.errno !== EAGAIN) throw error;
    }
    const parked = c.carrier.scheduler.park(sp, wait);
    if (typeof parked !== "number")
      return parked.then(() => patiently(c, sp, attempt, Math.min(2 * wait, LONGEST_NAP)));
  }
}

/** Runs a system call that may block, in a state in which the others may collect. No raw reference may be held. */
export function aside<T>(c: CarrierContext, sp: number, action: () => T): T {
  c.carrier.anchor(sp);
  c.carrier.mutator.enterSafe();
  try {
    return action();
  } finally {
    c.carrier.mutator.leaveSafe();
  }
}
