import { ok, strictEqual } from "node:assert/strict";
import { formsOf } from "./secret_forms.ts";
import { SecretRegister } from "./secret_register.ts";
import { record, Secret } from "./value.ts";

const CLEAR = 'pä ss/"wörd"?x\u200b';

function knowing(...texts: readonly string[]): SecretRegister {
  const secrets = new SecretRegister();
  texts.forEach((text) => secrets.noteText(text));
  return secrets;
}

Deno.test("SecretRegister hides a long secret wherever it stands, in every form", () => {
  const secrets = knowing(CLEAR);
  const forms = formsOf(CLEAR);
  ok(forms.length > 12, `${forms.length} forms`);
  for (const form of forms) {
    for (const scrub of [secrets.scrub(`<${form}>`), secrets.scrubForeign(`x${form}x`)]) {
      ok(!scrub.includes(form) && scrub.includes("(sensitive)"), `${form} in ${scrub}`);
    }
    ok(secrets.isIn(form), form);
  }
  strictEqual(secrets.scrub("nothing of it"), "nothing of it");
});

Deno.test("SecretRegister knows what is noted after it was asked, at any depth, and lines of longer texts", () => {
  const secrets = new SecretRegister();
  strictEqual(secrets.scrub("one-secret two-secret"), "one-secret two-secret");
  secrets.note(record([["a", [new Secret(record([["b", "one-secret"]]))]], ["c", "two-secret"]]));
  strictEqual(secrets.scrub("one-secret two-secret"), "(sensitive) two-secret");
  secrets.note(new Secret("first line here\nsecond line here"));
  strictEqual(secrets.scrub("at second line here"), "at (sensitive)");
});

Deno.test("SecretRegister hides a short secret only in what others say, and only as a whole word", () => {
  const secrets = knowing("prod", "1234", "abc");
  strictEqual(secrets.scrub("prod 1234"), "prod 1234");
  ok(!secrets.isIn("prod"));
  strictEqual(
    secrets.scrubForeign('login "prod": product of prod, 1234 of 12345, abc'),
    'login "(sensitive)": product of (sensitive), (sensitive) of 12345, abc',
  );
});

Deno.test("SecretRegister hides bytes as text writes them", () => {
  const secrets = new SecretRegister();
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => 255 - index * 3);
  secrets.noteBytes(bytes);
  const spelt = [bytes.toHex(), bytes.toHex().toUpperCase(), bytes.toBase64()];
  strictEqual(secrets.scrub(spelt.join(" ")), "(sensitive) (sensitive) (sensitive)");
});
