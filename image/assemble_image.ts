import type { JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { BaseManifest } from "./base_image.ts";
import { type Blob, type Descriptor, descriptorJson, jsonBlob, platformJson } from "./descriptor.ts";
import type { Digest, Sha256 } from "./digest.ts";
import { imageConfig, type RunSettings } from "./image_config.ts";
import { type Layer, makeLayer } from "./layer.ts";
import { MEDIA_TYPES } from "./media_type.ts";
import { comparePlatforms, type Platform } from "./platform.ts";
import type { TarFile } from "./tar.ts";

/** What an image is put on: the manifest and config of its platform, and the names under which people know it. */
export interface Base {
  readonly manifest: BaseManifest;
  readonly config: JsonObject;
  /** As it was asked for, for example `cgr.dev/chainguard/static:latest`. */
  readonly name: string;
  /** What that name stood for: the index, or the only manifest. */
  readonly digest: Digest;
}

/** One platform's image, before it is one. */
export interface ImageParts {
  readonly platform: Platform;
  /** `undefined`: nothing, an image from scratch. */
  readonly base: Base | undefined;
  /** What changes rarely; a layer of its own where there is any. */
  readonly assets: readonly TarFile[];
  /** The programs. */
  readonly binaries: readonly TarFile[];
  readonly settings: RunSettings;
  readonly annotations: Readonly<Record<string, string>>;
  /** For the history, without a version of any tool: a new tool moves no digest. */
  readonly name: string;
  /** Seconds since 1970; `undefined` counts as 0 and is told nobody. */
  readonly epoch: number | undefined;
}

/** One platform's image. */
export interface BuiltImage {
  readonly platform: Platform;
  readonly manifest: Blob;
  readonly config: Blob;
  /** Ours, in their order; the base's are named by the manifest. */
  readonly layers: readonly Layer[];
  /** The base's, which must lie beside ours wherever the image goes. */
  readonly baseLayers: readonly Descriptor[];
}

/** The images of all platforms, and the index that names them. */
export interface BuiltIndex {
  readonly index: Blob;
  readonly images: readonly BuiltImage[];
}

/** Puts one platform's image together: equal parts give equal bytes. The error says which path cannot be, and why. */
export function assembleImage(sha256: Sha256, parts: ImageParts): Result<BuiltImage, string> {
  const { base, epoch, name, platform, settings } = parts;
  const groups = [parts.assets, parts.binaries].filter((files) => files.length > 0);
  const clash = clashOf(parts);
  if (clash !== undefined) return err(`"${clash}" is both a program and a file`);
  const layers: Layer[] = [];
  for (const files of groups) {
    const layer = makeLayer(sha256, files, epoch ?? 0);
    if (!layer.ok) return layer;
    layers.push(layer.value);
  }
  const created = instantOf(epoch ?? 0);
  const added = layers.map(({ diffId }) => ({ diffId, createdBy: `image build ${name}` }));
  const config = imageConfig(base?.config ?? {}, { platform, settings, layers: added, created });
  const configBlob = jsonBlob(sha256, MEDIA_TYPES.config, config);
  const baseLayers = base?.manifest.layers ?? [];
  const manifest: JsonObject = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    config: descriptorJson(configBlob),
    layers: [...baseLayers, ...layers.map(({ blob }) => blob)].map(descriptorJson),
    ...annotationsJson(parts),
  };
  return ok({
    platform,
    manifest: jsonBlob(sha256, MEDIA_TYPES.manifest, manifest),
    config: configBlob,
    layers,
    baseLayers,
  });
}

/** Names the images of several platforms, in the order of `comparePlatforms`; always an index, also of one. */
export function assembleIndex(
  sha256: Sha256,
  images: readonly BuiltImage[],
  annotations: Readonly<Record<string, string>>,
): BuiltIndex {
  const sorted = images.toSorted((a, b) => comparePlatforms(a.platform, b.platform));
  const index: JsonObject = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.index,
    manifests: sorted.map(({ manifest, platform }) => ({
      ...descriptorJson(manifest),
      platform: platformJson(platform),
    })),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  return { index: jsonBlob(sha256, MEDIA_TYPES.index, index), images: sorted };
}

/** RFC 3339, in UTC. */
export function instantOf(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(".000Z", "Z");
}

function annotationsJson({ annotations, base, epoch }: ImageParts): JsonObject {
  const all: Record<string, string> = {
    ...base?.manifest.annotations,
    ...(base === undefined ? {} : {
      "org.opencontainers.image.base.digest": base.digest,
      "org.opencontainers.image.base.name": base.name,
    }),
    ...(epoch === undefined ? {} : { "org.opencontainers.image.created": instantOf(epoch) }),
    ...annotations,
  };
  return Object.keys(all).length === 0 ? {} : { annotations: all };
}

function clashOf({ assets, binaries }: ImageParts): string | undefined {
  const paths = new Set(assets.map(({ path }) => path));
  return binaries.find(({ path }) => paths.has(path))?.path;
}
