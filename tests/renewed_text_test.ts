/** A file whose ciphertexts are encrypted anew says what it said, in whatever order its parts stand. */
import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Random } from "../engine/random.ts";
import { parse } from "../lang/parse.ts";
import { sourceText } from "../lang/source_text.ts";
import type { SyntaxTree } from "../lang/syntax_tree.ts";
import { renewText } from "../project/renew_text.ts";
import { ciphertextsOf } from "../project/source_ciphertexts.ts";
import { importSecretKeys, makeSecretKeys, type SecretKeys } from "../trust/secret_keys.ts";
import { openSource, sealSource } from "../trust/source_box.ts";

const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };
const STREAM = "ab".repeat(32);
const CIPHERTEXT_REGEXP = /enc:smelt:1:[0-9a-f]{32}:[A-Za-z0-9_-]+/g;
/** What stands in a template for the ciphertext of the place that it names. */
const SLOT_REGEXP = /@([^@]*)@/g;

/** Some of these, in any order. */
function some(...parts: readonly string[]): fc.Arbitrary<string> {
  return fc.shuffledSubarray([...parts], { minLength: 1 }).map((chosen) => chosen.join("\n"));
}

const slot = (place: string) => `secret("@${place}@")`;

/** Every part that a body can have; a secret in each. */
function body(place: string): fc.Arbitrary<string> {
  return some(
    `  a = ${slot(`${place}.a`)} # a comment`,
    `  b = [${slot(`${place}.b[0]`)}, "é", ${slot(`${place}.b[2]`)}]`,
    `  c = { k = ${slot(`${place}.c.k`)} }`,
    `  one {\n    x = 1\n    a = ${slot(`${place}.one.a`)}\n  }`,
    `  two { a = ${slot(`${place}.two.a`)} }`,
    `  d = "plain"`,
  );
}

function resource(name: string, before = ""): fc.Arbitrary<string> {
  return body(`${before}kind.${name}`).map((text) => `resource kind "${name}" : x.Y {\n${text}\n}`);
}

const COMPONENT = fc.tuple(resource("in", "component k "), resource("too", "component k "))
  .chain(([one, other]) =>
    some(one, other, `param p : String = ${slot("component k.p")}`, `param q : String = "q"`)
  )
  .map((text) => `component "k" {\n${text}\n}`);
const LAYER = body("layer l kind.one").map((text) =>
  `layer "l" over "base" {\n override kind.one {\n${text}\n }\n}`
);
const USE = some(`  p = ${slot("use i.p")}`, `  q = "q"`).map((text) => `use "k" as "i" {\n${text}\n}`);
const FILE = fc.tuple(resource("one"), resource("two"), COMPONENT, LAYER, USE)
  .chain((parts) => some(...parts));

function treeOf(text: string): SyntaxTree {
  const { tree, diagnostics } = parse(sourceText("main.smelt", text));
  deepStrictEqual(diagnostics.filter(({ severity }) => severity === "error"), [], text);
  return tree;
}

async function filled(template: string, seal: (place: string) => Promise<string>): Promise<string> {
  const places = Array.from(template.matchAll(SLOT_REGEXP), ([, place = ""]) => place);
  const sealed = new Map<string, string>();
  for (const place of places) sealed.set(place, await seal(place));
  return template.replaceAll(SLOT_REGEXP, (_, place: string) => sealed.get(place) ?? "");
}

async function twoKeys(): Promise<{ readonly before: SecretKeys; readonly after: SecretKeys }> {
  const [one, other] = [makeSecretKeys(random), makeSecretKeys(random)];
  const before = await importSecretKeys(one);
  const made = await importSecretKeys({ ...one, data: other.data });
  const dataKeys = {
    get: async (id: string) => await before.dataKeys.get(id) ?? await made.dataKeys.get(id),
  };
  return { before, after: { ...made, dataKeys } };
}

Deno.test("renewText() changes nothing but the ciphertexts, each of which opens in its place, in whatever order parts stand", async () => {
  const { before, after } = await twoKeys();
  const parts = { stream: STREAM, random, keys: after };
  const vault = {
    openSource: (place: string, text: string) => openSource(parts, place, text),
    sealSource: (place: string, text: string) => sealSource(parts, place, text),
  };
  await fc.assert(
    fc.asyncProperty(FILE, async (template) => {
      const seal = (place: string) => sealSource({ ...parts, keys: before }, place, `secret of ${place}`);
      const text = await filled(template, seal);
      const tree = treeOf(text);
      const renewed = await renewText(vault, tree, ({ dataKey }) => dataKey === before.active);
      ok(renewed);
      strictEqual(
        renewed.text.replaceAll(CIPHERTEXT_REGEXP, "@"),
        template.replaceAll(SLOT_REGEXP, "@"),
      );
      strictEqual(renewed.unopened.length, 0);
      for (const { place, text: ciphertext, dataKey } of ciphertextsOf(treeOf(renewed.text))) {
        notStrictEqual(dataKey, before.active);
        deepStrictEqual(await vault.openSource(place, ciphertext), { ok: true, value: `secret of ${place}` });
      }
    }),
  );
});

Deno.test("renewText() leaves what does not open in its place as it is, and renews the rest", async () => {
  const { before, after } = await twoKeys();
  const parts = { stream: STREAM, random, keys: after };
  const vault = {
    openSource: (place: string, text: string) => openSource(parts, place, text),
    sealSource: (place: string, text: string) => sealSource(parts, place, text),
  };
  const moved = await sealSource({ ...parts, keys: before }, "kind.other.a", "moved");
  const right = await sealSource({ ...parts, keys: before }, "kind.one.b", "right");
  const text = `resource kind "one" : x.Y {\n  a = secret("${moved}")\n  b = secret("${right}")\n}\n`;
  const renewed = await renewText(vault, treeOf(text), () => true);
  ok(renewed);
  ok(renewed.text.includes(moved));
  ok(!renewed.text.includes(right));
  deepStrictEqual(renewed.unopened.map(({ place }) => place), ["kind.one.a"]);
});
