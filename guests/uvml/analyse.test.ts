import assert from "node:assert/strict";
import { test } from "node:test";
import { Analyser, type Macros } from "./analyse.ts";
import { columnOf, type Datum, LanguageError, type Local, lineOf, type TopLevel } from "./ast.ts";
import { readAll } from "./reader.ts";
import { printSyntax, Source, SourceError } from "./syntax.ts";

/** Macros of the host: (twice x) -> (begin x x), (endless) -> (endless), and the like. */
const TABLE: Readonly<Record<string, (operands: readonly Datum[]) => Datum>> = {
  twice: ([x]) => list(symbol("begin"), x!, x!),
  endless: () => list(symbol("endless")),
  begins: () => list(symbol("begin"), list(symbol("begins"))),
  widens: ([n]) => {
    const next = (n as Extract<Datum, { readonly kind: "int" }>).value + 1000n;
    const items = Array.from({ length: 1000 }, (_, index) => integer(next + BigInt(index)));
    return list(symbol("begin"), ...items, list(symbol("widens"), integer(next)));
  },
  "let-a": ([x]) => list(symbol("let"), list(list(symbol("a"), integer(1n))), x!),
  defines: ([name]) => list(symbol("define"), name!, integer(7n)),
  bad: () => list(symbol("if")),
};
const symbol = (name: string): Datum => ({ kind: "symbol", name });
const integer = (value: bigint): Datum => ({ kind: "int", value, suffix: null });
const list = (...items: Datum[]): Datum => ({ kind: "list", items });

const macros: Macros<string, number> = {
  has: (name) => Object.hasOwn(TABLE, name),
  *expand(name, operands) {
    assert.equal(yield name, 42);
    return TABLE[name]!(operands);
  },
};

function analyse(text: string): TopLevel[] {
  const analyser = new Analyser(macros);
  const forms = readAll(new Source("a.l", text)).reverse();
  const found: TopLevel[] = [];
  for (let form = forms.pop(); form !== undefined; form = forms.pop()) {
    const steps = analyser.analyse(form);
    let step = steps.next(42);
    while (step.done !== true) step = steps.next(42);
    if (step.value.kind === "forms") forms.push(...step.value.forms.toReversed());
    else found.push(step.value);
  }
  return found;
}

/** The trees as lists, without positions; locals by name, `!` if assigned, `^` if captured. */
function shown(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(shown);
  if (typeof part === "bigint") return Number(part);
  if (typeof part !== "object" || part === null) return part;
  if ("captured" in part) {
    const { name, assigned, captured } = part as Local;
    return `${name}${assigned ? "!" : ""}${captured ? "^" : ""}`;
  }
  const { pos: _pos, file: _file, kind, ...others } = part as Record<string, unknown>;
  const values = Object.values(others).map(shown);
  return kind === undefined ? values : values.length === 0 ? kind : [kind, ...values];
}

const expressions = (text: string): unknown[] =>
  analyse(text).map((form) => (form.kind === "expression" ? shown(form.value) : shown(form)));

function same(text: string, ...wanted: unknown[]): void {
  assert.deepEqual(expressions(text), wanted, text);
}

