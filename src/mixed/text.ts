/**
 * What a slot holds whose function is interpreted: text. The first line says, as JSON, what the interpreter cannot find out by itself; the
 * function's IR text follows. Whoever reads it makes the same `Plan` of it.
 */
import { Plan } from "#interp";
import { type Func, type HostFunction, parse, printModule, type Signature, type TrapKind } from "#ir";
import { CARRIER_VALUE_COUNT } from "#layout";
import { Bug } from "#support";
import { type BackEnd, Sites } from "#wasm";

/** The first line. */
interface Header {
  /** Addresses of the site records of the plan's points, in their order. */
  readonly sites: readonly number[];
  /** Slots of the trap functions that the function needs. */
  readonly traps: Readonly<Partial<Record<TrapKind, number>>>;
}

/** A function that a carrier can interpret. */
export interface Interpreted extends Header {
  readonly plan: Plan;
}

/** Whether a function can be interpreted: values pass through the carrier's record, which has room for so many. */
export function canInterpret(func: Func): boolean {
  const fits = (sig: Signature | null): boolean => sig === null || sig.params.length <= CARRIER_VALUE_COUNT;
  return fits(func.signature) && func.blocks.every((block) => block.insts.every((inst) => fits(inst.signature)));
}

export function interpretedText(func: Func, backEnd: Pick<BackEnd, "addSite" | "trapSlot">): string {
  const plan = new Plan(func);
  const makes = new Sites(func, backEnd);
  const sites = plan.points.map((point) => makes.add(plan.bytesAt(point), point.pos, plan.mapAt(point)));
  const traps: Partial<Record<TrapKind, number>> = {};
  for (const kind of plan.traps) traps[kind] = backEnd.trapSlot(kind);
  const header: Header = { sites, traps };
  return `${JSON.stringify(header)}\n${printModule({ hosts: hostsOf(func), functions: [{ func, slot: null }] })}`;
}

export function readInterpreted(text: string): Interpreted {
  const end = text.indexOf("\n");
  const header = JSON.parse(text.slice(0, end)) as Header;
  const func = parse(text.slice(end)).functions[0]?.func;
  if (func === undefined) throw new Bug("there is no function to interpret");
  const plan = new Plan(func);
  if (plan.points.length !== header.sites.length) {
    throw new Bug(`${header.sites.length} call sites for ${plan.points.length} points`, { function: func.name });
  }
  return { ...header, plan };
}

function hostsOf(func: Func): HostFunction[] {
  const hosts = new Map<string, HostFunction>();
  for (const block of func.blocks) {
    for (const { host } of block.insts) if (host !== null) hosts.set(host.name, host);
  }
  return [...hosts.values()];
}
