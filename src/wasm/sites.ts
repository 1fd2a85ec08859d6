/** The records of one function's call sites (SITE_*), with those of the functions expanded in it. */
import type { Func } from "#ir";
import { POS_INSIDE } from "#layout";
import type { BackEnd } from "./emit.ts";

export class Sites {
  readonly #func: Func;
  readonly #env: Pick<BackEnd, "addSite">;
  /** By position: the record of a call whose callee was expanded. */
  readonly #callers = new Map<number, number>();

  constructor(func: Func, env: Pick<BackEnd, "addSite">) {
    this.#func = func;
    this.#env = env;
  }

  /** Makes a record and gives its address; see BackEnd.addSite. */
  add(frameBytes: number, pos: number, map: Uint32Array | readonly number[]): number {
    if (pos >= -1 || pos === POS_INSIDE) return this.#env.addSite(frameBytes, this.#func.id, pos, map, 0);
    const inlined = this.#func.inlined[-2 - pos]!;
    return this.#env.addSite(frameBytes, inlined.id, inlined.pos, map, this.#callerOf(inlined.caller));
  }

  /** One for all that the callee does. */
  #callerOf(pos: number): number {
    let address = this.#callers.get(pos);
    if (address === undefined) this.#callers.set(pos, (address = this.add(0, pos, [])));
    return address;
  }
}
