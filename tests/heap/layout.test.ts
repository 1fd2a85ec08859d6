/** The generated layout file is up to date, and the words of the layout do not overlap. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CONTROL, CONTROL_BYTES, CONTROL_COLLECTOR, CONTROL_MALLOC, MAX_CARRIERS } from "#layout";
import * as words from "../../src/heap/words.ts";
import { HEAP_BUFFER_BYTES, HEAP_SPACES, MALLOC_LISTS, SPACE_BYTES } from "../../src/heap/words.ts";
import * as layout from "../../src/layout/index.ts";
import { layoutIsCurrent } from "../../tools/gen-layout.ts";
import { collectors } from "./world.ts";

/** Not words, but where those of a part begin, or how many there are. */
const regions = ["CONTROL_COLLECTOR", "CONTROL_MALLOC", "CONTROL_FACTS", "CONTROL_BYTES"];

test("heap-as/layout.gen.ts is what tools/gen-layout.ts prints", () => {
  assert.ok(layoutIsCurrent(), "run: node tools/gen-layout.ts");
});

test("the collectors' and malloc's words fit their parts of the control block", () => {
  assert.ok(HEAP_SPACES >= CONTROL_COLLECTOR && HEAP_SPACES + 4 * SPACE_BYTES <= HEAP_BUFFER_BYTES);
  assert.ok(HEAP_BUFFER_BYTES + 4 * MAX_CARRIERS <= CONTROL_MALLOC);
  // malloc: 26 first-level classes of 16 lists each, see heap-as/malloc.ts.
  assert.ok(MALLOC_LISTS + 26 * 16 * 4 <= CONTROL + CONTROL_BYTES);
});

test("no two words of the control block are the same", () => {
  const places = new Map<number, string>();
  for (const [name, place] of [...Object.entries(layout), ...Object.entries(words)]) {
    if (!/^(CONTROL|HEAP|FACT|MALLOC)_/.test(name) || typeof place !== "number") continue;
    if (place < CONTROL || place >= CONTROL + CONTROL_BYTES || regions.includes(name)) continue;
    const other = places.get(place);
    assert.ok(other === undefined || other === name, `${name} and ${other} are both at ${place}`);
    places.set(place, name);
  }
  assert.ok(places.size > 80);
});

test("the module imports the memory and the call of tracers, and brings no data of its own", () => {
  const imports = WebAssembly.Module.imports(collectors());
  assert.deepEqual(imports, [
    { module: "env", name: "trace", kind: "function" },
    { module: "env", name: "memory", kind: "memory" },
  ]);
  const bytes = readFileSync(new URL("../../build/heap.wasm", import.meta.url));
  const DATA_SECTION = 11;
  for (let at = 8; at < bytes.length; ) {
    assert.notEqual(bytes[at++], DATA_SECTION);
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++]!;
      size |= (byte & 127) << shift;
      more = byte >= 128;
    }
    at += size;
  }
});
