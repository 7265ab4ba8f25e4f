import type { JsonObject } from "../../engine/json.ts";
import type { StoredFact } from "./fact.ts";
import { parseFact } from "./fact_codec.ts";

/** All that ever was in the sim cloud, for tests and for people. Secrets stand in it sealed, or as digests. */
export interface Ledger {
  /** `undefined` before anyone asked for anything. */
  readonly account: string | undefined;
  /** In order of creation. */
  readonly objects: readonly LedgerObject[];
  /** Those of them that are not gone. */
  readonly live: readonly LedgerObject[];
  /** Tokens of requests that the cloud took and has not acted on. */
  readonly held: readonly string[];
}

/** One object that exists or did exist. Instants are milliseconds since 1970. */
export interface LedgerObject {
  readonly id: string;
  readonly type: string;
  /** Of the intent that made it. */
  readonly token: string;
  readonly createdAt: number;
  /** `undefined` while it is not gone. */
  readonly deletedAt: number | undefined;
  /** Of the intent that deleted it; `undefined` while it is not gone. */
  readonly deletedBy: string | undefined;
  /** Tokens of the intents that updated it, in order. */
  readonly updates: readonly string[];
  readonly fields: JsonObject;
  readonly outputs: JsonObject;
  /** Salted digests of its write-only fields, by path; `digestOf` makes one to compare with. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Reads the text of a journal. An unfinished last line is passed over; a line that is no fact throws a `SyntaxError`. */
export function readLedger(text: string): Ledger {
  const lines = text.split("\n");
  lines.pop();
  return ledgerOf(lines.map((line, index) => {
    const fact = parseFact(line);
    if (fact === undefined) {
      throw new SyntaxError(`Cannot read the sim journal: line ${index + 1} is no fact`);
    }
    return fact;
  }));
}

/** The ledger that `facts` make. */
export function ledgerOf(facts: Iterable<StoredFact>): Ledger {
  const objects = new Map<string, LedgerObject>();
  const held = new Set<string>();
  let account: string | undefined;
  for (const fact of facts) {
    if (fact.fact === "Opened") account = fact.account;
    else if (fact.fact === "RequestHeld") held.add(fact.request.token);
    else if (fact.fact === "RequestSettled") held.delete(fact.token);
    else take(objects, fact);
  }
  const all = [...objects.values()];
  return { account, objects: all, live: all.filter((each) => each.deletedAt === undefined), held: [...held] };
}

function take(objects: Map<string, LedgerObject>, fact: StoredFact): void {
  if (fact.fact === "Created") {
    const { id, type, token, at, fields, outputs, digests } = fact;
    objects.set(id, {
      id,
      type,
      token,
      createdAt: at,
      deletedAt: undefined,
      deletedBy: undefined,
      updates: [],
      fields,
      outputs,
      digests,
    });
    return;
  }
  if (fact.fact !== "Updated" && fact.fact !== "Deleted") return;
  const before = objects.get(fact.id);
  if (before === undefined) return;
  if (fact.fact === "Deleted") {
    objects.set(fact.id, { ...before, deletedAt: fact.at, deletedBy: fact.token });
    return;
  }
  const { fields, outputs, digests } = fact;
  objects.set(fact.id, { ...before, fields, outputs, digests, updates: [...before.updates, fact.token] });
}
