/** Why a rotation is not begun, and whether it only completes another. */
import type { BlobSurvey, LostBlob } from "./blob_survey.ts";
import type { DataKeyHistory } from "./data_key_history.ts";
import type { ProjectFailure } from "./failure.ts";
import { FOR_GOOD, lostBlobsFailure } from "./lost_blob_text.ts";
import type { ReadEnvironment } from "./read_environment.ts";

/** S1: why nothing is begun. */
export async function refusalOf(
  { name, environment: { secretStore } }: ReadEnvironment,
  { history: { active }, lost }: BlobSurvey,
  giveUp: "asked" | "refused",
): Promise<ProjectFailure | undefined> {
  const isRefused = giveUp === "refused" && lost.length > 0;
  if (isRefused && lost.some(({ why }) => why !== "keyAbsent")) return lostBlobsFailure(name, lost);
  const key = isRefused ? lost.find(({ dataKey }) => dataKey !== undefined)?.dataKey : undefined;
  if (key !== undefined) {
    const use = await secretStore.useKey(key);
    return keyLacks(name, key, key === active && !use.ok ? use.error : undefined);
  }
  const digest = await secretStore.useDigestKey();
  return digest.ok ? undefined : digest.error;
}

function keyLacks(environment: string, key: string, why: ProjectFailure | undefined): ProjectFailure {
  const hint = why?.hint ?? "Run this where the rotation began, or copy the key from there";
  const message =
    `Cannot complete the rotation of "${environment}": secrets are still under the data key ${key}, ` +
    "which is not here";
  return { kind: "Keys", message, ...why, hint: `${hint}; ${FOR_GOOD}` };
}

/**
 * Whether a rotation was interrupted and can be completed here: a key that was to go is not gone from the log. What has the name
 * of a key that has ended says nothing, nor what is under it: whoever may write the store can put it there at any time. One that
 * gives secrets up begins anew, since the exchange of a key is what makes its word count.
 */
export async function leavesSomething(
  { environment: { secretStore } }: ReadEnvironment,
  { active, retiring }: DataKeyHistory,
  lost: readonly LostBlob[],
): Promise<boolean> {
  return lost.length === 0 && retiring.length > 0 && (await secretStore.keys()).includes(active);
}

/** What was wrapped stays wrapped, unless somebody says otherwise: a line that is gone from `smelt.toml` says nothing. */
export async function clearRefusal(
  opened: ReadEnvironment,
  { history, lost }: BlobSurvey,
): Promise<ProjectFailure | undefined> {
  const { name, environment: { secretStore } } = opened;
  if (secretStore.newForm.kind === "wrapped" || await leavesSomething(opened, history, lost)) {
    return undefined;
  }
  const here = await secretStore.keys();
  const before = here.includes(history.active) ? [history.active] : here;
  for (const key of before) {
    const form = await secretStore.keyForm(key);
    if (form.kind !== "wrapped") continue;
    return {
      kind: "Keys",
      message:
        `Cannot exchange the data key of "${name}": ${key} is wrapped under "${form.under}" in AWS KMS, and the ` +
        "new one would lie in clear, since smelt.toml names no secrets.kms_key",
      hint: `Write kms_key = "${form.under}" below [secrets], or say --in-clear`,
    };
  }
  return undefined;
}
