import type { KeyAlgorithm } from "../engine/environment_event.ts";
import type { Result } from "../engine/result.ts";
import type { KmsFault } from "./kms_fault.ts";
import type { KmsKeyName } from "./kms_key_name.ts";

/** The public half of a key that signs. */
export interface KmsPublicKey {
  /** How the service names the key itself, whatever alias it was asked for. */
  readonly id: KmsKeyName;
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER, as the service gave it. */
  readonly spki: Uint8Array<ArrayBuffer>;
}

/** What a wrapped key is bound to: the service opens it for exactly the same entries only. Not secret; stands in its trail. */
export type KmsContext = Readonly<Record<string, string>>;

/** A key that only the service can open. */
export interface WrappedKey {
  /** ARN of the key that it is wrapped under. */
  readonly under: KmsKeyName;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

/**
 * A key service. Each call may be made again without harm, and is: what may pass is tried again until a bound of about 20 s.
 * Answers are what the service says: whoever can check one does.
 */
export interface Kms {
  publicKey(name: KmsKeyName): Promise<Result<KmsPublicKey, KmsFault>>;
  /** Signs `message`, by Ed25519 at most 4,096 bytes. ECDSA answers in DER. */
  sign(
    key: Pick<KmsPublicKey, "id" | "algorithm">,
    message: Uint8Array<ArrayBuffer>,
  ): Promise<Result<Uint8Array<ArrayBuffer>, KmsFault>>;
  /** Makes a key of 256 bits, in clear and wrapped under `name`. */
  makeKey(
    name: KmsKeyName,
    context: KmsContext,
  ): Promise<Result<{ readonly clear: Uint8Array<ArrayBuffer>; readonly wrapped: WrappedKey }, KmsFault>>;
  /** Wraps a key of 256 bits that was made elsewhere. */
  wrapKey(
    name: KmsKeyName,
    clear: Uint8Array,
    context: KmsContext,
  ): Promise<Result<WrappedKey, KmsFault>>;
  /** Opens a wrapped key; `WrongContext` when it was made for something else, or was altered. */
  openKey(wrapped: WrappedKey, context: KmsContext): Promise<Result<Uint8Array<ArrayBuffer>, KmsFault>>;
}
