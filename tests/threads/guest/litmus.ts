/**
 * Scenarios: litmus tests, small concurrent programs and how often each of their outcomes occurs.
 *
 * A program is text: threads separated by `|`, each a row of accesses. Locations are `x` and `y`; in capitals an access is atomic, else plain.
 *   x=1     store        r0=y    load into register 0        fence, afence        x+1     store by exchange        X~1     release store
 * All locations are 0 at first. An outcome is the digits of registers 0, 1, … and then of the locations that `finals` names.
 */
import type { Builder, Value } from "#ir";
import { call, callHost, check, pair, read, times, until, when, word, write } from "./ir.ts";
import { f64Bits } from "./numbers.ts";
import { PAIR_A, PAIR_B, PAIR_LOCK, PAIR_NUMBER } from "./protocol.ts";
import type { Scenario, TestVm } from "./vm.ts";

export interface Litmus {
  readonly name: string;
  readonly program: string;
  readonly finals?: string;
  /** Outcomes that must never occur, as a pattern. */
  readonly never?: RegExp;
  /** The outcome that no interleaving of the accesses has and that may occur: counted, to show that the test could see it. */
  readonly relaxed?: RegExp;
}

export const LITMUS: readonly Litmus[] = [
  { name: "store buffering, plain", program: "x=1 r0=y | y=1 r1=x", relaxed: /^00/ },
  { name: "store buffering, atomic", program: "X=1 r0=Y | Y=1 r1=X", never: /^00/ },
  { name: "store buffering, plain with fences", program: "x=1 fence r0=y | y=1 fence r1=x", never: /^00/ },
  { name: "store buffering, exchanges", program: "X+1 r0=Y | Y+1 r1=X", never: /^00/ },
  { name: "store buffering, only the loads atomic", program: "x=1 r0=Y | y=1 r1=X", relaxed: /^00/ },
  { name: "message passing, plain", program: "x=1 y=1 | r0=y r1=x", relaxed: /^10/ },
  { name: "message passing, atomic flag", program: "x=1 Y=1 | r0=Y r1=x", never: /^10/ },
  { name: "message passing, exchanged flag", program: "x=1 Y+1 | r0=Y r1=x", never: /^10/ },
  { name: "message passing, released flag", program: "x=1 Y~1 | r0=Y r1=x", never: /^10/ },
  { name: "store buffering, release", program: "X~1 r0=Y | Y~1 r1=X", relaxed: /^00/ },
  { name: "load buffering, release", program: "r0=x Y~1 | r1=y X~1", never: /^11/ },
  { name: "message passing, plain with fences", program: "x=1 fence y=1 | r0=y fence r1=x", never: /^10/ },
  { name: "message passing, plain with light fences", program: "x=1 afence y=1 | r0=y afence r1=x", never: /^10/ },
  { name: "load buffering, plain with light fences", program: "r0=x afence y=1 | r1=y afence x=1", never: /^11/ },
  { name: "store buffering, plain with light fences", program: "x=1 afence r0=y | y=1 afence r1=x", relaxed: /^00/ },
  { name: "load buffering, plain", program: "r0=x y=1 | r1=y x=1", relaxed: /^11/ },
  { name: "load buffering, atomic", program: "r0=X Y=1 | r1=Y X=1", never: /^11/ },
  { name: "coherence of two loads, atomic", program: "X=1 | r0=X r1=X", never: /^10/ },
  { name: "coherence of two loads, plain", program: "X=1 | r0=x r1=x", relaxed: /^10/ },
  { name: "coherence of two loads, two writers", program: "X=1 | X=2 r0=X r1=X", never: /^(21[^1]|12|0)/, finals: "x" },
  { name: "two stores each, atomic", program: "X=1 Y=2 | Y=1 X=2", finals: "xy", never: /^11/ },
  { name: "two stores each, plain", program: "x=1 y=2 | y=1 x=2", finals: "xy", relaxed: /^11/ },
  { name: "a store read and a store, atomic", program: "X=1 Y=1 | Y=2 r0=X", finals: "y", never: /^02/ },
  { name: "write to read causality", program: "X=1 | r0=X Y=1 | r1=Y r2=x", never: /^110/ },
  { name: "independent reads of independent writes", program: "X=1 | Y=1 | r0=X r1=Y | r2=Y r3=X", never: /^1010/ },
];

