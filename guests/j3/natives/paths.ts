/** All fast paths, by method. */
import { arrayPaths } from "./paths/arrays.ts";
import { builderPaths } from "./paths/builders.ts";
import type { FastPathRow } from "./paths/path.ts";
import { stringPaths } from "./paths/strings.ts";
import { threadPaths } from "./paths/threads.ts";

export const fastPaths: Readonly<Record<string, FastPathRow>> = {
  ...stringPaths,
  ...builderPaths,
  ...arrayPaths,
  ...threadPaths,
};
