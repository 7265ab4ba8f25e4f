import { type AcceptedLoss, acceptedLoss, restoredAt } from "../engine/accepted_loss.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import type { Plan } from "../engine/plan.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { InvariantError } from "../engine/invariant.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import type { JsonObject } from "../engine/json.ts";
import type { PlanSeed } from "../engine/plan_seed.ts";
import { replan, type Replanned } from "../engine/replan.ts";
import { movedSince } from "../engine/run_logic_claims.ts";
import type { ProjectFailure } from "./failure.ts";
import { LONGEST_PLAN_LIFETIME_MS, type PlanTerms } from "./plan_terms.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import { schemasOf } from "./prepare_plan.ts";
import { decodeSeed } from "./saved_plan_codec.ts";
import type { SavedPlanBody, UntrustedPlanFile } from "./saved_plan_file.ts";
import { savedPlanFault } from "./saved_plan_shape.ts";
import { VERSION } from "./version.ts";

/** A saved plan that is what was signed, for this environment, and may still be carried out by its own word. */
export interface OpenedPlan {
  readonly body: SavedPlanBody;
  /** What it does: made anew of what the file holds, so that what is shown is what is done. */
  readonly work: Replanned;
  readonly terms: PlanTerms;
  /** What it was made of. */
  readonly seed: PlanSeed;
  /** The key that signed it, by id. */
  readonly by: string;
  /** BLAKE3 of the bytes that were signed, by which approvals name it. */
  readonly digest: string;
}

/**
 * Verifies the file of a plan, reads it, and makes the plan anew of it. Throws an `IntegrityError` when no key that may apply
 * signed it as it is, or when it holds what no plan is made of.
 */
export async function openSavedPlan(
  ports: ProjectPorts,
  { environment, name, workspace }: ReadEnvironment,
  file: UntrustedPlanFile,
): Promise<Result<OpenedPlan, ProjectFailure>> {
  const signed = await environment.openPlan(file.path, file.bytes);
  if (signed === undefined) return err(notFor(file, name, "another log"));
  // Signed it is, by whatever program held the key.
  const fault = savedPlanFault(signed.body);
  if (fault !== undefined) throw untrue(file, fault);
  const body = signed.body as unknown as SavedPlanBody;
  const lifetime = lifetimeFault(body, ports.clock.wallMs());
  if (lifetime !== undefined) throw untrue(file, lifetime);
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
  const seed = seedIn(file, body.plan);
  const moved = versionsMoved(file, seed, environment.journal.state);
  if (moved !== undefined) return err(moved);
  const work = replan(seed, {
    environment: name,
    stream: environment.journal.stream,
    madeOn: body.head,
    before: environment.journal.state,
    schemas: schemasOf(ports.registry(workspace.paths)),
  });
  const terms = termsOf(body, signed.by, environment.journal.state);
  if (work.ok) return ok({ body, terms, seed, work: work.value, by: signed.by, digest: signed.digest });
  if (work.error.kind === "untrue") throw untrue(file, work.error.why);
  return err(stalePlan(file, work.error.addresses.map((address) => `${address} has changed`)));
}

function termsOf(
  { madeAt, expiresAt, accounts }: SavedPlanBody,
  id: string,
  { keys }: EnvironmentView,
): PlanTerms {
  const name = keys.get(id)?.key.name ?? "unknown";
  return { by: { id, name }, madeAt, expiresAt, accounts: new Map(Object.entries(accounts)) };
}

/** No plan is saved for longer, whatever time its maker had. */
function lifetimeFault({ madeAt, expiresAt }: SavedPlanBody, nowMs: number): string | undefined {
  const [madeMs, expiresMs] = [Date.parse(madeAt), Date.parse(expiresAt)];
  const hours = LONGEST_PLAN_LIFETIME_MS / 3_600_000;
  if (madeMs > nowMs + CLOCK_MARGIN_MS) return `it says that it was made at ${madeAt}, which is to come`;
  if (expiresMs - madeMs <= LONGEST_PLAN_LIFETIME_MS) return undefined;
  return `it expires at ${expiresAt}, more than ${hours} hours after it was made`;
}

/** By how much the clock of who made a plan may be before that of who opens it. */
const CLOCK_MARGIN_MS = 24 * 3_600_000;

function seedIn(file: UntrustedPlanFile, json: JsonObject): PlanSeed {
  try {
    return decodeSeed(json);
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    throw untrue(file, "a value in it is none", { cause: error });
  }
}

/** Only a program that is not smelt, or no more than its key, signs such a file: it would show one thing and do another. */
function untrue({ path }: UntrustedPlanFile, why: string, options: ErrorOptions = {}): IntegrityError {
  return new IntegrityError("malformed", path, `Cannot trust the plan in "${path}": ${why}`, options);
}

/** What the plan rests on has the versions that it names, so that it can be made anew. */
function versionsMoved(
  file: UntrustedPlanFile,
  { readSet }: PlanSeed,
  { resources }: EnvironmentView,
): ProjectFailure | undefined {
  const moved = [...readSet].filter(([address, version]) =>
    (resources.get(address)?.version ?? 0) !== version
  );
  if (moved.length === 0) return undefined;
  return stalePlan(file, moved.map(([address]) => `${address} has changed`));
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
