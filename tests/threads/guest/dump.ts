/** Scenario: threads that wait in all ways, and one that looks at them. */

import type { Builder, Value } from "#ir";
import { THREAD_PARKED, ThreadDump, threadCounts } from "#threads";
import { add, call, callHost, read, service, serviceI32, until, word } from "./ir.ts";
import { f64Bits } from "./numbers.ts";
import { PAIR_LOCK } from "./protocol.ts";
import type { Scenario } from "./vm.ts";

const park = (b: Builder, milliseconds: number) => callHost(b, "park", "(d)i", b.f64(f64Bits(milliseconds)));

/**
 * Threads 0 and 1 have a lock each and want the other's; 2 waits in a monitor that it entered twice, in two calls; 3 wants the
 * lock of 4, which has parked. Thread 5 asks for a dump when all are asleep. For each thread from word 8 on: waits, number of the owner of
 * what it wants, number of locks held, call of the first one; before that, at 0: threads, circles, threads of the first circle, counts.
 */
export const everyWait: Scenario = (g) => {
  const objects = [0, 1, 2, 3].map((n) => g.vm.roots.add(g.allocatePair(n)));
  const object = (n: number) => (b: Builder) => b.load("ref", b.addr(objects[n]!), 0);
  const enter = (b: Builder, n: number): Value => call(b, g.enter, "(r)v", object(n)(b));
  const exit = (b: Builder, n: number): Value => call(b, g.exit, "(r)v", object(n)(b));
  const hold = (b: Builder, n: number, inner: () => void): void => {
    const held = object(n)(b);
    call(b, g.enter, "(r)v", held);
    inner();
    call(b, g.exit, "(r)v", held);
  };
  const meet = (b: Builder, count: number) => {
    add(b, word(b, g, 7), b.i32(1));
    until(b, true, () => b.op("eq", read(b, word(b, g, 7)), b.i32(count)));
  };
  const inner = g.build("(r)v", (b, [held]) => {
    call(b, g.enter, "(r)v", held!);
    callHost(b, "wait", "(rd)i", held!, b.f64(f64Bits(0)));
    call(b, g.exit, "(r)v", held!);
    b.ret();
  });
  const records: number[] = [];
  const dump = g.addService((c) => {
    const { mem } = g;
    while (!g.vm.mutator.stopWorld());
    const seen = new ThreadDump(mem, PAIR_LOCK);
    const asleep = records.slice(0, 5).every((record) => seen.get(record)?.state === THREAD_PARKED);
    if (asleep) {
      const circles = seen.deadlocks();
      const counts = threadCounts(mem);
      const first = (circles[0] ?? []).map((each) => records.indexOf(each.thread));
      mem.i32.set([seen.threads.length, circles.length, ...first, counts.live, counts.started], g.word(0) >>> 2);
      for (const [index, record] of records.entries()) {
        const facts = seen.get(record)!;
        const held = seen.held(facts);
        const own = [facts.waits, records.indexOf(facts.owner), held.length, held[0]?.call ?? -1];
        mem.i32.set(own, g.word(8 + 4 * index) >>> 2);
      }
    }
    g.vm.mutator.resumeWorld();
    c.returnI32(asleep ? 1 : 0);
    return undefined;
  });
  const bodies: ((b: Builder) => void)[] = [
    (b) =>
      hold(b, 0, () => {
        meet(b, 2);
        enter(b, 1);
        exit(b, 1);
      }),
    (b) =>
      hold(b, 1, () => {
        meet(b, 2);
        enter(b, 0);
        exit(b, 0);
      }),
    (b) => hold(b, 2, () => call(b, inner, "(r)v", object(2)(b))),
    (b) => {
      until(b, true, () => read(b, word(b, g, 6)));
      enter(b, 3);
      exit(b, 3);
    },
    (b) =>
      hold(b, 3, () => {
        add(b, word(b, g, 6), b.i32(1));
        park(b, -1);
      }),
    (b) => {
      until(b, true, () => {
        park(b, 1);
        service(b, g, dump);
        return serviceI32(b);
      });
      callHost(b, "exit", "(i)v", b.i32(0));
    },
  ];
  const slots = bodies.map((make) =>
    g.build("(i)v", (b) => {
      make(b);
      b.ret();
    }),
  );
  for (const slot of slots) records.push(...g.start(slot, [0]));
};
