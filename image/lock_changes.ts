import { parse, TomlError } from "smol-toml";
import { compareText } from "../engine/text_order.ts";

/** The packages of a Cargo.lock: the versions of each, by name. */
export type LockedPackages = ReadonlyMap<string, readonly string[]>;

const NAMED_LIMIT = 3;

/** Reads the packages of a Cargo.lock; `undefined` for what is none. */
export function readCargoLock(text: string): LockedPackages | undefined {
  const parsed = parsedToml(text);
  const entries = parsed?.["package"] ?? [];
  if (parsed === undefined || !Array.isArray(entries)) return undefined;
  const packages = new Map<string, string[]>();
  for (const entry of entries) {
    const { name, version } = Object(entry);
    if (typeof name !== "string" || typeof version !== "string") return undefined;
    packages.set(name, [...packages.get(name) ?? [], version].toSorted(compareText));
  }
  return packages;
}

/** Says what differs, for example `serde 1.0.1 -> 1.0.2, and 2 more`; `undefined` where no version does. */
export function lockChangeText(before: LockedPackages, after: LockedPackages): string | undefined {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted(compareText);
  const changes = names.flatMap((name) => {
    const [old, now] = [before, after].map((each) => (each.get(name) ?? []).join(" and "));
    if (old === now) return [];
    if (old === "") return [`${name} ${now} is new`];
    return [now === "" ? `${name} ${old} is gone` : `${name} ${old} -> ${now}`];
  });
  if (changes.length === 0) return undefined;
  const rest = changes.length - NAMED_LIMIT;
  return [...changes.slice(0, NAMED_LIMIT), ...rest > 0 ? [`and ${rest} more`] : []].join(", ");
}

function parsedToml(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}
