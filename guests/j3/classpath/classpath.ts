import { readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Manifest } from "./manifest.ts";
import { parseManifest } from "./manifest.ts";
import { ZipFailure, ZipReader } from "./zip.ts";

/** What a class path search found. */
export interface FoundResource {
  readonly bytes: Uint8Array;
  /** The element it came from: a folder or an archive, as given. */
  readonly element: string;
  /** The element as a file: URL; a folder's ends with a slash. */
  readonly url: string;
}

/** One element of a class path, opened. */
interface Element {
  readonly path: string;
  readonly url: string;
  read(name: string): Uint8Array | undefined;
  has(name: string): boolean;
  close(): void;
}

/**
 * A class path as `java -cp` takes it: folders and archives, searched in order; "folder/*" stands for the archives in
 * a folder; an empty element is the current folder. Elements that do not exist, or that are no archive, are passed
 * over as `java` does; what was wrong with them is kept in `problems`. Elements are opened when the search comes to them,
 * and an archive's Class-Path is searched after it.
 */
export class ClassPath {
  /** Expanded, in order of search. */
  readonly elements: readonly string[];
  /** What was wrong with elements met so far. */
  readonly problems: string[];
  private readonly pending: string[];
  private readonly opened: Element[];
  private readonly known: Set<string>;

  /** `elements` as from `splitClassPath`. */
  constructor(elements: readonly string[]) {
    this.elements = elements.flatMap(expandWildcard);
    this.problems = [];
    this.pending = [...this.elements].reverse();
    this.opened = [];
    this.known = new Set();
  }

  /** By internal name, as "org/example/Main". */
  findClass(name: string): FoundResource | undefined {
    return this.findResource(`${name}.class`);
  }

  /** By path with slashes. The first element that has it wins. */
  findResource(name: string): FoundResource | undefined {
    for (let i = 0; ; i++) {
      const element = this.elementAt(i);
      if (element === undefined) return undefined;
      const bytes = element.read(name);
      if (bytes !== undefined) return { bytes, element: element.path, url: element.url };
    }
  }

  /** The elements that have a resource, in order. */
  *findAll(name: string): Generator<{ readonly element: string; readonly url: string }> {
    for (let i = 0; ; i++) {
      const element = this.elementAt(i);
      if (element === undefined) return;
      if (element.has(name)) yield { element: element.path, url: element.url };
    }
  }

  /** Closes the archives; the path must not be used after it. */
  close(): void {
    for (const element of this.opened) element.close();
    this.opened.length = 0;
    this.pending.length = 0;
  }

  private elementAt(index: number): Element | undefined {
    while (this.opened.length <= index) {
      const path = this.pending.pop();
      if (path === undefined) return undefined;
      const element = this.open(path);
      if (element !== undefined) this.opened.push(element);
    }
    return this.opened[index];
  }

  private open(path: string): Element | undefined {
    const absolute = resolve(path);
    if (this.known.has(absolute)) return undefined;
    this.known.add(absolute);
    try {
      const status = statSync(absolute, { throwIfNoEntry: false });
      if (status === undefined) {
        this.problems.push(`${path}: no such file or folder`);
        return undefined;
      }
      if (status.isDirectory()) return openFolder(path, absolute);
      const { element, manifest } = openArchive(path, absolute);
      // Pushed in reverse: the first of them is searched next.
      for (const url of (manifest?.classPath ?? []).reverse()) {
        const file = fileOfUrl(url, absolute);
        if (file === undefined) this.problems.push(`${path}: Class-Path entry ${url} is no file`);
        else this.pending.push(file);
      }
      return element;
    } catch (failure) {
      if (!(failure instanceof ZipFailure) && !isSystemError(failure)) throw failure;
      this.problems.push(`${path}: ${failure.message}`);
      return undefined;
    }
  }
}

/** Splits the argument of `-cp` at ":" (";" on Windows). An empty element is the current folder. */
export function splitClassPath(text: string): string[] {
  return text.split(delimiter).map((element) => (element === "" ? "." : element));
}

/** The manifest of an archive; `undefined` if it has none. Throws ZipFailure or the file system's error. */
export function readManifest(path: string): Manifest | undefined {
  const zip = new ZipReader(path);
  try {
    return manifestOf(zip);
  } finally {
    zip.close();
  }
}

function manifestOf(zip: ZipReader): Manifest | undefined {
  let bytes = zip.read("META-INF/MANIFEST.MF");
  if (bytes === undefined) {
    for (const { name } of zip.entries()) {
      if (name.toUpperCase() === "META-INF/MANIFEST.MF") bytes = zip.read(name);
    }
  }
  return bytes && parseManifest(bytes);
}

/** "lib/*" is every .jar and .JAR in lib, in the order the folder lists them; "*" those of the current folder. */
function expandWildcard(element: string): string[] {
  if (element !== "*" && !element.endsWith(`${sep}*`) && !element.endsWith("/*")) return [element];
  const folder = element.slice(0, -1);
  let names: string[];
  try {
    names = readdirSync(folder === "" ? "." : folder);
  } catch (failure) {
    if (!isSystemError(failure)) throw failure;
    return [element];
  }
  return names.filter((name) => name.endsWith(".jar") || name.endsWith(".JAR")).map((name) => `${folder}${name}`);
}

function openFolder(path: string, absolute: string): Element {
  const url = `${pathToFileURL(absolute).href.replace(/\/$/, "")}/`;
  const fileOf = (name: string) => {
    // A name may not lead out of the folder.
    if (name.includes("\0") || name.split("/").includes("..")) return undefined;
    return join(absolute, name);
  };
  return {
    path,
    url,
    read(name) {
      const file = fileOf(name);
      if (file === undefined) return undefined;
      try {
        return readFileSync(file);
      } catch (failure) {
        if (isSystemError(failure)) return undefined;
        throw failure;
      }
    },
    has(name) {
      const file = fileOf(name);
      if (file === undefined) return false;
      try {
        return statSync(file, { throwIfNoEntry: false }) !== undefined;
      } catch (failure) {
        if (isSystemError(failure)) return false;
        throw failure;
      }
    },
    close() {},
  };
}

function openArchive(path: string, absolute: string): { element: Element; manifest: Manifest | undefined } {
  const zip = new ZipReader(absolute);
  try {
    const element: Element = {
      path,
      url: pathToFileURL(absolute).href,
      read: (name) => zip.read(name),
      has: (name) => zip.has(name),
      close: () => zip.close(),
    };
    return { element, manifest: manifestOf(zip) };
  } catch (failure) {
    zip.close();
    throw failure;
  }
}

/** Class-Path holds URLs relative to the archive's folder. */
function fileOfUrl(url: string, archive: string): string | undefined {
  const base = pathToFileURL(`${dirname(archive)}/`);
  if (!URL.canParse(url, base)) return undefined;
  const target = new URL(url, base);
  // A host, or an encoded slash or zero, names no file here.
  if (target.protocol !== "file:" || target.host !== "" || /%2f|%00/i.test(target.pathname)) return undefined;
  return fileURLToPath(target);
}

function isSystemError(failure: unknown): failure is NodeJS.ErrnoException {
  return failure instanceof Error && "code" in failure && "syscall" in failure;
}
