import type { Brand } from "./brand.ts";

/**
 * The one text form of an address: `kind.name` or `kind.name[key]`, where the kind of a resource inside a component is
 * `instance__kind`. A part that is not letters, digits, `_` and `-` is in double quotes.
 */
export type Address = Brand<string, "Address">;

/** The parts of an address, kept apart so that a name with a dot cannot be read as something else. */
export interface AddressParts {
  /** The instance of the component that the resource came from, as `use … as "instance"` names it. */
  readonly component?: string;
  readonly kind: string;
  readonly name: string;
  /** The key of an instance of `for_each`, or the number of one of `count`, as text. */
  readonly key?: string;
}

const PLAIN_REGEXP = /^[\p{Alphabetic}\p{N}_-]+$/u;
const PART_SOURCE = String.raw`([\p{Alphabetic}\p{N}_-]+|"(?:[^"\\]|\\["\\nrt])*")`;
const ADDRESS_REGEXP = new RegExp(String.raw`^${PART_SOURCE}\.${PART_SOURCE}(?:\[${PART_SOURCE}\])?$`, "u");

/** Renders the parts in the one text form. */
export function formatAddress(parts: AddressParts): Address {
  const kind = parts.component === undefined ? parts.kind : `${parts.component}__${parts.kind}`;
  const key = parts.key === undefined ? "" : `[${formatPart(parts.key)}]`;
  return `${formatPart(kind)}.${formatPart(parts.name)}${key}` as Address;
}

/** Reads the text form; `undefined` when it is not one. The component instance stays inside `kind`: text alone cannot tell. */
export function parseAddress(
  text: string,
): { readonly address: Address; readonly parts: AddressParts } | undefined {
  const match = ADDRESS_REGEXP.exec(text);
  const [, kind, name, key] = match ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const parts = key === undefined
    ? { kind: readPart(kind), name: readPart(name) }
    : { kind: readPart(kind), name: readPart(name), key: readPart(key) };
  return { address: formatAddress(parts), parts };
}

/** Takes text that the log holds: written by `formatAddress`, verified with the record that it stands in. */
export function storedAddress(text: string): Address {
  return text as Address;
}

function formatPart(part: string): string {
  return PLAIN_REGEXP.test(part) ? part : `"${part.replace(/["\\\n\r\t]/g, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  return character === "\t" ? "\\t" : `\\${character}`;
}

function readPart(part: string): string {
  if (!part.startsWith('"')) return part;
  return part.slice(1, -1).replace(/\\(.)/g, (_, character: string) => {
    if (character === "n") return "\n";
    if (character === "r") return "\r";
    return character === "t" ? "\t" : character;
  });
}
