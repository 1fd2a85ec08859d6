/** What ToyVM compiles besides the kernel: the loops around it (step 4), and all of the drawing (step 5). */
import { type Builder, signature, type Value } from "#ir";
import { type GuestVm, hostFunction, KIT } from "#vm";
import { f64, KERNEL } from "./kernel.ts";
import {
  PICTURE_BYTES,
  PICTURE_TABLE,
  PIXEL_BYTES,
  PIXEL_COUNT,
  PIXEL_IM,
  PIXEL_RE,
  ROW_FIRST,
  ROW_LENGTH,
  rowBytes,
  TABLE_LEFT,
  TABLE_NEXT,
  TABLE_ROWS,
  type Types,
} from "./objects.ts";
import type { ToyData, View } from "./view.ts";

/** ToyVM's own host functions: carrier.ts has their bodies. */
export const TOY = {
  /** Prints who runs. */
  hello: hostFunction("toy.hello", "()v"),
  /** Draws in host code, and shows. */
  draw: hostFunction("toy.draw", "()v"),
  /** A picture that host code holds: makes it, sets (x, y, iterations), shows it. */
  begin: hostFunction("toy.begin", "()v"),
  put: hostFunction("toy.put", "(iii)v"),
  end: hostFunction("toy.end", "()v"),
  /** Gives the table of a new picture. */
  table: hostFunction("toy.table", "()a"),
  /** (row): says where it is now, and what it holds. */
  where: hostFunction("toy.where", "(r)v"),
  /** (picture): sends it to the host. */
  show: hostFunction("toy.show", "(r)v"),
  /** (exception): says what it is. */
  uncaught: hostFunction("toy.uncaught", "(r)v"),
};

// [repeat]
/** Emits a loop: the body with i = 0, 1, ... below the limit. */
export function repeat(b: Builder, limit: Value, body: (i: Value) => void): void {
  const i = b.variable("i32");
  const [test, again, done] = [b.block(), b.block(), b.block()];
  b.define(i, b.i32(0));
  b.jump(test);
  b.switchTo(test);
  b.branch(b.op("slt", b.use(i), limit), again, done);
  b.switchTo(again);
  body(b.use(i));
  b.poll(); // a collection that others want may run here
  b.define(i, b.op("add", b.use(i), b.i32(1)));
  b.jump(test);
  b.switchTo(done);
}
// [/repeat]

/** Emits the coordinate of column or row i: first + i * step, in the order of view.ts. */
function coordinate(b: Builder, i: Value, middle: number, pixels: number, step: number, op: "fadd" | "fsub"): Value {
  const distance = b.op("fsub", b.typed("stof", "f64", i), f64(b, (pixels - 1) / 2));
  return b.op(op, f64(b, middle), b.op("fmul", distance, f64(b, step)));
}

export class Compiler {
  readonly #vm: GuestVm<ToyData>;
  readonly #view: View;
  readonly #types: Types;
  /** Slot of the kernel. */
  readonly #kernel: number;

  constructor(vm: GuestVm<ToyData>, types: Types, kernel: number) {
    this.#vm = vm;
    this.#view = vm.data.view;
    this.#types = types;
    this.#kernel = kernel;
  }

