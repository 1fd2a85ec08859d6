/** Where classes are found: the JDK's module image, and class paths of folders and jars. All synchronous. */
export { ImageFailure, ImageReader } from "./jimage.ts";
export type { ImageClass } from "./jimage.ts";
