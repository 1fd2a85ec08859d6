/** Scenarios: services of the VM thread, and the guest code that they run. */
import type { Builder, Signature, Value } from "#ir";
import { signatureFromKey } from "#ir";
import { unpark } from "#threads";
import type { Answer, Call, Steps } from "#vm";
import {
  add,
  attempt,
  call,
  callHost,
  check,
  pair,
  read,
  service,
  serviceI32,
  serviceRef,
  times,
  until,
  when,
  word,
  write,
} from "./ir.ts";
import { f64Bits } from "./numbers.ts";
import { PAIR_A, PAIR_NUMBER } from "./protocol.ts";
import { type Effect, GuestError, GuestThrow, type Scenario, type TestVm } from "./vm.ts";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function* up(
  slot: number,
  signature: Signature,
  args: readonly (number | bigint)[],
): Generator<Effect, Answer, Answer> {
  return yield { slot, signature, args };
}

/** The service asks the guest for `wanted` pairs, one upcall each, links them, and returns the last; the guest checks the chain. */
export const upcalls: Scenario = (g, [threads = 1, rounds = 0, wanted = 0]) => {
  const sig = signatureFromKey("(rri)r");
  const chain = g.addService((c) => build(g, c, sig, wanted));
  const body = g.build("(i)v", (b) => {
    times(b, b.i32(rounds), true, () => {
      const first = pair(b, g, b.nullRef(), b.nullRef(), b.i32(-1));
      service(b, g, chain, [first]);
      const at = b.variable("ref");
      b.define(at, serviceRef(b));
      times(b, b.i32(wanted), true, (i) => {
        check(b, b.op("eq", b.load("i32", b.use(at), PAIR_NUMBER), b.op("sub", b.i32(wanted - 1), i)));
        b.define(at, b.load("ref", b.use(at), PAIR_A));
      });
      check(b, b.op("refeq", b.use(at), first));
      add(b, word(b, g, 0), b.i32(1));
    });
    b.ret();
  });
  g.start(body, numbers(threads));
};

function* build(g: TestVm, c: Call, sig: Signature, wanted: number): Steps<Effect> {
  let last = c.nextRef();
  for (let i = 0; i < wanted; i++) {
    const next = (yield* up(g.newPair, sig, [last, 0, i])) as number;
    c.drop(last);
    last = next;
  }
  c.returnRef(g.mem.word(last));
}

/** All types go through an upcall and come back. */
export const types: Scenario = (g) => {
  const all = g.define(
    "(ilfdra)d",
    `(v0: i32, v1: i64, v2: f32, v3: f64, v4: ref, v5: addr) -> f64 {
b0:
  v6 = stof.f64 v0
  v7 = stof.f64 v1
  v8 = promote v2
  v9 = load.i32 v4+${PAIR_NUMBER}
  v10 = stof.f64 v9
  v11 = bits.i32 v5
  v12 = stof.f64 v11
  v13 = fadd v6, v7
  v14 = fadd v13, v8
  v15 = fadd v14, v3
  v16 = fadd v15, v10
  v17 = fadd v16, v12
  return v17
}`,
  );
  const same = (letter: string, type: string) =>
    g.define(`(${letter})${letter}`, `(v0: ${type}) -> ${type} {\nb0:\n  return v0\n}`);
  const slots = {
    i: same("i", "i32"),
    l: same("l", "i64"),
    f: same("f", "f32"),
    d: same("d", "f64"),
    a: same("a", "addr"),
  };
  const test = g.addService((c) =>
    (function* (): Steps<Effect> {
      const object = c.handle(g.allocatePair(5));
      const args = [-3, 1n << 40n, 0.5, 0.25, object, 64];
      const sum = yield* up(all, signatureFromKey("(ilfdra)d"), args);
      if (sum !== -3 + 2 ** 40 + 0.5 + 0.25 + 5 + 64) throw new GuestError(1);
      const one = (letter: string, value: number | bigint) =>
        up(slots[letter as keyof typeof slots], signatureFromKey(`(${letter})${letter}`), [value]);
      if ((yield* one("i", -7)) !== -7) throw new GuestError(2);
      if ((yield* one("l", -(1n << 62n))) !== -(1n << 62n)) throw new GuestError(3);
      if ((yield* one("f", 1.5)) !== 1.5) throw new GuestError(4);
      if ((yield* one("d", 1e300)) !== 1e300) throw new GuestError(5);
      if (((yield* one("a", 0xfffffff0)) as number) >>> 0 !== 0xfffffff0) throw new GuestError(6);
      c.returnI32(42);
    })(),
  );
  const body = g.build("(i)v", (b) => {
    service(b, g, test);
    write(b, word(b, g, 0), serviceI32(b));
    b.ret();
  });
  g.start(body, [0]);
};

