/** ThreadLocal.get of a value that lies where it was first put. */
import { CARRIER_THREAD, ROOTS_WORDS, THREAD_REFS } from "#layout";
import { ARRAY_DATA, CLASS_VTABLE } from "../../model/record.ts";
import type { FastPath, FastPathRow } from "./path.ts";

const LOCAL = "java/lang/ThreadLocal";
const MAP = `${LOCAL}$ThreadLocalMap`;
const ENTRY = `${MAP}$Entry`;

/** Null on the way reads 0: an array of length 0, or no referent. */
const get: FastPath = (p, self) => {
  const { b, library } = p;
  // Those that are inherited have another map.
  const getMap = library.virtual(LOCAL, "getMap", `(Ljava/lang/Thread;)L${MAP};`);
  const entry = b.load("i32", b.load("addr", self!, 0), CLASS_VTABLE + 4 * getMap.index);
  p.need(b.op("eq", entry, p.i32(getMap.slot)));
  const thread = b.load("ref", b.load("addr", b.op("carrier"), CARRIER_THREAD), THREAD_REFS + ROOTS_WORDS);
  const map = b.load("ref", thread, library.offset("java/lang/Thread", "threadLocals", `L${MAP};`));
  const table = b.load("ref", map, library.offset(MAP, "table", `[L${ENTRY};`));
  const length = p.length(table);
  const hash = b.load("i32", self!, library.offset(LOCAL, "threadLocalHashCode", "I"));
  const index = b.op("and", hash, b.op("sub", length, p.i32(1)));
  p.need(b.op("ult", index, length));
  const found = b.load("ref", p.at(table, b.op("shl", index, p.i32(2))), ARRAY_DATA);
  const key = b.load("ref", found, library.offset("java/lang/ref/Reference", "referent", "Ljava/lang/Object;"));
  p.need(b.op("refeq", key, self!));
  return b.load("ref", found, library.offset(ENTRY, "value", "Ljava/lang/Object;"));
};

export const threadPaths: Readonly<Record<string, FastPathRow>> = {
  [`${LOCAL}.get()Ljava/lang/Object;`]: { emit: get, inPlace: false },
};
