import { ZlibStreams } from "./zlib-streams.ts";

/** What the VM thread's natives remember from call to call. */
export class NativeState {
  /** Next handle of a loaded native library. */
  libraries = 0;
  /** Roots of the beans of the heap and its collector (java.lang.management), or 0. */
  heapPool = 0;
  collector = 0;
  readonly zlib = new ZlibStreams();
}
