import { ok, strictEqual } from "node:assert/strict";
import { inspect } from "node:util";
import { scrubThrown } from "./scrub_thrown.ts";
import { SecretRegister } from "./secret_register.ts";

Deno.test("scrubThrown() takes a secret out of message, stack and causes of an error, which stays the same", () => {
  const secrets = new SecretRegister();
  secrets.noteText("hunter22-and-more");
  const text = "at hunter22-and-more";
  const cause = new AggregateError([new TypeError(text), text], text, { cause: text });
  const thrown = new RangeError(text, { cause });
  strictEqual(scrubThrown(secrets, thrown), thrown);
  ok(!inspect(thrown, { depth: 20, showHidden: true }).includes("hunter22"), inspect(thrown));
  strictEqual(thrown.message, "at (sensitive)");
  strictEqual(scrubThrown(secrets, text), "at (sensitive)");
  strictEqual(scrubThrown(secrets, undefined), undefined);
});

Deno.test("scrubThrown() comes to an end where causes form a circle", () => {
  const thrown = new Error("a");
  thrown.cause = thrown;
  strictEqual(scrubThrown(new SecretRegister(), thrown), thrown);
});
