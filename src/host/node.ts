/** The host door on Node. */
import { spawnSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import { isatty } from "node:tty";
import { type FileStatus, type Host, HostError, type HostFiles, type HostSystem } from "./host.ts";

/** Node's machine names to those the rest of the world uses. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "aarch64", ia32: "x86" };

/** Runs a system call; its failure becomes a HostError. */
function call<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code, errno, message } = error as NodeJS.ErrnoException;
    if (code === undefined || errno === undefined) throw error;
    throw new HostError(code, Math.abs(errno), message);
  }
}

function statusFrom(stats: fs.BigIntStats): FileStatus {
  return {
    mode: Number(stats.mode),
    ino: stats.ino,
    dev: stats.dev,
    rdev: stats.rdev,
    nlink: Number(stats.nlink),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: stats.size,
    blksize: stats.blksize,
    blocks: stats.blocks,
    atime: stats.atimeNs,
    mtime: stats.mtimeNs,
    ctime: stats.ctimeNs,
    birthtime: stats.birthtimeNs,
  };
}

const BIG = { bigint: true } as const;
const BILLION = 1_000_000_000n;

/**
 * Node takes times as seconds in a double, which is some hundred nanoseconds off in our days; what did not come out right is set again
 * by touch(1).
 */
function setTimes(path: string, access: bigint, modification: bigint, followLinks: boolean): void {
  const [a, m] = [Number(access) / 1e9, Number(modification) / 1e9];
  if (followLinks) fs.utimesSync(path, a, m);
  else fs.lutimesSync(path, a, m);
  const now = followLinks ? fs.statSync(path, BIG) : fs.lstatSync(path, BIG);
  const again = (option: string, time: bigint): void => {
    const size = time < 0n ? -time : time;
    const stamp = `@${time < 0n ? "-" : ""}${size / BILLION}.${String(size % BILLION).padStart(9, "0")}`;
    const links = followLinks ? [] : ["-h"];
    spawnSync("touch", ["-c", ...links, option, "-d", stamp, "--", path], { stdio: "ignore" });
  };
  if (now.atimeNs !== access) again("-a", access);
  if (now.mtimeNs !== modification) again("-m", modification);
}

const files: HostFiles = {
  open: (path, flags, mode) => call(() => fs.openSync(path, flags, mode)),
  close: (fd) => call(() => fs.closeSync(fd)),
  read: (fd, buffer, position) => call(() => fs.readSync(fd, buffer, 0, buffer.length, position)),
  write: (fd, buffer, position) => call(() => fs.writeSync(fd, buffer, 0, buffer.length, position)),
  status: (path, followLinks) => call(() => statusFrom(followLinks ? fs.statSync(path, BIG) : fs.lstatSync(path, BIG))),
  statusOf: (fd) => call(() => statusFrom(fs.fstatSync(fd, BIG))),
  truncate: (fd, bytes) => call(() => fs.ftruncateSync(fd, bytes)),
  synchronize: (fd) => call(() => fs.fsyncSync(fd)),
  list: (path) => call(() => fs.readdirSync(path)),
  makeFolder: (path, mode) => call(() => void fs.mkdirSync(path, { mode })),
  removeFolder: (path) => call(() => fs.rmdirSync(path)),
  remove: (path) => call(() => fs.unlinkSync(path)),
  rename: (from, to) => call(() => fs.renameSync(from, to)),
  link: (existing, path) => call(() => fs.linkSync(existing, path)),
  symbolicLink: (target, path) => call(() => fs.symlinkSync(target, path)),
  readLink: (path) => call(() => fs.readlinkSync(path)),
  realPath: (path) => call(() => fs.realpathSync.native(path)),
  mayAccess: (path, mode) => {
    try {
      fs.accessSync(path, mode);
      return true;
    } catch {
      return false;
    }
  },
  access: (path, mode) => call(() => fs.accessSync(path, mode)),
  changeMode: (path, mode) => call(() => fs.chmodSync(path, mode)),
  changeModeOf: (fd, mode) => call(() => fs.fchmodSync(fd, mode)),
  changeOwner: (path, uid, gid) => call(() => fs.chownSync(path, uid, gid)),
  changeOwnerOf: (fd, uid, gid) => call(() => fs.fchownSync(fd, uid, gid)),
  changeLinkOwner: (path, uid, gid) => call(() => fs.lchownSync(path, uid, gid)),
  setTimes: (path, access, modification, followLinks) => call(() => setTimes(path, access, modification, followLinks)),
  setTimesOf: (fd, access, modification) =>
    call(() => setTimes(fs.readlinkSync(`/proc/self/fd/${fd}`), access, modification, true)),
  space: (path) =>
    call(() => {
      const { bsize, blocks, bfree, bavail } = fs.statfsSync(path, BIG);
      return { blockBytes: bsize, total: blocks, free: bfree, available: bavail };
    }),
  isTerminal: (fd) => isatty(fd),
};

function system(): HostSystem {
  const user = os.userInfo();
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) environment[name] = value;
  const format = Intl.DateTimeFormat().resolvedOptions();
  return {
    name: os.type(),
    release: os.release(),
    architecture: ARCHITECTURES[process.arch] ?? process.arch,
    processors: os.availableParallelism(),
    processId: process.pid,
    workingFolder: process.cwd(),
    temporaryFolder: os.tmpdir(),
    user: { name: user.username, home: user.homedir, uid: user.uid, gid: user.gid },
    environment,
    timeZone: format.timeZone,
    language: format.locale,
    random: (buffer) => void randomFillSync(buffer),
  };
}

/** The host of this process. */
export function nodeHost(): Host {
  return {
    files,
    clock: {
      monotonic: () => process.hrtime.bigint(),
      // performance.timeOrigin is of this Worker; their sum is not.
      wall: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)),
    },
    system: system(),
  };
}
