import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Digest } from "../../image/digest.ts";
import { refused } from "../failures.ts";
import { sectionFields, textList } from "../field_reader.ts";
import type { DeleteRequest } from "../provider.ts";
import { imageFailure } from "./image_failure.ts";
import { repositoryText } from "./image_fields.ts";
import { accessOf, idPlace, type ImageParts, knownDigest, withClient } from "./image_place.ts";
import { parseState, type TagPlaces } from "./image_state.ts";
import { changedSince } from "./publish_image.ts";
import type { RegistryClient } from "./registry_client.ts";
import { pointsTo, tagsPointTo } from "./registry_image.ts";

/** Lets go of an image in the way that its field `on_destroy` asks for. What others have moved meanwhile is left as it is. */
export async function deleteImage(
  parts: ImageParts,
  { applied, id, precondition }: DeleteRequest,
): Promise<Result<void, CallFailure>> {
  const place = idPlace(id);
  const { on_destroy: rule = "keep", ...publish } = sectionFields(applied, "publish");
  const seen = precondition === undefined ? undefined : parseState(precondition);
  if (precondition !== undefined && seen === undefined) {
    return err(changedSince(id, "it is not known how it was seen"));
  }
  if (place === undefined || (rule !== "untag" && rule !== "delete")) return ok(undefined);
  const { repository } = place;
  const digest = seen?.digest ?? await knownDigest(parts, applied, undefined) ?? place.digest;
  if (digest === undefined) {
    return err(refused("InvalidConfig", `Cannot ${rule} "${id}": it is not known which digest it has`));
  }
  const tags = [...new Set([...textList(publish, "tags"), ...seen?.tags.keys() ?? []])];
  return await withClient(parts, { repository, access: accessOf(applied) }, async (client) => {
    const held = await pointsTo(client, digest, "push");
    if (!held.ok) return err(imageFailure(held.error, "notDone"));
    if (held.value === undefined) return ok(undefined);
    const places = await tagsPointTo(client, tags, "push");
    if (!places.ok) return err(imageFailure(places.error, "notDone"));
    const moved = movedTag(seen?.tags ?? new Map(), places.value);
    if (moved !== undefined) return err(changedSince(repositoryText(repository), moved));
    return rule === "delete"
      ? await remove(client, digest)
      : await untag(client, tags.filter((tag) => places.value.get(tag) === digest));
  });
}

/** A tag that is gone counts as done; one that points elsewhere is somebody's. */
function movedTag(seen: TagPlaces, now: TagPlaces): string | undefined {
  const moved = [...seen].find(([tag, at]) => now.get(tag) !== at && now.get(tag) !== undefined);
  return moved === undefined ? undefined : `its tag "${moved[0]}" points to ${now.get(moved[0])}`;
}

async function untag(client: RegistryClient, tags: readonly string[]): Promise<Result<void, CallFailure>> {
  for (const tag of tags) {
    const removed = await remove(client, tag);
    if (!removed.ok) return removed;
  }
  return ok(undefined);
}

const GONE_STATUSES: readonly number[] = [202, 404];
/** What registries answer that take no deletions, or none of tags. */
const UNSUPPORTED_STATUSES: ReadonlySet<number> = new Set([400, 405]);

/**
 * Takes away a tag, or the index of this digest. The manifests of its platforms are left to the registry's own cleaning: another
 * version of the image may name them too.
 */
async function remove(client: RegistryClient, name: Digest | string): Promise<Result<void, CallFailure>> {
  const where = `${client.place.host}/${client.repository}`;
  const removed = await client.request({
    method: "DELETE",
    target: `${client.repository}/manifests/${name}`,
    wanted: GONE_STATUSES,
    action: `Cannot take "${name}" out of "${where}"`,
    access: "push",
  });
  if (removed.ok) {
    await removed.value.body?.cancel();
    return ok(undefined);
  }
  const { error } = removed;
  if (error.kind === "registry" && UNSUPPORTED_STATUSES.has(error.status)) {
    return err(refused("ConstraintViolated", `${error.message}; this registry does not support it`));
  }
  const look = await pointsTo(client, name, "push");
  if (look.ok && look.value === undefined) return ok(undefined);
  return err(imageFailure(error, look.ok ? "notDone" : "unknown"));
}
