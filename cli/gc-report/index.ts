/** The command `vmkit gc-report`. */
import { basename } from "node:path";
import { page, summary } from "./page.ts";
import { readLog } from "./read.ts";

/** The page and the lines for the terminal. Throws BadInput when the log is none. */
export function gcReport(file: string, text: string): { readonly html: string; readonly says: string } {
  const log = readLog(basename(file), text);
  return { html: page(log), says: summary(log) };
}
