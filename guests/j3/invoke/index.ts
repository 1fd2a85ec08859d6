/** The door of method-handle linkage. */
import type { Cell, CellValue, Context, Steps } from "../link/index.ts";
import { throwing } from "../link/index.ts";
import type { J3 } from "../vm/j3.ts";

/** Links a "polymorphic", "dynamic" or "constant" cell. */
// biome-ignore lint/correctness/useYield: linkage runs guest code
export function* linkInvocation(_j: J3, _context: Context, cell: Cell): Steps<CellValue> {
  throw throwing("InternalError", `not implemented: linkage of ${cell.kind} call sites`);
}
