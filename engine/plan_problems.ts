import type { ArrivalRefusal } from "./arrivals.ts";
import type { EnvironmentView } from "./environment.ts";
import type { Plan, PlannedResource } from "./plan.ts";

/** What protection keeps a plan from doing. */
export type ProtectedAction = "delete" | "replace" | "forget";

/** Why a plan cannot be applied as it is. */
export type PlanProblem =
  | {
    readonly kind: "Protected";
    readonly address: string;
    readonly action: ProtectedAction;
    /** A person has protected it: what the files say does not end that. */
    readonly byHand?: true;
  }
  /** A move or an import that cannot be made. */
  | ({ readonly kind: "Arrival" } & ArrivalRefusal)
  | {
    readonly kind: "MissingOutput";
    readonly address: string;
    readonly source: string;
    readonly output: string;
    readonly available: readonly string[];
  }
  | { readonly kind: "UnfitValue"; readonly address: string; readonly why: string }
  | { readonly kind: "Unrefreshed"; readonly address: string; readonly why: string }
  /** After a loss: what is to be made may be there already. */
  | {
    readonly kind: "MayLive";
    /** The first of those that are to be made. */
    readonly address: string;
    readonly addresses: readonly string[];
    readonly type: string;
    /** Objects that may be it; `undefined` where the type has nothing by which one could be found. */
    readonly objects: readonly { readonly id: string; readonly name: string | undefined }[] | undefined;
  };

/**
 * Everything that is wrong with a plan. All but `Unrefreshed` keep it from being applied; what cannot be decided is left alone,
 * with what would touch it, and the rest can go on.
 */
export function planProblems(plan: Plan, state: EnvironmentView): readonly PlanProblem[] {
  return [
    ...plan.refusals.map((each) => ({ kind: "Arrival" as const, ...each })),
    ...plan.resources.flatMap((planned) => problemsOf(planned, state)),
  ];
}

/** Whether a problem keeps the whole plan from being applied. */
export function isRefusing(problem: PlanProblem): boolean {
  return problem.kind !== "Unrefreshed";
}

function problemsOf(planned: PlannedResource, state: EnvironmentView): readonly PlanProblem[] {
  const { address, action, drift, goesFirst, missing, unfit, unrefreshed, wanted } = planned;
  if (missing !== undefined) {
    const { source, available } = missing;
    return [{ kind: "MissingOutput", address, source: source.address, output: source.output, available }];
  }
  if (unfit !== undefined) return [{ kind: "UnfitValue", address, why: unfit }];
  if (unrefreshed !== undefined) return [{ kind: "Unrefreshed", address, why: unrefreshed }];
  const { arrival, changes } = planned;
  if (arrival?.kind === "imported" && action === "replace") {
    const paths = changes.filter((each) => each.forcesReplacement).map(({ path }) => path);
    const why = paths.length === 0
      ? "the object would be replaced at once"
      : `${paths.join(", ")} of the object cannot change in place: write what it has, or give it up`;
    const what = `the import of "${arrival.facts.id}"`;
    return [{ kind: "Arrival", address, from: undefined, what, why }];
  }
  const isMakingRoom = goesFirst.length > 0;
  // What is gone already can only be let go of.
  const isForgotten = action === "forget" && drift?.found !== null;
  if (action !== "delete" && action !== "replace" && !isForgotten && !isMakingRoom) return [];
  // What the files begin to protect counts at once; what they cease to protect, once the log says so.
  const stored = state.resources.get(address);
  if (stored?.isProtected !== true && wanted?.isProtected !== true) return [];
  const refused = action === "delete" || isForgotten ? action : "replace";
  const problem = { kind: "Protected", address, action: refused } as const;
  return [stored?.isProtectedByHand === true ? { ...problem, byHand: true } : problem];
}
