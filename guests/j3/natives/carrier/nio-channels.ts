/** sun.nio.ch: file channels, from and to memory at addresses. */
import { HostError } from "#host";
import type { CarrierContext } from "../../carrier/context.ts";
import { EAGAIN, ENOLCK, errorText } from "../../carrier/errors.ts";
import { aside, closeFile, isRegular, patiently, readFile, seek, tell, writeFile } from "../../carrier/file-table.ts";
import { io, ioLater, pieceReader } from "../../carrier/streams.ts";
import * as words from "../../runtime/words.ts";
import type { CarrierNatives } from "../types.ts";
import { fdOf } from "./java-io.ts";
import { nioField, setNumbers } from "./nio-fields.ts";

/** sun.nio.ch.IOStatus. */
const STATUS_EOF = -1;
const STATUS_UNAVAILABLE = -2;
const STATUS_UNSUPPORTED = -4;
/** struct iovec as the library lays it out: two longs. */
const IOVEC_BYTES = 16;
/** FileChannelImpl.MAP_RW. */
const MAP_READ_WRITE = 1;
/** What Linux moves at most in one call. */
const MAX_TRANSFER = 0x7ffff000;

/** Memory at an address that Java keeps in a long. */
export function memoryAt(c: CarrierContext, address: bigint, length: number): Uint8Array {
  const start = Number(BigInt.asUintN(32, address));
  return c.mem.u8.subarray(start, start + length);
}

function read(c: CarrierContext, sp: number, fd: number, view: Uint8Array): number | Promise<number> {
  return ioLater(c, () => {
    const result = (count: number): number => (count === 0 && view.length > 0 ? STATUS_EOF : count);
    if (isRegular(c, fd)) return result(readFile(c, fd, view));
    const take = (bytes: Uint8Array): number => {
      view.set(bytes); // memory outside the collected heap: it has not moved
      return result(bytes.length);
    };
    const piece = patiently(c, sp, pieceReader(c, sp, fd, view.length));
    return piece instanceof Promise ? piece.then(take) : take(piece);
  });
}

function write(c: CarrierContext, sp: number, fd: number, view: Uint8Array): number {
  return io(c, () => {
    if (isRegular(c, fd)) return writeFile(c, fd, view);
    try {
      return aside(c, sp, () => c.host.files.write(fd, view, null));
    } catch (error) {
      if (error instanceof HostError && error.errno === EAGAIN) return STATUS_UNAVAILABLE;
      throw error;
    }
  });
}

/** The pieces of memory of an array of struct iovec. */
function pieces(c: CarrierContext, vector: bigint, count: number): Uint8Array[] {
  const start = Number(BigInt.asUintN(32, vector));
  return Array.from({ length: count }, (_, index) => {
    const at = (start + index * IOVEC_BYTES) >>> 3;
    return memoryAt(c, c.mem.i64[at] as bigint, Number(c.mem.i64[at + 1]));
  });
}

/** Moves pieces one after the other until one does not go whole. */
function scatter(views: readonly Uint8Array[], move: (view: Uint8Array) => number): bigint {
  let total = 0;
  for (const view of views) {
    if (view.length === 0) continue;
    const count = move(view);
    if (count < 0) return BigInt(total > 0 ? total : count);
    total += count;
    if (count < view.length) break;
  }
  return BigInt(total);
}

/** A copy of a part of a file in memory: right for mappings that only read, and for private ones. */
function map(c: CarrierContext, fd: number, protection: number, position: bigint, length: bigint): bigint {
  if (protection === MAP_READ_WRITE) {
    throw c.failure("java/lang/UnsupportedOperationException", "mapping a file for writing");
  }
  const address = c.carrier.heap.tryMalloc(Number(length));
  if (address === 0) throw c.failure("java/lang/OutOfMemoryError", "Map failed");
  const view = c.mem.u8.subarray(address, address + Number(length));
  io(c, () => {
    for (let done = 0; done < view.length; ) {
      const count = c.host.files.read(fd, view.subarray(done), Number(position) + done);
      if (count === 0) break;
      done += count;
    }
  });
  return BigInt(address);
}

const FILE = "sun/nio/ch/FileDispatcherImpl.";
const FD = "Ljava/io/FileDescriptor;";

