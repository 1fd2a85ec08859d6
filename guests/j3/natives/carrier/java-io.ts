/** java.io: streams and random access files on descriptors. */
import { HostError } from "#host";
import type { CarrierContext } from "../../carrier/context.ts";
import { EISDIR, errorText } from "../../carrier/errors.ts";
import {
  closeFile,
  descriptorInfo,
  isRegular,
  O_APPEND,
  O_CREAT,
  O_DSYNC,
  O_RDWR,
  O_SYNC,
  O_TRUNC,
  O_WRONLY,
  openFile,
  patiently,
  readFile,
  S_IFDIR,
  S_IFMT,
  seek,
  tell,
} from "../../carrier/file-table.ts";
import { io, ioLater, pieceReader, readBytes, writeAll } from "../../carrier/streams.ts";

import * as words from "../../runtime/words.ts";
import type { CarrierNatives } from "../types.ts";

/** Mode of RandomAccessFile.open0. */
const MODE_READ = 1;
const MODE_READ_WRITE = 2;
const MODE_SYNC = 4;
const MODE_DSYNC = 8;

/** The FileDescriptor object of a stream; the field's offset is in the shared word. */
function descriptorOf(c: CarrierContext, stream: number, word: number): number {
  return c.mem.word(stream + c.word(word));
}

/** The number in a FileDescriptor; -1 if it is closed. */
export function fdOf(c: CarrierContext, descriptor: number): number {
  return descriptor === 0 ? -1 : (c.mem.i32[(descriptor + c.word(words.WORD_FD_FIELD)) >>> 2] as number);
}

/** The descriptor of an open stream. */
function open(c: CarrierContext, stream: number, word: number): number {
  const fd = fdOf(c, descriptorOf(c, stream, word));
  if (fd < 0) throw c.failure("java/io/IOException", "Stream Closed");
  return fd;
}

/** Opens a file that is no folder and stores its descriptor in the stream. */
function openInto(c: CarrierContext, stream: number, word: number, path: number, flags: number): void {
  if (path === 0) throw c.failure("java/lang/NullPointerException", null);
  const text = c.text(path) as string;
  try {
    const fd = openFile(c, text, flags, 0o666);
    if ((c.host.files.statusOf(fd).mode & S_IFMT) === S_IFDIR) {
      closeFile(c, fd);
      throw new HostError("EISDIR", EISDIR, errorText(EISDIR));
    }
    const descriptor = descriptorOf(c, stream, word);
    c.mem.i32[(descriptor + c.word(words.WORD_FD_FIELD)) >>> 2] = fd;
    c.mem.u8[descriptor + c.word(words.WORD_FD_APPEND)] = (flags & O_APPEND) === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw c.failure("java/io/FileNotFoundException", `${text} (${errorText(error.errno)})`);
  }
}

function checkRange(c: CarrierContext, array: number, offset: number, length: number): void {
  if (array === 0) throw c.failure("java/lang/NullPointerException", null);
  if (offset < 0 || length < 0 || c.arrayLength(array) - offset < length) {
    throw c.failure("java/lang/IndexOutOfBoundsException", null);
  }
}

function readArray(
  c: CarrierContext,
  sp: number,
  word: number,
  stream: number,
  array: number,
  offset: number,
  length: number,
) {
  checkRange(c, array, offset, length);
  if (length === 0) return 0;
  return readBytes(c, sp, open(c, stream, word), array, offset, length);
}

function readOne(c: CarrierContext, sp: number, word: number, stream: number): number | Promise<number> {
  const fd = open(c, stream, word);
  const byte = (bytes: Uint8Array): number => bytes[0] ?? -1;
  return ioLater(c, () => {
    if (isRegular(c, fd)) {
      const buffer = new Uint8Array(1);
      return byte(buffer.subarray(0, readFile(c, fd, buffer)));
    }
    const piece = patiently(c, sp, pieceReader(c, sp, fd, 1));
    return piece instanceof Promise ? piece.then(byte) : byte(piece);
  });
}

function writeArray(
  c: CarrierContext,
  sp: number,
  word: number,
  stream: number,
  array: number,
  offset: number,
  length: number,
) {
  checkRange(c, array, offset, length);
  if (length === 0) return;
  return writeAll(c, sp, open(c, stream, word), c.byteView(array, offset, length));
}

function writeOne(c: CarrierContext, sp: number, word: number, stream: number, byte: number) {
  return writeAll(c, sp, open(c, stream, word), Uint8Array.of(byte));
}

function length(c: CarrierContext, stream: number, word: number): bigint {
  const fd = open(c, stream, word);
  return io(c, () => c.host.files.statusOf(fd).size);
}

/** Bytes between the descriptor's place and the end of the file; 0 where the system does not say. */
function available(c: CarrierContext, fd: number): number {
  if (!isRegular(c, fd)) return 0;
  const rest = Number(c.host.files.statusOf(fd).size) - tell(c, fd);
  return Math.min(Math.max(rest, 0), 0x7fffffff);
}

const INPUT = words.WORD_FILE_INPUT_FD;
const OUTPUT = words.WORD_FILE_OUTPUT_FD;
const RANDOM = words.WORD_RANDOM_ACCESS_FD;

