import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { canonicalJson } from "../../engine/canonical_json.ts";
import { isJsonObject, type Json } from "../../engine/json.ts";
import type { Ledger, LedgerObject } from "../../providers/sim/ledger.ts";
import type { PrintedResource, PrintedResult } from "./printed_json.ts";

/**
 * Checks each line of a printed plan, after its apply, against the journal of the sim cloud: what the plan knew stands there
 * byte for byte in canonical JSON, what it did not know is the id or an output of something that lives there.
 */
export function checkJournal(
  planned: readonly PrintedResource[],
  results: readonly PrintedResult[],
  ledger: Ledger,
): void {
  const ids = new Map(results.map((each) => [each.address, each.id]));
  const given = new Set(ledger.live.flatMap((each) => [each.id, ...Object.values(each.outputs)]));
  const sent = planned.filter(({ type, action }) => type.startsWith("sim.") && action !== "none");
  for (const { address, type, changes } of sent) {
    const object = ledger.live.find((each) => each.id === ids.get(address));
    ok(object !== undefined, `${address} lives`);
    strictEqual(object.type, type);
    for (const { path, after } of changes) checkLine(object, { path, after }, given);
  }
}

function checkLine(
  { fields, digests }: LedgerObject,
  { path, after }: { readonly path: string; readonly after: Json | undefined },
  given: ReadonlySet<Json>,
): void {
  if (digests[path] !== undefined) return strictEqual(after, "(sensitive)", path);
  const found = partAt(fields, path);
  if (after === undefined) return strictEqual(found, undefined, path);
  ok(found !== undefined, `${path} stands in the journal`);
  if (isUnknown(after)) return deepStrictEqual([found].flat().filter((each) => !given.has(each)), [], path);
  strictEqual(canonicalJson(masked(found, after)), canonicalJson(after), path);
}

/** The part of a value that a path of a plan names, for example `tags["app/name"]` or `rules[0].cidrs`. */
function partAt(fields: Json, path: string): Json | undefined {
  let part: Json | undefined = fields;
  for (const [, word, index, text] of path.matchAll(/\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/g)) {
    if (Array.isArray(part)) part = part[Number(index)];
    else part = isJsonObject(part) ? part[word ?? text ?? ""] : undefined;
  }
  return part;
}

/** What is held, secrets as a plan shows them, and without a value where the plan could know none. */
function masked(held: Json, shown: Json): Json {
  if (isUnknown(shown)) return shown;
  if (isJsonObject(held) && Object.keys(held)[0] === "$secret") return "(sensitive)";
  if (Array.isArray(held) && Array.isArray(shown)) {
    return held.map((part, index) => masked(part, shown[index] ?? null));
  }
  if (!isJsonObject(held) || !isJsonObject(shown)) return held;
  return Object.fromEntries(
    Object.entries(held).map(([key, part]) => [key, masked(part, shown[key] ?? null)]),
  );
}

function isUnknown(shown: Json): boolean {
  return isJsonObject(shown) && shown["unknown"] === true;
}
