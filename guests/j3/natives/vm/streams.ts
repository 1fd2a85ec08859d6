/** System.setIn0, setOut0, setErr0: the fields are final, so only the VM can set them. */

import type { J3 } from "../../vm/j3.ts";
import type { VmNatives } from "../types.ts";

function setter(name: string, descriptor: string): (j: J3, stream: number) => void {
  return (j, stream) => j.objects.setHandle(0, j.objects.field("java/lang/System", name, descriptor), stream);
}

export const streamNatives: VmNatives = {
  "java/lang/System.setIn0(Ljava/io/InputStream;)V": setter("in", "Ljava/io/InputStream;"),
  "java/lang/System.setOut0(Ljava/io/PrintStream;)V": setter("out", "Ljava/io/PrintStream;"),
  "java/lang/System.setErr0(Ljava/io/PrintStream;)V": setter("err", "Ljava/io/PrintStream;"),
};
