import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import type { JsonObject } from "../engine/json.ts";
import { makeElf } from "./elf_fixture_test.ts";
import { sha256 } from "./sha256_fixture_test.ts";
import { assembleImage, assembleIndex, type BuiltIndex, type ImageParts } from "./assemble_image.ts";
import { readBaseConfig, readBaseDocument } from "./base_image.ts";
import { type Digest, digestOf } from "./digest.ts";
import { layoutIndex, ownBlobs, refNameOf } from "./layout.ts";
import { MEDIA_TYPES } from "./media_type.ts";
import { scratchFiles } from "./scratch_files.ts";
import { tarNames } from "./tar_names.ts";

const PROGRAM = makeElf({ machine: 62 });

function parts(changes: Partial<ImageParts> = {}): ImageParts {
  return {
    platform: { os: "linux", architecture: "amd64", variant: undefined },
    base: undefined,
    assets: scratchFiles(undefined),
    binaries: [{ path: "app/web", mode: 0o755, bytes: PROGRAM }],
    settings: {
      entrypoint: ["/app/web"],
      args: [],
      env: {},
      labels: {},
      user: undefined,
      workdir: undefined,
      ports: [],
      stopSignal: undefined,
    },
    annotations: {},
    name: "web",
    epoch: undefined,
    ...changes,
  };
}

function built(changes: Partial<ImageParts> = {}): BuiltIndex {
  const image = assembleImage(sha256, parts(changes));
  ok(image.ok, image.ok ? "" : image.error);
  return assembleIndex(sha256, [image.value], {});
}

function json(bytes: Uint8Array): { readonly [key: string]: unknown } {
  return JSON.parse(new TextDecoder().decode(bytes));
}

Deno.test("assembleImage() gives the same image for the same parts, for ever: golden digests", () => {
  strictEqual(
    built().index.digest,
    "sha256:90fce05bf811dc95afce8c4008a5ba2c000a2e0c638fcb36c6bf9fd4cd14bf45",
  );
  strictEqual(
    built({ epoch: 1_700_000_000 }).index.digest,
    "sha256:58a7118504487fd876f3ab691336ef9512fd185b50887488b6c536a7c67ffbe0",
  );
});

Deno.test("assembleImage() puts what changes rarely into a layer of its own, below the programs", () => {
  const [image] = built().images;
  ok(image !== undefined);
  const names = image.layers.map(({ archive }) => {
    const read = tarNames(archive);
    return read.ok ? read.value.map(({ path, mode }) => `${path} ${mode.toString(8)}`) : [];
  });
  deepStrictEqual(names, [["etc 755", "etc/group 644", "etc/passwd 644"], ["app 755", "app/web 755"]]);
  for (const { archive, blob, diffId } of image.layers) {
    deepStrictEqual(new Uint8Array(gunzipSync(blob.bytes)), archive);
    strictEqual(diffId, digestOf(sha256, archive));
  }
});

Deno.test("the manifest, the config and the index name each other by digest and size", () => {
  const { index, images } = built();
  const [image] = images;
  ok(image !== undefined);
  const { config, manifest } = image;
  deepStrictEqual(json(index.bytes)["manifests"], [{
    mediaType: MEDIA_TYPES.manifest,
    digest: manifest.digest,
    size: manifest.bytes.length,
    platform: { os: "linux", architecture: "amd64" },
  }]);
  deepStrictEqual(json(manifest.bytes)["config"], {
    mediaType: MEDIA_TYPES.config,
    digest: config.digest,
    size: config.bytes.length,
  });
  const read = readBaseDocument(manifest.bytes, MEDIA_TYPES.manifest);
  ok(read.ok && read.value.kind === "manifest");
  ok(readBaseConfig(config.bytes, read.value.manifest).ok);
});

Deno.test("an image on a base names the base's layers first, and says on what it stands", () => {
  const [below] = built().images;
  ok(below !== undefined);
  const document = readBaseDocument(below.manifest.bytes, MEDIA_TYPES.manifest);
  ok(document.ok && document.value.kind === "manifest");
  const { manifest } = document.value;
  const config = readBaseConfig(below.config.bytes, manifest);
  ok(config.ok);
  const base = { manifest, config: config.value, name: "base:1", digest: below.manifest.digest };
  const [image] = built({ base, assets: [] }).images;
  ok(image !== undefined);
  const made = json(image.manifest.bytes);
  const layers = made["layers"] as readonly { readonly digest: Digest }[];
  deepStrictEqual(layers.map(({ digest }) => digest), [
    ...below.layers.map(({ blob }) => blob.digest),
    ...image.layers.map(({ blob }) => blob.digest),
  ]);
  deepStrictEqual(made["annotations"], {
    "org.opencontainers.image.base.digest": below.manifest.digest,
    "org.opencontainers.image.base.name": "base:1",
  });
  strictEqual(image.baseLayers.length, 2);
});

Deno.test("assembleImage() refuses a program in the place of a file", () => {
  const clash = assembleImage(
    sha256,
    parts({ assets: [{ path: "app/web", mode: 0o644, bytes: new Uint8Array() }] }),
  );
  deepStrictEqual(clash, { ok: false, error: '"app/web" is both a program and a file' });
});

Deno.test("a layout names the image by each tag, and its blobs come before what names them", () => {
  const index = built();
  const named = json(
    layoutIndex(sha256, { index: index.index, tags: ["b", "a"], before: [] }).bytes,
  )["manifests"] as readonly unknown[];
  deepStrictEqual(
    named.map((each) => (each as { annotations: Record<string, string> }).annotations),
    [{ "org.opencontainers.image.ref.name": "a" }, { "org.opencontainers.image.ref.name": "b" }],
  );
  const types = ownBlobs(index).map(({ mediaType }) => mediaType);
  deepStrictEqual(types, [
    MEDIA_TYPES.layer,
    MEDIA_TYPES.layer,
    MEDIA_TYPES.config,
    MEDIA_TYPES.manifest,
    MEDIA_TYPES.index,
  ]);
});

Deno.test("layoutIndex() keeps what other tags name, and moves those that are given", () => {
  const [first, second] = [built(), built({ name: "other" })];
  const entries = (index: BuiltIndex, tags: readonly string[], before: readonly JsonObject[]) => {
    const blob = layoutIndex(sha256, { index: index.index, tags, before });
    return json(blob.bytes)["manifests"] as readonly JsonObject[];
  };
  const named = (all: readonly JsonObject[]) =>
    all.map((each) => `${refNameOf(each) ?? "-"} ${each["digest"]}`);
  const before = entries(first, ["a", "b"], []);
  deepStrictEqual(named(entries(second, ["b"], before)), [
    `a ${first.index.digest}`,
    `b ${second.index.digest}`,
  ]);
  const unnamed = entries(second, [], before);
  strictEqual(unnamed.length, 3);
  deepStrictEqual(entries(second, [], unnamed), unnamed);
});
