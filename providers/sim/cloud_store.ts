import type { CallFailure } from "../../engine/call_failure.ts";
import type { Result } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import type { AccountKey } from "./account_key.ts";
import type { CloudState } from "./cloud_state.ts";
import type { Fact } from "./fact.ts";

/** What one look at the cloud, or one change of it, has at hand. */
export interface Access {
  /** The newest state; it takes in each fact as it is appended. */
  readonly cloud: CloudState;
  readonly key: AccountKey;
  append(fact: Fact<ValueRecord>): void;
}

/**
 * Where the facts of the sim cloud rest. `transact` runs `work` alone: no other transaction of any process stands between
 * the state that it sees and the facts that it appends. When the promise resolves these facts are durable, all of them. A
 * failure with certainty `notDone` means that `work` did not run; `unknown` that its facts may or may not be durable.
 */
export interface CloudStore {
  transact<T>(work: (access: Access) => T, signal: AbortSignal): Promise<Result<T, CallFailure>>;
}
