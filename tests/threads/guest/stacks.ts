/** Scenarios: what a walk over a stack finds. */
import { Builder, Func, signatureFromKey } from "#ir";
import { callHost, check, pair, word } from "./ir.ts";
import { PAIR_NUMBER } from "./protocol.ts";
import type { Scenario, TestVm } from "./vm.ts";

/** A function () -> () of an id. */
function numbered(g: TestVm, id: number, make: (b: Builder) => void): number {
  const sig = signatureFromKey("()v");
  return g.code.allocate(sig, id, () => {
    const b = new Builder(new Func(`numbered ${id}`, sig, id));
    b.entry();
    make(b);
    b.ret();
    return b.finish();
  });
}

function callAt(b: Builder, pos: number, slot: number): void {
  b.pos = pos;
  b.call(slot, signatureFromKey("()v"), []);
}

/**
 * Calls of functions 11, 12 and 14, with 13 expanded in 12 and 15 expanded in 13, through frames with areas and references. The ids and positions of all calls,
 * as a host function called by 14 finds them, go to the words from 0 on.
 */
export const walk: Scenario = (g) => {
  const leaf = numbered(g, 14, (b) => {
    b.pos = 99;
    callHost(b, "walk", "(a)v", word(b, g, 0));
  });
  const middle = numbered(g, 12, (b) => {
    b.store(b.stackaddr(b.frameArea(40)), 36, b.i32(1));
    const inner = b.func.inlinedPosition(13, 7, 5);
    callAt(b, b.func.inlinedPosition(15, 0, inner), leaf);
  });
  const outer = numbered(g, 11, (b) => {
    const kept = pair(b, g, b.nullRef(), b.nullRef(), b.i32(4));
    callAt(b, 2, leaf);
    callAt(b, 3, middle);
    check(b, b.op("eq", b.load("i32", kept, PAIR_NUMBER), b.i32(4)));
  });
  const body = g.build("(i)v", (b) => {
    callAt(b, 1, outer);
    b.ret();
  });
  g.start(body, [0]);
};
