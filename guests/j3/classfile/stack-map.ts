import type { ConstantPool } from "./constants.ts";
import type { ByteReader } from "./reader.ts";

/** A verification_type_info, JVMS §4.7.4. */
export type VerificationType =
  | { readonly kind: "top" | "int" | "float" | "long" | "double" | "null" | "uninitializedThis" }
  /** `className` is an internal name or an array descriptor. */
  | { readonly kind: "object"; readonly className: string }
  /** `newPc` is the offset of the `new` instruction that made the object. */
  | { readonly kind: "uninitialized"; readonly newPc: number };

/**
 * A frame as it stands in StackMapTable, with its pc made absolute. `same*` frames keep the previous locals,
 * `chop` drops the last `chopped` ones, `append` adds, `full` replaces. A long or double is one entry.
 */
export interface StackMapFrame {
  readonly kind: "same" | "sameLocals1" | "chop" | "append" | "full";
  readonly pc: number;
  /** `chop` only: 1 to 3. */
  readonly chopped: number;
  /** `append` and `full`. */
  readonly locals: readonly VerificationType[];
  /** `sameLocals1` and `full`. */
  readonly stack: readonly VerificationType[];
}

const SIMPLE = [
  { kind: "top" },
  { kind: "int" },
  { kind: "float" },
  { kind: "double" },
  { kind: "long" },
  { kind: "null" },
  { kind: "uninitializedThis" },
] as const satisfies readonly VerificationType[];

const NONE: readonly VerificationType[] = [];

/** Reads the content of a StackMapTable attribute, JVMS §4.7.4. Throws a ClassFormatFailure on a bad frame or type tag. */
export function readStackMapTable(reader: ByteReader, constants: ConstantPool): StackMapFrame[] {
  const frames: StackMapFrame[] = [];
  const count = reader.u2();
  let pc = -1;
  for (let i = 0; i < count; i++) {
    const type = reader.u1();
    let kind: StackMapFrame["kind"] = "same";
    let delta = type;
    let chopped = 0;
    let locals = NONE;
    let stack = NONE;
    if (type >= 64 && type < 128) {
      kind = "sameLocals1";
      delta = type - 64;
      stack = readTypes(reader, constants, 1);
    } else if (type >= 128) {
      if (type < 247) reader.fail(`StackMapTable error: reserved frame type in class file ${constants.source}`);
      delta = reader.u2();
      if (type === 247) {
        kind = "sameLocals1";
        stack = readTypes(reader, constants, 1);
      } else if (type < 251) {
        kind = "chop";
        chopped = 251 - type;
      } else if (type > 251 && type < 255) {
        kind = "append";
        locals = readTypes(reader, constants, type - 251);
      } else if (type === 255) {
        kind = "full";
        locals = readTypes(reader, constants, reader.u2());
        stack = readTypes(reader, constants, reader.u2());
      }
    }
    pc += delta + 1;
    frames.push({ kind, pc, chopped, locals, stack });
  }
  return frames;
}

function readTypes(reader: ByteReader, constants: ConstantPool, count: number): VerificationType[] {
  const types: VerificationType[] = [];
  for (let i = 0; i < count; i++) {
    const tag = reader.u1();
    const simple = SIMPLE[tag];
    if (simple !== undefined) types.push(simple);
    else if (tag === 7) types.push({ kind: "object", className: constants.className(reader.u2()) });
    else if (tag === 8) types.push({ kind: "uninitialized", newPc: reader.u2() });
    else reader.fail(`StackMapTable error: bad verification type in class file ${constants.source}`);
  }
  return types;
}
