import { readElfSection } from "./elf_section.ts";

/** Which Rust compiled a program. */
export interface RustRelease {
  /** For example `1.95.0`. */
  readonly version: string;
  /** The commit that it was built of; `undefined` where its builder did not say. */
  readonly commit: string | undefined;
  /** The platform that it runs on, by Rust's name; `undefined` where that is not known. */
  readonly host: string | undefined;
}

/** Reads what `rustc -vV` prints; `undefined` when it says no version. */
export function parseRustRelease(text: string): RustRelease | undefined {
  const version = /^release: (\S+)$/m.exec(text)?.[1];
  const commit = /^commit-hash: ([0-9a-f]{40})$/m.exec(text)?.[1];
  const host = /^host: (\S+)$/m.exec(text)?.[1];
  return version === undefined ? undefined : { version, commit, host };
}

/** Finds the line that the compiler left in a program, in its section `.comment`. */
export function rustReleaseOf(program: Uint8Array): RustRelease | undefined {
  const section = readElfSection(program, ".comment");
  const text = section.ok && section.value !== undefined ? new TextDecoder().decode(section.value) : "";
  const version = /rustc version ([0-9]+\.[0-9]+\.[0-9]+(?:-[a-z0-9.]+)?)/.exec(text)?.[1];
  return version === undefined ? undefined : { version, commit: undefined, host: undefined };
}
