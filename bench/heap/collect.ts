/**
 * What a collection costs: its speed by shape of the live objects; binary trees with an inlined allocation path; trees that age.
 * Run: node bench/heap/collect.ts [plan] [bytes of collected memory in MiB, 1024]. Times are medians of 7; with BEST=1 the least of 21, for a machine
 * that others use; CPU=1 measures processor time. HEAP_WASM=FILE measures another build of the collectors. YOUNG=MiB: size of the young space; AT_ONCE=1: survivors are promoted at once; BARRIER=1: trees are built with
 * the write barrier, whether the plan wants it or not.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineType, Heap, heapModule, planNamed, RootTable } from "#heap";
import {
  CARRIER_LIMIT,
  CARRIER_TOP,
  CARRIERS,
  CONTROL_CARDS,
  CONTROL_CARRIER_COUNT,
  CONTROL_THREADS,
  MAP_REF,
  PAGE_BYTES,
  SITE_FRAME_BYTES,
  SITE_MAP,
  SITE_MAP_WORDS,
  THREAD_BYTES,
  THREAD_SP,
} from "#layout";
import { HEAP_PROMOTES_AT_ONCE } from "../../src/heap/words.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const plan = planNamed(process.argv[2] ?? "semispace");
if (plan === undefined) throw new Error(`no plan ${process.argv[2]}`);
if (CARRIERS + CARRIER_TOP !== 4096 || CARRIERS + CARRIER_LIMIT !== 4100) throw new Error("the layout has changed");

const MEGABYTE = 1 << 20;
const best = process.env["BEST"] === "1";
const fixedEnd = 64 * MEGABYTE;
const pages = (fixedEnd + Number(process.argv[3] ?? 1024) * MEGABYTE) / PAGE_BYTES;
const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
const other = process.env["HEAP_WASM"];
const heap = new Heap(memory, other === undefined ? heapModule() : new WebAssembly.Module(readFileSync(other)));
const young = process.env["YOUNG"];
heap.init({ plan, fixedEnd, ...(young === undefined ? {} : { youngBytes: Number(young) * MEGABYTE }) });
if (process.env["AT_ONCE"] === "1") heap.setWord(HEAP_PROMOTES_AT_ONCE, 1);
heap.u32[CONTROL_CARRIER_COUNT >>> 2] = 1;
const roots = new RootTable(heap);
const held = roots.add(0);

/** Milliseconds. */
function clock(): number {
  if (process.env["CPU"] !== "1") return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[best ? 0 : values.length >>> 1]!;
}

function measure(name: string, objects: number, build: () => number): void {
  roots.set(held, build());
  heap.collect(true, false);
  const { live } = heap.statistics();
  const times = Array.from({ length: best ? 21 : 7 }, () => {
    const start = clock();
    heap.collect(true, false);
    return clock() - start;
  });
  const time = median(times);
  const speed = live / MEGABYTE / (time / 1000);
  console.log(
    `${name.padEnd(34)} ${(live / MEGABYTE).toFixed(1).padStart(7)} MB ${time.toFixed(1).padStart(7)} ms` +
      ` ${speed.toFixed(0).padStart(6)} MB/s ${((time * 1e6) / objects).toFixed(1).padStart(8)} ns/object`,
  );
  roots.set(held, 0);
  heap.collect(true, false);
}

/** Memory for an object, maybe after a collection. */
function make(type: number, bytes: number): number {
  const object = heap.alloc(CARRIERS, bytes) || heap.collectFor(CARRIERS, bytes);
  heap.u32[object >>> 2] = type;
  return object;
}

const node = defineType(heap, { kind: "fixed", size: 16, refs: [8, 12], name: "node" });
const link = defineType(heap, { kind: "fixed", size: 24, refs: [8], name: "link" });
const leaf = defineType(heap, { kind: "fixed", size: 48, refs: [], name: "leaf" });
const data = defineType(heap, { kind: "data", first: 16, elementBytes: 1, lengthOffset: 8, name: "data" });
const refs = defineType(heap, { kind: "refs", first: 16, lengthOffset: 8, name: "refs" });

// ---- the mutator ----
const source = "build/bench-mutator.ts";
const table =
  heap.word(CONTROL_CARDS) || (process.env["BARRIER"] === "1" ? heap.malloc(memory.buffer.byteLength >>> 9) : 0);
const cards = `const CARDS: usize = ${table};`;
const text = readFileSync(`${root}heap-as/bench/mutator.ts`, "utf8");
writeFileSync(root + source, text.replace("const CARDS: usize = 0;", cards));
const flags =
  "--runtime stub --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536 --enable threads -O3".split(
    " ",
  );
