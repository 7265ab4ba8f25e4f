import { err, ok, type Result } from "../../engine/result.ts";
import { MANIFEST_LIMIT_BYTES } from "../../image/base_image.ts";
import type { Blob } from "../../image/descriptor.ts";
import { MEDIA_TYPES } from "../../image/media_type.ts";
import { damageFault, type ImageFault, imageFault } from "./image_fault.ts";
import { limitedBytes } from "./pull_image.ts";
import { putManifest } from "./put_manifest.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";

type Fault = RegistryFault | ImageFault;

/** What a tag is to stand for, of what it stands for now: `undefined` where all is there already. The error ends a sentence. */
export type TagMerge = (
  before: Uint8Array<ArrayBuffer> | undefined,
) => Merged | Promise<Merged>;

type Merged = Result<Blob | undefined, Fault | string>;

const ROUNDS = 8;
/** Longer than others take between their reading and their writing. */
const SETTLE_MS = 1500;
const ACCEPT = [MEDIA_TYPES.index, MEDIA_TYPES.manifest].join(", ");

/**
 * Adds to what a tag stands for. Registries have no way to do that at once, so two who do it may overwrite each other:
 *
 *   T1. What is there is read right before it is written anew, with everything that was there.
 *   T2. It is read once more after a pause that is longer than anybody's way from reading to writing: what was lost to another is
 *       added again. So two who add at one time both end with all of it.
 *   T3. Where the registry tells versions apart (`ETag`), only the one that was read is overwritten.
 */
export async function updateTag(
  client: RegistryClient,
  tag: string,
  merge: TagMerge,
): Promise<Result<void, Fault>> {
  for (let round = 0; round < ROUNDS; round++) {
    const before = await readTag(client, tag);
    if (!before.ok) return before;
    const after = await merge(before.value?.bytes);
    if (!after.ok) {
      return typeof after.error === "string" ? err(unusable(client, tag, after.error)) : err(after.error);
    }
    if (after.value === undefined) return ok(undefined);
    const etag = before.value?.etag;
    const put = await putManifest(client, after.value, {
      name: tag,
      ...(etag === undefined ? {} : { ifMatch: etag }),
    });
    if (!put.ok) return put;
    await client.pause(SETTLE_MS);
  }
  return err({
    kind: "registry",
    status: 409,
    codes: [],
    message: `Cannot add to the tag "${tag}" of "${client.repository}": others write it all the time`,
    hint: "What was sent is there; the same command adds it once they are done",
  });
}

interface TagContent {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string | undefined;
}

/** What a tag stands for; `undefined`: there is none. */
export async function readTag(
  client: RegistryClient,
  tag: string,
  access: "pull" | "push" = "push",
): Promise<Result<TagContent | undefined, Fault>> {
  const action = `Cannot read "${tag}" of "${client.repository}"`;
  const answer = await client.request({
    method: "GET",
    target: `${client.repository}/manifests/${tag}`,
    headers: { accept: ACCEPT },
    wanted: [200, 404],
    action,
    access,
  });
  if (!answer.ok) return answer;
  if (answer.value.status === 404) {
    await answer.value.body?.cancel();
    return ok(undefined);
  }
  const bytes = await limitedBytes(answer.value, MANIFEST_LIMIT_BYTES);
  if (bytes === undefined) {
    return err(damageFault(`${action}: it has more than ${MANIFEST_LIMIT_BYTES} bytes`));
  }
  return ok({ bytes, etag: answer.value.headers.get("etag") ?? undefined });
}

function unusable({ repository }: RegistryClient, tag: string, why: string): ImageFault {
  return imageFault(`Cannot add to the tag "${tag}" of "${repository}": ${why}`);
}
