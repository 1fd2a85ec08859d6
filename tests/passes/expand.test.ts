/** Calls that are expanded do what calls do, with guards that hold and guards that do not; positions; what stays a call. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cell, Fuel } from "#interp";
import { Builder, Func, type Module, parse, printFunc, removeUnreachable, type Type, verify } from "#ir";
import { expandCalls, isExpandable } from "#passes";
import { CompiledTier } from "../ir/compiled.ts";
import { randomProgram } from "../ir/random.ts";
import { InterpreterTier } from "../ir/tiers.ts";
import { SCRATCH } from "../ir/world.ts";

/** Words between the tests' scratch area and the objects of traps. */
const HOLDS = 0x9f000;
const BROKEN = 0x9f004;
const FUEL = 200_000;
const LIMITS = { size: 1000, growth: 3000, depth: 3 };
/** Slots of the functions that call each function of a program twice. */
const FIRST_CALLER = 300;

/** The program, and for each of its functions one that calls it twice. */
function withCallers(seed: number): Module {
  const { hosts, functions } = randomProgram(seed);
  const callers = functions.map(({ func, slot }, index) => {
    removeUnreachable(func);
    const b = new Builder(new Func(`caller ${index}`, func.signature, 9));
    const params = b.entry();
    b.call(slot!, func.signature, params);
    const result = b.call(slot!, func.signature, params);
    if (func.signature.result === null) b.ret();
    else b.ret(result);
    return { func: b.finish(), slot: FIRST_CALLER + index };
  });
  return { hosts, functions: [...functions, ...callers] };
}

/** Where an object lies is not compared. */
const plain = (outcome: string, func: Func): string =>
  ["ref", "iref", "addr"].includes(func.signature.result ?? "") ? outcome.replace(/^== [1-9].*/, "== object") : outcome;

function argument(type: Type): Cell {
  if (type === "i64" || type === "f64") return 0x40123456789abcden;
  return type === "addr" ? SCRATCH : type === "i32" || type === "f32" ? 7 : 0;
}

test("functions of random programs, expanded in others", () => {
  const compiled = new CompiledTier();
  let expanded = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const original = withCallers(seed);
    const bySlot = new Map(withCallers(seed).functions.map(({ slot, func }) => [slot, func]));
    for (const { func, slot } of original.functions) {
      if (
        slot! < FIRST_CALLER ||
        !isExpandable(bySlot.get(original.functions[slot! - FIRST_CALLER]!.slot)!, LIMITS.size)
      )
        continue;
      const args = func.signature.params.map(argument);
      const oracle = new InterpreterTier(FUEL);
      oracle.load(original);
      let expected: string;
      try {
        expected = plain(oracle.run(slot!, func.signature, args), func);
      } catch (error) {
        if (error instanceof Fuel) continue;
        throw error;
      }
      for (const guard of [0, HOLDS, BROKEN]) {
        const module = withCallers(seed);
        const caller = module.functions.find((each) => each.slot === slot)!.func;
        expanded += expandCalls(caller, { functionAt: (at) => bySlot.get(at) ?? null, guardOf: () => guard }, LIMITS);
        verify(caller, "expand");
        const tier = new InterpreterTier();
        tier.load(module);
        compiled.forget();
        compiled.load(module);
        for (const each of [tier, compiled]) {
          each.world.setWord(HOLDS, 0);
          each.world.setWord(BROKEN, 1);
          each.world.stress = seed % 2 === 0;
          assert.equal(
            plain(each.run(slot!, func.signature, args), func),
            expected,
            `seed ${seed}, guard ${guard}, ${each.name}\n${printFunc(caller)}`,
          );
        }
      }
    }
  }
  assert.ok(expanded > 150, `only ${expanded} calls were expanded`);
});

const FIB = `func @fib slot 1 id 5(v0: i32) -> i32 {
b0:
  v1 = const.i32 2
  v2 = slt v0, v1
  branch v2, b1, b2
b1:
  return v0
b2:
  v3 = const.i32 1
  v4 = sub v0, v3
  v5 = call %1 "(i)i" (v4) at 10
  v6 = sub v0, v1
  v7 = call %1 "(i)i" (v6) at 11
  v8 = add v5, v7 at 12
  return v8 at 13
}
`;

const fib = (): Func => parse(FIB).functions[0]!.func;

test("a function is expanded in itself, up to a size", () => {
  const func = fib();
  const count = expandCalls(func, { functionAt: () => fib(), guardOf: () => HOLDS });
  verify(func);
  assert.ok(count > 10 && count < 70, `${count}`);
  const tier = new InterpreterTier();
  tier.load({ hosts: [], functions: [{ func, slot: 1 }] });
  tier.world.setWord(HOLDS, 0);
  assert.equal(tier.run(1, func.signature, [20]), "== 6765");
  // A slot that holds something else now: what is called is what it holds.
  tier.load({
    hosts: [],
    functions: [
      {
        func: parse("func @one slot 1 (v0: i32) -> i32 {\nb0:\n  v1 = const.i32 1\n  return v1\n}\n").functions[0]!
          .func,
        slot: 1,
      },
      { func, slot: 2 },
    ],
  });
  tier.world.setWord(HOLDS, 1);
  assert.equal(tier.run(2, func.signature, [20]), "== 2");
});

test("positions say what was called where", () => {
  const func = fib();
  expandCalls(func, { functionAt: () => fib(), guardOf: () => 0 });
  const adds = func.blocks.flatMap((block) => block.insts).filter((inst) => inst.op === "add" && inst.pos < -1);
  const chain = (pos: number): string => {
    if (pos >= -1) return String(pos);
    const { id, pos: inner, caller } = func.inlined[-2 - pos]!;
    return `${inner} in ${id} < ${chain(caller)}`;
  };
  const chains = new Set(adds.map((inst) => chain(inst.pos)));
  assert.ok(chains.has("12 in 5 < 10") && chains.has("12 in 5 < 11"));
  assert.ok(chains.has("12 in 5 < 10 in 5 < 11") && chains.has("12 in 5 < 11 in 5 < 11 in 5 < 10"));
});

test("some calls stay", () => {
  const of = (text: string, callee: string): number =>
    expandCalls(parse(text).functions[0]!.func, {
      functionAt: () => parse(callee).functions[0]!.func,
      guardOf: () => 0,
    });
  const plain = "func @f slot 1 () {\nb0:\n  return\n}\n";
  const caller = 'func @g slot 2 () {\nb0:\n  call %1 "()v" ()\n  return\n}\n';
  assert.equal(of(caller, plain), 1);
  assert.equal(of(caller.replace("b0:", "b0:\n  jump b1\nb1 cold:"), plain), 0);
  assert.equal(
    of(caller.replace("()v", "(i)v").replace('v" ()', 'v" (v0)').replace("b0:", "b0:\n  v0 = const.i32 1"), plain),
    0,
  );
  const inTry =
    'func @g slot 2 () {\nb0:\n  call %1 "()v" () unwind b2\n  jump b1\nb1:\n  return\nb2(v1: ref):\n  return\n}\n';
  assert.equal(of(inTry, plain), 0);
  for (const line of ["poll", "v1 = ownslot", "v1 = stackpointer"]) {
    assert.equal(of(caller, plain.replace("b0:", `b0:\n  ${line}`)), 0, line);
  }
});
