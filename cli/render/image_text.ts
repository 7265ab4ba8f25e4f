import { type Line, line, span } from "../text.ts";
import type { ShownImage } from "./image_json.ts";

const KIB = 1024;

/** An image for people: a line a platform, and one a layer. */
export function imageLines({ platforms }: ShownImage): readonly Line[] {
  return platforms.flatMap(({ args, entrypoint, layers, manifest, platform, user }) => [
    line(
      "  ",
      span(platform, "bold"),
      `  runs ${[...entrypoint, ...args].join(" ")} as ${user === "" ? "root" : user}  `,
      span(manifest, "dim"),
    ),
    ...layers.map(({ digest, sizeBytes }) => line(`    layer ${sizeText(sizeBytes)}  `, span(digest, "dim"))),
  ]);
}

/** What a push did. */
export interface ShownPush {
  /** `registry/repository@digest`. */
  readonly reference: string;
  readonly tags: readonly string[];
  readonly sentBlobs: number;
  readonly heldBlobs: number;
}

/** A push for people. */
export function pushedLine({ heldBlobs, sentBlobs, tags }: ShownPush): Line {
  const names = tags.length === 0 ? "" : ` as ${tags.join(", ")}`;
  return line(span("Pushed", "green"), `${names}: ${sentBlobs} blobs sent, ${heldBlobs} were there`);
}

/** A size for people. */
export function sizeText(sizeBytes: number): string {
  if (sizeBytes < KIB) return `${sizeBytes} B`;
  const [value, unit] = sizeBytes < KIB ** 2 ? [sizeBytes / KIB, "KiB"] : [sizeBytes / KIB ** 2, "MiB"];
  return `${value.toFixed(1)} ${unit}`;
}
