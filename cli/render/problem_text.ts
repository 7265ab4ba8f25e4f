import type { PlanProblem } from "../../engine/plan_problems.ts";
import { errorLines } from "../report_failure.ts";
import { type Line, line } from "../text.ts";

const SHOWN_OBJECTS = 10;

/** Why a plan cannot be applied, one problem each. */
export function problemLines(problem: PlanProblem): readonly Line[] {
  switch (problem.kind) {
    case "Protected":
      return errorLines(
        `Cannot ${problem.action} ${problem.address}: it is protected`,
        problem.byHand === true
          ? `It was protected by hand: smelt unprotect ${problem.address} ends that`
          : 'Take @lifecycle "prevent_destroy" off it and apply that first',
      );
    case "Arrival":
      return errorLines(`Cannot make ${problem.what} to ${problem.address}: ${problem.why}`);
    case "MissingOutput":
      return errorLines(
        `Cannot bind ${problem.address}: ${problem.source} has no output "${problem.output}"`,
        problem.available.length === 0 ? undefined : `It has ${problem.available.join(", ")}`,
      );
    case "UnfitValue":
      return errorLines(`${problem.why}, in ${problem.address}`);
    case "Unrefreshed":
      return errorLines(`Cannot decide ${problem.address}: ${problem.why}`);
    case "MayLive":
      return mayLiveLines(problem);
  }
}

function mayLiveLines(
  { address, addresses, type, objects }: Extract<PlanProblem, { readonly kind: "MayLive" }>,
): readonly Line[] {
  const many = addresses.length > 3 ? ` and ${addresses.length - 3} more` : "";
  const wanted = `${addresses.slice(0, 3).join(", ")}${many}`;
  const settled = "smelt recover --loss-settled says that the lost part has made none of them";
  if (objects === undefined) {
    return errorLines(
      `Cannot create ${wanted}: the log was restored, and nothing tells whether its lost part has made ${type} there`,
      `Look it up; ${settled}`,
    );
  }
  const [first] = objects;
  const hidden = objects.length - SHOWN_OBJECTS;
  const [heading, ...rest] = errorLines(
    `Cannot create ${wanted}: objects of ${type} that no address owns lived in the lost part of the log perhaps`,
    `To take one over: smelt import resource ${address} ${first?.id ?? "ID"}; ${settled}`,
  );
  return [
    ...(heading === undefined ? [] : [heading]),
    ...objects.slice(0, SHOWN_OBJECTS).map(({ id, name }) =>
      line(`  ${id}${name === undefined ? "" : `  ${name}`}`)
    ),
    ...(hidden > 0 ? [line(`  and ${hidden} more: smelt import discover ${type}`)] : []),
    ...rest,
  ];
}
