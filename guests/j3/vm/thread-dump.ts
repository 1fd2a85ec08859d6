/** A dump of all threads as text, in the form of HotSpot's jstack: what SIGQUIT prints. */
import { OBJECT_TYPE } from "#layout";
import { THREAD_PARKED, WAITS_ENTER, WAITS_NOTHING, WAITS_NOTIFY, WAITS_RELOCK } from "#threads";
import {
  STATUS_BLOCKED,
  STATUS_IN_TIMED_WAIT,
  STATUS_IN_WAIT,
  STATUS_PARKED,
  STATUS_SLEEPING,
  STATUS_TIMED_PARKED,
  THREAD_STARTED,
} from "../carrier/thread-state.ts";
import { externalName } from "../link/index.ts";
import { OBJECT_LOCK } from "../model/record.ts";
import type { J3 } from "./j3.ts";
import type { GuestFrame } from "./stack-walk.ts";
import { type ThreadSnapshot, ThreadSnapshots, whileStopped } from "./thread-snapshots.ts";

/** How the header and the second line call a Thread.threadStatus; others are "runnable" and "RUNNABLE". */
const STATES: ReadonlyMap<number, readonly [string, string]> = new Map([
  [STATUS_SLEEPING, ["waiting on condition", "TIMED_WAITING (sleeping)"]],
  [STATUS_IN_WAIT, ["in Object.wait()", "WAITING (on object monitor)"]],
  [STATUS_IN_TIMED_WAIT, ["in Object.wait()", "TIMED_WAITING (on object monitor)"]],
  [STATUS_PARKED, ["waiting on condition", "WAITING (parking)"]],
  [STATUS_TIMED_PARKED, ["waiting on condition", "TIMED_WAITING (parking)"]],
  [STATUS_BLOCKED, ["waiting for monitor entry", "BLOCKED (on object monitor)"]],
]);

