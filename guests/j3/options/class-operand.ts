/** `j3 folder/Foo.class`: which class that is and which folder it is found from. */

import { ClassFormatFailure, parseClassFile } from "../classfile/index.ts";

export interface ClassOperand {
  readonly folder: string;
  /** With dots. */
  readonly name: string;
}

/**
 * The class in a file whose name ends in `.class`. Its folder is the file's without the class's package. When the file is not in
 * a folder of that name, or is no class file at all, the loader gets the file's own name and tells what is wrong.
 */
export function classOperand(path: string, bytes: Uint8Array): ClassOperand {
  const slash = path.lastIndexOf("/");
  const folder = slash < 0 ? "." : slash === 0 ? "/" : path.slice(0, slash);
  const simple = path.slice(slash + 1, -".class".length);
  const name = nameIn(bytes, path);
  if (name?.endsWith(`/${simple}`)) {
    const packageFolder = `/${name.slice(0, -simple.length - 1)}`;
    const full = `/${folder}`;
    if (full.endsWith(packageFolder)) {
      const rest = full.slice(1, -packageFolder.length);
      return { folder: rest === "" ? (path.startsWith("/") ? "/" : ".") : rest, name: name.replaceAll("/", ".") };
    }
  }
  return { folder, name: simple };
}

function nameIn(bytes: Uint8Array, path: string): string | undefined {
  try {
    return parseClassFile(bytes, path).thisClass;
  } catch (error) {
    if (error instanceof ClassFormatFailure) return undefined;
    throw error;
  }
}
