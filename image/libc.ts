/** A C library that was linked into a program. */
export interface Libc {
  readonly name: "musl" | "glibc";
  /** `undefined`: the program does not say it. */
  readonly version: string | undefined;
}

const MARK = new TextEncoder().encode("GNU C Library (");
const LINE_BYTES = 200;
const VERSION_REGEXP = /release version ([0-9]+\.[0-9]+(?:\.[0-9]+)?)/;

/** Finds the line by which the GNU C library within a static program names itself. musl leaves none. */
export function findGlibc(bytes: Uint8Array): Libc | undefined {
  for (let at = bytes.indexOf(MARK[0] ?? 0); at >= 0; at = bytes.indexOf(MARK[0] ?? 0, at + 1)) {
    if (!MARK.every((each, index) => bytes[at + index] === each)) continue;
    const line = new TextDecoder().decode(bytes.subarray(at, at + LINE_BYTES));
    return { name: "glibc", version: VERSION_REGEXP.exec(line)?.[1] };
  }
  return undefined;
}
