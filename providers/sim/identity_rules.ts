import { ok, type Result } from "../../engine/result.ts";
import { isRecord } from "../../engine/value.ts";
import { roleKeysKey } from "./claims.ts";
import type { CloudState } from "./cloud_state.ts";
import { listOf, textOf } from "./open_value.ts";
import { arnOf, type Placed, type Wanted } from "./placement.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** The rules of `sim.Role` and `sim.Key`. */

const ACTION_REGEXP = /^(\*|[a-z]+:(\*|[A-Z][A-Za-z]*\*?))$/;

/** A role's actions are well formed, and each statement says something. */
export function placeRole(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  for (const [index, statement] of listOf(wanted.fields, "statements").entries()) {
    if (!isRecord(statement)) continue;
    const path = `statements[${index}]`;
    const actions = listOf(statement, "actions");
    if (actions.length === 0) return refuse("InvalidConfig", `"${path}.actions" is empty`);
    const bad = actions.find((each) => typeof each !== "string" || !ACTION_REGEXP.test(each));
    if (bad !== undefined) {
      return refuse("InvalidConfig", `"${path}.actions" holds something that is no action like bucket:Read`);
    }
  }
  return ok({ fields: wanted.fields, outputs: { arn: arnOf(cloud, wanted, "global") } });
}

const KEYS_PER_ROLE = 2;

/** A role has two keys at most, so that one can replace the other. The secret itself is never kept. */
export function placeKey(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  const roleId = textOf(wanted.fields, "role_id") ?? "";
  const count = cloud.counts.get(roleKeysKey(roleId)) ?? 0;
  if (wanted.before === undefined && count >= KEYS_PER_ROLE) {
    return refuse("QuotaExceeded", `role "${roleId}" has ${count} keys already, which is the most`);
  }
  return ok({ fields: wanted.fields, outputs: { arn: arnOf(cloud, wanted, "global") } });
}
