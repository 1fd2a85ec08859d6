/**
 * Locking as compiled code does it: the IR of taking and leaving an object's lock, with calls of host functions for what takes long. The lock
 * word and the monitor's record are those of monitors.ts.
 *
 * Relies on  no safepoint between reading the lock word and the exchange of the word or of the monitor's owner: a world that is stopped has
 *            no thread between the two, so monitors may be taken away then.
 */
import type { Builder, HostFunction, Value } from "#ir";
import { CARRIER_THREAD, THREAD_ID } from "#layout";
import { MONITOR_COUNT, MONITOR_ENTRY, MONITOR_OWNER } from "./monitor-records.ts";
import { INFLATED, LOG_THREAD, MAX_RECURSIONS, TAG_MASK, THIN, THIN_RECURSIONS } from "./monitors.ts";

const ONE_RECURSION = 4;

function threadId(b: Builder): Value {
  return b.load("i32", b.load("addr", b.op("carrier"), CARRIER_THREAD), THREAD_ID);
}

const thinWord = (b: Builder, id: Value): Value => b.op("or", b.op("shl", id, b.i32(LOG_THREAD)), b.i32(THIN));

const isInflated = (b: Builder, word: Value): Value => b.op("eq", b.op("and", word, b.i32(TAG_MASK)), b.i32(INFLATED));

const monitorAt = (b: Builder, word: Value): Value => b.typed("bits", "addr", b.op("sub", word, b.i32(INFLATED)));

/**
 * How often more than once the thread has taken the thin lock; above MAX_RECURSIONS if the word is no thin lock of its own. All other bits
 * must agree: a hash may begin like the thread's id.
 */
const recursions = (b: Builder, word: Value, mine: Value): Value => b.op("rotr", b.op("sub", word, mine), b.i32(2));

/** Takes the lock whose word is `lock` bytes into the object. `slow` is `Monitors.enter`. */
export function emitLock(b: Builder, object: Value, lock: number, slow: HostFunction): void {
  const [free, held, thin, again, inflated, unowned, owned, more, hard, done] = Array.from({ length: 10 }, () =>
    b.block(),
  );
  const exchange = (from: Value, to: Value): Value => b.mem("acas", "i32", lock, object, from, to);
  const id = threadId(b);
  const mine = thinWord(b, id);
  const found = b.mem("aload", "i32", lock, object);
  b.branch(found, held!, free!);
  b.switchTo(free!);
  b.branch(exchange(b.i32(0), mine), hard!, done!);

  b.switchTo(held!);
  b.branch(isInflated(b, found), inflated!, thin!);
  b.switchTo(thin!);
  b.branch(b.op("ult", recursions(b, found, mine), b.i32(THIN_RECURSIONS)), again!, hard!);
  b.switchTo(again!);
  b.branch(b.op("eq", exchange(found, b.op("add", found, b.i32(ONE_RECURSION))), found), done!, hard!);

  b.switchTo(inflated!);
  const monitor = monitorAt(b, found);
  const owner = b.mem("aload", "i32", MONITOR_OWNER, monitor);
  b.branch(owner, owned!, unowned!);
  b.switchTo(unowned!);
  b.branch(b.mem("acas", "i32", MONITOR_OWNER, monitor, b.i32(0), id), hard!, done!);
  b.switchTo(owned!);
  b.branch(b.op("eq", owner, id), more!, hard!);
  b.switchTo(more!);
  b.store(monitor, MONITOR_COUNT, b.op("add", b.load("i32", monitor, MONITOR_COUNT), b.i32(1)));
  b.jump(done!);

  b.switchTo(hard!);
  hard!.cold = true;
  b.callhost(slow, [object]);
  b.jump(done!);
  b.switchTo(done!);
}

/** Leaves the lock. `slow` emits `Monitors.exit` and what is to happen when the thread does not own the lock; `wake` is `Monitors.wake`. */
export function emitUnlock(b: Builder, object: Value, lock: number, slow: () => void, wake: HostFunction): void {
  const [last, nested, less, inflated, owned, fewer, leave, awaited, hard, done] = Array.from({ length: 10 }, () =>
    b.block(),
  );
  const other = b.block();
  const exchange = (from: Value, to: Value): Value => b.mem("acas", "i32", lock, object, from, to);
  const id = threadId(b);
  const mine = thinWord(b, id);
  const found = b.mem("aload", "i32", lock, object);
  b.branch(b.op("eq", found, mine), last!, other);
  b.switchTo(last!);
  b.branch(b.op("eq", exchange(mine, b.i32(0)), mine), done!, hard!);

  b.switchTo(other);
  b.branch(isInflated(b, found), inflated!, nested!);
  b.switchTo(nested!);
  b.branch(b.op("ule", recursions(b, found, mine), b.i32(MAX_RECURSIONS)), less!, hard!);
  b.switchTo(less!);
  b.branch(b.op("eq", exchange(found, b.op("sub", found, b.i32(ONE_RECURSION))), found), done!, hard!);

  b.switchTo(inflated!);
  const monitor = monitorAt(b, found);
  b.branch(b.op("eq", b.mem("aload", "i32", MONITOR_OWNER, monitor), id), owned!, hard!);
  b.switchTo(owned!);
  const count = b.load("i32", monitor, MONITOR_COUNT);
  b.branch(count, fewer!, leave!);
  b.switchTo(fewer!);
  b.store(monitor, MONITOR_COUNT, b.op("sub", count, b.i32(1)));
  b.jump(done!);
  b.switchTo(leave!);
  // Dekker: a thread that joins the queue looks at the owner again afterwards.
  b.mem("astore", null, MONITOR_OWNER, monitor, b.i32(0));
  b.branch(b.mem("aload", "i32", MONITOR_ENTRY, monitor), awaited!, done!);
  b.switchTo(awaited!);
  awaited!.cold = true;
  b.callhost(wake, [object]);
  b.jump(done!);

  b.switchTo(hard!);
  hard!.cold = true;
  slow();
  b.jump(done!);
  b.switchTo(done!);
}
