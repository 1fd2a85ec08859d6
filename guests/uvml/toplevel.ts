/** The forms that stand only at the top level: definitions, and what is told to the machine. */
import type { Analysis } from "./analyse.ts";
import type { FieldSyntax, Node, Param, TopLevel, TypeSyntax } from "./ast.ts";
import { checkCount, choose, FORMS, TOP_LEVEL_FORMS } from "./forms.ts";
import { Context, Scope } from "./scope.ts";
import { type ListSyntax, posOf, printSyntax, type Syntax } from "./syntax.ts";
import { typeSyntax } from "./type-syntax.ts";

export function topLevel(analysis: Analysis, form: Syntax): TopLevel {
  const pos = posOf(form.at);
  const file = form.at.source.name;
  const scope = new Scope(new Context());
  const head = form.kind === "list" ? form.items[0] : undefined;
  const word = head?.kind === "symbol" ? head.name : "";
  const count = TOP_LEVEL_FORMS.get(word);
  if (form.kind !== "list" || count === undefined) {
    return { kind: "expression", pos, file, value: analysis.expression(form, scope) };
  }
  if (form.tail !== undefined) analysis.fail(`a dotted list is no ${word}`, form);
  checkCount(analysis, form, word, count);
  const operand = form.items[1]!;
  switch (word) {
    case "define":
      if (operand.kind === "list") {
        const { name, params, body } = analysis.signature(form);
        const text = globalName(analysis, name);
        return { kind: "define-function", pos, name: text, fn: analysis.fn(text, form, params, body, scope) };
      }
      {
        const { name, type, value } = analysis.variable(form, scope);
        return { kind: "define", pos, file, name: globalName(analysis, name), type, value };
      }
    case "defmethod":
      return defineMethod(analysis, form, scope);
    case "defmacro":
      return defineMacro(analysis, form, scope);
    case "defstruct": {
      const fields = form.items.slice(2).map((item) => field(analysis, item));
      const names = fields.map(({ name }) => name);
      const twice = names.findIndex((name, index) => names.indexOf(name) < index);
      if (twice >= 0) analysis.fail(`there are two fields ${names[twice]}`, form.items[twice + 2]!);
      return { kind: "define-struct", pos, file, name: globalName(analysis, operand), fields };
    }
    case "add-field": {
      const [, struct, name, type, initial] = form.items as [Syntax, Syntax, Syntax, Syntax, Syntax?];
      const added = { pos: posOf(name.at), name: analysis.name(name), type: typeSyntax(type) };
      const value = initial === undefined ? null : analysis.expression(initial, scope);
      return { kind: "add-field", pos, file, struct: analysis.name(struct), field: added, initial: value };
    }
    case "require":
      if (operand.kind !== "string") analysis.fail("require takes the path of a file as a string", operand);
      return { kind: "require", pos, file, path: operand.value };
    default:
      if (operand.kind !== "symbol") analysis.fail("disassemble takes the name of a function", operand);
      return { kind: "disassemble", pos, file, name: operand.name };
  }
}

/** A name that can be defined: none that the language's own forms hide. */
function globalName(analysis: Analysis, form: Syntax): string {
  const name = analysis.name(form);
  if (FORMS.has(name)) analysis.fail(`${name} is a form of the language and cannot be defined`, form);
  return name;
}

function defineMethod(analysis: Analysis, form: ListSyntax, scope: Scope): TopLevel {
  const { name, params, body } = analysis.signature(form);
  const text = globalName(analysis, name);
  const fn = analysis.fn(text, form, params, body, scope);
  if (fn.params[0]?.type == null) {
    analysis.fail(
      "the first parameter of a method has the type of its structure: (name structure)",
      params.items[0] ?? params,
    );
  }
  return { kind: "define-method", pos: posOf(form.at), name: text, fn };
}

/** A macro is a function of data: `any`, and the rest a list of them. */
function defineMacro(analysis: Analysis, form: ListSyntax, scope: Scope): TopLevel {
  const pos = posOf(form.at);
  const { name, params, body } = analysis.signature(form);
  const text = globalName(analysis, name);
  const any: TypeSyntax = { pos, head: "any", args: [] };
  const rest = params.tail === undefined ? [] : [params.tail];
  const all = analysis.params({ ...params, items: [...params.items, ...rest], tail: undefined });
  const typed = all.map(({ local, type }, index): Param => {
    const item = params.items[index];
    if (type !== null) analysis.fail("parameters of a macro have no types: they are any", item ?? form);
    return { local, type: item === undefined ? { pos, head: "list", args: [any] } : any };
  });
  const fn = analysis.fnIn(text, form, typed, body, scope.inside(new Context(scope.context)));
  if (fn.result !== null) analysis.fail(`the result of a macro is any, not ${printSyntax(body[1]!)}`, body[1]!);
  return { kind: "define-macro", pos, name: text, rest: rest.length > 0, fn: { ...fn, result: any } };
}

/** The tree with every value that it may give made `any`: the branches of a macro may be of different types. */
export function anyValue(node: Node): Node {
  switch (node.kind) {
    case "if":
      return choose(node.pos, node.test, anyValue(node.then), anyValue(node.otherwise));
    case "begin":
      return { ...node, body: node.body.map((each, index) => (index < node.body.length - 1 ? each : anyValue(each))) };
    case "let":
    case "letrec":
      return { ...node, body: anyValue(node.body) };
    default:
      return { kind: "call", pos: node.pos, name: "any", args: [node] };
  }
}

function field(analysis: Analysis, form: Syntax): FieldSyntax {
  if (form.kind !== "list" || form.items.length !== 2 || form.tail !== undefined) {
    analysis.fail(`expected a field (name type), found ${printSyntax(form)}`, form);
  }
  return { pos: posOf(form.at), name: analysis.name(form.items[0]!), type: typeSyntax(form.items[1]!) };
}
