import type { DriftedResource, DriftReport } from "../engine/find_drift.ts";
import { findDrift } from "../engine/find_drift.ts";
import type { Plan } from "../engine/plan.ts";
import { planAcceptance, planObservations } from "../engine/plan_record.ts";
import { planRevert } from "../engine/plan_revert.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { DependencyCycle } from "../engine/want_stored.ts";
import type { ApplyTask } from "./apply_project.ts";
import { heldState } from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
import type { Notice } from "./notice.ts";
import type { PlanMaker } from "./prepare_plan.ts";
import { preparedOf, readStoredWorld, type StoredWorld } from "./stored_world.ts";

/** Records what reads found, and changes nothing in the world. Reads no file. */
export const REFRESH_TASK: ApplyTask = {
  command: "apply --refresh-only",
  prepare: async (...parts) => {
    const world = await readStoredWorld(...parts);
    if (!world.ok) return world;
    const prepared = preparedOf(world.value, planObservations(world.value.input));
    return ok({ ...prepared, purpose: { kind: "refresh" } });
  },
};

/** Takes what lives for what was sent, of the resource at `address` or of all; changes nothing in the world. Reads no file. */
export function acceptTask(address: string | undefined): ApplyTask {
  return driftTask("accept", address, ({ input }, drifted) => ok(planAcceptance(input, drifted)));
}

/** Puts what drifted back to what was sent last, of the resource at `address` or of all. Reads no file. */
export function revertTask(address: string | undefined): ApplyTask {
  return driftTask("revert", address, ({ input }, drifted) => planRevert(input, drifted));
}

/** Makes a plan for what drifted. */
type DriftPlanner = (
  world: StoredWorld,
  drifted: readonly DriftedResource[],
) => Result<Plan, DependencyCycle>;

function driftTask(
  kind: "accept" | "revert",
  address: string | undefined,
  makePlan: DriftPlanner,
): ApplyTask {
  const prepare: PlanMaker = async (ports, workspace, source, request, signal) => {
    const opened = { name: request.environment };
    const known = address === undefined ? ok(undefined) : heldState({ state: source.state, opened }, address);
    if (!known.ok) return known;
    const world = await readStoredWorld(ports, workspace, source, request, signal);
    if (!world.ok) return world;
    const found = chosen(findDrift({ ...world.value.input, wanted: () => undefined }), address);
    const unread = address === undefined ? undefined : found.unread[0];
    if (unread !== undefined) return err(unreadFailure(kind, unread));
    const plan = makePlan(world.value, found.drifted);
    if (!plan.ok) return err(circleFailure(plan.error));
    return ok({
      ...preparedOf(world.value, plan.value),
      notices: [...unreadNotices(found), ...(kind === "revert" ? decidedNotices(found, plan.value) : [])],
      purpose: { kind, address, drift: found },
    });
  };
  return { command: `drift ${kind}`, prepare };
}

function chosen(report: DriftReport, address: string | undefined): DriftReport {
  if (address === undefined) return report;
  const isChosen = (each: { readonly address: string }) => each.address === address;
  return { ...report, drifted: report.drifted.filter(isChosen), unread: report.unread.filter(isChosen) };
}

function unreadFailure(
  kind: "accept" | "revert",
  { address, why }: DriftReport["unread"][number],
): ProjectFailure {
  return {
    kind: "PlanRefused",
    message: `Cannot ${kind} the drift of ${address}: ${why}`,
    resource: address,
  };
}

/** Stored resources that rely on each other in a circle: nothing can be planned from them. */
export function circleFailure({ path }: DependencyCycle): ProjectFailure {
  return {
    kind: "PlanRefused",
    message: `Cannot plan from the log: ${path.join(" -> ")} rely on each other in a circle`,
    hint: "smelt apply of the files resolves it",
  };
}

function unreadNotices({ unread }: DriftReport): readonly Notice[] {
  return unread.map(({ address, why }) => ({
    kind: "Unread",
    message: `nothing can be told of ${address}: ${why}`,
  }));
}

/** What only a provider sets is for nobody to put back. */
function decidedNotices({ drifted }: DriftReport, { resources }: Plan): readonly Notice[] {
  const idle = new Set(
    resources.filter(({ action, unrefreshed }) => action === "none" && unrefreshed === undefined)
      .map(({ address }) => address),
  );
  return drifted.filter(({ address }) => idle.has(address)).map(({ address }) => ({
    kind: "Undecidable",
    message: `nothing of ${address} can be put back: what differs is the provider's to set; ` +
      "smelt drift accept records it",
  }));
}
