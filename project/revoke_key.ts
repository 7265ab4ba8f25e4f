import { waitsFor } from "../actors/resolve_in_doubt.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { HandListener, HandRequest, HandResult } from "./change_by_hand.ts";
import { changeTrust, type TrustDecision } from "./change_trust.ts";
import type { ProjectFailure } from "./failure.ts";
import { findKey, isLastAdmin } from "./find_key.ts";
import type { OpenEnvironment, ProjectPorts } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import { readUnsaved } from "./read_unsaved.ts";
import { holderText } from "./refusal_text.ts";

/** A key that is to sign nothing any more. */
export interface RevokeKeyRequest extends Omit<HandRequest, "command"> {
  /** Its name, its id, or the first digits of that. */
  readonly key: string;
  /** Kept in the log for ever. */
  readonly reason: string;
  /** The record from which auditors should doubt what it signed. */
  readonly suspectFrom: number | undefined;
}

/**
 * Revokes a key from the next record on: what it signed before stands, its live runs are over, and what they left open is in
 * doubt. The last admin cannot be revoked.
 */
export async function revokeKey(
  ports: ProjectPorts,
  request: RevokeKeyRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  return await changeTrust(
    ports,
    { ...request, command: "keys revoke" },
    listener,
    (opened) => decide(opened, request),
  );
}

const UNSAVED =
  "Outcomes that runs of this machine could not store wait in .smelt/unsaved: smelt recover stores them, and once the key is " +
  "revoked those that it has signed are not believed, but looked for";

async function hasUnsaved(folder: string, environment: OpenEnvironment): Promise<boolean> {
  const { outcomes } = await readUnsaved(folder, environment);
  return outcomes.some((event) => waitsFor(environment.journal.state, event));
}

async function decide(opened: ReadEnvironment, request: RevokeKeyRequest): Promise<TrustDecision> {
  const { name, environment, workspace } = opened;
  const { state, head } = environment.journal;
  const { reason, suspectFrom } = request;
  const found = findKey({ text: request.key, environment: name }, state.keys);
  if (!found.ok) return found;
  const { key, isRevoked } = found.value;
  const about = `the key "${key.name}" (${key.id.slice(0, 8)})`;
  if (isRevoked) return ok({ unchanged: `${about} is revoked in ${name} already` });
  if (suspectFrom !== undefined && suspectFrom > head.seq) {
    const message =
      `Cannot doubt ${about} from record ${suspectFrom}: the log of ${name} ends at ${head.seq}`;
    return err({ kind: "NotFound", message });
  }
  if (isLastAdmin(state.keys, key.id)) {
    return err({
      kind: "PlanRefused",
      message: `Cannot revoke ${about} in "${name}": it is the last one with the role "admin"`,
      hint: "smelt keys rotate puts a new key in its place; smelt keys add --role admin trusts another first",
    });
  }
  const runs = [...state.liveRuns.values()].filter((each) => each.keyId === key.id).map(holderText);
  const ended = runs.length === 0 ? "" : `; it ends ${runs.join(", ")}, and what that left open is in doubt`;
  const own = environment.signingKey === key.id ? "; it is the one that signs here" : "";
  return ok({
    events: [{
      type: "KeyRevoked",
      keyId: key.id,
      reason,
      ...(suspectFrom === undefined ? {} : { suspectFrom }),
    }],
    summary: `${name} takes nothing more from ${about}${ended}${own}`,
    ...await hasUnsaved(workspace.paths.unsavedFolder, environment) ? { details: [UNSAVED] } : {},
  });
}
