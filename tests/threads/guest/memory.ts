/** Scenarios: objects and stacks, while several carriers run. */
import type { Builder, Value } from "#ir";
import {
  add,
  attempt,
  call,
  callHost,
  check,
  listChecker,
  listMaker,
  pair,
  read,
  service,
  thread,
  times,
  until,
  when,
  word,
  write,
} from "./ir.ts";
import { f64Bits } from "./numbers.ts";
import { PAIR_A, PAIR_NUMBER, TRAP_NUMBERS } from "./protocol.ts";
import type { Scenario, TestVm } from "./vm.ts";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Each thread makes lists, keeps the last two, and checks them. */
export const churn: Scenario = (g, [threads = 2, rounds = 0, length = 0]) => {
  const make = listMaker(g);
  const checkList = listChecker(g);
  const body = g.build("(i)v", (b) => {
    const last = b.variable("ref");
    b.define(last, call(b, make, "(i)r", b.i32(length)));
    times(b, b.i32(rounds), true, () => {
      const next = call(b, make, "(i)r", b.i32(length));
      call(b, checkList, "(ri)v", b.use(last), b.i32(length));
      call(b, checkList, "(ri)v", next, b.i32(length));
      b.define(last, next);
    });
    add(b, word(b, g, 0), b.i32(1));
    b.ret();
  });
  g.start(body, numbers(threads));
};

/** How a thread spends the time in which another one collects: numbers of the argument of `across`. */
export const WAYS = ["park", "sleep", "service", "polls", "calls", "monitor", "wait", "yield"] as const;

/**
 * Thread 0 holds a list in a local while it is away in one of the ways, until the word says that it may come back; thread 1 collects
 * meanwhile and fills memory with garbage.
 */
