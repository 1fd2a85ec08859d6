/** Words that parts of the system share do not lie on each other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as layout from "#layout";

/** Names of numbers that are words' offsets, and the names that only begin so. */
const GROUPS: readonly (readonly [prefix: string, others: RegExp])[] = [
  ["CONTROL_", /_BYTES$|^CONTROL_COLLECTOR$|^CONTROL_MALLOC$|^CONTROL_FACTS$/],
  ["CARRIER_", /_BYTES$|_COUNT$|_WORDS$/],
  ["THREAD_", /^THREAD_(BYTES|GUEST_BYTES|REF_WORDS)$/],
];

for (const [prefix, others] of GROUPS) {
  test(`no two words ${prefix}* share an offset`, () => {
    const seen = new Map<unknown, string>();
    for (const [name, offset] of Object.entries(layout)) {
      if (!name.startsWith(prefix) || others.test(name)) continue;
      assert.equal(seen.get(offset), undefined, `${name} and ${seen.get(offset)} are both ${offset}`);
      seen.set(offset, name);
    }
    assert.ok(seen.size > 10);
  });
}
