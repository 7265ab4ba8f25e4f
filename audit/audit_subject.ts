import type { EnvironmentFacts } from "../engine/environment.ts";
import type { Result } from "../engine/result.ts";
import type { CheckpointDigest } from "../store/checkpoint_digest.ts";
import type { LogBackend } from "../store/log_backend.ts";
import type { LogFold } from "../store/log_fold.ts";
import type { Pin } from "../store/pin.ts";
import type { RecordChecks } from "../store/record_checks.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { HeldCheckpoint } from "./held_checkpoint.ts";

/** What is audited, and what it is held against. */
export interface AuditSubject {
  readonly environment: string;
  /** The id of the project, as `smelt.toml` has it. */
  readonly project: string;
  readonly log: LogBackend;
  readonly checks: RecordChecks;
  /** Every record that is known to have been there: of `smelt.toml`, of this user. */
  readonly pins: readonly Pin[];
  /** A signed checkpoint that the log is held against. */
  readonly held: HeldCheckpoint | undefined;
  /** Opens the vault of this log; or says why this machine cannot, for example which key file is missing. */
  vault(stream: string, facts: EnvironmentFacts): Promise<Result<Vault, { readonly message: string }>>;
  /** Computes what a checkpoint of `fold` says. */
  checkpoint(fold: LogFold): CheckpointDigest;
}
