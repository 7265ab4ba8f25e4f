import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { canonicalJson } from "../engine/canonical_json.ts";
import { readAttachment } from "./attachment.ts";
import {
  cosignManifest,
  cosignTag,
  isAttachmentTag,
  readSimpleSigning,
  signatureLayer,
  simpleSigningPayload,
} from "./cosign_tags.ts";
import { digestOf } from "./digest.ts";
import { sha256 } from "./sha256_fixture_test.ts";

const DIGEST = digestOf(sha256, new Uint8Array());

Deno.test("a payload is what cosign signs, and is read back; what names no image is refused", () => {
  const payload = simpleSigningPayload("ghcr.io/me/web", DIGEST);
  strictEqual(
    canonicalJson(payload),
    `{"critical":{"identity":{"docker-reference":"ghcr.io/me/web"},"image":{"docker-manifest-digest":"${DIGEST}"},"type":"cosign container image signature"},"optional":null}`,
  );
  const read = (json: unknown) => readSimpleSigning(new TextEncoder().encode(JSON.stringify(json)));
  deepStrictEqual(read(payload), { ok: true, value: DIGEST });
  for (
    const json of [{}, { critical: 1 }, { critical: { type: "x", image: {} } }, {
      critical: {
        type: "cosign container image signature",
        image: { "docker-manifest-digest": "sha512:00" },
      },
    }]
  ) {
    ok(!read(json).ok);
  }
});

Deno.test("isAttachmentTag() is true of what is made of a digest, and of no tag of an image", () => {
  ok(isAttachmentTag(cosignTag(DIGEST, "sig")) && isAttachmentTag(cosignTag(DIGEST, "att")));
  ok(isAttachmentTag(`sha256-${"0".repeat(64)}`));
  for (const tag of ["v1", "sha256-1", `sha256-${"0".repeat(64)}.other`, `x-sha256-${"0".repeat(64)}`]) {
    ok(!isAttachmentTag(tag), tag);
  }
});

Deno.test("cosignManifest() keeps the signatures of others, and adds none that is there", () => {
  const layer = (text: string, signature: number) =>
    signatureLayer(sha256, new TextEncoder().encode(text), new Uint8Array([signature]));
  const first = cosignManifest(sha256, [], [layer("a", 1)]);
  const before = readAttachment(first.manifest.bytes);
  ok(before.ok);
  ok(!cosignManifest(sha256, before.value.layers, [layer("a", 1)]).isNew);
  const more = cosignManifest(sha256, before.value.layers, [layer("a", 2), layer("a", 1)]);
  const after = readAttachment(more.manifest.bytes);
  ok(after.ok && more.isNew);
  deepStrictEqual(after.value.layers.length, 2);
  deepStrictEqual(after.value.layers[0], before.value.layers[0]);
});
