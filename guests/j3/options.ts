/** The door of the command line: what `j3` and its options mean. Pure but for the files that its host reads. */

export { assertionStatus } from "./options/assertions.ts";
export type { HeapChoice } from "./options/heap-flags.ts";
export { heapChoice } from "./options/heap-flags.ts";
export type { JdkLibrary } from "./options/jdk.ts";
export { findJdkLibrary } from "./options/jdk.ts";
export { parseCommandLine } from "./options/launcher.ts";
export { logLine } from "./options/log-options.ts";
export { hotAfter } from "./options/tiers.ts";
export type {
  AssertionRule,
  Launch,
  LaunchHost,
  Main,
  Options,
  Output,
  VerboseTopic,
  VersionForm,
} from "./options/types.ts";
export { usage } from "./options/usage.ts";
export type { JdkRelease } from "./options/version.ts";
export { parseRelease, versionText } from "./options/version.ts";
export { cannotCreate, vmName } from "./options/vm-options.ts";
