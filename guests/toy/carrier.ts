/** ToyVM on the carriers: host functions that compiled code calls. They hold references in handles, because objects move. */
import { RootTable } from "#heap";
import { THREAD_ID } from "#layout";
import { Bug } from "#support";
import { type CarrierPart, type GuestCarrier, trapFailure } from "#vm";
import { tell } from "./messages.ts";
import {
  FAILURE_TEXT,
  makeTable,
  PICTURE_BYTES,
  PICTURE_TABLE,
  PIXEL_BYTES,
  PIXEL_COUNT,
  PIXEL_IM,
  PIXEL_RE,
  ROW_FIRST,
  ROW_LENGTH,
  rowBytes,
  sharedTypes,
  TABLE_ROWS,
  type Types,
} from "./objects.ts";
import { imOf, reOf, type ToyData, type View } from "./view.ts";

// [iterate]
/** What the kernel does, in TypeScript. */
function iterate(re: number, im: number, limit: number): number {
  let [zr, zi, n] = [0, 0, 0];
  while (zr * zr + zi * zi <= 4 && n < limit) {
    [zr, zi] = [zr * zr - zi * zi + re, 2 * zr * zi + im];
    n++;
  }
  return n;
}
// [/iterate]

class ToyCarrier {
  readonly #c: GuestCarrier<ToyData>;
  readonly #view: View;
  /** Handles of the picture and the row that step 4 works on. */
  readonly #picture: number;
  readonly #row: number;
  #types: Types | undefined;

  constructor(c: GuestCarrier<ToyData>) {
    this.#c = c;
    this.#view = c.data.view;
    const roots = new RootTable(c.heap);
    this.#picture = roots.add(0);
    this.#row = roots.add(0);
  }

