/** A reader of heap dumps (HPROF 1.0.1 and 1.0.2), written from the format's description alone, that takes nothing on trust. */
import assert from "node:assert/strict";

export interface Field {
  readonly name: string;
  readonly type: number;
}

export interface DumpedClass {
  readonly id: number;
  readonly name: string;
  readonly superclass: number;
  readonly loader: number;
  readonly instanceBytes: number;
  readonly statics: readonly (Field & { readonly value: Value })[];
  readonly fields: readonly Field[];
}

/** References are numbers, longs bigints. */
export type Value = number | bigint | boolean;

export interface Instance {
  readonly id: number;
  readonly cls: number;
  readonly bytes: Uint8Array;
}

export interface DumpedArray {
  readonly id: number;
  /** 0 for arrays of primitives. */
  readonly cls: number;
  readonly type: number;
  readonly length: number;
  readonly bytes: Uint8Array;
}

export interface Frame {
  readonly method: string;
  readonly signature: string;
  readonly file: string;
  readonly className: string;
  readonly line: number;
}

export interface Root {
  readonly kind: number;
  readonly object: number;
  readonly thread: number;
}

const REFERENCE = 2;
const TYPE_BYTES: Readonly<Record<number, number>> = { 4: 1, 5: 2, 6: 4, 7: 8, 8: 1, 9: 2, 10: 4, 11: 8 };
/** Bytes behind the object's identifier, in u4s and identifiers. */
const ROOTS: Readonly<Record<number, readonly ("id" | "u4")[]>> = {
  255: [],
  1: ["id"],
  2: ["u4", "u4"],
  3: ["u4", "u4"],
  4: ["u4"],
  5: [],
  6: ["u4"],
  7: [],
  8: ["u4", "u4"],
};

