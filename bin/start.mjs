/**
 * Runs the module named by the first argument with V8's compile cache on: `node start.mjs MAIN [ARGS...]`. Types are then stripped, and
 * code compiled, once per change and not once per start. The module sees its arguments as if it had been started itself.
 */
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

// Where the folder cannot be written to, this does nothing.
enableCompileCache(fileURLToPath(new URL("../build/compile-cache", import.meta.url)));
process.argv.splice(1, 1);
const [, main = ""] = process.argv;
// In a package only the compiled module is there.
if (main.endsWith(".ts") && !existsSync(main)) process.argv[1] = main.replace(/\.ts$/, ".js");
await import(pathToFileURL(process.argv[1] ?? "").href);
