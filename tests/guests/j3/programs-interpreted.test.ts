/** A few of the programs with every function interpreted, and with every function whose name begins with a letter up to m. */
import { testPrograms } from "./program-tests.ts";

const programs = ["TinyExceptions", "TinyObjects", "NestedFinally", "StackTraces", "Threads", "WaitNotify"];
testPrograms("Java programs, interpreted", () => ({ VM_INTERPRET: "*" }), 600, programs);

const half = [..."abcdefghijklm"].map((letter) => `*.${letter}*`).join(",");
testPrograms("Java programs, in mixed mode", () => ({ VM_INTERPRET: half, VM_STRESS: "gc:1000" }), 600, [
  "TinyExceptions",
  "LambdasAndReferences",
  "WeakAndCleaner",
]);
