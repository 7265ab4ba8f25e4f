import type { ApplyListener } from "../../project/apply_project.ts";
import { resolutionText } from "./evidence_text.ts";
import { type Line, line, span } from "../text.ts";

/** What has become known of calls that earlier runs left without an outcome. */
export function settledLines(result: Parameters<ApplyListener["settled"]>[0]): readonly Line[] {
  return [
    ...result.settled.map(({ address, outcome, evidence }) =>
      line(span("settled", "cyan"), `: ${address}, ${resolutionText(outcome, evidence)}`)
    ),
    ...result.unsettled.map(({ address, failure }) =>
      line(span("in doubt", "yellow"), `: ${address}, ${failure.message}`)
    ),
  ];
}
