import { canonicalEnvironment, type FoldPlace } from "../engine/canonical_environment.ts";
import type { Environment } from "../engine/environment.ts";
import type { Hash } from "../trust/blake3.ts";
import { stateRoot } from "./state_tree.ts";

/** The two hashes that a checkpoint consists of, as `CheckpointTaken` names them. */
export interface CheckpointDigest {
  /** Root over the resources. */
  readonly root: string;
  /** Hash of everything that was folded. */
  readonly object: string;
}

/** A log, folded up to one of its records. */
export interface FoldedPart extends FoldPlace {
  readonly environment: Environment;
}

/** Computes them of what `fold` has folded. */
export function checkpointDigest(hash: Hash, fold: FoldedPart): CheckpointDigest {
  const resources = stateRoot(hash, fold.environment.resources.durable);
  const text = canonicalEnvironment(fold.environment, fold, resources);
  return { root: resources.root, object: hash(new TextEncoder().encode(text)) };
}
