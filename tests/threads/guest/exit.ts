/** Scenarios: the VM exits while threads do all kinds of things. */
import { type Builder, signatureFromKey, type Value } from "#ir";
import { exitVm } from "#threads";
import type { Steps } from "#vm";
import { call, callHost, check, pair, read, service, serviceI32, times, until, when, word, write } from "./ir.ts";
import { f64Bits } from "./numbers.ts";
import type { Effect, Scenario } from "./vm.ts";

/** Who ends it: first argument. */
export const ENDERS = ["a thread", "a service", "the host", "an exception", "the end of all threads"] as const;

/** How many ways a thread of `everything` can spend its time in. */
const WAYS = 10;

/**
 * Some threads for each thing a thread can do: compute, allocate, ask, sleep, wait for a permit, wait in a service, fight for a lock, have
 * code made, collect, start others. One more, or who else was chosen, ends the VM after so many microseconds: see `ENDERS`.
 */
export const everything: Scenario = (g, [ender = 0, microseconds = 0, each = 1]) => {
  const lasts = ENDERS[ender] === "the end of all threads";
  const nothing = g.addService(() => undefined);
  const waits = g.addService(() =>
    (function* (): Steps<Effect> {
      yield { wait: lasts ? 1 : -1 };
    })(),
  );
  const ends = g.addService(() => {
    exitVm(g.mem, 42);
    return undefined;
  });
  const fresh = g.addService((c) => {
    c.returnI32(g.build("()i", (b) => b.ret(b.i32(7))));
    return undefined;
  });
  const short = g.build("(i)v", (b, [n]) => {
    pair(b, g, b.nullRef(), b.nullRef(), n!);
    b.ret();
  });
  const over = (b: Builder): Value => (lasts ? read(b, word(b, g, 0)) : b.i32(0));
  const body = g.build("(i)v", (b, [me]) => {
    const shared = () => b.load("ref", b.addr(g.words + 8), 0);
    const forever = (action: () => void) => () =>
      until(b, true, () => {
        action();
        return over(b);
      });
    const ways = [
      forever(() => {}),
      forever(() => pair(b, g, b.nullRef(), b.nullRef(), b.i32(1))),
      forever(() => service(b, g, nothing)),
      forever(() => callHost(b, "park", "(d)i", b.f64(f64Bits(0.5)))),
      forever(() => callHost(b, "park", "(d)i", b.f64(f64Bits(lasts ? 1 : -1)))),
      forever(() => service(b, g, waits)),
      forever(() => {
        callHost(b, "enter", "(r)v", shared());
        times(b, b.i32(1000), true, () => {});
        callHost(b, "exitMonitor", "(r)i", shared());
      }),
      forever(() => {
        service(b, g, fresh);
        check(b, b.op("eq", b.calldyn(serviceI32(b), signatureFromKey("()i"), []), b.i32(7)));
      }),
      forever(() => {
        callHost(b, "collect", "()v");
        callHost(b, "park", "(d)i", b.f64(f64Bits(0.2)));
      }),
      forever(() => {
        callHost(b, "start", "(ii)a", b.i32(short), me!);
        call(b, g.checkPending, "()v");
        callHost(b, "park", "(d)i", b.f64(f64Bits(0.3)));
      }),
      () => {
        callHost(b, "park", "(d)i", b.f64(f64Bits(microseconds / 1000)));
        if (ENDERS[ender] === "a thread") callHost(b, "exit", "(i)v", b.i32(42));
        else if (ENDERS[ender] === "a service") service(b, g, ends);
        else if (ENDERS[ender] === "an exception") b.trap("user");
        else write(b, word(b, g, 0), b.i32(1));
        if (b.current !== null) until(b, true, () => over(b));
      },
    ];
    for (const [number, way] of ways.entries()) when(b, b.op("eq", me!, b.i32(number)), way);
    b.ret();
  });
  const numbers = Array.from({ length: WAYS * each }, (_, i) => i % WAYS);
  g.start(body, [...numbers, WAYS]);
};

/** Two threads exit at once with different codes. */
export const race: Scenario = (g) => {
  const body = g.build("(i)v", (b, [me]) => {
    callHost(b, "exit", "(i)v", b.op("add", me!, b.i32(300)));
    write(b, word(b, g, 0), b.i32(1));
    until(b, true, () => b.i32(0));
    b.ret();
  });
  g.start(body, [0, 1]);
};
