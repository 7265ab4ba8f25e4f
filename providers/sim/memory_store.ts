import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import { ok } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { AccountKey } from "./account_key.ts";
import { emptyCloud, evolve } from "./cloud_state.ts";
import type { CloudStore } from "./cloud_store.ts";
import type { Fact } from "./fact.ts";
import { parseFact, writeFact } from "./fact_codec.ts";
import { type Ledger, ledgerOf } from "./ledger.ts";
import { newAccount } from "./new_account.ts";

/** A sim cloud in memory: it outlives the engines that call it, and ends with the value itself. */
export interface MemoryStore extends CloudStore {
  /** Everything that ever was in it. */
  ledger(): Ledger;
}

/** Makes an empty cloud in memory. It never fails. */
export function memoryStore(clock: Clock, random: Random): MemoryStore {
  const cloud = emptyCloud();
  const key = new AccountKey(random.bytes(32), random);
  const facts: Fact<ValueRecord>[] = [];
  const append = (fact: Fact<ValueRecord>): void => {
    evolve(cloud, fact);
    facts.push(fact);
  };
  append({ fact: "Opened", format: 1, account: newAccount(random), at: clock.wallMs() });
  return {
    transact: (work) => Promise.resolve(ok(work({ cloud, key, append }))),
    ledger: () => ledgerOf(facts.flatMap((fact) => parseFact(writeFact(fact, key)) ?? [])),
  };
}
