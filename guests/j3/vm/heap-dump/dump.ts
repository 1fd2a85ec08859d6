/** What a heap dump holds: the classes with their static fields, the threads with their calls, the roots, and every object. The world is stopped. */
import { objects, rootWords } from "#heap";
import { frames, ThreadDump } from "#threads";
import { threadRef } from "#vm";
import type { LinkedClass, LinkedField } from "../../link/index.ts";
import { ARRAY_DATA, ARRAY_LENGTH, OBJECT_LOCK } from "../../model/record.ts";
import type { J3 } from "../j3.ts";
import * as hprof from "./writer.ts";

/** Stands for no stack trace: every object's, as allocations are not recorded. */
const NO_TRACE = 1;
/** Instances whose elements have more bytes than this are written past the buffer. */
const LARGE = 1 << 19;

/** One value of an instance: where it is, its type and its bytes. */
type Value = readonly [offset: number, type: number, bytes: number];

interface DumpThread {
  readonly object: number;
  readonly serial: number;
  readonly roots: readonly (readonly [object: number, frame: number])[];
}

/** Writes the dump to a file that is not there yet; gives its bytes. */
export function writeHeapDump(j: J3, path: string): number {
  const writer = new hprof.HprofWriter(path);
  try {
    new HeapDump(j, writer).write();
    return writer.end();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

class HeapDump {
  readonly #j: J3;
  readonly #out: hprof.HprofWriter;
  /** By class record, the fields of instances: the class's own, then its superclass's, and so on. */
  readonly #values = new Map<number, readonly Value[]>();
  readonly #mirrorClass: LinkedClass;
  readonly #primitiveMirrors = new Set<number>();

  constructor(j: J3, out: hprof.HprofWriter) {
    this.#j = j;
    this.#out = out;
    this.#mirrorClass = j.world.boot("java/lang/Class");
  }

  write(): void {
    const classes = [...this.#j.world.classes()].filter((cls) => cls.primitive === null);
    for (const cls of this.#j.world.classes()) if (cls.primitive !== null) this.#primitiveMirrors.add(this.#id(cls));
    this.#names(classes);
    const threads = this.#threads();
    for (const cls of classes) this.#class(cls);
    this.#roots(classes, threads);
    for (const object of objects(this.#j.heap)) this.#object(object);
  }

  /** A class has the identifier of its java.lang.Class object. */
  #id(cls: LinkedClass): number {
    return this.#j.mem.word(cls.mirror);
  }

  /** Names of classes and fields, and which identifiers are classes. */
  #names(classes: readonly LinkedClass[]): void {
    const out = this.#out;
    for (const cls of classes) for (const field of cls.fields) out.string(field.name);
    for (const [index, cls] of classes.entries()) {
      const name = out.string(cls.name);
      out.begin(hprof.RECORD_LOAD_CLASS);
      out.u4(index + 1);
      out.u4(this.#id(cls));
      out.u4(NO_TRACE);
      out.u4(name);
    }
    out.begin(hprof.RECORD_TRACE);
    out.u4(NO_TRACE);
    out.u4(0);
    out.u4(0);
  }

  /** Each thread's stack as a trace. */
  #threads(): DumpThread[] {
    const { mem, world } = this.#j;
    const classes = [...world.classes()].filter((cls) => cls.primitive === null);
    const serialOf = new Map(classes.map((cls, index) => [cls, index + 1]));
    const threads: DumpThread[] = [];
    let frameId = 0;
    for (const { thread, sp } of new ThreadDump(mem, OBJECT_LOCK).threads) {
      const object = mem.word(threadRef(thread, 0));
      if (object === 0) continue;
      const ids: number[] = [];
      const roots: [number, number][] = [];
      for (const frame = frames(mem, sp); sp !== 0 && frame.next(); ) {
        if (frame.inner === 0) for (const ref of frame.refs()) roots.push([ref, ids.length]);
        if (frame.functionId === 0) continue;
        const { method, line } = this.#j.stackTraces.entry(world.method(frame.functionId), frame.pos);
        ids.push(++frameId);
        this.#frame(frameId, method.name, method.descriptor, method.holder, serialOf.get(method.holder) ?? 0, line);
      }
      const serial = threads.length + 1;
      this.#out.begin(hprof.RECORD_TRACE);
      this.#out.u4(NO_TRACE + serial);
      this.#out.u4(serial);
      this.#out.u4(ids.length);
      for (const id of ids) this.#out.u4(id);
      threads.push({ object, serial, roots });
    }
    return threads;
  }

  #frame(id: number, name: string, descriptor: string, holder: LinkedClass, serial: number, line: number): void {
    const out = this.#out;
    const texts = [name, descriptor, holder.file?.sourceFile ?? ""].map((text) => (text === "" ? 0 : out.string(text)));
    out.begin(hprof.RECORD_FRAME);
    out.u4(id);
    for (const text of texts) out.u4(text);
    out.u4(serial);
    // -1: unknown, -3: native.
    out.u4(line === -2 ? -3 : line);
  }

  #class(cls: LinkedClass): void {
    const { mem, objects: access } = this.#j;
    const out = this.#out;
    const statics = cls.fields.filter((field) => field.isStatic);
    const own = ownFields(cls);
    const staticBytes = statics.reduce((sum, field) => sum + 5 + typeOf(field)[1], 0);
    out.part(hprof.PART_CLASS, 1 + 36 + 4 + 2 + 2 + staticBytes + 2 + 5 * own.length);
    out.u4(this.#id(cls));
    out.u4(NO_TRACE);
    out.u4(cls.superclass === null ? 0 : this.#id(cls.superclass));
    out.u4(access.ref(cls.loader.object));
    out.u4(mem.word(this.#id(cls) + access.field("java/lang/Class", "vmSigners", "[Ljava/lang/Object;").offset));
    out.u4(access.ref(cls.protectionDomain));
    out.u4(0);
    out.u4(0);
    out.u4(cls.isArray ? 0 : this.#valuesOf(cls).reduce((sum, [, , bytes]) => sum + bytes, 0));
    out.u2(0);
    out.u2(statics.length);
    for (const field of statics) {
      const [type, bytes] = typeOf(field);
      out.u4(out.string(field.name));
      out.u1(type);
      // The offset of a static field is its address.
      out.value(mem.u8, field.offset, bytes);
    }
    out.u2(own.length);
    for (const field of own) {
      out.u4(out.string(field.name));
      out.u1(typeOf(field)[0]);
    }
  }

  /** Classes, threads with what their calls hold, and every other word that keeps an object. */
  #roots(classes: readonly LinkedClass[], threads: readonly DumpThread[]): void {
    const { heap, mem } = this.#j;
    const out = this.#out;
    const known = new Set<number>();
    for (const cls of this.#j.world.classes()) {
      known.add(cls.mirror);
      for (const field of cls.fields) if (field.isStatic && field.type === "ref") known.add(field.offset);
    }
    for (const cls of classes) {
      out.part(hprof.PART_ROOT_CLASS, 5);
      out.u4(this.#id(cls));
    }
    for (const { object, serial, roots } of threads) {
      out.part(hprof.PART_ROOT_THREAD, 13);
      out.u4(object);
      out.u4(serial);
      out.u4(NO_TRACE + serial);
      for (const [ref, frame] of roots) {
        out.part(hprof.PART_ROOT_FRAME, 13);
        out.u4(ref);
        out.u4(serial);
        out.u4(frame);
      }
    }
    for (const word of rootWords(heap)) {
      if (known.has(word)) continue;
      out.part(hprof.PART_ROOT_GLOBAL, 9);
      out.u4(mem.word(word));
      out.u4(word);
    }
  }

  #object(object: number): void {
    const { mem, world } = this.#j;
    const out = this.#out;
    const cls = world.classAt(mem.word(object));
    // A class is there already; objects that stand for primitive types are instances.
    if (cls === this.#mirrorClass && !this.#primitiveMirrors.has(object)) return;
    if (cls.component === null) {
      const values = this.#valuesOf(cls);
      const bytes = values.reduce((sum, [, , each]) => sum + each, 0);
      out.part(hprof.PART_INSTANCE, 17 + bytes);
      out.u4(object);
      out.u4(NO_TRACE);
      out.u4(this.#id(cls));
      out.u4(bytes);
      for (const [offset, , each] of values) out.value(mem.u8, object + offset, each);
      return;
    }
    const length = mem.word(object + ARRAY_LENGTH);
    const [type, bytes] = hprof.TYPES[cls.component.primitive ?? "L"]!;
    const isPrimitive = cls.component.primitive !== null;
    const tag = isPrimitive ? hprof.PART_PRIMITIVES : hprof.PART_OBJECTS;
    const head = isPrimitive ? 13 : 16;
    if (length * bytes > LARGE) out.largePart(tag, head, length * bytes);
    else out.part(tag, 1 + head + length * bytes);
    out.u4(object);
    out.u4(NO_TRACE);
    out.u4(length);
    if (isPrimitive) out.u1(type);
    else out.u4(this.#id(cls));
    out.elements(mem.u8, object + ARRAY_DATA, length, bytes);
  }

  #valuesOf(cls: LinkedClass): readonly Value[] {
    let values = this.#values.get(cls.record);
    if (values === undefined) {
      const own = ownFields(cls).map((field): Value => [field.offset, ...typeOf(field)]);
      values = cls.superclass === null ? own : [...own, ...this.#valuesOf(cls.superclass)];
      this.#values.set(cls.record, values);
    }
    return values;
  }
}

function ownFields(cls: LinkedClass): LinkedField[] {
  return cls.fields.filter((field) => !field.isStatic);
}

function typeOf(field: LinkedField): readonly [number: number, bytes: number] {
  return hprof.TYPES[field.descriptor[0] ?? "L"]!;
}
