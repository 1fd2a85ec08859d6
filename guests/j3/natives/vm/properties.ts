/** System properties as the library asks for them when it boots: jdk.internal.util.SystemProps.Raw. */
import { readlinkSync } from "node:fs";
import * as os from "node:os";
import { vmName } from "../../options.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

/** Who made this VM; java.vm.vendor. */
const VENDOR = "VMKit";

/** Order of the array that platformProperties gives: the names of the _NDX constants. */
const PLATFORM = [
  "display_country",
  "display_language",
  "display_script",
  "display_variant",
  "file_encoding",
  "file_separator",
  "format_country",
  "format_language",
  "format_script",
  "format_variant",
  "ftp_nonProxyHosts",
  "ftp_proxyHost",
  "ftp_proxyPort",
  "http_nonProxyHosts",
  "http_proxyHost",
  "http_proxyPort",
  "https_proxyHost",
  "https_proxyPort",
  "java_io_tmpdir",
  "line_separator",
  "os_arch",
  "os_name",
  "os_version",
  "path_separator",
  "socksNonProxyHosts",
  "socksProxyHost",
  "socksProxyPort",
  "sun_arch_abi",
  "sun_arch_data_model",
  "sun_cpu_endian",
  "sun_cpu_isalist",
  "sun_io_unicode_encoding",
  "sun_jnu_encoding",
  "sun_os_patch_level",
  "sun_stderr_encoding",
  "sun_stdout_encoding",
  "user_dir",
  "user_home",
  "user_name",
] as const;
type PlatformKey = (typeof PLATFORM)[number];

/** Languages that Java has another code for than POSIX. */
const LOCALES: Readonly<Record<string, string>> = { C: "en", POSIX: "en" };
const ENCODINGS: Readonly<Record<string, string>> = {
  "utf-8": "UTF-8",
  utf8: "UTF-8",
  "iso-8859-1": "ISO-8859-1",
  iso88591: "ISO-8859-1",
  "iso-8859-15": "ISO-8859-15",
  iso885915: "ISO-8859-15",
};
/** Scripts by POSIX modifier, ISO 15924. */
const SCRIPTS: Readonly<Record<string, string>> = { latin: "Latn", cyrillic: "Cyrl", arab: "Arab", devanagari: "Deva" };

export interface PosixLocale {
  readonly language: string;
  readonly country: string | null;
  readonly script: string | null;
  readonly encoding: string;
}

/** Parses "de_AT.UTF-8@euro" as Java understands it. The C locale is English in ASCII. */
export function parseLocale(text: string): PosixLocale {
  const match = /^([^_.@]*)(?:_([^.@]*))?(?:\.([^@]*))?(?:@(.*))?$/.exec(text);
  const [, name = "", country, codeset, modifier] = match ?? [];
  const plain = name === "" || name === "C" || name === "POSIX";
  const language = name === "" ? "en" : (LOCALES[name] ?? name);
  const script = modifier === undefined ? null : (SCRIPTS[modifier] ?? null);
  const fallback = plain ? "ANSI_X3.4-1968" : "ISO-8859-1";
  const encoding = codeset === undefined ? fallback : (ENCODINGS[codeset.toLowerCase()] ?? codeset);
  return { language, country: country === undefined || country === "" ? null : country, script, encoding };
}

/** The locale of a POSIX category by the environment. */
function localeOf(environment: Readonly<Record<string, string>>, category: string): PosixLocale {
  return parseLocale(environment["LC_ALL"] || environment[category] || environment["LANG"] || "C");
}

function platformProperties(j: J3): number {
  const { environment } = j.options;
  const display = localeOf(environment, "LC_MESSAGES");
  const format = localeOf(environment, "LC_CTYPE");
  const user = os.userInfo();
  const values: Partial<Record<PlatformKey, string | null>> = {
    display_language: display.language,
    display_country: display.country,
    display_script: display.script,
    format_language: format.language,
    format_country: format.country,
    format_script: format.script,
    file_encoding: format.encoding,
    sun_jnu_encoding: format.encoding,
    file_separator: "/",
    path_separator: ":",
    line_separator: "\n",
    java_io_tmpdir: "/tmp",
    os_name: os.type(),
    os_version: os.release(),
    os_arch: os.arch() === "x64" ? "amd64" : os.arch() === "arm64" ? "aarch64" : os.arch(),
    sun_arch_data_model: "64",
    sun_cpu_endian: "little",
    sun_io_unicode_encoding: "UnicodeLittle",
    user_dir: process.cwd(),
    user_home: user.homedir === "" ? "?" : user.homedir,
    user_name: user.username === "" ? "?" : user.username,
  };
  return j.objects.newRefArray(
    "java/lang/String",
    PLATFORM.map((key) => {
      const value = values[key] ?? null;
      return value === null ? 0 : j.objects.newString(value);
    }),
  );
}

