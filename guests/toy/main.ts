/** The `toyvm` command: starts the VM, prints what it says, and writes the picture. */
import { writeFileSync } from "node:fs";
import { BadInput, Switches } from "#support";
import { VirtualMachine } from "#vm";
import { png, ppm, preview } from "./image.ts";
import { Listener } from "./messages.ts";
import { parseOptions, type ToyOptions, USAGE, UsageError } from "./options.ts";
import type { ToyData } from "./view.ts";

const FAILED = 1;
const BAD_USAGE = 2;
const MIB = 1 << 20;

// [start]
/** Runs ToyVM; gives its exit code, and the picture if there is one. */
async function run(options: ToyOptions): Promise<{ code: number; counts: Uint32Array | undefined }> {
  let counts: Uint32Array | undefined;
  const listener = new Listener((message) => {
    if (message.kind === "picture") counts = message.counts;
    else if (message.kind === "failure") console.error(`toyvm: ${message.text}`);
    else console.log(message.text);
  });
  const vm = VirtualMachine.start<ToyData>({
    guest: new URL("./guest.ts", import.meta.url),
    data: { step: options.step, view: options.view, threads: options.threads },
    carriers: options.threads,
    maxHeapBytes: options.heapMib * MIB,
    fixedBytes: 32 * MIB,
    switches: Switches.parse(process.env),
    message: (told) => listener.take(told),
  });
  return { code: await vm.exited(), counts };
}
// [/start]

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const start = performance.now();
  const { code, counts } = await run(options);
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  console.log(`ToyVM exits with ${code}`);
  if (counts === undefined) return code;
  const { view, out } = options;
  if (options.preview) {
    for (const line of preview(view, counts, process.stdout.isTTY === true)) console.log(line);
  }
  try {
    writeFileSync(out, (out.endsWith(".png") ? png : ppm)(view, counts));
  } catch (error) {
    console.error(`toyvm: cannot write ${out}: ${(error as Error).message}`);
    return FAILED;
  }
  const sum = counts.reduce((total, count) => total + count, 0);
  console.log(`${out}: ${view.width} x ${view.height} pixels, ${sum} iterations, ${seconds} s`);
  return code;
}

process.stdout.on("error", () => process.exit(FAILED)); // who read it is gone
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) console.error(`toyvm: ${error.message}\nTry: toyvm --help`);
  else console.error(error instanceof BadInput ? `toyvm: ${error.message}` : error);
  process.exitCode = error instanceof UsageError ? BAD_USAGE : FAILED;
}
