/**
 * The benchmarks: `npm run bench -- [j3|uvml|alloc|threads|all] [pattern] [--quick] [--rounds N] [--json FILE] ...`.
 * See j3/run.ts, uvml/run.ts, alloc/run.ts and threads/run.ts for what they measure.
 */
import { benchArgs } from "./report.ts";

for (const section of benchArgs().sections) {
  if (section === "uvml") await import("./uvml/run.ts");
  else if (section === "alloc") await import("./alloc/run.ts");
  else if (section === "threads") await import("./threads/run.ts");
  else await import("./j3/run.ts");
}
