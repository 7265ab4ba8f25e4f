/** What a key may sign. `admin`: trust and secret keys. `apply`: runs and resources. `approve`: approvals of plans only. */
export type KeyRole = "admin" | "apply" | "approve";

/** How a key signs. `Ed25519`: RFC 8032. `ECDSA-P256-SHA256`: FIPS 186-5, its signature r and then s, 32 bytes each. */
export type KeyAlgorithm = "Ed25519" | "ECDSA-P256-SHA256";

/** All of them. */
export const KEY_ALGORITHMS: readonly KeyAlgorithm[] = ["Ed25519", "ECDSA-P256-SHA256"];

/** A key that the log trusts, as it stands in events. */
export interface TrustedKey {
  /** The BLAKE3 of the public key's SubjectPublicKeyInfo, in hex: 64 digits. */
  readonly id: string;
  /** Whose it is, for people. */
  readonly name: string;
  readonly roles: readonly KeyRole[];
  /** The key decides the algorithm; a record cannot. */
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER, in base64url without padding (RFC 5280 section 4.1.2.7). */
  readonly publicKey: string;
}

/** Record 1, alone in it: the environment exists, under this name, with these keys. */
export interface EnvironmentOpened {
  readonly type: "EnvironmentOpened";
  readonly project: string;
  readonly environment: string;
  /** 128 random bits: two environments of one name are two streams. */
  readonly nonce: string;
  readonly keys: readonly TrustedKey[];
  /** The data key that secrets are encrypted under, by id. */
  readonly dataKey: string;
  /** The key under which digests of secrets are made, by id. It stays for the life of the environment. */
  readonly digestKey: string;
}

/** Nothing is admitted after this; the run that says so is over. */
export interface EnvironmentClosed {
  readonly type: "EnvironmentClosed";
  readonly movedTo?: string;
}

/** From the next event on, `key` may sign what its roles say. */
export interface KeyTrusted {
  readonly type: "KeyTrusted";
  readonly key: TrustedKey;
}

/** From the next event on, the key signs nothing; its live runs are over. What it signed before stands. */
export interface KeyRevoked {
  readonly type: "KeyRevoked";
  readonly keyId: string;
  readonly reason: string;
  /** The record from which auditors should doubt what this key signed. */
  readonly suspectFrom?: number;
}

/** A process has begun to change things, and holds its claims until its end. */
export interface RunStarted {
  readonly type: "RunStarted";
  readonly run: string;
  readonly command: string;
  /** BLAKE3 of the plan's canonical form, in hex; absent for commands that have none. */
  readonly plan?: string;
  /** Addresses that the run may change: nobody else may change or rely on them meanwhile. */
  readonly writes: readonly string[];
  /** Addresses that the run relies on: nobody else may change them meanwhile. */
  readonly reads: readonly string[];
  readonly host: string;
  /** Who started it, as the operating system or the CI says; the signature says which key. */
  readonly who: string;
  /** Why, in the words of who started it. */
  readonly why?: string;
  /** Milliseconds of silence after which another may hold it for dead. */
  readonly ttlMs: number;
  /** A run of before that this one takes up. */
  readonly resumes?: string;
}

/** The run lives; written only after silence. */
export interface RunRenewed {
  readonly type: "RunRenewed";
}

/** How a run came to its end. */
export type RunOutcome = "succeeded" | "failed" | "partial" | "stale" | "interrupted";

/** The run is over and its claims are free. */
export interface RunFinished {
  readonly type: "RunFinished";
  readonly outcome: RunOutcome;
}

/** Another run held this one for dead: it is over and its claims are free. What it left open is in doubt. */
export interface RunBroken {
  readonly type: "RunBroken";
  readonly run: string;
  readonly reason: "lockFree" | "silent";
}

/** A fold of everything up to `seq` is kept under its hash. Serves proofs; grants no trust. */
export interface CheckpointTaken {
  readonly type: "CheckpointTaken";
  readonly seq: number;
  /** Merkle root over the resources. */
  readonly root: string;
  /** BLAKE3 of the whole folded environment. */
  readonly object: string;
}

/** `active` is the data key from now on; `dropped` is gone. */
export interface SecretsRotated {
  readonly type: "SecretsRotated";
  readonly active?: string;
  readonly dropped?: string;
}

/** Calls of this provider go to this account and to no other. */
export interface AccountBound {
  readonly type: "AccountBound";
  readonly provider: string;
  readonly account: string;
}

/**
 * The log was restored from a backup and goes on without a record that a pin names: its loss is accepted. From here on nothing that
 * the log does not hold counts as not there.
 */
export interface LogRestored {
  readonly type: "LogRestored";
  readonly lostSeq: number;
  readonly lostHash: string;
  /** The last record of the restored log. */
  readonly restoredSeq: number;
}

/** All that the lost part did has been found, or is held for found: the log counts as whole again. */
export interface LossSettled {
  readonly type: "LossSettled";
  /** The record that accepted the loss. */
  readonly acceptedSeq: number;
}

/** From the next event on, this is what a change of the environment takes; the policy of before is gone. */
export interface PolicySet {
  readonly type: "PolicySet";
  /** How many keys must have approved a plan beside the one that carries it out; 0: none, and no plan need be saved. */
  readonly approvals: number;
  /** Whether changing the environment takes its name. */
  readonly protected: boolean;
}

/** Whoever holds the key that signed this has seen the plan, and is for it. Counts for as long as the key is not revoked. */
export interface PlanApproved {
  readonly type: "PlanApproved";
  /** BLAKE3 of the bytes of the saved plan that were signed, in hex: it covers all that the file says. */
  readonly plan: string;
  /** The key that signed the plan, by id: it cannot approve it too. */
  readonly plannedBy: string;
  /** The last record that was verified when it was approved. */
  readonly seq: number;
  /** Its hash. */
  readonly hash: string;
  /** Who approved it, as the operating system says; the signature says which key. */
  readonly who: string;
  /** Why, in the words of who approved it. */
  readonly why?: string;
}

/** Secrets were opened to be shown to the person who started this run: from now on others may know them. Written before they are. */
export interface SecretRevealed {
  readonly type: "SecretRevealed";
  /** Whose they are: the address of a resource, or the place of a ciphertext in the files. */
  readonly subject: string;
  /** Which of the resource, for example `fields.auth.password` or `outputs.key`; none for a ciphertext. */
  readonly paths: readonly string[];
}

export type EnvironmentEvent =
  | EnvironmentOpened
  | EnvironmentClosed
  | KeyTrusted
  | KeyRevoked
  | RunStarted
  | RunRenewed
  | RunFinished
  | RunBroken
  | CheckpointTaken
  | SecretsRotated
  | AccountBound
  | LogRestored
  | LossSettled
  | PolicySet
  | PlanApproved
  | SecretRevealed;
