/**
 * Entering loops: the ways in are joined in a block before the header, so that locals a loop does not store to are the same values inside as
 * before. What is known of them (not null, an array's length) is then known inside too, although javac uses the same local for several
 * variables.
 */
import { BytecodeWalker } from "../bytecode.ts";
import type { FlowBlock } from "./flow.ts";
import type { Translation } from "./translation.ts";

/** Loops of more blocks than this are entered without looking at them. */
const MAX_BLOCKS = 200;

/** The block is about to be translated, and some ways to it are not emitted yet. The builder is in it. */
export function enterLoop(t: Translation, header: FlowBlock): void {
  if (header.isHandler) return;
  const body = loopOf(header);
  if (body === null) return;
  const stored = new Uint8Array(t.code.maxLocals + 1);
  const walker = new BytecodeWalker(t.code.code, t.where);
  for (const block of body) {
    walker.nextPc = block.start;
    while (walker.nextPc < block.end) {
      walker.next();
      const { opcode } = walker;
      if ((opcode >= 54 && opcode <= 58) || opcode === 132) stored[walker.index] = 1;
      else if (opcode >= 59 && opcode <= 78) stored[(opcode - 59) & 3] = 1;
    }
  }
  const before = header.ir!;
  if (!t.b.isSealed(before)) t.b.seal(before);
  header.ir = t.b.block();
  t.enterHeader(header.ir, (local) => stored[local] === 1);
}

/** The blocks from which control may come back to the header without having left the loop; null if there is another way into it. */
function loopOf(header: FlowBlock): Set<FlowBlock> | null {
  const body = new Set([header]);
  const work = header.before.filter((block) => !block.done || block === header);
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    if (!header.dominates(block)) return null;
    if (body.has(block)) continue;
    body.add(block);
    if (body.size > MAX_BLOCKS) return null;
    work.push(...block.before);
  }
  return body;
}
