import { ZlibStreams } from "./zlib-streams.ts";

/** What the VM thread's natives remember from call to call. */
export class NativeState {
  /** Next handle of a loaded native library. */
  libraries = 0;
  /** Roots of the beans of the heap and its collector (java.lang.management), or 0. */
  heapPool = 0;
  collector = 0;
  /** Records of threads whose run is over: Thread.stop does nothing to them. */
  readonly endingThreads = new Set<number>();
  readonly zlib = new ZlibStreams();
}
