import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { attachmentEntry, makeAttachment, readAttachment } from "./attachment.ts";
import { blobOf } from "./descriptor.ts";
import { MEDIA_TYPES } from "./media_type.ts";
import { readReferrers, referrersTag, withReferrers } from "./referrers.ts";
import { sha256 } from "./sha256_fixture_test.ts";

const SUBJECT = blobOf(sha256, MEDIA_TYPES.index, new TextEncoder().encode("index"));

function attached(text: string) {
  return makeAttachment(sha256, {
    artifactType: "application/x",
    document: blobOf(sha256, "application/x", new TextEncoder().encode(text)),
    subject: SUBJECT,
    annotations: { a: "1" },
  });
}

Deno.test("makeAttachment() is read back as it was, and its config is the empty one of the specification", () => {
  const { manifest, parts } = attached("hello");
  strictEqual(parts[0]?.digest, "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  const read = readAttachment(manifest.bytes);
  ok(read.ok);
  const { annotations, artifactType, layers, subject } = read.value;
  deepStrictEqual([annotations, artifactType, subject], [{ a: "1" }, "application/x", SUBJECT.digest]);
  strictEqual(layers[0]?.digest, parts[1]?.digest);
  strictEqual(attached("hello").manifest.digest, manifest.digest);
});

Deno.test("a list keeps what it had word for word, and two who add the same make the same bytes", () => {
  const [one, two] = [attached("one"), attached("two")].map(attachmentEntry);
  ok(one !== undefined && two !== undefined);
  const first = withReferrers(sha256, [], [one]);
  const odd = readReferrers(new TextEncoder().encode(JSON.stringify({ manifests: [{ ...one, more: [1] }] })));
  ok(odd.ok);
  match(new TextDecoder().decode(withReferrers(sha256, odd.value, [two]).bytes), /"more":\[1\]/);
  const read = readReferrers(first.bytes);
  ok(read.ok);
  strictEqual(
    withReferrers(sha256, read.value, [two]).digest,
    withReferrers(sha256, [], [two, one]).digest,
  );
  match(referrersTag(SUBJECT.digest), /^sha256-[0-9a-f]{64}$/);
});

Deno.test("what is no attachment and no list is told as such", () => {
  const bytes = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
  for (const json of [null, [], {}, { config: {}, layers: [] }, { config: null, layers: [] }]) {
    ok(!readAttachment(bytes(json)).ok);
  }
  for (
    const json of [null, {}, { manifests: {} }, { manifests: [1] }, {
      mediaType: MEDIA_TYPES.manifest,
      manifests: [],
    }]
  ) {
    ok(!readReferrers(bytes(json)).ok, JSON.stringify(json));
  }
});
