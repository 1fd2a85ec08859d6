/** Programs that no person writes: very deep, long, wide, or without end. The VM says what is too much, and where, and takes the next one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runEntries } from "./entries.ts";

/** Text for each number below a count. */
function each(count: number, text: (index: number) => string, separator = " "): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(separator);
}

function nested(count: number, before: string, inner: string, after = ")"): string {
  return before.repeat(count) + inner + after.repeat(count);
}

/** What is run, and a pattern of the error, or undefined if it is fine. */
const programs: Readonly<Record<string, readonly [text: string, error: RegExp | undefined]>> = {
  "100,000 parentheses": ["(".repeat(100_000), /:1:1001: error: nesting deeper than 1,000/],
  "100,000 parentheses that are closed": [nested(100_000, "(", "1"), /:1:1001: error: nesting deeper than 1,000/],
  "100,000 quotes": ["'".repeat(100_000), /:1:1001: error: nesting deeper than 1,000/],
  "nested operators": [`(assert (= 901 ${nested(900, "(+ 1 ", "1")}))`, undefined],
  "nested lets": [`(assert (= 1 ${nested(450, "(let ((x 1)) ", "x")}))`, undefined],
  "nested conditions": [`(assert (= 1 ${nested(900, "(if (= 1 2) 0 ", "1")}))`, undefined],
  "nested lambdas": [`(assert (= 5 ${nested(200, "((lambda () ", "5", "))")}))`, undefined],
  "nested handlers": [nested(150, "(try ", "(raise 5)", " (catch (e string) 1))"), /error: nobody caught 5/],
  "nested types": [`(the ${nested(900, "(list ", "i32")} ())`, undefined],
  "a long list": [`(assert (= 10000 (length (list ${each(10_000, String)}))))`, undefined],
  "much data": [`(assert (= 50000 (length '(${each(50_000, String)}))))`, undefined],
  "a long string": [`(assert (= 1000000 (string-length "${"x".repeat(1_000_000)}")))`, undefined],
  "a long body": [
    `(define (f x) ${each(5000, (i) => `(set! x (+ x ${i}))`, "\n")} x) (assert (= (f 1) 12497501))`,
    undefined,
  ],
  "many locals": [`(let (${each(2000, (i) => `(v${i} ${i})`)}) (assert (= v1999 1999)))`, undefined],
  "many fields": [
    `(defstruct wide ${each(2000, (i) => `(f${i} i32)`)}) (assert (= 1999 (.f1999 (new wide ${each(2000, String)}))))`,
    undefined,
  ],
  "many functions": [
    `${each(2000, (i) => `(define (f${i} x) (+ x ${i}))`, "\n")} (assert (= (f1999 1) 2000))`,
    undefined,
  ],
  "many arguments": [
    `(define (g ${each(300, (i) => `a${i}`)}) a299) (assert (= (g ${each(300, String)}) 299))`,
    undefined,
  ],
  "a chain of calls": [
    `${each(200, (i) => `(define (h${i} x) (h${i + 1} (+ x 1)))`)} (define (h200 x) x) (assert (= (h0 1) 201))`,
    undefined,
  ],
  "a chain of calls without end": [
    `${each(3000, (i) => `(define (k${i} x) (k${i + 1} (+ x 1)))`)} (define (k3000 x) x) (k0 1)`,
    /error: calls of k\d+ need specialisations without end/,
  ],
  "calls that double": [
    `(define (d0 x) x) ${each(60, (i) => `(define (d${i + 1} x) (+ (d${i} x) (d${i} x)))`)} (assert (= (d10 1) 1024)) (lambda () (d60 1))`,
    undefined,
  ],
  "types that grow": [
    "(define (grow x) (grow (list x))) (grow 1)",
    /:1:18: error: the types of grow's .* grow without/,
  ],
  "recursion without end": ["(define (forever n) (+ 1 (forever n))) (forever 1)", /:1:26: error: stack overflow/],
  "memory without end": [
    "(define (fill) (let ((l (list))) (while #t (set! l (cons (array i64 1000) l))) l)) (fill)",
    /:1:\d+: error: no memory/,
  ],
  "a text without end": ['(define b (builder)) (while #t (append! b "0123456789"))', /:1:\d+: error: no memory/],
  "a macro without end": ["(defmacro (m x) `(m (+ 1 ,x))) (m 1)", /:1:32: error: .*m/],
  "a macro that overflows": [
    "(define (r n) (+ 1 (r n))) (defmacro (o) (any (r 1))) (o)",
    /:1:55: error: .*stack overflow/,
  ],
  "a macro that grows": ["(defmacro (w . l) `(w ,@l ,@l)) (w 1)", /:1:33: error: .*w/],
  "a value that is deep": [
    "(define (nest n) (let ((x (any 1))) (for (i 0 n) (set! x (any (list x)))) x)) (assert (equal? (nest 500) (nest 500))) (str (nest 50000))",
    undefined,
  ],
  "values too deep to be compared": [
    "(define (nest n) (let ((x (any 1))) (for (i 0 n) (set! x (any (list x)))) x)) (equal? (nest 50000) (nest 50000))",
    /:1:79: error: the values are nested too deep/,
  ],
  "a value that contains itself": [
    "(defstruct ring (next any)) (define r (new ring (any 0))) (set! (.next r) (any r)) (str r) (assert (equal? (any r) (any r)))",
    undefined,
  ],
  "many threads": [
    "(for (i 0 20) (for-each (lambda (t) (join t)) (map (lambda (k) (spawn (lambda () k))) (list 1 2 3 4 5 6 7 8 9 10))))",
    undefined,
  ],
};

for (const interpret of [false, true]) {
  test(`very large programs${interpret ? ", interpreted" : ""}`, async (t) => {
    const names = Object.keys(programs);
    const entries = names.map((name, index) => ({ vm: "one", name: `e${index}`, text: programs[name]![0] }));
    const results = await runEntries({ entries, interpret, limit: 60_000 }, 300);
    for (const [index, name] of names.entries()) {
      await t.test(name, () => {
        const { how, stderr } = results[index]!;
        const error = programs[name]![1];
        assert.equal(how, error === undefined ? "ready" : "failed", stderr.slice(0, 2000));
        if (error !== undefined) assert.match(stderr.split("\n")[0]!, error);
        else assert.equal(stderr, "");
      });
    }
  });
}
