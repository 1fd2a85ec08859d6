/** Native libraries: those of the JDK whose natives are ours are built in; there is no way to load any other. */
import { throwing } from "../../link/index.ts";
import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

/** Libraries whose methods are bound by name. */
const BUILT_IN: ReadonlySet<string> = new Set([
  "java",
  "jimage",
  "net",
  "nio",
  "verify",
  "zip",
  "extnet",
  "management",
  "management_ext",
]);

const IMPLEMENTATION = "jdk/internal/loader/NativeLibraries$NativeLibraryImpl";
/** JNI_VERSION_10. */
const JNI_VERSION = 0x000a0000;

function load(j: J3, library: number, name: number, isBuiltIn: number, _isJni: number, throws: number): boolean {
  const { objects } = j;
  const text = objects.text(name);
  if (isBuiltIn === 0) {
    if (throws === 0) return false;
    throw throwing("UnsatisfiedLinkError", `${text}: cannot load native code`);
  }
  objects.setLong(library, objects.field(IMPLEMENTATION, "handle", "J"), BigInt(++j.native.libraries));
  objects.setInt(library, objects.field(IMPLEMENTATION, "jniVersion", "I"), JNI_VERSION);
  return true;
}

const LIBRARIES = "jdk/internal/loader/NativeLibraries";

export const libraryNatives: VmNatives = {
  [`${LIBRARIES}.findBuiltinLib(Ljava/lang/String;)Ljava/lang/String;`]: (j, name: number) => {
    const text = /^lib(.*)\.so$/.exec(j.objects.text(name))?.[1];
    return text !== undefined && BUILT_IN.has(text) ? j.objects.newString(text) : 0;
  },
  [`${LIBRARIES}.load(L${IMPLEMENTATION};Ljava/lang/String;ZZZ)Z`]: load,
  [`${LIBRARIES}.unload(Ljava/lang/String;ZZJ)V`]: () => {},
  // Built-in libraries have no symbols to look up: methods are bound by their names.
  [`${LIBRARIES}.findEntry0(L${IMPLEMENTATION};Ljava/lang/String;)J`]: () => 0n,
  "java/lang/System.mapLibraryName(Ljava/lang/String;)Ljava/lang/String;": (j, name: number) => {
    if (j.objects.isNull(name)) throw throwing("NullPointerException", null);
    return j.objects.newString(`lib${j.objects.text(name)}.so`);
  },
  // The image is read through its file.
  "jdk/internal/jimage/NativeImageBuffer.getNativeMap(Ljava/lang/String;)Ljava/nio/ByteBuffer;": () => 0,
};
