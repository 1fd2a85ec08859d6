/**
 * Landings: blocks between unwind edges and their handlers.
 *
 * Takes      a function.
 * Leaves     the function as it is; copies of the instructions whose unwind edge gives arguments, with edges to a new block instead,
 *            which goes on to the handler with the arguments.
 *
 * Instructions near each other mostly give the same arguments, and then share the landing: the moves exist once, not behind each call.
 */
import { Block, Edge, type Func, Inst, type Type, type Value } from "#ir";

export interface Landings {
  /** The function's blocks and value types, and behind them those of the landings. */
  readonly blocks: Block[];
  readonly types: Type[];
  /** What stands in place of an instruction. */
  readonly copies: ReadonlyMap<Inst, Inst>;
}

/** How many landings of one handler are compared with an edge before it gets one of its own. */
const MAX_COMPARED = 6;

/** Null if no unwind edge gives arguments. */
export function makeLandings(func: Func): Landings | null {
  let maker: LandingMaker | null = null;
  for (const block of func.blocks) {
    const { insts } = block;
    for (let i = Math.max(0, insts.length - 2); i < insts.length; i++) {
      const inst = insts[i]!;
      if (inst.unwind === null || inst.unwind.args.length === 0) continue;
      maker ??= new LandingMaker(func);
      maker.divert(inst, inst.unwind);
    }
  }
  return maker;
}

class LandingMaker implements Landings {
  readonly blocks: Block[];
  readonly types: Type[];
  readonly copies = new Map<Inst, Inst>();
  /** By handler: the edges that its landings follow, latest last, and the landings. */
  readonly #known = new Map<Block, { edges: Edge[]; landings: Block[] }>();

  constructor(func: Func) {
    this.blocks = func.blocks.slice();
    this.types = func.types.slice();
  }

  divert(inst: Inst, edge: Edge): void {
    const copy = inst.copy(inst.args);
    copy.result = inst.result;
    copy.edges = inst.edges;
    copy.unwind = new Edge(this.#landing(edge), []);
    this.copies.set(inst, copy);
  }

  #landing(edge: Edge): Block {
    let known = this.#known.get(edge.target);
    if (known === undefined) {
      known = { edges: [], landings: [] };
      this.#known.set(edge.target, known);
    }
    const { edges, landings } = known;
    for (let i = edges.length - 1; i >= Math.max(0, edges.length - MAX_COMPARED); i--) {
      if (sameArgs(edges[i]!, edge)) return landings[i]!;
    }
    const landing = new Block(this.blocks.length);
    this.blocks.push(landing);
    const exception = this.types.length as Value;
    this.types.push("ref");
    landing.params.push(exception);
    landing.cold = true;
    const jump = new Inst("jump", [], -1);
    jump.edges = [new Edge(edge.target, [exception, ...edge.args])];
    landing.insts.push(jump);
    edges.push(edge);
    landings.push(landing);
    return landing;
  }
}

/** Whether two edges to the same block give the same arguments. */
export function sameArgs(a: Edge, b: Edge): boolean {
  if (a.args.length !== b.args.length) return false;
  for (let i = 0; i < a.args.length; i++) if (a.args[i] !== b.args[i]) return false;
  return true;
}
