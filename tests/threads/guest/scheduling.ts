/** Scenarios: who runs when. */

import type { Value } from "#ir";
import { THREAD_FLAGS, THREAD_GUEST } from "#layout";
import { FLAG_STARTED, FLAG_URGENT } from "#threads";
import { add, call, callHost, check, read, thread, times, until, when, word, wordAt, write } from "./ir.ts";
import { f64Bits } from "./numbers.ts";
import type { Scenario } from "./vm.ts";

/** Two threads without polls or calls wait for each other's counter, `rounds` times: possible only if both really run. */
export const handshake: Scenario = (g, [rounds = 0]) => {
  const body = g.build("(i)v", (b, [me]) => {
    const mine = wordAt(b, g, me!);
    const other = wordAt(b, g, b.op("xor", me!, b.i32(1)));
    times(b, b.i32(rounds), false, (i) => {
      add(b, mine, b.i32(1));
      until(b, false, () => b.op("sgt", read(b, other), i));
    });
    b.ret();
  });
  g.start(body, [0, 1]);
};

/** The same with polls, for any number of threads on any number of carriers: time slices let all of them get on. */
export const ring: Scenario = (g, [threads = 2, rounds = 0]) => {
  const body = g.build("(i)v", (b, [me]) => {
    const mine = wordAt(b, g, me!);
    const next = b.op("srem", b.op("add", me!, b.i32(1)), b.i32(threads));
    const other = wordAt(b, g, next);
    times(b, b.i32(rounds), true, (i) => {
      add(b, mine, b.i32(1));
      until(b, true, () => b.op("sgt", read(b, other), i));
    });
    b.ret();
  });
  g.start(
    body,
    Array.from({ length: threads }, (_, i) => i),
  );
};

