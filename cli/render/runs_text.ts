import { shortCommand } from "../../engine/given_up_secrets.ts";
import type { ListedRun } from "../../project/list_runs.ts";
import { type Line, line, type Span, span } from "../text.ts";

/** Addresses of a run that are named; of more, only the count. */
const SHOWN_ADDRESSES = 5;

/** Runs for people, each with what it holds, what it left open and how it ended. */
export function runsLines(runs: readonly ListedRun[], scope: "live" | "all"): readonly Line[] {
  if (runs.length === 0) return [line(scope === "live" ? "No run is live" : "The log knows no run")];
  return runs.flatMap(runLines);
}

function runLines(run: ListedRun): readonly Line[] {
  const { started, startedAt, last, open } = run;
  const { command, who, host, why, resumes, writes, reads } = started;
  const lines: Line[] = [
    line(
      span(started.run.slice(0, 8), "bold"),
      `  ${shortCommand(command)} by ${who} on ${host} since ${startedAt}  `,
      state(run),
    ),
  ];
  const say = (text: string) => lines.push(line(`          ${text}`));
  if (why !== undefined) say(`why: ${why}`);
  if (resumes !== undefined) say(`takes up ${resumes.slice(0, 8)}`);
  if (run.end === undefined) {
    say(`last heard of in record ${last.seq} at ${last.at}`);
    if (writes.length > 0) say(`changes ${addressesText(writes)}`);
    if (reads.length > 0) say(`relies on ${addressesText(reads)}`);
    if (run.lock === "free") {
      say(
        `its process is gone: smelt unlock ${
          started.run.slice(0, 8)
        } ends it, as any run that changes something`,
      );
    }
  } else if (countsText(run) !== "") say(countsText(run));
  if (open.length > 0) {
    say(
      `${run.lock === "held" ? "under way" : "in doubt"}: ${
        addressesText(open.map(({ address, operation }) => `${address} (${operation})`))
      }`,
    );
  }
  return lines;
}

function state({ end, lock }: ListedRun): Span {
  switch (end?.kind) {
    case undefined:
      return lock === "held"
        ? span("live", "green")
        : lock === "free"
        ? span("dead", "red")
        : span("live, as far as this machine knows", "yellow");
    case "finished":
      return span(end.outcome, end.outcome === "succeeded" ? "green" : "yellow");
    case "broken":
      return span(`ended by ${end.by.slice(0, 8)}, ${BROKEN[end.reason]}`, "red");
    case "revoked":
      return span("over, its key was revoked", "red");
  }
}

const BROKEN = { lockFree: "its process was gone", silent: "it was silent too long" } as const;

function addressesText(addresses: readonly string[]): string {
  const shown = addresses.slice(0, SHOWN_ADDRESSES).join(", ");
  const hiddenCount = addresses.length - SHOWN_ADDRESSES;
  return hiddenCount > 0 ? `${shown} and ${hiddenCount} more` : shown;
}

function countsText({ counts }: ListedRun): string {
  return Object.entries(counts).flatMap(([name, count]) => count === 0 ? [] : [`${count} ${name}`]).join(
    ", ",
  );
}
