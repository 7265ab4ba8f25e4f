import type { Plan, PlannedResource } from "../engine/plan.ts";
import type { PlanProblem } from "../engine/plan_problems.ts";
import { ok, type Result } from "../engine/result.ts";
import { getField } from "../engine/wanted.ts";
import type { RegisteredType, Registry } from "../providers/registry.ts";
import type { ProjectFailure } from "./failure.ts";
import {
  creationTokens,
  listNamed,
  listTokenBearers,
  type LostObject,
  type LostSearch,
} from "./lost_objects.ts";
import type { Notice } from "./notice.ts";
import type { PlanMaker, PlanRequest } from "./prepare_plan.ts";

/**
 * Makes plans as `prepare` does, in a log with a loss that is not settled more warily: all objects are read, whatever was asked
 * for, and nothing is made that the lost part may have made already.
 */
export function afterLoss(prepare: PlanMaker): PlanMaker {
  return async (ports, workspace, source, request, signal) => {
    const { state } = source;
    if (!state.facts?.isLossOpen) return await prepare(ports, workspace, source, request, signal);
    const made = await prepare(ports, workspace, source, { ...request, refresh: "all" }, signal);
    if (!made.ok) return made;
    const prepared = made.value;
    const notices = [...prepared.notices, lossNotice(request.refresh)];
    const creations = creationsByType(prepared.plan, prepared.registry);
    if (creations.size === 0) return ok({ ...prepared, notices });
    const tokens = await creationTokens(ports, workspace, request.environment);
    if (!tokens.ok) return tokens;
    const found = await findLost({ state, tokens: tokens.value, signal }, prepared.plan, creations);
    if (!found.ok) return found;
    return ok({ ...prepared, notices, problems: [...prepared.problems, ...found.value] });
  };
}

function lossNotice(refresh: PlanRequest["refresh"]): Notice {
  const read = refresh === "none" ? ": all objects were read in spite of --no-refresh" : "";
  return {
    kind: "LossOpen",
    message: `the log was restored from a backup, and what it has lost is not settled${read}`,
    hint: "smelt recover --loss-settled ends that, once all is found",
  };
}

/** What is to be made, by the type of it: only what exists outside of the log can be there already. */
function creationsByType(
  { resources }: Plan,
  registry: Registry,
): ReadonlyMap<RegisteredType, readonly PlannedResource[]> {
  const made = resources.filter(({ action }) => action === "create" || action === "replace");
  const creations = [...Map.groupBy(made, ({ type }) => type)].flatMap(([type, each]) => {
    const found = registry.lookUp(type);
    return found.ok && found.value.schema.world !== undefined ? [[found.value, each] as const] : [];
  });
  return new Map(creations);
}

async function findLost(
  search: LostSearch,
  plan: Plan,
  creations: ReadonlyMap<RegisteredType, readonly PlannedResource[]>,
): Promise<Result<readonly PlanProblem[], ProjectFailure>> {
  const problems: PlanProblem[] = [];
  const arriving = new Set(
    plan.resources.flatMap(({ type, arrival }) =>
      arrival?.kind === "imported" ? [`${type} ${arrival.facts.id}`] : []
    ),
  );
  for (const [type, resources] of creations) {
    const found = await problemsOf(search, type, resources);
    if (!found.ok) return found;
    for (const each of found.value) {
      const objects = each.objects?.filter(({ id }) => !arriving.has(`${each.type} ${id}`));
      if (objects === undefined || objects.length > 0) problems.push({ ...each, objects });
    }
  }
  return ok(problems);
}

type MayLive = Extract<PlanProblem, { readonly kind: "MayLive" }>;

/** One problem for all creations of a type where only tokens tell, one for each where names do. */
async function problemsOf(
  search: LostSearch,
  type: RegisteredType,
  resources: readonly PlannedResource[],
): Promise<Result<readonly MayLive[], ProjectFailure>> {
  const addresses = resources.map(({ address }) => address);
  switch (type.schema.world?.marker) {
    case "token": {
      const found = await listTokenBearers(search, type);
      return found.ok ? ok([mayLive(type, addresses, found.value)]) : found;
    }
    case "name": {
      const problems: MayLive[] = [];
      for (const each of resources) {
        const name = nameOf(type, each);
        // A name that only the apply will tell is free then, or the provider refuses it: it can be held once.
        if (name === undefined) continue;
        const found = await listNamed(search, type, name);
        if (!found.ok) return found;
        problems.push(mayLive(type, [each.address], found.value));
      }
      return ok(problems);
    }
    default:
      return ok([mayLive(type, addresses, undefined)]);
  }
}

function mayLive(
  { schema }: RegisteredType,
  addresses: readonly string[],
  objects: readonly LostObject[] | undefined,
): MayLive {
  return { kind: "MayLive", address: addresses[0] ?? "", addresses, type: schema.type, objects };
}

function nameOf({ schema }: RegisteredType, { bound }: PlannedResource): string | undefined {
  const path = schema.world?.uniqueName;
  const name = path === undefined || bound === undefined ? undefined : getField(bound, path);
  return typeof name === "string" ? name : undefined;
}
