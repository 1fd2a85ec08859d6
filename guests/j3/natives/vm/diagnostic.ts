/** com.sun.management.HotSpotDiagnosticMXBean: heap dumps, and the -XX flags. */
import { GuestThrow, throwing } from "../../link/index.ts";
import { box } from "../../vm/boxing.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { FlagValue } from "../../vm/flags.ts";
import { dumpHeap, systemReason } from "../../vm/heap-reports.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

const INTERNAL = "com/sun/management/internal/";
const FLAG = `${INTERNAL}Flag`;
const ORIGIN = "com/sun/management/VMOption$Origin";

/** A dump holds what lives, also when it may hold more. */
function dump(j: J3, _self: number, file: number): void {
  if (j.objects.isNull(file)) throw throwing("NullPointerException", null);
  try {
    dumpHeap(j, j.objects.text(file));
  } catch (error) {
    throw new GuestThrow({ className: "java/io/IOException", detail: systemReason(error) });
  }
}

function boxed(j: J3, value: FlagValue): number {
  if (typeof value === "string") return j.objects.newString(value);
  return typeof value === "boolean" ? box(j, "Z", Number(value)) : box(j, "J", BigInt(value));
}

/** Fills the array with Flag objects for the names, or for all; gives how many there are. */
function* flags(j: J3, names: number, array: number, count: number): J3Steps<number> {
  const { objects } = j;
  const asked = objects.isNull(names)
    ? j.flags.names
    : Array.from({ length: objects.length(names) }, (_, i) => objects.textOrNull(objects.elementHandle(names, i)));
  const cls = j.world.boot(FLAG);
  let found = 0;
  for (const name of asked.slice(0, count)) {
    const flag = name === null ? undefined : j.flags.get(name);
    if (flag === undefined) continue;
    const origins = j.world.boot(ORIGIN);
    yield* j.initialize(origins);
    const origin = objects.temp(objects.getRef(0, objects.field(ORIGIN, flag.origin, `L${ORIGIN};`)));
    const value = boxed(j, flag.value);
    const descriptor = `(Ljava/lang/String;Ljava/lang/Object;ZZL${ORIGIN};)V`;
    const writeable = Number(flag.writeable);
    // The last but one says that it is documented, not only for the VM's makers.
    const object = yield* j.construct(cls, descriptor, [objects.newString(flag.name), value, writeable, 1, origin]);
    objects.setElement(array, found++, object);
  }
  return found;
}

const set = (j: J3, name: number, value: FlagValue): void => j.flags.set(j.objects.text(name), value);

export const diagnosticNatives: VmNatives = {
  [`${INTERNAL}HotSpotDiagnostic.dumpHeap0(Ljava/lang/String;Z)V`]: dump,
  [`${FLAG}.initialize()V`]: () => {},
  [`${FLAG}.getInternalFlagCount()I`]: (j) => j.flags.names.length,
  [`${FLAG}.getAllFlagNames()[Ljava/lang/String;`]: (j) =>
    j.objects.newRefArray(
      "java/lang/String",
      j.flags.names.map((name) => j.objects.newString(name)),
    ),
  [`${FLAG}.getFlags([Ljava/lang/String;[L${FLAG};I)I`]: flags,
  [`${FLAG}.setBooleanValue(Ljava/lang/String;Z)V`]: (j, name: number, value: number) => set(j, name, value !== 0),
  [`${FLAG}.setLongValue(Ljava/lang/String;J)V`]: (j, name: number, value: bigint) => set(j, name, Number(value)),
  [`${FLAG}.setStringValue(Ljava/lang/String;Ljava/lang/String;)V`]: (j, name: number, value: number) =>
    set(j, name, j.objects.textOrNull(value) ?? ""),
};
