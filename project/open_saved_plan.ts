import { type AcceptedLoss, acceptedLoss, restoredAt } from "../engine/accepted_loss.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import type { Plan } from "../engine/plan.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { movedSince } from "../engine/run_logic_claims.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import { decodePlan, type PlannedWork } from "./saved_plan_codec.ts";
import type { SavedPlanBody, UntrustedPlanFile } from "./saved_plan_file.ts";
import { VERSION } from "./version.ts";

/** A saved plan that is what was signed, for this environment, and may still be carried out by its own word. */
export interface OpenedPlan {
  readonly body: SavedPlanBody;
  readonly work: PlannedWork;
  /** The key that signed it, by id. */
  readonly by: string;
  /** BLAKE3 of the bytes that were signed, by which approvals name it. */
  readonly digest: string;
}

/** Verifies the file of a plan and reads it. Throws an `IntegrityError` when no key that may apply signed it as it is. */
export async function openSavedPlan(
  ports: ProjectPorts,
  { environment, name }: ReadEnvironment,
  file: UntrustedPlanFile,
): Promise<Result<OpenedPlan, ProjectFailure>> {
  const signed = await environment.openPlan(file.path, file.bytes);
  if (signed === undefined) return err(notFor(file, name, "another log"));
  // Signed: it is what smelt wrote, in the form that `claims` has checked.
  const body = signed.body as unknown as SavedPlanBody;
  if (body.environment !== name) return err(notFor(file, name, body.environment));
  if (body.smelt !== VERSION) {
    return err(stalePlan(file, [`smelt: made by version ${body.smelt}, this is ${VERSION}`]));
  }
  if (ports.clock.wallMs() >= Date.parse(body.expiresAt)) {
    return err({
      ...stalePlan(file, []),
      message: `The plan in "${file.path}" has expired: nothing was changed`,
      details: [`made at ${body.madeAt}, to be applied before ${body.expiresAt}`],
    });
  }
  const { facts } = environment.journal.state;
  const isLost = acceptedLoss(facts, body.head) !== undefined;
  if (isLost || body.head.seq < restoredAt(facts)) {
    return err(madeBeforeLoss(file, body, facts?.losses.at(-1)));
  }
  return ok({ body, work: decodePlan(body.plan), by: signed.by, digest: signed.digest });
}

/** Why a plan does not hold any more: resources that it rests on have moved. */
export function movedRefusal(
  file: UntrustedPlanFile,
  plan: Plan,
  state: EnvironmentView,
): ProjectFailure | undefined {
  const moved = movedSince(plan, state);
  return moved.length === 0 ? undefined : stalePlan(file, moved.map((address) => `${address} has changed`));
}

/** A plan for another environment than the one that was named. */
export function notFor({ path }: UntrustedPlanFile, wanted: string, found: string): ProjectFailure {
  const what = found === "another log" ? found : `the environment "${found}"`;
  return {
    kind: "Stale",
    message: `The plan in "${path}" is for ${what}, not for "${wanted}": nothing was changed`,
  };
}

/** A plan that does not hold any more, and why. */
export function stalePlan({ path }: UntrustedPlanFile, details: readonly string[]): ProjectFailure {
  return {
    kind: "Stale",
    message: `What the plan in "${path}" rests on has changed since it was made: no call was made`,
    details,
    hint: "Plan again",
  };
}

/** What it does may have been done in the lost part: neither its basis nor the state that it rests on could tell. */
function madeBeforeLoss(
  file: UntrustedPlanFile,
  { head, madeAt }: SavedPlanBody,
  loss: AcceptedLoss | undefined,
): ProjectFailure {
  return {
    kind: "Stale",
    message:
      `The plan in "${file.path}" was made before the log was restored from a backup: no call was made`,
    details: [
      `made at ${madeAt} on record ${head.seq}; ${loss?.who} accepted the loss at ${loss?.at}, in record ${loss?.seq}`,
      "it may have been carried out in the part that was lost",
    ],
    hint: "Plan again",
  };
}
