import type { LostBlob } from "./blob_survey.ts";
import type { ProjectFailure } from "./failure.ts";

const GIVE_UP = "smelt secrets rotate --give-up lists what goes, asks, and goes on without it";

/** What to do about secrets whose key is lost, as the end of a sentence. */
export const FOR_GOOD = `where it is lost for good, ${GIVE_UP}`;

/** Why the data key of an environment cannot be exchanged: some of these secrets are not what the log says. */
export function lostBlobsFailure(environment: string, lost: readonly LostBlob[]): ProjectFailure {
  return {
    kind: "Damage",
    message: `Cannot exchange the data key of "${environment}": ${
      lost.length === 1 ? "1 secret does" : `${lost.length} secrets do`
    } not open; nothing was changed`,
    details: lost.map(lostBlobText),
    hint: `Restore .smelt/blobs from a backup; where that is impossible, ${GIVE_UP}`,
  };
}

/** Whose secret it is, why it does not open, and what follows. */
export function lostBlobText({ id, why, dataKey, address, seq, isHeld }: LostBlob): string {
  const what = why === "absent"
    ? "its stored bytes are absent"
    : why === "altered"
    ? "its stored bytes were altered or are another secret's"
    : `it is under the data key ${dataKey}, which is not here`;
  const whose = isHeld ? "which has it now" : "a secret of the past";
  return `${id}, of ${address} in record ${seq}, ${whose}: ${what}`;
}
