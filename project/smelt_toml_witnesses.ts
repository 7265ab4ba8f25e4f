import type { Witnesses } from "../audit/open_checkpoint.ts";
import type { Check } from "./smelt_toml_check.ts";
import { kindOfToml, type Table, valueAt } from "./smelt_toml_table.ts";

/** What holds without `[witnesses]`: nobody has to cosign. */
export const NO_WITNESSES: Witnesses = { keys: [], required: 0 };

/** The type of a witness's key by Ed25519 (C2SP, tlog-cosignature), and how many bytes stand behind it. */
const WITNESS_TYPE = 0x04;
const KEY_BYTES = 33;

/** A signed checkpoint that an environment's log must hold. */
export interface CheckpointPin {
  /** As written: relative to the folder of `smelt.toml`, or absolute. */
  readonly file: string;
  readonly witnesses: Witnesses;
}

/** Reads `[witnesses]`: whose cosignatures signed checkpoints must bear, and how many of them. */
export function readWitnesses(check: Check, root: Table): Witnesses {
  const path = ["witnesses"];
  const table = check.table(root, path);
  if (table === undefined) return NO_WITNESSES;
  check.keys(table, path, ["keys", "required"]);
  const placed = check.texts(table, [...path, "keys"]);
  if (valueAt(table, "keys") === undefined) {
    check.fail(
      path,
      `Add "keys" to "[witnesses]"`,
      'for example keys = ["witness.example.com/w1+1a2b3c4d+BD…"]',
    );
  }
  for (const { name, span } of placed) {
    const fault = keyFault(name);
    if (fault !== undefined) check.failAt(span, `Correct "witnesses.keys": ${fault}`);
  }
  const keys = placed.map(({ name }) => name);
  return { keys, required: readRequired(check, table, keys.length) };
}

/** Reads `checkpoint` of the environment at `path`. */
export function readCheckpointPin(
  check: Check,
  environment: Table,
  path: readonly string[],
  witnesses: Witnesses,
): CheckpointPin | undefined {
  const place = [...path, "checkpoint"];
  const file = check.text(environment, place, /^[^\p{Cc}]{1,1000}$/u, "the path of a file");
  if (file === undefined) return undefined;
  if (valueAt(environment, "first_record") === undefined) {
    check.fail(
      place,
      `Add "first_record" to "[${path.join(".")}]": it names the log that "checkpoint" is about`,
    );
  }
  return { file, witnesses };
}

/** All of them when it is left out. */
function readRequired(check: Check, table: Table, count: number): number {
  const value = valueAt(table, "required");
  if (value === undefined) return count;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= count) return value;
  const found = typeof value === "number" || typeof value === "bigint" ? `${value}` : kindOfToml(value);
  check.fail(
    ["witnesses", "required"],
    `Correct "witnesses.required": expected a whole number from 1 to ${count}, the number of keys, found ${found}`,
  );
  return count;
}

/** Why a text is not the key of a witness. That its id is its own is checked where it is used. */
function keyFault(text: string): string | undefined {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  if (name === undefined || id === undefined || base64 === undefined) {
    return `expected name+id+key with an id of 8 hex digits, found ${JSON.stringify(text)}`;
  }
  const bytes = bytesOf(base64);
  const type = bytes?.[0];
  if (bytes?.length !== KEY_BYTES || type === undefined) {
    return `expected a key of ${KEY_BYTES} bytes in base64 behind ${JSON.stringify(`${name}+${id}+`)}`;
  }
  if (type === WITNESS_TYPE) return undefined;
  const found = `0x${type.toString(16).padStart(2, "0")}`;
  return `expected the key of a witness, of type 0x04, found one of type ${found} of ${JSON.stringify(name)}`;
}

function bytesOf(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(base64);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
