/** The door of `src/host/`: files, streams, clocks and facts of the machine. */

export type { FileStatus, FileSystemSpace, Host, HostClock, HostFiles, HostSystem } from "./host.ts";
export { HostError } from "./host.ts";
export { nodeHost } from "./node.ts";