/** What a service does with an upcall that throws: by the first argument. The guest counts what it catches in words 0 to 4. */
export const throwing: Scenario = (g, [threads = 1, rounds = 0]) => {
  const thrower = g.build("(i)v", (b, [n]) => b.throw(pair(b, g, b.nullRef(), b.nullRef(), n!)));
  const sig = signatureFromKey("(i)v");
  const kinds: ((c: Call) => Steps<Effect> | undefined)[] = [
    // the service catches it and returns its number
    (c) =>
      (function* (): Steps<Effect> {
        try {
          yield* up(thrower, sig, [70]);
        } catch (error) {
          if (!(error instanceof GuestThrow)) throw error;
          c.returnI32(g.mem.word(g.mem.word(error.handle) + PAIR_NUMBER));
        }
      })(),
    // it goes on to the guest
    () =>
      (function* (): Steps<Effect> {
        yield* up(thrower, sig, [71]);
      })(),
    // the service throws at once
    () => {
      throw new GuestError(72);
    },
    // the service throws after an upcall that threw
    () =>
      (function* (): Steps<Effect> {
        try {
          yield* up(thrower, sig, [1]);
        } catch {
          throw new GuestError(73);
        }
      })(),
    // a finally block with an upcall runs while the exception is on its way
    () =>
      (function* (): Steps<Effect> {
        try {
          yield* up(thrower, sig, [74]);
        } finally {
          try {
            yield* up(thrower, sig, [2]);
          } catch {}
        }
      })(),
  ];
  const services = kinds.map((kind) => g.addService(kind));
  const body = g.build("(i)v", (b) => {
    times(b, b.i32(rounds), true, () => {
      services.forEach((number, kind) => {
        attempt(
          b,
          () => {
            service(b, g, number);
            check(b, b.i32(kind === 0 ? 1 : 0));
            check(b, b.op("eq", serviceI32(b), b.i32(70)));
            add(b, word(b, g, 0), b.i32(1));
          },
          (exception) => {
            check(b, b.op("eq", b.load("i32", exception, PAIR_NUMBER), b.i32(70 + kind)));
            add(b, word(b, g, kind), b.i32(1));
          },
        );
      });
    });
    b.ret();
  });
  g.start(body, numbers(threads));
};

/** The service of n runs guest code that asks for the service of n - 1, and so on; the innermost throws if the argument says so. */
export const nested: Scenario = (g, [threads = 1, rounds = 0, depth = 0]) => {
  const step = g.declare("(ir)i");
  const nest = g.addService((c) =>
    (function* (): Steps<Effect> {
      const n = g.mem.i32[c.nextPrim() >>> 2] as number;
      const object = c.nextRef();
      if (n === 0) throw new GuestError(55);
      // Objects come and go between the steps.
      c.handle(g.allocatePair(n));
      const below = (yield* up(step.slot, signatureFromKey("(ir)i"), [n - 1, object])) as number;
      if (g.mem.word(g.mem.word(object) + PAIR_NUMBER) !== 9) throw new GuestError(56);
      c.returnI32(below + 1);
    })(),
  );
  const ask = g.build("(ir)i", (b, [n, object]) => {
    service(b, g, nest, [object!], [n!]);
    check(b, b.op("eq", b.load("i32", object!, PAIR_NUMBER), b.i32(9)));
    b.ret(serviceI32(b));
  });
  const stop = g.build("(ir)i", (b) => b.ret(b.i32(100)));
  step.fill(`(v0: i32, v1: ref) -> i32 {
b0:
  v2 = const.i32 ${stop}
  v3 = const.i32 ${ask}
  v4 = const.i32 1
  v5 = sgt v0, v4
  v6 = select.i32 v5, v3, v2
  v7 = calldyn v6 "(ir)i" (v0, v1)
  return v7
}`);
  const body = g.build("(i)v", (b) => {
    times(b, b.i32(rounds), true, () => {
      const object = pair(b, g, b.nullRef(), b.nullRef(), b.i32(9));
      const result = call(b, ask, "(ir)i", b.i32(depth), object);
      check(b, b.op("eq", result, b.i32(100 + depth - 1)));
      attempt(
        b,
        () => {
          call(b, ask, "(ir)i", b.i32(0), object);
          b.trap("user");
        },
        (exception) => check(b, b.op("eq", b.load("i32", exception, PAIR_NUMBER), b.i32(55))),
      );
      add(b, word(b, g, 0), b.i32(1));
    });
    b.ret();
  });
  g.start(body, numbers(threads));
};