  /** The VM thread makes them before the first guest thread runs, so they are there when a host function is called. */
  get types(): Types {
    return (this.#types ??= sharedTypes(this.#c.heap));
  }

  say(text: string): void {
    tell(this.#c, { kind: "line", text });
  }

  hello(): void {
    const { mem, thread, number } = this.#c;
    this.say(`guest thread ${mem.word(thread + THREAD_ID)} runs on carrier ${number}`);
  }

  table(): number {
    const { height } = this.#view;
    const table = makeTable(this.#c.heap, height);
    if (table === 0) throw trapFailure("memory", 4 * height);
    return table;
  }

  // [host-objects]
  // Each of these may collect, and then every reference that is not in a handle is void. What they return is good until the next one.

  makePicture(sp: number): number {
    const table = this.table();
    const picture = this.#c.allocate(sp, this.types.picture, PICTURE_BYTES);
    this.#c.mem.setWord(picture + PICTURE_TABLE, table);
    return picture;
  }

  makeRow(sp: number): number {
    const { width } = this.#view;
    const row = this.#c.allocate(sp, this.types.row, rowBytes(width));
    this.#c.mem.setWord(row + ROW_LENGTH, width);
    return row;
  }

  makePixel(sp: number, x: number, y: number, count: number): number {
    const { mem } = this.#c;
    const pixel = this.#c.allocate(sp, this.types.pixel, PIXEL_BYTES);
    mem.setWord(pixel + PIXEL_COUNT, count);
    mem.f64[(pixel + PIXEL_RE) >>> 3] = reOf(this.#view, x);
    mem.f64[(pixel + PIXEL_IM) >>> 3] = imOf(this.#view, y);
    return pixel;
  }
  // [/host-objects]

  // [host-draw]
  /** Step 3: everything in host code. */
  draw(sp: number): void {
    const { mem, handles, carrier } = this.#c;
    const { width, height, iterations } = this.#view;
    const mark = handles.mark();
    const picture = handles.push(this.makePicture(sp));
    const row = handles.push(0);
    for (let y = 0; y < height; y++) {
      handles.set(row, this.makeRow(sp));
      for (let x = 0; x < width; x++) {
        const pixel = this.makePixel(sp, x, y, iterate(reOf(this.#view, x), imOf(this.#view, y), iterations));
        mem.setRef(handles.get(row) + ROW_FIRST + 4 * x, pixel);
      }
      if (y % Math.ceil(height / 4) === 0) {
        this.where(handles.get(row));
        carrier.collect(true, false);
        this.where(handles.get(row));
      }
      mem.setWord(mem.word(handles.get(picture) + PICTURE_TABLE) + TABLE_ROWS + 4 * y, handles.get(row));
    }
    this.show(handles.get(picture));
    handles.release(mark);
  }
  // [/host-draw]

  // [put]
  /** Step 4: makes the picture that `put` fills. The handles outlive the call. */
  begin(sp: number): void {
    this.#c.mem.setWord(this.#picture, this.makePicture(sp));
  }

  /** Adds the next pixel, from left to right and row by row. */
  put(sp: number, x: number, y: number, count: number): void {
    const { mem } = this.#c;
    if (x === 0) {
      mem.setWord(this.#row, this.makeRow(sp));
      mem.setWord(mem.word(mem.word(this.#picture) + PICTURE_TABLE) + TABLE_ROWS + 4 * y, mem.word(this.#row));
    }
    const pixel = this.makePixel(sp, x, y, count);
    mem.setRef(mem.word(this.#row) + ROW_FIRST + 4 * x, pixel);
  }

  end(): void {
    this.show(this.#c.mem.word(this.#picture));
    this.#c.mem.setWord(this.#picture, 0);
    this.#c.mem.setWord(this.#row, 0);
  }
  // [/put]

  /** Says where a row is and how many iterations its pixels took. Not a safepoint, so it may use the reference. */
  where(row: number): void {
    const { mem } = this.#c;
    let sum = 0;
    for (let x = 0; x < this.#view.width; x++) sum += mem.word(mem.word(row + ROW_FIRST + 4 * x) + PIXEL_COUNT);
    this.say(`the row at 0x${row.toString(16)} has ${mem.word(row + ROW_LENGTH)} pixels, ${sum} iterations`);
  }

  /** Sends the picture to the host, and makes sure that every object of it is what it was made. Not a safepoint. */
  show(picture: number): void {
    const { mem } = this.#c;
    const { width, height } = this.#view;
    const counts = new Uint32Array(width * height);
    const table = mem.word(picture + PICTURE_TABLE);
    for (let y = 0; y < height; y++) {
      const row = mem.word(table + TABLE_ROWS + 4 * y);
      if (mem.word(row) !== this.types.row || mem.word(row + ROW_LENGTH) !== width) throw new Bug(`row ${y} is broken`);
      for (let x = 0; x < width; x++) {
        const pixel = mem.word(row + ROW_FIRST + 4 * x);
        const isHere =
          mem.word(pixel) === this.types.pixel &&
          mem.f64[(pixel + PIXEL_RE) >>> 3] === reOf(this.#view, x) &&
          mem.f64[(pixel + PIXEL_IM) >>> 3] === imOf(this.#view, y);
        if (!isHere) throw new Bug(`pixel ${x}, ${y} is broken`);
        counts[y * width + x] = mem.word(pixel + PIXEL_COUNT);
      }
    }
    tell(this.#c, { kind: "picture", counts });
  }

  uncaught(failure: number): void {
    const { mem } = this.#c;
    const at = mem.word(failure + FAILURE_TEXT);
    const text = new TextDecoder().decode(mem.copyOut(at + 4, mem.word(at)));
    tell(this.#c, { kind: "failure", text });
  }
}

/** The bodies of TOY (compiled.ts). Numbers come signed; the stack pointer does not. */
export function toyFunctions(c: GuestCarrier<ToyData>): CarrierPart {
  const toy = new ToyCarrier(c);
  return {
    direct: {
      "toy.hello": () => toy.hello(),
      "toy.draw": (sp: number) => toy.draw(sp),
      "toy.begin": (sp: number) => toy.begin(sp),
      "toy.put": (sp: number, x: number, y: number, count: number) => toy.put(sp, x, y, count),
      "toy.end": () => toy.end(),
      "toy.table": () => toy.table(),
      "toy.where": (_sp: number, row: number) => toy.where(row >>> 0),
      "toy.show": (_sp: number, picture: number) => toy.show(picture >>> 0),
      "toy.uncaught": (_sp: number, failure: number) => toy.uncaught(failure >>> 0),
    },
  };
}
