/** Which Rust compiled a program. */
export interface RustRelease {
  /** For example `1.95.0`. */
  readonly version: string;
  /** The commit that it was built of; `undefined` where its builder did not say. */
  readonly commit: string | undefined;
}

/** Reads what `rustc -vV` prints; `undefined` when it says no version. */
export function parseRustRelease(text: string): RustRelease | undefined {
  const version = /^release: (\S+)$/m.exec(text)?.[1];
  const commit = /^commit-hash: ([0-9a-f]{40})$/m.exec(text)?.[1];
  return version === undefined ? undefined : { version, commit };
}
