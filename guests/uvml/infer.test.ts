/** Types of small programs, errors, and what redefinitions drop. Every function that code could call is made and verified. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Func, type Signature, verify } from "#ir";
import type { GuestVm } from "#vm";
import { Analyser } from "./analyse.ts";
import { LanguageError, type TopLevel } from "./ast.ts";
import { Compiler } from "./compiler.ts";
import type { UvmlStart } from "./driver-types.ts";
import { Records } from "./layout.ts";
import { readAll } from "./reader.ts";
import type { Runtime } from "./runtime-types.ts";
import { Source } from "./syntax.ts";

interface Slot {
  readonly signature: Signature;
  readonly id: number;
  readonly body: (id: number, slot: number) => Func;
}

/** A compiler whose slots are only looked at. */
class Bench {
  readonly slots: (Slot | undefined)[] = [undefined];
  readonly made = new Set<number>();
  readonly redefined = new Set<number>();
  readonly compiler: Compiler;
  #address = 4096;

  constructor() {
    const address = () => (this.#address += 8);
    const code = {
      allocate: (signature: Signature, id: number, body: Slot["body"]) => this.slots.push({ signature, id, body }) - 1,
      redefine: (slots: Iterable<readonly [number]>) => {
        for (const [slot] of slots) {
          this.redefined.add(slot);
          this.made.delete(slot);
        }
      },
    };
    const callHost: GuestVm["callHost"] = (b, host, args) => b.callhost(host, args);
    const vm = { code, callHost, allocateImmortal: address, mem: { setWord() {} } } as unknown as GuestVm<UvmlStart>;
    const runtime: Runtime = {
      vm,
      records: new Records({ defineRecord: address }),
      string: address,
      symbol: address,
      quoted: address,
      word: address,
      helper: address,
    };
    this.compiler = new Compiler(runtime);
  }

  /** Compiles the forms and all functions they lead to; the type of the last expression. */
  run(text: string): string {
    let type = "";
    for (const form of analysed(text)) type = this.compiler.compile(form)?.type ?? type;
    this.make();
    return type;
  }

  make(): void {
    for (let number = 1; number < this.slots.length; number++) {
      if (this.made.has(number)) continue;
      this.made.add(number);
      const { signature, id, body } = this.slots[number]!;
      const func = body(id, number);
      assert.equal(func.signature.key, signature.key);
      verify(func);
    }
  }
}

function* analysed(text: string): Generator<TopLevel> {
  const analyser = new Analyser({ has: () => false, expand: () => assert.fail("no macros here") });
  for (const form of readAll(new Source("t.l", text))) {
    const { value } = analyser.analyse(form).next(undefined as never);
    if (value == null || !("kind" in (value as object)) || (value as { kind: string }).kind === "forms")
      assert.fail("no form");
    yield value as TopLevel;
  }
}

const PRELUDE = `
(defstruct error (kind symbol) (message string) (where string))
(defstruct point (x f64) (y f64))
(defstruct node (left node) (right node))
(define (map f l) (if (null? l) () (cons (f (car l)) (map f (cdr l)))))
(define (fold f start l) (let ((v start) (at l)) (while (not (null? at)) (set! v (f v (car at))) (set! at (cdr at))) v))
(define (compose f g) (lambda (x) (f (g x))))
(define (inc x) (+ x 1))
`;

/** [program, type of its last expression] */
const TYPES: readonly (readonly [string, string])[] = [
  ["42", "i32"],
  ["3000000000", "i64"],
  ["200u8", "u8"],
  ["(+ 1 2.5)", "f64"],
  ["(+ 1 2i64 3)", "i64"],
  ["(* 2 (the f32 1))", "f32"],
  ['(define (f x) x) (f 1) (f "a") (f #\\a)', "char"],
  ["(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (fib 10i64)", "i64"],
  ["(define (down n) (if (= n 0) () (cons n (down (- n 1))))) (down 3)", "(list i32)"],
  ["(define (e n) (if (= n 0) #t (o (- n 1)))) (define (o n) (if (= n 0) #f (e (- n 1)))) (e 9)", "bool"],
  ["(define (a n) (if (= n 0) (b n) (a (- n 1)))) (define (b n) (if (= n 1) (a n) 2.5)) (a 1)", "f64"],
  ["(define (forever x) (forever x)) (forever 1)", "unit"],
  ["(map (lambda (x) (* x 2)) (list 1.5))", "(list f64)"],
  ["(map inc (list 1i64))", "(list i64)"],
  ["(define (f l) (let ((out ())) (set! out (cons (car l) out)) out)) (define (g l) (f l)) (g (list 1))", "(list i32)"],
  ["(map (lambda (p) (.x p)) (list (new point 1 2)))", "(list f64)"],
  ["(fold + 0 (list 1.5 2))", "f64"],
  ['(fold (lambda (n s) (+ n (string-length s))) 0 (list "a"))', "i32"],
  ['(fold string-append "" (list "a"))', "string"],
  ["((compose inc inc) 5)", "i32"],
  ['((compose (lambda (s) (str s "!")) (lambda (n) (+ n 0.5))) 3)', "string"],
  ["(let ((f (compose inc (lambda (n) (* n 2))))) (f 3u8))", "u8"],
  ["(let ((x 0)) (set! x 5i64) x)", "i64"],
  ["(let ((l ())) (set! l (cons 1.5 l)) l)", "(list f64)"],
  ["(cons 'a ())", "(list symbol)"],
  ["(cons 1 '(2))", "any"],
  ["(car '(1))", "any"],
  ["(list)", "any"],
  ["(let loop ((i 0) (s 0.0)) (if (< i 9) (loop (+ i 1) (+ s 1)) s))", "f64"],
  ["(let loop ((i 0)) (if (< i 9) (cons i (loop (+ i 1))) ()))", "(list i32)"],
  ["(let ((n 0)) (lambda () (set! n (+ n 1)) n))", "(-> () i32)"],
  ["(try (raise 1) (catch (e i32) e) (catch (e) 2))", "i32"],
  ["(try 1 (finally 2.5))", "i32"],
  ["(if #t 1 (raise 'bad))", "i32"],
  ['(if #t 1 (error "no" 2))', "i32"],
  ["(when #t 1)", "unit"],
  ["(try (+ 1 2) (catch (e) (println e)))", "unit"],
  ['(begin (if #t 1 "a") 2)', "i32"],
  ["(new node () (new node () ()))", "node"],
  ["(.x (malloc point 1 2))", "f64"],
  ["(let ((p (stack point 1 2))) (set! (.x p) 3) (.x p))", "f64"],
  [
    "(let ((p (stack point 1 2))) (let loop ((i 0)) (if (< i 9) (begin (set! (.x p) 3) (loop (+ i 1))) (.x p))))",
    "f64",
  ],
  ["(define (len p) (.x p)) (+ (len (new point 1 2)) (len (stack point 1 2)) (len (malloc point 1 2)))", "f64"],
  ["(let ((a (array (array u8) 3))) (set! (aref a 0) (array u8 2)) (aref (aref a 0) 1))", "u8"],
  ["(array-of 1 2.5)", "(array f64)"],
  ["(join (spawn (lambda () 2.5)))", "f64"],
  ["(as (list i32) (any (list 1)))", "(list i32)"],
  ["(is? (any 3) i32)", "bool"],
  ["(defmethod (area (p point)) (* (.x p) (.y p))) (area (new point 1 2))", "f64"],
  ["(defmethod (area (p point)) 1.5) (defmethod (area (n node)) 2.5) (area (any (new node () ())))", "f64"],
  ["(add-field point z i32 7) (.z (new point 1 2))", "i32"],
  ["(define (f (x i64)) -> f64 (f64 x)) (f 3)", "f64"],
  ["(define (f x) -> unit x) (f 3)", "unit"],
  ["(define g 1.5) (set! g 2) g", "f64"],
  ["(define f (lambda (x) (+ x 1))) (f 2)", "i32"],
  ["(let () (define (f n) (if (= n 0) 0 (g (- n 1)))) (define (g n) (f n)) (f 3))", "i32"],
  ["(let ((k 2)) (for (i 0 5) (set! k (+ k i))) k)", "i32"],
  ["(>> (<< 1u64 40) 3i32)", "u64"],
  ["(i8 300)", "i8"],
  ["(eq? (list 1) (list 1))", "bool"],
  ['(println 1 2.5 #t "x" \'a (list 1))', "unit"],
];

for (const [program, type] of TYPES) {
  test(`${program} is ${type}`, () => {
    const bench = new Bench();
    bench.run(PRELUDE);
    assert.equal(bench.run(program), type);
  });
}

/** [program, error]: the place is that of `t.l`, a line of its own. */
const ERRORS: readonly (readonly [string, string])[] = [
  ['(+ 1 "a")', "t.l:1:6: error: type clash: string here, but a number at t.l:1:4"],
  [
    "(define (f s) (string-length s))\n(f 3)",
    "t.l:1:30: error: type clash: i32 here, but string is wanted\nt.l:2:1: note: in f (i32), called here",
  ],
  [
    '(define (f x) (+ x 1))\n(define (g x) (f x))\n(g "a")',
    "t.l:1:18: error: type clash: string here, but a number is wanted\nt.l:2:15: note: in f (string), called here\nt.l:3:1: note: in g (string), called here",
  ],
  ["(if 1 2 3)", "t.l:1:5: error: type clash: a number here, but bool is wanted"],
  ['(list (if #t 1 "a"))', "t.l:1:16: error: type clash: string here, but a number at t.l:1:14"],
  ["(nothing 1)", "t.l:1:1: error: there is no function nothing"],
  ["nothing", "t.l:1:1: error: there is no variable or function nothing"],
  ["(define (f x) x)\n(f 1 2)", "t.l:2:1: error: f takes 1 argument, not 2"],
  ["(the u8 300)", "t.l:1:9: error: type clash: a number here, but u8 at t.l:1:1: 300 does not fit u8"],
  ["(define (f x) (lambda () (f x)))\n(f 1)", "the type would contain itself"],
  ["(lambda (f) (f f))", "the type would contain itself"],
  ["(define (f x) (f (list x)))\n(f 1)", "without end"],
  [
    `(let ((f0 1) ${Array.from({ length: 30 }, (_, n) => `(f${n + 1} (lambda (x y) (set! x f${n}) (set! y f${n}) f${n}))`).join(" ")}) f30)`,
    "the type is too large",
  ],
  ["(.q (new point 1 2))", "t.l:1:1: error: point has no field q"],
  ["(.x 3)", "t.l:1:1: error: a number has no field x"],
  [
    "(define (f) (stack point 1 2))\n(f)",
    "t.l:1:13: error: (local point) cannot leave the function whose frame it lives in",
  ],
  ["(let ((p (stack point 1 2))) (lambda () (.x p)))", "p lives in a frame and cannot be captured"],
  [
    "(let ((p (stack point 1 2))) (let loop ((i 0)) (if (< i 9) (+ (loop (+ i 1)) (.x p)) 0.0)))",
    "p lives in a frame and cannot be captured",
  ],
  ["(list (stack point 1 2))", "a structure in a frame cannot be put anywhere"],
  ["(raise (stack point 1 2))", "lives in a frame and cannot be any"],
  ["(define g (stack point 1 2))", "cannot leave the function"],
  ["(malloc node () ())", "node cannot be malloc'd"],
  ["(= (list 1) (list 1))", "= compares numbers"],
  ["(null? 3)", "null? is for what can be null, not i32"],
  ['(i32 "3")', "t.l:1:6: error: i32 converts numbers, characters and booleans, not string"],
  ["(lambda (x) (.nofield x))", "nothing says of what type this is"],
  ["(defstruct s (p (local point)))", "a field cannot be a (local point)"],
  ["(new point 1)", "point takes 2 arguments, not 1"],
  ["(set! nothing 1)", "there is no global variable nothing"],
  ["(the (list) ())", "(list T) expected"],
  ["(the what 1)", "there is no type what"],
];

for (const [program, message] of ERRORS) {
  test(`${program} is wrong`, () => {
    const bench = new Bench();
    bench.run(PRELUDE);
    assert.throws(
      () => bench.run(program),
      (error) => {
        assert(error instanceof LanguageError, String(error));
        assert(error.message.includes(message), error.message);
        return true;
      },
    );
    assert.equal(bench.run("(map inc (list 1))"), "(list i32)", "the compiler goes on after an error");
  });
}

test("a function defined anew with the same types leaves its callers alone", () => {
  const bench = new Bench();
  bench.run("(define (f x) (+ x 1)) (define (g x) (f x)) (g 1)");
  bench.run("(define (f x) (+ x 2))");
  assert.equal(bench.redefined.size, 1);
  bench.run("(define (f x) (str x))");
  assert.equal(bench.redefined.size, 2);
  assert.equal(bench.run("(g 1)"), "string");
});

test("other types of a global variable drop the functions that use it", () => {
  const bench = new Bench();
  bench.run("(define v 1) (define (f) v) (define (g) (f)) (g)");
  bench.run("(define v 2)");
  assert.equal(bench.redefined.size, 0);
  bench.run("(define v 2.5)");
  assert.equal(bench.redefined.size, 2);
  assert.equal(bench.run("(g)"), "f64");
});

test("a structure defined anew drops what names it", () => {
  const bench = new Bench();
  bench.run(
    "(defstruct p (x i32)) (define (f) (the (list p) ())) (define (g v) (.x (as p v))) (f) (g (any (new p 1)))",
  );
  assert.equal(bench.redefined.size, 0);
  bench.run("(defstruct p (x f64))");
  assert.equal(bench.redefined.size, 2);
  assert.equal(bench.run("(f)"), "(list p'1)");
  assert.equal(bench.run("(g (any (new p 1)))"), "f64");
});

test("functions that take functions do not take exponential time", () => {
  const bench = new Bench();
  bench.run("(define (a0 f x) (f x))");
  for (let i = 1; i < 25; i++) bench.run(`(define (a${i} f x) (a${i - 1} f (a${i - 1} f x)))`);
  assert.equal(bench.run("(a24 (lambda (y) (+ y 1)) 1)"), "i32");
});

test("many calls that wait for literals do not take quadratic time", () => {
  const bench = new Bench();
  bench.run("(define (f x) x)");
  const start = performance.now();
  assert.equal(bench.run(`(begin ${"(f 1)".repeat(5000)} ${"(f 2.5)".repeat(5000)})`), "f64");
  assert(performance.now() - start < 5000);
});

test("disassemble shows types and code of each specialisation", () => {
  const bench = new Bench();
  bench.run("(define (f x) (let ((y (+ x 1))) (* y y))) (f 1) (f 1.5)");
  const text = bench.compiler.disassemble({ kind: "disassemble", pos: 1025, file: "t.l", name: "f" });
  assert.match(text, /\(f \(x i32\)\) -> i32\n {2}y: i32\nfunc/);
  assert.match(text, /\(f \(x f64\)\) -> f64\n {2}y: f64\nfunc/);
});
