/** java.lang.ProcessHandle: other processes, as /proc shows them. */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import * as os from "node:os";
import { throwing } from "../../link/index.ts";
import { ARRAY_DATA } from "../../model/record.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

/** sysconf(_SC_CLK_TCK): the kernel shows times to programs in hundredths of a second on every machine. */
const TICKS_PER_SECOND = 100;
const NANOSECONDS_PER_TICK = 1_000_000_000 / TICKS_PER_SECOND;
const POLL_MILLISECONDS = 100;
/** What waiting for a process gives that is not a child. */
const NOT_A_CHILD = -2;

interface ProcessFacts {
  readonly parent: number;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** Nanoseconds of processor time. */
  readonly spent: number;
}

/** Undefined for what cannot be read. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (failure) {
    if (failure instanceof Error && "code" in failure) return undefined;
    throw failure;
  }
}

function bootTime(): number {
  const seconds = /^btime (\d+)$/m.exec(attempt(() => readFileSync("/proc/stat", "latin1")) ?? "")?.[1];
  return Number(seconds ?? 0) * 1000;
}

function factsOf(pid: number): ProcessFacts | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  if (text === undefined) return undefined;
  // The second field is the command in parentheses, which may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    parent: field(4),
    started: bootTime() + Math.floor((field(22) * 1000) / TICKS_PER_SECOND),
    spent: (field(14) + field(15)) * NANOSECONDS_PER_TICK,
  };
}

/** The process, if it is the one that was started then (0: any). */
function factsOfSame(pid: bigint, started: bigint): ProcessFacts | undefined {
  const facts = factsOf(Number(pid));
  return facts !== undefined && (started === 0n || BigInt(facts.started) === started) ? facts : undefined;
}

function children(j: J3, parent: bigint, pids: number, parents: number, starts: number): number {
  const { objects } = j;
  if (objects.isNull(pids)) throw throwing("NullPointerException", null);
  const room = objects.length(pids);
  for (const array of [parents, starts]) {
    if (!objects.isNull(array) && objects.length(array) !== room)
      throw throwing("IllegalArgumentException", "array sizes not equal");
  }
  const put = (array: number, index: number, value: number): void => {
    if (!objects.isNull(array)) j.mem.i64[(objects.ref(array) + ARRAY_DATA + 8 * index) >>> 3] = BigInt(value);
  };
  let count = 0;
  for (const name of attempt(() => readdirSync("/proc")) ?? []) {
    if (!/^\d+$/.test(name)) continue;
    const facts = factsOf(Number(name));
    if (facts === undefined || (parent !== 0n && BigInt(facts.parent) !== parent)) continue;
    if (count < room) {
      put(pids, count, Number(name));
      put(parents, count, facts.parent);
      put(starts, count, facts.started);
    }
    count++;
  }
  return count;
}

const INFO = "java/lang/ProcessHandleImpl$Info";
const HANDLE = "java/lang/ProcessHandleImpl";

function info(j: J3, self: number, pid: bigint): void {
  const { objects } = j;
  const facts = factsOf(Number(pid));
  if (facts === undefined) return;
  const setText = (name: string, text: string): void =>
    objects.setHandle(self, objects.field(INFO, name, "Ljava/lang/String;"), objects.newString(text));
  objects.setLong(self, objects.field(INFO, "startTime", "J"), BigInt(facts.started));
  objects.setLong(self, objects.field(INFO, "totalTime", "J"), BigInt(facts.spent));
  const owner = attempt(() => statSync(`/proc/${pid}`).uid);
  if (owner !== undefined) setText("user", userName(owner));
  const command = attempt(() => readlinkSync(`/proc/${pid}/exe`));
  if (command !== undefined) setText("command", command);
  const line = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  if (line === undefined || line === "") return;
  const args = line.replace(/\0$/, "").split("\0").slice(1);
  const array = objects.newRefArray(
    "java/lang/String",
    args.map((text) => objects.newString(text)),
  );
  objects.setHandle(self, objects.field(INFO, "arguments", "[Ljava/lang/String;"), array);
}

/** The name of a user by number, or the number. */
function userName(uid: number): string {
  const self = os.userInfo();
  if (self.uid === uid) return self.username;
  const users = attempt(() => readFileSync("/etc/passwd", "utf8")) ?? "";
  for (const line of users.split("\n")) {
    const [name, , number] = line.split(":");
    if (name !== undefined && number === String(uid)) return name;
  }
  return String(uid);
}

/** The exit code of a process that is no child of ours cannot be known. */
function* awaitExit(_j: J3, pid: bigint): J3Steps<number> {
  while (factsOf(Number(pid)) !== undefined) yield { kind: "park", milliseconds: POLL_MILLISECONDS };
  return NOT_A_CHILD;
}

export const processNatives: VmNatives = {
  [`${HANDLE}.isAlive0(J)J`]: (_j, pid: bigint) => BigInt(factsOf(Number(pid))?.started ?? -1),
  [`${HANDLE}.parent0(JJ)J`]: (_j, pid: bigint, started: bigint) => BigInt(factsOfSame(pid, started)?.parent ?? -1),
  [`${HANDLE}.getProcessPids0(J[J[J[J)I`]: children,
  [`${HANDLE}.destroy0(JJZ)Z`]: (_j, pid: bigint, started: bigint, force: number) => {
    if (factsOfSame(pid, started) === undefined) return false;
    return attempt(() => process.kill(Number(pid), force === 0 ? "SIGTERM" : "SIGKILL")) ?? false;
  },
  [`${HANDLE}.waitForProcessExit0(JZ)I`]: awaitExit,
  [`${INFO}.info0(J)V`]: info,
};