/** Threads of one carrier ask with arguments and get their own results, whenever their time slices end. */
export const echo: Scenario = (g, [threads = 2, rounds = 0]) => {
  const echoes = g.addService((c) => {
    const object = c.nextRef();
    const n = g.mem.i32[c.nextPrim() >>> 2] as number;
    c.returnI32((g.mem.word(g.mem.word(object) + PAIR_NUMBER) * 1000 + n) | 0);
    c.returnRef(g.mem.word(object));
    return undefined;
  });
  const body = g.build("(i)v", (b, [me]) => {
    const object = pair(b, g, b.nullRef(), b.nullRef(), me!);
    times(b, b.i32(rounds), true, (i) => {
      service(b, g, echoes, [object], [i]);
      check(b, b.op("eq", serviceI32(b), b.op("add", b.op("mul", me!, b.i32(1000)), i)));
      check(b, b.op("refeq", serviceRef(b), object));
    });
    add(b, word(b, g, 0), b.i32(1));
    b.ret();
  });
  g.start(body, numbers(threads));
};

/**
 * A service of thread 0 makes a function and puts its slot where thread 1 finds it at once, before the service has ended; each has a
 * signature of its own.
 */
export const published: Scenario = (g, [rounds = 0]) => {
  const address = g.word(1);
  const letters = ["i", "l", "f", "d", "a"];
  let made = 0;
  const make = g.addService(() => {
    let key = "";
    for (let n = made; n > 0; n = Math.floor(n / 5)) key += letters[n % 5];
    const number = made++;
    const callee = g.build(`(${key})i`, (b) => b.ret(b.i32(number)));
    const caller = g.build("()i", (b) => {
      const params = signatureFromKey(`(${key})i`).params;
      b.ret(call(b, callee, `(${key})i`, ...params.map((type) => b.zero(type))));
    });
    g.mem.atomicStore(address, caller);
    // Long enough for the other thread to call before this service ends.
    const end = performance.now() + 0.2;
    while (performance.now() < end);
    return undefined;
  });
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () => {
        times(b, b.i32(rounds), true, (i) => {
          const slot = b.variable("i32");
          b.define(slot, b.i32(0));
          until(b, true, () => {
            b.define(slot, b.mem("aswap", "i32", 0, b.addr(address), b.i32(0)));
            return b.use(slot);
          });
          check(b, b.op("eq", b.calldyn(b.use(slot), signatureFromKey("()i"), []), i));
          write(b, word(b, g, 0), b.op("add", i, b.i32(1)));
        });
      },
      () => {
        times(b, b.i32(rounds), true, (i) => {
          service(b, g, make);
          until(b, true, () => b.op("sgt", read(b, word(b, g, 0)), i));
        });
      },
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

/** Services that wait: until a time, for a permit that comes later, for one that came before. */
export const waits: Scenario = (g) => {
  const log = (n: number) => g.mem.atomicAdd(g.word(0), n);
  let sleeper = 0;
  const sleep = g.addService((c) =>
    (function* (): Steps<Effect> {
      const start = performance.now();
      yield { wait: 20 };
      if (performance.now() - start >= 19) log(1);
      sleeper = c.thread;
      yield { wait: -1 };
      sleeper = 0;
      log(10);
      unpark(g.mem, c.thread);
      yield { wait: -1 };
      log(100);
      yield { wait: 0 };
      log(1000);
    })(),
  );
  const wake = g.addService((c) => {
    if (sleeper !== 0) unpark(g.mem, sleeper);
    c.returnI32(sleeper === 0 ? 0 : 1);
    return undefined;
  });
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () =>
        until(b, true, () => {
          service(b, g, wake);
          return serviceI32(b);
        }),
      () => service(b, g, sleep),
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

/** Host functions that fail, at once and after they slept, become exceptions of the guest. */
export const failures: Scenario = (g, [threads = 1, rounds = 0]) => {
  const body = g.build("(i)v", (b, [me]) => {
    times(b, b.i32(rounds), true, (i) => {
      for (const name of ["fail", "failLater"]) {
        const number = b.op("add", b.op("mul", me!, b.i32(1000)), i);
        attempt(
          b,
          () => {
            callHost(b, name, "(i)v", number);
            call(b, g.checkPending, "()v");
            b.trap("user");
          },
          (exception) => {
            check(b, b.op("eq", b.load("i32", exception, PAIR_NUMBER), number));
            add(b, word(b, g, 0), b.i32(1));
          },
        );
      }
    });
    b.ret();
  });
  g.start(body, numbers(threads));
};

/** Nothing is left behind: word 0 is the number of handles of the VM thread after many calls, less those before. */
export const handles: Scenario = (g, [rounds = 0]) => {
  const sig = signatureFromKey("(rri)r");
  const some = g.addService((c) => build(g, c, sig, 3));
  const fails = g.addService((c) => {
    c.handle(g.allocatePair(1));
    throw new GuestError(3);
  });
  const count = g.addService((c) => {
    c.returnI32(g.vm.roots.size);
    return undefined;
  });
  const body = g.build("(i)v", (b) => {
    service(b, g, count);
    const before = serviceI32(b);
    times(b, b.i32(rounds), true, () => {
      service(b, g, some, [b.nullRef()]);
      attempt(
        b,
        () => service(b, g, fails),
        () => {},
      );
    });
    service(b, g, count);
    write(b, word(b, g, 0), b.op("sub", serviceI32(b), before));
    b.ret();
  });
  g.start(body, [0]);
};

/** Bugs of ours, by kind: the VM has to end with a report. */
export const BUGS = [
  "a service throws",
  "a service throws after an upcall",
  "there is no service",
  "a host function throws",
  "a function cannot be compiled",
  "a host function throws after it slept",
  "a trap of WebAssembly",
] as const;

export const bug: Scenario = (g, [kind = 0]) => {
  const nothing = g.build("(i)v", (b) => b.ret());
  const bad = g.build("(i)v", () => {
    throw new Error("this body cannot be made");
  });
  const throws = g.addService(() => {
    throw new TypeError("a bug in a service");
  });
  const later = g.addService(() =>
    (function* (): Steps<Effect> {
      yield* up(nothing, signatureFromKey("(i)v"), [0]);
      throw new TypeError("a bug in a service");
    })(),
  );
  const doIt = (b: Builder, me: Value): void => {
    switch (BUGS[kind]) {
      case "a service throws":
        return service(b, g, throws);
      case "a service throws after an upcall":
        return service(b, g, later);
      case "there is no service":
        return service(b, g, 9999);
      case "a host function throws":
        callHost(b, "bug", "()v");
        return;
      case "a function cannot be compiled":
        call(b, bad, "(i)v", me);
        return;
      case "a host function throws after it slept":
        callHost(b, "bugLater", "()v");
        return;
      default:
        b.unreachable();
    }
  };
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      b.op("eq", me!, b.i32(0)),
      () => {
        callHost(b, "park", "(d)i", b.f64(f64Bits(5)));
        doIt(b, me!);
      },
      // The others run, or sleep, for ever.
      () =>
        until(b, true, () => {
          when(b, b.op("eq", me!, b.i32(1)), () => {
            callHost(b, "park", "(d)i", b.f64(f64Bits(-1)));
          });
          return b.i32(0);
        }),
    );
    if (b.current !== null) b.ret();
  });
  g.start(body, [0, 1, 2]);
};
