import type { ListedRun } from "../../project/list_runs.ts";
import { EXIT_CODES } from "../exit_code.ts";
import type { Printable } from "./json_text.ts";

/** Runs as JSON, in the order in which they started. */
export function runsJson(runs: readonly ListedRun[]): Printable {
  return {
    schema: "smelt.runs.v1",
    runs: runs.map(runJson),
    exit: { code: EXIT_CODES.ok, kind: "ok" },
  };
}

function runJson({ started, keyName, startedAt, last, end, lock, open, counts }: ListedRun): Printable {
  const { run, command, who, host, why, resumes, writes, reads } = started;
  return {
    run,
    command,
    who,
    host,
    key: keyName,
    why,
    resumes,
    started_at: startedAt,
    last_record: { seq: last.seq, at: last.at },
    state: end === undefined ? "live" : "ended",
    lock,
    end: end === undefined ? undefined : { ...end },
    claims: { writes, reads },
    open: open.map((each) => ({ ...each })),
    counts: { ...counts },
  };
}
