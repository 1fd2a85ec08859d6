/** Scenarios: monitors. */
import type { Builder, Value } from "#ir";
import { THREAD_ID } from "#layout";
import {
  add,
  attempt,
  call,
  callHost,
  check,
  pair,
  read,
  thread,
  times,
  until,
  when,
  word,
  wordAt,
  write,
} from "./ir.ts";
import { f64Bits } from "./numbers.ts";
import { PAIR_LOCK, PAIR_NUMBER, TRAP_NUMBERS, WORD_SHARED } from "./protocol.ts";
import type { Scenario, TestVm } from "./vm.ts";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const NOTIFIED = 0;
const TIMEOUT = 1;
const INTERRUPTED = 2;

/** An object that all threads find, and that moves. */
function movable(g: TestVm): (b: Builder) => Value {
  const handle = g.vm.roots.add(g.allocatePair(0));
  return (b) => b.load("ref", b.addr(handle), 0);
}

function immovable(g: TestVm): (b: Builder) => Value {
  return (b) => b.load("ref", b.addr(g.words + 4 * WORD_SHARED), 0);
}

const enter = (b: Builder, g: TestVm, object: Value) => call(b, g.enter, "(r)v", object);
const exit = (b: Builder, g: TestVm, object: Value) => call(b, g.exit, "(r)v", object);
const wait = (b: Builder, object: Value, milliseconds: number) =>
  callHost(b, "wait", "(rd)i", object, b.f64(f64Bits(milliseconds)));
const notify = (b: Builder, object: Value, all: boolean) => callHost(b, "notify", "(ri)i", object, b.i32(all ? 1 : 0));

/** All threads count in a plain word under one lock; now and then the holder gives way, allocates, or asks for the hash. */
export const contention: Scenario = (g, [threads = 2, rounds = 0, moves = 0]) => {
  const object = moves ? movable(g) : immovable(g);
  const body = g.build("(i)v", (b) => {
    const hash = callHost(b, "hash", "(r)i", object(b));
    times(b, b.i32(rounds), true, (i) => {
      enter(b, g, object(b));
      enter(b, g, object(b));
      const before = b.load("i32", word(b, g, 0), 0);
      when(b, b.op("eq", b.op("and", i, b.i32(15)), b.i32(0)), () => {
        callHost(b, "yield", "()v");
        pair(b, g, b.nullRef(), b.nullRef(), i);
        check(b, b.op("eq", callHost(b, "hash", "(r)i", object(b)), hash));
      });
      b.store(word(b, g, 0), 0, b.op("add", before, b.i32(1)));
      exit(b, g, object(b));
      exit(b, g, object(b));
    });
    b.ret();
  });
  g.start(body, numbers(threads));
};

/** Enters far more often than a thin lock can count, leaves as often, and once too often; meanwhile others want the lock. */
export const recursion: Scenario = (g, [threads = 2, depth = 0]) => {
  const object = immovable(g);
  const body = g.build("(i)v", (b) => {
    times(b, b.i32(depth), true, () => enter(b, g, object(b)));
    const before = b.load("i32", word(b, g, 0), 0);
    callHost(b, "yield", "()v");
    b.store(word(b, g, 0), 0, b.op("add", before, b.i32(1)));
    times(b, b.i32(depth), true, () => exit(b, g, object(b)));
    attempt(
      b,
      () => {
        exit(b, g, object(b));
        add(b, word(b, g, 1), b.i32(1));
      },
      (exception) => check(b, b.op("eq", b.load("i32", exception, PAIR_NUMBER), b.i32(TRAP_NUMBERS.user))),
    );
    b.ret();
  });
  g.start(body, numbers(threads));
};

/** Even threads produce, odd ones consume, through a buffer of two places. Recursion of the lock survives the waiting. */
export const buffer: Scenario = (g, [threads = 2, rounds = 0]) => {
  const object = movable(g);
  const body = g.build("(i)v", (b, [me]) => {
    const change = (full: boolean) => {
      times(b, b.i32(rounds), true, () => {
        enter(b, g, object(b));
        enter(b, g, object(b));
        until(b, true, () => {
          const stuck = b.op("eq", b.load("i32", word(b, g, 0), 0), b.i32(full ? 2 : 0));
          when(b, stuck, () => check(b, b.op("eq", wait(b, object(b), 0), b.i32(NOTIFIED))));
          return b.op("eq", stuck, b.i32(0));
        });
        b.store(word(b, g, 0), 0, b.op("add", b.load("i32", word(b, g, 0), 0), b.i32(full ? 1 : -1)));
        b.store(word(b, g, 1), 0, b.op("add", b.load("i32", word(b, g, 1), 0), b.i32(1)));
        notify(b, object(b), true);
        exit(b, g, object(b));
        exit(b, g, object(b));
      });
    };
    when(
      b,
      b.op("and", me!, b.i32(1)),
      () => change(false),
      () => change(true),
    );
    b.ret();
  });
  g.start(body, numbers(threads));
};

