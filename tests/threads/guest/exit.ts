/** Scenarios: the VM exits while threads do all kinds of things. */
import { exitVm } from "#threads";
import type { Steps } from "#vm";
import { callHost, pair, service, times, until, when, word, write } from "./ir.ts";
import { f64Bits } from "./numbers.ts";
import type { Effect, Scenario } from "./vm.ts";

/** Who ends it: first argument. */
export const ENDERS = ["a thread", "a service", "the host"] as const;

/**
 * Some threads for each thing a thread can do: compute, allocate, ask, sleep, wait for a permit, wait in a service, fight for a lock. One
 * more, or who else was chosen, ends the VM with code 42 after so many microseconds.
 */
export const everything: Scenario = (g, [ender = 0, microseconds = 0, each = 1]) => {
  const nothing = g.addService(() => undefined);
  const waits = g.addService(() =>
    (function* (): Steps<Effect> {
      yield { wait: -1 };
    })(),
  );
  const ends = g.addService(() => {
    exitVm(g.mem, 42);
    return undefined;
  });
  const body = g.build("(i)v", (b, [me]) => {
    const shared = () => b.load("ref", b.addr(g.words + 8), 0);
    const forever = (action: () => void) => () =>
      until(b, true, () => {
        action();
        return b.i32(0);
      });
    const ways = [
      forever(() => {}),
      forever(() => pair(b, g, b.nullRef(), b.nullRef(), b.i32(1))),
      forever(() => service(b, g, nothing)),
      forever(() => callHost(b, "park", "(d)i", b.f64(f64Bits(0.5)))),
      forever(() => callHost(b, "park", "(d)i", b.f64(f64Bits(-1)))),
      forever(() => service(b, g, waits)),
      forever(() => {
        callHost(b, "enter", "(r)v", shared());
        times(b, b.i32(1000), true, () => {});
        callHost(b, "exitMonitor", "(r)i", shared());
      }),
      () => {
        callHost(b, "park", "(d)i", b.f64(f64Bits(microseconds / 1000)));
        if (ENDERS[ender] === "a thread") callHost(b, "exit", "(i)v", b.i32(42));
        else if (ENDERS[ender] === "a service") service(b, g, ends);
        else write(b, word(b, g, 0), b.i32(1));
        until(b, true, () => b.i32(0));
      },
    ];
    for (const [number, way] of ways.entries()) when(b, b.op("eq", me!, b.i32(number)), way);
    b.ret();
  });
  const numbers = Array.from({ length: 7 * each }, (_, i) => i % 7);
  g.start(body, [...numbers, 7]);
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
