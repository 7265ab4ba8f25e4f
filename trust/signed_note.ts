/**
 * Signed notes in the form of C2SP (https://c2sp.org/signed-note): a text, an empty line, and a line for each signature,
 *
 *   — <key name> <base64 of the 4 bytes of the key's id and of the signature>
 *
 * A reader takes no more than 100 signatures, as others do.
 */
const SIGNATURE_REGEXP = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;
// deno-lint-ignore no-control-regex -- which no note may hold
const CONTROL_REGEXP = /[\u0000-\u0009\u000b-\u001f]/;
const ID_BYTES = 4;
const LARGEST_COUNT = 100;

/** One signature of a note, which says nothing until it was verified by a key that is trusted. */
export interface NoteSignature {
  readonly name: string;
  /** The key's id: 8 hex digits. It tells keys apart and proves nothing. */
  readonly keyId: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** A note as it was read. */
export interface SignedNote {
  /** What is signed; ends with a line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Whether `name` can name the key of a note. */
export function isNoteKeyName(name: string): boolean {
  return /^[^\s+\p{Cc}]+$/u.test(name);
}

/** Writes a note. */
export function formatNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(({ name, keyId, signature }) => {
    const bytes = new Uint8Array([...Uint8Array.fromHex(keyId), ...signature]);
    return `— ${name} ${bytes.toBase64()}\n`;
  });
  return `${text}\n${lines.join("")}`;
}

/** Reads a note; `undefined` when it is none. */
export function parseNote(note: string): SignedNote | undefined {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || CONTROL_REGEXP.test(note) || !note.endsWith("\n")) return undefined;
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > LARGEST_COUNT) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignature(line);
    if (signature === undefined) return undefined;
    signatures.push(signature);
  }
  return { text: note.slice(0, end + 1), signatures };
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name = "", base64 = ""] = SIGNATURE_REGEXP.exec(line) ?? [];
  const bytes = readBase64(base64);
  if (bytes === undefined || bytes.length <= ID_BYTES || !isNoteKeyName(name)) return undefined;
  return { name, keyId: bytes.subarray(0, ID_BYTES).toHex(), signature: bytes.slice(ID_BYTES) };
}

/** Reads base64 with padding, and nothing but what writing it gives. */
export function readBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text);
    return bytes.toBase64() === text ? bytes : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
