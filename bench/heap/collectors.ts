/**
 * What several collectors are worth: the time of full collections by shape of the live objects, for each number of collectors, in turns.
 * Run: node bench/heap/collectors.ts [plan] [numbers of collectors, 1 2]. Milliseconds, least of 12 and their median. Other programs on the cores make several
 * collectors look worse than they are.
 */
import { Worker } from "node:worker_threads";
import { defineType, Heap, heapModule, planNamed, RootTable } from "#heap";
import { CARRIERS, CONTROL_CARRIER_COUNT, PAGE_BYTES } from "#layout";

const MEGABYTE = 1 << 20;
const ROUNDS = 12;
const WARM = 4;
const fixedEnd = 32 * MEGABYTE;
const pages = (fixedEnd + 1024 * MEGABYTE) / PAGE_BYTES;
const found = planNamed(process.argv[2] ?? "semispace");
if (found === undefined) throw new Error(`no plan ${process.argv[2]}`);
const plan = found;
const teams = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [1, 2];
const module = heapModule();
const HELPER = `const { memory, module } = require("node:worker_threads").workerData;
new WebAssembly.Instance(module, { env: { memory, trace() {} } }).exports.help();`;

interface World {
  readonly heap: Heap;
  readonly roots: RootTable;
  readonly held: number;
  readonly shapes: Readonly<Record<string, () => number>>;
}

function makeWorld(collectors: number): World {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const heap = new Heap(memory, module);
  heap.init({ plan, fixedEnd, collectors, parallelBytes: 0, triggerBytes: 200 * MEGABYTE, youngBytes: 128 * MEGABYTE });
  for (let i = 1; i < collectors; i++) new Worker(HELPER, { eval: true, workerData: { memory, module } }).unref();
  while (heap.statistics().helpers < collectors - 1) Atomics.wait(heap.i32, 0, 0, 1);
  heap.u32[CONTROL_CARRIER_COUNT >>> 2] = 1;
  const roots = new RootTable(heap);
  const node = defineType(heap, { kind: "fixed", size: 16, refs: [8, 12], name: "node" });
  const link = defineType(heap, { kind: "fixed", size: 24, refs: [8], name: "link" });
  const leaf = defineType(heap, { kind: "fixed", size: 48, refs: [], name: "leaf" });
  const refs = defineType(heap, { kind: "refs", first: 16, lengthOffset: 8, name: "refs" });
  const make = (type: number, bytes: number): number => {
    const object = heap.alloc(CARRIERS, bytes);
    if (object === 0) throw new Error("a collection is due while a shape is made");
    heap.u32[object >>> 2] = type;
    return object;
  };
  const tree = (depth: number): number => {
    const object = make(node, 16);
    if (depth === 0) return object;
    heap.setRef(object + 8, tree(depth - 1));
    heap.setRef(object + 12, tree(depth - 1));
    return object;
  };
  const list = (length: number): number => {
    let head = 0;
    for (let i = 0; i < length; i++) {
      const object = make(link, 24);
      heap.setRef(object + 8, head);
      head = object;
    }
    return head;
  };
  const array = (length: number, element: () => number): number => {
    const object = make(refs, 16 + 4 * length);
    heap.setWord(object + 8, length);
    for (let i = 0; i < length; i++) heap.setRef(object + 16 + 4 * i, element());
    return object;
  };
  return {
    heap,
    roots,
    held: roots.add(0),
    shapes: {
      "tree, 256 KB": () => tree(14),
      "tree, 1 MB": () => tree(16),
      "tree, 16 MB": () => tree(20),
      "256 trees, 64 MB": () => array(256, () => tree(14)),
      "list, 12 MB": () => list(500_000),
      "array, 12 MB": () => array(250_000, () => make(leaf, 48)),
    },
  };
}

const worlds = teams.map(makeWorld);
console.log(`${plan.name}, collectors: ${teams.join(", ")}`);
for (const shape of Object.keys(worlds[0]!.shapes)) {
  const times = worlds.map((): number[] => []);
  for (const { heap, roots, held, shapes } of worlds) {
    roots.set(held, shapes[shape]!());
    for (let i = 0; i < WARM; i++) heap.collect(true, false);
  }
  for (let i = 0; i < ROUNDS; i++)
    worlds.forEach(({ heap }, k) => {
      const start = performance.now();
      heap.collect(true, false);
      times[k]!.push(performance.now() - start);
    });
  for (const each of times) each.sort((a, b) => a - b);
  const columns = times.map((each) => `${each[0]!.toFixed(2).padStart(8)} (${each[ROUNDS >> 1]!.toFixed(2)})`);
  const ratio = times[0]![0]! / times.at(-1)![0]!;
  console.log(`  ${shape.padEnd(18)} ${columns.join(" ")}  ${ratio.toFixed(2)} x`);
  for (const { heap, roots, held } of worlds) {
    roots.set(held, 0);
    heap.collect(true, false);
  }
}
process.exit(0);
