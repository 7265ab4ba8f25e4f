import { type Line, line, span } from "../text.ts";
import { judgementExit, type ShownJudgement } from "./judgement_json.ts";

type Check = ShownJudgement["checks"][number];

/** What each check asks. */
const QUESTIONS: Readonly<Record<Check["code"], string>> = {
  V1: "bytes are what their digests name",
  V2: "a trusted key signed what is asked for",
  V3: "what it signed is of a known kind",
  V4: "what it signed is about this image",
  V5: "the key may vouch for the builder, and the build is of a known kind",
  V6: "source and base are allowed",
  V7: "the bill of materials is one",
  V8: "dependencies have no known faults",
  V9: "building again gives the same",
};

/** A judgement for people: a line a check, with what was found below it. */
export function judgementLines(judgement: ShownJudgement): readonly Line[] {
  const { checks, digest, reference } = judgement;
  const end = judgementExit(judgement) === "ok"
    ? line(span("Verified", "green"), ` ${reference}  `, span(digest, "dim"))
    : line(span("Not verified", "red"), `: ${reference}  `, span(digest, "dim"));
  return [...checks.flatMap(checkLines), end];
}

function checkLines({ code, details, outcome }: Check): readonly Line[] {
  const question = QUESTIONS[code];
  const below = details.map((each) => line(`     ${each}`));
  switch (outcome) {
    case "held":
      return [line(span("ok  ", "green"), `${code}  ${question}`), ...below];
    case "notAsked":
      return [line(span(`-   ${code}  ${question}: not asked`, "dim")), ...below];
    default:
      return [line(span("no  ", "red"), `${code}  ${question}`), ...below];
  }
}