export const javaIoNatives: CarrierNatives = {
  direct: {
    "java/io/FileDescriptor.getHandle(I)J": () => -1n,
    "java/io/FileDescriptor.getAppend(I)Z": (c, _sp, fd: number) => {
      try {
        return (descriptorInfo(c, fd).flags & O_APPEND) !== 0;
      } catch (error) {
        if (error instanceof HostError) return false;
        throw error;
      }
    },
    "java/io/FileDescriptor.close0()V": (c, _sp, descriptor: number) => {
      const fd = fdOf(c, descriptor);
      if (fd < 0) return;
      c.mem.i32[(descriptor + c.word(words.WORD_FD_FIELD)) >>> 2] = -1;
      // The standard streams stay open: their numbers must not be handed out again.
      if (fd > 2) io(c, () => closeFile(c, fd));
    },
    "java/io/FileCleanable.cleanupClose0(IJ)V": (c, _sp, fd: number) => {
      if (fd > 2) io(c, () => closeFile(c, fd));
    },
    "java/io/FileDescriptor.sync()V": (c, _sp, descriptor: number) => {
      try {
        c.host.files.synchronize(fdOf(c, descriptor));
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        throw c.failure("java/io/SyncFailedException", "sync failed");
      }
    },

    "java/io/FileInputStream.open0(Ljava/lang/String;)V": (c, _sp, stream: number, path: number) =>
      openInto(c, stream, INPUT, path, 0),
    "java/io/FileInputStream.length0()J": (c, _sp, stream: number) => length(c, stream, INPUT),
    "java/io/FileInputStream.position0()J": (c, _sp, stream: number) => {
      const fd = open(c, stream, INPUT);
      return BigInt(io(c, () => tell(c, fd)));
    },
    "java/io/FileInputStream.skip0(J)J": (c, _sp, stream: number, count: bigint) => {
      const fd = open(c, stream, INPUT);
      return io(c, () => {
        const target = BigInt(tell(c, fd)) + count;
        if (target < 0n) throw c.failure("java/io/IOException", "Invalid argument");
        seek(c, fd, Number(target));
        return count;
      });
    },
    "java/io/FileInputStream.available0()I": (c, _sp, stream: number) => {
      const fd = open(c, stream, INPUT);
      return io(c, () => available(c, fd));
    },

    "java/io/FileOutputStream.open0(Ljava/lang/String;Z)V": (c, _sp, stream: number, path: number, append: number) =>
      openInto(c, stream, OUTPUT, path, O_WRONLY | O_CREAT | (append !== 0 ? O_APPEND : O_TRUNC)),

    "java/io/RandomAccessFile.open0(Ljava/lang/String;I)V": (c, _sp, file: number, path: number, mode: number) => {
      let flags = 0;
      if ((mode & MODE_READ) === 0 && (mode & MODE_READ_WRITE) !== 0) flags = O_RDWR | O_CREAT;
      if ((mode & MODE_SYNC) !== 0) flags |= O_SYNC;
      else if ((mode & MODE_DSYNC) !== 0) flags |= O_DSYNC;
      openInto(c, file, RANDOM, path, flags);
    },
    "java/io/RandomAccessFile.getFilePointer()J": (c, _sp, file: number) => {
      const fd = open(c, file, RANDOM);
      return BigInt(io(c, () => tell(c, fd)));
    },
    "java/io/RandomAccessFile.seek0(J)V": (c, _sp, file: number, position: bigint) => {
      const fd = open(c, file, RANDOM);
      io(c, () => seek(c, fd, Number(position)));
    },
    "java/io/RandomAccessFile.length()J": (c, _sp, file: number) => length(c, file, RANDOM),
    "java/io/RandomAccessFile.setLength(J)V": (c, _sp, file: number, bytes: bigint) => {
      const fd = open(c, file, RANDOM);
      if (bytes < 0n) throw c.failure("java/io/IOException", "Invalid argument");
      io(c, () => {
        c.host.files.truncate(fd, Number(bytes));
        if (tell(c, fd) > Number(bytes)) seek(c, fd, Number(bytes));
      });
    },
  },
  blocking: {
    "java/io/FileInputStream.read0()I": (c, sp, stream: number) => readOne(c, sp, INPUT, stream),
    "java/io/FileInputStream.readBytes([BII)I": (c, sp, stream: number, array: number, offset: number, count: number) =>
      readArray(c, sp, INPUT, stream, array, offset, count),
    "java/io/FileOutputStream.write(IZ)V": (c, sp, stream: number, byte: number) =>
      writeOne(c, sp, OUTPUT, stream, byte),
    "java/io/FileOutputStream.writeBytes([BIIZ)V": (
      c,
      sp,
      stream: number,
      array: number,
      offset: number,
      count: number,
    ) => writeArray(c, sp, OUTPUT, stream, array, offset, count),
    "java/io/RandomAccessFile.read0()I": (c, sp, file: number) => readOne(c, sp, RANDOM, file),
    "java/io/RandomAccessFile.readBytes([BII)I": (c, sp, file: number, array: number, offset: number, count: number) =>
      readArray(c, sp, RANDOM, file, array, offset, count),
    "java/io/RandomAccessFile.write0(I)V": (c, sp, file: number, byte: number) => writeOne(c, sp, RANDOM, file, byte),
    "java/io/RandomAccessFile.writeBytes([BII)V": (c, sp, file: number, array: number, offset: number, count: number) =>
      writeArray(c, sp, RANDOM, file, array, offset, count),
  },
};
