import { type Hash, loadBlake3 } from "../trust/blake3.ts";
import { signatureVerifier, type VerifySignature } from "../trust/verify_signature.ts";

/** What verification of records needs of cryptography. */
export interface RecordChecks {
  readonly hash: Hash;
  readonly verifySignature: VerifySignature;
}

/** Loads BLAKE3 and makes a verifier that keeps the keys it has read; one for a process is enough. */
export async function loadRecordChecks(): Promise<RecordChecks> {
  const hash = await loadBlake3();
  return { hash, verifySignature: signatureVerifier(hash) };
}
