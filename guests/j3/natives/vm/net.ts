/** java.net: addresses and names. There are no sockets. */
import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { GuestThrow } from "../../link/index.ts";
import type { J3Steps } from "../../vm/effects.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

const IMPL = "java/net/Inet4AddressImpl.";

function unknownHost(text: string): GuestThrow {
  return new GuestThrow({ className: "java/net/UnknownHostException", detail: text });
}

/** Asks the system's name service, as its own programs do: lines of an address and names. */
function nameService(database: string, key: string): string[][] {
  const { stdout } = spawnSync("getent", [database, "--", key], { encoding: "utf8" });
  return (stdout ?? "")
    .split("\n")
    .map((line) => line.split(/\s+/))
    .filter((words) => words.length > 1);
}

function* lookup(j: J3, name: number): J3Steps<number> {
  const text = j.objects.text(name);
  const found = new Set(nameService("ahostsv4", text).map(([address]) => address as string));
  if (found.size === 0) throw unknownHost(`${text}: Name or service not known`);
  const cls = j.world.boot("java/net/Inet4Address");
  const addresses: number[] = [];
  for (const address of found) {
    const bits = address.split(".").reduce((value, part) => (value << 8) | Number(part), 0);
    addresses.push(yield* j.construct(cls, "(Ljava/lang/String;I)V", [name, bits]));
  }
  return j.objects.newRefArray("java/net/InetAddress", addresses);
}

function nameOf(j: J3, bytes: number): number {
  const address = [...j.objects.bytes(bytes)].join(".");
  const name = nameService("hosts", address)[0]?.[1];
  if (name === undefined) throw unknownHost("Name or service not known");
  return j.objects.newString(name);
}

export const netNatives: VmNatives = {
  "java/net/InetAddress.init()V": () => {},
  "java/net/Inet4Address.init()V": () => {},
  "java/net/Inet6Address.init()V": () => {},
  "java/net/InetAddressImplFactory.isIPv6Supported()Z": () => false,
  [`${IMPL}getLocalHostName()Ljava/lang/String;`]: (j) => j.objects.newString(hostname()),
  [`${IMPL}lookupAllHostAddr(Ljava/lang/String;)[Ljava/net/InetAddress;`]: lookup,
  [`${IMPL}getHostByAddr([B)Ljava/lang/String;`]: nameOf,
};
