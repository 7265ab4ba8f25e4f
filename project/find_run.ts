import type { RunSummary } from "../audit/run_history.ts";
import { shortCommand } from "../engine/given_up_secrets.ts";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";

/** Digits of a run's name that must be given. */
const LEAST_DIGITS = 6;

/** The run that `text`, the beginning of its name, means; the failure names a near one. */
export function findRun(
  text: string,
  runs: readonly RunSummary[],
  environment: string,
): Result<RunSummary, ProjectFailure> {
  if (!/^[0-9a-f]{6,32}$/.test(text)) {
    return err({
      kind: "NotFound",
      message:
        `Cannot tell which run is meant: expected ${LEAST_DIGITS} to 32 hex digits of its name, found "${text}"`,
      hint: "smelt runs --all lists all",
    });
  }
  const found = runs.filter((each) => each.started.run.startsWith(text));
  const [first] = found;
  if (first === undefined) return err(unknownRun(text, runs, environment));
  if (found.length === 1) return ok(first);
  return err({
    kind: "NotFound",
    message: `Cannot tell which run is meant: ${found.length} names begin with "${text}"`,
    details: found.map(({ started }) => `${started.run}  ${started.command} by ${started.who}`),
    hint: "Give more digits",
  });
}

function unknownRun(text: string, runs: readonly RunSummary[], environment: string): ProjectFailure {
  const near = nearName(text, runs.map((each) => each.started.run.slice(0, text.length)));
  return {
    kind: "NotFound",
    message: `The log of ${environment} has never known a run "${text}"`,
    hint: near === undefined ? "smelt runs --all lists all" : `Did you mean "${near}"?`,
  };
}

/** A run in one piece of a sentence, for example `apply by ann on laptop since 2026-01-02T03:04:05.000Z (run 1a2b3c4d)`. */
export function runText({ started, startedAt }: Pick<RunSummary, "started" | "startedAt">): string {
  const { command, who, host, run } = started;
  return `${shortCommand(command)} by ${who} on ${host} since ${startedAt} (run ${run.slice(0, 8)})`;
}

/** How a run ended, in words that follow a colon. */
export function endingText({ end }: Pick<RunSummary, "end">): string {
  switch (end?.kind) {
    case undefined:
      return "has not ended";
    case "finished":
      return end.outcome;
    case "broken":
      return end.reason === "lockFree" ? "its process was gone" : "it was silent too long";
    case "revoked":
      return "its key was revoked";
  }
}
