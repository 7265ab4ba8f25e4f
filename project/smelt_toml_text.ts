/** How keys and values are written in TOML, and what the editors of `smelt.toml` share. */

/** A value that `smelt.toml` may hold. */
export type TomlValue = string | number | boolean | readonly string[] | { readonly [key: string]: TomlValue };

/** A key, quoted where it must be. */
export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key);
}

/** A basic string: the escapes of JSON, and U+007F, which TOML 1.0 does not allow raw. */
export function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}

/** A value on one line; a table is an inline one. */
export function tomlValue(value: TomlValue): string {
  if (typeof value === "string") return tomlString(value);
  if (typeof value !== "object") return String(value);
  if (isTexts(value)) return `[${value.map(tomlString).join(", ")}]`;
  const entries = Object.entries(value).map(([key, part]) => `${tomlKey(key)} = ${tomlValue(part)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function isTexts(value: object): value is readonly string[] {
  return Array.isArray(value);
}

/** The line end that `text` uses. */
export function newlineOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** Whether two paths of keys are the same. */
export function isPath(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && startsWithPath(left, right);
}

/** Whether `path` begins with `start`. */
export function startsWithPath(path: readonly string[], start: readonly string[]): boolean {
  return start.length <= path.length && start.every((part, index) => path[index] === part);
}