/** Words of the counts of a program's outcomes, a digit of base 3 for each observation, at most four. Those of the next program follow. */
export const OUTCOMES = 81;
/** Word of the other scenarios: what to do is over. */
const STOP = 0;

const SLOTS = 512;
const LINE = 64;
const LOCATIONS = "xy";
/** Each location has a cache line of its own. */
const SLOT_BYTES = LINE * LOCATIONS.length;
const REGISTERS = 4;

/** What the digits of an outcome are, of a program. */
export function observations({ program, finals = "" }: Litmus): number {
  return new Set(program.match(/r\d/g) ?? []).size + finals.length;
}

/** The outcomes of a program that occurred, as digits, with their counts; `position` among those that were run. */
export function outcomes(litmus: Litmus, words: Int32Array, position: number): Map<string, number> {
  const digits = observations(litmus);
  const found = new Map<string, number>();
  for (let outcome = 0; outcome < 3 ** digits; outcome++) {
    const count = words[OUTCOMES * position + outcome]!;
    if (count !== 0) found.set(outcome.toString(3).padStart(digits, "0"), count);
  }
  return found;
}

/**
 * Runs programs of LITMUS, by their numbers, one after the other, for so many milliseconds each. The threads meet before every round when each
 * has a core (1), or before every batch of rounds (0).
 */
export const litmus: Scenario = (g, [milliseconds = 0, meets = 1, ...numbers]) => {
  const threads = Math.max(...numbers.map((number) => threadsOf(LITMUS[number]!)));
  const bodies = numbers.map((number, position) => program(g, LITMUS[number]!, position, milliseconds, meets !== 0));
  const body = g.build("(i)v", (b, [me]) => {
    for (const [position, number] of numbers.entries()) {
      when(b, b.op("slt", me!, b.i32(threadsOf(LITMUS[number]!))), () => call(b, bodies[position]!, "(i)v", me!));
    }
    b.ret();
  });
  g.start(
    body,
    Array.from({ length: threads }, (_, i) => i),
  );
};

/** How many threads a program has. */
export function threadsOf({ program }: Litmus): number {
  return program.split("|").length;
}

