/**
 * What the passes cost, and what they find, over the methods of java.base as the translator makes them (nothing linked, and everything
 * linked).
 *
 *   node bench/passes.ts [every n-th class; 1 if not given]
 */
import { loadavg } from "node:os";
import { argv } from "node:process";
import { instCount, Optimizer } from "#passes";
import { Switches } from "#support";
import { compile } from "#wasm";
import { ImageReader } from "../guests/j3/classpath/index.ts";
import { FakeWorld } from "../guests/j3/translate/fake-world.ts";
import { Translator } from "../guests/j3/translate/index.ts";
import { findJdk } from "../tests/guests/j3/runner.ts";

const step = Number(argv[2] ?? 1);
const image = new ImageReader(`${findJdk().home}/lib/modules`);
const names = image.resourcesOf("java.base").filter((name) => /(?<!module-info)\.class$/.test(name));
const backEnd = { trapSlot: () => 1, addSite: () => 8 };

/** Microseconds of processor time of this thread. */
function cpu(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

console.log(`load ${loadavg()[0]!.toFixed(2)}, node ${process.version}`);
for (const resolved of [false, true]) {
  const world = new FakeWorld({ find: (name) => image.findClass(name)?.bytes, resolved });
  const translator = new Translator(world);
  const optimizer = new Optimizer(Switches.parse({}));
  const totals = {
    methods: 0,
    before: 0,
    after: 0,
    bytesBefore: 0,
    bytesAfter: 0,
    translate: 0,
    compile: 0,
    less: 0,
    passes: 0,
  };
  for (const [i, name] of names.entries()) {
    if (i % step !== 0) continue;
    const holder = world.load(name.replace(/^\/java\.base\//, "").replace(/\.class$/, ""));
    for (const method of holder?.methods ?? []) {
      if (method.info?.code === undefined) continue;
      const start = cpu();
      const func = translator.translate(method, 1);
      const translated = cpu();
      const bytes = compile(func, backEnd).length;
      totals.compile += cpu() - translated;
      totals.translate += translated - start;
      totals.methods += 1;
      totals.before += instCount(func);
      totals.bytesBefore += bytes;
      const optimizing = cpu();
      optimizer.run(func);
      const compiled = cpu();
      totals.passes += compiled - optimizing;
      totals.after += instCount(func);
      totals.bytesAfter += compile(func, backEnd).length;
      totals.less += cpu() - compiled;
    }
  }
  const perMethod = (microseconds: number): string => `${(microseconds / totals.methods).toFixed(1)} us per method`;
  const share = (after: number, before: number): string =>
    `${before} -> ${after} (${Math.round((100 * after) / before)} %)`;
  console.log(`\n${totals.methods} methods, ${resolved ? "linked" : "not linked"}; processor time:`);
  console.log(`  translate   ${perMethod(totals.translate)}`);
  console.log(`  compile     ${perMethod(totals.compile)}, after the passes ${perMethod(totals.less)}`);
  console.log(`  all passes  ${perMethod(totals.passes)}`);
  const sum = optimizer.costs.reduce((all, { milliseconds }) => all + milliseconds, 0);
  for (const { pass, milliseconds, rewrites } of optimizer.costs) {
    console.log(`    ${pass.padEnd(11)} ${Math.round((100 * milliseconds) / sum)} %, ${rewrites} rewrites`);
  }
  console.log(
    `  instructions ${share(totals.after, totals.before)}, bytes of code ${share(totals.bytesAfter, totals.bytesBefore)}`,
  );
}
image.close();
