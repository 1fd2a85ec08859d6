/** Compiles modules until it is ended: optimised ones or ordinary ones. */
import { workerData } from "node:worker_threads";
import { Memory } from "#memory";
import { optimizedModule, ordinaryModule } from "../../src/threads/tiers.ts";
import { sumModule } from "./tiers-module.ts";

const { memory, optimizes, done } = workerData as {
  memory: WebAssembly.Memory;
  optimizes: boolean;
  done: Int32Array<SharedArrayBuffer>;
};
const mem = new Memory(memory);
const compile = optimizes ? optimizedModule : ordinaryModule;
for (let salt = optimizes ? 1 : 2; Atomics.load(done, 0) === 0; salt += 2) {
  const sum = new WebAssembly.Instance(compile(mem, sumModule(salt))).exports["f"] as (n: number) => number;
  if (sum(1) !== 1 + salt * 400) throw new Error(`${sum(1)} with ${salt}`);
}
