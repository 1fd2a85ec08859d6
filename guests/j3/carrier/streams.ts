/** Reading and writing descriptors from and to byte arrays, for java.io. Blocking ones let the carrier's other threads run. */
import { HostError } from "#host";
import { threadRef } from "#vm";
import { ARRAY_DATA } from "../model/record.ts";
import type { CarrierContext } from "./context.ts";
import { errorText } from "./errors.ts";
import { aside, isRegular, patientDescriptor, patiently, readFile, writeFile } from "./file-table.ts";

/** Word of a thread's references: the array that a blocked native reads into. */
const KEPT = 1;
/** At most so much goes through a private buffer at once. */
const PIECE_BYTES = 65536;

/** The IOException for a failed system call. */
export function ioFailure(c: CarrierContext, error: unknown): Error {
  if (error instanceof HostError) return c.failure("java/io/IOException", errorText(error.errno));
  return error as Error;
}

/** Runs a system call; its failure is an IOException. */
export function io<T>(c: CarrierContext, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw ioFailure(c, error);
  }
}

/** The same for what may wait. */
export function ioLater<T>(c: CarrierContext, action: () => T | Promise<T>): T | Promise<T> {
  const result = io(c, action);
  if (!(result instanceof Promise)) return result;
  return result.catch((error: unknown) => {
    throw ioFailure(c, error);
  });
}

/** What reads one piece from something that is no regular file. */
export function pieceReader(c: CarrierContext, sp: number, fd: number, length: number): () => Uint8Array {
  const from = patientDescriptor(c, fd);
  return () => {
    const buffer = new Uint8Array(Math.min(length, PIECE_BYTES));
    return buffer.subarray(
      0,
      aside(c, sp, () => c.host.files.read(from, buffer, null)),
    );
  };
}

/** Reads into a part of a byte array, which is in range and not empty; gives the number of bytes, -1 at the end. */
export function readBytes(
  c: CarrierContext,
  sp: number,
  fd: number,
  array: number,
  offset: number,
  length: number,
): number | Promise<number> {
  return ioLater(c, () => {
    if (isRegular(c, fd)) {
      const count = readFile(c, fd, c.byteView(array, offset, length));
      return count === 0 ? -1 : count;
    }
    const { mem, thread } = c;
    mem.setWord(threadRef(thread, KEPT), array);
    const take = (bytes: Uint8Array): number => {
      mem.copyIn(mem.word(threadRef(thread, KEPT)) + ARRAY_DATA + offset, bytes);
      mem.setWord(threadRef(thread, KEPT), 0);
      return bytes.length === 0 ? -1 : bytes.length;
    };
    const piece = patiently(c, sp, pieceReader(c, sp, fd, length));
    return piece instanceof Promise ? piece.then(take) : take(piece);
  });
}

/** Writes all bytes of a view of shared memory that may become void at the first wait. */
export function writeAll(c: CarrierContext, sp: number, fd: number, view: Uint8Array): void | Promise<void> {
  return ioLater(c, () => {
    if (isRegular(c, fd)) {
      for (let done = 0; done < view.length; ) done += writeFile(c, fd, view.subarray(done));
      return;
    }
    return writeRest(c, sp, fd, view.slice(), 0);
  });
}

function writeRest(c: CarrierContext, sp: number, fd: number, bytes: Uint8Array, from: number): void | Promise<void> {
  for (let done = from; done < bytes.length; ) {
    const start = done;
    const count = patiently(c, sp, () => aside(c, sp, () => c.host.files.write(fd, bytes.subarray(start), null)));
    if (count instanceof Promise) return count.then((n) => writeRest(c, sp, fd, bytes, start + n));
    done += count;
  }
}
