import type { inspectImage } from "../../project/work_on_images.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { auditJson, type ShownAudit } from "./audit_json.ts";
import type { ShownPush } from "./image_text.ts";
import type { Printable } from "./json_text.ts";

/** An image, as its documents tell. */
export type ShownImage = Extract<Awaited<ReturnType<typeof inspectImage>>, { readonly ok: true }>["value"];

/** What is to be said of an image that has just been built. */
export interface ShownBuild {
  readonly notes: readonly string[];
  readonly audit: ShownAudit | undefined;
  readonly boms: readonly ShownBom[];
}

/** A bill of materials. */
export interface ShownBom {
  readonly format: string;
  /** `undefined`: it is about the index. */
  readonly platform: string | undefined;
  readonly subject: string;
  readonly digest: string;
  /** `undefined`: it lies nowhere here. */
  readonly path: string | undefined;
}

/** An image for scripts; where it was sent, and what is to be said of how it was built, where it has just been. */
export function imageJson(
  { attachments, digest, platforms }: ShownImage,
  { built, pushed }: { readonly built?: ShownBuild; readonly pushed?: ShownPush | undefined } = {},
): Printable {
  return {
    digest,
    reference: pushed?.reference,
    tags: pushed === undefined ? undefined : [...pushed.tags],
    sent_blobs: pushed?.sentBlobs,
    held_blobs: pushed?.heldBlobs,
    sent_attachments: pushed?.sentAttachments,
    held_attachments: pushed?.heldAttachments,
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
    ...(built === undefined ? {} : buildJson(built)),
    attachments: attachments.map(({ artifactType, digest: attached, predicateType = null }) => ({
      digest: attached,
      artifact_type: artifactType,
      predicate_type: predicateType,
    })),
    exit: { code: EXIT_CODES.ok, kind: "ok" },
  };
}

function buildJson({ audit, boms, notes }: ShownBuild): Readonly<Record<string, Printable>> {
  return {
    notes: [...notes],
    sboms: boms.map(({ digest, format, path = null, platform = null, subject }) => (
      { format, platform, subject, digest, path }
    )),
    audit: audit === undefined ? null : auditJson(audit),
  };
}
