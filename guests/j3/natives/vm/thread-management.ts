/**
 * java.lang.management.ThreadMXBean: counts, what threads wait for and hold, deadlocks. How long threads were blocked, what they have allocated
 * and their processor time are not measured, and the bean says so.
 */
import { resetPeakThreads, threadCounts, WAITS_ENTER, WAITS_NOTHING, WAITS_NOTIFY, WAITS_RELOCK } from "#threads";
import { threadRef } from "#vm";
import { STATUS_RUNNABLE } from "../../carrier/thread-state.ts";
import { throwing } from "../../link/index.ts";
import { ARRAY_DATA } from "../../model/record.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import type { TraceEntry } from "../../vm/stack-traces.ts";
import { type ThreadSnapshot, ThreadSnapshots, whileStopped } from "../../vm/thread-snapshots.ts";
import type { VmNative, VmNatives } from "../types.ts";
import { newElements } from "./stack.ts";
import { liveThreads } from "./thread.ts";

const VM = "sun/management/VMManagementImpl";
const BEAN = "sun/management/ThreadImpl.";
const INFO = "java/lang/management/ThreadInfo";
const THREAD = "java/lang/Thread";
const ELEMENTS = "[Ljava/lang/StackTraceElement;";
/** The constructors that ThreadInfo has for the virtual machine. */
const PLAIN = `(L${THREAD};ILjava/lang/Object;L${THREAD};JJJJ${ELEMENTS})V`;
const WITH_LOCKS = PLAIN.replace(")V", "[Ljava/lang/Object;[I[Ljava/lang/Object;)V");
/** JVMTI_THREAD_STATE_SUSPENDED. */
const SUSPENDED = 0x100000;
/** For times that are not measured. */
const NO_TIME = -1n;

/** What a ThreadInfo says, in handles. */
interface Facts {
  readonly thread: number;
  readonly status: number;
  readonly lock: number;
  readonly owner: number;
  readonly blocked: bigint;
  readonly waited: bigint;
  readonly frames: readonly TraceEntry[];
  readonly monitors: readonly number[];
  readonly depths: readonly number[];
  readonly synchronizers: readonly number[];
}

interface Wanted {
  /** How many frames; negative: all. */
  readonly depth: number;
  readonly monitors: boolean;
  readonly synchronizers: boolean;
}

/** The world is stopped. */
function factsOf(j: J3, all: ThreadSnapshots, thread: ThreadSnapshot, wanted: Wanted): Facts {
  const { objects, stackTraces } = j;
  const { facts } = thread;
  const owner = all.ownerOf(thread);
  // Ownership is just passing on: HotSpot says it runs.
  const isPassing = (facts.waits === WAITS_ENTER || facts.waits === WAITS_RELOCK) && facts.owner === 0;
  const isParked = facts.waits === WAITS_NOTHING && (thread.status & 0x200) !== 0;
  const hasLock = !isPassing && (facts.waits !== WAITS_NOTHING || isParked);
  const frames = wanted.depth < 0 ? thread.frames : thread.frames.slice(0, wanted.depth);
  const givenUp = facts.waits === WAITS_NOTIFY || facts.waits === WAITS_RELOCK ? facts.blocker : 0;
  const monitors = wanted.monitors
    ? thread.locked().filter(({ object, depth }) => object !== givenUp && depth < frames.length)
    : [];
  return {
    thread: objects.temp(objects.ref(thread.handle)),
    status: (isPassing ? STATUS_RUNNABLE : thread.status) | (thread.isSuspended ? SUSPENDED : 0),
    lock: objects.temp(hasLock ? thread.blocker : 0),
    owner: objects.temp(hasLock && owner !== undefined ? objects.ref(owner.handle) : 0),
    blocked: BigInt(facts.blockedCount),
    waited: BigInt(facts.waitedCount),
    frames: frames.map(({ method, pos }) => stackTraces.entry(method, pos)),
    monitors: monitors.map(({ object }) => objects.temp(object)),
    depths: monitors.map(({ depth }) => depth),
    synchronizers: [],
  };
}

/** Of the threads with these ids, or of all; undefined for those that do not live. */
function gather(j: J3, ids: readonly bigint[] | null, wanted: Wanted): (Facts | undefined)[] {
  return whileStopped(
    j,
    () => {
      const all = new ThreadSnapshots(j);
      const owned = wanted.synchronizers ? all.synchronizers() : undefined;
      const threads = ids === null ? all.threads : ids.map((id) => all.byId(id));
      return threads.map((thread) => {
        if (thread === undefined) return undefined;
        const synchronizers = owned?.get(thread.facts.thread) ?? [];
        return { ...factsOf(j, all, thread, wanted), synchronizers: synchronizers.map((ref) => j.objects.temp(ref)) };
      });
    },
    wanted.synchronizers,
  );
}

