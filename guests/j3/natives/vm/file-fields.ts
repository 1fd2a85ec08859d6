/** Tells carriers where the fields of the file classes are, before their natives are called: what initIDs and init do in the C library. */
import { CONTROL_GUEST } from "#layout";
import { NIO_FIELDS, WORD_NIO_FIELDS } from "../../runtime/words.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

/** UnixNativeDispatcher.SUPPORTS_*: times by descriptor, to the nanosecond; times of links. */
const SUPPORTS_FUTIMES = 1 << 2;
const SUPPORTS_FUTIMENS = 1 << 3;
const SUPPORTS_LUTIMES = 1 << 4;
/** Mappings begin at multiples of this in the file. */
const PAGE_BYTES = 4096n;

function tell(j: J3, holder: string): void {
  const table = j.mem.word(CONTROL_GUEST) + WORD_NIO_FIELDS;
  NIO_FIELDS.forEach(([cls, name, descriptor], index) => {
    if (cls === holder) j.mem.setWord(table + 4 * index, j.objects.field(cls, name, descriptor).offset);
  });
}

export const fileFieldNatives: VmNatives = {
  "sun/nio/fs/UnixNativeDispatcher.init()I": (j) => {
    tell(j, "sun/nio/fs/UnixFileAttributes");
    tell(j, "sun/nio/fs/UnixFileStoreAttributes");
    return SUPPORTS_FUTIMES | SUPPORTS_FUTIMENS | SUPPORTS_LUTIMES;
  },
  "sun/nio/fs/LinuxNativeDispatcher.init()V": (j) => tell(j, "sun/nio/fs/UnixMountEntry"),
  "sun/nio/ch/FileChannelImpl.initIDs()J": (j) => {
    tell(j, "sun/nio/ch/FileChannelImpl");
    return PAGE_BYTES;
  },
  "sun/nio/ch/FileKey.initIDs()V": (j) => tell(j, "sun/nio/ch/FileKey"),
};
