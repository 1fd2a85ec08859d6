/** Types as they are written. */
import type { TypeSyntax } from "./ast.ts";
import { posOf, printSyntax, SourceError, type Syntax } from "./syntax.ts";

/** A name; (constructor T …); or (-> (A B) R). Whether there is such a type is asked when types are inferred. */
export function typeSyntax(form: Syntax): TypeSyntax {
  const pos = posOf(form.at);
  if (form.kind === "symbol") return { pos, head: form.name, args: [] };
  const head = form.kind === "list" ? form.items[0] : undefined;
  if (form.kind !== "list" || form.tail !== undefined || head?.kind !== "symbol") {
    throw new SourceError(`expected a type, found ${printSyntax(form)}`, form.at);
  }
  const operands = form.items.slice(1);
  if (head.name !== "->") return { pos, head: head.name, args: operands.map(typeSyntax) };
  const [params, result] = operands;
  if (operands.length !== 2 || params?.kind !== "list" || params.tail !== undefined || result === undefined) {
    throw new SourceError(`expected a type (-> (A B) R), found ${printSyntax(form)}`, form.at);
  }
  return { pos, head: "->", args: [...params.items, result].map(typeSyntax) };
}