/**
 * Thread 0 waits three times: until a time-out, until it is interrupted, and after it was interrupted; then for one of two notifications
 * that come together with interrupts and time-outs, as it happens. Words: 0 how often each result came, at 0 to 2.
 */
export const wakes: Scenario = (g, [rounds = 0]) => {
  const object = immovable(g);
  const record = g.heap.malloc(8);
  const stage = (b: Builder) => word(b, g, 5);
  const body = g.build("(i)v", (b, [me]) => {
    const waiter = () => {
      b.mem("astore", null, 0, b.addr(record), thread(b));
      check(b, b.op("eq", wait(b, object(b), 1), b.i32(3)));
      enter(b, g, object(b));
      check(b, b.op("eq", wait(b, object(b), 5), b.i32(TIMEOUT)));
      write(b, stage(b), b.i32(1));
      check(b, b.op("eq", wait(b, object(b), 0), b.i32(INTERRUPTED)));
      write(b, stage(b), b.i32(2));
      until(b, true, () => b.op("eq", read(b, stage(b)), b.i32(3)));
      check(b, b.op("eq", wait(b, object(b), 0), b.i32(INTERRUPTED)));
      exit(b, g, object(b));
      times(b, b.i32(rounds), true, () => {
        enter(b, g, object(b));
        const why = wait(b, object(b), 0.05);
        add(b, wordAt(b, g, why), b.i32(1));
        exit(b, g, object(b));
      });
      write(b, stage(b), b.i32(4));
    };
    const waker = () => {
      const interrupt = () => callHost(b, "interrupt", "(a)v", b.load("addr", b.addr(record), 0));
      until(b, true, () => b.op("eq", read(b, stage(b)), b.i32(1)));
      interrupt();
      until(b, true, () => b.op("eq", read(b, stage(b)), b.i32(2)));
      interrupt();
      write(b, stage(b), b.i32(3));
      until(b, true, () => {
        enter(b, g, object(b));
        notify(b, object(b), false);
        exit(b, g, object(b));
        interrupt();
        callHost(b, "park", "(d)i", b.f64(f64Bits(0.03)));
        return b.op("eq", read(b, stage(b)), b.i32(4));
      });
    };
    when(b, me!, waker, waiter);
    b.ret();
  });
  g.start(body, [0, 1]);
};

/**
 * Locks an object twice whose hash begins like the thread's own lock word, and lets go of it. Words: the hash before, while, and after; how
 * often the thread could let go once too often.
 */
export const likeHash: Scenario = (g) => {
  const object = immovable(g);
  const body = g.build("(i)v", (b) => {
    const id = b.load("i32", thread(b), THREAD_ID);
    const hash = b.op("or", b.op("shl", id, b.i32(12)), b.i32(8));
    b.store(object(b), PAIR_LOCK, hash);
    const note = (index: number) => write(b, word(b, g, index), callHost(b, "hash", "(r)i", object(b)));
    write(b, word(b, g, 0), b.op("ushr", hash, b.i32(2)));
    enter(b, g, object(b));
    enter(b, g, object(b));
    note(1);
    exit(b, g, object(b));
    exit(b, g, object(b));
    note(2);
    attempt(
      b,
      () => {
        exit(b, g, object(b));
        add(b, word(b, g, 3), b.i32(1));
      },
      () => {},
    );
    b.ret();
  });
  g.start(body, [0]);
};

