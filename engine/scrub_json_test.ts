import { deepStrictEqual, ok } from "node:assert/strict";
import { scrubJson } from "./scrub_json.ts";
import { SecretRegister } from "./secret_register.ts";

function scrubbed(secret: string, value: unknown): unknown {
  const secrets = new SecretRegister();
  secrets.noteText(secret);
  const text = scrubJson(secrets, JSON.stringify(value));
  ok(!text.includes(JSON.stringify(secret).slice(1, -1)), text);
  return JSON.parse(text);
}

Deno.test("scrubJson() hides secrets in texts and in names, and leaves JSON", () => {
  const secret = 'two "words"\n';
  deepStrictEqual(scrubbed(secret, { [`a ${secret}`]: [secret, 1, null], b: "x" }), {
    "a (sensitive)": ["(sensitive)", 1, null],
    b: "x",
  });
});

Deno.test("scrubJson() leaves JSON where a secret looks like a part of it", () => {
  deepStrictEqual(scrubbed('":"bbbb","', { aaaa: "bbbb", cccc: "dddd" }), { aaaa: "bbbb", cccc: "dddd" });
  deepStrictEqual(scrubbed("u0007abcd", { a: "\u0007abcd" }), { a: "(sensitive)" });
});
