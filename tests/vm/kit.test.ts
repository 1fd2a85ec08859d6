/** The kit of src/vm: a VM started, talked to, stopped and waited for from TypeScript. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BadInput, Switches } from "#support";
import { VirtualMachine, type VmOptions } from "#vm";
import type { Data } from "./guest.ts";

const PATIENCE = { timeout: 120_000 };
const module = new URL("./guest.ts", import.meta.url);

interface Running {
  readonly vm: VirtualMachine;
  readonly said: unknown[];
}

function start(data: Data, options: Partial<VmOptions<Data>> = {}): Running {
  const said: unknown[] = [];
  const vm = VirtualMachine.start<Data>({ guest: module, data, message: (each) => said.push(each), ...options });
  return { vm, said };
}

async function run(
  scenario: string,
  options: Partial<VmOptions<Data>> = {},
): Promise<{ code: number; said: unknown[] }> {
  const { vm, said } = start({ scenario }, options);
  return { code: await vm.exited(), said };
}

const variants: Record<string, Partial<VmOptions<Data>>> = {
  plain: {},
  "collecting at every allocation": { switches: Switches.parse({ VM_STRESS: "gc:1", VM_CHECK: "1" }) },
  "collecting at every poll": { switches: Switches.parse({ VM_STRESS: "poll:1", VM_CHECK: "1" }) },
};

for (const [how, options] of Object.entries(variants)) {
  test(`a host function's failure is an exception that the guest catches, ${how}`, PATIENCE, async () => {
    assert.deepEqual(await run("hostFailure", options), { code: 0, said: [42, "-3 is negative", 1] });
  });

  test(`services: results, upcalls, what they throw, and references, ${how}`, PATIENCE, async () => {
    assert.deepEqual(await run("services", options), {
      code: 0,
      said: [9, 1000, "-5 is negative", "the service refuses 6", 77],
    });
  });

  test(`a second thread, a daemon, permits and the end of the last thread, ${how}`, PATIENCE, async () => {
    const { code, said } = await run("threads", options);
    // Each carrier has a port of its own.
    assert.deepEqual({ code, said: said.toSorted() }, { code: 0, said: [2, 5] });
  });
}

test("failed checks are exceptions with the guest's texts", PATIENCE, async () => {
  const expected = ["bounds 7 5", "zero 0 0", "null 0 0", "stack 0 0", "stack 0 0", "out of memory"];
  assert.deepEqual(await run("traps", { maxHeapBytes: 8 << 20 }), { code: 0, said: expected });
});

test("a guest that has no exception for out of memory when there is no memory is told so", PATIENCE, async () => {
  const outcome = run("unprepared", { maxHeapBytes: 8 << 20 });
  await assert.rejects(outcome, /the guest made no exception for "out of memory"/);
});

test("an exception that nobody catches: the guest's hook, and exit code 1", PATIENCE, async () => {
  assert.deepEqual(await run("uncaught"), { code: 1, said: ["-9 is negative"] });
  assert.deepEqual(await run("uncaughtDefault"), { code: 1, said: [] });
});

test("the first exit status that is not 0 counts", PATIENCE, async () => {
  assert.equal((await run("exitStatus")).code, 3);
});

test("the host sends texts to a guest thread that sleeps for them", PATIENCE, async () => {
  const { vm, said } = start({ scenario: "messages" });
  const long = "ä".repeat(100_000);
  for (const text of ["one", "zwölf", "", "never heard"].toSpliced(2, 0, long)) vm.send(text);
  assert.equal(await vm.exited(), 0);
  assert.deepEqual(said, ["heard one", "heard zwölf", "heard 100000 units", "heard "]);
});

test("the host waits between the texts", PATIENCE, async () => {
  const heard = Promise.withResolvers<void>();
  const vm = VirtualMachine.start<Data>({
    guest: module,
    data: { scenario: "messages" },
    message: () => heard.resolve(),
  });
  vm.send("first");
  await heard.promise;
  await new Promise((resolve) => setTimeout(resolve, 30));
  vm.send("");
  assert.equal(await vm.exited(), 0);
});

test("the host stops a guest that would run for ever", PATIENCE, async () => {
  const running = Promise.withResolvers<void>();
  const vm = VirtualMachine.start<Data>({
    guest: module,
    data: { scenario: "forever" },
    message: () => running.resolve(),
  });
  await running.promise;
  vm.stop(7);
  assert.equal(await vm.exited(), 7);
  vm.stop(8);
  assert.equal(await vm.exited(), 7);
  await vm.close();
});

test("a VM that is closed at once", PATIENCE, async () => {
  const { vm } = start({ scenario: "forever" });
  await vm.close();
  assert.equal(await vm.exited(), 0);
});

test("a failure of ours comes out of exited, and the Workers are gone", PATIENCE, async () => {
  await assert.rejects(run("bug"), /a bug in a host function/);
  await assert.rejects(run("nothing"), /the guest has started no thread/);
  await assert.rejects(run("forever", { guest: new URL("./no-such-guest.js", import.meta.url) }), /no-such-guest/);
  await assert.rejects(run("forever", { guest: new URL("./kit.ts.txt", import.meta.url) }));
});

test("options that are wrong are BadInput", () => {
  const wrong: Partial<VmOptions<Data>>[] = [
    { plan: "refcount" },
    { carriers: 0 },
    { carriers: 1.5 },
    { maxHeapBytes: 0 },
    { maxHeapBytes: 3 * 2 ** 30 },
    { fixedBytes: 4096 },
  ];
  for (const options of wrong) assert.throws(() => start({ scenario: "nothing" }, options), BadInput);
});

test("several VMs at once, of several collectors, each with its own heap and exit code", PATIENCE, async () => {
  const numbers = [11, 22, 33];
  const all = numbers.map((number, i) =>
    start({ scenario: "number", number }, { carriers: 1, plan: i === 1 ? "nogc" : "semispace" }),
  );
  const codes = await Promise.all(all.map(({ vm }) => vm.exited()));
  assert.deepEqual(codes, numbers);
  assert.deepEqual(
    all.map(({ said }) => said),
    numbers.map((number) => [number]),
  );
});
