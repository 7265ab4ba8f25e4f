import { parse, TomlError } from "smol-toml";
import { err, ok, type Result } from "../engine/result.ts";

/** A table of TOML: its values by name. */
export type Table = Readonly<Record<string, unknown>>;

/** Reads a text as TOML 1.0; else what is wrong with it, and in which line. */
export function readTable(text: string): Result<Table, string> {
  try {
    return ok(parse(text));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    return err(`${reason}, in line ${error.line}`);
  }
}

/** Whether a value of TOML is a table; a date is none. */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