/** The function of a program, for the thread of a number. */
function program(g: TestVm, test: Litmus, position: number, milliseconds: number, meets: boolean): number {
  const threads = test.program.split("|").map((text) => text.trim().split(/ +/));
  const slots = g.heap.malloc((SLOTS + 1) * SLOT_BYTES);
  const start = (slots + LINE - 1) & -LINE;
  const results = g.heap.malloc(SLOTS * REGISTERS * 4);
  const flags = (g.heap.malloc((2 * threads.length + 3) * LINE) + LINE - 1) & -LINE;
  const arrived = (thread: number): number => flags + LINE * thread;
  const finished = (thread: number): number => flags + LINE * (threads.length + thread);
  /** Whether it is over; and batches that may begin. */
  const stop = flags + 2 * LINE * threads.length;
  const go = stop + LINE;
  g.mem.u8.fill(0, start, start + SLOTS * SLOT_BYTES);
  g.mem.u8.fill(0, flags, go + LINE);

  return g.build("(i)v", (b, [me]) => {
    const others = (thread: number, where: (n: number) => number, round: Value): void => {
      for (let other = 0; other < threads.length; other++) {
        if (other === thread) continue;
        until(b, true, () => b.op("sge", read(b, b.addr(where(other))), round));
      }
    };
    for (const [thread, steps] of threads.entries()) {
      when(b, b.op("eq", me!, b.i32(thread)), () => {
        const batch = b.variable("i32");
        const deadline = b.op("fadd", callHost(b, "now", "()d"), b.f64(f64Bits(milliseconds)));
        b.define(batch, b.i32(0));
        until(b, true, () => {
          const first = b.op("mul", b.use(batch), b.i32(SLOTS + 1));
          const meet = (i: Value): void => {
            const round = b.op("add", first, b.op("add", i, b.i32(1)));
            write(b, b.addr(arrived(thread)), round);
            others(thread, arrived, round);
          };
          meet(b.i32(0));
          times(b, b.i32(SLOTS), false, (i) => {
            if (meets) meet(b.op("add", i, b.i32(1)));
            const slot = b.typed("ptradd", "addr", b.addr(start), b.op("mul", i, b.i32(SLOT_BYTES)));
            const result = b.typed("ptradd", "addr", b.addr(results), b.op("mul", i, b.i32(4 * REGISTERS)));
            const registers: [string, Value][] = [];
            for (const step of steps) run(b, step, slot, registers);
            for (const [name, value] of registers) b.mem("store", null, 4 * Number(name.slice(1)), result, value);
          });
          b.define(batch, b.op("add", b.use(batch), b.i32(1)));
          write(b, b.addr(finished(thread)), b.use(batch));
          if (thread === 0) {
            others(thread, finished, b.use(batch));
            count(b, test, start, results, g.word(OUTCOMES * position));
            const over = b.op("fle", deadline, callHost(b, "now", "()d"));
            write(b, b.addr(stop), over);
            write(b, b.addr(go), b.use(batch));
            return over;
          }
          until(b, true, () => b.op("sge", read(b, b.addr(go)), b.use(batch)));
          return read(b, b.addr(stop));
        });
      });
    }
    b.ret();
  });
}

/** One access of a program. */
function run(b: Builder, step: string, slot: Value, registers: [string, Value][]): void {
  if (step === "fence" || step === "afence") return void b.op(step);
  const store = /^([xyXY])=(\d)$/.exec(step);
  const load = /^(r\d)=([xyXY])$/.exec(step);
  const swap = /^([XY])\+(\d)$/.exec(step);
  const release = /^([XY])~(\d)$/.exec(step);
  const name = store?.[1] ?? load?.[2] ?? swap?.[1] ?? release?.[1];
  if (name === undefined) throw new Error(`no access: ${step}`);
  const offset = LINE * LOCATIONS.indexOf(name.toLowerCase());
  const atomic = name !== name.toLowerCase();
  if (load !== null) registers.push([load[1]!, b.mem(atomic ? "aload" : "load", "i32", offset, slot)]);
  else if (swap !== null) b.mem("aswap", "i32", offset, slot, b.i32(Number(swap[2])));
  else if (release !== null) b.mem("rstore", null, offset, slot, b.i32(Number(release[2])));
  else b.mem(atomic ? "astore" : "store", null, offset, slot, b.i32(Number(store![2])));
}

/** Counts the outcomes of a batch, and makes the locations 0 again. */
function count(b: Builder, test: Litmus, start: number, results: number, counts: number): void {
  const registers = observations(test) - (test.finals ?? "").length;
  times(b, b.i32(SLOTS), false, (i) => {
    const slot = b.typed("ptradd", "addr", b.addr(start), b.op("mul", i, b.i32(SLOT_BYTES)));
    const result = b.typed("ptradd", "addr", b.addr(results), b.op("mul", i, b.i32(4 * REGISTERS)));
    const seen = Array.from({ length: registers }, (_, r) => b.load("i32", result, 4 * r));
    for (const name of test.finals ?? "") seen.push(b.load("i32", slot, LINE * LOCATIONS.indexOf(name)));
    let outcome = b.i32(0);
    for (const digit of seen) outcome = b.op("add", b.op("mul", outcome, b.i32(3)), digit);
    const at = b.typed("ptradd", "addr", b.addr(counts), b.op("shl", outcome, b.i32(2)));
    b.mem("store", null, 0, at, b.op("add", b.load("i32", at, 0), b.i32(1)));
    for (let k = 0; k < LOCATIONS.length; k++) b.mem("store", null, LINE * k, slot, b.i32(0));
  });
}

