import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Json } from "../engine/json.ts";
import { preAuthEncoding, readEnvelope, signEnvelope } from "./dsse.ts";

const decoder = new TextDecoder();

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

Deno.test("preAuthEncoding() is that of the vector in DSSE's protocol.md, and counts bytes", () => {
  const encoded = preAuthEncoding("http://example.com/HelloWorld", bytes("hello world"));
  strictEqual(decoder.decode(encoded), "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  strictEqual(decoder.decode(preAuthEncoding("é", bytes("ö "))), "DSSEv1 2 é 3 ö ");
  strictEqual(decoder.decode(preAuthEncoding("", bytes(""))), "DSSEv1 0  0 ");
});

Deno.test("preAuthEncoding() gives no two pairs of type and body one text", () => {
  const pairs = [["a", "1 b"], ["a 1", "b"], ["a 3 1", "b"], ["", "a 1 b"]] as const;
  const texts = pairs.map(([type, body]) => decoder.decode(preAuthEncoding(type, bytes(body))));
  strictEqual(new Set(texts).size, pairs.length);
});

Deno.test("signEnvelope() signs the encoding, and readEnvelope() gives back what was signed", async () => {
  const signed: Uint8Array[] = [];
  const signer = {
    keyId: "k",
    sign: (statement: Uint8Array<ArrayBuffer>) => {
      signed.push(statement);
      return Promise.resolve(new Uint8Array([251, 255, 1]));
    },
  };
  const envelope = await signEnvelope("t", bytes("{}"), signer);
  deepStrictEqual(signed, [preAuthEncoding("t", bytes("{}"))]);
  deepStrictEqual(envelope, { payloadType: "t", payload: "e30=", signatures: [{ keyid: "k", sig: "+/8B" }] });
  const read = {
    payloadType: "t",
    payload: bytes("{}"),
    keyId: "k",
    signature: new Uint8Array([251, 255, 1]),
  };
  const { keyId, signature, ...whole } = read;
  deepStrictEqual(readEnvelope(envelope), { ...whole, signatures: [{ keyId, signature }] });
  const urlSafe = { ...envelope, signatures: [{ sig: "-_8B" }], more: 1 };
  deepStrictEqual(readEnvelope(urlSafe), { ...whole, signatures: [{ keyId: "", signature }] });
});

Deno.test("readEnvelope() takes nothing for an envelope that lacks a part of one", () => {
  const whole = { payloadType: "t", payload: "e30=", signatures: [{ keyid: "k", sig: "AAAA" }] };
  const { payloadType: _type, ...untyped } = whole;
  const cases: readonly Json[] = [
    null,
    [],
    "e30=",
    untyped,
    { ...whole, payload: "e30*" },
    { ...whole, payload: 1 },
    { ...whole, signatures: [] },
    { ...whole, signatures: {} },
    { ...whole, signatures: [{ keyid: 1, sig: "AAAA" }] },
    { ...whole, signatures: [{ keyid: "k", sig: "AAAA" }, { keyid: "k" }] },
  ];
  for (const each of cases) strictEqual(readEnvelope(each), undefined, JSON.stringify(each));
});
