/** Where the words of the operand stack come from: for each instruction the one that pushed each word before it. */
import { BytecodeWalker } from "../bytecode.ts";
import { argumentSlots, type CodeAttribute, type ConstantPool } from "../classfile/index.ts";
import { mnemonicOf } from "../opcodes.ts";

/** More than one instruction may have pushed the word, or an exception handler's entry did. */
export const UNKNOWN = -1;

/** The stack before an instruction. */
export class SourceStack {
  /** Bytecode index of the instruction that pushed each word. */
  readonly words: number[];
  /** Bit n: local variable n (below 64) was assigned on some way here. */
  written: bigint;

  constructor(words: readonly number[], written: bigint) {
    this.words = [...words];
    this.written = written;
  }

  /** The instruction that pushed the word so far below the top, or UNKNOWN. */
  source(depth: number): number {
    return this.words[this.words.length - 1 - depth] ?? UNKNOWN;
  }

  wasWritten(local: number): boolean {
    return local < 64 && ((this.written >> BigInt(local)) & 1n) !== 0n;
  }

  write(local: number): void {
    if (local < 64) this.written |= 1n << BigInt(local);
  }

  pop(count: number): void {
    this.words.length = Math.max(0, this.words.length - count);
  }

  push(pos: number, count: number): void {
    for (let i = 0; i < count; i++) this.words.push(pos);
  }

  /** Joins what came another way. */
  merge(other: SourceStack): void {
    other.words.forEach((source, i) => {
      if (this.words[i] !== source) this.words[i] = UNKNOWN;
    });
    this.written |= other.written;
  }
}

/** Words popped and pushed by instructions that always do the same. */
const EFFECTS = table({
  "0 0": "nop goto goto_w ret checkcast iinc",
  "0 1":
    "aconst_null iconst_m1 iconst_0 iconst_1 iconst_2 iconst_3 iconst_4 iconst_5 fconst_0 fconst_1 fconst_2 bipush sipush ldc ldc_w " +
    "iload iload_0 iload_1 iload_2 iload_3 fload fload_0 fload_1 fload_2 fload_3 aload aload_0 aload_1 aload_2 aload_3 new jsr jsr_w",
  "0 2":
    "lconst_0 lconst_1 dconst_0 dconst_1 ldc2_w lload lload_0 lload_1 lload_2 lload_3 dload dload_0 dload_1 dload_2 dload_3",
  "1 0":
    "istore istore_0 istore_1 istore_2 istore_3 fstore fstore_0 fstore_1 fstore_2 fstore_3 astore astore_0 astore_1 astore_2 astore_3 " +
    "pop ifeq ifne iflt ifge ifgt ifle ifnull ifnonnull tableswitch lookupswitch athrow monitorenter monitorexit ireturn freturn areturn",
  "1 1": "ineg fneg i2f i2b i2c i2s f2i arraylength instanceof newarray anewarray",
  "1 2": "i2l i2d f2l f2d",
  "2 0":
    "lstore lstore_0 lstore_1 lstore_2 lstore_3 dstore dstore_0 dstore_1 dstore_2 dstore_3 pop2 lreturn dreturn " +
    "if_icmpeq if_icmpne if_icmplt if_icmpge if_icmpgt if_icmple if_acmpeq if_acmpne",
  "2 1":
    "iaload faload aaload baload caload saload iadd fadd isub fsub imul fmul idiv fdiv irem frem ishl ishr iushr iand ior ixor " +
    "fcmpl fcmpg l2i l2f d2i d2f",
  "2 2": "laload daload lneg dneg l2d d2l",
  "3 0": "iastore fastore aastore bastore castore sastore",
  "3 2": "lshl lshr lushr",
  "4 0": "lastore dastore",
  "4 1": "lcmp dcmpl dcmpg",
  "4 2": "ladd dadd lsub dsub lmul dmul ldiv ddiv lrem drem land lor lxor",
});

/** Instructions after which the next one is not reached. */
const ENDS = new Set(["goto", "goto_w", "tableswitch", "lookupswitch", "athrow", "ret", "jsr", "jsr_w"]);

function table(rows: Readonly<Record<string, string>>): ReadonlyMap<string, readonly [pops: number, pushes: number]> {
  const map = new Map<string, readonly [number, number]>();
  for (const [effect, names] of Object.entries(rows)) {
    const [pops, pushes] = effect.split(" ").map(Number) as [number, number];
    for (const name of names.split(" ")) map.set(name, [pops, pushes]);
  }
  return map;
}