/** Until the deadline, or until the other has stopped: the body. The first thread to come to the end stops the other. */
function forMilliseconds(b: Builder, g: TestVm, milliseconds: number, body: () => void): void {
  const deadline = b.op("fadd", callHost(b, "now", "()d"), b.f64(f64Bits(milliseconds)));
  until(b, true, () => {
    times(b, b.i32(1000), true, body);
    const over = b.op("fle", deadline, callHost(b, "now", "()d"));
    when(b, over, () => write(b, word(b, g, STOP), b.i32(1)));
    return read(b, word(b, g, STOP));
  });
}

/** How a value of 64 bits, or words that are copied, may be seen half written: number of the argument of `tearing`. */
export const TEARING = [
  "long, plain",
  "long, atomic",
  "double, plain",
  "word, plain",
  "words that are copied",
] as const;

/** Word: values of which one half was old. Word: how often the value had changed. */
export const TORN = 2;
export const CHANGES = 3;

/** One thread writes all zeros and all ones in turns, one reads. */
export const tearing: Scenario = (g, [way = 0, milliseconds = 0]) => {
  // 12 bytes before a line's end: the copied words lie in two lines.
  const at =
    ((g.heap.malloc(4 * LINE) + LINE - 1) & -LINE) + (TEARING[way] === "words that are copied" ? LINE - 12 : 0);
  const source = g.heap.malloc(128);
  const COPIED = 7;
  g.mem.u8.fill(0, at, at + 64);
  g.mem.u8.fill(0, source, source + 64);
  g.mem.u8.fill(255, source + 64, source + 128);
  const put = (b: Builder, ones: Value): void => {
    const bits = b.op("sub", b.i64(0n), b.op("zext", ones));
    switch (TEARING[way]) {
      case "long, plain":
        return void b.mem("store", null, 0, b.addr(at), bits);
      case "long, atomic":
        return void b.mem("astore", null, 0, b.addr(at), bits);
      case "double, plain":
        return void b.mem("store", null, 0, b.addr(at), b.typed("bits", "f64", bits));
      case "word, plain":
        return void b.mem("store", null, 0, b.addr(at), b.op("wrap", bits));
      default: {
        const from = b.typed("ptradd", "addr", b.addr(source), b.op("mul", ones, b.i32(64)));
        b.op("copy", b.addr(at), from, b.i32(4 * COPIED));
      }
    }
  };
  /** 0 or -1 when nothing is torn. */
  const get = (b: Builder, i: Value): Value => {
    switch (TEARING[way]) {
      case "long, plain":
        return b.load("i64", b.addr(at), 0);
      case "long, atomic":
        return b.mem("aload", "i64", 0, b.addr(at));
      case "double, plain":
        return b.typed("bits", "i64", b.load("f64", b.addr(at), 0));
      case "word, plain":
        return b.op("sext", b.load("i32", b.addr(at), 0));
      default: {
        const index = b.op("urem", i, b.i32(COPIED));
        return b.op("sext", b.load("i32", b.typed("ptradd", "addr", b.addr(at), b.op("shl", index, b.i32(2))), 0));
      }
    }
  };
  const body = g.build("(i)v", (b, [me]) => {
    const i = b.variable("i32");
    b.define(i, b.i32(0));
    const next = (): void => b.define(i, b.op("add", b.use(i), b.i32(1)));
    when(
      b,
      me!,
      () =>
        forMilliseconds(b, g, milliseconds, () => {
          put(b, b.op("and", b.use(i), b.i32(1)));
          next();
        }),
      () => {
        const last = b.variable("i64");
        b.define(last, b.i64(0n));
        forMilliseconds(b, g, milliseconds, () => {
          const value = get(b, b.use(i));
          const whole = b.op("ule", b.op("add", value, b.i64(1n)), b.i64(1n));
          const torn = b.typed("ptradd", "addr", word(b, g, TORN), b.i32(0));
          b.mem("store", null, 0, torn, b.op("add", b.load("i32", torn, 0), b.op("eqz", whole)));
          const changed = b.op("ne", value, b.use(last));
          b.mem("store", null, 4, torn, b.op("add", b.load("i32", torn, 4), changed));
          b.define(last, value);
          next();
        });
      },
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

/** Words: objects that were seen for the first time; and rounds in which something was not as its maker had left it. */
export const SEEN = 2;
export const GARBAGE = 3;

/**
 * Publication by a race: one thread makes objects and puts them into a plain field, while the other takes what is there. The type, the
 * untouched lock word and the fields must be as their maker left them, however new the object is.
 */
export const publication: Scenario = (g, [milliseconds = 0]) => {
  const body = g.build("(i)v", (b, [me]) => {
    const shared = () => b.load("ref", b.addr(g.words + 8), 0);
    when(
      b,
      me!,
      () => {
        const i = b.variable("i32");
        b.define(i, b.i32(1));
        forMilliseconds(b, g, milliseconds, () => {
          const inner = pair(b, g, b.nullRef(), b.nullRef(), b.op("xor", b.use(i), b.i32(-1)));
          const object = pair(b, g, inner, b.nullRef(), b.use(i));
          b.store(shared(), PAIR_A, object);
          b.define(i, b.op("add", b.use(i), b.i32(1)));
        });
      },
      () => {
        const last = b.variable("i32");
        b.define(last, b.i32(0));
        const wrong = (condition: Value): void => {
          const at = word(b, g, GARBAGE);
          b.mem("store", null, 0, at, b.op("add", b.load("i32", at, 0), condition));
        };
        forMilliseconds(b, g, milliseconds, () => {
          const object = b.load("ref", shared(), PAIR_A);
          when(
            b,
            b.op("isnull", object),
            () => {},
            () => {
              const isPair = b.op("eq", b.load("i32", object, 0), b.i32(g.type));
              const number = b.load("i32", object, PAIR_NUMBER);
              const inner = b.load("ref", object, PAIR_A);
              wrong(b.op("eqz", isPair));
              wrong(b.op("ne", b.load("i32", object, PAIR_LOCK), b.i32(0)));
              wrong(b.op("eqz", b.op("isnull", b.load("ref", object, PAIR_B))));
              wrong(b.op("eqz", number));
              when(
                b,
                b.op("isnull", inner),
                () => wrong(b.i32(1)),
                () => wrong(b.op("ne", b.op("xor", b.load("i32", inner, PAIR_NUMBER), number), b.i32(-1))),
              );
              const at = word(b, g, SEEN);
              b.mem("store", null, 0, at, b.op("add", b.load("i32", at, 0), b.op("ne", number, b.use(last))));
              b.define(last, number);
            },
          );
        });
      },
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

/** A plain load in a loop sees at last what another thread has stored plainly: nothing keeps the old value in a register for ever. */
export const visibility: Scenario = (g, [rounds = 0]) => {
  const flags = g.heap.malloc(2 * LINE);
  g.mem.u8.fill(0, flags, flags + 2 * LINE);
  const body = g.build("(i)v", (b, [me]) => {
    const mine = b.typed("ptradd", "addr", b.addr(flags), b.op("mul", me!, b.i32(LINE)));
    const other = b.typed("ptradd", "addr", b.addr(flags), b.op("mul", b.op("xor", me!, b.i32(1)), b.i32(LINE)));
    times(b, b.i32(rounds), true, (i) => {
      b.mem("store", null, 0, mine, b.op("add", i, b.i32(1)));
      until(b, true, () => b.op("ugt", b.load("i32", other, 0), i));
    });
    check(b, b.op("sge", b.load("i32", other, 0), b.i32(rounds)));
    b.ret();
  });
  g.start(body, [0, 1]);
};
