/** The table of shared words: no two are the same, and all lie in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as words from "./words.ts";

test("no two shared words are the same", () => {
  const owners = new Map<number, string>();
  const take = (place: number, name: string): void => {
    assert.ok(place + 4 <= words.WORDS_BYTES, `${name} lies beyond the table`);
    assert.equal(owners.get(place), undefined, `${name} and ${owners.get(place)} are both at ${place}`);
    owners.set(place, name);
  };
  for (const [name, place] of Object.entries(words)) {
    if (!name.startsWith("WORD_") || typeof place !== "number" || name === "WORD_NIO_FIELDS") continue;
    take(place, name);
  }
  for (const [i, [cls, field]] of words.NIO_FIELDS.entries()) take(words.WORD_NIO_FIELDS + 4 * i, `${cls}.${field}`);
});
