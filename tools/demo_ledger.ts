import { join } from "node:path";
import { DemoStopped, type Stage } from "./demo_stage.ts";

/** How many objects the sim cloud ever made and ever deleted, by its own journal. */
export interface LedgerCounts {
  readonly created: number;
  readonly deleted: number;
}

/** Counts the objects of `type`, for example `sim.Queue`, or of all types. */
export function countObjects(stage: Stage, type?: string): LedgerCounts {
  const text = Deno.readTextFileSync(join(stage.project, ".smelt/sim/journal.jsonl"));
  const facts = text.trimEnd().split("\n").map(parseFact);
  const created = facts.filter((each) =>
    each.fact === "Created" && (type === undefined || each.type === type)
  );
  const ids = new Set(created.map((each) => each.id));
  const deleted = facts.filter((each) => each.fact === "Deleted" && ids.has(each.id));
  return { created: created.length, deleted: deleted.length };
}

/** Stops the demo when `found` is not what the story needs. */
export function expectCounts(what: string, found: LedgerCounts, wanted: LedgerCounts): void {
  if (found.created === wanted.created && found.deleted === wanted.deleted) return;
  throw new DemoStopped(`${what}: the cloud ${countsText(found)}, expected that it ${countsText(wanted)}`);
}

/** For example `made 12 objects and deleted 1 of them, so 11 exist`. */
export function countsText({ created, deleted }: LedgerCounts): string {
  return `made ${created} objects and deleted ${deleted} of them, so ${created - deleted} exist`;
}

interface SimFact {
  readonly fact: string;
  readonly id: string | undefined;
  readonly type: string | undefined;
}

function parseFact(line: string): SimFact {
  const { fact, id, type } = JSON.parse(line) as Partial<Record<string, unknown>>;
  return { fact: String(fact), id: textOf(id), type: textOf(type) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
