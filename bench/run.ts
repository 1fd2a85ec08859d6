/**
 * The benchmarks: `npm run bench -- [j3|uvml|all] [pattern] [--quick] [--rounds N] [--json FILE] ...`.
 * See j3/run.ts and uvml/run.ts for what they measure.
 */
import { benchArgs } from "./report.ts";

for (const section of benchArgs().sections) {
  if (section === "uvml") await import("./uvml/run.ts");
  else await import("./j3/run.ts");
}
