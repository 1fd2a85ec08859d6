/**
 * The host door: everything a guest wants of the world outside. Node's is in node.ts; a page would bring its own. All calls are synchronous
 * and may be made on any Worker.
 */

/** A call of the host failed as a system call does. */
export class HostError extends Error {
  override readonly name = "HostError";
  /** As "ENOENT". */
  readonly code: string;
  /** The system's error number, positive. */
  readonly errno: number;

  constructor(code: string, errno: number, message: string) {
    super(message);
    this.code = code;
    this.errno = errno;
  }
}

/** What stat says. Times in nanoseconds since 1970. */
export interface FileStatus {
  readonly mode: number;
  readonly ino: bigint;
  readonly dev: bigint;
  readonly rdev: bigint;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: bigint;
  readonly blksize: bigint;
  readonly blocks: bigint;
  readonly atime: bigint;
  readonly mtime: bigint;
  readonly ctime: bigint;
  readonly birthtime: bigint;
}

/** Sizes in blocks of so many bytes. */
export interface FileSystemSpace {
  readonly blockBytes: bigint;
  readonly total: bigint;
  readonly free: bigint;
  /** Free for those who are not the administrator. */
  readonly available: bigint;
}

/** Files by path and by descriptor; flags and modes are POSIX's. Every call may throw HostError. */
export interface HostFiles {
  open(path: string, flags: number, mode: number): number;
  close(fd: number): void;
  /** Reads into the buffer; gives the number of bytes, 0 at the end. `position` null: where the descriptor stands. */
  read(fd: number, buffer: Uint8Array, position: number | null): number;
  /** Writes all of the buffer, or as much as goes at once; gives the number of bytes. */
  write(fd: number, buffer: Uint8Array, position: number | null): number;
  status(path: string, followLinks: boolean): FileStatus;
  statusOf(fd: number): FileStatus;
  truncate(fd: number, bytes: number): void;
  /** Forces contents to the device. */
  synchronize(fd: number): void;
  list(path: string): string[];
  makeFolder(path: string, mode: number): void;
  removeFolder(path: string): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
  link(existing: string, path: string): void;
  symbolicLink(target: string, path: string): void;
  readLink(path: string): string;
  realPath(path: string): string;
  /** Whether the process may: 4 read, 2 write, 1 execute, 0 it exists. */
  mayAccess(path: string, mode: number): boolean;
  /** The same, throwing what is against it. */
  access(path: string, mode: number): void;
  changeMode(path: string, mode: number): void;
  changeModeOf(fd: number, mode: number): void;
  changeOwner(path: string, uid: number, gid: number): void;
  changeOwnerOf(fd: number, uid: number, gid: number): void;
  /** Of a symbolic link itself. */
  changeLinkOwner(path: string, uid: number, gid: number): void;
  /** Nanoseconds since 1970. */
  setTimes(path: string, access: bigint, modification: bigint, followLinks: boolean): void;
  setTimesOf(fd: number, access: bigint, modification: bigint): void;
  /** What statfs says of the file system that holds the path. */
  space(path: string): FileSystemSpace;
  isTerminal(fd: number): boolean;
}

export interface HostClock {
  /** Nanoseconds of a clock that never goes back; the same on every Worker. */
  monotonic(): bigint;
  /** Nanoseconds since 1970. */
  wall(): bigint;
}

export interface HostSystem {
  /** As "Linux", "5.10.0", "amd64". */
  readonly name: string;
  readonly release: string;
  readonly architecture: string;
  readonly processors: number;
  readonly processId: number;
  readonly workingFolder: string;
  readonly temporaryFolder: string;
  readonly user: { readonly name: string; readonly home: string; readonly uid: number; readonly gid: number };
  readonly environment: Readonly<Record<string, string>>;
  /** IANA name of the time zone. */
  readonly timeZone: string;
  /** BCP 47 tag of the user's language. */
  readonly language: string;
  random(buffer: Uint8Array): void;
}

export interface Host {
  readonly files: HostFiles;
  readonly clock: HostClock;
  readonly system: HostSystem;
}
