import { ZlibStreams } from "./zlib-streams.ts";

/** What the VM thread's natives remember from call to call. */
export class NativeState {
  /** How Java code handles signals, by number: 0 the default, 1 ignored, 2 by jdk.internal.misc.Signal.dispatch. */
  readonly signals = new Map<number, bigint>();
  /** Next handle of a loaded native library. */
  libraries = 0;
  readonly zlib = new ZlibStreams();
}
