/** How many monitors a method holds at an instruction, from its bytecode: what monitorenter and monitorexit leave locked on the way there. */
import { BytecodeWalker } from "../bytecode.ts";
import type { CodeAttribute } from "../classfile/index.ts";

const MONITORENTER = 194;
const MONITOREXIT = 195;
const GOTO = 167;
const GOTO_W = 200;
const TABLESWITCH = 170;
const LOOKUPSWITCH = 171;
const RETURN = 177;
const ATHROW = 191;
const RET = 169;

const isBranch = (opcode: number): boolean =>
  (opcode >= 153 && opcode <= 168) || (opcode >= 198 && opcode <= GOTO_W) || opcode === 201;

const goesOn = (opcode: number): boolean =>
  opcode !== GOTO &&
  opcode !== GOTO_W &&
  opcode !== ATHROW &&
  opcode !== RET &&
  !(opcode >= TABLESWITCH && opcode <= RETURN);

/**
 * The number of blocks around the instruction at `pos` that synchronize, before it is executed; 0 where `pos` cannot be reached. In code
 * whose ways to an instruction differ in this (JVMS §2.11.10), one of them counts.
 */
export function blocksLockedAt(attribute: CodeAttribute, where: string, pos: number): number {
  const { code, handlers } = attribute;
  if (!code.includes(MONITORENTER)) return 0;
  /** By pc: the locks held before the instruction, plus 1; 0: not reached. */
  const depths = new Uint16Array(code.length);
  const work: { readonly pc: number; readonly depth: number }[] = [{ pc: 0, depth: 0 }];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    let { depth } = next;
    for (const walker = new BytecodeWalker(code, where, next.pc); walker.next(); ) {
      const { pc, opcode } = walker;
      if (depths[pc] !== 0) break;
      depths[pc] = depth + 1;
      if (pc === pos) return depth;
      for (const { startPc, endPc, handlerPc } of handlers) {
        if (pc >= startPc && pc < endPc && depths[handlerPc] === 0) work.push({ pc: handlerPc, depth });
      }
      if (opcode === MONITORENTER) depth++;
      else if (opcode === MONITOREXIT && depth > 0) depth--;
      const isSwitch = opcode === TABLESWITCH || opcode === LOOKUPSWITCH;
      if (isBranch(opcode) || isSwitch) work.push({ pc: walker.target, depth });
      if (isSwitch) for (const target of walker.targets) work.push({ pc: target, depth });
      if (!goesOn(opcode)) break;
    }
  }
  return 0;
}
