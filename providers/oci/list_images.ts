import type { CallFailure } from "../../engine/call_failure.ts";
import { isJsonObject, parseJson } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { record } from "../../engine/value.ts";
import type { ListedObject, ListRequest } from "../provider.ts";
import { damageFault } from "./image_fault.ts";
import { imageFailure } from "./image_failure.ts";
import { accessOf, idPlace, type ImageParts, withClient } from "./image_place.ts";
import { repositoryText } from "./image_fields.ts";
import { limitedBytes } from "./pull_image.ts";

const LIMIT_BYTES = 4 * 1024 * 1024;

/** A repository that has a tag is there. Registries tell neither all that they hold nor what bears a token. */
export async function listImages(
  parts: ImageParts,
  { uniqueName }: ListRequest,
): Promise<Result<readonly ListedObject[], CallFailure>> {
  const place = uniqueName === undefined ? undefined : idPlace(uniqueName);
  if (place === undefined) return ok([]);
  const { repository } = place;
  return await withClient(parts, { repository, access: accessOf(record()) }, async (client) => {
    const action = `Cannot list the tags of "${repositoryText(repository)}"`;
    const answer = await client.request({
      method: "GET",
      target: `${client.repository}/tags/list`,
      wanted: [200, 404],
      action,
      access: "pull",
    });
    if (!answer.ok) return err(imageFailure(answer.error, "notDone"));
    const bytes = await limitedBytes(answer.value, LIMIT_BYTES);
    const isThere = answer.value.status === 200 && bytes !== undefined ? hasTags(bytes) : false;
    if (isThere === undefined) {
      return err(imageFailure(damageFault(`${action}: the answer is no list`), "notDone"));
    }
    const fields = record([["identity", record([["repository", repositoryText(repository)]])]]);
    return ok(isThere ? [{ id: repositoryText(repository), fields, outputs: record() }] : []);
  });
}

/** `undefined` for what is no list of tags. */
function hasTags(bytes: Uint8Array): boolean | undefined {
  const json = parseJson(new TextDecoder().decode(bytes));
  const tags = isJsonObject(json) ? json["tags"] ?? [] : undefined;
  return Array.isArray(tags) ? tags.length > 0 : undefined;
}
