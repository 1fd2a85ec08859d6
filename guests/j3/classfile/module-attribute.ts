import type { ConstantPool } from "./constants.ts";
import type { ByteReader } from "./reader.ts";

export interface ModuleRequires {
  readonly module: string;
  readonly flags: number;
  readonly version: string | undefined;
}

/** An `exports` or `opens` row. An empty `to` means everyone. */
export interface ModuleExports {
  /** Internal package name, as "java/lang". */
  readonly package: string;
  readonly flags: number;
  readonly to: readonly string[];
}

export interface ModuleProvides {
  readonly service: string;
  readonly implementations: readonly string[];
}

/** The Module attribute, JVMS §4.7.25. */
export interface ModuleAttribute {
  readonly name: string;
  readonly flags: number;
  readonly version: string | undefined;
  readonly requires: readonly ModuleRequires[];
  readonly exports: readonly ModuleExports[];
  readonly opens: readonly ModuleExports[];
  readonly uses: readonly string[];
  readonly provides: readonly ModuleProvides[];
}

/** Reads the content of a Module attribute. */
export function readModule(reader: ByteReader, constants: ConstantPool): ModuleAttribute {
  const list = <T>(row: () => T): T[] => {
    const count = reader.u2();
    return Array.from({ length: count }, row);
  };
  const className = () => constants.className(reader.u2());
  const packageRow = (): ModuleExports => {
    const name = constants.package(reader.u2());
    const flags = reader.u2();
    return { package: name, flags, to: list(() => constants.module(reader.u2())) };
  };
  const name = constants.module(reader.u2());
  const flags = reader.u2();
  const version = constants.optionalUtf8(reader.u2());
  const requires = list((): ModuleRequires => {
    const module = constants.module(reader.u2());
    const requireFlags = reader.u2();
    return { module, flags: requireFlags, version: constants.optionalUtf8(reader.u2()) };
  });
  const exports = list(packageRow);
  const opens = list(packageRow);
  const uses = list(className);
  const provides = list((): ModuleProvides => {
    const service = className();
    return { service, implementations: list(className) };
  });
  return { name, flags, version, requires, exports, opens, uses, provides };
}
