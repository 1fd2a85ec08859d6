/**
 * Copies of what follows a point, for control that comes there over some edges only.
 *
 * Takes      SSA without unreachable blocks, and edges of branches and jumps (no unwind edges).
 * Leaves     the edges leading to copies, and all that can be reached from there is copies too; they are cold. Values that come from the blocks that were
 *            copied or from their copies are parameters where both meet.
 * Costs      liveness, and linear in what is copied.
 */
import {
  type Block,
  type Edge,
  eachSuccessor,
  type Func,
  liveness,
  NO_VALUE,
  SsaConstruction,
  terminator,
  type Value,
  type Variable,
} from "#ir";

/** The blocks that can be reached from the targets of the edges. */
export function reachedFrom(edges: Iterable<Edge>): Set<Block> {
  const reached = new Set<Block>();
  for (const { target } of edges) reached.add(target);
  for (const block of reached) eachSuccessor(block, ({ target }) => reached.add(target));
  return reached;
}

/** Leads the edges, which leave the blocks given with them, to copies of what follows. */
export function duplicateFrom(func: Func, edges: ReadonlyMap<Edge, Block>): void {
  const region = reachedFrom(edges.keys());
  const { liveIn } = liveness(func);
  const ssa = new SsaConstruction(func);
  type State = (typeof ssa.states)[number];
  const stateOf = (block: Block): State => {
    ssa.addBlock(block);
    const state = ssa.states[ssa.states.length - 1]!;
    state.sealed = true;
    return state;
  };

  // Values by what they are in the copies; those that come in from outside though copies define them too are variables.
  const values = new Map<Value, Value>();
  const copies = new Map<Block, State>();
  for (const block of region) {
    const copy = func.newBlock();
    copy.cold = true;
    copies.set(block, stateOf(copy));
    for (const param of block.params) values.set(param, func.addParam(copy, func.typeOf(param)));
    for (const { result } of block.insts)
      if (result !== NO_VALUE) values.set(result, func.newValue(func.typeOf(result)));
  }
  const variables = new Map<Value, Variable>();
  for (const { target } of edges.keys()) {
    for (const number of liveIn[target.id]!) {
      const value = number as Value;
      if (values.has(value) && !variables.has(value)) variables.set(value, ssa.variable(func.typeOf(value)));
    }
  }
  const sources = new Map<Block, State>();
  for (const from of edges.values()) {
    if (sources.has(from)) continue;
    const state = stateOf(from);
    sources.set(from, state);
    for (const [value, variable] of variables) ssa.define(state, variable, value);
  }
  for (const [block, state] of copies) {
    for (const value of defined(block)) {
      const variable = variables.get(value);
      if (variable !== undefined) ssa.define(state, variable, values.get(value)!);
    }
  }

  // All edges first, so that the variables' values can be found; then what the copies do.
  const copiedEdges = new Map<Edge, Edge>();
  for (const [block, state] of copies) {
    eachSuccessor(block, (edge) => {
      copiedEdges.set(edge, ssa.addEdge(state, copies.get(edge.target)!, []));
    });
  }
  const led = new Map<Edge, Edge>();
  for (const [edge, from] of edges) {
    led.set(edge, ssa.addEdge(sources.get(from)!, copies.get(edge.target)!, [...edge.args]));
  }
  for (const [block, state] of copies) {
    const own = new Set(defined(block));
    const use = (value: Value): Value => {
      const variable = own.has(value) ? undefined : variables.get(value);
      return variable === undefined ? (values.get(value) ?? value) : ssa.use(state, variable);
    };
    const lead = (edge: Edge): Edge => {
      const copy = copiedEdges.get(edge)!;
      copy.args.push(...edge.args.map(use));
      return copy;
    };
    for (const inst of block.insts) {
      const copy = inst.copy(inst.args.map(use));
      if (inst.result !== NO_VALUE) copy.result = values.get(inst.result)!;
      copy.edges = inst.edges.map(lead);
      if (inst.unwind !== null) copy.unwind = lead(inst.unwind);
      state.block.insts.push(copy);
    }
  }
  for (const from of sources.keys()) {
    const end = terminator(from);
    end.edges = end.edges.map((edge) => led.get(edge) ?? edge);
  }
  ssa.write();
}

function* defined(block: Block): Iterable<Value> {
  yield* block.params;
  for (const { result } of block.insts) if (result !== NO_VALUE) yield result;
}
