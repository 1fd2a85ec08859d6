/**
 * Who may import what.
 *
 *   src/support    nothing
 *   src/<door>     its own files, and the doors of others as "#name"; the doors form no cycle
 *   guests/<g>     its own files, and doors
 *   cli            its own files, and doors
 *   anywhere       node: modules and the packages in package.json; a test file also what is in tests/
 *
 * And the substrate has no word of any guest.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { filesBelow, lineAt, root, textOf } from "./tree.ts";

const manifest = JSON.parse(textOf("package.json")) as {
  imports: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const packages = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]);

interface Import {
  readonly file: string;
  readonly line: number;
  readonly from: string;
}

function importsOf(file: string): Import[] {
  const text = textOf(file);
  const pattern =
    /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*"([^"]+)"|^\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    line: lineAt(text, match.index + match[0].search(/\S/)),
    from: match[1] ?? match[2] ?? match[3] ?? "",
  }));
}

/** The part of the tree that owns a file: src/<door>, guests/<g>, or the first folder. */
function ownerOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "src" || top === "guests" ? `${top}/${second}` : top;
}

/** Why this import is not allowed, or undefined. */
function objection({ file, from }: Import): string | undefined {
  const owner = ownerOf(file);
  const bare = owner === "src/support" && !file.endsWith(".test.ts");
  if (from.startsWith("node:")) return bare ? "src/support imports nothing" : undefined;
  if (from.startsWith("#")) {
    if (!Object.hasOwn(manifest.imports, from)) return "no such door in package.json";
    if (bare) return "src/support imports nothing";
    return undefined;
  }
  if (from.startsWith(".")) {
    const target = posix.join(posix.dirname(file), from);
    if (!from.endsWith(".ts") && !from.endsWith(".json")) return "relative imports name the .ts file";
    if (!existsSync(join(root, target))) return "no such file";
    if (ownerOf(target) === owner) return undefined;
    if (file.endsWith(".test.ts") && target.startsWith("tests/")) return undefined;
    // tests, benchmarks and tools may look inside
    if (!/^(src|guests|cli)\b/.test(owner)) return undefined;
    return `${owner} does not own ${target}; use its door`;
  }
  const name = from.startsWith("@") ? from.split("/", 2).join("/") : from.split("/", 1)[0];
  return packages.has(name ?? "") ? undefined : "not a dependency in package.json";
}

const sources = ["src", "guests", "cli", "tests", "bench", "tools"].flatMap((folder) =>
  existsSync(join(root, folder))
    ? filesBelow(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".as.ts"))
    : [],
);

test("every import is allowed", () => {
  const wrong = sources.flatMap(importsOf).flatMap((each) => {
    const why = objection(each);
    return why === undefined ? [] : [`${each.file}:${each.line}: imports "${each.from}": ${why}`];
  });
  assert.deepEqual(wrong, []);
});

test("the rules catch what they are for", () => {
  const refused = (file: string, from: string): void => {
    assert.notEqual(objection({ file, line: 1, from }), undefined, `${file} imports ${from}`);
  };
  refused("src/ir/index.ts", "../../guests/j3/options.ts");
  refused("src/ir/index.ts", "../support/errors.ts");
  refused("src/support/errors.ts", "#ir");
  refused("src/support/errors.ts", "node:fs");
  refused("guests/j3/options.ts", "../../src/ir/index.ts");
  refused("guests/j3/options.ts", "#nowhere");
  refused("src/ir/index.ts", "left-pad");
  assert.equal(objection({ file: "guests/j3/options.ts", line: 1, from: "#ir" }), undefined);
});

test("the doors form no cycle", () => {
  const doors = new Map(Object.entries(manifest.imports).map(([name, path]) => [posix.dirname(path.slice(2)), name]));
  const uses = new Map<string, Set<string>>();
  for (const file of filesBelow("src")) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const door = doors.get(ownerOf(file));
    if (door === undefined) continue;
    const used = uses.get(door) ?? new Set();
    for (const { from } of importsOf(file)) if (from.startsWith("#") && from !== door) used.add(from);
    uses.set(door, used);
  }
  const done = new Set<string>();
  const visit = (door: string, path: readonly string[]): void => {
    assert.ok(
      !path.includes(door),
      `doors import each other: ${[...path.slice(path.indexOf(door)), door].join(" -> ")}`,
    );
    if (done.has(door)) return;
    for (const next of uses.get(door) ?? []) visit(next, [...path, door]);
    done.add(door);
  };
  for (const door of uses.keys()) visit(door, []);
});

test("every folder of src/ has a door", () => {
  const doors = new Set(Object.values(manifest.imports).map((path) => posix.dirname(path.slice(2))));
  const folders = new Set(
    filesBelow("src")
      .filter((file) => file.split("/").length > 2)
      .map(ownerOf),
  );
  assert.deepEqual(
    [...folders].filter((folder) => !doors.has(folder)),
    [],
  );
});

/** Words of a guest; case counts. */
const guestWords =
  /\b(?:Java(?!Script)\w*|JVMS?|JDK|OpenJDK|HotSpot|J3|N3|javac?|CLR|CLI|ECMA-335|[mM]scorlib|Mono|C#)\b|\.NET\b/g;
/** `path: word` that is meant in another sense. */
const otherSense = new Set<string>([]);

test("the substrate knows no guest", () => {
  const wrong: string[] = [];
  for (const file of [...filesBelow("src"), ...filesBelow("heap-as")]) {
    const text = textOf(file);
    for (const match of text.matchAll(guestWords)) {
      if (otherSense.has(`${file}: ${match[0]}`)) continue;
      wrong.push(`${file}:${lineAt(text, match.index)}: ${match[0]}`);
    }
  }
  assert.deepEqual(wrong, []);
});