function* newInfo(j: J3, facts: Facts, withLocks: boolean): J3Steps<number> {
  const { objects } = j;
  const elements = yield* newElements(j, facts.frames);
  const args = [
    facts.thread,
    facts.status,
    facts.lock,
    facts.owner,
    facts.blocked,
    NO_TIME,
    facts.waited,
    NO_TIME,
    elements,
  ];
  if (!withLocks) return yield* j.construct(j.world.boot(INFO), PLAIN, args);
  const monitors = objects.newRefArray("java/lang/Object", facts.monitors);
  const depths = objects.newIntArray(facts.depths);
  const synchronizers = objects.newRefArray("java/lang/Object", facts.synchronizers);
  return yield* j.construct(j.world.boot(INFO), WITH_LOCKS, [...args, monitors, depths, synchronizers]);
}

function longs(j: J3, array: number): bigint[] {
  const { objects } = j;
  if (objects.isNull(array)) throw throwing("NullPointerException", null);
  const { mem } = j;
  const start = mem.word(array);
  return Array.from(
    { length: objects.length(array) },
    (_, index) => mem.i64[(start + ARRAY_DATA + 8 * index) >>> 3] as bigint,
  );
}

function* getThreadInfo(j: J3, ids: number, depth: number, result: number): J3Steps<void> {
  const found = gather(j, longs(j, ids), { depth, monitors: false, synchronizers: false });
  for (const [index, facts] of found.entries()) {
    if (facts !== undefined) j.objects.setElement(result, index, yield* newInfo(j, facts, false));
  }
}

function* dumpThreads(j: J3, ids: number, monitors: number, synchronizers: number, depth: number): J3Steps<number> {
  const wanted: Wanted = { depth, monitors: monitors !== 0, synchronizers: synchronizers !== 0 };
  const found = gather(j, j.objects.isNull(ids) ? null : longs(j, ids), wanted);
  const infos: number[] = [];
  for (const facts of found) infos.push(facts === undefined ? 0 : yield* newInfo(j, facts, true));
  return j.objects.newRefArray(INFO, infos);
}

/** The threads of all circles, or null if there is none. */
function deadlocked(j: J3, synchronizers: boolean): number {
  const { objects } = j;
  const threads = whileStopped(j, () =>
    new ThreadSnapshots(j)
      .deadlocks(synchronizers)
      .flatMap((circle) => circle.map(({ handle }) => objects.temp(objects.ref(handle)))),
  );
  return threads.length === 0 ? 0 : objects.newRefArray(THREAD, threads);
}

/** Says which optional things there are. */
function initSupport(j: J3): void {
  for (const name of ["objectMonitorUsageSupport", "synchronizerUsageSupport", "remoteDiagnosticCommandsSupport"]) {
    j.objects.setInt(0, j.objects.field(VM, name, "Z"), 1);
  }
}

const threads: VmNative = (j: J3) =>
  j.objects.newRefArray(
    THREAD,
    liveThreads(j).map((record) => j.objects.temp(j.mem.word(threadRef(record, 0)))),
  );

export const threadManagementNatives: VmNatives = {
  [`${VM}.initOptionalSupportFields()V`]: initSupport,
  [`${VM}.isThreadContentionMonitoringEnabled()Z`]: () => false,
  [`${VM}.isThreadCpuTimeEnabled()Z`]: () => false,
  [`${VM}.isThreadAllocatedMemoryEnabled()Z`]: () => false,
  [`${VM}.getTotalThreadCount()J`]: (j) => BigInt(threadCounts(j.mem).started),
  [`${VM}.getLiveThreadCount()I`]: (j) => threadCounts(j.mem).live,
  [`${VM}.getPeakThreadCount()I`]: (j) => threadCounts(j.mem).peak,
  [`${VM}.getDaemonThreadCount()I`]: (j) => threadCounts(j.mem).daemons,
  [`${BEAN}getThreads()[L${THREAD};`]: threads,
  [`${BEAN}getThreadInfo1([JI[L${INFO};)V`]: getThreadInfo,
  [`${BEAN}dumpThreads0([JZZI)[L${INFO};`]: dumpThreads,
  [`${BEAN}findMonitorDeadlockedThreads0()[L${THREAD};`]: (j) => deadlocked(j, false),
  [`${BEAN}findDeadlockedThreads0()[L${THREAD};`]: (j) => deadlocked(j, true),
  [`${BEAN}resetPeakThreadCount0()V`]: (j) => resetPeakThreads(j.mem),
};
