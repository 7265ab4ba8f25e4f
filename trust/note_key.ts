import { NON_EXTRACTABLE } from "./_web_crypto.ts";
import { isNoteKeyName, type NoteSignature, readBase64, type SignedNote } from "./signed_note.ts";

/** What a key of notes signs, by the type that C2SP gives it: the text itself, or that a witness has seen it at a time. */
export const NOTE_KEY_TYPES = { note: 0x01, cosignature: 0x04 } as const;

export type NoteKeyUse = keyof typeof NOTE_KEY_TYPES;

const POINT_BYTES = 32;
const TIME_BYTES = 8;
const ID_BYTES = 4;

/** A public key of notes, by Ed25519. */
export interface NoteKey {
  readonly name: string;
  /** 8 hex digits, of name, type and key. */
  readonly id: string;
  readonly use: NoteKeyUse;
  /** The 32 bytes of RFC 8032. */
  readonly point: Uint8Array<ArrayBuffer>;
}

/** Makes the key of this name; its id is SHA-256(name ‖ 0x0a ‖ type ‖ key), the first 4 bytes. */
export async function noteKey(
  use: NoteKeyUse,
  name: string,
  point: Uint8Array<ArrayBuffer>,
): Promise<NoteKey> {
  const named = new TextEncoder().encode(`${name}\n`);
  const bytes = new Uint8Array([...named, NOTE_KEY_TYPES[use], ...point]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { name, id: digest.subarray(0, ID_BYTES).toHex(), use, point };
}

/** Writes a key as verifiers of notes are told it: `name+id+base64(type ‖ key)`. */
export function formatNoteKey({ name, id, use, point }: NoteKey): string {
  return `${name}+${id}+${new Uint8Array([NOTE_KEY_TYPES[use], ...point]).toBase64()}`;
}

/** Reads a key; `undefined` when it is none of `use`, or when its id is another than its own. */
export async function parseNoteKey(use: NoteKeyUse, text: string): Promise<NoteKey | undefined> {
  const [, name = "", id = "", base64 = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = readBase64(base64);
  if (bytes?.length !== 1 + POINT_BYTES || bytes[0] !== NOTE_KEY_TYPES[use] || !isNoteKeyName(name)) {
    return undefined;
  }
  const key = await noteKey(use, name, bytes.slice(1));
  return key.id === id ? key : undefined;
}

/**
 * Whether `key` signed the note. `absent`: it bears no signature under the key's name and id. `bad`: one that claims to be the
 * key's is not, for which a note is to be refused whatever else it bears.
 */
export async function noteVerdict(note: SignedNote, key: NoteKey): Promise<"good" | "absent" | "bad"> {
  const own = note.signatures.filter(({ name, keyId }) => name === key.name && keyId === key.id);
  if (own.length === 0) return "absent";
  const verdicts = await Promise.all(own.map((each) => verifies(note.text, each, key)));
  return verdicts.every((good) => good) ? "good" : "bad";
}

async function verifies(text: string, { signature }: NoteSignature, key: NoteKey): Promise<boolean> {
  const signed = key.use === "note" ? { bytes: signature, text } : cosigned(text, signature);
  if (signed === undefined) return false;
  const imported = await importPoint(key.point);
  if (imported === undefined) return false;
  return await crypto.subtle.verify("Ed25519", imported, signed.bytes, new TextEncoder().encode(signed.text));
}

/** What a witness signs (https://c2sp.org/tlog-cosignature): the note's text under a line with the time, which stands before the signature. */
function cosigned(
  text: string,
  signature: Uint8Array<ArrayBuffer>,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly text: string } | undefined {
  if (signature.length <= TIME_BYTES) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return { bytes: signature.slice(TIME_BYTES), text: cosignedText(text, time) };
}

/** The text that a cosignature at `time`, in seconds since 1970, covers. */
export function cosignedText(text: string, time: bigint): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}

async function importPoint(point: Uint8Array<ArrayBuffer>): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey("raw", point, "Ed25519", NON_EXTRACTABLE, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