  #re(b: Builder, x: Value): Value {
    const { re, width, step } = this.#view;
    return coordinate(b, x, re, width, step, "fadd");
  }

  #im(b: Builder, y: Value): Value {
    const { im, height, step } = this.#view;
    return coordinate(b, y, im, height, step, "fsub");
  }

  // [call-kernel]
  /** Step 4: compiled loops call the compiled kernel; the objects are the host's. */
  drawByPut(b: Builder): void {
    const { width, height, iterations } = this.#view;
    this.#vm.callHost(b, TOY.begin, []);
    repeat(b, b.i32(height), (y) => {
      repeat(b, b.i32(width), (x) => {
        const count = b.call(this.#kernel, KERNEL, [this.#re(b, x), this.#im(b, y), b.i32(iterations)]);
        this.#vm.callHost(b, TOY.put, [x, y, count]);
      });
    });
    this.#vm.callHost(b, TOY.end, []);
    b.ret();
  }
  // [/call-kernel]

  // [make-row]
  /** Step 5: (y) -> a new row. Until it returns, nothing but this function's frame knows the row and its pixels. */
  makeRow(): number {
    const { width, iterations } = this.#view;
    return this.#vm.define("toy.row", "(i)r", (b, [y]) => {
      const row = this.#vm.newObject(b, this.#types.row, rowBytes(width));
      b.store(row, ROW_LENGTH, b.i32(width));
      const im = this.#im(b, y as Value);
      repeat(b, b.i32(width), (x) => {
        const pixel = this.#vm.newObject(b, this.#types.pixel, PIXEL_BYTES);
        const re = this.#re(b, x);
        b.store(pixel, PIXEL_RE, re);
        b.store(pixel, PIXEL_IM, im);
        b.store(pixel, PIXEL_COUNT, b.call(this.#kernel, KERNEL, [re, im, b.i32(iterations)]));
        b.store(b.typed("ptradd", "iref", row, b.op("shl", x, b.i32(2))), ROW_FIRST, pixel);
      });
      b.ret(row);
    });
  }
  // [/make-row]

  // [draw-rows]
  /** (picture): makes rows until none is left; several threads may do it at once. Who finishes the last one shows the picture. */
  drawRows(): number {
    const { height } = this.#view;
    const makeRow = this.makeRow();
    return this.#vm.define("toy.rows", "(r)v", (b, [picture]) => {
      const table = b.load("addr", picture as Value, PICTURE_TABLE);
      const [loop, draw, show, done] = [b.block(), b.block(), b.block(), b.block()];
      b.jump(loop);

      b.switchTo(loop);
      const y = b.mem("aadd", "i32", TABLE_NEXT, table, b.i32(1));
      b.branch(b.op("slt", y, b.i32(height)), draw, done);

      b.switchTo(draw);
      const row = b.call(makeRow, signature(["i32"], "ref"), [y]);
      this.#collectSometimes(b, y, row);
      b.store(b.typed("ptradd", "addr", table, b.op("shl", y, b.i32(2))), TABLE_ROWS, row);
      const left = b.mem("aadd", "i32", TABLE_LEFT, table, b.i32(-1));
      b.branch(b.op("eq", left, b.i32(1)), show, loop);

      b.switchTo(show);
      this.#vm.callHost(b, TOY.show, [picture as Value]);
      b.jump(done);

      b.switchTo(done);
      b.ret();
    });
  }

  /** After every fourth part of the rows, collects while the newest row is only in this frame, and says where it was and is. */
  #collectSometimes(b: Builder, y: Value, row: Value): void {
    const [collect, go] = [b.block(), b.block()];
    const quarter = b.i32(Math.ceil(this.#view.height / 4));
    b.branch(b.op("urem", y, quarter), go, collect);
    b.switchTo(collect);
    this.#vm.callHost(b, TOY.where, [row]);
    this.#vm.callHost(b, KIT.collect, []);
    this.#vm.callHost(b, TOY.where, [row]);
    b.jump(go);
    b.switchTo(go);
  }
  // [/draw-rows]

  // [draw-all]
  /** Step 5's main thread: makes the picture, starts the other threads, and draws with them. */
  drawAll(b: Builder): void {
    const drawRows = this.drawRows();
    const entry = this.#vm.threadEntry(drawRows);
    const picture = this.#vm.newObject(b, this.#types.picture, PICTURE_BYTES);
    b.store(picture, PICTURE_TABLE, this.#vm.callHost(b, TOY.table, []));
    repeat(b, b.i32(this.#vm.data.threads - 1), () => {
      this.#vm.callHost(b, KIT.start, [b.i32(entry), picture, b.i32(0)]);
    });
    b.call(drawRows, signature(["ref"], null), [picture]);
    b.ret();
  }
  // [/draw-all]
}
