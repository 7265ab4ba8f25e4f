import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Descriptor } from "./descriptor.ts";
import { type Digest, digestOf, parseDigest, type Sha256 } from "./digest.ts";
import { BASE_INDEXES, BASE_MANIFESTS, ociLayerType } from "./media_type.ts";
import { parsePlatform, type Platform } from "./platform.ts";

/** The largest manifest or index that is read. */
export const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024;
/** The largest config that is read. */
export const CONFIG_LIMIT_BYTES = 8 * 1024 * 1024;

const NESTING_LIMIT = 64;
/** Entries of an index that are no image of a platform carry this, as builders of others write them. */
const ATTACHMENT_ANNOTATION = "vnd.docker.reference.type";

/** One platform's image, as an index names it. */
export interface IndexEntry extends Descriptor {
  readonly platform: Platform;
}

/** What a base's manifest says; its layers by their OCI media types. */
export interface BaseManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** A base's manifest or index, told apart. */
export type BaseDocument =
  /** `passedOver`: how many entries are no image of a platform, such as attachments. */
  | { readonly kind: "index"; readonly entries: readonly IndexEntry[]; readonly passedOver: number }
  | { readonly kind: "manifest"; readonly manifest: BaseManifest };

/** Whether bytes are what a descriptor names, as the end of a sentence when not. Nothing is read that was not held against this. */
export function blobFault(
  sha256: Sha256,
  { digest, sizeBytes }: Descriptor,
  bytes: Uint8Array,
): string | undefined {
  if (bytes.length !== sizeBytes) return `it has ${bytes.length} bytes, and ${sizeBytes} were named`;
  const found = digestOf(sha256, bytes);
  return found === digest ? undefined : `it has the digest ${found}, and ${digest} was named`;
}

/** Reads a manifest or an index of one level; `mediaType` is what it was served or named as. The error ends a sentence. */
export function readBaseDocument(bytes: Uint8Array, mediaType: string): Result<BaseDocument, string> {
  const json = readDocument(bytes, MANIFEST_LIMIT_BYTES);
  if (!json.ok) return json;
  const own = json.value["mediaType"];
  if (own !== undefined && own !== mediaType) {
    return err(`it says that it is "${String(own)}", and "${mediaType}" was named`);
  }
  if (BASE_INDEXES.includes(mediaType)) return readIndex(json.value);
  if (BASE_MANIFESTS.includes(mediaType)) return readManifest(json.value);
  return err(`it is "${mediaType}", which is neither a manifest nor an index`);
}

/** Reads a config: any JSON object whose count of layers is that of the manifest. */
export function readBaseConfig(bytes: Uint8Array, { layers }: BaseManifest): Result<JsonObject, string> {
  const json = readDocument(bytes, CONFIG_LIMIT_BYTES);
  if (!json.ok) return json;
  const rootfs = json.value["rootfs"] ?? null;
  const diffIds = isJsonObject(rootfs) ? rootfs["diff_ids"] : undefined;
  if (
    !isList(diffIds) || diffIds.some((each) => typeof each !== "string" || parseDigest(each) === undefined)
  ) {
    return err("it has no list of diff_ids");
  }
  if (diffIds.length !== layers.length) {
    return err(`it names ${diffIds.length} layers, and its manifest ${layers.length}`);
  }
  const history = json.value["history"];
  const filled = isList(history)
    ? history.filter((each) => !(isJsonObject(each) && each["empty_layer"] === true))
    : [];
  return isList(history) && history.length > 0 && filled.length !== layers.length
    ? err(`its history tells of ${filled.length} layers, and its manifest names ${layers.length}`)
    : ok(json.value);
}

/** The platform of a config, for an image that no index names. */
export function platformOf(config: JsonObject): Platform | undefined {
  return readPlatform(config);
}

function readIndex(json: JsonObject): Result<BaseDocument, string> {
  const manifests = json["manifests"];
  if (!isList(manifests)) return err("it has no list of manifests");
  const entries: IndexEntry[] = [];
  for (const each of manifests) {
    if (!isJsonObject(each)) return err("one of its manifests is no object");
    const descriptor = readDescriptor(each);
    if (!descriptor.ok) return descriptor;
    const platform = readPlatform(each["platform"] ?? null);
    const isImage = BASE_MANIFESTS.includes(descriptor.value.mediaType) &&
      !Object.hasOwn(textsOf(each["annotations"]), ATTACHMENT_ANNOTATION);
    if (isImage && platform !== undefined) entries.push({ ...descriptor.value, platform });
  }
  return ok({ kind: "index", entries, passedOver: manifests.length - entries.length });
}

function readManifest(json: JsonObject): Result<BaseDocument, string> {
  const { config = null, layers } = json;
  if (!isJsonObject(config) || !isList(layers)) return err("it has no config or no list of layers");
  const own = readDescriptor(config);
  if (!own.ok) return own;
  const read: Descriptor[] = [];
  for (const each of layers) {
    const layer = isJsonObject(each) ? readDescriptor(each) : err("one of its layers is no object");
    if (!layer.ok) return layer;
    const mediaType = ociLayerType(layer.value.mediaType);
    if (mediaType === undefined) {
      return err(`its layer ${layer.value.digest} is "${layer.value.mediaType}", which may not be passed on`);
    }
    read.push({ ...layer.value, mediaType });
  }
  return ok({
    kind: "manifest",
    manifest: { config: own.value, layers: read, annotations: textsOf(json["annotations"]) },
  });
}

/** Reads a descriptor in a document; the error ends a sentence. */
export function readDescriptor(json: JsonObject): Result<Descriptor, string> {
  const { digest, mediaType, size } = json;
  const parsed = typeof digest === "string" ? parseDigest(digest) : undefined;
  if (parsed === undefined) return err(`it names the digest "${String(digest)}", wanted one by sha256`);
  if (typeof mediaType !== "string") return err(`what it names as ${parsed} has no media type`);
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    return err(`what it names as ${parsed} has no size`);
  }
  return ok({ mediaType, digest: parsed as Digest, sizeBytes: size });
}

/** `undefined` where the platform is missing or says `unknown`, as attachments do. */
function readPlatform(json: Json): Platform | undefined {
  if (!isJsonObject(json)) return undefined;
  const { os, architecture, variant } = json;
  if (typeof os !== "string" || typeof architecture !== "string") return undefined;
  if (os === "unknown" || architecture === "unknown") return undefined;
  const suffix = typeof variant === "string" && variant !== "" ? `/${variant}` : "";
  return parsePlatform(`${os}/${architecture}${suffix}`);
}

/** Reads a JSON object of so many bytes at most, which does not nest too deep; the error ends a sentence. */
export function readDocument(bytes: Uint8Array, limitBytes: number): Result<JsonObject, string> {
  if (bytes.length > limitBytes) return err(`it has ${bytes.length} bytes, at most ${limitBytes} are read`);
  let json: Json;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    return err("it is no JSON");
  }
  if (!isJsonObject(json)) return err("it is no JSON object");
  return isDeeper(json, NESTING_LIMIT) ? err(`it nests deeper than ${NESTING_LIMIT}`) : ok(json);
}

function isDeeper(json: Json, limit: number): boolean {
  if (json === null || typeof json !== "object") return false;
  return limit === 0 || Object.values(json).some((each) => isDeeper(each, limit - 1));
}

/** The texts among the values of an object, such as annotations. */
export function textsOf(json: Json | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(json ?? null)) return {};
  return Object.fromEntries(Object.entries(json ?? {}).filter(([, value]) => typeof value === "string"));
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
