/** What the translator asks: answered by linking, the strings and the natives' intrinsics. */
import { linkedMethod, arrayOf, translateQueries } from "../link/index.ts";
import type { TranslateEnv } from "../model/types.ts";
import type { J3 } from "./j3.ts";

export function translateEnv(j: J3): TranslateEnv {
  throw new Error(String([j, linkedMethod, arrayOf, translateQueries]));
}
