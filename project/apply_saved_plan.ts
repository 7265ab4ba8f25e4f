import type { Replanned } from "../engine/replan.ts";
import { err, ok, type Result } from "../engine/result.ts";
import {
  type ApplyListener,
  type ApplyRequest,
  type ApplyResult,
  carryOut,
  runWorld,
  settleDoubts,
} from "./apply_project.ts";
import { unapprovedRefusal } from "./change_policy.ts";
import { checkPlaces } from "./check_places.ts";
import { checkPlannedConstraints } from "./check_planned_constraints.ts";
import { type ConfigFailure, configFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import { liveHolders } from "./live_holders.ts";
import { movedRefusal, openSavedPlan, stalePlan } from "./open_saved_plan.ts";
import { basisDigests, changedBasis } from "./plan_basis.ts";
import { planSource } from "./plan_source.ts";
import { type PreparedPlan, type ReadDesired, readDesired } from "./prepare_plan.ts";
import { problemDiagnostic } from "./problem_diagnostic.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import { readAgainRefusal } from "./read_again.ts";
import { accountsOf } from "./save_plan.ts";
import type { SavedPlanBody, UntrustedPlanFile } from "./saved_plan_file.ts";
import { withSavedPlan } from "./with_saved_plan.ts";

/** What a run of a saved plan is asked for. */
export interface SavedApplyRequest extends Pick<ApplyRequest, "parallelism" | "why"> {
  /** The one that the plan is for when `undefined`; another one is refused. */
  readonly environment: string | undefined;
  /** The file, relative to the working folder. */
  readonly path: string;
}

/**
 * Carries out a plan that `savePlan` has signed, and nothing else: no other is made of the files or of the world. It is refused,
 * before any call that changes something, when it is not as it was signed, has expired, or when anything that it was made of has
 * changed since: the files, the variables that they read, the version of smelt, the accounts, the resources that it rests on, or
 * what it says of objects that live, which are read again.
 */
export async function applySavedPlan(
  ports: ProjectPorts,
  request: SavedApplyRequest,
  listener: ApplyListener,
): Promise<Result<ApplyResult, ProjectFailure | ConfigFailure>> {
  return await withSavedPlan(
    ports,
    { ...request, role: "apply" },
    listener,
    (opened, file) => applyOpened(ports, opened, { request, file, listener }),
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
  const checked = await openSavedPlan(ports, opened, file);
  if (!checked.ok) return checked;
  const { body, by, digest, seed, terms, work } = checked.value;
  const unapproved = await unapprovedRefusal(ports, opened, { path: file.path, digest, by });
  if (unapproved !== undefined) return err(unapproved);
  const { workspace } = opened;
  const { command } = work.plan;
  const asked = { command, environment: name, files: body.files };
  const config = await readDesired(ports, {
    workspace,
    registry: ports.registry(workspace.paths),
    vault: environment.vault,
  }, asked);
  if (!config.ok) return config;
  const changed = changedBasis(body.basis, await basisDigests(environment.vault, name, config.value.basis));
  if (changed.length > 0) return err(stalePlan(file, changed.map((each) => `${each} has changed`)));
  const accounts = await accountsOf(ports, opened, work.plan);
  if (!accounts.ok) return accounts;
  const others = otherAccounts(body.accounts, accounts.value);
  if (others.length > 0) return err(stalePlan(file, others));
  const world = runWorld(ports, opened, request, listener);
  // Before what is in doubt is settled, which may take calls, and after it.
  const isMoved = () => movedRefusal(file, work.plan, environment.journal.state);
  const moved = isMoved();
  if (moved !== undefined) return err(moved);
  const told = await readAgainRefusal(ports, opened, { file, seed }, listener.interrupts.stop);
  if (told !== undefined) return err(told);
  const settled = await settleDoubts(world, opened, { command }, listener);
  if (!settled.ok) return settled;
  const movedByThat = isMoved();
  if (movedByThat !== undefined) return err(movedByThat);
  const prepared = await rebuilt(opened, work, config.value);
  if (!prepared.ok) return prepared;
  const carrying = { ports, opened, world, listener, resumes: undefined, savedDigest: digest };
  return await carryOut(carrying, { ...prepared.value, terms });
}

/** The plan, held against the constraints of the files once more. */
async function rebuilt(
  { environment }: ReadEnvironment,
  { plan, steps, summary }: Replanned,
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
    // What was a folder when the plan was made may be a link by now.
    problems: await checkPlaces(plan, registry),
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
  const more = Object.keys(before).filter((provider) => !now.has(provider));
  return [
    ...[...now].filter(([provider, account]) => before[provider] !== account).map(([provider, account]) =>
      `the provider "${provider}" reaches the account "${account}", not "${before[provider] ?? "none"}"`
    ),
    ...more.map((provider) => `it calls nothing of the provider "${provider}", whose account it names`),
  ];
}
