/** ToyVM draws what reference.py computed, in every step, under every condition; and says what it does. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inflateSync } from "node:zlib";
import { colourOf, preview } from "../../../guests/toy/image.ts";
import type { View } from "../../../guests/toy/view.ts";
import { masked, type RunOptions, reference, runToy, toyvm } from "./run.ts";

const PATIENCE = { timeout: 120_000 };
const folder = mkdtempSync(join(tmpdir(), "toyvm-"));
after(() => rmSync(folder, { recursive: true }));

const DEFAULT: View = { width: 640, height: 480, iterations: 200, re: -0.6, im: 0, step: 3.2 / 640 };

const ways: Readonly<Record<string, { readonly step: number } & RunOptions>> = {
  "host code": { step: 3 },
  "compiled code for host objects": { step: 4 },
  "compiled code": { step: 5 },
  "three threads on three carriers": { step: 5, threads: 3 },
  "three threads on one carrier": { step: 5, threads: 3, carriers: 1 },
};
const conditions: Readonly<Record<string, RunOptions>> = {
  "": {},
  ", checked and collecting at every 50th allocation": { switches: { VM_CHECK: "1", VM_STRESS: "gc:50" } },
};

for (const [way, { step, ...options }] of Object.entries(ways)) {
  for (const name of ["whole", "valley", "tall"]) {
    for (const [condition, more] of Object.entries(conditions)) {
      test(`${name} by ${way}${condition}`, PATIENCE, async () => {
        const { view, counts } = reference(name);
        const outcome = await runToy(step, view, { ...options, ...more });
        assert.deepEqual([outcome.code, outcome.failures], [0, []]);
        assert.deepEqual(Array.from(outcome.counts ?? []), counts);
      });
    }
  }
  test(`tall by ${way}, checked and collecting at every allocation`, PATIENCE, async () => {
    const { view, counts } = reference("tall");
    const outcome = await runToy(step, view, { ...options, switches: { VM_CHECK: "1", VM_STRESS: "gc:1" } });
    assert.deepEqual(Array.from(outcome.counts ?? []), counts);
  });
  test(`the default picture by ${way}`, PATIENCE, async () => {
    const hash = createHash("sha256");
    for (const count of (await runToy(step, DEFAULT, options)).counts ?? []) hash.update(`${count}\n`);
    const [, expected] = /^default (\w+)$/m.exec(readFileSync(new URL("hashes.txt", import.meta.url), "utf8")) ?? [];
    assert.equal(hash.digest("hex"), expected);
  });
}

test("pictures of one pixel, one row and one column", PATIENCE, async () => {
  for (const [width, height] of [
    [1, 1],
    [700, 1],
    [1, 700],
  ] as const) {
    const view: View = { ...DEFAULT, width, height };
    const [host, , compiled] = [await runToy(3, view), await runToy(4, view), await runToy(5, view, { threads: 2 })];
    assert.equal(host.counts?.length, width * height);
    assert.deepEqual(compiled.counts, host.counts);
  }
});

test("steps 1 and 2 say who runs, and when collections begin and end", PATIENCE, async () => {
  assert.deepEqual(await runToy(1, DEFAULT), {
    code: 0,
    lines: ["guest thread 1 runs on carrier 1"],
    failures: [],
    counts: undefined,
  });
  const collections = [1, 2, 3].flatMap((n) => [
    `collection ${n} begins on carrier 1 (forced): 0 bytes in use`,
    `collection ${n} ends: 0 bytes live, … ms`,
  ]);
  assert.deepEqual(masked((await runToy(2, DEFAULT)).lines), ["guest thread 1 runs on carrier 1", ...collections]);
});

for (const step of [3, 5]) {
  test(`step ${step}: rows move in the collections, and stay what they are`, PATIENCE, async () => {
    const { view, counts } = reference("whole");
    const { lines } = await runToy(step, view, { switches: { VM_CHECK: "1" } });
    const rows = lines.flatMap((line) => {
      const match = /^the row at 0x([0-9a-f]+) has (\d+) pixels, (\d+) iterations$/.exec(line);
      return match ? [{ at: match[1], width: Number(match[2]), sum: Number(match[3]) }] : [];
    });
    assert.equal(rows.length, 8);
    for (let i = 0; i < 4; i++) {
      const [before, now] = [rows[2 * i], rows[2 * i + 1]];
      const sum = counts.slice(12 * i * 64, (12 * i + 1) * 64).reduce((total, count) => total + count);
      assert.notEqual(before?.at, now?.at);
      assert.deepEqual([before?.width, before?.sum, now?.width, now?.sum], [64, sum, 64, sum]);
    }
    // Another row is only garbage then: what lives are the rows so far, their pixels, and the picture.
    const live = lines.flatMap((line) => /ends: (\d+) bytes live/.exec(line)?.[1] ?? []).map(Number);
    assert.deepEqual(
      live,
      [1, 13, 25, 37].map((finished) => finished * (64 * 24 + 8 + 64 * 4) + 8),
    );
  });
}

test(
  "allocations make collections happen; out of memory is an exception that ends the VM with 1",
  PATIENCE,
  async () => {
    for (const step of [3, 4, 5]) {
      const { code, failures, counts, lines } = await runToy(step, DEFAULT, { maxHeapBytes: 4 << 20 });
      assert.deepEqual([code, failures, counts], [1, ["out of memory"], undefined]);
      assert.ok(lines.some((line) => line.includes("(allocation)")));
    }
  },
);

/** The samples of a PNG such as image.ts writes, and the size it says. */
function readPng(file: string): { width: number; height: number; rows: Uint8Array[] } {
  const bytes = readFileSync(file);
  assert.equal(bytes.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const raw = inflateSync(Buffer.concat(data));
  assert.equal(raw.length, height * (1 + 3 * width));
  const rows = Array.from({ length: height }, (_, y) => raw.subarray(y * (1 + 3 * width), (y + 1) * (1 + 3 * width)));
  for (const row of rows) assert.equal(row[0], 0);
  return { width, height, rows: rows.map((row) => row.subarray(1)) };
}

const VALLEY = [
  "--width",
  "80",
  "--height",
  "60",
  "--iterations",
  "1000",
  "--center",
  "-0.7436,0.1318",
  "--across",
  "0.0125",
];

test("the command writes a PNG or a PPM, and shows the picture", PATIENCE, () => {
  const { view, counts } = reference("valley");
  const colours = counts.flatMap((count) => colourOf(count, view.iterations));
  const first = toyvm([...VALLEY, "--out", "valley.png"], folder);
  assert.deepEqual([first.code, first.err], [0, ""]);
  const { width, height, rows } = readPng(join(folder, "valley.png"));
  assert.deepEqual([width, height], [80, 60]);
  assert.deepEqual([...Buffer.concat(rows)], colours);
  for (const line of preview(view, Uint32Array.from(counts), false)) assert.ok(first.out.includes(`\n${line}\n`));

  const second = toyvm([...VALLEY, "--out", "valley.ppm", "--no-preview", "--step", "3"], folder);
  assert.equal(second.code, 0);
  assert.ok(second.out.split("\n").length < 22);
  const expected = Buffer.concat([Buffer.from("P6\n80 60\n255\n"), Uint8Array.from(colours)]);
  assert.deepEqual(readFileSync(join(folder, "valley.ppm")), expected);
});

test("the preview fits the picture, with colours or without", () => {
  const view: View = { width: 4, height: 4, iterations: 9, re: 0, im: 0, step: 1 };
  const counts = Uint32Array.from([0, 1, 2, 9, 0, 1, 2, 9, 9, 2, 1, 0, 9, 2, 1, 0]);
  assert.deepEqual(preview(view, counts, false), [" :-@", "@-:"]);
  for (const [width, height] of [
    [1, 1],
    [1, 5000],
    [5000, 1],
    [64, 64],
    [200, 100],
  ] as const) {
    const lines = preview({ ...view, width, height }, new Uint32Array(width * height).fill(9), false);
    assert.ok(lines.length >= 1 && lines.length <= 32 && (lines[0] as string).length <= 64, `${width} x ${height}`);
  }
  const coloured = preview(view, counts, true);
  assert.equal(coloured.length, 2);
  assert.match(coloured[0] ?? "", /^(?:\x1b\[38;2;\d+;\d+;\d+m\x1b\[48;2;\d+;\d+;\d+m▀){4}\x1b\[0m$/);
});

const refused: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
  [["--step", "6"], 2, /^toyvm: --step takes a whole number from 1 to 5, not 6\n/],
  [["--step"], 2, /--step.*argument missing/],
  [["--width", "0"], 2, /--width takes a whole number from 1 to 8192, not 0/],
  [["--height", "1e3"], 2, /--height takes/],
  [["--iterations", "-3"], 2, /--iterations takes a whole number from 1 to 100000, not -3/],
  [["--center", "1;2"], 2, /--center takes 2 numbers/],
  [["--across", "-1"], 2, /--across takes a number above 0, not -1/],
  [["--across", "0"], 2, /--across takes a number above 0/],
  [["--out", "picture.jpg"], 2, /ends in \.png or \.ppm/],
  [["--step", "2", "--out", "picture.png"], 2, /draws nothing/],
  [["--step", "4", "--threads", "2"], 2, /with one thread/],
  [["--frobnicate"], 2, /Unknown option '--frobnicate'/],
  [["picture.png"], 2, /Unexpected argument 'picture.png'/],
  [["--out", "no/such/folder.png", "--width", "8", "--height", "6"], 1, /cannot write no\/such\/folder\.png: ENOENT/],
  [["--heap", "1", "--no-preview"], 1, /^toyvm: out of memory\n$/],
];

for (const [args, code, message] of refused) {
  test(`toyvm ${args.join(" ")} is refused`, PATIENCE, () => {
    const outcome = toyvm(args, folder);
    assert.equal(outcome.code, code);
    assert.match(outcome.err, message);
    if (code === 2) assert.match(outcome.err, /\nTry: toyvm --help\n$/);
  });
}

test("toyvm --help names every option", () => {
  const { code, out } = toyvm(["--help"], folder);
  assert.equal(code, 0);
  for (const option of [
    "step",
    "width",
    "height",
    "iterations",
    "center",
    "across",
    "threads",
    "heap",
    "out",
    "no-preview",
  ]) {
    assert.ok(out.includes(`\n  --${option} `), option);
  }
});
