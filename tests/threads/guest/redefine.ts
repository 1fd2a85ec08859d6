/** Scenarios: slots get other functions while they are called. */
import { signatureFromKey } from "#ir";
import { add, call, check, service, serviceI32, times, until, when, word, write } from "./ir.ts";
import type { Make, Scenario } from "./vm.ts";

/** Makes functions () -> i32 that return the constant. */
const constant =
  (value: number): Make =>
  (b) =>
    b.ret(b.i32(value));

/**
 * Thread 0 calls a function in a loop until it gives 2. Thread 1 has it redefined when the loop is under way. With `polls` the loop has one;
 * without, only the entry of what it calls is a place to stop.
 */
export const loop: Scenario = (g, [polls = 0]) => {
  const slot = g.build("()i", constant(1));
  // The call inside makes the function one that checks the stack.
  const calls = g.build("()i", (b) => b.ret(call(b, slot, "()i")));
  const change = g.addService(() => {
    g.code.redefine([[slot, g.body("()i", constant(2))]]);
    return undefined;
  });
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () => {
        until(b, true, () => b.op("sgt", b.mem("aload", "i32", 0, word(b, g, 0)), b.i32(1000)));
        service(b, g, change);
        check(b, b.op("eq", call(b, calls, "()i"), b.i32(2)));
      },
      () =>
        until(b, polls !== 0, () => {
          add(b, word(b, g, 0), b.i32(1));
          return b.op("eq", call(b, calls, "()i"), b.i32(2));
        }),
    );
    b.ret();
  });
  g.start(body, [0, 1]);
};

/**
 * A function that is called all the time is redefined `rounds` times: it returns the round's number. Thread 0 changes it and then sees the new one
 * at once; the others never see an older one than before, and end when they see the last.
 */
export const many: Scenario = (g, [rounds = 0, threads = 2]) => {
  let round = 0;
  const slot = g.build("()i", constant(0));
  const twice = g.build("()i", (b) => b.ret(b.op("add", call(b, slot, "()i"), call(b, slot, "()i"))));
  const change = g.addService((c) => {
    round++;
    const next = g.body("()i", constant(round));
    // The caller's code is made anew too, from the same body.
    g.code.redefine(round % 3 === 0 ? [[slot, next], [twice]] : [[slot, next]]);
    c.returnI32(round);
    return undefined;
  });
  const body = g.build("(i)v", (b, [me]) => {
    when(
      b,
      me!,
      () => {
        const last = b.variable("i32");
        b.define(last, b.i32(0));
        until(b, true, () => {
          const now = call(b, slot, "()i");
          check(b, b.op("sge", now, b.use(last)));
          check(b, b.op("sge", call(b, twice, "()i"), b.op("shl", now, b.i32(1))));
          b.define(last, now);
          return b.op("eq", now, b.i32(rounds));
        });
        add(b, word(b, g, 0), b.i32(1));
      },
      () => {
        times(b, b.i32(rounds), true, () => {
          service(b, g, change);
          const now = serviceI32(b);
          check(b, b.op("eq", call(b, slot, "()i"), now));
          check(b, b.op("eq", call(b, twice, "()i"), b.op("add", now, now)));
        });
        write(b, word(b, g, 1), call(b, slot, "()i"));
      },
    );
    b.ret();
  });
  g.start(
    body,
    Array.from({ length: threads }, (_, i) => i),
  );
};

/** The function that is being made for its first call is redefined by its own maker; what was made is not used. */
export const whileMade: Scenario = (g) => {
  let made = 0;
  const slot: number = g.code.allocate(signatureFromKey("()i"), 0, (id, self) => {
    made++;
    if (made === 1) g.code.redefine([[self]]);
    return g.body("()i", constant(made))(id, self, 1);
  });
  const body = g.build("(i)v", (b) => {
    write(b, word(b, g, 0), call(b, slot, "()i"));
    b.ret();
  });
  g.start(body, [0]);
};

/** A function redefines itself while it runs: it goes on as it is, and the next call is another one. */
export const itself: Scenario = (g) => {
  const change = g.addService(() => {
    g.code.redefine([[slot, g.body("()i", constant(7))]]);
    return undefined;
  });
  const slot: number = g.build("()i", (b) => {
    service(b, g, change);
    b.ret(b.op("mul", call(b, slot, "()i"), b.i32(10)));
  });
  const body = g.build("(i)v", (b) => {
    write(b, word(b, g, 0), call(b, slot, "()i"));
    write(b, word(b, g, 1), call(b, slot, "()i"));
    b.ret();
  });
  g.start(body, [0]);
};
