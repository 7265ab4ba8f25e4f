import type { CheckpointFile } from "../audit/open_checkpoint.ts";
import type { Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";

/**
 * Signs checkpoints of one log, and proves under them what is in it. Reads the log from its first record and folds it anew: nothing
 * that outsiders get rests on a cache. Throws an `IntegrityError` where the log is damaged, or is not the one that a given
 * checkpoint is of.
 */
export interface Notary {
  /** Why the key that signs here signs no checkpoint; `undefined`: it does. Asked before anything is begun. */
  refusal(): ProjectFailure | undefined;
  /** Signs a checkpoint up to the record `seq`. Only where the environment was opened to write. */
  sign(seq: number): Promise<Result<SignedCheckpoint, ProjectFailure>>;
  /**
   * Proves something under the checkpoint in `given`; without one, under a new one of the last record, which takes an environment that
   * was opened to write.
   */
  prove(subject: ProofSubject, given: CheckpointFile | undefined): Promise<Result<Proof, ProjectFailure>>;
}

/** A checkpoint, and how those who trust nothing of ours can verify it. */
export interface SignedCheckpoint {
  readonly seq: number;
  /** The record's hash. */
  readonly hash: string;
  /** As `CheckpointTaken` names them. */
  readonly root: string;
  readonly object: string;
  /** The note, as it is written to a file. */
  readonly text: string;
  /** The key that signed it, as verifiers of notes are told it. */
  readonly verifierKey: string;
}

/** What is to be proven: the state of an address, that a record is in the log, or that it has only grown since a record. */
export type ProofSubject =
  | { readonly kind: "state"; readonly address: string }
  | { readonly kind: "record"; readonly seq: number }
  | { readonly kind: "growth"; readonly since: number };

/** A proof in a file of its own, which anybody can verify who has a key of the log. */
export interface Proof {
  /** The whole file. */
  readonly text: string;
  /** The record up to which its checkpoint goes. */
  readonly seq: number;
}
