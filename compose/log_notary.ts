import {
  type CheckpointFile,
  checkpointKeys,
  openCheckpoint,
  type OpenedCheckpoint,
  originFault,
  signatureFault,
} from "../audit/open_checkpoint.ts";
import type { VerifiedLog } from "../audit/verified_log.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { invariant } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { Notary, Proof, ProofSubject, SignedCheckpoint } from "../project/notary.ts";
import { checkpointOrigin, statementText } from "../store/signed_checkpoint.ts";
import type { Hash } from "../trust/blake3.ts";
import { ed25519Point, type SigningKey } from "../trust/ed25519_key.ts";
import { formatNoteKey, noteKey } from "../trust/note_key.ts";
import { formatNote } from "../trust/signed_note.ts";
import { type FoldedLog, foldLog, statementOf } from "./folded_log.ts";
import { makeProof } from "./make_proof.ts";

/** What a notary works with. */
export interface NotaryParts {
  readonly name: string;
  readonly hash: Hash;
  /** Signs checkpoints; `undefined` where the environment was opened to read. */
  readonly key: SigningKey | undefined;
  /** Reads the log anew, from record 1 to its end, and verifies it. */
  readLog(): Promise<VerifiedLog>;
}

/** The notary of a log. */
export function logNotary(parts: NotaryParts): Notary {
  const { hash, key, name, readLog } = parts;
  return {
    refusal: () => key === undefined || ed25519Point(key.publicKey) !== undefined ? undefined : noNotes(key),
    sign: async (seq) => await sign(parts, foldLog(name, await readLog(), seq)),
    prove: async (subject, given) => {
      const whole = await readLog();
      if (given !== undefined) return await proveUnder(parts, whole, subject, given);
      const log = foldLog(name, whole, whole.head.seq);
      const signed = await sign(parts, log);
      return signed.ok ? await makeProof(hash, log, subject, signed.value.text) : signed;
    },
  };
}

/** A checkpoint that readers would refuse is not made. */
async function sign(
  { hash, key, name }: NotaryParts,
  log: FoldedLog,
): Promise<Result<SignedCheckpoint, ProjectFailure>> {
  invariant(key !== undefined, "What was opened to read signs nothing");
  const known = log.fold.environment.keys.durable.get(key.signer.keyId);
  const isTrusted = known?.isRevoked === false && known.key.roles.includes("apply");
  if (!isTrusted) return err(keyFailure(key, `may not sign a checkpoint of ${name}`));
  const point = ed25519Point(key.publicKey);
  if (point === undefined) return err(noNotes(key));
  return ok(await signWith(key.signer, point, { hash, log }));
}

async function signWith(
  signer: SigningKey["signer"],
  point: Uint8Array<ArrayBuffer>,
  { hash, log }: { readonly hash: Hash; readonly log: FoldedLog },
): Promise<SignedCheckpoint> {
  const statement = await statementOf(hash, log);
  const verifier = await noteKey("note", checkpointOrigin(statement), point);
  const text = statementText(statement);
  const signature = await signer.sign(new TextEncoder().encode(text));
  const signatures = [{ name: verifier.name, keyId: verifier.id, signature }];
  return {
    ...statement.head,
    root: statement.root,
    object: statement.object,
    text: formatNote({ text, signatures }),
    verifierKey: formatNoteKey(verifier),
  };
}

/** Notes know Ed25519 only. */
function noNotes(key: SigningKey): ProjectFailure {
  return keyFailure(key, "signs no checkpoint: that takes one of Ed25519");
}

function keyFailure(key: SigningKey, why: string): ProjectFailure {
  return {
    kind: "Keys",
    message: `The key "${key.name}" of this machine ${why}`,
    hint: "With --checkpoint a proof is made under one that another has signed",
  };
}

async function proveUnder(
  { hash, name }: NotaryParts,
  whole: VerifiedLog,
  subject: ProofSubject,
  given: CheckpointFile,
): Promise<Result<Proof, ProjectFailure>> {
  const opened = openCheckpoint(given);
  if (!opened.ok) throw untrusted(given, opened.error);
  const log = foldLog(name, whole, opened.value.statement.head.seq);
  const fault = await givenFault(hash, opened.value, log);
  if (fault !== undefined) throw untrusted(given, fault);
  return await makeProof(hash, log, subject, given.text);
}

/** Why a checkpoint is not one of this log. Witnesses are for those who verify the proof. */
async function givenFault(
  hash: Hash,
  opened: OpenedCheckpoint,
  log: FoldedLog,
): Promise<string | undefined> {
  const { fold } = log;
  const keys = checkpointKeys(fold.environment.keys.durable.values());
  const own = await statementOf(hash, log);
  const fault = originFault(opened, own) ?? await signatureFault(opened, keys);
  if (fault !== undefined || statementText(own) === opened.note.text) return fault;
  return own.head.seq < opened.statement.head.seq
    ? `The log ends with record ${own.head.seq}, and "${opened.source}" is of record ${opened.statement.head.seq}`
    : `"${opened.source}" says of the log up to record ${own.head.seq} what it does not hold`;
}

function untrusted({ source }: CheckpointFile, why: string): IntegrityError {
  return new IntegrityError("pin", source, `Cannot prove anything under "${source}": ${why}`);
}
