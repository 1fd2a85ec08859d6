/** Which part of the complex plane is drawn, how fine, and in which way. */

export interface View {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** A point counts as inside the set when it is still within distance 2 of 0 after so many iterations. */
  readonly iterations: number;
  /** The point in the middle of the picture. */
  readonly re: number;
  readonly im: number;
  /** Distance of neighbouring pixels' points. */
  readonly step: number;
}

/** Real part of the points of column x. Exactly this order of operations, so that all drawings agree to the last bit. */
export function reOf(view: View, x: number): number {
  return view.re + (x - (view.width - 1) / 2) * view.step;
}

/** Imaginary part of the points of row y; row 0 is the topmost. */
export function imOf(view: View, y: number): number {
  return view.im - (y - (view.height - 1) / 2) * view.step;
}

/** What the host tells every Worker. */
export interface ToyData {
  /** Which step of the tutorial runs: 1 to 5. */
  readonly step: number;
  readonly view: View;
  /** Guest threads that draw, in step 5. */
  readonly threads: number;
}
