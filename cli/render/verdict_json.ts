import type { verifyImage } from "../../project/verify_image.ts";
import { EXIT_CODES, type ExitKind } from "../exit_code.ts";
import type { Printable } from "./json_text.ts";

/** What was found of an image. */
export type ShownVerdict = Extract<Awaited<ReturnType<typeof verifyImage>>, { readonly ok: true }>["value"];

/** How a command ends that found this. */
export function verdictExit({ checks }: ShownVerdict): ExitKind {
  if (checks.some(({ outcome }) => outcome === "altered")) return "integrity";
  return checks.some(({ outcome }) => outcome === "failed") ? "error" : "ok";
}

/** A verdict for scripts. */
export function verdictJson(verdict: ShownVerdict): Printable {
  const { checks, digest, reference } = verdict;
  const kind = verdictExit(verdict);
  return {
    schema: "smelt.image-verdict.v1",
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
