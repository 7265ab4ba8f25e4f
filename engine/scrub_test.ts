import { doesNotMatch, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { markEchoes, scrub, secretsOf } from "./scrub.ts";
import { record, Secret } from "./value.ts";

Deno.test("scrub() removes a secret wherever it stands", () => {
  const secrets = [new Secret("hunter22")];
  strictEqual(
    scrub("login hunter22 failed: hunter22hunter22", secrets),
    "login (sensitive) failed: (sensitive)(sensitive)",
  );
  strictEqual(scrub("login failed", secrets), "login failed");
  strictEqual(scrub("hunter22", []), "hunter22");
});

Deno.test("scrub() removes the JSON, URL and base64 forms", () => {
  const clear = 'pä ss/"wörd"?x';
  const secrets = [new Secret(clear)];
  const bytes = new TextEncoder().encode(clear);
  const encoded = encodeURIComponent(clear);
  const forms = [
    JSON.stringify(clear),
    encoded,
    encoded.toLowerCase(),
    encoded.replaceAll("%20", "+"),
    bytes.toBase64(),
    bytes.toBase64({ alphabet: "base64url", omitPadding: true }),
  ];
  for (const form of forms) {
    const scrubbed = scrub(`<${form}>`, secrets);
    ok(scrubbed.includes("(sensitive)"), form);
    ok(scrubbed.length <= "<(sensitive)>".length + 3, scrubbed);
  }
});

Deno.test("scrub() removes a secret inside something longer in base64, at every alignment", () => {
  const secret = new Secret("correct horse battery staple");
  for (const user of ["a", "ab", "abc", "abcd"]) {
    const header = new TextEncoder().encode(`${user}:correct horse battery staple!`).toBase64();
    const scrubbed = scrub(`Authorization: Basic ${header}`, [secret]);
    ok(scrubbed.includes("(sensitive)"), scrubbed);
    ok(scrubbed.length < 45, scrubbed);
  }
});

Deno.test("scrub() removes each line of a key of several lines, and leaves the frames", () => {
  const key =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE\nICANARYCANARYCANARY=\n-----END PRIVATE KEY-----\n";
  const secrets = [new Secret(key)];
  strictEqual(scrub(`bad line "ICANARYCANARYCANARY="`, secrets), 'bad line "(sensitive)"');
  strictEqual(scrub(`expected -----BEGIN PRIVATE KEY-----`, secrets), "expected -----BEGIN PRIVATE KEY-----");
  doesNotMatch(scrub(JSON.stringify({ key }), secrets), /MC4C|CANARY/);
});

Deno.test("scrub() removes overlapping secrets whole", () => {
  strictEqual(scrub("xabcdefx", [new Secret("abcd"), new Secret("cdef")]), "x(sensitive)x");
  strictEqual(scrub("a sensitive thing", [new Secret("sens")]), "a (sensitive)itive thing");
});

Deno.test("scrub() looks into secrets that are lists, objects and numbers, and skips short ones", () => {
  const secret = new Secret(record([["a", ["token-1", new Secret("token-2")]], ["pin", 123456]]));
  strictEqual(scrub("token-1 token-2 123456", [secret]), "(sensitive) (sensitive) (sensitive)");
  strictEqual(scrub("yes no abc 12", [new Secret("abc"), new Secret(12), new Secret("")]), "yes no abc 12");
});

Deno.test("scrub() leaves no whole copy of any secret, whatever stands around it", () => {
  const clear = fc.string({ unit: "grapheme-ascii", minLength: 4, maxLength: 20 }).filter((text) =>
    text.trim().length >= 4 && !"(sensitive)".includes(text)
  );
  fc.assert(fc.property(fc.array(clear, { minLength: 1, maxLength: 4 }), fc.string(), (clears, around) => {
    const secrets = clears.map((each) => new Secret(each));
    const scrubbed = scrub(around + clears.join(around) + around, secrets);
    for (const each of clears) ok(!scrubbed.replaceAll("(sensitive)", "\0").includes(each));
  }));
});

Deno.test("markEchoes() hides outputs that carry a secret, and no others", () => {
  const secret = new Secret("hunter22");
  const outputs = record([["url", "postgres://root:hunter22@db/x"], ["host", "db"], ["ports", [5432]]]);
  const marked = markEchoes(outputs, [secret]);
  ok(marked["url"] instanceof Secret);
  strictEqual(Secret.open(marked["url"]), "postgres://root:hunter22@db/x");
  strictEqual(marked["host"], "db");
  ok(Array.isArray(marked["ports"]));
});

Deno.test("secretsOf() finds the open secrets at any depth", () => {
  const one = new Secret("one");
  const two = new Secret("two");
  const found = secretsOf(record([["a", one], ["b", [record([["c", two]]), "clear"]]]));
  ok(found.length === 2 && found.includes(one) && found.includes(two));
});