const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(16, "0")}`;

/** "<0x…> (a java.lang.Object)", and which class it is that a Class stands for. */
class Names {
  readonly #j: J3;

  constructor(j: J3) {
    this.#j = j;
  }

  /** "a java.lang.Class for Foo" */
  ofObject(object: number): string {
    const { mem, world } = this.#j;
    const { name } = world.classAt(mem.word(object + OBJECT_TYPE));
    if (name !== "java/lang/Class") return `a ${externalName(name)}`;
    const record = mem.word(object + this.#j.objects.field(name, "vmRecord", "I").offset);
    return `a java.lang.Class for ${externalName(world.classAt(record).name)}`;
  }

  object(object: number): string {
    return `<${hex(object)}> (${this.ofObject(object)})`;
  }

  /** "java.lang.Thread.sleep(java.base@17/Native Method)" */
  frame({ method, pos }: GuestFrame): string {
    const { line } = this.#j.stackTraces.entry(method, pos);
    const module = this.#j.modules.moduleOf(method.holder);
    const version = module?.version == null ? "" : `@${module.version}`;
    const place = module?.name == null ? "" : `${module.name}${version}/`;
    const file = method.holder.file?.sourceFile;
    const where =
      line === -2 ? "Native Method" : file === undefined ? "Unknown Source" : line < 0 ? file : `${file}:${line}`;
    return `${externalName(method.holder.name)}.${method.name}(${place}${where})`;
  }
}

class Printer {
  readonly #j: J3;
  readonly #names: Names;
  readonly #all: ThreadSnapshots;
  readonly #lines: string[] = [];

  constructor(j: J3) {
    this.#j = j;
    this.#names = new Names(j);
    this.#all = new ThreadSnapshots(j);
  }

  text(now: Date): string {
    const version = this.#j.javaHome.release.get("JAVA_RUNTIME_VERSION") ?? "17";
    const mode = this.#j.options.interprets ? "interpreted mode" : "compiled mode";
    const date = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
    this.#lines.push(`${date} ${pad(now.getHours())}:${pad(now.getMinutes())}:${pad(now.getSeconds())}`);
    this.#lines.push(`Full thread dump J3 (${version} ${mode}):`, "");
    const synchronizers = this.#j.options.printConcurrentLocks ? this.#all.synchronizers() : undefined;
    for (const thread of this.#all.threads) {
      this.#header(thread, now.getTime());
      this.#stack(thread);
      this.#lines.push("");
      if (synchronizers !== undefined) this.#synchronizers(synchronizers.get(thread.facts.thread) ?? []);
    }
    this.#deadlocks();
    this.#heap();
    return `${this.#lines.join("\n")}\n`;
  }

  #header(thread: ThreadSnapshot, now: number): void {
    const { facts } = thread;
    const started = this.#j.mem.f64[(facts.thread + THREAD_STARTED) >>> 3] as number;
    const parts = [
      `"${thread.name}" #${thread.id}`,
      ...(thread.isDaemon ? ["daemon"] : []),
      `prio=${thread.priority} os_prio=0`,
      ...(started === 0 ? [] : [`elapsed=${((now - started) / 1000).toFixed(2)}s`]),
      `tid=${hex(facts.thread)} nid=0x${facts.id.toString(16)}`,
    ];
    const idle = facts.state === THREAD_PARKED ? "waiting on condition" : "runnable";
    const [how, state] = STATES.get(thread.status) ?? [idle, "RUNNABLE"];
    this.#lines.push(`${parts.join(" ")} ${how}  [${hex(facts.sp)}]`, `   java.lang.Thread.State: ${state}`);
  }

  #stack(thread: ThreadSnapshot): void {
    const { facts } = thread;
    const locked = thread.locked();
    for (const [depth, frame] of thread.frames.entries()) {
      this.#lines.push(`\tat ${this.#names.frame(frame)}`);
      if (depth === 0) this.#waits(thread);
      for (const lock of locked) {
        if (lock.depth === depth) this.#lines.push(`\t- locked ${this.#names.object(lock.object)}`);
      }
    }
    if (thread.frames.length === 0 && facts.waits !== WAITS_NOTHING) this.#waits(thread);
  }

  #waits(thread: ThreadSnapshot): void {
    const { waits, blocker } = thread.facts;
    const note = (how: string, object: number): void =>
      void this.#lines.push(`\t- ${how} ${this.#names.object(object)}`);
    if (waits === WAITS_ENTER) note("waiting to lock", blocker);
    else if (waits === WAITS_NOTIFY) note("waiting on", blocker);
    else if (waits === WAITS_RELOCK) note("waiting to re-lock in wait()", blocker);
    else if (thread.parkBlocker !== 0) note("parking to wait for ", thread.parkBlocker);
  }

  #synchronizers(objects: readonly number[]): void {
    this.#lines.push("   Locked ownable synchronizers:");
    if (objects.length === 0) this.#lines.push("\t- None");
    for (const object of objects) this.#lines.push(`\t- ${this.#names.object(object)}`);
    this.#lines.push("");
  }

  #deadlocks(): void {
    const circles = this.#all.deadlocks(true);
    for (const circle of circles) {
      this.#lines.push("", "Found one Java-level deadlock:", "=============================");
      for (const [index, thread] of circle.entries()) {
        const next = circle[(index + 1) % circle.length]!;
        this.#lines.push(`"${thread.name}":`, `  ${this.#wanted(thread)},`, `  which is held by "${next.name}"`, "");
      }
      this.#lines.push(
        "Java stack information for the threads listed above:",
        "===================================================",
      );
      for (const thread of circle) {
        this.#lines.push(`"${thread.name}":`);
        this.#stack(thread);
      }
    }
    if (circles.length > 0)
      this.#lines.push("", `Found ${circles.length} deadlock${circles.length === 1 ? "" : "s"}.`, "");
  }

  #wanted(thread: ThreadSnapshot): string {
    const { blocker, facts } = thread;
    const what = this.#names.ofObject(blocker);
    if (facts.waits === WAITS_NOTHING) return `waiting for ownable synchronizer ${hex(blocker)}, (${what})`;
    const monitor = this.#j.mem.word(blocker + OBJECT_LOCK) & ~3;
    const how = facts.waits === WAITS_RELOCK ? "waiting to re-lock in wait()" : "waiting to lock";
    return `${how} monitor ${hex(monitor)} (object ${hex(blocker)}, ${what})`;
  }

  #heap(): void {
    const { heap } = this.#j;
    const { total, used } = heap.statistics();
    const kib = (bytes: number): string => `${Math.ceil(bytes / 1024)}K`;
    this.#lines.push("Heap", ` ${heap.plan.name} heap   total ${kib(Math.max(total, used))}, used ${kib(used)}`, "");
  }
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}

/** The dump of this moment. Stops the world; collects if the locks of java.util.concurrent are to be listed. */
export function threadDump(j: J3): string {
  return whileStopped(j, () => new Printer(j).text(new Date()), j.options.printConcurrentLocks);
}
