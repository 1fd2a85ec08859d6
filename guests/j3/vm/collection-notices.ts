/**
 * Notifications of collections (com.sun.management.GarbageCollectionNotificationInfo), and what memory pools' thresholds have to do with them: a thread of the
 * VM's own sends them to the beans' listeners.
 */
import { spaces } from "#heap";
import { GuestThrow } from "../link/index.ts";
import { makeGcInfo } from "../natives/vm/memory-beans.ts";
import { type NotedCollection, recordOf } from "../runtime/collection-record.ts";
import { SERVICE_COLLECTION_NOTICES } from "../runtime/services.ts";
import { WORD_NOTICE_WAITER } from "../runtime/words.ts";
import type { J3Effect, J3Steps } from "./effects.ts";
import type { J3 } from "./j3.ts";
import { nameSystemThread, startSystemThread } from "./system-thread.ts";

const EXTENDED = "com/sun/management/internal/GarbageCollectorExtImpl";
const BUILDER = "com/sun/management/internal/GcInfoBuilder";
const STRING = "Ljava/lang/String;";

export class CollectionNotices {
  readonly #j: J3;
  /** Root of each bean that has listeners, by whether it is that of minor collections. */
  readonly #listened = new Map<boolean, number>();
  /** Number of the last collection that listeners have heard of, or need not. */
  #told = 0;
  #isStarted = false;

  constructor(j: J3) {
    this.#j = j;
    j.vm.register(SERVICE_COLLECTION_NOTICES, () => this.#serve());
  }

  /** A bean has listeners from now on, or none any more. */
  listen(minor: boolean, bean: number, isOn: boolean): void {
    if (!isOn) {
      this.#listened.delete(minor);
      return;
    }
    this.start();
    this.#listened.set(minor, bean);
  }

  /** From now on somebody wants to know of collections. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#told = this.#j.heap.statistics().collections;
    startSystemThread(this.#j, "Notification Thread", SERVICE_COLLECTION_NOTICES, WORD_NOTICE_WAITER);
  }

  *#serve(): Generator<J3Effect, void, never> {
    yield* nameSystemThread(this.#j, "Notification Thread") as Generator<J3Effect, void, never>;
    for (;;) {
      const last = this.#j.heap.statistics().collections;
      if (this.#told >= last) yield { kind: "park", milliseconds: -1 };
      while (this.#told < last) yield* this.#tell(++this.#told) as Generator<J3Effect, void, never>;
    }
  }

  *#tell(number: number): J3Steps<void> {
    const noted = recordOf(this.#j.heap)?.noted(number, spaces(this.#j.heap).length);
    if (noted === undefined) return;
    const bean = this.#listened.get(noted.minor);
    try {
      yield* this.#j.poolSensors.see(noted);
      if (bean !== undefined) yield* this.#send(bean, noted);
    } catch (failure) {
      // What a listener throws is none of the others' business.
      if (!(failure instanceof GuestThrow)) throw failure;
      this.#j.log(`Exception in a listener to collections: ${failure.message}`);
    }
  }

  *#send(bean: number, noted: NotedCollection): J3Steps<void> {
    const { objects, options, world } = this.#j;
    const cls = world.boot(EXTENDED);
    const builder = (yield* this.#j.invoke(this.#j.method(cls, "getGcInfoBuilder", `()L${BUILDER};`), [
      bean,
    ])) as number;
    const info = yield* makeGcInfo(this.#j, objects.temp(objects.ref(builder)), noted);
    const started = Date.now() - Number(process.hrtime.bigint() - options.started) / 1e6;
    const name = objects.getHandle(bean, objects.field("sun/management/MemoryManagerImpl", "name", STRING));
    const texts = [
      `end of ${noted.minor ? "minor" : "major"} GC`,
      noted.forced ? "System.gc()" : "Allocation Failure",
    ].map((text) => objects.newString(text));
    const descriptor = `(J${STRING}${STRING}${STRING}Lcom/sun/management/GcInfo;)V`;
    const at = BigInt(Math.round(started + noted.end));
    yield* this.#j.invoke(this.#j.method(cls, "createGCNotification", descriptor), [bean, at, name, ...texts, info]);
  }
}
