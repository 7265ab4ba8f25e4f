import { type Line, line, span } from "../text.ts";
import type { ShownImage } from "./image_json.ts";

const KIB = 1024;

/** An image for people: a line a platform, one a layer, and one for each document that is attached. */
export function imageLines({ attachments, platforms }: ShownImage): readonly Line[] {
  const images = platforms.flatMap(({ args, entrypoint, layers, manifest, platform, user }) => [
    line(
      "  ",
      span(platform, "bold"),
      `  runs ${[...entrypoint, ...args].join(" ")} as ${user === "" ? "root" : user}  `,
      span(manifest, "dim"),
    ),
    ...layers.map(({ digest, sizeBytes }) => line(`    layer ${sizeText(sizeBytes)}  `, span(digest, "dim"))),
  ]);
  const attached = attachments.map(({ artifactType, digest, predicateType }) =>
    line(`  attached ${predicateType ?? artifactType}  `, span(digest, "dim"))
  );
  return [...images, ...attached];
}

/** What a push did. */
export interface ShownPush {
  /** `registry/repository@digest`. */
  readonly reference: string;
  readonly tags: readonly string[];
  readonly sentBlobs: number;
  readonly heldBlobs: number;
  readonly sentAttachments: number;
  readonly heldAttachments: number;
}

/** A push for people. */
export function pushedLines(
  { heldAttachments, heldBlobs, sentAttachments, sentBlobs, tags }: ShownPush,
): readonly Line[] {
  const names = tags.length === 0 ? "" : ` as ${tags.join(", ")}`;
  return [
    line(span("Pushed", "green"), `${names}: ${sentBlobs} blobs sent, ${heldBlobs} were there`),
    ...(sentAttachments + heldAttachments === 0
      ? []
      : [line(`  attached: ${sentAttachments} sent, ${heldAttachments} were there`)]),
  ];
}

/** A size for people. */
export function sizeText(sizeBytes: number): string {
  if (sizeBytes < KIB) return `${sizeBytes} B`;
  const [value, unit] = sizeBytes < KIB ** 2 ? [sizeBytes / KIB, "KiB"] : [sizeBytes / KIB ** 2, "MiB"];
  return `${value.toFixed(1)} ${unit}`;
}
