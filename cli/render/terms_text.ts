import type { PlanTerms } from "../../project/plan_terms.ts";
import { type Line, line } from "../text.ts";

/** Who signed a saved plan, until when it may be carried out, and where its calls go. */
export function termsLines(terms: PlanTerms | undefined): readonly Line[] {
  if (terms === undefined) return [];
  const { by, madeAt, expiresAt } = terms;
  return [
    line(`Signed by "${by.name}" (${by.id.slice(0, 8)}) at ${madeAt}, to be carried out before ${expiresAt}`),
    ...accountLines(terms.accounts),
  ];
}

/** The account that each provider of a plan reaches. */
export function accountLines(accounts: PlanTerms["accounts"]): readonly Line[] {
  return [...accounts].map(([provider, account]) =>
    line(`Calls of "${provider}" go to the account "${account}"`)
  );
}
