/**
 * Functions with random control flow graphs: any block may lead to any other, so there are loops with several entries, nested ones, switches
 * with many edges to one block, and handlers that are reached from everywhere. A counter makes them end.
 */
import { type Block, Builder, Func, signature, type Value } from "#ir";
import { Random } from "../ir/seeded.ts";
import { PAIR_TYPE } from "../ir/world.ts";

export const GRAPH_SIGNATURE = signature(["i32"], "i32");
export const GRAPH_SLOT = 40;

const COLLECT = { name: "collect", signature: signature([], null), pure: false };
const RAISE = { name: "raise", signature: signature(["ref"], null), pure: false };

/** (steps) -> a number that depends on the path taken. */
export function randomGraph(seed: number): Func {
  const random = new Random(seed);
  const func = new Func(`graph${seed}`, GRAPH_SIGNATURE);
  const b = new Builder(func);
  const [steps] = b.entry() as [Value];
  const count = 2 + random.below(random.below(4) === 0 ? 40 : 12);
  const withRefs = random.below(3) > 0;
  const withHandlers = withRefs && random.below(2) === 0;
  const fuel = b.variable("i32");
  const sum = b.variable("i32");
  const wide = b.variable("i64");
  const refs = [b.variable("ref"), b.variable("ref"), b.variable("ref")];
  const inner = b.variable("iref");
  b.define(fuel, steps);
  b.define(sum, b.i32(seed));
  b.define(wide, b.i64(BigInt(seed)));

  /** A pair that holds a number. */
  const pair = (number: Value): Value => {
    const ref = b.op("alloc", b.i32(16));
    b.store(ref, 0, b.addr(PAIR_TYPE));
    b.store(ref, 12, number);
    return ref;
  };
  if (withRefs) {
    for (const ref of refs) b.define(ref, pair(b.use(sum)));
    b.define(inner, b.typed("ptradd", "iref", b.use(refs[0]!), b.i32(12)));
  }

  const blocks: Block[] = [];
  const handlers: Block[] = [];
  const exceptions: Value[] = [];
  for (let i = 0; i < count; i++) {
    if (withHandlers && random.below(5) === 0) {
      const { block, exception } = b.handlerBlock();
      handlers.push(block);
      exceptions.push(exception);
    } else {
      blocks.push(b.block());
    }
  }
  if (blocks.length === 0) blocks.push(b.block());
  const exit = b.block();
  const any = (): Block => blocks[random.below(blocks.length)]!;
  const mix = (value: Value): void => b.define(sum, b.op("add", b.op("mul", b.use(sum), b.i32(31)), value));

  const body = (number: number): void => {
    const work = b.block();
    b.define(fuel, b.op("sub", b.use(fuel), b.i32(1)));
    b.branch(b.op("slt", b.use(fuel), b.i32(0)), exit, work);
    b.switchTo(work);
    mix(b.i32(number));
    if (random.below(3) === 0) b.define(wide, b.op("mul", b.use(wide), b.i64(0x9e3779b97f4a7c15n)));
    if (random.below(4) === 0) mix(b.op("wrap", b.use(wide)));
    if (withRefs) {
      if (handlers.length > 0 && random.below(2) === 0) b.unwindTo = handlers[random.below(handlers.length)]!;
      for (let i = random.below(4); i > 0; i--) {
        const one = refs[random.below(3)]!;
        const other = refs[random.below(3)]!;
        switch (random.below(9)) {
          case 0:
            b.define(one, pair(b.use(sum)));
            break;
          case 1:
            b.op("poll");
            break;
          case 2:
            b.callhost(COLLECT, []);
            break;
          case 3:
            mix(b.load("i32", b.use(one), 12));
            break;
          case 4:
            mix(b.load("i32", b.use(inner), 0));
            break;
          case 5:
            b.define(inner, b.typed("ptradd", "iref", b.use(one), b.i32(12)));
            break;
          case 6:
            b.define(one, b.use(other));
            break;
          case 7:
            b.store(b.use(one), 8, b.use(other));
            break;
          default:
            if (b.unwindTo === null) break;
            if (random.below(2) === 0) b.op("boundscheck", b.op("and", b.use(sum), b.i32(7)), b.i32(6));
            else b.callhost(RAISE, [b.use(one)]);
        }
      }
    }
    const condition = b.op("and", b.op("ushr", b.use(sum), b.i32(random.below(20))), b.i32(1 + random.below(7)));
    switch (random.below(withHandlers ? 7 : 6)) {
      case 0:
        b.jump(any());
        break;
      case 1: {
        const targets = Array.from({ length: 1 + random.below(6) }, any);
        b.switch(condition, targets, any());
        break;
      }
      case 6:
        b.throw(b.use(refs[0]!));
        break;
      default:
        b.branch(condition, any(), any());
    }
    b.unwindTo = null;
  };

  b.jump(any());
  blocks.forEach((block, index) => {
    b.switchTo(block);
    body(index + 1);
  });
  handlers.forEach((block, index) => {
    b.switchTo(block);
    if (random.below(2) === 0) {
      // What is thrown is a pair of ours or the object of a trap.
      const isPair = b.op("eq", b.load("i32", exceptions[index]!, 0), b.i32(PAIR_TYPE));
      const yes = b.block();
      const no = b.block();
      b.branch(isPair, yes, no);
      b.switchTo(yes);
      b.define(refs[random.below(3)]!, exceptions[index]!);
      b.jump(no);
      b.switchTo(no);
    }
    body(index + 101);
  });
  b.switchTo(exit);
  if (withRefs) for (const ref of refs) mix(b.load("i32", b.use(ref), 12));
  b.ret(b.op("xor", b.use(sum), b.op("wrap", b.use(wide))));
  return b.finish();
}
