/**
 * Mutated jars behind -jar: whether the launcher takes them, and, for a few, all that comes of them, must be as with `java`.
 * FUZZ_JARS says how many (200 if unset), FUZZ_FIRST where to begin.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { before, describe, it } from "node:test";
import { hasManifest } from "../../../guests/j3/classpath/index.ts";
import { Random } from "../../ir/seeded.ts";
import { compile, difference, findJdk, findPrograms, type Jdk, j3Command, root, run } from "./runner.ts";

const COUNT = Number(process.env["FUZZ_JARS"] ?? 200);
const FIRST = Number(process.env["FUZZ_FIRST"] ?? 0);
/** So many are run as a whole. */
const RUNS = Math.ceil(COUNT / 20);

const folder = path.join(root, "build/test-fuzz/jars");
const classes = path.join(root, "build/test-classes/TinyHello");

/** A jar with changes in one or two places, more often near its ends, where the structure is. */
function mutant(seeds: readonly Buffer[], n: number): Buffer {
  const random = new Random(n);
  let bytes: Buffer = Buffer.from(random.pick(seeds));
  for (let times = 1 + random.below(2); times > 0 && bytes.length > 4; times--) {
    const length = bytes.length;
    const places = [
      length - 1 - random.below(Math.min(220, length)),
      random.below(Math.min(150, length)),
      random.below(length),
    ];
    const at = random.pick(places);
    random.pick([
      () => bytes.writeUInt8(bytes[at]! ^ (1 << random.below(8)), at),
      () => bytes.writeUInt8(random.below(256), at),
      () => bytes.writeUInt8(random.pick([0, 255, 127, 1, 10, 13, 32, 58]), at),
      () => bytes.writeUInt8(bytes[random.below(length)]!, at),
      () => {
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from([1, 2, 3].slice(random.below(3))),
          bytes.subarray(at),
        ]);
      },
      () => {
        if (random.oneIn(4)) bytes = bytes.subarray(0, at);
      },
    ])();
  }
  return bytes;
}

describe("mutated jars", { concurrency: 1 }, () => {
  let jdk: Jdk;
  let seeds: Buffer[];
  before(async () => {
    jdk = findJdk();
    await compile(jdk, findPrograms("^TinyHello$"));
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    seeds = [[], ["--no-compress"]].map((how) => {
      const file = path.join(folder, `seed${how.join("")}.jar`);
      const what = ["--create", "--file", file, "--main-class", "TinyHello", "--date=2020-02-02T02:02:02Z"];
      const args = [...what, ...how, "-C", classes, "TinyHello.class"];
      const made = spawnSync(path.join(jdk.home, "bin/jar"), args, { encoding: "utf8" });
      assert.equal(made.status, 0, made.stderr);
      return fs.readFileSync(file);
    });
  });

  it(`${COUNT} jars, whether the launcher takes them`, () => {
    const file = path.join(folder, "mutant.jar");
    const wrong: string[] = [];
    let refused = 0;
    for (let n = FIRST; n < FIRST + COUNT; n++) {
      const bytes = mutant(seeds, n);
      fs.writeFileSync(file, bytes);
      // The launcher looks at the jar before the virtual machine looks at its flags.
      const java = spawnSync(path.join(jdk.home, "bin/java"), ["-XX:+NoSuchFlag", "-jar", file], { encoding: "utf8" });
      const takes = !java.stderr.includes("Invalid or corrupt jarfile");
      if (!takes) refused += 1;
      if (hasManifest(bytes) !== takes) wrong.push(`${n}: java ${takes ? "takes" : "refuses"} it`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(refused > COUNT / 10 && refused < COUNT * 0.9, `${refused} of ${COUNT} were refused`);
  });

  it(`${RUNS} jars, all that comes of them`, async () => {
    for (let n = FIRST; n < FIRST + RUNS; n++) {
      const file = path.join(folder, `run${n}.jar`);
      fs.writeFileSync(file, mutant(seeds, n));
      const expected = await run([path.join(jdk.home, "bin/java"), "-jar", file], { cwd: folder, timeout: 60 });
      // A class that does not verify is another matter.
      if (expected.stderr.includes("VerifyError") || expected.stderr.includes("Unable to initialize main class"))
        continue;
      const actual = await run([...j3Command(), "-jar", file], { cwd: folder, timeout: 60 });
      assert.equal(difference(expected, actual), undefined, `jar ${n}: ${file}`);
    }
  });
});
