/**
 * Makes a failing program small: tries to leave out instructions, unwind edges and ways of branches one by one, and keeps what still
 * fails. A value that lost its instruction becomes the zero of its type.
 */
import {
  type Block,
  type Func,
  findings,
  Inst,
  instDoes,
  type Module,
  NO_VALUE,
  parse,
  printModule,
  removeUnreachable,
} from "#ir";

/** Changes an instruction of a function; false if there is nothing to change. */
type Edit = (func: Func, block: Block, index: number) => boolean;

const edits: readonly Edit[] = [
  function dropUnwind(_func, block, index) {
    const inst = block.insts[index]!;
    if (inst.unwind === null) return false;
    inst.unwind = null;
    return true;
  },
  function dropInst(func, block, index) {
    const inst = block.insts[index]!;
    if (inst.op === "const" || instDoes(inst, "ends")) return false;
    if (inst.result === NO_VALUE) {
      block.insts.splice(index, 1);
      return true;
    }
    const zero = new Inst("const", [], inst.pos);
    zero.result = inst.result;
    block.insts[index] = zero;
    return func.typeOf(inst.result) !== "iref";
  },
  ...[0, 1, 2].map(
    (way): Edit =>
      function goOneWay(_func, block, index) {
        const inst = block.insts[index]!;
        const edge = inst.edges[way];
        if (inst.edges.length < 2 || edge === undefined) return false;
        const jump = new Inst("jump", [], inst.pos);
        jump.edges = [edge];
        block.insts[index] = jump;
        return true;
      },
  ),
  function dropUnusedConst(func, block, index) {
    const inst = block.insts[index]!;
    if (inst.op !== "const") return false;
    for (const each of func.blocks) {
      for (const other of each.insts) {
        if (other.args.includes(inst.result)) return false;
        for (const edge of other.edges) if (edge.args.includes(inst.result)) return false;
        if (other.unwind?.args.includes(inst.result) === true) return false;
      }
    }
    block.insts.splice(index, 1);
    return true;
  },
];

/** A smaller program that fails too. `fails` gets verified programs only. */
export function reduce(program: Module, fails: (program: Module) => boolean): Module {
  let best = program;
  for (let changed = true; changed; ) {
    changed = false;
    for (let f = 0; f < best.functions.length; f++) {
      for (let b = 0; b < best.functions[f]!.func.blocks.length; b++) {
        for (let i = 0; i < (best.functions[f]!.func.blocks[b]?.insts.length ?? 0); i++) {
          for (const edit of edits) {
            const smaller = edited(best, f, b, i, edit);
            if (smaller === null || !fails(smaller)) continue;
            best = smaller;
            changed = true;
            if (best.functions[f]!.func.blocks[b]?.insts[i] === undefined) break;
          }
        }
      }
    }
  }
  return best;
}

function edited(program: Module, f: number, b: number, i: number, edit: Edit): Module | null {
  const copy = parse(printModule(program));
  const { func } = copy.functions[f]!;
  const block = func.blocks[b];
  if (block === undefined || block.insts[i] === undefined || !edit(func, block, i)) return null;
  removeUnreachable(func);
  return findings(func).length === 0 ? copy : null;
}
