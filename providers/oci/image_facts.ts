import { isJsonObject, type Json, type JsonObject } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type BaseManifest, platformOf, readBaseConfig } from "../../image/base_image.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import { platformText } from "../../image/platform.ts";
import { BUNDLE_PREDICATE } from "../../image/sigstore_bundle.ts";
import type { AttachmentFacts, ImageFacts, PlatformFacts } from "../image_tools.ts";
import type { Attached } from "./attached.ts";
import { damageFault, type ImageFault } from "./image_fault.ts";
import { layoutAttachments } from "./layout_attachments.ts";
import { type LayoutImage, readLayoutManifest } from "./layout_base.ts";
import { readLayoutBlob, streamLayoutBlob } from "./layout_folder.ts";

/** Reads all documents and all layers of an image: what it tells is what the bytes are. */
export async function imageFacts(image: LayoutImage): Promise<Result<ImageFacts, ImageFault>> {
  const { descriptor, document, layout, name } = image;
  const platforms: PlatformFacts[] = [];
  const entries = document.kind === "index" ? document.entries : [descriptor];
  for (const entry of entries) {
    const manifest = document.kind === "index"
      ? await readLayoutManifest(layout, name, entry)
      : ok(document.manifest);
    if (!manifest.ok) return manifest;
    const facts = await platformFacts(image, entry, manifest.value);
    if (!facts.ok) return facts;
    platforms.push(facts.value);
  }
  const attached = await layoutAttachments(layout).list(descriptor.digest);
  if (!attached.ok) return attached;
  const attachments = attached.value.map(attachmentFacts);
  return ok({ digest: descriptor.digest, platforms, attachments });
}

function attachmentFacts({ descriptor, manifest, via }: Attached): AttachmentFacts {
  const { annotations, artifactType, layers } = manifest;
  return {
    digest: descriptor.digest,
    artifactType: via === "list" ? artifactType : layers[0]?.mediaType ?? "",
    predicateType: annotations[BUNDLE_PREDICATE],
  };
}

async function platformFacts(
  { layout, name }: LayoutImage,
  { digest }: Descriptor,
  manifest: BaseManifest,
): Promise<Result<PlatformFacts, ImageFault>> {
  const bytes = await readLayoutBlob(layout, manifest.config);
  if (!bytes.ok) return bytes;
  const config = readBaseConfig(bytes.value, manifest);
  if (!config.ok) {
    return err(damageFault(`Cannot use the config ${manifest.config.digest} of "${name}": ${config.error}`));
  }
  for (const layer of manifest.layers) {
    const read = await streamLayoutBlob(layout, layer, () => {});
    if (!read.ok) return read;
  }
  const platform = platformOf(config.value);
  const run = objectIn(config.value, "config");
  const diffIds = textsIn(objectIn(config.value, "rootfs"), "diff_ids");
  return ok({
    platform: platform === undefined ? "unknown" : platformText(platform),
    manifest: digest,
    config: manifest.config.digest,
    layers: manifest.layers.map((layer, index) => ({
      digest: layer.digest,
      diffId: diffIds[index] ?? "",
      sizeBytes: layer.sizeBytes,
    })),
    entrypoint: textsIn(run, "Entrypoint"),
    args: textsIn(run, "Cmd"),
    user: typeof run["User"] === "string" ? run["User"] : "",
  });
}

function objectIn(json: JsonObject, key: string): JsonObject {
  const value = json[key];
  return isJsonObject(value) ? value : {};
}

function textsIn(json: JsonObject, key: string): readonly string[] {
  const value = json[key];
  return isList(value) ? value.filter((each) => typeof each === "string") : [];
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
