import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { Random } from "../engine/random.ts";
import { toBase64url } from "./base64url.ts";
import { loadBlake3 } from "./blake3.ts";
import { importEd25519, makeEd25519, type SigningKey } from "./ed25519_key.ts";
import { readKeyDocument, writeKeyDocument } from "./key_document.ts";
import { planStatement, unsavedStatement } from "./statement.ts";
import { signatureVerifier } from "./verify_signature.ts";

const hash = await loadBlake3();
const checks = { hash, verifySignature: signatureVerifier(hash) };
const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };

async function newKey(name: string): Promise<SigningKey> {
  const key = await importEd25519(hash, name, makeEd25519(random));
  ok(key !== undefined);
  return key;
}

Deno.test("the document of a key is read as it was written, whatever the white space and the order", async () => {
  const document = await writeKeyDocument(hash, await newKey("ann"));
  const backwards = Object.fromEntries(Object.entries(document).reverse());
  for (
    const text of [
      JSON.stringify(document),
      JSON.stringify(backwards, null, 3),
      `\n${JSON.stringify(document)}\r\n`,
    ]
  ) {
    deepStrictEqual(await readKeyDocument(checks, text, "a.json"), document);
  }
});

Deno.test("a document with any character changed is refused or no document", async () => {
  const document = await writeKeyDocument(hash, await newKey("ann"));
  const text = JSON.stringify(document);
  for (let at = 0; at < text.length; at++) {
    const changed = text.slice(0, at) + (text[at] === "x" ? "y" : "x") + text.slice(at + 1);
    const read = await readKeyDocument(checks, changed, "a.json").catch((error: Error) => error.name);
    ok(read === undefined || read === "IntegrityError", `character ${at}: ${changed}`);
  }
});

Deno.test("a signature that the key made of anything else proves nothing", async () => {
  const key = await newKey("ann");
  const document = await writeKeyDocument(hash, key);
  const { signature: _signature, ...body } = document;
  const digest = hash(new TextEncoder().encode(JSON.stringify(body)));
  for (const statement of [planStatement("", digest), unsavedStatement("", digest)]) {
    const forged = { ...document, signature: toBase64url(await key.signer.sign(statement)) };
    await rejects(readKeyDocument(checks, JSON.stringify(forged), "a.json"), { kind: "signature" });
  }
});

Deno.test("a public key in another encoding is refused: it would be one key under two ids", async () => {
  const key = await newKey("ann");
  const document = await writeKeyDocument(hash, key);
  const spki = Uint8Array.fromBase64(document.publicKey, { alphabet: "base64url" });
  // The outer length in its long form, which DER does not allow.
  const longer = new Uint8Array([0x30, 0x81, 0x2a, ...spki.slice(2)]);
  const other = { ...document, publicKey: toBase64url(longer), id: hash(longer) };
  await rejects(readKeyDocument(checks, JSON.stringify(other), "a.json"), { kind: "key" });
  strictEqual(
    await readKeyDocument(checks, JSON.stringify({ ...document, use: "sign" }), "a.json"),
    undefined,
  );
});
