import type { ProjectFailureKind } from "../project/failure.ts";

/** How the program ends, as scripts see it. JSON output carries the same as the words on the left. */
export const EXIT_CODES = {
  ok: 0,
  error: 1,
  changes: 2,
  declined: 3,
  nonInteractive: 4,
  runLive: 5,
  integrity: 6,
  partial: 7,
  inDoubt: 8,
  usage: 64,
} as const;

/** The word for an exit code. */
export type ExitKind = keyof typeof EXIT_CODES;

/** One line a code, for the help and the reference. */
export const EXIT_CODE_MEANINGS: Readonly<Record<ExitKind, string>> = {
  ok: "done, or nothing to do",
  error: "an error; nothing more specific applies",
  changes: "plan --detailed-exitcode, drift --exit-code: there are changes",
  declined: "the question was answered with no",
  nonInteractive: "an answer is needed, and nobody can give one: use --yes",
  runLive: "another run holds what this one needs",
  integrity: "the log, a key or a secret was altered, replaced or forged",
  partial: "some resources were changed, others failed or were skipped",
  inDoubt: "the outcome of a call is unknown, or a replaced object is still there",
  usage: "the command line is wrong",
};

/** The exit code of a failed use case. */
export function exitKindOf(failure: ProjectFailureKind): ExitKind {
  switch (failure) {
    case "RunLive":
      return "runLive";
    case "Damage":
    case "KeyDamage":
      return "integrity";
    default:
      return "error";
  }
}
