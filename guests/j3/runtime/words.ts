/**
 * J3's table of shared words (at CONTROL_GUEST): what natives on carriers need to know of classes and fields. The VM thread fills it in
 * as classes are loaded; a carrier reads it.
 */
export const WORD_STRING_CLASS = 0;
export const WORD_STRING_VALUE = 4;
export const WORD_STRING_CODER = 8;
export const WORD_BYTE_ARRAY_CLASS = 12;
export const WORD_CLASS_RECORD = 16;
export const WORD_THREAD_EETOP = 20;
export const WORD_THREAD_STATUS = 24;
export const WORD_THREAD_HOLDER = 28;
export const WORD_THREAD_INTERRUPTED = 32;
export const WORD_INT_ARRAY_CLASS = 36;
export const WORD_OBJECT_ARRAY_CLASS = 40;
export const WORD_THROWABLE_BACKTRACE = 44;
export const WORD_THROWABLE_DEPTH = 48;
export const WORD_THROWABLE_STACKTRACE = 52;
/** Thread record of the thread that waits for cleared references, or 0. */
export const WORD_REFERENCE_WAITER = 56;
export const WORD_FD_FIELD = 60;
export const WORD_FILE_OUTPUT_FD = 64;
export const WORD_FILE_INPUT_FD = 68;
export const WORD_RANDOM_ACCESS_FD = 72;
export const WORD_LONG_ARRAY_CLASS = 76;
export const WORD_THROWABLE_CLASS = 80;
export const WORD_REFERENT = 84;
export const WORD_FILE_PATH = 88;
export const WORD_FD_APPEND = 92;
/** Address of the table of method facts by method number: METHOD_FACT_BYTES each: flags METHOD_*. */
export const WORD_METHOD_FACTS = 96;
/** Address of the table of class records by method number: a word each. */
export const WORD_METHOD_HOLDERS = 100;
/** Address of the table of file positions (carrier/file-table.ts), or 0 while nobody opened a file. */
export const WORD_FILE_TABLE = 104;
export const WORD_STRING_ARRAY_CLASS = 108;
/** Signals that have come, as a set of bits, and the record of the thread that waits for them, or 0. */
export const WORD_SIGNALS = 112;
export const WORD_SIGNAL_WAITER = 116;
/** Address of the record of the last collections (collection-record.ts), and 1: a line is wanted for each collection (MemoryMXBean.setVerbose). */
export const WORD_COLLECTION_RECORD = 120;
export const WORD_VERBOSE_GC = 124;
/** Offsets of the fields in NIO_FIELDS, a word each; 0 while their class is not in use. */
export const WORD_NIO_FIELDS = 128;
/** 1: System.gc does nothing (-XX:+DisableExplicitGC). */
export const WORD_NO_EXPLICIT_GC = 508;
/** Record of the thread that tells listeners of collections, or 0. */
export const WORD_NOTICE_WAITER = 504;
/** Threads that were started, are no daemons and have not ended; and the record of the thread that waits until there are none, or 0. */
export const WORD_NON_DAEMONS = 500;
export const WORD_END_WAITER = 496;
/** Offsets of fields of java.lang.Thread. */
export const WORD_THREAD_STACK_SIZE = 492;
export const WORD_THREAD_DAEMON = 488;
/** Slot of the function in which a java.lang.Thread begins, and the bytes of its shadow stack when it does not ask for others. */
export const WORD_THREAD_MAIN = 484;
export const WORD_OTHER_STACK = 480;
export const WORD_THREAD_GROUP = 476;
/** Offset of ThreadGroup.parent. */
export const WORD_GROUP_PARENT = 472;
export const WORDS_BYTES = 512;

/** Method facts: one byte per method number. */
export const METHOD_IS_CONSTRUCTOR = 1;
/** Throwable.fillInStackTrace, or hidden from stack traces. */
export const METHOD_FILLS = 2;
export const METHOD_HIDDEN = 4;
/** Belongs to reflection or method handles: does not count as a caller. */
export const METHOD_REFLECTS = 8;
export const MAX_METHODS = 1 << 19;

/** Class, name and descriptor. */
export const NIO_FIELDS: readonly (readonly [string, string, string])[] = [
  ...(
    [
      ["st_mode", "I"],
      ["st_ino", "J"],
      ["st_dev", "J"],
      ["st_rdev", "J"],
      ["st_nlink", "I"],
      ["st_uid", "I"],
      ["st_gid", "I"],
      ["st_size", "J"],
      ["st_atime_sec", "J"],
      ["st_atime_nsec", "J"],
      ["st_mtime_sec", "J"],
      ["st_mtime_nsec", "J"],
      ["st_ctime_sec", "J"],
      ["st_ctime_nsec", "J"],
    ] as const
  ).map(([name, type]) => ["sun/nio/fs/UnixFileAttributes", name, type] as const),
  ["sun/nio/fs/UnixFileStoreAttributes", "f_frsize", "J"],
  ["sun/nio/fs/UnixFileStoreAttributes", "f_blocks", "J"],
  ["sun/nio/fs/UnixFileStoreAttributes", "f_bfree", "J"],
  ["sun/nio/fs/UnixFileStoreAttributes", "f_bavail", "J"],
  ["sun/nio/fs/UnixMountEntry", "name", "[B"],
  ["sun/nio/fs/UnixMountEntry", "dir", "[B"],
  ["sun/nio/fs/UnixMountEntry", "fstype", "[B"],
  ["sun/nio/fs/UnixMountEntry", "opts", "[B"],
  ["sun/nio/ch/FileChannelImpl", "fd", "Ljava/io/FileDescriptor;"],
  ["sun/nio/ch/FileKey", "st_dev", "J"],
  ["sun/nio/ch/FileKey", "st_ino", "J"],
];
