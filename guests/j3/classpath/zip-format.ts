/** Numbers of the zip format (APPNOTE.TXT 4.3-4.5): signatures, sizes of the records' fixed parts in bytes, and methods. */

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const END_SIGNATURE = 0x06054b50;
export const END64_SIGNATURE = 0x06064b50;
export const LOCATOR64_SIGNATURE = 0x07064b50;

export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
export const LOCATOR64_BYTES = 20;
export const END64_BYTES = 56;
export const MAX_COMMENT_BYTES = 0xffff;

export const STORED = 0;
export const DEFLATED = 8;
