/**
 * META-INF/MANIFEST.MF, the JAR File Specification's "Name-Value pairs and sections": lines end in CR, LF or both;
 * a line that begins with a space continues the one before; an empty line ends a section.
 */

/** Attributes of a section. Names are compared without regard to case. */
export class ManifestSection {
  private readonly values: Map<string, string>;

  constructor(values: Map<string, string>) {
    this.values = values;
  }

  get(name: string): string | undefined {
    return this.values.get(name.toLowerCase());
  }
}

export class Manifest {
  readonly main: ManifestSection;
  /** By the entry's name. */
  readonly sections: ReadonlyMap<string, ManifestSection>;

  constructor(main: ManifestSection, sections: ReadonlyMap<string, ManifestSection>) {
    this.main = main;
    this.sections = sections;
  }

  /** A binary name, as "org.example.Main". */
  get mainClass(): string | undefined {
    return this.main.get("Main-Class")?.trim();
  }

  /** Relative URLs, as the manifest has them. */
  get classPath(): string[] {
    const value = this.main.get("Class-Path");
    return value === undefined ? [] : value.split(/[ \t]+/).filter((part) => part !== "");
  }

  get isMultiRelease(): boolean {
    return this.main.get("Multi-Release")?.toLowerCase() === "true";
  }
}

/** Lines that are no "Name: value" are skipped. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const sections: Map<string, string>[] = [];
  let current: Map<string, string> | undefined;
  for (const line of logicalLines(bytes)) {
    if (line === "") {
      current = undefined;
      continue;
    }
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    if (current === undefined) {
      current = new Map();
      sections.push(current);
    }
    current.set(line.slice(0, colon).toLowerCase(), line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1));
  }
  const [main, ...rest] = sections;
  const named = new Map<string, ManifestSection>();
  for (const section of rest) {
    const name = section.get("name");
    if (name !== undefined) named.set(name, new ManifestSection(section));
  }
  return new Manifest(new ManifestSection(main ?? new Map()), named);
}

/** A line is at most 72 bytes, so that a character may be split over two: joined as bytes, then decoded. */
function logicalLines(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const joined = text.replace(/(\r\n|\n|\r) /g, "");
  return joined.split(/\r\n|\n|\r/).map((line) => Buffer.from(line, "latin1").toString("utf8"));
}
