/**
 * A large program of other people: the Eclipse compiler (Debian's package `ecj`) runs on J3, compiles a source of some 450 lines, and the classes
 * that it wrote run on J3 and on `java` alike.
 */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { it } from "node:test";
import { difference, findJdk, j3Command, root, run, tail } from "./runner.ts";

const jar = "/usr/share/java/eclipse-jdt-core.jar";
const source = path.join(root, "tests/guests/j3/ecj/Ledger.java");
const out = path.join(root, "build/test-ecj");
/** Seconds; the compiler alone is some 5 MB of class files. */
const TIMEOUT = 600;

it("the Eclipse compiler runs on J3, and so does what it wrote", { skip: skipped() }, async () => {
  const jdk = findJdk();
  fs.rmSync(out, { recursive: true, force: true });
  const compiler = ["-cp", jar, "org.eclipse.jdt.internal.compiler.batch.Main"];
  const compiled = await run([...j3Command(), ...compiler, "-17", "-proc:none", "-d", out, source], {
    cwd: root,
    timeout: TIMEOUT,
  });
  assert.equal(compiled.exit, 0, tail(compiled.stderr, 40));
  assert.equal(compiled.stderr, "");
  const expected = await run([path.join(jdk.home, "bin/java"), "-cp", out, "Ledger"], { cwd: root, timeout: 60 });
  assert.equal(expected.exit, 0, expected.stderr);
  const actual = await run([...j3Command(), "-cp", out, "Ledger"], { cwd: root, timeout: 120 });
  assert.equal(difference(expected, actual), undefined, tail(actual.stderr));
});

/** Why the test cannot run here, said aloud by the runner; the set-up installs the package with --with-ecj. */
function skipped(): string | false {
  return fs.existsSync(jar) ? false : "the Debian package ecj is not installed (sh tools/setup.sh --with-ecj)";
}
