/**
 * What calls cost: kernels in the IR, optimised by V8 before they run, each function a module of its own (calls go through the table) and all
 * functions of a kernel in one module (calls of constant slots are direct).
 *
 *   node --no-wasm-inlining bench/calls/run.ts [pattern] [--rounds N]
 *
 * Prints the nanoseconds of a call, the least of many short rounds: others that use the machine disturb most of them.
 */
import { loadavg } from "node:os";
import process, { argv } from "node:process";
import { setFlagsFromString } from "node:v8";
import { type Module, parse } from "#ir";
import {
  CARRIER_LIMIT,
  CARRIER_STACK_LIMIT,
  CARRIER_TOP,
  CARRIERS,
  CONTROL_POLL,
  SITE_FRAME_BYTES,
  SITE_FUNCTION,
  SITE_MAP,
  SITE_MAP_WORDS,
  SITE_POS,
} from "#layout";
import { type BackEnd, compile, compileModule, Scratch } from "#wasm";
import { type Kernel, kernels, METHOD, METHOD_SLOTS, TYPES } from "./kernels.ts";

const pattern = argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const roundsAt = argv.indexOf("--rounds");
const ROUNDS = roundsAt < 0 ? 100 : Number(argv[roundsAt + 1]);

const SITES = 0x10_0000;
const STACK_LOW = 0x20_0000;
const STACK_HIGH = 0x40_0000;
const STACK_RESERVE = 0x8000;
const HEAP = 0x40_0000;
const HALF_BYTES = 0x8_0000;
const PAGES = (HEAP + 2 * HALF_BYTES) / 65536;
const CARDS = 0x80_000;
const TRAP_SLOT = 1;

class Machine {
  readonly memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  readonly table = new WebAssembly.Table({ initial: 100, element: "anyfunc" });
  readonly #u32 = new Uint32Array(this.memory.buffer);
  readonly #scratch = new Scratch();
  #site = SITES;
  #half = HEAP;
  readonly #backEnd: BackEnd = {
    ...(argv.includes("--cards") ? { cards: CARDS } : {}),
    names: true,
    trapSlot: () => TRAP_SLOT,
    addSite: (frameBytes, id, pos, map) => {
      const site = this.#site;
      this.#set(site + SITE_FRAME_BYTES, frameBytes);
      this.#set(site + SITE_FUNCTION, id);
      this.#set(site + SITE_POS, pos);
      this.#set(site + SITE_MAP_WORDS, map.length);
      for (let i = 0; i < map.length; i++) this.#set(site + SITE_MAP + 4 * i, map[i]!);
      this.#site = site + SITE_MAP + 4 * map.length + 4;
      return site;
    },
  };
  readonly #imports = {
    rt: {
      memory: this.memory,
      table: this.table,
      tag: new WebAssembly.Tag({ parameters: ["i32"] }),
      carrier: new WebAssembly.Global({ value: "i32", mutable: false }, CARRIERS),
      // Two halves in turns: what is allocated is dead long before its half is used again.
      alloc: (_sp: number, bytes: number) => {
        this.#half = this.#half === HEAP ? HEAP + HALF_BYTES : HEAP;
        new Uint8Array(this.memory.buffer, this.#half, HALF_BYTES).fill(0);
        this.#set(CARRIERS + CARRIER_TOP, this.#half + bytes);
        this.#set(CARRIERS + CARRIER_LIMIT, this.#half + HALF_BYTES);
        return this.#half;
      },
      poll: () => {},
      stack: () => 1,
    },
  };

  constructor() {
    this.#set(CARRIERS + CARRIER_STACK_LIMIT, STACK_LOW + STACK_RESERVE);
    this.#set(CARRIERS + CARRIER_TOP, HEAP);
    this.#set(CARRIERS + CARRIER_LIMIT, HEAP + HALF_BYTES);
    this.#set(CONTROL_POLL, 0);
    TYPES.forEach((type, i) => {
      this.#set(type + METHOD, METHOD_SLOTS[i]!);
    });
  }

  #set(at: number, value: number): void {
    this.#u32[at >>> 2] = value;
  }

  load(program: Module, together: boolean): void {
    const functions = program.functions.map(({ func, slot }) => ({ func, slot: slot! }));
    if (together) {
      const { exports } = this.#instance(compileModule(functions, this.#backEnd, this.#scratch));
      functions.forEach(({ slot }, number) => {
        this.table.set(slot, exports[`f${number}`]);
      });
      return;
    }
    for (const { func, slot } of functions) {
      this.table.set(slot, this.#instance(compile(func, this.#backEnd, this.#scratch)).exports["f"]);
    }
  }

  #instance(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Instance {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports);
  }

  run(kernel: Kernel): number {
    return (this.table.get(kernel.main) as (sp: number, n: number, slot: number) => number)(
      STACK_HIGH - 64,
      kernel.rounds,
      kernel.main,
    );
  }
}

setFlagsFromString("--no-liftoff");
setFlagsFromString("--no-wasm-lazy-compilation");
console.log(`load ${loadavg()[0]!.toFixed(2)}, node ${process.version}; ns a call`);
for (const kernel of kernels.filter(({ name }) => name.includes(pattern))) {
  const apart = new Machine();
  const together = new Machine();
  const program = parse(kernel.text);
  apart.load(program, false);
  together.load(program, true);
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const results = new Set<number>();
  // fib's number of rounds is its argument.
  const calls = kernel.name.startsWith("fib") ? kernel.calls : kernel.calls * kernel.rounds;
  for (let round = 0; round < ROUNDS; round++) {
    [apart, together].forEach((machine, i) => {
      const start = Number(process.hrtime.bigint());
      results.add(machine.run(kernel));
      best[i] = Math.min(best[i]!, (Number(process.hrtime.bigint()) - start) / calls);
    });
  }
  const [table, direct] = best.map((ns) => ns.toFixed(2).padStart(6)) as [string, string];
  console.log(`table ${table}  one module ${direct}   ${kernel.name}`);
  if (results.size > 1) throw new Error(`${kernel.name}: results differ: ${[...results]}`);
}
