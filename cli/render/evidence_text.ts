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
