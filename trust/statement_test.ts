import { deepStrictEqual, notDeepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { signedStatement } from "./statement.ts";

const STREAM = "ab".repeat(32);
const HASH = "0f".repeat(32);

Deno.test("signedStatement() lays out tag, stream, seq and hash, each after its length", () => {
  const statement = signedStatement(STREAM, 12, HASH);
  const text = new TextDecoder("latin1").decode(statement);
  strictEqual(
    text,
    `\0\0\0\x0fsmelt.record.v1\0\0\0\x40${STREAM}\0\0\0\x0212\0\0\0\x40${HASH}`,
  );
});

Deno.test("signedStatement() of record 1 has an empty stream", () => {
  const statement = signedStatement("", 1, HASH);
  const text = new TextDecoder("latin1").decode(statement);
  strictEqual(text, `\0\0\0\x0fsmelt.record.v1\0\0\0\0\0\0\0\x011\0\0\0\x40${HASH}`);
});

Deno.test("signedStatement() is another for another stream, seq or hash, however the texts meet", () => {
  const one = signedStatement(STREAM, 1, HASH);
  notDeepStrictEqual(one, signedStatement(`${STREAM}1`, 1, HASH));
  notDeepStrictEqual(one, signedStatement(STREAM, 11, HASH));
  notDeepStrictEqual(one, signedStatement(STREAM, 1, "1f".repeat(32)));
  deepStrictEqual(one, signedStatement(STREAM, 1, HASH));
});

Deno.test("signedStatement() never exceeds 175 bytes", () => {
  strictEqual(signedStatement(STREAM, Number.MAX_SAFE_INTEGER, HASH).length, 175);
});

Deno.test("signedStatement() refuses what is no seq", () => {
  for (const seq of [0, -1, 1.5, Number.NaN, 2 ** 53]) throws(() => signedStatement(STREAM, seq, HASH));
});
