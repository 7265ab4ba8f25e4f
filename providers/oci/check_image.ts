import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { isJsonObject, type JsonObject, parseJson } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Base } from "../../image/assemble_image.ts";
import { type ComparedImage, firstDifference } from "../../image/first_difference.ts";
import { joinBytes } from "../../image/join_bytes.ts";
import { platformText } from "../../image/platform.ts";
import type { CheckedImage } from "../image_tools.ts";
import { makeImage } from "./build_image.ts";
import type { BuildRequest, MadeImage } from "./build_request.ts";
import { damageFault, type ImageFault, imageFault } from "./image_fault.ts";
import { findLayoutImage, type LayoutImage, readLayoutBase } from "./layout_base.ts";
import { type LayoutFolder, openLayout, streamLayoutBlob } from "./layout_folder.ts";
import type { RegistryFault } from "./registry_fault.ts";

/** Larger layers are compared by their digests alone. */
const LAYER_LIMIT_BYTES = 512 * 1024 ** 2;
const ARCHIVE_LIMIT_BYTES = 2 * 1024 ** 3;

type Checked<T> = Result<T, ImageFault | RegistryFault>;

/**
 * Builds an image anew, without what earlier builds have compiled, and holds it against the one of its layout. Where that is
 * another, or there is none, it is built once more in another folder: what differs then is not reproducible (IMG020); what
 * does not, is built of something else than what the layout holds (IMG023).
 */
export async function checkImage(request: BuildRequest): Promise<Checked<CheckedImage>> {
  const first = await makeImage(uncached(request, 1));
  if (!first.ok) return first;
  const { index, notes } = first.value;
  const { digest } = index.index;
  const held = await heldImage(request);
  if (!held.ok) return held;
  if (held.value?.descriptor.digest === digest) return ok({ digest, against: "layout", notes });
  const second = await makeImage(uncached(request, 2));
  if (!second.ok) return second;
  if (second.value.index.index.digest !== digest) {
    const found = firstDifference(comparedMade(first.value), comparedMade(second.value));
    return err(notReproducible(digest, second.value.index.index.digest, found));
  }
  if (held.value === undefined) return ok({ digest, against: "itself", notes });
  const before = await comparedHeld(held.value);
  if (!before.ok) return before;
  return err(another(held.value, digest, firstDifference(before.value, comparedMade(first.value))));
}

/** Another slot is another folder, whose name must be in no byte of the program. */
function uncached({ bom, cargo, source, ...rest }: BuildRequest, firstSlot: number): BuildRequest {
  const fresh = source.kind === "cargo" ? { ...source, cache: "left" } as const : source;
  // Nobody asks here what it is made of.
  return { ...rest, bom: { ...bom, formats: [] }, source: fresh, cargo: { ...cargo, firstSlot } };
}

/** What the layout holds under the first tag, or its only image; `undefined` when there is none to hold against. */
async function heldImage(
  { folder, layout: shown, tags }: BuildRequest,
): Promise<Result<LayoutImage | undefined, ImageFault>> {
  const layout = await openLayout(resolve(folder, shown), shown);
  if (!layout.ok) return layout.error.kind === "image" ? ok(undefined) : layout;
  const image = await findLayoutImage(layout.value, tags[0]);
  return image.ok || image.error.kind !== "image" ? image : ok(undefined);
}

function comparedMade({ index }: MadeImage): readonly ComparedImage[] {
  return index.images.map(({ config, layers, manifest, platform }) => ({
    platform: platformText(platform),
    annotations: jsonOf(manifest.bytes)["annotations"] ?? {},
    config: jsonOf(config.bytes),
    archives: new Map(layers.map(({ archive, diffId }) => [diffId, archive])),
  }));
}

async function comparedHeld(image: LayoutImage): Promise<Result<readonly ComparedImage[], ImageFault>> {
  const { document, layout, name } = image;
  const images: ComparedImage[] = [];
  for (const entry of document.kind === "index" ? document.entries : []) {
    const base = await readLayoutBase(image, entry.platform);
    if (!base.ok) return base;
    const { config, manifest } = base.value;
    const platform = platformText(entry.platform);
    const archives = await heldArchives(layout, name, base.value);
    if (!archives.ok) return archives;
    images.push({ platform, annotations: { ...manifest.annotations }, config, archives: archives.value });
  }
  return ok(images);
}

/** The layers that are small enough to be held in memory, which ours are beside those of a base. */
async function heldArchives(
  layout: LayoutFolder,
  name: string,
  { config, manifest }: Base,
): Promise<Result<ReadonlyMap<string, Uint8Array>, ImageFault>> {
  const rootfs = config["rootfs"];
  const ids = isJsonObject(rootfs) ? rootfs["diff_ids"] : undefined;
  const archives = new Map<string, Uint8Array>();
  for (const [index, layer] of manifest.layers.entries()) {
    const diffId: unknown = Array.isArray(ids) ? ids[index] : undefined;
    if (typeof diffId !== "string" || layer.sizeBytes > LAYER_LIMIT_BYTES) continue;
    const parts: Uint8Array[] = [];
    const read = await streamLayoutBlob(layout, layer, (bytes) => void parts.push(bytes.slice()));
    if (!read.ok) return read;
    const archive = inflated(joinBytes(parts));
    if (archive === undefined) {
      return err(damageFault(`Cannot read the layer ${layer.digest} of "${name}": it is no gzip`));
    }
    archives.set(diffId, archive);
  }
  return ok(archives);
}

function inflated(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: ARCHIVE_LIMIT_BYTES });
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function jsonOf(bytes: Uint8Array): JsonObject {
  const json = parseJson(new TextDecoder().decode(bytes));
  return isJsonObject(json) ? json : {};
}

function notReproducible(digest: string, other: string, difference: string | undefined): ImageFault {
  return {
    ...imageFault(
      `IMG020: The image is not reproducible: built twice, it was ${digest} and ${other}`,
      "Look for what the build takes from the time, from random numbers, or from its own path",
    ),
    details: [difference ?? "the indexes differ"],
  };
}

function another(
  { descriptor, name }: LayoutImage,
  digest: string,
  difference: string | undefined,
): ImageFault {
  return {
    ...imageFault(
      `IMG023: "${name}" is another image than what is built now: it is ${descriptor.digest}, and twice ${digest} was built`,
      "The source, the options, the base or the toolchain is not what it was",
    ),
    details: [difference ?? "the indexes differ"],
  };
}
