/**
 * Instructions that only move operands: opcodes 87 to 95. JVMS §6.5. "Wide" are values of category 2 (§2.11.1).
 */
import type { Translation } from "./translation.ts";

/** pop ... swap. */
export function stackOperation(t: Translation, opcode: number): void {
  switch (opcode) {
    case 87: // pop
      t.popNarrow();
      return;
    case 88: // pop2
      if (!t.isWide(t.popAny())) t.popNarrow();
      return;
    case 89: {
      // dup
      const a = t.popNarrow();
      t.push(a);
      t.push(a);
      return;
    }
    case 90: {
      // dup_x1
      const a = t.popNarrow();
      const b = t.popNarrow();
      t.push(a);
      t.push(b);
      t.push(a);
      return;
    }
    case 91: {
      // dup_x2
      const a = t.popNarrow();
      const b = t.popAny();
      const c = t.isWide(b) ? null : t.popNarrow();
      t.push(a);
      if (c !== null) t.push(c);
      t.push(b);
      t.push(a);
      return;
    }
    case 92: {
      // dup2
      const a = t.popAny();
      const b = t.isWide(a) ? null : t.popNarrow();
      for (let i = 0; i < 2; i++) {
        if (b !== null) t.push(b);
        t.push(a);
      }
      return;
    }
    case 93: {
      // dup2_x1
      const a = t.popAny();
      const b = t.isWide(a) ? null : t.popNarrow();
      const c = t.popNarrow();
      if (b !== null) t.push(b);
      t.push(a);
      t.push(c);
      if (b !== null) t.push(b);
      t.push(a);
      return;
    }
    case 94: {
      // dup2_x2
      const a = t.popAny();
      const b = t.isWide(a) ? null : t.popNarrow();
      const c = t.popAny();
      const d = t.isWide(c) ? null : t.popNarrow();
      if (b !== null) t.push(b);
      t.push(a);
      if (d !== null) t.push(d);
      t.push(c);
      if (b !== null) t.push(b);
      t.push(a);
      return;
    }
    case 95: {
      // swap
      const a = t.popNarrow();
      const b = t.popNarrow();
      t.push(a);
      t.push(b);
      return;
    }
    default:
      t.fail("Bad instruction");
  }
}