test("forms become trees", () => {
  same(
    '1i8 2.5 #t #\\a "s" x ()',
    ["int", 1, "i8"],
    ["float", 2.5, null],
    ["bool", true],
    ["char", 97],
    ["string", "s"],
    ["global", "x"],
    "nil",
  );
  same("(if a b) nan", ["if", ["global", "a"], ["global", "b"], "unit"], ["float", Number.NaN, null]);
  same("(cond (a 1) (else 2))", ["if", ["global", "a"], ["int", 1, null], ["int", 2, null]]);
  same(
    "(and a b) (or) (or a b)",
    ["if", ["global", "a"], ["global", "b"], ["bool", false]],
    ["bool", false],
    ["if", ["global", "a"], ["bool", true], ["global", "b"]],
  );
  same("(when a b c)", [
    "if",
    ["global", "a"],
    [
      "begin",
      [
        ["global", "b"],
        ["global", "c"],
      ],
    ],
    "unit",
  ]);
  same("(let ((x 1) (y i64 x)) y)", [
    "let",
    [
      ["x", null, ["int", 1, null]],
      ["y", ["i64", []], ["local", "x"]],
    ],
    ["local", "y"],
  ]);
  same(
    "(.x p) (set! (.x p) 1) (set! (aref a 0) 1) (set! g 1)",
    ["field", "x", ["global", "p"]],
    ["set-field", "x", ["global", "p"], ["int", 1, null]],
    ["set-element", ["global", "a"], ["int", 0, null], ["int", 1, null]],
    ["set-global", "g", ["int", 1, null]],
  );
  same(
    "(the i32 x) (as (list any) x) (is? x T)",
    ["the", ["i32", []], ["global", "x"]],
    ["as", ["list", [["any", []]]], ["global", "x"]],
    ["is", ["T", []], ["global", "x"]],
  );
  same("(for (i 0 n) i)", ["for", "i", ["int", 0, null], ["global", "n"], null, ["local", "i"]]);
  same("(try a (catch (e error) e) (finally b))", [
    "try",
    ["global", "a"],
    [["e", ["error", []], ["local", "e"]]],
    ["global", "b"],
  ]);
  same(
    "(stack p 1) ((f) 2) (list) '() 'a",
    ["new", "stack", "p", [["int", 1, null]]],
    ["call-value", ["call", "f", []], [["int", 2, null]]],
    "nil",
    "nil",
    ["quote", ["symbol", "a"]],
  );
});

test("top level", () => {
  same("(define (f a (b i32)) -> bool a)", [
    "define-function",
    "f",
    [
      "f",
      [
        ["a", null],
        ["b", ["i32", []]],
      ],
      ["bool", []],
      ["local", "a"],
      [],
    ],
  ]);
  same(
    "(define x 1) (define y i64 1)",
    ["define", "x", null, ["int", 1, null]],
    ["define", "y", ["i64", []], ["int", 1, null]],
  );
  same("(defstruct p (x f64))", ["define-struct", "p", [["x", ["f64", []]]]]);
  same("(defmethod (area (s p)) 1)", [
    "define-method",
    "area",
    ["area", [["s", ["p", []]]], null, ["int", 1, null], []],
  ]);
  same("(add-field p z f64 1.0)", ["add-field", "p", ["z", ["f64", []]], ["float", 1, null]]);
  same('(require "a.l") (disassemble f)', ["require", "a.l"], ["disassemble", "f"]);
  same("(defmacro (m a . r) a)", [
    "define-macro",
    "m",
    true,
    [
      "m",
      [
        ["a", ["any", []]],
        ["r", ["list", [["any", []]]]],
      ],
      ["any", []],
      ["call", "any", [["local", "a"]]],
      [],
    ],
  ]);
});

test("the branches of a macro are any", () => {
  const [form] = analyse("(defmacro (m a) (let ((b 1)) (twice 1) (if a b 'x)))");
  assert.ok(form?.kind === "define-macro");
  const any = (x: unknown): unknown => ["call", "any", [x]];
  assert.deepEqual(shown(form.fn.body), [
    "let",
    [["b", null, ["int", 1, null]]],
    [
      "begin",
      [
        ["int", 1, null],
        ["int", 1, null],
        ["if", ["local", "a"], any(["local", "b"]), any(["quote", ["symbol", "x"]])],
      ],
    ],
  ]);
});

