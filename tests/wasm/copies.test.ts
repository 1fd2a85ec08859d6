/** Copies of all short lengths, apart and overlapping, against those of JavaScript; and that reference copies mark their cards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "#ir";
import { LOG_CARD_BYTES } from "#layout";
import { type BackEnd, compile } from "#wasm";

const PAGE = 65536;
/** Bytes that are filled and compared; a card is 1 << LOG_CARD_BYTES. */
const START = 4096;
const BYTES = 2048;
const CARDS = 2 * PAGE;

function functionOf(op: "copy" | "refcopy", env: BackEnd) {
  const text = `
func @f(v0: addr, v1: addr, v2: i32) {
b0:
  ${op} v0, v1, v2
  return
}`;
  const memory = new WebAssembly.Memory({ initial: 3, maximum: 3, shared: true });
  const module = new WebAssembly.Module(compile(parse(text).functions[0]!.func, env));
  const { f } = new WebAssembly.Instance(module, { rt: { memory } }).exports;
  const bytes = new Uint8Array(memory.buffer);
  const call = f as (sp: number, to: number, from: number, count: number, slot: number) => void;
  return { bytes, copy: (to: number, from: number, count: number) => call(0, to, from, count, 0) };
}

function fill(bytes: Uint8Array): void {
  for (let i = 0; i < BYTES; i++) bytes[START + i] = (i * 7 + (i >>> 5)) & 255;
}

test("copies of 0 to 40 bytes, wherever they overlap", () => {
  const { bytes, copy } = functionOf("copy", { trapSlot: () => 7, addSite: () => 4096 });
  const from = START + 512;
  for (let count = 0; count <= 40; count++) {
    for (let distance = -count - 2; distance <= count + 2; distance++) {
      fill(bytes);
      const expected = bytes.slice(START, START + BYTES);
      expected.copyWithin(from + distance - START, from - START, from - START + count);
      copy(from + distance, from, count);
      assert.deepEqual(bytes.slice(START, START + BYTES), expected, `${count} bytes, ${distance} away`);
    }
  }
});

test("a copy of references marks the cards that it touches and no others", () => {
  const { bytes, copy } = functionOf("refcopy", { trapSlot: () => 7, addSite: () => 4096, cards: CARDS });
  const card = 1 << LOG_CARD_BYTES;
  for (const count of [0, 4, 12, 32, 36, card - 4, card, card + 4, 2 * card, 2 * card + 4]) {
    for (const to of [START, START + card - 4, START + card - 32, START + 4]) {
      fill(bytes);
      bytes.fill(0, CARDS);
      copy(to, START + 8, count);
      const marked = [...bytes.slice(CARDS, CARDS + 64).entries()].filter(([, mark]) => mark !== 0).map(([i]) => i);
      const first = to >>> LOG_CARD_BYTES;
      const cards = count === 0 ? 0 : ((to + count - 1) >>> LOG_CARD_BYTES) - first + 1;
      assert.deepEqual(
        marked,
        Array.from({ length: cards }, (_, i) => first + i),
        `${count} bytes to ${to}`,
      );
    }
  }
});