export const nioChannelNatives: CarrierNatives = {
  direct: {
    [`${FILE}init()V`]: () => {},
    [`${FILE}pread0(${FD}JIJ)I`]: (c, _sp, fd: number, address: bigint, length: number, position: bigint) =>
      io(c, () => {
        const count = c.host.files.read(fdOf(c, fd), memoryAt(c, address, length), Number(position));
        return count === 0 && length > 0 ? STATUS_EOF : count;
      }),
    [`${FILE}pwrite0(${FD}JIJ)I`]: (c, _sp, fd: number, address: bigint, length: number, position: bigint) =>
      io(c, () => c.host.files.write(fdOf(c, fd), memoryAt(c, address, length), Number(position))),
    [`${FILE}readv0(${FD}JI)J`]: (c, _sp, fd: number, vector: bigint, count: number) =>
      io(c, () =>
        scatter(pieces(c, vector, count), (view) => {
          const read = readFile(c, fdOf(c, fd), view);
          return read === 0 ? STATUS_EOF : read;
        }),
      ),
    [`${FILE}write0(${FD}JI)I`]: (c, sp, fd: number, address: bigint, length: number) =>
      write(c, sp, fdOf(c, fd), memoryAt(c, address, length)),
    [`${FILE}writev0(${FD}JI)J`]: (c, sp, fd: number, vector: bigint, count: number) => {
      const number = fdOf(c, fd);
      return scatter(pieces(c, vector, count), (view) => write(c, sp, number, view));
    },
    [`${FILE}seek0(${FD}J)J`]: (c, _sp, descriptor: number, offset: bigint) => {
      const fd = fdOf(c, descriptor);
      return io(c, () => {
        if (offset < 0n) return BigInt(tell(c, fd));
        seek(c, fd, Number(offset));
        return offset;
      });
    },
    [`${FILE}force0(${FD}Z)I`]: (c, _sp, fd: number) =>
      io(c, () => {
        c.host.files.synchronize(fdOf(c, fd));
        return 0;
      }),
    [`${FILE}truncate0(${FD}J)I`]: (c, _sp, fd: number, size: bigint) =>
      io(c, () => {
        c.host.files.truncate(fdOf(c, fd), Number(size));
        return 0;
      }),
    [`${FILE}size0(${FD})J`]: (c, _sp, fd: number) => io(c, () => c.host.files.statusOf(fdOf(c, fd)).size),
    [`${FILE}close0(${FD})V`]: (c, _sp, fd: number) => io(c, () => closeFile(c, fdOf(c, fd))),
    [`${FILE}closeIntFD(I)V`]: (c, _sp, fd: number) => io(c, () => closeFile(c, fd)),
    // Node has no locks between processes: as on a file system without them. The library's own table keeps the VM's threads apart.
    [`${FILE}lock0(${FD}ZJJZ)I`]: (c) => {
      throw c.failure("java/io/IOException", errorText(ENOLCK));
    },
    [`${FILE}release0(${FD}JJ)V`]: () => {},
    [`${FILE}canTransferToFromOverlappedMap0()Z`]: () => true,

    "sun/nio/ch/FileChannelImpl.maxDirectTransferSize0()I": () => MAX_TRANSFER,
    [`sun/nio/ch/FileChannelImpl.transferTo0(${FD}JJ${FD})J`]: () => BigInt(STATUS_UNSUPPORTED),
    "sun/nio/ch/FileChannelImpl.map0(IJJZ)J": (
      c,
      _sp,
      channel: number,
      protection: number,
      position: bigint,
      length: bigint,
    ) => {
      const descriptor = c.mem.word(channel + nioField(c, "sun/nio/ch/FileChannelImpl.fd"));
      return map(c, fdOf(c, descriptor), protection, position, length);
    },
    "sun/nio/ch/FileChannelImpl.unmap0(JJ)I": (c, _sp, address: bigint) => {
      c.carrier.heap.free(Number(BigInt.asUintN(32, address)));
      return 0;
    },
    "java/nio/MappedMemoryUtils.isLoaded0(JJJ)Z": () => true,
    "java/nio/MappedMemoryUtils.load0(JJ)V": () => {},
    "java/nio/MappedMemoryUtils.unload0(JJ)V": () => {},

    [`sun/nio/ch/FileKey.init(${FD})V`]: (c, _sp, key: number, fd: number) =>
      io(c, () => {
        const { dev, ino } = c.host.files.statusOf(fdOf(c, fd));
        setNumbers(c, key, "sun/nio/ch/FileKey", { st_dev: dev, st_ino: ino });
      }),

    [`sun/nio/ch/IOUtil.fdVal(${FD})I`]: (c, _sp, fd: number) => fdOf(c, fd),
    [`sun/nio/ch/IOUtil.setfdVal(${FD}I)V`]: (c, _sp, descriptor: number, fd: number) => {
      c.mem.i32[(descriptor + c.word(words.WORD_FD_FIELD)) >>> 2] = fd;
    },
    // IOV_MAX of Linux.
    "sun/nio/ch/IOUtil.iovMax()I": () => 1024,
    "sun/nio/ch/IOUtil.randomBytes([B)Z": (c, _sp, array: number) => {
      const bytes = new Uint8Array(c.arrayLength(array));
      c.host.system.random(bytes);
      c.mem.copyIn(c.arrayData(array), bytes);
      return true;
    },

    // Nobody is ever signalled: a thread that waits for a descriptor sleeps in our own scheduler.
    "sun/nio/ch/NativeThread.init()V": () => {},
    "sun/nio/ch/NativeThread.supportPendingSignals0()Z": () => false,
    "sun/nio/ch/NativeThread.current()J": () => 0n,
    "sun/nio/ch/NativeThread.signal(J)V": () => {},
  },
  blocking: {
    [`${FILE}read0(${FD}JI)I`]: (c, sp, fd: number, address: bigint, length: number) =>
      read(c, sp, fdOf(c, fd), memoryAt(c, address, length)),
  },
};
