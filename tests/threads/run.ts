/** Runs a scenario of the test guest to its end. */
import { heapModule, planNamed } from "#heap";
import { CONTROL_GUEST } from "#layout";
import { Machine } from "#vm";
import { type GuestStart, type Interprets, WORD_FREE, WORD_UNCAUGHT, WORDS } from "./guest/protocol.ts";

const MIB = 1 << 20;
const FIXED_BYTES = 192 * MIB;

export interface RunOptions {
  readonly carriers?: number;
  readonly mostCarriers?: number;
  /** Non-moving memory. */
  readonly fixedBytes?: number;
  readonly args?: readonly number[];
  /** Collect at every Nth allocation. */
  readonly stress?: number;
  readonly check?: boolean;
  readonly heapBytes?: number;
  readonly triggerBytes?: number;
  readonly stackBytes?: number;
  readonly timeSliceMilliseconds?: number;
  readonly plan?: string;
  /** See MachineOptions. */
  readonly weakOrder?: boolean;
  /** Everything but the control block lies above 2 GiB. */
  readonly high?: boolean;
  /** Gives up after so many milliseconds: something hangs. */
  readonly patience?: number;
  /** Which functions are interpreted; default: what the environment's INTERPRETS says, else none. */
  readonly interprets?: Interprets;
  /** Called when all Workers have been started. */
  readonly started?: (machine: Machine) => void;
}

export interface RunResult {
  readonly code: number;
  /** The scenario's words. */
  readonly words: Int32Array;
  readonly uncaught: number;
  readonly milliseconds: number;
  /** Of the whole process meanwhile. */
  readonly cpuMilliseconds: number;
}

/** `module` is a URL. Rejects when a Worker fails, or when nothing ends in time. */
export async function run(module: URL, scenario: string, options: RunOptions = {}): Promise<RunResult> {
  const fixedBytes = options.fixedBytes ?? FIXED_BYTES;
  const heapBytes = options.heapBytes ?? 32 * MIB;
  const base = options.high ? 0x8000_0000 : 0;
  const plan = planNamed(options.plan ?? "semispace");
  if (plan === undefined) throw new Error("no such plan");
  const guest: GuestStart = {
    module: module.href,
    scenario,
    args: options.args ?? [],
    stackBytes: options.stackBytes ?? 32768,
    interprets: options.interprets ?? (process.env["INTERPRETS"] as Interprets | undefined) ?? "none",
  };
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const start = performance.now();
  const cpu = process.cpuUsage();
  const machine = new Machine({
    vmThread: new URL("./guest/vm-worker.ts", import.meta.url),
    carrier: new URL("./guest/carrier-worker.ts", import.meta.url),
    carriers: options.carriers ?? 2,
    ...(options.mostCarriers === undefined ? {} : { mostCarriers: options.mostCarriers }),
    heapModule: heapModule(),
    memoryBytes: base + fixedBytes + heapBytes,
    heap: {
      plan,
      ...(options.high ? { fixedStart: base } : {}),
      fixedEnd: base + fixedBytes,
      stress: options.stress ?? 0,
      check: options.check ?? false,
      ...(options.triggerBytes === undefined ? {} : { triggerBytes: options.triggerBytes }),
    },
    guest,
    failed: (error) => fail(error),
    ...(options.weakOrder === undefined ? {} : { weakOrder: options.weakOrder }),
    ...(options.timeSliceMilliseconds === undefined ? {} : { timeSliceMilliseconds: options.timeSliceMilliseconds }),
  });
  const patience = setTimeout(
    () => fail(new Error(`${scenario} hangs: ${state(machine)}`)),
    options.patience ?? 60_000,
  );
  try {
    options.started?.(machine);
    const code = await Promise.race([machine.exited(), failed]);
    const used = process.cpuUsage(cpu);
    const words = machine.mem.i32.slice(
      machine.mem.word(CONTROL_GUEST) >>> 2,
      (machine.mem.word(CONTROL_GUEST) >>> 2) + WORDS,
    );
    return {
      code,
      words: new Int32Array(words.subarray(WORD_FREE)),
      uncaught: words[WORD_UNCAUGHT] as number,
      milliseconds: performance.now() - start,
      cpuMilliseconds: (used.user + used.system) / 1000,
    };
  } finally {
    clearTimeout(patience);
    await machine.close();
  }
}

/** The control words and carriers, for the report of a hang. */
function state(machine: Machine): string {
  const { mem } = machine;
  const control = Array.from({ length: 32 }, (_, i) => mem.word(1024 + 4 * i));
  const carriers = [0, 1, 2].map((n) =>
    Array.from({ length: 20 }, (_, i) => mem.word(4096 + 8192 * n + 4 * i)).join(" "),
  );
  return `control ${control.join(" ")}\n${carriers.join("\n")}\nwords ${Array.from({ length: 40 }, (_, i) => mem.word(mem.word(CONTROL_GUEST) + 4 * i)).join(" ")}`;
}
