import { invariant } from "../../engine/invariant.ts";
import { loadBlake3 } from "../../trust/blake3.ts";
import { ed25519Point, importEd25519, makeEd25519, type SigningKey } from "../../trust/ed25519_key.ts";
import { cosignedText, formatNoteKey, type NoteKey, noteKey } from "../../trust/note_key.ts";
import { formatNote, parseNote } from "../../trust/signed_note.ts";

const TIME_S = 1_767_323_045n;
const TIME_BYTES = 8;

/** A witness of signed checkpoints, as others run them: it puts its name under whatever it is shown. */
export interface Witness {
  /** What smelt.toml names it by. */
  readonly verifierKey: string;
  /** The note with one signature more. */
  cosign(note: string): Promise<string>;
}

/** Makes a witness with a new key, or with a given one. */
export async function newWitness(name: string, given?: SigningKey): Promise<Witness> {
  const key = given ?? await newSigningKey(name);
  const verifier = await publicNoteKey("cosignature", name, key);
  return {
    verifierKey: formatNoteKey(verifier),
    cosign: async (text) => {
      const note = parseNote(text);
      invariant(note !== undefined, "A witness is shown notes only");
      const signed = await key.signer.sign(new TextEncoder().encode(cosignedText(note.text, TIME_S)));
      const signature = new Uint8Array(TIME_BYTES + signed.length);
      new DataView(signature.buffer).setBigUint64(0, TIME_S);
      signature.set(signed, TIME_BYTES);
      const line = { name, keyId: verifier.id, signature };
      return formatNote({ ...note, signatures: [...note.signatures, line] });
    },
  };
}

/** A key of fresh bits. */
export async function newSigningKey(name: string): Promise<SigningKey> {
  const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) };
  const key = await importEd25519(await loadBlake3(), name, makeEd25519(random));
  invariant(key !== undefined, "A new key can be imported");
  return key;
}

/** The public half of a key, for notes. */
export async function publicNoteKey(use: NoteKey["use"], name: string, key: SigningKey): Promise<NoteKey> {
  const point = ed25519Point(key.publicKey);
  invariant(point !== undefined, "A signing key has a public half");
  return await noteKey(use, name, point);
}
