/** The longest time for which a plan can be saved, in milliseconds. */
export const LONGEST_PLAN_LIFETIME_MS = 720 * 3_600_000;

/** On which terms a saved plan is carried out, as its file says; shown to whoever approves it or carries it out. */
export interface PlanTerms {
  /** The key that signed it. */
  readonly by: { readonly id: string; readonly name: string };
  /** RFC 3339. */
  readonly madeAt: string;
  /** RFC 3339: from then on it is not carried out. */
  readonly expiresAt: string;
  /** The account that each provider of it reached, by provider; no other is called. */
  readonly accounts: ReadonlyMap<string, string>;
}
