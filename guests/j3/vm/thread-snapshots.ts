/**
 * What Java's threads do at one moment: the substrate's ThreadDump in Java's terms, with names, lines, and the locks of java.util.concurrent.
 * For thread dumps, Thread.getStackTrace and ThreadMXBean.
 *
 * All of it is read while the world is stopped, and references in it are raw: handles, where they must last longer.
 */
import { objects as heapObjects } from "#heap";
import { frames as allFrames, type LocksOf, ThreadDump, type ThreadFacts, WAITS_NOTHING } from "#threads";
import { threadRef } from "#vm";
import { THREAD_SUSPENDED } from "../carrier/asked.ts";
import { isSubtype } from "../carrier/subtypes.ts";
import { OBJECT_LOCK } from "../model/record.ts";
import { ACC_NATIVE, ACC_STATIC, ACC_SYNCHRONIZED } from "../model/types.ts";
import type { J3 } from "./j3.ts";
import { blocksLockedAt } from "./lock-depth.ts";
import { type GuestFrame, guestFrames } from "./stack-walk.ts";

const THREAD = "java/lang/Thread";
const SYNCHRONIZER = "java/util/concurrent/locks/AbstractOwnableSynchronizer";

/** A monitor that a thread owns, and the frame in which it took it: 0 is the innermost. */
export interface LockedMonitor {
  readonly object: number;
  readonly depth: number;
}

/** Runs the action while nothing else runs, after a full collection if it is to see live objects only. It must not need guest code. */
export function whileStopped<T>(j: J3, action: () => T, collect = false): T {
  const { mutator } = j.vm;
  while (!mutator.stopWorld()) {
    // Try again: somebody else had stopped it.
  }
  try {
    if (collect) j.heap.collect(true, false);
    return action();
  } finally {
    mutator.resumeWorld();
    if (collect) j.waiters.afterCollection();
  }
}

/** One Java thread. */
export class ThreadSnapshot {
  readonly facts: ThreadFacts;
  readonly #j: J3;
  readonly #dump: ThreadDump;
  #frames: readonly GuestFrame[] | undefined;

  constructor(j: J3, dump: ThreadDump, facts: ThreadFacts) {
    this.#j = j;
    this.#dump = dump;
    this.facts = facts;
  }

  /** A handle of the java.lang.Thread, good as long as the thread lives. */
  get handle(): number {
    return threadRef(this.facts.thread, 0);
  }

  get name(): string {
    const { objects } = this.#j;
    const field = objects.field(THREAD, "name", "Ljava/lang/String;");
    const at = this.#j.mem.word(this.handle) + field.offset;
    return objects.textOrNull(at) ?? "";
  }

  get id(): bigint {
    return this.#j.objects.getLong(this.handle, this.#j.objects.field(THREAD, "tid", "J"));
  }

  get priority(): number {
    return this.#j.objects.getInt(this.handle, this.#j.objects.field(THREAD, "priority", "I"));
  }

  get isDaemon(): boolean {
    return this.#j.objects.getInt(this.handle, this.#j.objects.field(THREAD, "daemon", "Z")) !== 0;
  }

  /** Thread.threadStatus: STATUS_* of carrier/thread-state.ts. */
  get status(): number {
    return this.#j.objects.getInt(this.handle, this.#j.objects.field(THREAD, "threadStatus", "I"));
  }

  /** By Thread.suspend. */
  get isSuspended(): boolean {
    return this.#j.mem.word(this.facts.thread + THREAD_SUSPENDED) !== 0;
  }

  /** Methods of the runtime's own left out, innermost first. */
  get frames(): readonly GuestFrame[] {
    this.#frames ??= [...guestFrames(this.#j, this.facts.sp)];
    return this.#frames;
  }

  /** Reference: whose monitor it waits for, or what LockSupport.park was given; 0: neither. */
  get blocker(): number {
    return this.facts.waits === WAITS_NOTHING ? this.parkBlocker : this.facts.blocker;
  }

  /** Reference: what LockSupport.park was given; 0: nothing. */
  get parkBlocker(): number {
    return this.#j.objects.getRef(this.handle, this.#j.objects.field(THREAD, "parkBlocker", "Ljava/lang/Object;"));
  }

