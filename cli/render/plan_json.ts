import type { Drift, FieldChange, Plan, PlannedResource, PlanSummary } from "../../engine/plan.ts";
import { sourcesAt } from "../../engine/wanted.ts";
import type { LiveHolder } from "../../project/live_holders.ts";
import type { SavedPlan } from "../../project/save_plan.ts";
import { type Printable, sortedKeys } from "./json_text.ts";

/** The plan for scripts. Unchanged resources are listed too, so that a reader sees all that was looked at. */
export function planJson(
  plan: Plan,
  summary: PlanSummary,
  held: readonly LiveHolder[],
  saved?: SavedPlan["saved"],
): Printable {
  return {
    schema: "smelt.plan.v1",
    command: plan.command,
    environment: plan.environment,
    made_on: { seq: plan.madeOn.seq, hash: plan.madeOn.hash },
    resources: plan.resources.map(resourceJson),
    left_out: plan.leftOut.length === 0 ? undefined : [...plan.leftOut],
    outputs: plan.outputs.map((output) => ({ name: output.name, value: output.after })),
    summary: { ...summary },
    held_by: held.map(holderJson),
    saved: saved === undefined ? undefined : {
      path: saved.path,
      expires_at: saved.expiresAt,
      accounts: Object.fromEntries(saved.accounts),
    },
  };
}

function holderJson({ holder: { started, startedAt }, addresses }: LiveHolder): Printable {
  const { run, command, who, host } = started;
  return { run, command, who, host, since: startedAt, shared: [...addresses] };
}

function resourceJson(planned: PlannedResource): Printable {
  return {
    address: planned.address,
    type: planned.type,
    action: planned.action,
    moved_from: planned.arrival?.kind === "moved" ? planned.arrival.from : undefined,
    imports: planned.arrival?.kind === "imported" ? planned.arrival.facts.id : undefined,
    tier: planned.tier,
    intent: planned.wanted?.description.intent,
    owner: planned.wanted?.description.owner,
    protected: planned.wanted?.isProtected === true ? true : undefined,
    retain: planned.wanted?.description.retained,
    object_id: planned.objectId,
    changes: planned.changes.map((each) => ({ ...changeJson(each), sources: sourcesJson(planned, each) })),
    reasons: [...planned.reasons],
    delete_first: planned.goesFirst.length === 0 ? undefined : true,
    deposed: planned.deposed.length === 0 ? undefined : [...planned.deposed],
    retained: planned.retained.length === 0 ? undefined : [...planned.retained],
    dependents: planned.dependents.length === 0 ? undefined : [...planned.dependents],
    drift: planned.drift === undefined ? undefined : driftJson(planned.drift),
    undecided: planned.unrefreshed,
  };
}

function driftJson({ found, changes }: Drift): Printable {
  const isTouchedOnly = found !== null && changes.length === 0;
  return {
    gone: found === null,
    changes: changes.map(changeJson),
    precondition: isTouchedOnly ? found.precondition ?? null : undefined,
  };
}

/** What gives a field, where the files do not write it. */
function sourcesJson({ wanted }: PlannedResource, { path }: FieldChange): Printable {
  const sources = wanted === undefined ? [] : sourcesAt(wanted, path);
  return sources.length === 0 ? undefined : sources.map(({ address, output }) => ({ address, output }));
}

function changeJson(change: FieldChange): { readonly [key: string]: Printable } {
  return {
    path: change.path,
    before: change.before === undefined ? undefined : sortedKeys(change.before),
    after: change.after === undefined ? undefined : sortedKeys(change.after),
    forces_replacement: change.forcesReplacement,
  };
}
