/**
 * One process, three virtual machines at once: a µvm-l that is asked before, while and after a ToyVM draws and a J3 runs a program, and
 * another µvm-l that dies meanwhile. Prints what became of them as the last line.
 *
 *   node three.ts CLASSES MAIN
 */
import { Switches } from "#support";
import { startJ3 } from "../../guests/j3/index.ts";
import { sendEntry, startUvml } from "../../guests/uvml/index.ts";
import { reference, runToy } from "../guests/toy/run.ts";

const [classes = "", main = ""] = process.argv.slice(2);
const stress = { VM_STRESS: "gc:20", VM_CHECK: "1" };

/** Settles at the next `ready` of the µvm-l machine: whether the entry failed. */
let ready = Promise.withResolvers<boolean>();
const lisp = startUvml({
  program: { kind: "entries" },
  switches: Switches.parse(stress),
  ready: ({ failed }) => ready.resolve(failed),
});
async function ask(text: string): Promise<boolean> {
  ready = Promise.withResolvers();
  sendEntry(lisp, { kind: "entry", name: "three", text });
  return await ready.promise;
}

await ready.promise;
const failed = [
  await ask("(define (upto n) (if (= n 0) '() (cons n (upto (- n 1))))) (define kept (upto 200)) (length kept)"),
];

const running = new Set(["toy", "java", "dying"]);
const ended = async <T>(name: string, outcome: Promise<T>): Promise<T> => {
  const result = await outcome;
  running.delete(name);
  return result;
};
const { view, counts } = reference("valley");
const toy = ended("toy", runToy(5, view, { threads: 2, switches: stress }));
const java = ended("java", startJ3({ args: ["-Xmx64m", "-cp", classes, main] }).exited());
const program = { kind: "expression", name: "dying", text: '(println "dies") (/ 1 0)' } as const;
const dying = ended("dying", startUvml({ program }).exited());

// How often it answers while the others run, with collections in all heaps.
let meanwhile = 0;
do failed.push(await ask("(fold (lambda (a x) (+ a x)) 0 kept)"));
while (running.size > 0 && ++meanwhile < 1000);
const drawn = await toy;
const codes = { java: await java, toy: drawn.code, dying: await dying, lisp: 0 };
failed.push(await ask("(length kept)"));
sendEntry(lisp, { kind: "end", code: 7 });
codes.lisp = await lisp.exited();
const picture = JSON.stringify(Array.from(drawn.counts ?? [])) === JSON.stringify(counts);
console.log(`\n${JSON.stringify({ codes, picture, failed: failed.includes(true), meanwhile: meanwhile > 0 })}`);