const out = `${root}build/bench-mutator.wasm`;
execFileSync(process.execPath, ["node_modules/.bin/asc", source, ...flags, "-o", out], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
});
const thread = heap.malloc(THREAD_BYTES);
heap.u32[CONTROL_THREADS >>> 2] = thread;
const stack = heap.malloc(MEGABYTE) + MEGABYTE - 16;
const site = (frameBytes: number, map: number): number => {
  const record = heap.malloc(SITE_MAP + 4);
  heap.u32[(record + SITE_FRAME_BYTES) >>> 2] = frameBytes;
  heap.u32[(record + SITE_MAP_WORDS) >>> 2] = 1;
  heap.u32[(record + SITE_MAP) >>> 2] = map;
  return record;
};
heap.u32[stack >>> 2] = site(0, 0);
const nodeSite = site(8, MAP_REF);
const module = new WebAssembly.Module(readFileSync(out));
const allocate = (sp: number, bytes: number): number => {
  heap.u32[(thread + THREAD_SP) >>> 2] = sp;
  return heap.allocSlow(CARRIERS, bytes) || heap.collectFor(CARRIERS, bytes);
};
// Its one function import is the slow path, under the name the compiler gave it.
const slow = WebAssembly.Module.imports(module).find((each) => each.kind === "function");
if (slow === undefined) throw new Error("the mutator imports no function");
const { exports } = new WebAssembly.Instance(module, { env: { memory }, [slow.module]: { [slow.name]: allocate } });
const mutator = exports as unknown as {
  setUp(type: number, site: number): void;
  tree(sp: number, depth: number): number;
  count(node: number): number;
  churn(sp: number, depth: number, times: number): number;
};
mutator.setUp(node, nodeSite);

if (plan.collects) {
  measure("tree of 2^20 nodes, 16 bytes each", 2 ** 20, () => mutator.tree(stack, 19) >>> 0);
  heap.u32[(thread + THREAD_SP) >>> 2] = 0;
  measure("list of 1,000,000, 24 bytes each", 1_000_000, () => {
    roots.set(held, 0);
    for (let i = 0; i < 1_000_000; i++) {
      const object = make(link, 24);
      heap.u32[(object + 8) >>> 2] = roots.get(held);
      roots.set(held, object);
    }
    return roots.get(held);
  });
  measure("array of 500,000 leaves, 48 bytes", 500_000, () => {
    roots.set(held, make(refs, 16 + 4 * 500_000));
    heap.u32[(roots.get(held) + 8) >>> 2] = 500_000;
    for (let i = 0; i < 500_000; i++) {
      const object = make(leaf, 48);
      heap.setRef(roots.get(held) + 16 + 4 * i, object);
    }
    return roots.get(held);
  });
  measure("array of 100 byte arrays of 1 MB", 100, () => {
    roots.set(held, make(refs, 16 + 400));
    heap.u32[(roots.get(held) + 8) >>> 2] = 100;
    for (let i = 0; i < 100; i++) {
      const object = make(data, 16 + MEGABYTE);
      heap.u32[(object + 8) >>> 2] = MEGABYTE;
      heap.setRef(roots.get(held) + 16 + 4 * i, object);
    }
    return roots.get(held);
  });
}

// Binary trees: one long-lived tree, and many short-lived ones.
churn("binary trees, depth 16", 16, plan.collects ? 7 : 2);
if (plan.collects) churn("the same beside 64 MB that live", 21, 70);

function churn(name: string, depth: number, rounds: number): void {
  roots.set(held, mutator.tree(stack, depth) >>> 0);
  const before = heap.statistics();
  const times: number[] = [];
  let nodes = 0;
  let paused = 0;
  let begun = 0;
  heap.hooks = {
    before: () => {
      begun = clock();
    },
    after: () => {
      paused += clock() - begun;
    },
  };
  for (let round = 0; round < rounds; round++) {
    const start = clock();
    nodes = mutator.churn(stack, 16, 20) >>> 0;
    times.push(clock() - start);
  }
  const { collections } = heap.statistics();
  const total = times.reduce((a, b) => a + b, 0);
  const time = total / times.length;
  console.log(
    `${name}: ${(time / 20).toFixed(2)} ms per tree, ${((time * 1e6) / nodes).toFixed(1)} ns per node (made and counted);` +
      ` ${collections - before.collections} collections, ${paused.toFixed(1)} ms in them of ${total.toFixed(0)}`,
  );
}

// Ageing: a table of trees of several sizes, of which one chosen at random is replaced at each step; 65 MB live at most. The same
// with many small trees: most references to young objects stand in an old one.
if (plan.collects) {
  age("ageing trees", 256, 4000, 11);
  age("small trees in an old table", 20_000, 400_000, 3);
}

function age(name: string, count: number, steps: number, depth: number): void {
  roots.set(held, 0);
  heap.u32[(thread + THREAD_SP) >>> 2] = 0;
  heap.collect(true, false);
  const copied = heap.statistics().copied;
  const table = make(refs, 16 + 4 * count);
  heap.u32[(table + 8) >>> 2] = count;
  roots.set(held, table);
  let seed = 1;
  const random = (limit: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const pauses: number[] = [];
  let most = 0;
  let begun = 0;
  heap.hooks = {
    before: () => {
      begun = clock();
    },
    after: ({ usedAfter }) => {
      pauses.push(clock() - begun);
      most = Math.max(most, usedAfter);
    },
  };
  const start = clock();
  for (let step = 0; step < steps; step++) {
    const tree = mutator.tree(stack, depth + random(4)) >>> 0;
    heap.setRef(roots.get(held) + 16 + 4 * (step < count ? step : random(count)), tree);
  }
  const total = clock() - start;
  pauses.sort((a, b) => a - b);
  const paused = pauses.reduce((a, b) => a + b, 0);
  console.log(
    `${name}: ${total.toFixed(0)} ms, ${paused.toFixed(0)} of them in ${pauses.length} collections, the longest ` +
      `${(pauses.at(-1) ?? 0).toFixed(1)} ms; ${(most / MEGABYTE).toFixed(1)} MB live at most,` +
      ` ${((heap.statistics().copied - copied) / MEGABYTE).toFixed(0)} MB copied`,
  );
}
