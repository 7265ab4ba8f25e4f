import type { TrustedKey } from "../engine/environment_event.ts";
import type { Result } from "../engine/result.ts";
import type { KmsKeyName } from "../trust/kms_key_name.ts";
import type { ProjectFailure } from "./failure.ts";

/** A key as others may know it, without what it may sign. */
export type PublicKey = Omit<TrustedKey, "roles">;

/** The public half of a key with a signature that proves that its maker has the private one. */
export interface PublicKeyDocument extends PublicKey {
  readonly schema: string;
  readonly signature: string;
}

/** A file of a signing key. */
export interface KeyFileEntry {
  /** The file's name without `.key`. */
  readonly name: string;
  /** Relative to the root. */
  readonly path: string;
  /** The key, or why the file cannot be used. */
  readonly key: Result<PublicKey, ProjectFailure>;
}

/** The signing keys that lie in `.smelt/keys/` of a project. What is private of them never comes out. */
export interface KeyFolder {
  /**
   * The key that signs here: the one that `SMELT_KEY` names, else the one `inConfig`, as `kms:NAME`, else `local`; never one that
   * merely lies there.
   */
  ownName(inConfig: KmsKeyName | undefined): Result<string, ProjectFailure>;
  /** Every file of a signing key, by name. */
  list(): Promise<readonly KeyFileEntry[]>;
  /** Makes a key; refused where there is a file of this name. */
  create(name: string): Promise<Result<PublicKeyDocument, ProjectFailure>>;
  /** The public half of a key that lies here, or in KMS as `kms:NAME`, whose region is said where its name does not say it. */
  document(name: string, region?: string | undefined): Promise<Result<PublicKeyDocument, ProjectFailure>>;
  /** A public key in PEM, as other programs read it. */
  pem(key: PublicKey): string;
  /** Reads a document that somebody else made, and verifies it. */
  readDocument(text: string, where: string): Promise<Result<PublicKeyDocument, ProjectFailure>>;
  /** The key that is to take the place of `name`, made where none was left by a rotation that was cut short. */
  successor(name: string): Promise<Result<PublicKey, ProjectFailure>>;
  /** Puts the successor in the place of `name`, whose key has the id `oldId`; returns the name that the old one has now. */
  succeed(name: string, oldId: string): Promise<string>;
  /** The keys that `name` had before, by id, and the names of their files. */
  retired(name: string): Promise<ReadonlyMap<string, string>>;
}

/** A text that names no key. */
export function noKeyName(name: string): ProjectFailure {
  return {
    kind: "Keys",
    message: `Cannot name a key ${
      JSON.stringify(name)
    }: expected letters, digits, ".", "_" and "-", 64 at most`,
  };
}
