/** Scenarios: functions that run often are made again. */
import { signatureFromKey } from "#ir";
import type { Tier } from "#jit";
import { add, call, check, times, until, word } from "./ir.ts";
import type { Make, Scenario, TestVm } from "./vm.ts";

/** Functions with an id count their calls. */
const ID = 1;
/** Words: threads that came to the end, and what the scenario counts; how often a function was made for each tier. */
const DONE = 0;
const MADE = 1;

/** A function whose body depends on the tier. */
function tiered(g: TestVm, key: string, make: (tier: Tier) => Make | null): number {
  return g.code.allocate(signatureFromKey(key), ID, (id, slot, tier) => {
    g.mem.atomicAdd(g.word(MADE + tier - 1), 1);
    const found = make(tier);
    return found && g.body(key, found)(id, slot, tier);
  });
}

const constant =
  (value: number): Make =>
  (b) =>
    b.ret(b.i32(value));

/** Threads call a function until it is of the second tier, and then all the time. */
export const calls: Scenario = (g, [threads = 1]) => {
  const slot = tiered(g, "()i", constant);
  const body = g.build("(i)v", (b) => {
    until(b, true, () => b.op("eq", call(b, slot, "()i"), b.i32(2)));
    times(b, b.i32(100_000), true, () => check(b, b.op("eq", call(b, slot, "()i"), b.i32(2))));
    add(b, word(b, g, DONE), b.i32(1));
    b.ret();
  });
  g.start(
    body,
    Array.from({ length: threads }, (_, i) => i),
  );
};

/** A function that is called seldom, and loops: how often it was called before it was of the second tier. */
export const loops: Scenario = (g) => {
  const slot = tiered(g, "()i", (tier) => (b) => {
    times(b, b.i32(1_000_000), true, () => {});
    b.ret(b.i32(tier));
  });
  const body = g.build("(i)v", (b) => {
    until(b, true, () => {
      add(b, word(b, g, DONE), b.i32(1));
      return b.op("eq", call(b, slot, "()i"), b.i32(2));
    });
    b.ret();
  });
  g.start(body, [0]);
};

/** What has nothing better to offer stays, and is not asked again. */
export const nothingBetter: Scenario = (g) => {
  const slot = tiered(g, "()i", (tier) => (tier === 1 ? constant(1) : null));
  const body = g.build("(i)v", (b) => {
    const made = (): ReturnType<typeof call> => b.mem("aload", "i32", 0, word(b, g, MADE + 1));
    until(b, true, () => {
      check(b, b.op("eq", call(b, slot, "()i"), b.i32(1)));
      return made();
    });
    times(b, b.i32(100_000), true, () => check(b, b.op("eq", call(b, slot, "()i"), b.i32(1))));
    b.ret();
  });
  g.start(body, [0]);
};

/** A function is hot when there is no memory for more code: it goes on as it is. */
export const noMemory: Scenario = (g) => {
  const slot = tiered(g, "()i", constant);
  const fill = g.addService(() => {
    for (let bytes = 1 << 20; bytes >= 8; bytes >>= 1) while (g.heap.tryMalloc(bytes) !== 0);
    return undefined;
  });
  const body = g.build("(i)v", (b) => {
    // All that is called has code by then.
    check(b, b.op("eq", call(b, slot, "()i"), b.i32(1)));
    b.call(g.service, SERVICE, [b.i32(fill), b.i32(0), b.i32(0)]);
    until(b, true, () => {
      check(b, b.op("eq", call(b, slot, "()i"), b.i32(1)));
      return b.mem("aload", "i32", 0, word(b, g, MADE + 1));
    });
    times(b, b.i32(1_000_000), true, () => check(b, b.op("eq", call(b, slot, "()i"), b.i32(1))));
    b.ret();
  });
  g.start(body, [0]);
};

/** A function that has become hot is redefined all the time: it is never what it was before. */
export const redefined: Scenario = (g, [rounds = 0]) => {
  const version = (round: number) => (tier: Tier) => constant(2 * round + tier - 1);
  const slot = tiered(g, "()i", version(0));
  let round = 0;
  const change = g.addService(() => {
    round++;
    const make = version(round);
    g.code.redefine([[slot, (id, self, tier) => g.body("()i", make(tier))(id, self, tier)]]);
    return undefined;
  });
  const body = g.build("(i)v", (b, [me]) => {
    const last = b.variable("i32");
    b.define(last, b.i32(0));
    const [changes, looks] = [b.block(), b.block()];
    b.branch(me!, changes, looks);
    b.switchTo(changes);
    times(b, b.i32(rounds), true, () => {
      times(b, b.i32(2000), true, () => void call(b, slot, "()i"));
      b.call(g.service, SERVICE, [b.i32(change), b.i32(0), b.i32(0)]);
    });
    b.ret();
    b.switchTo(looks);
    until(b, true, () => {
      const now = call(b, slot, "()i");
      check(b, b.op("sge", now, b.use(last)));
      b.define(last, now);
      return b.op("eq", now, b.i32(2 * rounds + 1));
    });
    add(b, word(b, g, DONE), b.i32(1));
    b.ret();
  });
  g.start(body, [0, 1]);
};
const SERVICE = signatureFromKey("(iii)v");
