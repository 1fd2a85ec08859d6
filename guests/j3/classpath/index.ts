/** Where classes are found: the JDK's module image, and class paths of folders and jars. All synchronous. */

export type { FoundResource } from "./classpath.ts";
export { ClassPath, readManifest, splitClassPath } from "./classpath.ts";
export type { JavaHome } from "./java-home.ts";
export { findJavaHome, readJavaHome } from "./java-home.ts";
export type { ImageClass } from "./jimage.ts";
export { ImageFailure, ImageReader } from "./jimage.ts";
export { hasManifest, launcherTakesJar } from "./launcher-manifest.ts";
export { Manifest, ManifestSection, parseManifest } from "./manifest.ts";
export type { ZipEntry } from "./zip.ts";
export { ZipFailure, ZipReader } from "./zip.ts";
