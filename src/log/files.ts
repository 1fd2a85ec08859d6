/** The files that are logged to, opened once by the host; Workers of one process share descriptors. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";

/** Words of the systems' error codes, as strerror gives them. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "No such file or directory",
  EACCES: "Permission denied",
  EISDIR: "Is a directory",
  ENOTDIR: "Not a directory",
  EROFS: "Read-only file system",
};

const two = (n: number): string => String(n).padStart(2, "0");

/** %p and %t in a name. */
export function expandedName(name: string, started: Date): string {
  const date = `${started.getFullYear()}-${two(started.getMonth() + 1)}-${two(started.getDate())}`;
  const time = `${two(started.getHours())}-${two(started.getMinutes())}-${two(started.getSeconds())}`;
  return name.replace(/%p/, String(process.pid)).replace(/%t/, `${date}_${time}`);
}

/** The name under which the next full file is put aside: the first number that is free, or the oldest file's. */
function asideName(path: string, fileCount: number): string {
  const digits = String(fileCount - 1).length;
  const names = Array.from({ length: fileCount }, (_, i) => `${path}.${String(i).padStart(digits, "0")}`);
  const free = names.find((name) => !existsSync(name));
  if (free !== undefined) return free;
  const time = (name: string): number => statSync(name).mtimeMs;
  return names.reduce((oldest, name) => (time(name) < time(oldest) ? name : oldest));
}

/** A descriptor for appending; a file of that name that is there is put aside if old ones are kept. A text: why it cannot be opened. */
export function openLogFile(path: string, fileCount: number): number | string {
  try {
    if (existsSync(path) && statSync(path).isFile()) {
      if (fileCount > 0) renameSync(path, asideName(path, fileCount));
      else closeSync(openSync(path, "w"));
    }
    return openSync(path, "a");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return `Error opening log file '${path}': ${REASONS[code] ?? code}`;
  }
}

/** Begins anew when the file is full. All Workers have the same descriptor, so the contents go, not the file. The caller has the lock. */
export function putAside(fd: number, path: string, fileCount: number, fileBytes: number): void {
  if (fileCount === 0 || fileBytes === 0 || fstatSync(fd).size < fileBytes) return;
  copyFileSync(path, asideName(path, fileCount));
  ftruncateSync(fd, 0);
}

/** Writes all of the text, also to a pipe that takes no more for a while. A reader that is gone is none of the program's business. */
export function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EPIPE" || code === "ENOSPC" || code === "EIO") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