test("scopes: shadowing, captures, assignment", () => {
  same("(lambda (x) (lambda () (set! x 1)))", [
    "lambda",
    [
      "lambda",
      [["x!^", null]],
      null,
      ["lambda", ["lambda", [], null, ["set-local", "x!^", ["int", 1, null]], ["x!^"]]],
      [],
    ],
  ]);
  same("(let ((list 1)) (list list))", [
    "let",
    [["list", null, ["int", 1, null]]],
    ["call-value", ["local", "list"], [["local", "list"]]],
  ]);
  // The label of a loop that only jumps captures nothing.
  same("(let ((n 1)) (let go ((i 0)) (if n (go i) i)))", [
    "let",
    [["n", null, ["int", 1, null]]],
    [
      "loop",
      "go",
      [
        "go",
        [["i", null]],
        null,
        ["if", ["local", "n"], ["call-value", ["local", "go"], [["local", "i"]]], ["local", "i"]],
        ["n"],
      ],
      [["int", 0, null]],
    ],
  ]);
  const captured = (text: string): string => JSON.stringify(expressions(text)[0]);
  assert.match(captured("(let ((n 1)) (let go ((i 0)) (+ n (go i))))"), /"n\^"/);
  assert.match(captured("(let ((n 1)) (let go ((i 0)) (begin n go)))"), /"n\^"/);
  assert.match(captured("(let ((n 1)) (let a () (let b () (if n (a) (b)))))"), /\["n",null/);
  assert.match(captured("(let ((n 1)) (let a () (+ 1 (let b () (if n (a) (b))))))"), /"n\^"/);
  assert.match(captured("(let ((n 1)) (let a () (+ 1 (let b () (if n 0 (b))))))"), /\["n",null/);
});

test("definitions in bodies", () => {
  same("(lambda () (define x 1) x)", [
    "lambda",
    ["lambda", [], null, ["let", [["x", null, ["int", 1, null]]], ["local", "x"]], []],
  ]);
  same("(lambda () (define (e) (o)) (define (o) (e)) (e))", [
    "lambda",
    [
      "lambda",
      [],
      null,
      [
        "letrec",
        [
          ["e^", ["lambda", ["e", [], null, ["call-value", ["local", "o^"], []], ["o^"]]]],
          ["o^", ["lambda", ["o", [], null, ["call-value", ["local", "e^"], []], ["e^"]]]],
        ],
        ["call-value", ["local", "e^"], []],
      ],
      [],
    ],
  ]);
});

test("macros fill holes, in the scope of the hole", () => {
  same("(twice 5)", [
    "begin",
    [
      ["int", 5, null],
      ["int", 5, null],
    ],
  ]);
  same("(f (twice 5))", [
    "call",
    "f",
    [
      [
        "begin",
        [
          ["int", 5, null],
          ["int", 5, null],
        ],
      ],
    ],
  ]);
  same("(lambda (a) (+ (let-a a) 1))", [
    "lambda",
    [
      "lambda",
      [["a", null]],
      null,
      [
        "call",
        "+",
        [
          ["begin", [["let", [["a", null, ["int", 1, null]]], ["local", "a"]]]],
          ["int", 1, null],
        ],
      ],
      [],
    ],
  ]);
  same("(lambda () (defines x) x)", [
    "lambda",
    ["lambda", [], null, ["begin", [["let", [["x", null, ["int", 7, null]]], ["local", "x"]]]], []],
  ]);
  same("(lambda (twice) (twice 1))", [
    "lambda",
    ["lambda", [["twice", null]], null, ["call-value", ["local", "twice"], [["int", 1, null]]], []],
  ]);
  same(
    "(begin (defines x) (twice x))",
    ["define", "x", null, ["int", 7, null]],
    [
      "begin",
      [
        ["global", "x"],
        ["global", "x"],
      ],
    ],
  );
});

test("code from a macro stands where the user wrote it, or at the call", () => {
  const [form] = analyse("\n (twice\n   (f y))");
  assert.ok(form?.kind === "expression" && form.value.kind === "begin");
  const [call] = form.value.body;
  assert.deepEqual([lineOf(form.value.pos), columnOf(form.value.pos)], [2, 2]);
  assert.deepEqual([lineOf(call!.pos), columnOf(call!.pos)], [3, 4]);
});

test("quasiquote", () => {
  same(
    "`x `5 `(a b)",
    ["call", "any", [["quote", ["symbol", "x"]]]],
    ["quote", ["int", 5, null]],
    [
      "quote",
      [
        "list",
        [
          ["symbol", "a"],
          ["symbol", "b"],
        ],
      ],
    ],
  );
  const any = (x: unknown): unknown => ["call", "any", [x]];
  const type = ["list", [["any", []]]];
  const a = any(["quote", ["symbol", "a"]]);
  same("`,x", any(["global", "x"]));
  same("`(a ,x)", any(["the", type, ["list-of", [a, any(["global", "x"])]]]));
  same(
    "`(a ,@x)",
    any([
      "call",
      "%append",
      [
        ["the", type, ["list-of", [a]]],
        ["as", type, any(["global", "x"])],
      ],
    ]),
  );
  same(
    "`(a . ,x)",
    any([
      "call",
      "%append",
      [
        ["the", type, ["list-of", [a]]],
        ["as", type, any(["global", "x"])],
      ],
    ]),
  );
  assert.match(JSON.stringify(expressions("``(a ,(b ,x))")), /"unquote".*"global","x"/);
});

test("what is wrong is said with its place", () => {
  const cases: readonly [text: string, message: string][] = [
    ["(if)", "1:1: error: if takes 2 or 3 forms, got 0"],
    ["(if 1 2 3 4)", "1:1: error: if takes 2 or 3 forms, got 4"],
    ["(f (while))", "1:4: error: while takes at least 1 form, got 0"],
    ["(the i32)", "1:1: error: the takes 2 forms, got 1"],
    ["(raise)", "1:1: error: raise takes 1 form, got 0"],
    ["(add-field a b)", "1:1: error: add-field takes 3 or 4 forms, got 2"],
    ["(f . x)", "1:1: error: a dotted list is no expression"],
    ["(5 1)", "1:2: error: 5 is no function"],
    ["(cond (1))", "1:7: error: expected a clause (test form …) or (else form …)"],
    ["(cond (else 1) (a 2))", "1:7: error: else is the last clause"],
    ["(let (x 1) x)", "1:7: error: expected (name value) or (name type value), found x"],
    ["(let ((x 1)))", "1:1: error: let has no body"],
    ["(let ((5 1)) 1)", "1:8: error: expected a name, found 5"],
    ["(let ((if 1)) 1)", "1:8: error: if is a word of the language and cannot be bound"],
    ["(let ((.x 1)) 1)", "1:8: error: names do not begin with a dot: .x"],
    ["(set! 5 1)", "1:7: error: set! takes a variable, (.field object) or (aref array index), not 5"],
    ["(set! (f x) 1)", "1:7: error: set! takes a variable, (.field object) or (aref array index), not (f x)"],
    ["(for (i 1) 2)", "1:6: error: expected (name from to) or (name from to step) after for"],
    ["(lambda x x)", "1:9: error: expected a list of parameters"],
    ["(lambda (x x) x)", "1:12: error: there are two parameters x"],
    ["(lambda ((x i32 4)) x)", "1:10: error: expected a parameter: x or (x T)"],
    ["(lambda (x . y) x)", "1:9: error: only a macro takes a rest parameter"],
    ["(lambda (x) -> i32)", "1:1: error: lambda has no body"],
    ["(try 1)", "1:1: error: try has neither catch nor finally"],
    ["(try (catch (e) 1))", "1:1: error: try has no body"],
    ["(try 1 (catch e 1))", "1:15: error: expected (name) or (name type) after catch"],
    ["(try 1 (finally 2) (catch (e) 1))", "1:20: error: finally is the last clause"],
    ["(try 1 (catch (e) 1) 5)", "1:22: error: expected (catch (name [type]) form …) or (finally form …)"],
    ["(.x)", "1:1: error: .x takes 1 form, got 0"],
    [".x", "1:1: error: .x reads a field: (.x object)"],
    ["(f if)", "1:4: error: if is a form of the language, no value"],
    ["(f twice)", "1:4: error: twice is a macro, no value"],
    ["`,@x", "1:2: error: ,@ stands only inside a list"],
    [",x", "1:1: error: unquote stands only inside a quasiquote"],
    ["'(a . b)", "1:2: error: lists end with (): a dotted list is no data"],
    ["`(a . b)", "1:2: error: lists end with (): a dotted list is no data"],
    ["(twice (a . b))", "1:8: error: lists end with (): a dotted list is no data"],
    ["(f (define x 1))", "1:4: error: define stands only at the top level"],
    ["(define (f) (define x 1))", "1:13: error: a body cannot end with a definition"],
    ["(define x)", "1:1: error: define takes 2 or 3 forms, got 1"],
    ["(define (f))", "1:1: error: f has no body"],
    ["(lambda (x))", "1:1: error: lambda has no body"],
    ["(try 1 (finally))", "1:8: error: finally has no body"],
    ["(let go)", "1:1: error: a named let has ((name value) …) after its name"],
    ["(define x 1 2 3)", "1:1: error: define takes 2 or 3 forms, got 4"],
    ["(define if 1)", "1:9: error: if is a word of the language and cannot be bound"],
    ["(define (list) 1)", "1:10: error: list is a form of the language and cannot be defined"],
    ["(define nan 1)", "1:9: error: nan is a word of the language and cannot be bound"],
    ["(define ((f) x) 1)", "1:10: error: expected a name, found (f)"],
    ["(define () 1)", "1:9: error: expected (name parameter …) after the keyword"],
    [
      "(defmethod (area s) 1)",
      "1:18: error: the first parameter of a method has the type of its structure: (name structure)",
    ],
    ["(defmacro (m (a i32)) 1)", "1:14: error: parameters of a macro have no types: they are any"],
    ["(defmacro (m a) -> i32 1)", "1:20: error: the result of a macro is any, not i32"],
    ["(defstruct p x)", "1:14: error: expected a field (name type), found x"],
    ["(defstruct p (x i32) (x i32))", "1:22: error: there are two fields x"],
    ["(require x)", "1:10: error: require takes the path of a file as a string"],
    ["(the 5 x)", "1:6: error: expected a type, found 5"],
    ["(the (-> a b) x)", "1:6: error: expected a type (-> (A B) R), found (-> a b)"],
    ["(f (bad))", "1:4: error: if takes 2 or 3 forms, got 0 (in what the macro bad made)"],
    ["(endless)", "1:1: error: the expansion of endless does not end"],
    ["(f (endless))", "1:4: error: the expansion of endless does not end"],
    ["(begins)", "1:1: error: the expansion of begins does not end"],
    ["(widens 1)", "1:1: error: the expansion of widens is too large"],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => analyse(text),
      (error) => {
        assert.ok(error instanceof LanguageError, String((error as Error).stack));
        assert.equal(error.message, `a.l:${message}`, text);
        return true;
      },
    );
  }
});

test("nesting has a limit, and the size of a program none", () => {
  const nested = (depth: number): string => "(f ".repeat(depth) + "1" + ")".repeat(depth);
  assert.equal(analyse(nested(999)).length, 1);
  const inner = nested(999);
  assert.throws(() => analyse(`(let-a (let-a ${inner.slice(3, -1)}))`), SourceError);
  assert.equal(analyse(`(begin ${"(twice 1)".repeat(3000)})`).length, 3000);
  assert.equal(analyse(`(lambda () ${"(twice 1)".repeat(3000)} 1)`).length, 1);
  assert.equal(printSyntax(readAll(new Source("a.l", nested(3)))[0]!), "(f (f (f 1)))");
});
