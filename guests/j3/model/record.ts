/**
 * Words of J3's class records and objects that compiled code, natives on carriers and the VM thread share. Offsets in bytes.
 *
 * Object:  [0] class record   [4] lock word   [8...] fields
 * Array:   [0] class record   [4] lock word   [8] length   [12] unused   [16...] elements
 *
 * A class record begins with the collector's type record (see #layout) and goes on with the words below.
 */
import { TYPE_GUEST } from "#layout";

export const OBJECT_LOCK = 4;
export const OBJECT_FIELDS = 8;
export const ARRAY_LENGTH = 8;
/** One offset for all element types: 8-byte elements need the alignment, and views of byte arrays count on it. */
export const ARRAY_DATA = 16;

/** Not 0: the class is initialised (for `ensure`). */
export const CLASS_INITIALIZED = TYPE_GUEST + 0;
/** Record of the thread that is running the initialiser, or 0. */
export const CLASS_INIT_THREAD = TYPE_GUEST + 4;
/** Address of the root word that holds the java.lang.Class object. */
export const CLASS_MIRROR = TYPE_GUEST + 8;
/** Dense number of the class, unique in the VM; the key of interfaces in interface tables. */
export const CLASS_ID = TYPE_GUEST + 12;
/** Access flags as in the class file (JVMS §4.1), inner-class flags as Class.getModifiers gives them in CLASS_MODIFIERS. */
export const CLASS_FLAGS = TYPE_GUEST + 16;
export const CLASS_MODIFIERS = TYPE_GUEST + 20;
/** CLASSBIT_*. */
export const CLASS_BITS = TYPE_GUEST + 24;
/** Record of the superclass, or 0. */
export const CLASS_SUPER = TYPE_GUEST + 28;
/** Arrays: record of the component type; else 0. */
export const CLASS_COMPONENT = TYPE_GUEST + 32;
/** Record of the array class whose component this is, or 0 if not made yet. */
export const CLASS_ARRAY = TYPE_GUEST + 36;
/** Depth in the superclass chain; Object is 0. Interfaces have depth 0 and their own record is not in any display. */
export const CLASS_DEPTH = TYPE_GUEST + 40;
/** Records of the superclasses by depth, itself included; entries deeper than the class are 0. Deeper than DISPLAY: use the table. */
export const CLASS_DISPLAY = TYPE_GUEST + 44;
export const DISPLAY = 8;
/**
 * Table of everything looked up by number: interfaces (key CLASS_ID of the interface, value its record), interface methods (key
 * JMethod.interfaceKey, value slot), superclasses deeper than the display. Perfect hash: the entry of key k is at
 * table + (((k * seed) >>> shift) << 3): key, value. A key that is not there meets another key, or 0.
 */
export const CLASS_TABLE = TYPE_GUEST + 76;
export const CLASS_TABLE_SEED = TYPE_GUEST + 80;
export const CLASS_TABLE_SHIFT = TYPE_GUEST + 84;
/** Primitive classes and arrays of them: the newarray code (JVMS Table 6.5.newarray-A), else 0. */
export const CLASS_PRIMITIVE = TYPE_GUEST + 88;
/** Number of entries of the vtable. */
export const CLASS_VTABLE_LENGTH = TYPE_GUEST + 92;
/** The vtable: one slot number per entry. */
export const CLASS_VTABLE = TYPE_GUEST + 96;

export const CLASSBIT_INTERFACE = 1;
export const CLASSBIT_ARRAY = 2;
export const CLASSBIT_PRIMITIVE = 4;
/** Instances have a non-trivial finalizer and must be registered when made. */
export const CLASSBIT_FINALIZER = 8;
export const CLASSBIT_CLONEABLE = 16;
export const CLASSBIT_REFERENCE = 32;
export const CLASSBIT_HIDDEN = 64;

/**
 * Resolution cell: what an unresolved constant-pool use in compiled code looks at. Word 0 is not 0 once the resolution is
 * done for good (a class that is still being initialised by the asking thread leaves it 0, but the values are there).
 */
export const CELL_DONE = 0;
/**
 * class: record. new: record. field: offset. static field: address. static and special call: slot. dynamic call site and
 * signature-polymorphic call: slot of the adapter. constant: address of the root word with the object, or of the value.
 * virtual and interface call: see CELL_KIND.
 */
export const CELL_VALUE = 4;
/** new: instance bytes. dynamic call: address of the root word with the appendix, or 0 for none. virtual call: see CELL_KIND. */
export const CELL_EXTRA = 8;
/** virtual and interface call: CALL_*, with the operand in CELL_VALUE. putfield and putstatic: FIELD_PLAIN, or 0 if the field is volatile. */
export const CELL_KIND = 12;
export const CELL_BYTES = 16;

/** The field is not volatile: its store need not be atomic. 0 is always right, only slower. */
export const FIELD_PLAIN = 1;

/** CELL_VALUE is a slot: call it directly. */
export const CALL_DIRECT = 0;
/** CELL_VALUE is the byte offset of the vtable entry in the class record. */
export const CALL_VTABLE = 1;
/** CELL_VALUE is the interface key. */
export const CALL_TABLE = 2;
