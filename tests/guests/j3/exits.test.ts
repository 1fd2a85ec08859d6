/**
 * J3 ends at a random moment, in every way, while its threads do everything: no hang, no corrupt heap, the right exit code, hooks run.
 * J3_EXITS=1000: so many runs; two otherwise, beginning with any of the ways.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { PLANS } from "#heap";
import { commandLine, compile, findJdk, j3Command, type Program, root, tail } from "./runner.ts";

const WAYS = [
  { way: "exit", codes: [7], output: "hook\n" },
  { way: "halt", codes: [8], output: "" },
  { way: "two", codes: [11, 12], output: "hook\n" },
  { way: "term", codes: [143], output: "ready\nhook\n" },
  { way: "uncaught", codes: [1], output: "hook\n" },
  { way: "last", codes: [0], output: "hook\n" },
] as const;
const runs = Number(process.env["J3_EXITS"] ?? 2);
/** Seconds after which one hangs; a busy machine needs more. */
const patience = Number(process.env["J3_TIMEOUT"] ?? 120);
const first = Math.floor(Math.random() * WAYS.length);
const plans = PLANS.filter((plan) => plan.collects).map((plan) => plan.name);

const source = fileURLToPath(new URL("exits/RandomExit.java", import.meta.url));
const program: Program = {
  name: "RandomExit",
  source,
  hash: createHash("sha256").update(fs.readFileSync(source)).digest("hex").slice(0, 24),
  args: [],
  jvm: [],
  stdin: "",
  jar: false,
  stress: 0,
};

interface Ended {
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** `terminates`: gets SIGTERM so many milliseconds after it said that it is ready. */
function end(args: readonly string[], checks: boolean, terminates: number | null): Promise<Ended> {
  const [file = "", ...rest] = [...j3Command(), ...args];
  const environment = { ...process.env, ...(checks ? { VM_CHECK: "heap", VM_STRESS: "parallel" } : {}) };
  const child = spawn(file, rest, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: environment });
  let stdout = "";
  let stderr = "";
  let hangs = false;
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    if (terminates === null || stdout !== "ready\n") return;
    setTimeout(() => child.kill("SIGTERM"), terminates);
  });
  const timer = setTimeout(() => {
    hangs = true;
    child.kill("SIGKILL");
  }, patience * 1000);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ exit: hangs ? "hangs" : (code ?? signal ?? "unknown"), stdout, stderr });
    });
  });
}

before(() => compile(findJdk(), [program]));

for (let number = 0; number < runs; number++) {
  const { way, codes, output } = WAYS[(first + number) % WAYS.length]!;
  const plan = plans[Math.floor(number / 2) % plans.length]!;
  const milliseconds = Math.floor(Math.random() * 300);
  test(`${way} after ${milliseconds} ms, ${plan}`, async () => {
    const args = [`--gc=${plan}`, "-Xmx64m", ...commandLine({ ...program, args: [way, `${milliseconds}`] })];
    const ended = await end(args, number % 2 === 0, way === "term" ? milliseconds % 50 : null);
    const shown = `${ended.stdout}\n${tail(ended.stderr)}`;
    assert.ok(
      (codes as readonly (number | string)[]).includes(ended.exit),
      `exit ${ended.exit} instead of ${codes}\n${shown}`,
    );
    assert.equal(ended.stdout, output, shown);
    if (way !== "uncaught") assert.equal(ended.stderr, "");
  });
}
