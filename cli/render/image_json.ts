import type { inspectImage } from "../../project/work_on_images.ts";
import { EXIT_CODES } from "../exit_code.ts";
import type { Printable } from "./json_text.ts";

/** An image, as its documents tell. */
export type ShownImage = Extract<Awaited<ReturnType<typeof inspectImage>>, { readonly ok: true }>["value"];

/** An image for scripts. */
export function imageJson({ digest, platforms }: ShownImage): Readonly<Record<string, Printable>> {
  return {
    digest,
    platforms: platforms.map((each) => ({
      platform: each.platform,
      manifest: each.manifest,
      config: each.config,
      layers: each.layers.map(({ diffId, digest: layer, sizeBytes }) => ({
        digest: layer,
        diff_id: diffId,
        size: sizeBytes,
      })),
      entrypoint: [...each.entrypoint],
      args: [...each.args],
      user: each.user,
    })),
    exit: { code: EXIT_CODES.ok, kind: "ok" },
  };
}