function vmProperties(j: J3): number {
  const { home, release } = j.javaHome;
  const version = release.get("JAVA_RUNTIME_VERSION") ?? release.get("JAVA_VERSION") ?? "17";
  const properties = new Map<string, string>([
    ["java.vm.specification.name", "Java Virtual Machine Specification"],
    ["java.vm.specification.vendor", "Oracle Corporation"],
    ["java.vm.specification.version", "17"],
    ["java.vm.name", vmName],
    ["sun.management.compiler", "V8 (Liftoff, TurboFan)"],
    ["java.vm.vendor", VENDOR],
    ["java.vm.version", version],
    ["java.vm.info", j.options.interprets ? "interpreted mode" : "compiled mode"],
    ["jdk.debug", "release"],
    ["sun.boot.library.path", `${home}/lib`],
    [
      "java.library.path",
      j.options.environment["LD_LIBRARY_PATH"] ?? "/usr/java/packages/lib:/usr/lib64:/lib64:/lib:/usr/lib",
    ],
    ["java.home", home],
    ["java.class.path", j.options.classPath],
    ["jdk.boot.class.path.append", ""],
    // Resources of the image are read from the file, not through a mapping of all of it.
    ["jdk.image.map.all", "false"],
  ]);
  for (const [name, value] of j.options.properties) properties.set(name, value);
  const handles: number[] = [];
  for (const [name, value] of properties) handles.push(j.objects.newString(name), j.objects.newString(value));
  handles.push(0, 0);
  return j.objects.newRefArray("java/lang/String", handles);
}

/** TZ, or where /etc/localtime points to; null if neither says. */
export function systemTimeZone(environment: Readonly<Record<string, string>>): string | null {
  const zone = environment["TZ"];
  if (zone !== undefined && zone !== "") {
    const name = zone.startsWith(":") ? zone.slice(1) : zone;
    const path = /\/zoneinfo\/(.*)$/.exec(name);
    if (path !== null) return path[1] as string;
    return name.startsWith("/") ? null : name;
  }
  try {
    return /\/zoneinfo\/(.*)$/.exec(readlinkSync("/etc/localtime"))?.[1] ?? hostZone();
  } catch (failure) {
    if (failure instanceof Error && "syscall" in failure) return hostZone();
    throw failure;
  }
}

function hostZone(): string | null {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;
}

/** "GMT+05:30"; "GMT" for no offset. */
function offsetId(): string {
  const minutes = -new Date().getTimezoneOffset();
  if (minutes === 0) return "GMT";
  const two = (value: number): string => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `GMT${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export const propertyNatives: VmNatives = {
  "jdk/internal/util/SystemProps$Raw.vmProperties()[Ljava/lang/String;": vmProperties,
  "jdk/internal/util/SystemProps$Raw.platformProperties()[Ljava/lang/String;": platformProperties,
  "java/util/TimeZone.getSystemTimeZoneID(Ljava/lang/String;)Ljava/lang/String;": (j) => {
    const zone = systemTimeZone(j.options.environment);
    return zone === null ? 0 : j.objects.newString(zone);
  },
  "java/util/TimeZone.getSystemGMTOffsetID()Ljava/lang/String;": (j) => j.objects.newString(offsetId()),
  "java/lang/ProcessEnvironment.environ()[[B": (j) => {
    const encoder = new TextEncoder();
    const entries = Object.entries(j.options.environment).flat();
    return j.objects.newRefArray(
      "[B",
      entries.map((text) => j.objects.newByteArray(encoder.encode(text))),
    );
  },
};
