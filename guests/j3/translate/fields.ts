/**
 * getfield, putfield, getstatic, putstatic. JVMS §6.5, §5.4.3.2.
 */
import type { MemoryOp, NarrowLoad, Type, Value } from "#ir";
import { NO_VALUE } from "#ir";
import { TAG_FIELDREF } from "../classfile/index.ts";
import { CELL_KIND, CELL_VALUE } from "../model/record.ts";
import type { CellKind, JField } from "../model/types.ts";
import { ACC_FINAL, ACC_VOLATILE } from "../model/types.ts";
import { narrow } from "./control.ts";
import { knownField, knownStatic } from "./handles.ts";
import { typeOfKind } from "./shapes.ts";
import type { Translation } from "./translation.ts";

/** Opcodes 178 to 181. */
export function fieldAccess(t: Translation, opcode: number): void {
  const { b, walker, constants } = t;
  const { index } = walker;
  const isStatic = opcode <= 179;
  const isStore = opcode === 179 || opcode === 181;
  if (constants.tag(index) !== TAG_FIELDREF) t.fail("Illegal type at constant pool entry");
  const { descriptor } = constants.memberRef(index);
  const kind = descriptor.charCodeAt(0);
  const type = typeOfKind(kind);
  if (type === null) t.fail("Illegal field descriptor");
  let value = isStore ? t.pop(type) : NO_VALUE;
  const object = isStatic ? NO_VALUE : t.pop("ref");
  // JVMS §6.5 putfield: a boolean takes the lowest bit. The other small types are narrowed by the store.
  if (isStore && kind === 90) value = narrow(t, value, kind);

  const field = t.env.fieldAt(t.method, index, isStatic, isStore);
  if (field !== null) {
    let base = object;
    let offset = field.offset;
    if (!isStore && (field.flags & ACC_FINAL) !== 0) {
      const known = isStatic ? constant(t, field) : finalField(t, kind, object, field, descriptor);
      if (known !== undefined) {
        t.classes.noteType(known, descriptor);
        return t.push(known);
      }
    }
    if (isStatic) {
      t.ensureInitialized(field.holder);
      base = b.addr(offset);
      offset = 0;
    } else {
      t.nullcheck(object);
    }
    const isVolatile = (field.flags & ACC_VOLATILE) !== 0;
    const alias = isVolatile ? 0 : t.known.aliases.of(field);
    if (isStore) storeField(t, kind, isVolatile, base, offset, value, alias);
    else pushLoaded(t, kind, isVolatile, base, offset, descriptor, alias);
    return;
  }

  // Resolution comes before the check of the object. JVMS §6.5, "Linking Exceptions".
  const cell = t.resolveCell(CELLS[opcode - 178]!, index);
  let base: Value;
  if (isStatic) {
    base = b.load("addr", cell, CELL_VALUE);
  } else {
    t.nullcheck(object);
    base = b.typed("ptradd", "iref", object, b.load("i32", cell, CELL_VALUE));
  }
  // Whether the field is volatile is not known. An atomic load costs what a plain one does; for stores the cell says.
  if (!isStore) return pushLoaded(t, kind, true, base, 0, descriptor);
  if (t.scope.isCold) return storeField(t, kind, true, base, 0, value);
  const plain = b.block();
  const atomic = b.block();
  const done = b.block();
  b.branch(b.load("i32", cell, CELL_KIND), plain, atomic);
  b.seal(plain);
  b.seal(atomic);
  b.switchTo(plain);
  storeField(t, kind, false, base, 0, value);
  b.jump(done);
  b.switchTo(atomic);
  storeField(t, kind, true, base, 0, value);
  b.jump(done);
  b.seal(done);
  b.switchTo(done);
}

/** A static final field whose value is there and will not change. */
function constant(t: Translation, field: JField): Value | undefined {
  const bits = t.env.constantOf(field);
  if (bits === null) return knownStatic(t, field);
  switch (field.type) {
    case "i32":
      return t.i32(Number(bits));
    case "i64":
      return t.i64(BigInt(bits));
    case "f32":
      return t.b.f32(Number(bits));
    default:
      return t.b.f64(BigInt(bits));
  }
}