export const across: Scenario = (g, [way = 0, rounds = 0]) => {
  const make = listMaker(g);
  const checkList = listChecker(g);
  const record = g.heap.malloc(8);
  const go = (b: Builder) => b.op("sgt", read(b, word(b, g, 1)), read(b, word(b, g, 0)));
  const shared = (b: Builder) => b.load("ref", b.addr(g.words + 8), 0);
  const leave = leaver(g, way, go, shared);
  const holder = (b: Builder) => {
    const list = call(b, make, "(i)r", b.i32(20));
    b.mem("astore", null, 0, b.addr(record), thread(b));
    times(b, b.i32(rounds), true, () => {
      until(b, true, () => {
        leave(b);
        return go(b);
      });
      call(b, checkList, "(ri)v", list, b.i32(20));
      add(b, word(b, g, 0), b.i32(1));
    });
  };
  const collector = (b: Builder) => {
    until(b, true, () => b.op("ne", b.mem("aload", "i32", 0, b.addr(record)), b.i32(0)));
    times(b, b.i32(rounds), true, (i) => {
      call(b, make, "(i)r", b.i32(50));
      callHost(b, "collect", "()v");
      add(b, word(b, g, 1), b.i32(1));
      callHost(b, "unpark", "(a)v", b.load("addr", b.addr(record), 0));
      if (WAYS[way] === "wait") {
        call(b, g.enter, "(r)v", shared(b));
        callHost(b, "notify", "(ri)i", shared(b), b.i32(1));
        call(b, g.exit, "(r)v", shared(b));
      }
      until(b, true, () => b.op("sgt", read(b, word(b, g, 0)), i));
    });
  };
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () => collector(b),
      () => holder(b),
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

function leaver(
  g: TestVm,
  way: number,
  go: (b: Builder) => Value,
  shared: (b: Builder) => Value,
): (b: Builder) => void {
  switch (WAYS[way]) {
    case "park":
      return (b) => callHost(b, "park", "(d)i", b.f64(f64Bits(-1)));
    case "sleep":
      return (b) => callHost(b, "park", "(d)i", b.f64(f64Bits(0.2)));
    case "service": {
      const slow = g.addService((c) => {
        // The VM thread collects, too, while the thread is in its request.
        for (let i = 0; i < 3; i++) c.handle(g.allocatePair(i));
        return undefined;
      });
      return (b) => service(b, g, slow);
    }
    case "polls":
      return (b) => until(b, true, () => go(b));
    case "calls": {
      const leaf = g.declare("(i)i");
      leaf.fill("(v0: i32) -> i32 {\nb0:\n  v1 = const.i32 1\n  v2 = add v0, v1\n  return v2\n}");
      const deep = g.build("(i)i", (b, [n]) => {
        const result = call(b, leaf.slot, "(i)i", n!);
        b.ret(call(b, leaf.slot, "(i)i", result));
      });
      return (b) => call(b, deep, "(i)i", b.i32(1));
    }
    case "monitor":
      return (b) => {
        call(b, g.enter, "(r)v", shared(b));
        call(b, g.exit, "(r)v", shared(b));
      };
    case "wait":
      return (b) => {
        call(b, g.enter, "(r)v", shared(b));
        when(
          b,
          go(b),
          () => {},
          () => {
            callHost(b, "wait", "(rd)i", shared(b), b.f64(f64Bits(0)));
          },
        );
        call(b, g.exit, "(r)v", shared(b));
      };
    default:
      return (b) => callHost(b, "yield", "()v");
  }
}

/** Each thread runs out of stack many times, with a list alive in every frame and one below; and all is as before afterwards. */
export const deep: Scenario = (g, [threads = 2, rounds = 0]) => {
  const make = listMaker(g);
  const checkList = listChecker(g);
  const down = g.declare("(ri)i");
  down.fill(`(v0: ref, v1: i32) -> i32 {
b0:
  v2 = const.i32 1
  v3 = add v1, v2
  v4 = const.addr ${g.word(2)}
  v5 = const.ref null
  v6 = call %${g.newPair} "(rri)r" (v0, v5, v3)
  v7 = call %${down.slot} "(ri)i" (v6, v3)
  v8 = load.i32 v0+${PAIR_NUMBER}
  v9 = add v7, v8
  return v9
}`);
  const body = g.build("(i)v", (b) => {
    const list = call(b, make, "(i)r", b.i32(30));
    times(b, b.i32(rounds), true, () => {
      attempt(
        b,
        () => {
          call(b, down.slot, "(ri)i", list, b.i32(0));
          b.trap("user");
        },
        (exception) => {
          check(b, b.op("eq", b.load("i32", exception, PAIR_NUMBER), b.i32(TRAP_NUMBERS.stack)));
        },
      );
      call(b, checkList, "(ri)v", list, b.i32(30));
      add(b, word(b, g, 0), b.i32(1));
    });
    b.ret();
  });
  g.start(body, numbers(threads));
};

/** Each thread fills the heap until `memory` is thrown, drops everything and goes on. */
export const full: Scenario = (g, [threads = 1, rounds = 0]) => {
  const make = listMaker(g);
  const checkList = listChecker(g);
  const body = g.build("(i)v", (b) => {
    times(b, b.i32(rounds), true, () => {
      attempt(
        b,
        () => {
          call(b, make, "(i)r", b.i32(0x7fffffff));
          b.trap("user");
        },
        (exception) => {
          check(b, b.op("eq", b.load("i32", exception, PAIR_NUMBER), b.i32(TRAP_NUMBERS.memory)));
        },
      );
      // The others may have all of it just now.
      const done = b.variable("i32");
      b.define(done, b.i32(0));
      until(b, true, () => {
        attempt(
          b,
          () => {
            const list = call(b, make, "(i)r", b.i32(100));
            call(b, checkList, "(ri)v", list, b.i32(100));
            b.define(done, b.i32(1));
          },
          (exception) => {
            check(b, b.op("eq", b.load("i32", exception, PAIR_NUMBER), b.i32(TRAP_NUMBERS.memory)));
          },
        );
        return b.use(done);
      });
      add(b, word(b, g, 0), b.i32(1));
    });
    b.ret();
  });
  g.start(body, numbers(threads));
};

/** Exceptions fly through many frames that hold objects; the thrown object and what the catcher holds are whole. */
export const thrown: Scenario = (g, [threads = 2, rounds = 0, depth = 0]) => {
  const make = listMaker(g);
  const checkList = listChecker(g);
  const fly = g.declare("(rii)i");
  const end = g.build("(i)v", (b, [n]) => b.throw(pair(b, g, b.nullRef(), b.nullRef(), n!)));
  fly.fill(`(v0: ref, v1: i32, v2: i32) -> i32 {
b0:
  branch v1, b1, b2
b1:
  v3 = const.i32 1
  v4 = sub v1, v3
  v5 = const.ref null
  v6 = call %${g.newPair} "(rri)r" (v0, v5, v1)
  v7 = call %${fly.slot} "(rii)i" (v6, v4, v2)
  v8 = load.i32 v0+${PAIR_NUMBER}
  v9 = add v7, v8
  return v9
b2:
  call %${end} "(i)v" (v2)
  return v2
}`);
  const body = g.build("(i)v", (b) => {
    const list = call(b, make, "(i)r", b.i32(30));
    times(b, b.i32(rounds), true, (i) => {
      attempt(
        b,
        () => {
          call(b, fly.slot, "(rii)i", list, b.i32(depth), i);
          b.trap("user");
        },
        (exception) => {
          check(b, b.op("eq", b.load("i32", exception, PAIR_NUMBER), i));
          check(b, b.op("isnull", b.load("ref", exception, PAIR_A)));
        },
      );
      call(b, checkList, "(ri)v", list, b.i32(30));
    });
    write(b, word(b, g, 0), b.i32(1));
    b.ret();
  });
  g.start(body, numbers(threads));
};

/** Runs out of stack in a function that keeps so many numbers in locals across its call of itself. */
export const wide: Scenario = (g, [values = 0]) => {
  const slot = g.declare("(l)l");
  let text = "(v0: i64) -> i64 {\nb0:\n";
  let next = 1;
  const names = ["v0"];
  for (let i = 0; i < values; i++) {
    text += `  v${next} = add v${next - 1}, v0\n`;
    names.push(`v${next++}`);
  }
  text += `  v${next} = call %${slot.slot} "(l)l" (v${next - 1})\n`;
  let sum = `v${next++}`;
  for (const name of names) {
    text += `  v${next} = xor ${sum}, ${name}\n`;
    sum = `v${next++}`;
  }
  slot.fill(`${text}  return ${sum}\n}`);
  const body = g.build("(i)v", (b) => {
    times(b, b.i32(3), true, () => {
      attempt(
        b,
        () => {
          call(b, slot.slot, "(l)l", b.i64(1n));
          b.trap("user");
        },
        (exception) => check(b, b.op("eq", b.load("i32", exception, PAIR_NUMBER), b.i32(TRAP_NUMBERS.stack))),
      );
      add(b, word(b, g, 0), b.i32(1));
    });
    b.ret();
  });
  g.start(body, [0]);
};

/** Threads with deep stacks come and go; each works in a stack that another has left, with collections all the time. */
export const secondHand: Scenario = (g, [count = 0, length = 0]) => {
  const make = listMaker(g);
  const checkList = listChecker(g);
  const down = g.declare("(rii)i");
  down.fill(`(v0: ref, v1: i32, v2: i32) -> i32 {
b0:
  branch v1, b1, b2
b1:
  v3 = const.i32 1
  v4 = sub v1, v3
  v5 = const.ref null
  v6 = call %${g.newPair} "(rri)r" (v0, v5, v1)
  v7 = call %${down.slot} "(rii)i" (v6, v4, v2)
  v8 = load.i32 v6+${PAIR_NUMBER}
  v9 = add v7, v8
  return v9
b2:
  return v2
}`);
  const child = g.build("(i)v", (b) => {
    const list = call(b, make, "(i)r", b.i32(length));
    const depth = 40;
    const sum = call(b, down.slot, "(rii)i", list, b.i32(depth), b.i32(0));
    check(b, b.op("eq", sum, b.i32((depth * (depth + 1)) / 2)));
    call(b, checkList, "(ri)v", list, b.i32(length));
    add(b, word(b, g, 0), b.i32(1));
    b.ret();
  });
  const body = g.build("(i)v", (b) => {
    times(b, b.i32(count), true, (i) => {
      callHost(b, "start", "(ii)a", b.i32(child), b.i32(0));
      call(b, g.checkPending, "()v");
      // Two at a time.
      until(b, true, () => {
        callHost(b, "yield", "()v");
        return b.op("sge", read(b, word(b, g, 0)), b.op("sub", i, b.i32(1)));
      });
    });
    b.ret();
  });
  g.start(body, [0]);
};
