/** Keeps the messages that docs/operations.md quotes those of the program; its transcripts have a test of their own. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { EXIT_CODES } from "../cli/exit_code.ts";
import { FAILURE_KINDS } from "../engine/call_failure.ts";
import { endingSamples, noteSamples, progressSamples } from "./harness/run_message_samples.ts";

const PAGE = Deno.readTextFileSync("docs/operations.md");

/** The first cells of all rows of tables below a heading, code marks taken off. */
function firstCells(heading: string): readonly string[] {
  const section = PAGE.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^ *\| (?:`(.+?)`|(\d+)) +\|/gm)].map(([, code, number]) =>
    code ?? number ?? ""
  );
}

Deno.test("docs/operations.md quotes each message of a run as the program says it, and no other", async () => {
  const said = [...progressSamples(), ...endingSamples(), ...await noteSamples()];
  ok(said.length > 40);
  deepStrictEqual(firstCells("What a run says"), [...said, ...FAILURE_KINDS]);
});

Deno.test("docs/operations.md says what to do at every exit code", () => {
  deepStrictEqual(firstCells("What to do first").map(Number), Object.values(EXIT_CODES));
});
