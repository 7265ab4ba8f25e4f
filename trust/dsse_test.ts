import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Json } from "../engine/json.ts";
import { preAuthEncoding, readEnvelope, writeEnvelope } from "./dsse.ts";

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

Deno.test("readEnvelope() gives back what writeEnvelope() has written, in either alphabet", () => {
  const signature = new Uint8Array([251, 255, 1]);
  const whole = { payloadType: "t", payload: bytes("{}") };
  const envelope = writeEnvelope({ ...whole, signatures: [{ keyId: "k", signature }] });
  deepStrictEqual(envelope, { payloadType: "t", payload: "e30=", signatures: [{ keyid: "k", sig: "+/8B" }] });
  deepStrictEqual(readEnvelope(envelope), { ...whole, signatures: [{ keyId: "k", signature }] });
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