/** The hash of an object is the same before, while and after it is locked, and moved; all threads get the same. */
export const hashes: Scenario = (g, [threads = 2, rounds = 0]) => {
  const handle = g.vm.roots.add(0);
  const object = (b: Builder) => b.load("ref", b.addr(handle), 0);
  const meet = (b: Builder, n: Value) => {
    const all = b.op("mul", b.op("add", n, b.i32(1)), b.i32(threads));
    add(b, word(b, g, 0), b.i32(1));
    until(b, true, () => b.op("sge", read(b, word(b, g, 0)), all));
  };
  const body = g.build("(i)v", (b, [me]) => {
    times(b, b.i32(rounds), true, (i) => {
      const step = b.op("mul", i, b.i32(3));
      when(b, b.op("eq", me!, b.i32(0)), () => {
        const fresh = pair(b, g, b.nullRef(), b.nullRef(), i);
        // In every other round it is locked before anybody asks.
        when(b, b.op("and", i, b.i32(1)), () => enter(b, g, fresh));
        b.mem("refstore", null, 0, b.addr(handle), fresh);
      });
      meet(b, step);
      const hash = callHost(b, "hash", "(r)i", object(b));
      check(b, hash);
      callHost(b, "collect", "()v");
      write(b, wordAt(b, g, b.op("add", me!, b.i32(8))), hash);
      meet(b, b.op("add", step, b.i32(1)));
      check(b, b.op("eq", read(b, word(b, g, 8)), hash));
      when(b, b.op("eq", me!, b.i32(0)), () => {
        when(b, b.op("and", i, b.i32(1)), () => exit(b, g, object(b)));
      });
      check(b, b.op("eq", callHost(b, "hash", "(r)i", object(b)), hash));
      enter(b, g, object(b));
      check(b, b.op("eq", callHost(b, "hash", "(r)i", object(b)), hash));
      exit(b, g, object(b));
      meet(b, b.op("add", step, b.i32(2)));
    });
    b.ret();
  });
  g.start(body, numbers(threads));
};

/**
 * One object that lives on has a monitor, because it was waited on (0), or because somebody asked for its hash while it was locked (1). Words:
 * for both the lock word's tag while it is locked, after a collection meanwhile, and after one when it was let go.
 */
export const deflates: Scenario = (g) => {
  const body = g.build("(i)v", (b) => {
    const tag = (n: number, object: Value) =>
      write(b, word(b, g, n), b.op("and", b.load("i32", object, PAIR_LOCK), b.i32(3)));
    for (const hashed of [0, 1]) {
      const object = pair(b, g, b.nullRef(), b.nullRef(), b.i32(0));
      enter(b, g, object);
      const hash = hashed ? callHost(b, "hash", "(r)i", object) : b.i32(0);
      if (!hashed) check(b, b.op("eq", wait(b, object, 0.001), b.i32(TIMEOUT)));
      tag(3 * hashed, object);
      callHost(b, "collect", "()v");
      tag(3 * hashed + 1, object);
      exit(b, g, object);
      callHost(b, "collect", "()v");
      tag(3 * hashed + 2, object);
      if (hashed) check(b, b.op("eq", callHost(b, "hash", "(r)i", object), hash));
      enter(b, g, object);
      exit(b, g, object);
    }
    b.ret();
  });
  g.start(body, [0]);
};

/** Many objects have a monitor for a moment, three times; word 0: bytes of non-moving memory in use after that, less those after the first time. */
export const shortLived: Scenario = (g, [rounds = 0]) => {
  const used = g.addService((c) => {
    c.returnI32(g.heap.statistics().mallocBytes);
    return undefined;
  });
  const phase = g.build("(i)i", (b, [count]) => {
    times(b, count!, true, () => {
      const object = pair(b, g, b.nullRef(), b.nullRef(), b.i32(0));
      enter(b, g, object);
      check(b, b.op("eq", wait(b, object, 0.001), b.i32(TIMEOUT)));
      exit(b, g, object);
    });
    callHost(b, "collect", "()v");
    const last = pair(b, g, b.nullRef(), b.nullRef(), b.i32(0));
    enter(b, g, last);
    callHost(b, "hash", "(r)i", last);
    exit(b, g, last);
    b.call(g.service, { params: ["i32", "i32", "i32"], result: null, key: "(iii)v" }, [
      b.i32(used),
      b.i32(0),
      b.i32(0),
    ]);
    b.ret(b.load("i32", b.op("carrier"), 2560));
  });
  const body = g.build("(i)v", (b) => {
    const before = call(b, phase, "(i)i", b.i32(rounds));
    call(b, phase, "(i)i", b.i32(rounds));
    write(b, word(b, g, 0), b.op("sub", call(b, phase, "(i)i", b.i32(rounds)), before));
    b.ret();
  });
  g.start(body, [0]);
};
