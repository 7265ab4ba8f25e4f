import type { ApplyListener } from "../../project/apply_project.ts";
import { type Line, line, span } from "../text.ts";

/** What has become known of calls that earlier runs left without an outcome. */
export function settledLines(result: Parameters<ApplyListener["settled"]>[0]): readonly Line[] {
  return [
    ...result.settled.map(({ address, outcome, evidence }) =>
      line(
        span("settled", "cyan"),
        `: ${address}, an earlier call ${outcome === "done" ? "had been done" : "had not been done"}`,
        span(` (evidence: ${EVIDENCE_WORDS[evidence] ?? evidence})`, "dim"),
      )
    ),
    ...result.unsettled.map(({ address, failure }) =>
      line(span("in doubt", "yellow"), `: ${address}, ${failure.message}`)
    ),
  ];
}

const EVIDENCE_WORDS: Readonly<Record<string, string>> = {
  id: "looked at by its id",
  token: "found by the token of the call",
  name: "found by its unique name",
  resend: "sent again under the same token",
  absence: "looked for, late enough, and not there",
  noWorld: "the type has nothing outside the log",
  person: "settled by hand",
  recorded: "the answer had been kept aside",
};
