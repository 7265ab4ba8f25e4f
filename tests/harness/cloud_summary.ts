import type { Json } from "../../engine/json.ts";
import type { Ledger, LedgerObject } from "../../providers/sim/ledger.ts";

/** One object of the sim cloud in terms that do not differ from run to run: ids stand as names. */
export interface SummarizedObject {
  /** Type and name, for example `sim.Network main`. */
  readonly name: string;
  readonly life: "live" | "gone";
  readonly fields: Json;
}

/**
 * All that ever was in a sim cloud, sorted. Of two runs that made and deleted the same, the summaries are equal: an object
 * that was doubled, forgotten, or made and deleted once more shows.
 */
export function cloudSummary(ledger: Ledger): readonly SummarizedObject[] {
  const names = new Map(ledger.objects.map((each) => [each.id, nameOf(each)]));
  return ledger.objects.map((each): SummarizedObject => ({
    name: nameOf(each),
    life: each.deletedAt === undefined ? "live" : "gone",
    fields: withNames(each.fields, names),
  })).sort((a, b) => compare(sortKey(a), sortKey(b)));
}

/** Tokens that two objects bear, or that made one and changed another. */
export function sharedTokens(ledger: Ledger): readonly string[] {
  const tokens = ledger.objects.flatMap((each) => [each.token, ...each.updates]);
  return tokens.filter((token, index) => tokens.indexOf(token) !== index);
}

function nameOf({ type, fields }: LedgerObject): string {
  return `${type} ${String(fields["name"])}`;
}

function sortKey({ name, life, fields }: SummarizedObject): string {
  return `${name} ${life} ${JSON.stringify(fields)}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function withNames(json: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof json === "string") return names.get(json) ?? json;
  if (Array.isArray(json)) return json.map((each) => withNames(each, names));
  if (json === null || typeof json !== "object") return json;
  return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, withNames(each, names)]));
}
