import type { verifyImage } from "../../project/verify_image.ts";
import { EXIT_CODES, type ExitKind } from "../exit_code.ts";
import type { Printable } from "./json_text.ts";

/** What was found of an image. */
export type ShownJudgement = Extract<Awaited<ReturnType<typeof verifyImage>>, { readonly ok: true }>["value"];

/** How a command ends that found this. */
export function judgementExit({ checks }: ShownJudgement): ExitKind {
  if (checks.some(({ outcome }) => outcome === "altered")) return "integrity";
  return checks.some(({ outcome }) => outcome === "failed") ? "error" : "ok";
}

/** A judgement for scripts. */
export function judgementJson(judgement: ShownJudgement): Printable {
  const { checks, digest, reference } = judgement;
  const kind = judgementExit(judgement);
  return {
    schema: "smelt.image-judgement.v1",
    reference,
    digest,
    verifies: kind === "ok",
    checks: checks.map(({ code, details, outcome }) => ({
      code,
      outcome: outcome === "notAsked" ? "not_asked" : outcome,
      details: [...details],
    })),
    exit: { code: EXIT_CODES[kind], kind },
  };
}
