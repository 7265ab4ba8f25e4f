import { isJsonObject, type Json, type JsonObject } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import {
  type BaseManifest,
  blobFault,
  CONFIG_LIMIT_BYTES,
  platformOf,
  readBaseConfig,
  readBaseDocument,
} from "../../image/base_image.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import { type Digest, parseDigest } from "../../image/digest.ts";
import { BASE_INDEXES, BASE_MANIFESTS } from "../../image/media_type.ts";
import { platformText } from "../../image/platform.ts";
import type { PlatformFacts } from "../image_tools.ts";
import { damageFault, type ImageFault } from "./image_fault.ts";
import { limitedBytes, pullDocument } from "./pull_image.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { sha256 } from "./sha256.ts";

type Fault = RegistryFault | ImageFault;

const ACCEPT = [...BASE_INDEXES, ...BASE_MANIFESTS].join(", ");

/** Where a tag or a digest of a repository points now; `undefined`: the registry has no such thing. */
export async function pointsTo(
  client: RegistryClient,
  name: string,
  access: "pull" | "push",
): Promise<Result<Digest | undefined, Fault>> {
  const action = `Cannot look for "${name}" in "${client.place.host}/${client.repository}"`;
  const answer = await client.request({
    method: "HEAD",
    target: `${client.repository}/manifests/${name}`,
    headers: { accept: ACCEPT },
    wanted: [200, 404],
    action,
    access,
  });
  if (!answer.ok) return answer;
  await answer.value.body?.cancel();
  if (answer.value.status === 404) return ok(undefined);
  const told = parseDigest(name) ?? parseDigest(answer.value.headers.get("docker-content-digest") ?? "");
  if (told !== undefined) return ok(told);
  // Not every registry says it: then the document itself does.
  const document = await pullDocument(client, name);
  return document.ok ? ok(document.value.digest) : document;
}

/** Where each of some tags points. */
export async function tagsPointTo(
  client: RegistryClient,
  tags: readonly string[],
  access: "pull" | "push",
): Promise<Result<ReadonlyMap<string, Digest | undefined>, Fault>> {
  const found = new Map<string, Digest | undefined>();
  for (const tag of tags) {
    const digest = await pointsTo(client, tag, access);
    if (!digest.ok) return digest;
    found.set(tag, digest.value);
  }
  return ok(found);
}

/** What an image is for one platform, as far as its documents tell without its layers. */
export type DocumentFacts = Pick<PlatformFacts, "platform" | "manifest" | "config" | "layers">;

/** Reads the documents of an image in a registry, each held against its digest. */
export async function readRegistryImage(
  client: RegistryClient,
  digest: Digest,
): Promise<Result<readonly DocumentFacts[], Fault>> {
  const root = await pullDocument(client, digest);
  if (!root.ok) return root;
  const document = readBaseDocument(root.value.bytes, root.value.mediaType);
  if (!document.ok) {
    return err(damageFault(`Cannot use ${digest} of "${client.repository}": ${document.error}`));
  }
  const entries = document.value.kind === "index" ? document.value.entries : [root.value];
  const facts: DocumentFacts[] = [];
  for (const entry of entries) {
    const manifest = document.value.kind === "manifest"
      ? ok(document.value.manifest)
      : await pullManifest(client, entry);
    if (!manifest.ok) return manifest;
    const config = await pullConfig(client, manifest.value);
    if (!config.ok) return config;
    facts.push(documentFacts(entry.digest, manifest.value, config.value));
  }
  return ok(facts);
}

async function pullManifest(
  client: RegistryClient,
  entry: Descriptor,
): Promise<Result<BaseManifest, Fault>> {
  const blob = await pullDocument(client, entry.digest);
  if (!blob.ok) return blob;
  const document = readBaseDocument(blob.value.bytes, entry.mediaType);
  const fault = document.ok ? "it is an index within an index" : document.error;
  return document.ok && document.value.kind === "manifest"
    ? ok(document.value.manifest)
    : err(damageFault(`Cannot use ${entry.digest} of "${client.repository}": ${fault}`));
}

async function pullConfig(
  client: RegistryClient,
  manifest: BaseManifest,
): Promise<Result<JsonObject, Fault>> {
  const { config } = manifest;
  const action = `Cannot read the config ${config.digest} of "${client.place.host}/${client.repository}"`;
  const answer = await client.request({
    method: "GET",
    target: `${client.repository}/blobs/${config.digest}`,
    wanted: [200],
    action,
    access: "pull",
  });
  if (!answer.ok) return answer;
  const bytes = await limitedBytes(answer.value, CONFIG_LIMIT_BYTES);
  const fault = bytes === undefined ? "it is too large" : blobFault(sha256, config, bytes);
  if (bytes === undefined || fault !== undefined) return err(damageFault(`${action}: ${fault}`));
  const json = readBaseConfig(bytes, manifest);
  return json.ok ? json : err(damageFault(`${action}: ${json.error}`));
}

function documentFacts(manifest: Digest, { config, layers }: BaseManifest, json: JsonObject): DocumentFacts {
  const platform = platformOf(json);
  const rootfs = json["rootfs"];
  const diffIds = isJsonObject(rootfs) ? rootfs["diff_ids"] : undefined;
  return {
    platform: platform === undefined ? "unknown" : platformText(platform),
    manifest,
    config: config.digest,
    layers: layers.map(({ digest, sizeBytes }, index) => ({
      digest,
      diffId: isList(diffIds) ? String(diffIds[index] ?? "") : "",
      sizeBytes,
    })),
  };
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
