import type { PreparedPlan } from "../../project/prepare_plan.ts";
import type { PlanPurpose } from "../../project/plan_purpose.ts";
import { type Line, line, span } from "../text.ts";

/** What a plan is for, above what it holds; empty for one of the files, which says so itself. */
export function purposeLines({ purpose, steps }: Pick<PreparedPlan, "purpose" | "steps">): readonly Line[] {
  if (purpose === undefined) return [];
  const isEmpty = steps.length === 0;
  switch (purpose.kind) {
    case "refresh":
      return [line(
        isEmpty
          ? "Everything that was read is as the log saw it last"
          : "What reads found is recorded; nothing in the world changes",
      )];
    case "accept":
      return [line(
        isEmpty
          ? `${subjectOf(purpose)} as recorded: there is no drift to accept`
          : "What lives counts as sent from now on; nothing in the world changes",
      )];
    case "revert":
      return [line(
        isEmpty
          ? `${subjectOf(purpose)} as recorded, as far as it can be put back`
          : "What drifted becomes again what was recorded",
      )];
    case "rollback":
      return [
        line(
          isEmpty
            ? `Everything is as it was at record ${purpose.seq}, as far as it can be`
            : `Back to what lived at record ${purpose.seq}`,
        ),
        ...irreversibleLines(purpose),
      ];
  }
}

function subjectOf({ address }: Extract<PlanPurpose, { readonly kind: "accept" | "revert" }>): string {
  return address === undefined ? "Everything that was read is" : `${address} is`;
}

function irreversibleLines(
  { irreversible }: Extract<PlanPurpose, { readonly kind: "rollback" }>,
): readonly Line[] {
  if (irreversible.length === 0) return [];
  return [
    line(),
    line(span("Cannot be undone", "red")),
    ...irreversible.map(({ address, what }) =>
      line("  ", span("!", "red"), "   ", span(address, "bold"), ` ${what}`)
    ),
  ];
}
