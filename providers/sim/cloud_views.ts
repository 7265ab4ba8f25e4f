import { ok, type Result } from "../../engine/result.ts";
import { record } from "../../engine/value.ts";
import type { ListedObject, ListRequest, LiveObject } from "../provider.ts";
import type { AccountKey } from "./account_key.ts";
import { bucketKey } from "./claims.ts";
import { requireType } from "./cloud_request.ts";
import { type CloudObject, objectAt } from "./cloud_state.ts";
import type { Access } from "./cloud_store.ts";
import { textOf } from "./open_value.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { simType } from "./sim_types.ts";

/** The moment that a look shows: `lagMs` before now. 0 shows everything. */
export interface Look {
  readonly instant: number;
  readonly lagMs: number;
}

/** An object as its caller sees it. */
export function liveObject(object: CloudObject, key: AccountKey): LiveObject {
  const { id, type, fields, generation } = object;
  const outputs = type === "sim.Key"
    ? record([...Object.entries(object.outputs), ["secret", key.secretOf(id)]])
    : object.outputs;
  const base = { id, fields, outputs };
  return simType(type)?.uniqueName === undefined ? { ...base, precondition: String(generation) } : base;
}

/** The object of that type and id; `undefined` when the look shows none. */
export function findObject(
  { cloud, key }: Access,
  { type, id, look }: { readonly type: string; readonly id: string; readonly look: Look },
): LiveObject | undefined {
  const object = cloud.objects.get(id);
  const seen = object === undefined || object.type !== type ? undefined : seenAt(object, look);
  return seen === undefined ? undefined : liveObject(seen, key);
}

/** The objects of a type that a look shows, in order of creation: all, or those that the request narrows it to. */
export function listObjects(
  access: Access,
  request: ListRequest,
  look: Look,
): Result<readonly ListedObject[], Refusal> {
  const type = requireType(request.type);
  if (!type.ok) return type;
  const { token, uniqueName } = request;
  const hasNames = type.value.uniqueName !== undefined;
  if (uniqueName !== undefined && !hasNames) {
    return refuse("InvalidConfig", "objects of this type have no unique name");
  }
  if (token !== undefined && hasNames) return refuse("InvalidConfig", "objects of this type bear no token");
  const seen = candidates(access, request, look).flatMap((id) => {
    const object = access.cloud.objects.get(id);
    const version = object?.type === request.type ? seenAt(object, look) : undefined;
    return version === undefined ? [] : [version];
  }).filter((each) => uniqueName === undefined || textOf(each.fields, "name") === uniqueName);
  return ok(seen.map((each) => {
    const live = liveObject(each, access.key);
    return hasNames ? live : { ...live, token: each.token };
  }));
}

/** Ids that may be in the list; without lag these are few. */
function candidates({ cloud }: Access, request: ListRequest, look: Look): readonly string[] {
  const { type, token, uniqueName } = request;
  if (token !== undefined) return cloud.bearers.get(token) ?? [];
  if (look.lagMs > 0) return cloud.made.get(type) ?? [];
  if (uniqueName === undefined) return [...cloud.present.get(type) ?? []];
  const holder = cloud.holders.get(bucketKey(uniqueName));
  return holder === undefined ? [] : [holder];
}

/** Without lag all that is done is shown, whatever the clock says. */
function seenAt(object: CloudObject, look: Look): CloudObject | undefined {
  return objectAt(object, look.lagMs > 0 ? look.instant : Infinity);
}