export class HeapDump {
  readonly idBytes: number;
  readonly milliseconds: number;
  readonly strings = new Map<number, string>();
  readonly classes = new Map<number, DumpedClass>();
  readonly instances = new Map<number, Instance>();
  readonly arrays = new Map<number, DumpedArray>();
  readonly traces = new Map<number, { readonly thread: number; readonly frames: readonly Frame[] }>();
  readonly roots: Root[] = [];
  readonly #names = new Map<number, string>();
  readonly #classOfSerial = new Map<number, string>();
  readonly #frames = new Map<number, Frame>();
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = bytes.indexOf(0);
    assert.match(Buffer.from(bytes.subarray(0, end)).toString(), /^JAVA PROFILE 1\.0\.[12]$/);
    this.#at = end + 1;
    this.idBytes = this.#u4();
    assert.ok(this.idBytes === 4 || this.idBytes === 8);
    this.milliseconds = Number(this.#view.getBigUint64(this.#at));
    this.#at += 8;
    let ended = false;
    while (this.#at < bytes.length) {
      const tag = this.#u1();
      this.#u4();
      const length = this.#u4();
      const next = this.#at + length;
      assert.ok(next <= bytes.length, `record ${tag} goes beyond the end`);
      this.#record(tag, next);
      assert.equal(this.#at, next, `record ${tag} has another length`);
      ended = tag === 0x2c;
    }
    assert.ok(ended, "the last record ends the dump");
  }

  className(id: number): string {
    return this.classes.get(id)?.name ?? `no class ${id}`;
  }

  classNamed(name: string): DumpedClass {
    const found = [...this.classes.values()].filter((cls) => cls.name === name);
    assert.equal(found.length, 1, name);
    return found[0]!;
  }

  instancesOf(name: string): Instance[] {
    const { id } = this.classNamed(name);
    return [...this.instances.values()].filter((each) => each.cls === id);
  }

  /** The values of an instance by field; a field that a superclass has too is the class's own. */
  valuesOf(instance: Instance): Map<string, Value> {
    const values = new Map<string, Value>();
    const view = new DataView(instance.bytes.buffer, instance.bytes.byteOffset, instance.bytes.byteLength);
    let at = 0;
    for (let id = instance.cls; id !== 0; ) {
      const cls = this.classes.get(id);
      assert.ok(cls, `class ${id}`);
      for (const { name, type } of cls.fields) {
        const value = this.#valueAt(view, at, type);
        if (!values.has(name)) values.set(name, value);
        at += this.#size(type);
      }
      id = cls.superclass;
    }
    assert.equal(at, instance.bytes.length, `${this.className(instance.cls)}: bytes of an instance`);
    return values;
  }

  /** Text of a java.lang.String. */
  text(id: number): string {
    const string = this.instances.get(id);
    assert.ok(string, `string ${id}`);
    const values = this.valuesOf(string);
    const array = this.arrays.get(values.get("value") as number);
    assert.ok(array);
    return Buffer.from(array.bytes).toString(values.get("coder") === 0 ? "latin1" : "utf16le");
  }

  references(array: DumpedArray): number[] {
    const view = new DataView(array.bytes.buffer, array.bytes.byteOffset, array.bytes.byteLength);
    return Array.from({ length: array.length }, (_, i) => this.#idAt(view, i * this.idBytes));
  }

  /** Checks that every reference leads to something in the dump, that all sizes fit, and that roots and threads make sense. */
  check(): void {
    const exists = (id: number): boolean =>
      id === 0 || this.instances.has(id) || this.arrays.has(id) || this.classes.has(id);
    for (const cls of this.classes.values()) {
      assert.ok(cls.superclass !== 0 || cls.name === "java/lang/Object", cls.name);
      for (const id of [cls.superclass, cls.loader]) assert.ok(exists(id), `${cls.name}: ${id}`);
      for (const { name, type, value } of cls.statics)
        if (type === REFERENCE) assert.ok(exists(value as number), `${cls.name}.${name}`);
    }
    const typed = new Set<string>();
    for (const instance of this.instances.values()) {
      const values = this.valuesOf(instance);
      for (const [name, type] of this.#references(instance.cls)) {
        typed.add(name);
        assert.ok(exists(values.get(name) as number), `${this.className(instance.cls)}.${name} (${type})`);
      }
    }
    for (const array of this.arrays.values()) {
      if (array.type !== REFERENCE) continue;
      assert.match(this.className(array.cls), /^\[/);
      for (const id of this.references(array)) assert.ok(exists(id), `element of ${this.className(array.cls)}`);
    }
    for (const { kind, object, thread } of this.roots) {
      assert.ok(object !== 0 && exists(object), `root ${object} of kind ${kind}`);
      if (kind === 3) assert.ok(this.roots.some((root) => root.kind === 8 && root.thread === thread));
    }
  }

  *#references(id: number): Generator<[name: string, cls: string]> {
    const seen = new Set<string>();
    for (let cls = this.classes.get(id); cls !== undefined; cls = this.classes.get(cls.superclass)) {
      for (const { name, type } of cls.fields) {
        if (type === REFERENCE && !seen.has(name)) yield [name, cls.name];
        seen.add(name);
      }
    }
  }

  #record(tag: number, next: number): void {
    switch (tag) {
      case 0x01: {
        const id = this.#id();
        assert.ok(!this.strings.has(id), "a string's number is used twice");
        this.strings.set(id, Buffer.from(this.#take(next - this.#at)).toString());
        return;
      }
      case 0x02: {
        const serial = this.#u4();
        const id = this.#id();
        this.#u4();
        const name = this.#string(this.#id());
        this.#names.set(id, name);
        this.#classOfSerial.set(serial, name);
        return;
      }
      case 0x04: {
        const id = this.#id();
        const [method, signature] = [this.#string(this.#id()), this.#string(this.#id())];
        const file = this.#id();
        const className = this.#classOfSerial.get(this.#u4()) ?? "";
        const line = this.#u4() | 0;
        this.#frames.set(id, { method, signature, file: file === 0 ? "" : this.#string(file), className, line });
        return;
      }
      case 0x05: {
        const serial = this.#u4();
        const thread = this.#u4();
        const frames = Array.from({ length: this.#u4() }, () => {
          const frame = this.#frames.get(this.#id());
          assert.ok(frame, "a trace's frame comes before it");
          return frame;
        });
        this.traces.set(serial, { thread, frames });
        return;
      }
      case 0x0c:
      case 0x1c:
        while (this.#at < next) this.#part();
        return;
      default:
        this.#at = next;
    }
  }

  #part(): void {
    const tag = this.#u1();
    const object = this.#id();
    const root = ROOTS[tag];
    if (root !== undefined) {
      const more = root.map((each) => (each === "id" ? this.#id() : this.#u4()));
      this.roots.push({ kind: tag, object, thread: root[0] === "u4" ? (more[0] ?? 0) : 0 });
      return;
    }
    this.#u4();
    if (tag === 0x20) this.#class(object);
    else if (tag === 0x21) {
      const cls = this.#id();
      this.#new(object);
      this.instances.set(object, { id: object, cls, bytes: this.#take(this.#u4()) });
    } else if (tag === 0x22) {
      const length = this.#u4();
      const cls = this.#id();
      this.#new(object);
      const bytes = this.#take(length * this.idBytes);
      this.arrays.set(object, { id: object, cls, type: REFERENCE, length, bytes });
    } else if (tag === 0x23) {
      const length = this.#u4();
      const type = this.#u1();
      this.#new(object);
      this.arrays.set(object, { id: object, cls: 0, type, length, bytes: this.#take(length * this.#size(type)) });
    } else assert.fail(`part ${tag} at ${this.#at}`);
  }

  #new(object: number): void {
    assert.ok(!this.instances.has(object) && !this.arrays.has(object), `object ${object} is there twice`);
  }

  #class(id: number): void {
    const [superclass, loader] = [this.#id(), this.#id()];
    for (let i = 0; i < 4; i++) this.#id();
    const instanceBytes = this.#u4();
    for (let count = this.#u2(); count > 0; count--) {
      this.#u2();
      this.#value(this.#u1());
    }
    const statics = Array.from({ length: this.#u2() }, () => {
      const name = this.#string(this.#id());
      const type = this.#u1();
      return { name, type, value: this.#value(type) };
    });
    const fields = Array.from({ length: this.#u2() }, () => ({ name: this.#string(this.#id()), type: this.#u1() }));
    assert.ok(!this.classes.has(id), `class ${id} is there twice`);
    const name = this.#names.get(id);
    assert.ok(name !== undefined, "a class is loaded before it is dumped");
    this.classes.set(id, { id, name, superclass, loader, instanceBytes, statics, fields });
  }

  #size(type: number): number {
    const bytes = type === REFERENCE ? this.idBytes : TYPE_BYTES[type];
    assert.ok(bytes !== undefined, `type ${type}`);
    return bytes;
  }

  #value(type: number): Value {
    const value = this.#valueAt(this.#view, this.#at, type);
    this.#at += this.#size(type);
    return value;
  }

  #valueAt(view: DataView, at: number, type: number): Value {
    switch (type) {
      case REFERENCE:
        return this.#idAt(view, at);
      case 4:
        return view.getUint8(at) !== 0;
      case 5:
        return view.getUint16(at);
      case 6:
        return view.getFloat32(at);
      case 7:
        return view.getFloat64(at);
      case 8:
        return view.getInt8(at);
      case 9:
        return view.getInt16(at);
      case 10:
        return view.getInt32(at);
      default:
        return view.getBigInt64(at);
    }
  }

  #idAt(view: DataView, at: number): number {
    return this.idBytes === 4 ? view.getUint32(at) : Number(view.getBigUint64(at));
  }

  #string(id: number): string {
    const text = this.strings.get(id);
    assert.ok(text !== undefined, `string ${id} comes before it is used`);
    return text;
  }

  #take(bytes: number): Uint8Array {
    assert.ok(this.#at + bytes <= this.#bytes.length);
    this.#at += bytes;
    return this.#bytes.subarray(this.#at - bytes, this.#at);
  }

  #id(): number {
    const id = this.#idAt(this.#view, this.#at);
    this.#at += this.idBytes;
    return id;
  }

  #u1(): number {
    return this.#view.getUint8(this.#at++);
  }

  #u2(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2);
  }

  #u4(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4);
  }
}
