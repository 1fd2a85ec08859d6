/** Code of structures and their fields. */
import type { Value } from "#ir";
import type { Node } from "./ast.ts";
import type { Generator } from "./generate.ts";
import { EXTENSION_VALUE, type Load, loadOf, repr, STRUCT_FIELDS, structLayout } from "./layout.ts";
import { type AddedField, partOf, prune, type Struct } from "./types.ts";

export function newNode(g: Generator, node: Extract<Node, { kind: "new" }>): Value {
  const { b, e } = g;
  const at = prune(g.typeOf(node));
  const struct = (at.kind === "struct" ? at : partOf(at)) as Struct;
  const { fields, size, refs } = structLayout(struct);
  const args = node.args.map((arg) => g.value(arg));
  const record = g.compiler.runtime.records.of(struct);
  let [result, base, shift] = [0 as Value, 0 as Value, 0];
  if (node.where === "heap") result = base = e.object(record, size);
  else if (node.where === "stack") {
    shift = STRUCT_FIELDS;
    const inArea = refs.map((offset) => offset - shift);
    result = base = b.stackaddr(b.frameArea(Math.max(8, size - shift), inArea));
  } else {
    result = e.raw("%pool-alloc", [b.addr(record)]);
    base = b.typed("bits", "addr", b.op("wrap", result));
  }
  for (const [index, { load, offset }] of fields.entries()) {
    // New objects are zero.
    if (node.where === "heap" && node.args[index]!.kind === "nil") continue;
    e.store(load, base, offset - shift, args[index]!);
  }
  return result;
}

interface FieldAccess {
  readonly load: Load;
  readonly base: Value;
  readonly offset: number;
  readonly added: AddedField | null;
}

/** The object of a field, checked, and where the field lies. */
export function fieldAccess(g: Generator, node: Extract<Node, { kind: "field" | "set-field" }>): FieldAccess {
  const choice = g.chosen(node, "field");
  const type = prune(g.typeOf(node.target));
  const target = g.value(node.target);
  const base = type.kind === "ptr" ? g.e.pointee(target) : target;
  if (type.kind === "struct") g.e.nullcheck(target);
  if (choice.added !== null) return { load: "i32", base, offset: 0, added: choice.added };
  const field = structLayout(choice.struct).fields.find(({ name }) => name === node.field)!;
  const offset = type.kind === "local" ? field.offset - STRUCT_FIELDS : field.offset;
  return { load: field.load, base, offset, added: null };
}

export function extensionRecord(g: Generator, node: Node, added: AddedField): number {
  return g.compiler.runtime.records.extension(g.chosen(node, "field").struct, added);
}

/** The value of an added field; its default if the object has none. */
export function addedField(g: Generator, node: Node, object: Value, added: AddedField): Value {
  const { b, e } = g;
  const load = loadOf(added.type);
  const extension = e.call(g.compiler.extension(false), "(ri)r", [object, b.i32(extensionRecord(g, node, added))]);
  return e.choose(
    repr(added.type),
    (missing, there) => b.branch(b.op("isnull", extension), missing, there),
    () => b.load(load, b.addr(added.initial), 0),
    () => b.load(load, extension, EXTENSION_VALUE),
  );
}
