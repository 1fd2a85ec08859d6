import { closeSync, openSync, readSync, statSync, writeSync } from "node:fs";
import * as words from "../../runtime/words.ts";
import type { CarrierNatives } from "../types.ts";

void statSync;
export const tempNatives: CarrierNatives = {
  direct: {
    "java/io/FileDescriptor.getHandle(I)J": () => -1n,
    "java/io/FileDescriptor.getAppend(I)Z": () => 0,
    "java/io/UnixFileSystem.canonicalize0(Ljava/lang/String;)Ljava/lang/String;": (
      c,
      sp,
      _self: number,
      path: number,
    ) => c.newString(sp, c.text(path) as string),
    "java/io/UnixFileSystem.getBooleanAttributes0(Ljava/io/File;)I": (c, _sp, _self: number, file: number) => {
      const p = c.text(c.mem.word(file + c.word(words.WORD_FILE_PATH))) as string;
      try {
        const st = statSync(p);
        return st.isDirectory() ? 5 : st.isFile() ? 3 : 1;
      } catch {
        return 0;
      }
    },
    "java/io/FileOutputStream.writeBytes([BIIZ)V": (c, _sp, self: number, array: number, off: number, len: number) => {
      const fd = c.mem.word(c.mem.word(self + c.word(words.WORD_FILE_OUTPUT_FD)) + c.word(words.WORD_FD_FIELD));
      writeSync(fd, c.byteView(array, off, len));
    },
  },
  blocking: {
    "java/io/FileInputStream.open0(Ljava/lang/String;)V": (c, _sp, self: number, path: number) => {
      c.mem.setWord(
        c.mem.word(self + c.word(words.WORD_FILE_INPUT_FD)) + c.word(words.WORD_FD_FIELD),
        openSync(c.text(path) as string, "r"),
      );
      return 0;
    },
    "java/io/FileInputStream.readBytes([BII)I": (c, _sp, self: number, array: number, off: number, len: number) => {
      const fd = c.mem.word(c.mem.word(self + c.word(words.WORD_FILE_INPUT_FD)) + c.word(words.WORD_FD_FIELD));
      const n = readSync(fd, c.byteView(array, off, len));
      return n === 0 ? -1 : n;
    },
    "java/io/FileDescriptor.close0()V": (c, _sp, self: number) => {
      closeSync(c.mem.word(self + c.word(words.WORD_FD_FIELD)));
      return 0;
    },
    "java/io/FileInputStream.available0()I": () => 0,
  },
};
