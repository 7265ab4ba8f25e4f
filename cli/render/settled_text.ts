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
    ...byHandLines(result.unsettled.map(({ address }) => address)),
  ];
}

/** What a person can do about what nothing settles. */
function byHandLines([address]: readonly string[]): readonly Line[] {
  if (address === undefined) return [];
  return [
    line(
      span("hint", "cyan"),
      `: Once you know: smelt recover --done ${address} (--id names what a creation made), or --not-done ${address}`,
    ),
  ];
}
