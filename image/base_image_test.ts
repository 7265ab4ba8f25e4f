import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../engine/json.ts";
import { sha256 } from "./sha256_fixture_test.ts";
import { type BaseManifest, blobFault, readBaseConfig, readBaseDocument } from "./base_image.ts";
import { digestOf } from "./digest.ts";
import { MEDIA_TYPES } from "./media_type.ts";

const encoder = new TextEncoder();
const DIGEST = `sha256:${"ab".repeat(32)}`;
const LAYER = { mediaType: MEDIA_TYPES.layer, digest: DIGEST, size: 3 };
const CONFIG = { mediaType: MEDIA_TYPES.config, digest: DIGEST, size: 2 };

function bytesOf(json: JsonObject): Uint8Array {
  return encoder.encode(JSON.stringify(json));
}

function refusal(json: JsonObject, mediaType: string): string {
  const read = readBaseDocument(bytesOf(json), mediaType);
  return read.ok ? "" : read.error;
}

Deno.test("an index is read without its attachments and unknown platforms", () => {
  const entry = (platform: JsonObject | undefined, more: JsonObject = {}): JsonObject => ({
    ...LAYER,
    mediaType: MEDIA_TYPES.manifest,
    ...(platform === undefined ? {} : { platform }),
    ...more,
  });
  const read = readBaseDocument(
    bytesOf({
      schemaVersion: 2,
      manifests: [
        entry({ os: "linux", architecture: "arm64", variant: "v8" }),
        entry({ os: "unknown", architecture: "unknown" }),
        entry({ os: "linux", architecture: "amd64" }, {
          annotations: { "vnd.docker.reference.type": "attestation-manifest" },
        }),
        entry(undefined),
        entry({ os: "linux", architecture: "amd64" }, { mediaType: MEDIA_TYPES.index }),
        entry({ os: "linux", architecture: "amd64" }),
      ],
    }),
    MEDIA_TYPES.index,
  );
  ok(read.ok && read.value.kind === "index");
  deepStrictEqual(
    read.value.entries.map(({ platform }) => `${platform.os}/${platform.architecture}/${platform.variant}`),
    ["linux/arm64/v8", "linux/amd64/undefined"],
  );
});

Deno.test("Docker's layers become OCI layers, and layers that may not be passed on are refused", () => {
  const docker = "application/vnd.docker.distribution.manifest.v2+json";
  const gzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";
  const read = readBaseDocument(bytesOf({ config: CONFIG, layers: [{ ...LAYER, mediaType: gzip }] }), docker);
  ok(read.ok && read.value.kind === "manifest");
  strictEqual(read.value.manifest.layers[0]?.mediaType, MEDIA_TYPES.layer);
  const foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
  strictEqual(
    refusal({ config: CONFIG, layers: [{ ...LAYER, mediaType: foreign }] }, docker),
    `its layer ${DIGEST} is "${foreign}", which may not be passed on`,
  );
});

Deno.test("documents that say they are something else, or are no JSON, or too deep, or too large are refused", () => {
  const manifest = { config: CONFIG, layers: [] };
  strictEqual(
    refusal({ ...manifest, mediaType: MEDIA_TYPES.index }, MEDIA_TYPES.manifest),
    `it says that it is "${MEDIA_TYPES.index}", and "${MEDIA_TYPES.manifest}" was named`,
  );
  strictEqual(refusal(manifest, "text/html"), 'it is "text/html", which is neither a manifest nor an index');
  strictEqual(refusal({ layers: [] }, MEDIA_TYPES.manifest), "it has no config or no list of layers");
  strictEqual(
    refusal({ config: { ...CONFIG, digest: "sha512:ab" }, layers: [] }, MEDIA_TYPES.manifest),
    'it names the digest "sha512:ab", wanted one by sha256',
  );
  const raw = (text: string | Uint8Array) => {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    const read = readBaseDocument(bytes, MEDIA_TYPES.manifest);
    return read.ok ? "" : read.error;
  };
  strictEqual(raw("<html>"), "it is no JSON");
  strictEqual(raw(new Uint8Array([0xff, 0xfe])), "it is no JSON");
  strictEqual(raw("[]"), "it is no JSON object");
  strictEqual(raw(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`), "it nests deeper than 64");
  strictEqual(raw(new Uint8Array(4 * 1024 * 1024 + 1)), "it has 4194305 bytes, at most 4194304 are read");
});

Deno.test("a config must tell of as many layers as its manifest names", () => {
  const manifest: BaseManifest = {
    config: { ...CONFIG, digest: digestOf(sha256, encoder.encode("x")), sizeBytes: 2 },
    layers: [],
    annotations: {},
  };
  const config = (json: JsonObject) => {
    const read = readBaseConfig(bytesOf(json), manifest);
    return read.ok ? "" : read.error;
  };
  strictEqual(config({ rootfs: { diff_ids: [] } }), "");
  strictEqual(config({ rootfs: { diff_ids: [DIGEST] } }), "it names 1 layers, and its manifest 0");
  strictEqual(config({ rootfs: { diff_ids: ["x"] } }), "it has no list of diff_ids");
  strictEqual(config({}), "it has no list of diff_ids");
  strictEqual(
    config({ rootfs: { diff_ids: [] }, history: [{}, { empty_layer: true }] }),
    "its history tells of 1 layers, and its manifest names 0",
  );
});

Deno.test("blobFault() tells other bytes and another size", () => {
  const bytes = encoder.encode("blob");
  const named = { mediaType: MEDIA_TYPES.layer, digest: digestOf(sha256, bytes), sizeBytes: 4 };
  strictEqual(blobFault(sha256, named, bytes), undefined);
  strictEqual(blobFault(sha256, { ...named, sizeBytes: 5 }, bytes), "it has 4 bytes, and 5 were named");
  strictEqual(blobFault(sha256, named, encoder.encode("blub"))?.slice(0, 19), "it has the digest s");
});

Deno.test("readBaseDocument() never throws, whatever the JSON", () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 5 }),
      fc.constantFrom(MEDIA_TYPES.index, MEDIA_TYPES.manifest),
      (text, type) => {
        readBaseDocument(encoder.encode(text), type);
        readBaseDocument(encoder.encode(`{"manifests":[${text}],"config":${text},"layers":[${text}]}`), type);
      },
    ),
  );
});
