/** What has become known of a call that an earlier run left without an outcome, to follow its address and a comma. */
export function resolutionText(outcome: "done" | "notDone", evidence: string): string {
  // Whether the provider made it at the first sending or at the second cannot be told apart, and need not be.
  if (evidence === "resend") return "an earlier call has been done now, by sending it again under its token";
  const what = outcome === "done" ? "an earlier call had been done" : "an earlier call had not been done";
  return `${what} (evidence: ${evidenceText(evidence)})`;
}

/** How it became known whether a call had been done, in words. */
export function evidenceText(evidence: string): string {
  return EVIDENCE_WORDS.get(evidence) ?? evidence;
}

const EVIDENCE_WORDS: ReadonlyMap<string, string> = new Map([
  ["id", "looked at by its id"],
  ["token", "found by the token of the call"],
  ["name", "found by its unique name"],
  ["resend", "sent again under the same token"],
  ["absence", "looked for, late enough, and not there"],
  ["noWorld", "the type has nothing outside the log"],
  ["person", "settled by hand"],
  ["recorded", "the answer had been kept aside"],
]);
