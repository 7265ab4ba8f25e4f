import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { canonicalJson, parseCanonicalJson } from "../engine/canonical_json.ts";
import { IntegrityError, type IntegrityKind } from "../engine/integrity_error.ts";
import type { Json } from "../engine/json.ts";
import { readCanonical } from "./canonical_text.ts";
import { openRecord, storedBytes } from "./record_codec.ts";

const RECORD = {
  at: "2026-01-02T03:04:05.000Z",
  by: "k",
  events: [{ type: "RunRenewed" }],
  prev: "p",
  run: "r",
  seq: 2,
  stream: "s",
  v: 1,
} as const;
const SIGNATURE = new Uint8Array(64).fill(7);

Deno.test("openRecord() gives back what storedBytes() put together", () => {
  const text = canonicalJson(RECORD);
  const opened = openRecord(stored(text), "dev record 2");
  const { v: _v, ...frame } = RECORD;
  const canonicalBytes = new TextEncoder().encode(text);
  deepStrictEqual(opened, { ...frame, canonicalBytes, signature: SIGNATURE });
});

const TEXT = canonicalJson(RECORD);
const REFUSED: readonly (readonly [string, Uint8Array, IntegrityKind])[] = [
  ["no TAB", bytesOf(TEXT), "malformed"],
  ["two TABs", bytesOf(`${TEXT}\t\t${"B".repeat(86)}`), "malformed"],
  ["no signature alphabet", bytesOf(`${TEXT}\t=+/`), "malformed"],
  ["a padded signature", bytesOf(`${TEXT}\tBwcHBw==`), "malformed"],
  ["spare bits in the signature", bytesOf(`${TEXT}\tBx`), "malformed"],
  ["bytes that are no UTF-8", new Uint8Array([0xff, ...stored(TEXT)]), "malformed"],
  ["a byte-order mark", new Uint8Array([0xef, 0xbb, 0xbf, ...stored(TEXT)]), "malformed"],
  ["white space", stored(` ${TEXT}`), "malformed"],
  ["another order of keys", stored(`{"v":1,${TEXT.slice(1, -7)}}`), "malformed"],
  ["a key twice", stored(TEXT.replace('"by":"k"', '"by":"j","by":"k"')), "malformed"],
  ["another spelling of a number", stored(TEXT.replace('"seq":2', '"seq":2.0')), "malformed"],
  ["another spelling of a character", stored(TEXT.replace('"by":"k"', '"by":"\\u006b"')), "malformed"],
  ["a lone surrogate", stored(TEXT.replace('"by":"k"', '"by":"\\ud800"')), "malformed"],
  ["a list", stored("[]"), "malformed"],
  ["nothing before the TAB", stored(""), "malformed"],
  ["a record without run", changed({ run: undefined }), "malformed"],
  ["a seq of 0", changed({ seq: 0 }), "malformed"],
  ["a seq that is text", changed({ seq: "2" }), "malformed"],
  ["no events", changed({ events: [] }), "malformed"],
  ["a stream that is no text", changed({ stream: null }), "malformed"],
  ["nesting that no stack holds", stored(`${"[".repeat(200_000)}${"]".repeat(200_000)}`), "malformed"],
  ["an unknown key", changed({ zone: 1 }), "version"],
  ["a newer format", changed({ v: 2, zone: 1 }), "version"],
];

for (const [what, bytes, kind] of REFUSED) {
  Deno.test(`openRecord() refuses ${what}`, () => {
    throws(
      () => openRecord(bytes, "dev record 2"),
      (error) => {
        strictEqual(error instanceof IntegrityError && error.kind, kind);
        strictEqual(error instanceof IntegrityError && error.where, "dev record 2");
        return true;
      },
    );
  });
}

Deno.test("openRecord() says which format a newer version wrote", () => {
  throws(
    () => openRecord(changed({ v: 2 }), "dev record 2"),
    /Cannot read dev record 2: it is of record format 2, and this version reads 1; it needs a newer version of smelt/,
  );
});

Deno.test("readCanonical() reads and refuses what parseCanonicalJson() does", () => {
  const texts = [
    TEXT,
    "1",
    "-0",
    "1e21",
    "1E21",
    "0.1",
    "null",
    "{}",
    '{"":1}',
    '{"10":1,"9":2}',
    '{"9":2,"10":1}',
    '{"-":0,"1":1}',
    '{"1":1,"-":0}',
    '{"__proto__":1}',
    '{"a":1,"__proto__":{"b":[]}}',
    '{"\\ud83d\\ude00":1}',
    '{"😀":1,"\uffff":2}',
    '{"\uffff":2,"😀":1}',
    '"\\ud800"',
    '"\\u0001\\n\\"\\\\"',
    '"\\/"',
    "[1,2",
    "",
  ];
  for (const text of texts) deepStrictEqual(readCanonical(text), parseCanonicalJson(text), text);
});

function changed(change: Record<string, Json | undefined>): Uint8Array {
  return stored(canonicalJson({ ...RECORD, ...change } as unknown as Json));
}

function stored(text: string): Uint8Array {
  return storedBytes(bytesOf(text), SIGNATURE);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
