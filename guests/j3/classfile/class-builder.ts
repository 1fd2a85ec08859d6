import { encodeMutf8 } from "./mutf8.ts";

/**
 * Makes class files for tests, right or wrong: nothing is checked. Entries of the constant pool are not shared.
 */
export class ClassBuilder {
  major = 61;
  minor = 0;
  flags = 0x21;
  thisIndex = 0;
  superIndex = 0;
  readonly interfaces: number[] = [];
  private readonly pool: number[][] = [[]];
  private readonly fields: number[][] = [];
  private readonly methods: number[][] = [];
  private readonly attributes: number[][] = [];

  constructor(name = "Foo", superName = "java/lang/Object") {
    this.thisIndex = this.class(name);
    this.superIndex = this.class(superName);
  }

  /** Adds an entry and answers its index; `slots` is 2 for long and double. */
  constant(tag: number, body: readonly number[], slots: 1 | 2 = 1): number {
    const index = this.pool.length;
    this.pool.push([tag, ...body]);
    if (slots === 2) this.pool.push([]);
    return index;
  }

  utf8(text: string): number {
    const bytes = encodeMutf8(text);
    return this.constant(1, [...u2(bytes.length), ...bytes]);
  }

  class(name: string): number {
    return this.constant(7, u2(this.utf8(name)));
  }

  nameAndType(name: string, descriptor: string): number {
    return this.constant(12, [...u2(this.utf8(name)), ...u2(this.utf8(descriptor))]);
  }

  /** `tag` is 9, 10 or 11. */
  member(tag: number, owner: string, name: string, descriptor: string): number {
    return this.constant(tag, [...u2(this.class(owner)), ...u2(this.nameAndType(name, descriptor))]);
  }

  attribute(name: string, body: readonly number[]): number[] {
    return [...u2(this.utf8(name)), ...u4(body.length), ...body];
  }

  field(flags: number, name: string, descriptor: string, ...attributes: number[][]): this {
    this.fields.push(this.memberInfo(flags, name, descriptor, attributes));
    return this;
  }

  method(flags: number, name: string, descriptor: string, ...attributes: number[][]): this {
    this.methods.push(this.memberInfo(flags, name, descriptor, attributes));
    return this;
  }

  /** A Code attribute. `handlers` are rows of start, end, handler and catch type. */
  code(
    maxStack: number,
    maxLocals: number,
    code: readonly number[],
    handlers: number[][] = [],
    ...attributes: number[][]
  ): number[] {
    const rows = [...u2(handlers.length), ...handlers.flat().flatMap(u2)];
    const tail = [...u2(attributes.length), ...attributes.flat()];
    return this.attribute("Code", [...u2(maxStack), ...u2(maxLocals), ...u4(code.length), ...code, ...rows, ...tail]);
  }

  with(...attributes: number[][]): this {
    this.attributes.push(...attributes);
    return this;
  }

  build(): Uint8Array {
    const counted = (rows: readonly (readonly number[])[]) => [...u2(rows.length), ...rows.flat()];
    return Uint8Array.from([
      ...u4(0xcafebabe),
      ...u2(this.minor),
      ...u2(this.major),
      ...counted(this.pool),
      ...u2(this.flags),
      ...u2(this.thisIndex),
      ...u2(this.superIndex),
      ...counted(this.interfaces.map(u2)),
      ...counted(this.fields),
      ...counted(this.methods),
      ...counted(this.attributes),
    ]);
  }

  private memberInfo(flags: number, name: string, descriptor: string, attributes: number[][]): number[] {
    const names = [...u2(this.utf8(name)), ...u2(this.utf8(descriptor))];
    return [...u2(flags), ...names, ...u2(attributes.length), ...attributes.flat()];
  }
}

export function u2(value: number): number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

export function u4(value: number): number[] {
  return [...u2(value >>> 16), ...u2(value)];
}