  /** The monitors that it owns, or has given up for a wait, those of inner frames first. */
  locked(): LockedMonitor[] {
    const { frames } = this;
    /** By number of a call as the dump counts them. */
    const depths = new Map<number, number>();
    let depth = 0;
    let call = 0;
    if (this.facts.sp === 0) return [];
    for (const frame = allFrames(this.#j.mem, this.facts.sp); frame.next(); call++) {
      if (frame.functionId !== 0) depths.set(call, depth++);
    }
    const locked = this.#dump
      .held(this.facts, locksOf(this.#j))
      .map(({ object, call: number }) => ({ object, depth: depths.get(number) ?? 0 }));
    // The Class that a static method locks is a constant: a frame need not have it. It was locked before all else of the method.
    for (const [at, { method }] of frames.entries()) {
      if ((method.flags & (ACC_STATIC | ACC_SYNCHRONIZED)) !== (ACC_STATIC | ACC_SYNCHRONIZED)) continue;
      const object = this.#j.mem.word(method.holder.mirror);
      if (locked.some((lock) => lock.object === object && lock.depth === at)) continue;
      if (this.#dump.ownerOf(object) === this.facts.thread) locked.push({ object, depth: at });
    }
    const isOfMethod = ({ object, depth }: LockedMonitor): number =>
      object === this.#j.mem.word(frames[depth]!.method.holder.mirror) ? 1 : 0;
    return locked.sort((a, b) => a.depth - b.depth || isOfMethod(a) - isOfMethod(b));
  }
}

function locksOf(j: J3): LocksOf {
  return (functionId, pos) => {
    if (functionId === 0) return 0;
    const method = j.world.method(functionId);
    const own = (method.flags & ACC_SYNCHRONIZED) === 0 ? 0 : 1;
    const code = method.info?.code;
    if (code === undefined || (method.flags & ACC_NATIVE) !== 0 || pos < 0) return own;
    return own + blocksLockedAt(code, method.name, pos);
  };
}

/** All Java threads that live, in the order in which they were started. */
export class ThreadSnapshots {
  readonly threads: readonly ThreadSnapshot[];
  readonly #j: J3;
  readonly #dump: ThreadDump;
  readonly #byRecord = new Map<number, ThreadSnapshot>();
  /** By reference: the record. A lock that has died may name a Thread that is not there any more, so that is not followed. */
  readonly #byObject = new Map<number, number>();
  #byId: ReadonlyMap<bigint, ThreadSnapshot> | undefined;

  /** The world is stopped. */
  constructor(j: J3) {
    this.#j = j;
    this.#dump = new ThreadDump(j.mem, OBJECT_LOCK);
    const threads: ThreadSnapshot[] = [];
    for (const facts of this.#dump.threads) {
      if (j.mem.word(threadRef(facts.thread, 0)) === 0) continue; // a thread of the system's before its first Java code
      const snapshot = new ThreadSnapshot(j, this.#dump, facts);
      threads.push(snapshot);
      this.#byRecord.set(facts.thread, snapshot);
      this.#byObject.set(j.mem.word(snapshot.handle), facts.thread);
    }
    this.threads = threads;
  }

  /** By Thread.getId. */
  byId(id: bigint): ThreadSnapshot | undefined {
    this.#byId ??= new Map(this.threads.map((thread) => [thread.id, thread]));
    return this.#byId.get(id);
  }

  /** The thread that owns what this one waits for: a monitor, or a lock of java.util.concurrent. */
  ownerOf(thread: ThreadSnapshot): ThreadSnapshot | undefined {
    const { blocker } = thread;
    if (blocker === 0) return undefined;
    const isMonitor = thread.facts.waits !== WAITS_NOTHING;
    return this.#byRecord.get(isMonitor ? this.#dump.ownerOf(blocker) : this.#ownerOfSynchronizer(blocker));
  }

  /** Circles of threads that wait for each other; with `synchronizers` also over locks of java.util.concurrent. */
  deadlocks(synchronizers: boolean): ThreadSnapshot[][] {
    const owner = (facts: ThreadFacts): number => {
      const blocker = synchronizers ? (this.#byRecord.get(facts.thread)?.parkBlocker ?? 0) : 0;
      return blocker === 0 ? 0 : this.#ownerOfSynchronizer(blocker);
    };
    const circles = this.#dump.deadlocks(owner);
    return circles.map((circle) => circle.map((facts) => this.#byRecord.get(facts.thread)!));
  }

  /** The locks of java.util.concurrent that threads own, by the record of the thread. Looks at every object of the heap: a collection has just run. */
  synchronizers(): Map<number, number[]> {
    const found = new Map<number, number[]>();
    if (this.#synchronizerRecord() === 0) return found;
    const isOne = new Map<number, boolean>();
    for (const object of heapObjects(this.#j.heap)) {
      const record = this.#j.mem.word(object);
      let fits = isOne.get(record);
      if (fits === undefined) isOne.set(record, (fits = this.#isSynchronizer(object)));
      const owner = fits ? this.#ownerOfSynchronizer(object) : 0;
      if (owner !== 0) found.set(owner, [...(found.get(owner) ?? []), object]);
    }
    return found;
  }

  #synchronizerRecord(): number {
    return this.#j.world.bootLoader.classes.get(SYNCHRONIZER)?.record ?? 0;
  }

  #isSynchronizer(object: number): boolean {
    const record = this.#synchronizerRecord();
    return record !== 0 && isSubtype(this.#j.mem, this.#j.mem.word(object), record);
  }

  /** Record of the thread that owns a lock of java.util.concurrent; 0: nobody, or it is none. */
  #ownerOfSynchronizer(object: number): number {
    const { mem, objects } = this.#j;
    if (!this.#isSynchronizer(object)) return 0;
    const owner = mem.word(object + objects.field(SYNCHRONIZER, "exclusiveOwnerThread", `L${THREAD};`).offset);
    return this.#byObject.get(owner) ?? 0;
  }
}
