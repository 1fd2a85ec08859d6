/** Command lines: what they mean, and that the messages and exit codes are those of `java`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, it, test } from "node:test";
import { planNamed } from "#heap";
import { findJdk } from "../../tests/guests/j3/runner.ts";
import type { Launch, LaunchHost } from "./options.ts";
import {
  assertionStatus,
  findJdkLibrary,
  heapChoice,
  hotAfter,
  parseCommandLine,
  parseRelease,
  usage,
  versionText,
  vmName,
} from "./options.ts";

/** A host whose files are these and no others. */
function hostOf(files: Record<string, string | Uint8Array> = {}, env: Record<string, string> = {}): LaunchHost {
  return {
    env,
    readFile: (path) => {
      const content = files[path];
      return typeof content === "string" ? new TextEncoder().encode(content) : content;
    },
    listFolder: (path) => {
      const prefix = path.endsWith("/") ? path : `${path}/`;
      return Object.keys(files).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
    },
  };
}

type Run = Extract<Launch, { action: "run" }>;

function run(argv: string[], host: LaunchHost = hostOf()): Run {
  const launch = parseCommandLine(argv, host);
  assert.equal(launch.action, "run", launch.messages.map((each) => each.text).join(""));
  return launch as Run;
}

describe("what a command line means", () => {
  test("which methods are translated again", () => {
    const of = (...flags: string[]): number =>
      hotAfter(run([...flags.map((flag) => `-XX:${flag}`), "Foo"]).options.flags);
    assert.equal(of(), 5000);
    assert.equal(of("TieredStopAtLevel=1"), 0);
    assert.equal(of("TieredStopAtLevel=4"), 5000);
    // As in java the level means nothing then.
    assert.equal(of("TieredStopAtLevel=1", "-TieredCompilation"), 5000);
    assert.equal(of("Tier4InvocationThreshold=70"), 70);
    assert.equal(of("Tier4InvocationThreshold=0"), 1);
  });

  test("main class, class path and arguments", () => {
    const { main, args, options } = run(["-cp", "a:b.jar", "-Dx=1=2", "-Dy", "Foo", "-cp", "z"]);
    assert.deepEqual(main, { kind: "class", name: "Foo" });
    assert.deepEqual(args, ["-cp", "z"]);
    assert.equal(options.classPath, "a:b.jar");
    assert.deepEqual(
      [...options.properties],
      [
        ["x", "1=2"],
        ["y", ""],
        ["java.class.path", "a:b.jar"],
        ["sun.java.command", "Foo -cp z"],
        ["sun.java.launcher", "SUN_STANDARD"],
      ],
    );
  });

  test("the class path comes from the option, CLASSPATH, the property, or is the current folder", () => {
    const env = { CLASSPATH: "env" };
    assert.equal(run(["Foo"]).options.classPath, ".");
    assert.equal(run(["Foo"], hostOf({}, env)).options.classPath, "env");
    assert.equal(run(["--class-path=x", "Foo"], hostOf({}, env)).options.classPath, "x");
    assert.equal(run(["-classpath", "x", "-cp", "y", "Foo"]).options.classPath, "y");
    assert.equal(run(["-Djava.class.path=q", "Foo"]).options.classPath, "q");
    assert.equal(run(["-cp", "x", "-jar", "a.jar"]).options.classPath, "a.jar");
    const jars = hostOf({ "lib/b.jar": "", "lib/a.jar": "", "lib/c.txt": "" });
    assert.equal(run(["-cp", "x:lib/*", "Foo"], jars).options.classPath, "x:lib/a.jar:lib/b.jar");
  });

  test("-jar, -m and source files", () => {
    assert.deepEqual(run(["-jar", "-Xss1m", "a.jar", "b"]).main, { kind: "jar", file: "a.jar" });
    const module = run(["-p", "mods", "-m", "m/p.Main", "x"]);
    assert.deepEqual(module.main, { kind: "module", name: "m/p.Main" });
    assert.deepEqual(module.args, ["x"]);
    assert.equal(module.options.classPath, "");
    const { properties } = module.options;
    assert.equal(properties.get("jdk.module.path"), "mods");
    assert.equal(properties.get("jdk.module.main"), "m");
    assert.equal(properties.get("jdk.module.main.class"), "p.Main");
    assert.equal(properties.get("sun.java.command"), "m/p.Main x");
    const source = run(["S.java", "x"], hostOf({ "S.java": "" }));
    assert.deepEqual(source.args, ["S.java", "x"]);
    assert.equal(source.options.classPath, ".");
    assert.deepEqual(run(["S.java"]).main, { kind: "class", name: "S.java" });
  });

  test("module options become numbered properties", () => {
    const argv = ["--add-opens", "a/b=c", "--add-opens=d/e=f", "--add-modules=x,y", "--limit-modules", "z"];
    const { properties } = run([...argv, "--patch-module=a=/x", "--enable-native-access=n", "Foo"]).options;
    assert.equal(properties.get("jdk.module.addopens.0"), "a/b=c");
    assert.equal(properties.get("jdk.module.addopens.1"), "d/e=f");
    assert.equal(properties.get("jdk.module.addmods.0"), "x,y");
    assert.equal(properties.get("jdk.module.limitmods"), "z");
    assert.equal(properties.get("jdk.module.patch.0"), "a=/x");
    assert.equal(properties.get("jdk.module.enable.native.access.0"), "n");
  });

  test("sizes, modes, flags and topics", () => {
    const argv = ["-Xmx64m", "-Xms0x100000k", "-Xms4M", "-Xss2g", "-Xss512k"];
    assert.equal(parseCommandLine(argv, hostOf()).action, "error");
    const argv2 = ["-mx64m", "-Xms4M", "-Xss512k", "-Xint", "-XX:-UseTLAB", "-XX:MaxJavaStackTraceDepth=5", "-Xlog:gc"];
    const { options } = run([...argv2, "-verbose", "-verbose:gc", "-Xverify:all", "-Xbootclasspath/a:x:y", "Foo"]);
    assert.equal(options.maxHeap, 64 * 1024 ** 2);
    assert.equal(options.initialHeap, 4 * 1024 ** 2);
    assert.equal(options.threadStack, 512 * 1024);
    assert.equal(options.mode, "int");
    assert.equal(options.verify, "all");
    assert.deepEqual([...options.verbose], ["class", "gc"]);
    const { outputs } = options.logging;
    assert.deepEqual(
      outputs.map((each) => [each.name, each.selections.map(({ tags }) => tags.join("+"))]),
      [["stdout", ["", "gc", "class+load", "class+unload", "gc"]]],
    );
    assert.deepEqual(options.bootClassPathAppend, ["x", "y"]);
    assert.deepEqual(Object.fromEntries(options.flags), {
      MinHeapSize: 4 * 1024 ** 2,
      UseTLAB: false,
      MaxJavaStackTraceDepth: 5,
    });
  });

  test("--gc= names a collector; an unknown one is refused as java refuses what it cannot start with", () => {
    assert.equal(run(["Foo"]).options.collector, undefined);
    assert.equal(run(["--gc=marksweep", "-XX:+UseSerialGC", "Foo"]).options.collector, "marksweep");
    const launch = parseCommandLine(["--gc=fast", "Foo"], hostOf());
    assert.deepEqual([launch.action, "exitCode" in launch && launch.exitCode], ["error", 1]);
    const [message] = launch.messages;
    assert.equal(message?.stream, "out");
    assert.match(
      message?.text ?? "",
      /^Error occurred during initialization of VM\nUnknown garbage collector 'fast': there are semispace, .*nogc\n$/,
    );
    assert.equal(parseCommandLine(["--gc", "Foo"], hostOf()).action, "error");
  });

  test("assertions: class before package before default, the last rule wins", () => {
    const argv = ["-ea", "-da:p...", "-ea:p.q...", "-da:p.q.C", "-ea:p.q.C", "-da:...", "-esa", "Foo"];
    const { options } = run(argv);
    const status = (name: string, system = false): boolean => assertionStatus(options, name, system);
    assert.equal(status("x.Any"), true);
    assert.equal(status("p.A"), false);
    assert.equal(status("p.q.A"), true);
    assert.equal(status("p.q.r.A"), true);
    assert.equal(status("p.q.C"), true);
    assert.equal(status("Unnamed"), false);
    assert.equal(status("java.lang.String", true), true);
    assert.equal(assertionStatus(run(["Foo"]).options, "x.Any", false), false);
  });

  test("a class file is found from above its package", () => {
    const jdk = findJdk();
    const folder = mkdtempSync(join(tmpdir(), "j3-options-"));
    try {
      writeFileSync(join(folder, "C.java"), "package p.q; class C { }");
      const made = spawnSync(join(jdk.home, "bin/javac"), ["-d", folder, join(folder, "C.java")]);
      assert.equal(made.status, 0);
      const bytes = readFileSync(join(folder, "p/q/C.class"));
      const find = (path: string, argv: string[] = []) => {
        const { main, options } = run([...argv, path, "x"], hostOf({ [path]: bytes }));
        return [main.kind === "class" ? main.name : "", options.classPath];
      };
      assert.deepEqual(find("p/q/C.class"), ["p.q.C", "."]);
      assert.deepEqual(find("build/p/q/C.class", ["-cp", "lib"]), ["p.q.C", "build:lib"]);
      assert.deepEqual(find("/p/q/C.class"), ["p.q.C", "/"]);
      assert.deepEqual(find("/x/p/q/C.class"), ["p.q.C", "/x"]);
      assert.deepEqual(find("q/C.class"), ["C", "q"]); // the loader will say that the name is wrong
      const broken = run(["D.class"], hostOf({ "D.class": "no class" }));
      assert.deepEqual(broken.main, { kind: "class", name: "D" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("the version, help and where they go", () => {
    const release = parseRelease(
      'JAVA_VERSION="17.0.9"\nJAVA_VERSION_DATE="2023-10-17"\nJAVA_RUNTIME_VERSION="17.0.9+9"\n',
    );
    const form = (argv: string[]) => {
      const launch = parseCommandLine(argv, hostOf());
      assert.equal(launch.action, "version");
      return versionText(release, "1.2.3", (launch as Extract<Launch, { action: "version" }>).form);
    };
    assert.equal(
      form(["-version", "-foo"]),
      `openjdk version "17.0.9" 2023-10-17\nOpenJDK class library (build 17.0.9+9)\n${vmName} (build 1.2.3, WebAssembly)\n`,
    );
    assert.match(form(["--version"]), /^openjdk 17.0.9 2023-10-17\n/);
    assert.equal(form(["-fullversion"]), 'openjdk full version "17.0.9+9"\n');
    assert.equal(form(["--full-version"]), "openjdk 17.0.9+9\n");
    const help = parseCommandLine(["--help", "-foo"], hostOf());
    assert.deepEqual(help, { action: "help", exitCode: 0, messages: [{ stream: "out", text: usage }] });
  });
});

test("the class library is that of JAVA_HOME, or of the usual places", () => {
  const home = realpathSync(findJdk().home);
  const found = findJdkLibrary({ JAVA_HOME: home });
  assert.equal(found?.home, home);
  assert.match(found?.release.version ?? "", /^17\./);
  assert.match(found?.modules ?? "", /\/lib\/modules$/);
  const folder = mkdtempSync(join(tmpdir(), "j3-jdk-"));
  try {
    writeFileSync(join(folder, "release"), 'JAVA_VERSION="21.0.1"\n');
    assert.notEqual(findJdkLibrary({ JAVA_HOME: folder })?.home, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("no line of arguments, however odd, makes the parser throw", () => {
  let seed = 17;
  const random = (limit: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % limit;
  };
  const words = [...new Set(sameAsJava.flatMap((line) => line.split(/[ |]+/)))];
  const host = hostOf({
    options: "-Dq=1 'x",
    args: 'Args "a\\\n b',
    "Args.class": Uint8Array.of(0xca, 0xfe, 0xba, 0xbe, 0),
  });
  const actions = new Set<string>();
  for (let round = 0; round < 5000; round++) {
    const argv: string[] = [];
    for (let i = random(6); i >= 0; i--) {
      const word = words[random(words.length)] ?? "";
      const cut = random(8) === 0 ? random(word.length + 1) : word.length;
      argv.push(word.slice(0, cut) + (random(16) === 0 ? String.fromCharCode(random(300)) : ""));
    }
    const env = random(4) === 0 ? { JDK_JAVA_OPTIONS: argv.splice(random(argv.length)).join(" ") } : {};
    actions.add(parseCommandLine(argv, { ...host, env }).action);
  }
  assert.deepEqual([...actions].sort(), ["error", "help", "run", "version"]);
});

/**
 * Lines of arguments and, before a `|`, variables. Each is given to `java` and to us; where `java` prints its usage text or refuses
 * to start, we must have refused with the same output and exit code; where it runs the class, we must have chosen to run.
 */
const sameAsJava = `
-foo
--foo
-
-- Args
-Xfoo
-XX
-XX:
-XX:+Foo Args
-XX:Foo=3
-XX:+UseSerialGC -XX:Bar
-XX:UseSerialGC Args
-XX:UseSerialGC=1 Args
-XX:+UseSerialGC=1 Args
-XX:+MaxHeapSize Args
-XX:MaxHeapSize Args
-XX:MaxHeapSize=foo Args
-XX:InitialHeapSize=z Args
-XX:MaxHeapSize=1k Args
-XX:TieredStopAtLevel=x Args
-XX:TieredStopAtLevel=9 Args
-XX:+UseEpsilonGC Args
-XX:+LogCompilation Args
-XX:Flags=foo Args
-XX:+UseSerialGC -XX:+UseG1GC Args
-XX:ThreadStackSize=1 Args
-XX:+IgnoreUnrecognizedVMOptions -XX:+Foo -Xfoo -foo Args
-XX:-UseSerialGC -XX:+UseSerialGC Args
-XX:-UseG1GC Args
-XX:+UnlockExperimentalVMOptions -XX:+UseSerialGC -XX:+UseEpsilonGC Args
-XX:+UseFooGC Args
-XX:ParallelGCThreads=0 -Xmx1k Args
-XX:+UseG1GC -XX:ParallelGCThreads=0 Args
-XX:+UseParallelGC -XX:ParallelGCThreads=0 -XX:MinHeapFreeRatio=60 Args
-XX:+UseSerialGC -XX:ParallelGCThreads=0 Args
-XX:ParallelGCThreads=-1 Args
-XX:NewRatio=-1 Args
-XX:NewRatio=x Args
-XX:NewRatio=3 -XX:SurvivorRatio=4 -XX:MaxTenuringThreshold=3 Args
-XX:SurvivorRatio=0 Args
-XX:MaxTenuringThreshold=17 Args
-XX:MaxTenuringThreshold=20 -XX:SurvivorRatio=0 Args
-XX:InitialTenuringThreshold=17 Args
-XX:MinHeapFreeRatio=101 Args
-XX:MinHeapFreeRatio=80 Args
-XX:MaxHeapFreeRatio=20 -Xmx1k Args
-XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=30 Args
-XX:SoftRefLRUPolicyMSPerMB=-1 Args
-XX:SoftRefLRUPolicyMSPerMB=x Args
-XX:SoftRefLRUPolicyMSPerMB=0 Args
-XX:G1HeapRegionSize=1g Args
-XX:GCTimeRatio=99999999999 Args
-XX:MaxRAMPercentage=200 Args
-XX:MaxRAMPercentage=1e1 Args
-XX:MaxRAMPercentage= Args
-XX:MaxRAMPercentage=12.5 Args
-XX:NewSize=-1 Args
-XX:NewSize=99999999999999999999 Args
-XX:MinHeapSize=1k Args
-XX:MinHeapSize=100m -XX:MaxHeapSize=50m Args
-XX:MinHeapSize=100m -XX:InitialHeapSize=50m -Xmx200m Args
-XX:MinHeapSize=100m -Xms50m Args
-XX:MaxHeapSize=0 Args
-Xms1k -Xmx1k Args
-XX:MinHeapSize=1k -Xms1k Args
-Xmn0 Args
-Xmn1m -Xmx16m Args
-Xmn Args
-Xmx99999999999999999999 Args
-Xmx100t Args
-XX:MaxHeapSize=200t Args
-Xmx100t -XX:MinHeapSize=1k Args
-Xmx100t -Xms200t Args
-Xms200t Args
-Xmxfoo
-Xmx
-Xmx0
-Xmx-1
-Xmx1.5g
-Xmx64mb
-Xmx1k Args
-Xmx1536k Args
-Xms2g -Xmx1g Args
-Xms1k Args
-Xmsz
-Xmnx Args
-Xssfoo
-Xss2g
-Xss1k Args
-Xss135k Args
-Xmx64M Args
-Xmx0x4000000 Args
-mx64m -ss1m -ms4m Args
-Xms0 -Xss0 Args
-Xinty
-Xint:foo Args
-Xcheck:foo Args
-Xverify:foo Args
-Xbootclasspath:x Args
-Xbootclasspath/p:foo Args
-Xlogfoo Args
-Xlog:foo Args
-Xlog:gc+gc,foo Args
-Xlog:gc=bar Args
-Xlog:gc:a.log:up Args
-Xlog:gc:file=a.log::filecount=x Args
-Xlog:gc:file=a.log:none:filesize=1x Args
-Xlog:gc:file=a.log:none:color=1 Args
-Xlog:gc, -Xlog:foo Args
-Xlog:disable -Xlog:class+load=off::uptime,tid Args
-Xshare:foo
-Xfuture -Xrs -Xnoclassgc -Xbatch -client -Xdebug Args
-oss1 Args
-tm Args
-v Args
-ea:foo... -da -esa -dsa -enableassertions -disableassertions:x Args
-ea:
-eafoo
-esa:foo Args
-eb Args
-verbose:foo
-splash:x Args
-splash Args
-J-foo Args
-d64 Args
-D
-D= Args
-DArgs
-cp
-cp -Args
-classpath
-classpath=. Args
-cp=
--class-path
--class-path=. Args
--class-path=
--module-path=
--module-path
-p
-p= Args
--upgrade-module-path
--upgrade-module-path=
--add-modules=
--add-modules
--limit-modules
--limit-modules=
--add-opens
--add-exports
--add-reads=
--patch-module
--patch-module foo Args
--patch-module java.base=/tmp --patch-module java.base=/x Args
--enable-native-access
--enable-native-access=
--describe-module
-d
-d=
-m
-m=x
--module=
--source
--source=
--list-modules=x
--list-modules -foo
-jar
-jar=x
-jar -foo
-foo -jar
-foo -version
-foo --help
-Djdk.module.addopens.0=x Args
--illegal-access=permit Args
--finalization=disabled Args
--dry-run
@nope
@options
Args @nope
@@nope
-cp @options Args
--disable-@files Args
@args extra @nope
JAVA_TOOL_OPTIONS=-Dx=1 | Args
JAVA_TOOL_OPTIONS=-foo | Args
JAVA_TOOL_OPTIONS=-cp | Args
JAVA_TOOL_OPTIONS= | Args
JAVA_TOOL_OPTIONS='-Da=b c' "x" | Args
JAVA_TOOL_OPTIONS='-Da=b | Args
_JAVA_OPTIONS=-foo | -Xmxz
_JAVA_OPTIONS=-Dx | Args
JDK_JAVA_OPTIONS=-Dx=1 | Args
JDK_JAVA_OPTIONS=-foo | Args
JDK_JAVA_OPTIONS=-version | Args
JDK_JAVA_OPTIONS=Foo | Args
JDK_JAVA_OPTIONS=-jar x | Args
JDK_JAVA_OPTIONS= | Args
JDK_JAVA_OPTIONS='-Da=b | Args
JDK_JAVA_OPTIONS=-cp | . Args
JDK_JAVA_OPTIONS=-cp | Args
JDK_JAVA_OPTIONS=-cp -x | Args
JDK_JAVA_OPTIONS=--help | Args
JDK_JAVA_OPTIONS=--module=x | Args
JDK_JAVA_OPTIONS=@options | Args
JDK_JAVA_OPTIONS=-Dx @nope | Args
JDK_JAVA_OPTIONS='-Da=b c' -Dd="x y"z | Args
`
  .trim()
  .split("\n");

/** Argument files and what `java` makes of them. */
const argumentFiles = [
  "Args one\ntwo",
  '# comment\nArgs "a b" \'c "d\' "e\\\\n\\n\\t\\\\\\\\f"',
  'Args "cont\\\n   inued" tail\\x "" @at @@x',
  'Args "unterminated\n x',
  "Args 'a\nb' c",
  'Args a"b c"d "q\\d\\f"',
  "Args g#h i\nk",
  'Args "g#h" i',
  'Args "a\\\\\n b"',
  'Args "" ""',
  "Args a\r\nb\r\n",
];

describe("the same as java", () => {
  const jdk = findJdk();
  const folder = mkdtempSync(join(tmpdir(), "j3-options-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, "Args.java"),
    'class Args { public static void main(String[] a) { for (String s : a) System.out.println("[" + s + "]"); } }',
  );
  writeFileSync(join(folder, "options"), "-Dq=1\n");
  writeFileSync(join(folder, "args"), 'Args "a b"\n');
  const compiled = spawnSync(join(jdk.home, "bin/javac"), ["-d", folder, join(folder, "Args.java")]);
  assert.equal(compiled.status, 0);

  const java = (argv: string[], env: Record<string, string>) => {
    const done = spawnSync(join(jdk.home, "bin/java"), argv, {
      cwd: folder,
      env: { PATH: "/usr/bin:/bin", ...env },
      encoding: "utf8",
    });
    return { out: done.stdout, err: done.stderr, code: done.status };
  };
  const ours = (argv: string[], env: Record<string, string>) => {
    const launch = parseCommandLine(argv, {
      env,
      readFile: (path) => (existsSync(resolve(folder, path)) ? readFileSync(resolve(folder, path)) : undefined),
      listFolder: (path) => readdirSync(resolve(folder, path)),
    });
    const text = (stream: string) =>
      launch.messages
        .filter((each) => each.stream === stream)
        .map((each) => each.text)
        .join("");
    return { launch, out: text("out"), err: text("err") };
  };
  /** Usage texts are our own words, and a machine's name stands before its warnings. */
  const neutral = (text: string) =>
    text
      .replace(/^Usage: java [\s\S]*/m, "USAGE")
      .replace(usage, "USAGE")
      .replaceAll("OpenJDK 64-Bit Server VM warning", "WARNING")
      .replaceAll(`${vmName} warning`, "WARNING");

  for (const line of sameAsJava) {
    it(line, () => {
      const bar = line.indexOf(" | ");
      const env: Record<string, string> = {};
      if (bar >= 0) {
        const variable = line.slice(0, bar);
        env[variable.slice(0, variable.indexOf("="))] = variable.slice(variable.indexOf("=") + 1);
      }
      const argv = line.slice(bar < 0 ? 0 : bar + 3).split(" ");
      const theirs = java(argv, env);
      const mine = ours(argv, env);
      if (mine.launch.action === "run") {
        // What is printed after the start is not the parser's business, but that it was started is.
        const missing = mine.launch.main.kind === "class" && mine.launch.main.name !== "Args";
        const late = /^Error: Could not find or load main class|^Error: Unable to access jarfile/m;
        if (missing) assert.match(theirs.err, late);
        else assert.equal(theirs.code, 0, theirs.out + theirs.err);
        assert.equal(neutral(mine.err), neutral(theirs.err).replace(/^(Error: |Caused by)[\s\S]*/m, ""));
        const { args } = mine.launch;
        if (theirs.code === 0) assert.equal(theirs.out, args.map((each) => `[${each}]\n`).join(""));
        return;
      }
      const out = theirs.out.replace(/^\[\d+\.\d+s\]/gm, "[0.000s]"); // where a line of the log begins
      assert.deepEqual([neutral(mine.err), mine.out], [neutral(theirs.err), out]);
      assert.equal(mine.launch.action === "error" ? mine.launch.exitCode : undefined, theirs.code);
    });
  }

  for (const [index, content] of argumentFiles.entries()) {
    it(`argument file ${JSON.stringify(content)}`, () => {
      const name = `file${index}`;
      writeFileSync(join(folder, name), content);
      const theirs = java([`@${name}`], {});
      const mine = ours([`@${name}`], {});
      assert.equal(mine.launch.action, "run");
      const { args, main } = mine.launch as Run;
      if (main.kind === "class" && main.name === "Args") {
        assert.equal(args.map((each) => `[${each}]\n`).join(""), theirs.out);
      } else assert.match(theirs.err, /Could not find or load main class/);
    });
  }
});

test("what the options ask of the heap", () => {
  const MIB = 1024 ** 2;
  const choose = (...argv: string[]) => heapChoice(run([...argv, "Foo"]).options, 2048 * MIB);
  const heap = choose();
  assert.deepEqual([heap.maxBytes, heap.minBytes, heap.youngBytes, heap.plan], [512 * MIB, 0, 0, undefined]);
  assert.deepEqual([heap.minFreePercent, heap.maxFreePercent, heap.softMillisecondsPerMegabyte], [40, 70, 1000]);
  assert.equal(heapChoice(run(["Foo"]).options, 64 * 1024 * MIB).maxBytes, 1024 * MIB);
  assert.equal(choose("-XX:MaxRAMPercentage=75").maxBytes, 1536 * MIB);
  assert.equal(choose("-XX:MaxRAM=256m").maxBytes, 64 * MIB);
  assert.equal(choose("-Xms600m").maxBytes, 600 * MIB);
  assert.deepEqual([choose("-Xms8m").minBytes, choose("-Xms8m").triggerBytes], [8 * MIB, 8 * MIB]);
  assert.equal(choose("-Xms100m").triggerBytes, 32 * MIB);
  assert.equal(choose("-XX:InitialHeapSize=8m", "-XX:MinHeapSize=4m").minBytes, 4 * MIB);
  assert.equal(choose("-Xmn5m").youngBytes, 5 * MIB);
  assert.equal(choose("-Xmn50m", "-Xmx20m").youngBytes, 20 * MIB);
  assert.equal(choose("-XX:NewRatio=3", "-Xmx64m").youngBytes, 16 * MIB);
  assert.equal(choose("-XX:NewSize=3m", "-XX:MaxNewSize=2m").youngBytes, 2 * MIB);
  assert.equal(choose("-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=20").maxFreePercent, 20);
  assert.equal(choose("-XX:SoftRefLRUPolicyMSPerMB=0").softMillisecondsPerMegabyte, 0);
  assert.deepEqual([choose().survivorRatio, choose("-XX:SurvivorRatio=6").survivorRatio], [0, 6]);
  assert.equal(choose().promotesAtOnce, false);
  assert.equal(choose("-XX:MaxTenuringThreshold=0").promotesAtOnce, true);
  assert.equal(choose("-XX:+UseZGC").plan, "immix");
  assert.equal(choose("-XX:+UseZGC", "--gc=semispace").plan, "semispace");
  assert.equal(choose("-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC").plan, "nogc");
  for (const flag of ["UseSerialGC", "UseParallelGC", "UseG1GC"])
    assert.notEqual(planNamed(choose(`-XX:+${flag}`).plan ?? ""), undefined);
});
