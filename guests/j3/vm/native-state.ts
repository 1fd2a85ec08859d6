import { ZlibStreams } from "./zlib-streams.ts";

/** Roots of the beans of java.lang.management. */
export interface MemoryBeans {
  /** One for each space, then that of non-moving memory. */
  readonly pools: readonly number[];
  readonly manager: number;
  /** Of minor collections, if there are such, and of the others. */
  readonly collectors: readonly number[];
}

/** What the VM thread's natives remember from call to call. */
export class NativeState {
  /** Next handle of a loaded native library. */
  libraries = 0;
  memoryBeans: MemoryBeans | undefined;
  /** Busy and all time of the machine's processors, by what was asked for, at the last call. */
  readonly loads = new Map<string, readonly [busy: number, all: number]>();
  readonly zlib = new ZlibStreams();
}
