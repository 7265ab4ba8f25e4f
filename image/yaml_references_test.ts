import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { type ManifestSample, manifestSample } from "../tests/support/manifest_sample.ts";
import { yamlDocuments } from "./yaml_documents.ts";
import { type YamlReference, yamlReferences } from "./yaml_references.ts";
import { withImages } from "./yaml_splice.ts";

const IMAGE = "ghcr.io/me/web@sha256:0123";

/** All documents of a text with `IMAGE` for each reference, and what the references were; the fault otherwise. */
function resolved(text: string): { readonly text: string; readonly found: readonly string[] } | string {
  const found: YamlReference[] = [];
  let after = "";
  for (const document of yamlDocuments(text)) {
    const references = yamlReferences(text, document);
    if (!references.ok) return `${references.error.at}: ${references.error.message}`;
    found.push(...references.value);
    after += withImages(text, document, references.value, () => IMAGE);
  }
  return { text: after, found: found.map((each) => each.text) };
}

Deno.test("6.4 no. 8: whatever a file holds, every byte outside of the references is as it was", () => {
  fc.assert(
    fc.property(manifestSample, ({ references, text, wanted }: ManifestSample) => {
      deepStrictEqual(resolved(text), { text: wanted(IMAGE), found: references });
    }),
    { numRuns: 300 },
  );
});

Deno.test("6.4 no. 8: what a file means is as it was, but for the references", () => {
  const meaning = (text: string): unknown =>
    parseAllDocuments(text, { uniqueKeys: false }).map((each) => each.toJS());
  fc.assert(fc.property(manifestSample, ({ text, uris, wanted }: ManifestSample) => {
    const after = uris.reduce(
      (json, uri) => json.replaceAll(`"${uri}\\n"`, `"${IMAGE}"`).replaceAll(`"${uri}"`, `"${IMAGE}"`),
      JSON.stringify(meaning(text)),
    );
    strictEqual(JSON.stringify(meaning(wanted(IMAGE))), after);
  }));
});

const KEPT: readonly (readonly [title: string, before: string, after: string])[] = [
  ["CRLF", "a: image://x\r\nb: |\r\n  image://y\r\nc: 1\r\n", `a: "${IMAGE}"\r\nb: "${IMAGE}"\r\nc: 1\r\n`],
  ["a byte-order mark", "\uFEFFa: image://x\n", `\uFEFFa: "${IMAGE}"\n`],
  ["tabs between tokens", "a:\timage://x\t# why\nb: [\t1 ]\n", `a:\t"${IMAGE}"\t# why\nb: [\t1 ]\n`],
  ["anchors and aliases", "a: &i image://x\nb: *i\n<<: *c\n", `a: &i "${IMAGE}"\nb: *i\n<<: *c\n`],
  ["duplicate keys", "a: image://x\na: image://y\n", `a: "${IMAGE}"\na: "${IMAGE}"\n`],
  [
    "keys that look so",
    "image://x: 1\n? image://y\n: image://z\n",
    `image://x: 1\n? image://y\n: "${IMAGE}"\n`,
  ],
  ["flow maps without spaces", '{"image":image://x,a: [krust://y]}', `{"image":"${IMAGE}",a: ["${IMAGE}"]}`],
  ["JSON with escaped slashes", '{"image":"image:\\/\\/x"}\n', `{"image":"${IMAGE}"}\n`],
  ["tags of strings", "a: !!str image://x\nb: ! 'image://y'\n", `a: !!str "${IMAGE}"\nb: ! "${IMAGE}"\n`],
  [
    "comments, numbers and words as they are written",
    "# image://x\na: 0o17 # image://y\nb: yes\nc: image://z # d\nd: 1_000\n",
    `# image://x\na: 0o17 # image://y\nb: yes\nc: "${IMAGE}" # d\nd: 1_000\n`,
  ],
  [
    "texts that hold one further in",
    'a: see image://x\nb: \'{"image":"image://y"}\'\nc: |\n  first\n  image://z\n',
    'a: see image://x\nb: \'{"image":"image://y"}\'\nc: |\n  first\n  image://z\n',
  ],
  [
    "what stands around block scalars",
    "a: |- # why\n    image://x\n\n# next\nb: >\n image://y\nc:\n- |2+\n  image://z\n\n",
    `a: "${IMAGE}" # why\n\n# next\nb: "${IMAGE}"\nc:\n- "${IMAGE}"\n\n`,
  ],
  ["a file without a line end", "--- image://x\n--- |\n image://y", `--- "${IMAGE}"\n--- "${IMAGE}"\n`],
  ["directives", "%YAML 1.2\n---\na: image://x\n...\n%TAG ! t,2026:\n--- image://y\n", ""],
  ["documents that hold none and are wrong", "a: [\n---\nb: image://x\n---\n\tc: :\n", ""],
  ["nothing", "", ""],
];

for (const [title, before, after] of KEPT) {
  Deno.test(`6.4 no. 8: resolving keeps ${title}`, () => {
    const wanted = after === "" ? before.replaceAll(/image:\/\/\w/g, `"${IMAGE}"`) : after;
    const found = resolved(before);
    strictEqual(typeof found === "string" ? found : found.text, wanted);
  });
}

const REFUSED: readonly (readonly [title: string, text: string, fault: string])[] = [
  ["a tab as indentation", "a: image://x\n\tb: 1\n", "13: tabs are not allowed as indentation"],
  ["a binary file", "a: 1\n\0\x01image://x", "5: it is no text: it holds U+0000"],
  [
    "a tag of its own",
    "a: !Ref image://x\n",
    '8: "image://x" has the tag "!Ref", and only strings are images',
  ],
  ["an open bracket", "a: [image://x\n", "14: flow sequence in block collection must be sufficiently"],
  ["flow lists that end the stack", `${"[".repeat(50_000)}image://x`, "it is nested too deep"],
  ["lists that end the stack", `${"- ".repeat(50_000)}image://x\n`, "it is nested too deep"],
];

for (const [title, text, fault] of REFUSED) {
  Deno.test(`6.4 no. 8: ${title} is refused with its place`, () => {
    const found = resolved(text);
    ok(typeof found === "string" && found.includes(fault), JSON.stringify(found).slice(0, 300));
  });
}

Deno.test("6.4 no. 8: 10 MB of documents keep their bytes", () => {
  const line = `---\nkind: Pod # a\nmetadata: {name: "x"}\nspec: {a: "${"x".repeat(950)}"}\n`;
  const text = `${line.repeat(5_200)}---\nspec: {image: image://./app}\n${line.repeat(5_200)}`;
  ok(text.length > 10_000_000);
  deepStrictEqual(resolved(text), {
    text: text.replace("image://./app", `"${IMAGE}"`),
    found: ["image://./app"],
  });
});

Deno.test("6.4 no. 8: a list of 150,000 items is no deeper than one of two", () => {
  const text = `items:\n${"- a\n".repeat(150_000)}- image://x\n`;
  deepStrictEqual(resolved(text), { text: text.replace("image://x", `"${IMAGE}"`), found: ["image://x"] });
});
