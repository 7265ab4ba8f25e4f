import type { KeyState } from "../engine/environment.ts";
import type { TrustedKey } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import {
  type CheckpointOrigin,
  checkpointOrigin,
  type CheckpointStatement,
  parseStatement,
} from "../store/signed_checkpoint.ts";
import { ed25519Point } from "../trust/ed25519_key.ts";
import { noteKey, noteVerdict, parseNoteKey } from "../trust/note_key.ts";
import { parseNote, type SignedNote } from "../trust/signed_note.ts";

/** A file that says to be a signed checkpoint. */
export interface CheckpointFile {
  /** Its name, for people. */
  readonly source: string;
  readonly text: string;
}

/** Whose cosignatures a checkpoint must bear. */
export interface Witnesses {
  /** Their keys, as C2SP writes keys of notes. */
  readonly keys: readonly string[];
  /** How many of them at least. */
  readonly required: number;
}

/** A checkpoint that was read, and says nothing yet: whose it is, and who signed it, is for the functions below. */
export interface OpenedCheckpoint {
  readonly source: string;
  readonly note: SignedNote;
  readonly statement: CheckpointStatement;
}

/** Reads the file. All faults here are one sentence without its full stop. */
export function openCheckpoint({ source, text }: CheckpointFile): Result<OpenedCheckpoint, string> {
  const note = parseNote(text);
  const statement = note === undefined ? undefined : parseStatement(note.text);
  return note === undefined || statement === undefined
    ? err(`"${source}" is not a signed checkpoint of smelt`)
    : ok({ source, note, statement });
}

/** Why it is not of this log. */
export function originFault(
  { source, statement }: OpenedCheckpoint,
  wanted: CheckpointOrigin,
): string | undefined {
  if (statement.project !== wanted.project) {
    return `"${source}" is of the project "${statement.project}", not of "${wanted.project}"`;
  }
  if (statement.environment !== wanted.environment) {
    return `"${source}" is of the environment "${statement.environment}", not of "${wanted.environment}"`;
  }
  return statement.stream === wanted.stream
    ? undefined
    : `"${source}" is of another log of "${wanted.environment}", which begins with the record ${statement.stream}`;
}

/** The keys that sign checkpoints of a log. Those that were revoked since did: what was signed stands. */
export function checkpointKeys(keys: Iterable<KeyState>): readonly TrustedKey[] {
  return [...keys].map(({ key }) => key).filter(({ roles }) => roles.includes("apply"));
}

/** Why none of these keys of a log vouches for it. */
export async function signatureFault(
  { note, source, statement }: OpenedCheckpoint,
  keys: Iterable<TrustedKey>,
): Promise<string | undefined> {
  let isSigned = false;
  for (const key of keys) {
    const point = ed25519Point(key.publicKey);
    if (point === undefined) continue;
    const verdict = await noteVerdict(note, await noteKey("note", checkpointOrigin(statement), point));
    if (verdict === "bad") {
      return `The signature of the key "${key.name}" in "${source}" is not one of its text`;
    }
    isSigned ||= verdict === "good";
  }
  return isSigned ? undefined : `No key of the log signed the checkpoint in "${source}"`;
}

/** Why it does not bear the cosignatures that are required. */
export async function witnessFault(
  { note, source }: OpenedCheckpoint,
  { keys, required }: Witnesses,
): Promise<string | undefined> {
  const missing: string[] = [];
  for (const text of keys) {
    const key = await parseNoteKey("cosignature", text);
    if (key === undefined) {
      return `"${text}" in smelt.toml is not the key of a witness: its id is not its own`;
    }
    const verdict = await noteVerdict(note, key);
    if (verdict === "bad") return `The cosignature of "${key.name}" in "${source}" is not one of its text`;
    if (verdict === "absent") missing.push(`"${key.name}"`);
  }
  const found = keys.length - missing.length;
  return found >= required
    ? undefined
    : `"${source}" bears ${found} of the ${required} cosignatures that smelt.toml asks for: none of ${
      missing.join(", ")
    }`;
}
