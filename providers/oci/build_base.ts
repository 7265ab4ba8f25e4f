import { resolve } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Base } from "../../image/assemble_image.ts";
import type { Platform } from "../../image/platform.ts";
import type { ImageBuild } from "../image_tools.ts";
import { findLayerExcess, type LayerExcess } from "./base_layers.ts";
import type { ImageFault } from "./image_fault.ts";
import { findLayoutImage, type LayoutImage, readLayoutBase } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";
import { type BaseParts, registryBase } from "./registry_base.ts";
import type { RegistryFault } from "./registry_fault.ts";

/** What a build says of its base. */
export interface BaseWish extends Pick<ImageBuild, "base" | "lock"> {
  readonly bases: BaseParts;
  /** The working folder, absolute. */
  readonly folder: string;
}

/** Opens what an image is built on; `undefined` for one from scratch. */
export async function openBase(
  { base, bases, folder, lock }: BaseWish,
  platforms: readonly string[],
): Promise<Result<LayoutImage | undefined, ImageFault | RegistryFault>> {
  if (base === undefined) return ok(undefined);
  if (base.kind === "registry") {
    return await registryBase(bases, { reference: base.reference, platforms, lock });
  }
  const layout = await openLayout(resolve(folder, base.layout), base.layout);
  return layout.ok ? await findLayoutImage(layout.value, base.tag) : layout;
}

/** Reads the base for one platform, which holds nothing but what is needed unless that is allowed. */
export async function readBase(
  image: LayoutImage,
  platform: Platform,
  { excess }: Pick<ImageBuild, "excess">,
): Promise<Result<Base, ImageFault>> {
  const base = await readLayoutBase(image, platform);
  if (!base.ok || excess === "allowed") return base;
  const found = await findLayerExcess(image.layout, base.value.manifest.layers);
  if (!found.ok) return found;
  return found.value.length === 0 ? base : err(tooMuch(image, found.value));
}

const EXCESS_WORDS: Readonly<Record<LayerExcess["kind"], string>> = {
  shell: "a shell",
  packageManager: "a package manager",
  setId: "a file with the rights of another user",
};
const SHOWN_EXCESS = 8;

function tooMuch({ name }: LayoutImage, found: readonly LayerExcess[]): ImageFault {
  const rest = found.length - SHOWN_EXCESS;
  return {
    kind: "image",
    message: `IMG030: Cannot build on "${name}": it holds what whoever breaks into the program could use`,
    details: [
      ...found.slice(0, SHOWN_EXCESS).map(({ kind, layer, path }) =>
        `/${path}: ${EXCESS_WORDS[kind]}, in the layer ${layer}`
      ),
      ...(rest > 0 ? [`and ${rest} more`] : []),
    ],
    hint: "Take a base without them, such as scratch or a distroless one, or say --allow-shell",
  };
}
