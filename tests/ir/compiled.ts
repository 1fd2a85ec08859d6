/**
 * Compiled code as a tier of these tests: one module per function, a table of slots, and the imports that the back end asks for. In mixed
 * mode some functions, or all, are interpreted instead.
 */
import assert from "node:assert/strict";
import { type Cell, cellFromHost, cellToHost } from "#interp";
import { Builder, Func, type HostFunction, type Module, type Signature, signature, TRAP_KINDS } from "#ir";
import { CARRIER_STACK_LIMIT } from "#layout";
import { interpretedText, MixedInterpreter } from "#mixed";
import { type BackEnd, compile, compileModule, Scratch } from "#wasm";
import { type Outcome, printCell, type Tier } from "./tiers.ts";
import { CARDS, CARRIER, SMALL_STACK_LIMIT, World } from "./world.ts";

const SLOTS = 512;
/** Slots of the functions that throw the traps. */
const TRAP_SLOTS = 500;

type Code = (...args: Cell[]) => Cell | undefined;

export class CompiledTier implements Tier {
  readonly name: string;
  /** Which functions are interpreted. */
  interprets: (func: Func) => boolean;
  readonly world = new World();
  readonly #table = new WebAssembly.Table({ initial: SLOTS, element: "anyfunc" });
  readonly #tag = new WebAssembly.Tag({ parameters: ["i32"] });
  readonly #imports: WebAssembly.Imports;
  readonly #backEnd: BackEnd;
  readonly #trapFunctions: readonly Func[];
  readonly #interpreter: MixedInterpreter;
  /** Whether the functions of a program are compiled to one module. */
  together = false;
  readonly #scratch = new Scratch();
  /** Bytes of code compiled so far. */
  codeBytes = 0;

  constructor(name = "compiled", interprets: (func: Func) => boolean = () => false) {
    this.name = name;
    this.interprets = interprets;
    const { world } = this;
    if (name !== "compiled") world.stackLimit = SMALL_STACK_LIMIT;
    const collect = (sp: number): void => world.collect((visit) => world.visitFrames(sp, visit));
    const host: Record<string, (...args: never[]) => unknown> = {
      sum: (a: number, b: bigint, c: number) => Number(a) + Number(b) + Number(c),
      seven: (_sp: number) => 7,
      collect,
      raise: (_sp: number, ref: number) => this.#throw(ref),
    };
    for (const kind of TRAP_KINDS)
      host[`trap ${kind}`] = (_sp: number, a: number, b: number) => this.#throw(world.trap(kind, a, b));
    this.#imports = {
      rt: {
        memory: world.memory,
        table: this.#table,
        tag: this.#tag,
        carrier: new WebAssembly.Global({ value: "i32" }, CARRIER),
        alloc: (sp: number, bytes: number) => world.alloc(bytes, (visit) => world.visitFrames(sp, visit)),
        poll: collect,
        stack: (sp: number) => {
          if (sp < world.stackLimit) this.#throw(world.trap("stack", 0, 0));
          collect(sp);
        },
      },
      host,
    };
    this.#interpreter = new MixedInterpreter(world.memory.buffer, CARRIER, this.#imports);
    this.#backEnd = {
      cards: CARDS,
      trapSlot: (kind) => TRAP_SLOTS + TRAP_KINDS.indexOf(kind),
      addSite: (frameBytes, id, pos, map) => world.addSite(frameBytes, id, pos, Uint32Array.from(map)),
    };
    this.#trapFunctions = TRAP_KINDS.map((kind) => {
      const host: HostFunction = { name: `trap ${kind}`, signature: signature(["i32", "i32"], null), pure: false };
      const b = new Builder(new Func(host.name, host.signature));
      b.callhost(host, b.entry());
      b.unreachable();
      return b.finish();
    });
    this.#loadTraps();
  }

  load(module: Module): void {
    if (this.together) this.#installAll(module);
    else for (const { func, slot } of module.functions) this.#install(slot!, func);
  }

  /** Forgets the call sites of all functions loaded, to make room for others. */
  forget(): void {
    this.world.forgetSites();
    this.#loadTraps();
  }

  run(slot: number, signature: Signature, args: readonly Cell[]): Outcome {
    const { world } = this;
    world.reset();
    if (world.poll !== 0) world.setWord(CARRIER + CARRIER_STACK_LIMIT, 0xffffffff);
    const code = this.#table.get(slot) as Code;
    const given = signature.params.map((type, i) => cellToHost(type, args[i]!));
    try {
      const result = code(world.sp, ...given, slot);
      return signature.result === null
        ? "returns"
        : `== ${printCell(signature.result, cellFromHost(signature.result, result!))}`;
    } catch (error) {
      if (!(error instanceof WebAssembly.Exception) || !error.is(this.#tag)) throw error;
      return `throws ${world.describeThrown(Number(error.getArg(this.#tag, 0)) >>> 0)}`;
    }
  }

  #loadTraps(): void {
    this.#trapFunctions.forEach((func, i) => {
      this.#install(TRAP_SLOTS + i, func);
    });
  }

  #install(slot: number, func: Func): void {
    assert.ok(slot < SLOTS);
    if (this.interprets(func)) {
      this.#table.set(slot, this.#interpreter.install(interpretedText(func, this.#backEnd)) as () => void);
      return;
    }
    const bytes = compile(func, this.#backEnd);
    this.codeBytes += bytes.length;
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports);
    this.#table.set(slot, instance.exports["f"]);
  }

  #installAll(module: Module): void {
    const functions = module.functions.map(({ func, slot }) => ({ func, slot: slot! }));
    const bytes = compileModule(functions, this.#backEnd, this.#scratch);
    this.codeBytes += bytes.length;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports);
    functions.forEach(({ slot }, number) => {
      this.#table.set(slot, exports[`f${number}`]);
    });
  }

  #throw(ref: number): never {
    throw new WebAssembly.Exception(this.#tag, [ref]);
  }
}