/**
 * A final field of an object is loaded once, and where the object comes from if that is before a loop. JLS §17.5.3: a read of a final field
 * may be taken before writes to it that do not take place in the constructor.
 */
function finalField(t: Translation, kind: number, object: Value, field: JField, descriptor: string): Value | undefined {
  if ((field.flags & ACC_VOLATILE) !== 0 || t.isConstructing) return undefined;
  t.nullcheck(object);
  const known = t.finalField(object, field) ?? knownField(t, object, field);
  if (known !== undefined) return known;
  let value = t.hoistedField(object, field, NARROW_LOADS.get(kind) ?? "load");
  if (value === undefined) {
    value = loadPlain(t, kind, object, field.offset, -t.known.aliases.of(field));
    t.setFinalField(object, field, value);
  }
  if (kind === 91) t.classes.setArrayDescriptor(value, descriptor);
  return value;
}

const CELLS: readonly CellKind[] = ["getstatic", "putstatic", "getfield", "putfield"];

function pushLoaded(
  t: Translation,
  kind: number,
  isVolatile: boolean,
  base: Value,
  offset: number,
  descriptor: string,
  alias = 0,
): void {
  const value = isVolatile ? loadVolatile(t, kind, base, offset) : loadPlain(t, kind, base, offset, alias);
  if (kind === 91) t.classes.setArrayDescriptor(value, descriptor);
  else t.classes.noteType(value, descriptor);
  t.push(value);
}

/** A field of an object, or a static one, that is not volatile. */
export function loadPlain(t: Translation, kind: number, base: Value, offset: number, alias = 0): Value {
  const narrowLoad = NARROW_LOADS.get(kind);
  return t.b.load(narrowLoad ?? (typeOfKind(kind) as Type), base, offset, alias);
}

const NARROW_LOADS: ReadonlyMap<number, NarrowLoad> = new Map([
  [90, "load8u"], // Z
  [66, "load8s"], // B
  [67, "load16u"], // C
  [83, "load16s"], // S
]);

/** JLS §17.4.5: an access to a volatile field is sequentially consistent; long and double are not torn, §17.7. */
function loadVolatile(t: Translation, kind: number, base: Value, offset: number): Value {
  const { b } = t;
  switch (kind) {
    case 90: // Z
      return b.mem("aload8u", null, offset, base);
    case 66: // B
      return b.op("sext8", b.mem("aload8u", null, offset, base));
    case 67: // C
      return b.mem("aload16u", null, offset, base);
    case 83: // S
      return b.op("sext16", b.mem("aload16u", null, offset, base));
    case 70: // F
      return b.typed("bits", "f32", b.mem("aload", "i32", offset, base));
    case 68: // D
      return b.typed("bits", "f64", b.mem("aload", "i64", offset, base));
    default:
      return b.mem("aload", typeOfKind(kind) as Type, offset, base);
  }
}

function storeField(
  t: Translation,
  kind: number,
  isVolatile: boolean,
  base: Value,
  offset: number,
  value: Value,
  alias = 0,
): void {
  const { b } = t;
  let op: MemoryOp;
  let stored = value;
  switch (kind) {
    case 90: // Z
    case 66: // B
      op = isVolatile ? "astore8" : "store8";
      break;
    case 67: // C
    case 83: // S
      op = isVolatile ? "astore16" : "store16";
      break;
    case 76: // L
    case 91: // [
      op = isVolatile ? "arefstore" : "refstore";
      break;
    default:
      op = isVolatile ? "astore" : "store";
      if (isVolatile && kind === 70) stored = b.typed("bits", "i32", value);
      else if (isVolatile && kind === 68) stored = b.typed("bits", "i64", value);
  }
  b.memIn(alias, op, null, offset, base, stored);
}
