/** Binary trees as compiled code would build them: inline bump allocation, references in frames. Compiled by bench/heap/collect.ts. */
/** An import: the slow path of allocation. */
declare function allocSlow(sp: u32, bytes: u32): u32;

// The words of the layout that are needed here; bench/heap/collect.ts checks them.
const TOP: usize = 4096;
const LIMIT: usize = 4100;
const NODE_BYTES: u32 = 16;
/** Address of the card table, 0: none; bench/heap/collect.ts writes it here. */
const CARDS: usize = 0;

let nodeType: u32 = 0;
let site: u32 = 0;

export function setUp(type: u32, frameSite: u32): void {
  nodeType = type;
  site = frameSite;
}

function allocate(sp: u32): u32 {
  const top = load<u32>(TOP);
  const next = top + NODE_BYTES;
  let object = top;
  if (next > load<u32>(LIMIT)) object = allocSlow(sp, NODE_BYTES);
  else store<u32>(TOP, next);
  store<u32>(object, nodeType);
  return object;
}

/** The write barrier, as src/wasm/barrier.ts has it. */
function mark(slot: u32): void {
  if (CARDS) store<u8>(CARDS + (slot >>> 9), 1);
}

/** Frame: site, node. */
export function tree(sp: u32, depth: u32): u32 {
  sp -= 8;
  store<u32>(sp, site);
  store<u32>(sp + 4, 0);
  let node = allocate(sp);
  if (depth) {
    store<u32>(sp + 4, node);
    const left = tree(sp, depth - 1);
    const parent = load<u32>(sp + 4);
    store<u32>(parent, left, 8);
    mark(parent + 8);
    const right = tree(sp, depth - 1);
    node = load<u32>(sp + 4);
    store<u32>(node, right, 12);
    mark(node + 12);
  }
  return node;
}

export function count(node: u32): u32 {
  const left = load<u32>(node, 8);
  return left ? 1 + count(left) + count(load<u32>(node, 12)) : 1;
}

/** The loop of the benchmark game's binary-trees at one depth: trees that die at once. Returns the sum of the counts. */
export function churn(sp: u32, depth: u32, times: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < times; i++) sum += count(tree(sp, depth));
  return sum;
}
