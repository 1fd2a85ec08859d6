/** What the heap holds, for people: the class histogram, and dumps into files, asked for or when memory runs out. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { histogram } from "#heap";
import { externalName, type LinkedClass } from "../link/index.ts";
import { writeHeapDump } from "./heap-dump/dump.ts";
import type { J3 } from "./j3.ts";

/** Words for the errors of systems, as strerror gives them. */
const REASONS: Readonly<Record<string, string>> = {
  EEXIST: "File exists",
  ENOENT: "No such file or directory",
  EACCES: "Permission denied",
  EISDIR: "Is a directory",
  ENOTDIR: "Not a directory",
  ENOSPC: "No space left on device",
  EROFS: "Read-only file system",
};

/** Why a file could not be written, in the system's words. Throws what is no system's error. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) throw error;
  return REASONS[String(error.code)] ?? String(error.code);
}

/** Does it while the world is stopped and the heap holds nothing but what lives. */
function withLiveHeap<T>(j: J3, purpose: string, work: () => T): T {
  const { mutator } = j.vm;
  while (!mutator.stopWorld(purpose)) {
    // Somebody else has collected meanwhile.
  }
  try {
    j.heap.collect(true, false);
    return work();
  } finally {
    mutator.resumeWorld();
    j.waiters.afterCollection();
  }
}

/** Writes a dump of what lives into a file that is not there yet; gives its bytes. Throws the system's error. */
export function dumpHeap(j: J3, path: string): number {
  return withLiveHeap(j, "HeapDumper", () => writeHeapDump(j, path));
}

function className(j: J3, cls: LinkedClass): string {
  const module = j.modules.nameAndVersion(cls);
  return `${externalName(cls.name)}${module === null ? "" : ` (${module})`}`;
}

/** Live objects by class, the largest share first, with the columns of `jmap -histo`. */
export function histogramText(j: J3): string {
  const lines = withLiveHeap(j, "GC_HeapInspection", () => histogram(j.heap));
  const rows = lines.map(({ type, count, bytes }, i) => {
    const name = className(j, j.world.classAt(type));
    return `${String(i + 1).padStart(4)}: ${String(count).padStart(13)}  ${String(bytes).padStart(13)}  ${name}\n`;
  });
  const sum = (key: "count" | "bytes"): string => String(lines.reduce((all, line) => all + line[key], 0)).padStart(13);
  return (
    " num     #instances         #bytes  class name (module)\n" +
    "-------------------------------------------------------\n" +
    `${rows.join("")}Total ${sum("count")}  ${sum("bytes")}\n`
  );
}

/** A file for the dump of this process: the path given, or in that folder, or here. */
function dumpPath(path: string): string {
  const name = `java_pid${process.pid}.hprof`;
  if (path === "") return name;
  return existsSync(path) && statSync(path).isDirectory() ? join(path, name) : path;
}

/** Exit codes under -XX:+ExitOnOutOfMemoryError, and under CrashOnOutOfMemoryError: as if SIGABRT had ended the process. */
const EXIT_OUT_OF_MEMORY = 3;
const EXIT_ABORTED = 134;

/** -XX:OnOutOfMemoryError: commands between semicolons, in which %p is the process. */
function runCommands(error: string, commands: string): void {
  writeSync(1, `#\n# ${error}\n# -XX:OnOutOfMemoryError="${commands}"\n`);
  for (const each of commands.split(";")) {
    const command = each.trimStart().replaceAll("%p", String(process.pid)).replaceAll("%%", "%");
    if (command === "") continue;
    writeSync(1, `#   Executing /bin/sh -c "${command}"...\n`);
    spawnSync("/bin/sh", ["-c", command], { stdio: [0, 1, 2] });
  }
}

/** What the flags want done at the first OutOfMemoryError of the VM's own making. */
export class OutOfMemory {
  readonly #j: J3;
  #first = true;

  constructor(j: J3) {
    this.#j = j;
  }

  /** The code that the VM is to end with; undefined: it goes on. */
  report(message: string): number | undefined {
    const { flags } = this.#j;
    const error = `java.lang.OutOfMemoryError: ${message}`;
    if (this.#first) {
      this.#first = false;
      if (flags.isOn("HeapDumpOnOutOfMemoryError")) {
        writeSync(1, `${error}\n`);
        this.#dump(dumpPath(flags.text("HeapDumpPath")));
      }
      const commands = flags.text("OnOutOfMemoryError");
      if (commands !== "") runCommands(error, commands);
    }
    if (flags.isOn("CrashOnOutOfMemoryError")) {
      writeSync(1, `Aborting due to ${error}\n#\n#  fatal error: OutOfMemory encountered: ${message}\n#\n`);
      return EXIT_ABORTED;
    }
    if (!flags.isOn("ExitOnOutOfMemoryError")) return undefined;
    writeSync(1, `Terminating due to ${error}\n`);
    return EXIT_OUT_OF_MEMORY;
  }

  #dump(path: string): void {
    writeSync(1, `Dumping heap to ${path} ...\n`);
    const start = performance.now();
    try {
      const bytes = dumpHeap(this.#j, path);
      const seconds = ((performance.now() - start) / 1000).toFixed(3);
      writeSync(1, `Heap dump file created [${bytes} bytes in ${seconds} secs]\n`);
    } catch (error) {
      writeSync(1, `Unable to create ${path}: ${systemReason(error)}\n`);
    }
  }
}
