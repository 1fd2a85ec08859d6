/** What bench/threads/costs.ts measures. Word i of a scenario is the best time of its i-th part, in ns per operation times 10. */
import type { Builder, Value } from "#ir";
import { signatureFromKey } from "#ir";
import { THREAD_GUEST } from "#layout";
import type { Answer, Steps } from "#vm";
import {
  add,
  call,
  callHost,
  pair,
  read,
  service,
  thread,
  times,
  until,
  when,
  word,
  write,
} from "../../tests/threads/guest/ir.ts";
import { f64Bits } from "../../tests/threads/guest/numbers.ts";
import type { Effect, Scenario, TestVm } from "../../tests/threads/guest/vm.ts";

/** Runs the part `batches` times; keeps the shortest time, divided by `operations`, in a word. */
function best(b: Builder, g: TestVm, index: number, batches: number, operations: number, part: () => void): void {
  times(b, b.i32(batches), true, () => {
    const start = callHost(b, "now", "()d");
    part();
    const spent = b.op("fsub", callHost(b, "now", "()d"), start);
    const scaled = b.op("fmul", spent, b.f64(f64Bits(1e7 / operations)));
    const result = b.typed("ftos", "i32", scaled);
    const old = read(b, word(b, g, index));
    when(b, b.op("or", b.op("eq", old, b.i32(0)), b.op("slt", result, old)), () => write(b, word(b, g, index), result));
  });
}

/** Empty service; service with one upcall; service with one reference in and out. One thread. */
export const requests: Scenario = (g) => {
  const nothing = g.addService(() => undefined);
  const id = g.build("(i)i", (b, [x]) => b.ret(x!));
  const sig = signatureFromKey("(i)i");
  const up = g.addService(
    () =>
      (function* (): Generator<Effect, void, Answer> {
        yield { slot: id, signature: sig, args: [1] };
      })() as Steps<Effect>,
  );
  const refs = g.addService((c) => {
    c.returnRef(g.mem.word(c.nextRef()));
    return undefined;
  });
  const body = g.build("(i)v", (b) => {
    const object = pair(b, g, b.nullRef(), b.nullRef(), b.i32(0));
    best(b, g, 0, 30, 500, () => times(b, b.i32(500), true, () => service(b, g, nothing)));
    best(b, g, 1, 30, 500, () => times(b, b.i32(500), true, () => service(b, g, up)));
    best(b, g, 2, 30, 500, () => times(b, b.i32(500), true, () => service(b, g, refs, [object])));
    b.ret();
  });
  g.start(body, [0]);
};

