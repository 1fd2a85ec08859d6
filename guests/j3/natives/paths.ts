/** All fast paths, by method. */
import { arrayPaths } from "./paths/arrays.ts";
import { builderPaths } from "./paths/builders.ts";
import { characterPaths } from "./paths/characters.ts";
import type { FastPathRow } from "./paths/path.ts";
import { stringPaths } from "./paths/strings.ts";
import { threadPaths } from "./paths/threads.ts";
import { transformPaths } from "./paths/transforms.ts";

export const fastPaths: Readonly<Record<string, FastPathRow>> = {
  ...stringPaths,
  ...characterPaths,
  ...transformPaths,
  ...builderPaths,
  ...arrayPaths,
  ...threadPaths,
};
