/** What cargo's own configuration says of how programs are compiled. */
export interface CargoSettings {
  /** Files that set flags of the compiler, or the variable that does; each once. */
  readonly flagOrigins: readonly string[];
  /** Linkers by target. */
  readonly linkers: ReadonlyMap<string, string>;
}

/** A part of a key may be quoted, and hold anything then. */
const SETTING_REGEXP = /^((?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_.-])+) = (.*)$/;
const ORIGIN_REGEXP = / # (.+)$/;
const FLAGS_REGEXP = /(?:^|\.)["']?rustflags["']?$/;
const LINKER_REGEXP = /^target\.["']?([A-Za-z0-9_.-]+?)["']?\.linker$/;

/** Reads what `cargo config get --show-origin` prints: a setting a line, where a list has a line for each of its elements. */
export function readCargoSettings(text: string): CargoSettings {
  const flagOrigins = new Set<string>();
  const linkers = new Map<string, string>();
  let isOfFlags = false;
  for (const line of text.split("\n")) {
    const [, key, value = ""] = SETTING_REGEXP.exec(line) ?? [];
    if (key !== undefined) isOfFlags = FLAGS_REGEXP.test(key);
    const origin = ORIGIN_REGEXP.exec(line)?.[1];
    if (isOfFlags && origin !== undefined) flagOrigins.add(origin);
    const target = key === undefined ? undefined : LINKER_REGEXP.exec(key)?.[1];
    const linker = /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
    if (target !== undefined && linker !== undefined) linkers.set(target, linker);
  }
  return { flagOrigins: [...flagOrigins], linkers };
}
