import { type AcceptedLoss, acceptedLoss, restoredAt } from "../engine/accepted_loss.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import type { Plan } from "../engine/plan.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { movedSince } from "../engine/run_logic_claims.ts";
import {
  type ApplyListener,
  type ApplyRequest,
  type ApplyResult,
  carryOut,
  runWorld,
  settleDoubts,
  tellingRepairs,
} from "./apply_project.ts";
import { checkPlannedConstraints } from "./check_planned_constraints.ts";
import { type ConfigFailure, configFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import { liveHolders } from "./live_holders.ts";
import { basisDigests, changedBasis } from "./plan_basis.ts";
import { planSource } from "./plan_source.ts";
import { type PreparedPlan, type ReadDesired, readDesired } from "./prepare_plan.ts";
import { problemDiagnostic } from "./problem_diagnostic.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { accountsOf } from "./save_plan.ts";
import { decodePlan, type PlannedWork } from "./saved_plan_codec.ts";
import { readPlanFile, type SavedPlanBody, type UntrustedPlanFile } from "./saved_plan_file.ts";
import { VERSION } from "./version.ts";

/** What a run of a saved plan is asked for. */
export interface SavedApplyRequest extends Pick<ApplyRequest, "parallelism" | "why"> {
  /** The one that the plan is for when `undefined`; another one is refused. */
  readonly environment: string | undefined;
  /** The file, relative to the working folder. */
  readonly path: string;
}

/**
 * Carries out a plan that `savePlan` has signed, and nothing else: neither the files nor the world are compared again. It is
 * refused, before any call, when it is not as it was signed, has expired, or when anything that it was made of has changed
 * since: the files, the variables that they read, the version of smelt, the accounts, or the resources that it rests on.
 */
export async function applySavedPlan(
  ports: ProjectPorts,
  request: SavedApplyRequest,
  listener: ApplyListener,
): Promise<Result<ApplyResult, ProjectFailure | ConfigFailure>> {
  const read = await readPlanFile(ports.workingFolder, request.path);
  if (!read.ok) return read;
  const file = read.value;
  const { claims } = file;
  const named = request.environment;
  if (named !== undefined && claims !== undefined && claims.environment !== named) {
    return err(notFor(file, named, claims.environment));
  }
  return await withEnvironment(
    ports,
    {
      environment: named ?? claims?.environment,
      purpose: "write",
      pins: claims === undefined ? [] : [{ ...claims.head, source: `the plan in "${file.path}"` }],
      tell: (notice) => listener.noticed(notice),
    },
    (opened) =>
      tellingRepairs(opened, listener, () => applyOpened(ports, opened, { request, file, listener })),
  );
}

interface SavedApply {
  readonly request: SavedApplyRequest;
  readonly file: UntrustedPlanFile;
  readonly listener: ApplyListener;
}

async function applyOpened(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { request, file, listener }: SavedApply,
): Promise<Result<ApplyResult, ProjectFailure | ConfigFailure>> {
  const { environment, name } = opened;
  const json = await environment.openPlan(file.path, file.bytes);
  if (json === undefined) return err(notFor(file, name, "another log"));
  // Signed: it is what smelt wrote, in the form that `claims` has checked.
  const body = json as unknown as SavedPlanBody;
  if (body.environment !== name) return err(notFor(file, name, body.environment));
  if (body.smelt !== VERSION) {
    return err(stale(file, [`smelt: made by version ${body.smelt}, this is ${VERSION}`]));
  }
  if (ports.clock.wallMs() >= Date.parse(body.expiresAt)) {
    return err({
      ...stale(file, []),
      message: `The plan in "${file.path}" has expired: nothing was changed`,
      details: [`made at ${body.madeAt}, to be applied before ${body.expiresAt}`],
    });
  }
  const { facts } = environment.journal.state;
  const isLost = acceptedLoss(facts, body.head) !== undefined;
  if (isLost || body.head.seq < restoredAt(facts)) {
    return err(madeBeforeLoss(file, body, facts?.losses.at(-1)));
  }
  const work = decodePlan(body.plan);
  const { workspace } = opened;
  const { command } = work.plan;
  const asked = { command, environment: name, files: body.files };
  const config = await readDesired(ports, { workspace, registry: ports.registry(workspace.paths) }, asked);
  if (!config.ok) return config;
  const changed = changedBasis(body.basis, await basisDigests(environment.vault, name, config.value.basis));
  if (changed.length > 0) return err(stale(file, changed.map((each) => `${each} has changed`)));
  const accounts = await accountsOf(ports, opened, work.plan);
  if (!accounts.ok) return accounts;
  const others = otherAccounts(body.accounts, accounts.value);
  if (others.length > 0) return err(stale(file, others));
  const world = runWorld(ports, opened, request, listener);
  // Before what is in doubt is settled, which may take calls, and after it.
  const isMoved = () => movedRefusal(file, work.plan, environment.journal.state);
  const moved = isMoved();
  if (moved !== undefined) return err(moved);
  const settled = await settleDoubts(world, opened, { command }, listener);
  if (!settled.ok) return settled;
  const movedByThat = isMoved();
  if (movedByThat !== undefined) return err(movedByThat);
  const prepared = await rebuilt(opened, { ...work, summary: body.summary }, config.value);
  if (!prepared.ok) return prepared;
  return await carryOut({ ports, opened, world, listener, resumes: undefined }, prepared.value);
}

function movedRefusal(
  file: UntrustedPlanFile,
  plan: Plan,
  state: EnvironmentView,
): ProjectFailure | undefined {
  const moved = movedSince(plan, state);
  return moved.length === 0 ? undefined : stale(file, moved.map((address) => `${address} has changed`));
}

/** The plan as if it had just been made. */
async function rebuilt(
  { environment }: ReadEnvironment,
  { plan, steps, summary }: PlannedWork & Pick<PreparedPlan, "summary">,
  { desired, registry, warnings, sources, basis }: ReadDesired,
): Promise<Result<PreparedPlan, ConfigFailure>> {
  const { findings, inputRule } = await checkPlannedConstraints(plan, desired, registry);
  if (findings.length > 0) {
    return err(configFailure(findings.map((each) => problemDiagnostic(each, sources)), sources));
  }
  const { state, deadRuns } = await planSource(environment);
  const held = liveHolders(plan, state, deadRuns);
  return ok({
    plan,
    steps,
    summary,
    problems: [],
    held,
    notices: [],
    warnings,
    sources,
    basis,
    registry,
    inputRule,
  });
}

function otherAccounts(
  before: SavedPlanBody["accounts"],
  now: ReadonlyMap<string, string>,
): readonly string[] {
  return [...now].filter(([provider, account]) => before[provider] !== account)
    .map(([provider, account]) =>
      `the provider "${provider}" reaches the account "${account}", not "${before[provider]}"`
    );
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

function notFor({ path }: UntrustedPlanFile, wanted: string, found: string): ProjectFailure {
  const what = found === "another log" ? found : `the environment "${found}"`;
  return {
    kind: "Stale",
    message: `The plan in "${path}" is for ${what}, not for "${wanted}": nothing was changed`,
  };
}

function stale({ path }: UntrustedPlanFile, details: readonly string[]): ProjectFailure {
  return {
    kind: "Stale",
    message: `What the plan in "${path}" rests on has changed since it was made: no call was made`,
    details,
    hint: "Plan again",
  };
}
