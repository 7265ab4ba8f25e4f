/** A table of a parsed TOML document. */
export interface Table {
  readonly [key: string]: unknown;
}

/** Tells a table from lists, dates and the other values of TOML. */
export function isTable(value: unknown): value is Table {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The value of `key`, never one that every object inherits. */
export function valueAt(table: unknown, key: string): unknown {
  return isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Names the kind of a TOML value, as messages say it. */
export function kindOfToml(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isTable(value)) return "a table";
  if (typeof value === "string") return "a string";
  if (typeof value === "boolean") return "a boolean";
  return typeof value === "number" || typeof value === "bigint" ? "a number" : "a date or time";
}