/** Thread 0 calls itself without a loop until another thread, which needs its carrier, has set word 0. */
export const recursion: Scenario = (g) => {
  const made = g.build("(i)i", (b, [n]) => {
    const [small, large] = [b.block(), b.block()];
    b.branch(b.op("slt", n!, b.i32(2)), small, large);
    b.switchTo(small);
    b.ret(n!);
    b.switchTo(large);
    const first = call(b, made, "(i)i", b.op("sub", n!, b.i32(1)));
    b.ret(b.op("add", first, call(b, made, "(i)i", b.op("sub", n!, b.i32(2)))));
  });
  const spin = g.declare("(i)v");
  spin.fill(`(v0: i32) {
b0:
  v1 = const.addr ${g.word(0)}
  v2 = aload.i32 v1
  branch v2, b2, b1
b1:
  v3 = const.i32 20
  v4 = call %${made} "(i)i" (v3)
  call %${spin.slot} "(i)v" (v4)
  return
b2:
  return
}`);
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () => write(b, word(b, g, 0), b.i32(1)),
      () => {
        call(b, spin.slot, "(i)v", b.i32(0));
      },
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

/** Thread i calls functions that the others have compiled before, and some that nobody has; each returns its number. */
export const install: Scenario = (g, [functions = 0, threads = 2]) => {
  const slots = Array.from({ length: functions }, (_, i) =>
    g.build("(i)i", (b, [x]) => b.ret(b.op("add", x!, b.i32(i)))),
  );
  const table = g.heap.malloc(4 * functions);
  for (const [i, slot] of slots.entries()) g.mem.setWord(table + 4 * i, slot);
  const body = g.build("(i)v", (b, [me]) => {
    times(b, b.i32(functions), true, (i) => {
      const at = b.op("srem", b.op("add", i, b.op("mul", me!, b.i32(7))), b.i32(functions));
      const slot = b.load("i32", b.typed("ptradd", "addr", b.addr(table), b.op("shl", at, b.i32(2))), 0);
      const result = b.calldyn(slot, { params: ["i32"], result: "i32", key: "(i)i" }, [b.i32(1000)]);
      check(b, b.op("eq", result, b.op("add", at, b.i32(1000))));
      add(b, word(b, g, 0), b.i32(1));
    });
    b.ret();
  });
  g.start(
    body,
    Array.from({ length: threads }, (_, i) => i),
  );
};

/**
 * `threads` threads park at once without limit; when all are there, the last one collects, and unparks them in the order they came. Word 2: what
 * the shortest of some collections took, in microseconds.
 */
export const crowd: Scenario = (g, [threads = 0]) => {
  const records = g.heap.malloc(4 * threads);
  const body = g.build("(i)v", (b) => {
    const place = add(b, word(b, g, 0), b.i32(1));
    const at = (i: typeof place) => b.typed("ptradd", "addr", b.addr(records), b.op("shl", i, b.i32(2)));
    b.store(at(place), 0, thread(b));
    when(
      b,
      b.op("eq", place, b.i32(threads - 1)),
      () => {
        write(b, word(b, g, 2), b.i32(0x7fffffff));
        times(b, b.i32(3), true, () => {
          const start = callHost(b, "now", "()d");
          callHost(b, "collect", "()v");
          const spent = b.op("fmul", b.op("fsub", callHost(b, "now", "()d"), start), b.f64(f64Bits(1000)));
          const micros = b.typed("ftos", "i32", spent);
          when(b, b.op("slt", micros, read(b, word(b, g, 2))), () => write(b, word(b, g, 2), micros));
        });
        times(b, b.i32(threads - 1), true, (i) => callHost(b, "unpark", "(a)v", b.load("addr", at(i), 0)));
      },
      () => {
        callHost(b, "park", "(d)i", b.f64(f64Bits(-1)));
      },
    );
    add(b, word(b, g, 1), b.i32(1));
    b.ret();
  });
  g.start(
    body,
    Array.from({ length: threads }, () => 0),
  );
};

/** Two threads hand a token to and fro: set the word, unpark the other, park until it is one's turn. */
export const pingPong: Scenario = (g, [rounds = 0]) => {
  const records = g.heap.malloc(8);
  const body = g.build("(i)v", (b, [me]) => {
    const other = b.op("xor", me!, b.i32(1));
    const recordOf = (i: typeof other) => b.typed("ptradd", "addr", b.addr(records), b.op("shl", i, b.i32(2)));
    b.mem("astore", null, 0, recordOf(me!), thread(b));
    until(b, true, () => b.op("ne", b.op("isnull", b.mem("aload", "addr", 0, recordOf(other))), b.i32(1)));
    times(b, b.i32(rounds), true, () => {
      until(b, false, () => {
        const turn = b.op("eq", read(b, word(b, g, 0)), me!);
        when(
          b,
          turn,
          () => {},
          () => {
            callHost(b, "park", "(d)i", b.f64(f64Bits(-1)));
          },
        );
        return turn;
      });
      add(b, word(b, g, 1), b.i32(1));
      write(b, word(b, g, 0), other);
      callHost(b, "unpark", "(a)v", b.mem("aload", "addr", 0, recordOf(other)));
    });
    b.ret();
  });
  g.start(body, [0, 1]);
};

/**
 * Thread 0 parks `rounds` times, once per permit; thread 1 gives the next permit when it sees that the last one was taken: before, while
 * or after the other goes to sleep, as it comes. With `limit` >= 0 the parking has time-outs, which may come at the same moment.
 */
export const permits: Scenario = (g, [rounds = 0, limit = -1]) => {
  const records = g.heap.malloc(8);
  const body = g.build("(i)v", (b, [me]) => {
    const taker = () => {
      b.mem("astore", null, 0, b.addr(records), thread(b));
      times(b, b.i32(rounds), true, (i) => {
        // Permits are not counted: word 0 is how many were given.
        until(b, true, () => {
          callHost(b, "park", "(d)i", b.f64(f64Bits(limit)));
          return b.op("sgt", read(b, word(b, g, 0)), i);
        });
        write(b, word(b, g, 1), b.op("add", i, b.i32(1)));
      });
    };
    const giver = () => {
      until(b, true, () => b.op("ne", b.op("isnull", b.mem("aload", "addr", 0, b.addr(records))), b.i32(1)));
      times(b, b.i32(rounds), true, (i) => {
        until(b, true, () => b.op("eq", read(b, word(b, g, 1)), i));
        add(b, word(b, g, 0), b.i32(1));
        callHost(b, "unpark", "(a)v", b.load("addr", b.addr(records), 0));
      });
    };
    when(b, me!, giver, taker);
    b.ret();
  });
  // Who gives never parks, so on two carriers the other one begins on the second, however late that is.
  g.start(body, [1, 0]);
};

/** A thread gives itself a permit, is preempted many times, and then parks without limit. */
export const permitKept: Scenario = (g, [rounds = 0]) => {
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () => until(b, true, () => read(b, word(b, g, 0))),
      () => {
        callHost(b, "unpark", "(a)v", thread(b));
        times(b, b.i32(rounds), true, () => {
          callHost(b, "yield", "()v");
          add(b, word(b, g, 1), b.i32(1));
        });
        callHost(b, "park", "(d)i", b.f64(f64Bits(-1)));
        write(b, word(b, g, 0), b.i32(1));
      },
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

/** Each thread parks for its argument in milliseconds, and not less; word 0 counts time-outs, word 1 permits. */
export const sleepers: Scenario = (g, args) => {
  const body = g.build("(i)v", (b, [milliseconds]) => {
    const wanted = b.typed("stof", "f64", milliseconds!);
    const start = callHost(b, "now", "()d");
    const why = callHost(b, "park", "(d)i", wanted);
    const slept = b.op("fsub", callHost(b, "now", "()d"), start);
    // The system's timer and our clock may differ by a little.
    check(b, b.op("fge", b.op("fadd", slept, b.f64(f64Bits(0.1))), wanted));
    add(b, wordAt(b, g, b.op("xor", why, b.i32(1))), b.i32(1));
    b.ret();
  });
  g.start(body, args);
};

/** Threads that make threads, `depth` deep and two wide; word 0 counts all. */
export const family: Scenario = (g, [depth = 0]) => {
  const body = g.build("(i)v", (b, [level]) => {
    add(b, word(b, g, 0), b.i32(1));
    when(b, b.op("slt", level!, b.i32(depth)), () => {
      times(b, b.i32(2), true, () => {
        const slot = b.load("i32", thread(b), THREAD_GUEST + 4);
        callHost(b, "start", "(ii)a", slot, b.op("add", level!, b.i32(1)));
        call(b, g.checkPending, "()v");
      });
    });
    b.ret();
  });
  g.start(body, [0]);
};

/** One thread makes `count` threads one after another; each ends before the next is made. */
export const generations: Scenario = (g, [count = 0]) => {
  const child = g.build("(i)v", (b, [parent]) => {
    add(b, word(b, g, 0), b.i32(1));
    callHost(b, "unpark", "(a)v", b.typed("bits", "addr", parent!));
    b.ret();
  });
  const body = g.build("(i)v", (b) => {
    times(b, b.i32(count), true, (i) => {
      callHost(b, "start", "(ii)a", b.i32(child), b.typed("bits", "i32", thread(b)));
      call(b, g.checkPending, "()v");
      until(b, true, () => {
        const seen = b.op("sgt", read(b, word(b, g, 0)), i);
        when(
          b,
          seen,
          () => {},
          () => {
            callHost(b, "park", "(d)i", b.f64(f64Bits(-1)));
          },
        );
        return seen;
      });
    });
    b.ret();
  });
  g.start(body, [0]);
};

/** Thread 0, with FLAG_URGENT if `urgent`, and `others` that compute like it count for `milliseconds`: words 0 and 1. */
export const urgency: Scenario = (g, [others = 0, urgent = 0, milliseconds = 0]) => {
  const body = g.build("(i)v", (b, [me]) => {
    const count = (index: number, ends: () => Value) =>
      until(b, true, () => {
        add(b, word(b, g, index), b.i32(1));
        return ends();
      });
    const first = () => {
      if (urgent) b.mem("store", null, THREAD_FLAGS, thread(b), b.i32(FLAG_URGENT | FLAG_STARTED));
      const end = b.op("fadd", callHost(b, "now", "()d"), b.f64(f64Bits(milliseconds)));
      count(0, () => b.op("fgt", callHost(b, "now", "()d"), end));
      write(b, word(b, g, 8), b.i32(1));
    };
    const other = () => {
      // It computes as the first one does.
      count(1, () => b.op("or", b.op("flt", callHost(b, "now", "()d"), b.f64(0n)), read(b, word(b, g, 8))));
    };
    when(b, me!, other, first);
    b.ret();
  });
  g.start(
    body,
    Array.from({ length: others + 1 }, (_, i) => i),
  );
};
