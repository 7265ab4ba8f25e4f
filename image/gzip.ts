import { gzipSync } from "fflate";

/** Which deflater made a layer, with its level: other bytes may come of another. It is part of what an image is made of. */
export const DEFLATER = "fflate-0.8.3/6";

const LEVEL = 6;
const EXTRA_FLAGS_AT = 8;
const OS_AT = 9;
const UNKNOWN_OS = 255;

/**
 * Compresses to one gzip member (RFC 1952) without name, time or system in its header. The deflater is a package at one
 * version, since the runtime's own gives other bytes with another runtime, and so another digest.
 */
export function gzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(gzipSync(bytes, { level: LEVEL, mtime: 0 }));
  packed[EXTRA_FLAGS_AT] = 0;
  packed[OS_AT] = UNKNOWN_OS;
  return packed;
}
