/** The calls that one frame stands for: the function it belongs to may have others expanded in it. */
import { SITE_MAP, SITE_MAP_WORDS } from "#layout";
import type { Memory } from "#memory";

/** The record of the call in whose place this record's function is expanded, or 0: the frame is its own. See #layout SITE_MAP. */
export function callerInFrame(mem: Memory, site: number): number {
  return mem.word(site + SITE_MAP + 4 * mem.word(site + SITE_MAP_WORDS));
}
