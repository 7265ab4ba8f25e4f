import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createSign, generateKeyPairSync } from "node:crypto";
import { NON_EXTRACTABLE } from "./_web_crypto.ts";
import { derEcdsaSignature, rawEcdsaSignature } from "./ecdsa_signature.ts";

const SMALL = Uint8Array.fromHex("3006020101020102");

/** A number of 32 bytes whose first bit is set, as DER writes it. */
const FULL = `022100${"ff".repeat(32)}`;

Deno.test("rawEcdsaSignature() gives what WebCrypto verifies of signatures that another implementation made, and derEcdsaSignature() those again", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("spki", spki, curve, NON_EXTRACTABLE, ["verify"]);
  // Among so many some have a number that is shorter than the rest, and some one with a leading zero.
  for (let count = 0; count < 300; count++) {
    const text = new TextEncoder().encode(`statement ${count}`);
    const der = new Uint8Array(createSign("sha256").update(text).sign(privateKey));
    const raw = rawEcdsaSignature(der);
    ok(raw?.length === 64);
    deepStrictEqual(derEcdsaSignature(raw), der);
    ok(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, raw, text), text.toString());
  }
});

Deno.test("rawEcdsaSignature() puts short numbers at the end of their 32 bytes", () => {
  const raw = rawEcdsaSignature(SMALL);
  deepStrictEqual(raw?.toHex(), "00".repeat(31) + "01" + "00".repeat(31) + "02");
  const full = rawEcdsaSignature(Uint8Array.fromHex(`3046${FULL}${FULL}`));
  strictEqual(full?.toHex(), "ff".repeat(64));
});

Deno.test("rawEcdsaSignature() refuses what is not the one spelling that DER has", () => {
  for (
    const [why, hex] of [
      ["nothing", ""],
      ["no sequence", "3106020101020102"],
      ["a byte after the sequence", "300602010102010200"],
      ["a byte after the numbers", "300702010102010200"],
      ["one number", "3003020101"],
      ["a length that points beyond", "3006020101020202"],
      ["a long form of a short length", "308106020101020102"],
      ["no integer", "3006020101040102"],
      ["an empty number", "300502010102"],
      ["a negative number", "3006020181020102"],
      ["a zero that is not needed", "300702020001020102"],
      ["zero", "3006020100020102"],
      ["a number of 33 bytes", `3026022101${"ff".repeat(32)}020102`],
      ["a number of 34 bytes", `302702220080${"ff".repeat(32)}020102`],
    ] as const
  ) strictEqual(rawEcdsaSignature(Uint8Array.fromHex(hex)), undefined, why);
});
