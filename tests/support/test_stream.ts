import { TEST_DATA_KEY } from "./memory_vault.ts";
import type { Clock } from "../../engine/clock.ts";
import type { TrustedKey } from "../../engine/environment_event.ts";
import { type JournalParts, type OpenJournal, openJournal } from "../../store/journal.ts";
import { createLog } from "../../store/create_log.ts";
import type { LogBackend } from "../../store/log_backend.ts";
import type { RecordChecks } from "../../store/record_checks.ts";
import type { VerifiedRecord } from "../../store/verify_records.ts";
import { IntegrityError } from "../../engine/integrity_error.ts";
import { type Hash, loadBlake3 } from "../../trust/blake3.ts";
import type { Signer } from "../../trust/signer.ts";

export const ENVIRONMENT = "dev";
const KEY_ID = "a".repeat(64);
const SIGNATURE_BYTES = 64;

/**
 * A log with a stand-in for signatures that needs no thread of its own: what happens follows from promises alone. Hashes and
 * records are the real ones, and a record that was altered does not verify.
 */
export interface TestStream {
  readonly log: LogBackend;
  /** Opens the log, or another way to it. */
  open(clock: Clock, see?: (verified: VerifiedRecord) => void, log?: LogBackend): Promise<OpenJournal>;
  /** Opens it with a signer that needs `signMs` for each signature. */
  openSlow(clock: Clock, signMs: number): Promise<OpenJournal>;
}

/** Writes record 1 to `log`. */
export async function startStream(log: LogBackend, clock: Clock): Promise<TestStream> {
  const hash = await loadBlake3();
  const signer = keyedHash(hash);
  const checks: RecordChecks = { hash, verifySignature: verifier(signer) };
  const key: TrustedKey = {
    id: KEY_ID,
    name: "test",
    roles: ["admin", "apply"],
    algorithm: "Ed25519",
    publicKey: "",
  };
  await createLog(
    { log, environment: ENVIRONMENT, clock, hash, signer, run: "f".repeat(32), repaired: () => {} },
    {
      type: "EnvironmentOpened",
      project: "test",
      environment: ENVIRONMENT,
      nonce: "0".repeat(32),
      keys: [key],
      dataKey: TEST_DATA_KEY,
      digestKey: "digest-1",
    },
  );
  const openWith = (
    parts: Pick<JournalParts, "clock" | "log" | "signer">,
    see: (verified: VerifiedRecord) => void,
  ) => openJournal({ ...parts, checks, observer: { onRecord: see, onRepair: () => {} } }, ENVIRONMENT, []);
  return {
    log,
    open: (forClock, see = () => {}, through = log) =>
      openWith({ log: through, signer, clock: forClock }, see),
    openSlow: (forClock, signMs) => {
      const slow: Signer = {
        keyId: signer.keyId,
        sign: async (statement) => {
          await forClock.sleep(signMs);
          return await signer.sign(statement);
        },
      };
      return openWith({ log, signer: slow, clock: forClock }, () => {});
    },
  };
}

/** Signs by a hash: for tests that watch what goes in and out. */
export function keyedHash(hash: Hash): Signer {
  return {
    keyId: KEY_ID,
    sign: (statement) => {
      const digest = Uint8Array.fromHex(hash(statement));
      const signature = new Uint8Array(SIGNATURE_BYTES);
      signature.set(digest);
      return Promise.resolve(signature);
    },
  };
}

function verifier(signer: Signer): RecordChecks["verifySignature"] {
  return async (_key, statement, signature, where) => {
    const expected = await signer.sign(statement);
    if (expected.every((byte, at) => signature[at] === byte)) return;
    throw new IntegrityError("signature", where, `Cannot verify ${where}`);
  };
}