/** A token between two threads: one hand-over. */
export const handOver: Scenario = (g) => {
  const records = g.heap.malloc(8);
  const body = g.build("(i)v", (b, [me]) => {
    const other = b.op("xor", me!, b.i32(1));
    const recordOf = (i: Value) => b.typed("ptradd", "addr", b.addr(records), b.op("shl", i, b.i32(2)));
    b.mem("astore", null, 0, recordOf(me!), thread(b));
    until(b, true, () => b.op("ne", b.mem("aload", "i32", 0, recordOf(other)), b.i32(0)));
    const rounds = () =>
      times(b, b.i32(500), true, () => {
        until(b, false, () => {
          const turn = b.op("eq", read(b, word(b, g, 8)), me!);
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
        write(b, word(b, g, 8), other);
        callHost(b, "unpark", "(a)v", b.mem("aload", "addr", 0, recordOf(other)));
      });
    when(
      b,
      me!,
      () => times(b, b.i32(20), true, rounds),
      () => best(b, g, 0, 20, 1000, rounds),
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

/** Park with a permit at hand; yield with nobody else; yield to another thread of the carrier. */
export const switches: Scenario = (g, [threads = 1]) => {
  const body = g.build("(i)v", (b, [me]) => {
    const yields = () => times(b, b.i32(1000), true, () => callHost(b, "yield", "()v"));
    const permits = () =>
      times(b, b.i32(1000), true, () => {
        callHost(b, "unpark", "(a)v", thread(b));
        callHost(b, "park", "(d)i", b.f64(f64Bits(-1)));
      });
    when(
      b,
      me!,
      () =>
        until(b, true, () => {
          callHost(b, "yield", "()v");
          return read(b, word(b, g, 8));
        }),
      () => {
        best(b, g, 0, 20, 1000 * threads, yields);
        best(b, g, 1, 20, 1000, permits);
        write(b, word(b, g, 8), b.i32(1));
      },
    );
    b.ret();
  });
  g.start(
    body,
    Array.from({ length: threads }, (_, i) => i),
  );
};

/** Makes and starts a thread that counts and ends, 100 at a time, and waits for all. */
export const births: Scenario = (g) => {
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () => add(b, word(b, g, 8), b.i32(1)),
      () =>
        best(b, g, 0, 20, 100, () => {
          write(b, word(b, g, 8), b.i32(0));
          times(b, b.i32(100), true, () =>
            callHost(b, "start", "(ii)a", b.load("i32", thread(b), THREAD_GUEST + 4), b.i32(1)),
          );
          until(b, true, () => {
            callHost(b, "yield", "()v");
            return b.op("eq", read(b, word(b, g, 8)), b.i32(100));
          });
        }),
    );
    b.ret();
  });
  g.start(body, [0]);
};

/** Stops the world and collects next to nothing. The other thread computes with polls (argument 1) or sleeps (0). */
export const stops: Scenario = (g, [computes = 0]) => {
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () =>
        until(b, true, () => {
          if (!computes) callHost(b, "park", "(d)i", b.f64(f64Bits(1)));
          return read(b, word(b, g, 8));
        }),
      () => {
        best(b, g, 0, 30, 200, () => times(b, b.i32(200), true, () => callHost(b, "collect", "()v")));
        write(b, word(b, g, 8), b.i32(1));
      },
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

/** How late a thread wakes from sleeping 2 ms: the best, and the average. The other thread of the carrier computes (1) or there is none. */
export const lateness: Scenario = (g, [computes = 0]) => {
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () => until(b, true, () => read(b, word(b, g, 8))),
      () => {
        const sum = b.variable("f64");
        b.define(sum, b.f64(0n));
        best(b, g, 0, 100, 1, () => {
          const start = callHost(b, "now", "()d");
          callHost(b, "park", "(d)i", b.f64(f64Bits(2)));
          const late = b.op("fsub", b.op("fsub", callHost(b, "now", "()d"), start), b.f64(f64Bits(2)));
          b.define(sum, b.op("fadd", b.use(sum), late));
        });
        write(b, word(b, g, 1), b.typed("ftos", "i32", b.op("fmul", b.use(sum), b.f64(f64Bits(1e7 / 100)))));
        write(b, word(b, g, 8), b.i32(1));
      },
    );
    b.ret();
  });
  g.start(body, computes ? [0, 1] : [0]);
};

/** Enter and exit: thin, recursive, and of an inflated monitor that nobody else wants. */
export const locks: Scenario = (g) => {
  const body = g.build("(i)v", (b) => {
    const object = b.variable("ref");
    const both = () =>
      times(b, b.i32(10_000), true, () => {
        call(b, g.enter, "(r)v", b.use(object));
        call(b, g.exit, "(r)v", b.use(object));
      });
    b.define(object, pair(b, g, b.nullRef(), b.nullRef(), b.i32(0)));
    best(b, g, 0, 30, 10_000, both);
    call(b, g.enter, "(r)v", b.use(object));
    callHost(b, "hash", "(r)i", b.use(object));
    call(b, g.exit, "(r)v", b.use(object));
    best(b, g, 1, 30, 10_000, both);
    b.ret();
  });
  g.start(body, [0]);
};

/** A host function of three numbers. */
export const hostCalls: Scenario = (g) => {
  const body = g.build("(i)v", (b) => {
    const three = () =>
      times(b, b.i32(100_000), true, (i) => {
        write(b, word(b, g, 8), callHost(b, "three", "(iii)i", i, i, i));
      });
    best(b, g, 0, 30, 100_000, three);
    b.ret();
  });
  g.start(body, [0]);
};

/** The same work in all: by one thread, or by two. */
export const work: Scenario = (g, [threads = 1]) => {
  const rounds = 400_000_000 / threads;
  const body = g.build("(i)v", (b, [me]) => {
    const x = b.variable("i32");
    b.define(x, b.op("add", me!, b.i32(1)));
    times(b, b.i32(rounds), true, () => {
      b.define(x, b.op("xor", b.use(x), b.op("shl", b.use(x), b.i32(13))));
      b.define(x, b.op("xor", b.use(x), b.op("ushr", b.use(x), b.i32(17))));
      b.define(x, b.op("xor", b.use(x), b.op("shl", b.use(x), b.i32(5))));
    });
    write(b, word(b, g, 1), b.use(x));
    b.ret();
  });
  const timed = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () => {
        call(b, body, "(i)v", me!);
        write(b, word(b, g, 8), b.i32(1));
      },
      () =>
        best(b, g, 0, 1, 100, () => {
          call(b, body, "(i)v", me!);
          if (threads > 1) until(b, true, () => read(b, word(b, g, 8)));
        }),
    );
    b.ret();
  });
  g.start(
    timed,
    Array.from({ length: threads }, (_, i) => i),
  );
};
