/** The door of J3 for programs: a Java virtual machine in this process. */

export type { J3Command, J3Options } from "./launch.ts";
export { startJ3 } from "./launch.ts";
