import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { cosignedText, formatNoteKey, type NoteKey, noteKey, noteVerdict, parseNoteKey } from "./note_key.ts";
import { formatNote, parseNote, type SignedNote } from "./signed_note.ts";

/** The example of https://c2sp.org/signed-note. */
const KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

Deno.test("noteVerdict() verifies the example of the specification, and no altered one", async () => {
  const key = await parsedKey(KEY);
  strictEqual(await verdictOf(NOTE, key), "good");
  strictEqual(await verdictOf(NOTE.replace("message", "massage"), key), "bad");
  strictEqual(await verdictOf(NOTE.replace("Uw2QOkn8", "Uw2QOkn9"), key), "bad");
  strictEqual(await verdictOf(NOTE.replace("Uw2QOkn8", "Vw2QOkn8"), key), "absent");
  strictEqual(await verdictOf(NOTE.replace("— example.com/foo", "— example.com/fool"), key), "absent");
});

Deno.test("parseNoteKey() reads what formatNoteKey() writes, and no key under the id of another", async () => {
  strictEqual(formatNoteKey(await parsedKey(KEY)), KEY);
  const point = crypto.getRandomValues(new Uint8Array(32));
  const witness = await noteKey("cosignature", "witness.example.com/w1", point);
  deepStrictEqual(await parseNoteKey("cosignature", formatNoteKey(witness)), witness);
  for (
    const text of [
      "",
      "example.com/foo",
      KEY.replace("530d903a", "530d903b"),
      KEY.replace("530d903a", "530D903A"),
      KEY.replace("foo", "fo o"),
      KEY.slice(0, -4),
      formatNoteKey(witness),
    ]
  ) strictEqual(await parseNoteKey("note", text), undefined, text);
});

Deno.test("noteVerdict() verifies the cosignature of a witness, with its time, and not as a plain signature", async () => {
  const pair = await generated();
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const witness = await noteKey("cosignature", "witness.example.com/w1", point);
  const text = "example.com/log\n1\nAAAA\n";
  const time = 1_679_315_147n;
  const signature = await signed(pair, cosignedText(text, time));
  const timed = new Uint8Array(8 + signature.length);
  new DataView(timed.buffer).setBigUint64(0, time);
  timed.set(signature, 8);
  const note = { text, signatures: [{ name: witness.name, keyId: witness.id, signature: timed }] };
  strictEqual(await noteVerdict(note, witness), "good");
  const later = timed.map((byte, at) => at === 7 ? byte ^ 1 : byte);
  const altered = [{ name: witness.name, keyId: witness.id, signature: later }];
  strictEqual(await noteVerdict({ text, signatures: altered }, witness), "bad");
  const plain = await noteKey("note", witness.name, point);
  strictEqual(await noteVerdict(note, plain), "absent");
  strictEqual(await noteVerdict(withId(note, plain.id), plain), "bad");
});

Deno.test("parseNote() reads what formatNote() writes", () => {
  const line = fc.stringMatching(/^[ -~é—]{0,20}$/);
  const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => `${lines.join("\n")}\n`);
  const signature = fc.record({
    name: fc.stringMatching(/^[a-z./é—]{1,9}$/),
    keyId: fc.stringMatching(/^[0-9a-f]{8}$/),
    signature: fc.uint8Array({ minLength: 1, maxLength: 80 }).map((bytes) => new Uint8Array(bytes)),
  }, { noNullPrototype: true });
  const signatures = fc.array(signature, { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(fc.record({ text, signatures }, { noNullPrototype: true }), (note) => {
    deepStrictEqual(parseNote(formatNote(note)), note);
  }));
});

Deno.test("parseNote() refuses what is no note", () => {
  const many = NOTE + NOTE.slice(NOTE.indexOf("—")).repeat(100);
  for (
    const text of [
      "",
      "text\n",
      NOTE.trimEnd(),
      `${NOTE}\n`,
      NOTE.replace("—", "-"),
      NOTE.replace("— ", "—"),
      NOTE.replace("example.com/foo ", "example.com/foo  "),
      NOTE.replace("example.com/foo ", "exa+mple "),
      NOTE.replace("aQM=", "aQM"),
      NOTE.replace("aQM=", "aQN="),
      NOTE.replace(/ Uw2.*/, " AAAAAA=="),
      NOTE.replace("This", "Th\tis"),
      NOTE.replaceAll("\n", "\r\n"),
      many,
    ]
  ) strictEqual(parseNote(text), undefined, text);
});

async function parsedKey(text: string): Promise<NoteKey> {
  const key = await parseNoteKey("note", text);
  if (key === undefined) throw new Error(`"${text}" is no key`);
  return key;
}

async function verdictOf(text: string, key: NoteKey): Promise<string> {
  const note = parseNote(text);
  return note === undefined ? "no note" : await noteVerdict(note, key);
}

function withId(note: SignedNote, keyId: string): SignedNote {
  return { ...note, signatures: note.signatures.map((each) => ({ ...each, keyId })) };
}

async function generated(): Promise<CryptoKeyPair> {
  // deno-lint-ignore no-boolean-literal-for-arguments -- WebCrypto's own signature
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("a pair was wanted");
  return pair;
}

async function signed({ privateKey }: CryptoKeyPair, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, new TextEncoder().encode(text)));
}
