/**
 * The message of a NullPointerException that an instruction threw, worded as HotSpot 17: what could not be done, and which expression
 * was null. The expression is found by running the method's code on a stack that holds, for each word, the instruction that pushed it.
 */
import { BytecodeWalker } from "../bytecode.ts";
import { argumentSlots, type CodeAttribute, type ConstantPool, parseMethodDescriptor } from "../classfile/index.ts";
import { externalName, externalType } from "../link/index.ts";
import { mnemonicOf } from "../opcodes.ts";
import { NullSources, type SourceStack, UNKNOWN } from "./null-sources.ts";

/** How deep expressions are spelled out. */
const MAX_DETAIL = 5;

export interface NpeMethod {
  readonly descriptor: string;
  readonly isStatic: boolean;
  readonly code: CodeAttribute;
  readonly constants: ConstantPool;
}

const ELEMENTS: Readonly<Record<string, string>> = {
  i: "int",
  f: "float",
  a: "object",
  b: "byte/boolean",
  c: "char",
  s: "short",
  l: "long",
  d: "double",
};

/** The message for an exception thrown at a bytecode index; null if no instruction there dereferences anything. */
export function npeMessage(method: NpeMethod, pos: number): string | null {
  return new NpeMessage(method).at(pos);
}

class NpeMessage {
  readonly #method: NpeMethod;
  readonly #sources: NullSources;

  constructor(method: NpeMethod) {
    this.#method = method;
    this.#sources = new NullSources(method.code, method.constants);
  }

  at(pos: number): string | null {
    const walker = this.#instruction(pos);
    const failed = this.#failedAction(walker);
    if (failed === null) return null;
    const cause = this.#cause(pos, failed.depth);
    return cause === null ? failed.text : `${failed.text}${cause}`;
  }

  #instruction(pos: number): BytecodeWalker {
    const walker = new BytecodeWalker(this.#method.code.code, "", pos);
    walker.next();
    return walker;
  }

  /** What the instruction could not do, and how many words above the null reference lie on the stack. */
  #failedAction(walker: BytecodeWalker): { readonly text: string; readonly depth: number } | null {
    const { constants } = this.#method;
    const name = mnemonicOf(walker.opcode);
    const element = ELEMENTS[name[0] as string] as string;
    if (name.length === 6 && name.endsWith("aload")) return { text: `Cannot load from ${element} array`, depth: 1 };
    if (name.length === 7 && name.endsWith("astore")) {
      return { text: `Cannot store to ${element} array`, depth: name[0] === "l" || name[0] === "d" ? 3 : 2 };
    }
    switch (name) {
      case "arraylength":
        return { text: "Cannot read the array length", depth: 0 };
      case "athrow":
        return { text: "Cannot throw exception", depth: 0 };
      case "monitorenter":
        return { text: "Cannot enter synchronized block", depth: 0 };
      case "monitorexit":
        return { text: "Cannot exit synchronized block", depth: 0 };
      case "getfield":
        return { text: `Cannot read field "${constants.memberRef(walker.index).name}"`, depth: 0 };
      case "putfield": {
        const field = constants.memberRef(walker.index);
        const isWide = field.descriptor === "J" || field.descriptor === "D";
        return { text: `Cannot assign field "${field.name}"`, depth: isWide ? 2 : 1 };
      }
      case "invokevirtual":
      case "invokespecial":
      case "invokeinterface": {
        const callee = constants.memberRef(walker.index);
        // No constructor is ever called on null: this is where the exception itself was made.
        if (callee.name === "<init>") return null;
        return { text: `Cannot invoke "${this.#methodText(walker.index)}"`, depth: argumentSlots(callee.descriptor) };
      }
      default:
        return null;
    }
  }

  /** ` because "<expression>" is null`, or null if the expression cannot be told. */
  #cause(pos: number, depth: number): string | null {
    const stack = this.#sources.before(pos);
    const source = stack?.source(depth) ?? UNKNOWN;
    if (source === UNKNOWN) return null;
    const text = this.#expression(pos, depth, MAX_DETAIL, false);
    if (text === null) return null;
    const isCall = mnemonicOf(this.#instruction(source).opcode).startsWith("invoke");
    return isCall ? ` because the return value of "${text}" is null` : ` because "${text}" is null`;
  }

  /** The expression whose value is in a word of the stack before an instruction. */
  #expression(pos: number, depth: number, detail: number, inner: boolean): string | null {
    const stack = this.#sources.before(pos);
    const source = detail <= 0 ? UNKNOWN : (stack?.source(depth) ?? UNKNOWN);
    if (stack === undefined || source === UNKNOWN) return null;
    const walker = this.#instruction(source);
    const { constants } = this.#method;
    const name = mnemonicOf(walker.opcode);
    const short = /^[ai]load_(\d)$/.exec(name);
    if (short !== null) return this.#local(stack, source, Number(short[1]));
    const constant = /^iconst_(m?)(\d)$/.exec(name);
    if (constant !== null) return `${constant[1] === "m" ? "-" : ""}${constant[2]}`;
    switch (name) {
      case "aload":
      case "iload":
        return this.#local(stack, source, walker.index);
      case "aconst_null":
        return "null";
      case "bipush":
      case "sipush":
        return String(walker.value);
      case "iaload":
      case "aaload": {
        const array = this.#expression(source, 1, detail - 1, inner) ?? "<array>";
        return `${array}[${this.#expression(source, 0, detail, true) ?? "..."}]`;
      }
      case "getstatic": {
        const field = constants.memberRef(walker.index);
        return `${classText(field.owner)}.${field.name}`;
      }
      case "getfield": {
        const object = this.#expression(source, 0, detail - 1, inner);
        const field = constants.memberRef(walker.index).name;
        return object === null ? field : `${object}.${field}`;
      }
      case "invokevirtual":
      case "invokespecial":
      case "invokestatic":
      case "invokeinterface":
        return this.#methodText(walker.index);
      default:
        return null;
    }
  }

  #local(stack: SourceStack, pos: number, slot: number): string {
    const { code, descriptor, isStatic } = this.#method;
    for (const variable of code.localVariables()) {
      const covers = variable.startPc <= pos && pos < variable.startPc + variable.length;
      if (variable.index === slot && covers) return variable.name;
    }
    if (stack.wasWritten(slot)) return `<local${slot}>`;
    if (!isStatic && slot === 0) return "this";
    let at = isStatic ? 0 : 1;
    const params = parseMethodDescriptor(descriptor)?.params ?? [];
    for (const [index, param] of params.entries()) {
      const words = param.descriptor === "J" || param.descriptor === "D" ? 2 : 1;
      if (slot >= at && slot < at + words) return `<parameter${index + 1}>`;
      at += words;
    }
    return `<local${slot}>`;
  }

  /** "String.indexOf(String, int)". */
  #methodText(index: number): string {
    const { owner, name, descriptor } = this.#method.constants.memberRef(index);
    const params = (parseMethodDescriptor(descriptor)?.params ?? []).map((param) =>
      externalType(param.descriptor).replace(/^java\.lang\.(?=Object|String)/, ""),
    );
    return `${classText(owner)}.${name}(${params.join(", ")})`;
  }
}

function classText(name: string): string {
  if (name === "java/lang/Object" || name === "java/lang/String") return name.slice("java/lang/".length);
  return externalName(name);
}
