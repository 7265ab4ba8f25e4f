import { createGunzip, createZstdDecompress } from "node:zlib";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import { MEDIA_TYPES } from "../../image/media_type.ts";
import { type Excess, findExcess } from "../../image/minimal_check.ts";
import { openTarNames, type TarNameReader } from "../../image/tar_names.ts";
import { damageFault, type ImageFault } from "./image_fault.ts";
import { type LayoutFolder, streamLayoutBlob } from "./layout_folder.ts";

/** What a layer of the base holds too much of. */
export interface LayerExcess extends Excess {
  /** The digest of the layer. */
  readonly layer: string;
}

/** Looks through the names in all layers of a base for what an image of one program does not need; unpacks nothing. */
export async function findLayerExcess(
  layout: LayoutFolder,
  layers: readonly Descriptor[],
): Promise<Result<readonly LayerExcess[], ImageFault>> {
  const found: LayerExcess[] = [];
  for (const layer of layers) {
    const names = openTarNames();
    const inflater = openInflater(layer.mediaType, names);
    const read = await streamLayoutBlob(layout, layer, (bytes) => inflater.push(bytes.slice()));
    const broken = await inflater.end();
    if (!read.ok) return read;
    const entries = broken === undefined ? names.end() : err(broken);
    if (!entries.ok) {
      return err(damageFault(`Cannot read the layer ${layer.digest} of "${layout.shown}": ${entries.error}`));
    }
    found.push(...findExcess(entries.value).map((each) => ({ ...each, layer: layer.digest })));
  }
  return ok(found);
}

interface Inflater {
  push(bytes: Uint8Array): Promise<void>;
  /** What was wrong with the compressed bytes, as the end of a sentence. */
  end(): Promise<string | undefined>;
}

function openInflater(mediaType: string, names: TarNameReader): Inflater {
  if (mediaType === MEDIA_TYPES.plainLayer) {
    return { push: (bytes) => Promise.resolve(names.push(bytes)), end: () => Promise.resolve(undefined) };
  }
  const stream = mediaType === MEDIA_TYPES.zstdLayer ? createZstdDecompress() : createGunzip();
  let fault: string | undefined;
  const ended = new Promise<void>((resolve) => {
    stream.on("data", (bytes: Uint8Array) => names.push(bytes));
    stream.on("end", resolve);
    stream.on("error", () => {
      fault = "it is not compressed as its media type says";
      resolve();
    });
  });
  return {
    push: async (bytes) => {
      if (fault !== undefined || stream.write(bytes)) return;
      await Promise.race([new Promise<void>((resolve) => stream.once("drain", resolve)), ended]);
    },
    end: async () => {
      stream.end();
      await ended;
      return fault;
    },
  };
}