function wordsOf(descriptor: string): number {
  if (descriptor === "V") return 0;
  return descriptor === "J" || descriptor === "D" ? 2 : 1;
}

/** One method, analysed as far as a question needs it. */
export class NullSources {
  readonly #code: CodeAttribute;
  readonly #constants: ConstantPool;

  constructor(code: CodeAttribute, constants: ConstantPool) {
    this.#code = code;
    this.#constants = constants;
  }

  /**
   * The stack before an instruction; undefined if it cannot be reached. As HotSpot does, instructions are taken in the order of the
   * code, over and over, only until the wanted one is reached: ways that come back to it later do not count.
   */
  before(pos: number): SourceStack | undefined {
    const stacks = new Map<number, SourceStack>([[0, new SourceStack([], 0n)]]);
    for (const { handlerPc } of this.#code.handlers) stacks.set(handlerPc, new SourceStack([UNKNOWN], 0n));
    for (let known = -1; known !== stacks.size && (known < 0 || !stacks.has(pos)); ) {
      known = stacks.size;
      const walker = new BytecodeWalker(this.#code.code, "");
      while (walker.next()) {
        if (walker.pc === pos && stacks.has(pos)) return stacks.get(pos);
        this.#step(walker, stacks);
      }
    }
    return stacks.get(pos);
  }

  #step(walker: BytecodeWalker, stacks: Map<number, SourceStack>): void {
    const before = stacks.get(walker.pc);
    if (before === undefined) return;
    const stack = new SourceStack(before.words, before.written);
    const name = mnemonicOf(walker.opcode);
    this.#apply(walker, name, stack);
    const flow = (to: number): void => {
      const there = stacks.get(to);
      if (there !== undefined) there.merge(stack);
      else stacks.set(to, new SourceStack(stack.words, stack.written));
    };
    if (!ENDS.has(name) && !name.endsWith("return")) flow(walker.nextPc);
    if (name.startsWith("if") || name.startsWith("goto") || name.startsWith("jsr")) flow(walker.target);
    if (name.endsWith("switch")) for (const target of [walker.target, ...walker.targets]) flow(target);
  }

  #apply(walker: BytecodeWalker, name: string, stack: SourceStack): void {
    const { words } = stack;
    const effect = EFFECTS.get(name);
    if (effect !== undefined) {
      const local = /^[ilfda]store(?:_(\d))?$/.exec(name);
      if (local !== null) this.#write(stack, local[1] === undefined ? walker.index : Number(local[1]), effect[0]);
      if (name === "iinc") stack.write(walker.index);
      stack.pop(effect[0]);
      stack.push(walker.pc, effect[1]);
      return;
    }
    const top = (depth: number): number => words[words.length - 1 - depth] ?? UNKNOWN;
    switch (name) {
      case "dup":
        words.push(top(0));
        break;
      case "dup_x1":
        words.splice(-2, 0, top(0));
        break;
      case "dup_x2":
        words.splice(-3, 0, top(0));
        break;
      case "dup2":
        words.push(top(1), top(0));
        break;
      case "dup2_x1":
        words.splice(-3, 0, top(1), top(0));
        break;
      case "dup2_x2":
        words.splice(-4, 0, top(1), top(0));
        break;
      case "swap":
        words.splice(-2, 2, top(0), top(1));
        break;
      case "multianewarray":
        stack.pop(walker.value);
        stack.push(walker.pc, 1);
        break;
      case "getstatic":
      case "getfield":
      case "putstatic":
      case "putfield":
        this.#field(walker, name, stack);
        break;
      case "return":
        break;
      default:
        this.#call(walker, name, stack);
    }
  }

  #write(stack: SourceStack, local: number, words: number): void {
    for (let i = 0; i < words; i++) stack.write(local + i);
  }

  #field(walker: BytecodeWalker, name: string, stack: SourceStack): void {
    const words = wordsOf(this.#constants.memberRef(walker.index).descriptor);
    if (name.endsWith("field")) stack.pop(name === "putfield" ? words + 1 : 1);
    else if (name === "putstatic") stack.pop(words);
    if (name.startsWith("get")) stack.push(walker.pc, words);
  }

  #call(walker: BytecodeWalker, name: string, stack: SourceStack): void {
    const isDynamic = name === "invokedynamic";
    const { descriptor } = isDynamic
      ? this.#constants.invokeDynamic(walker.index)
      : this.#constants.memberRef(walker.index);
    stack.pop(argumentSlots(descriptor) + (isDynamic || name === "invokestatic" ? 0 : 1));
    stack.push(walker.pc, wordsOf(descriptor.slice(descriptor.indexOf(")") + 1)));
  }
}
