import {
  openCheckpoint,
  type OpenedCheckpoint,
  originFault,
  signatureFault,
} from "../audit/open_checkpoint.ts";
import type { CheckpointFile } from "../audit/open_checkpoint.ts";
import { Replay, type VerifiedLog } from "../audit/verified_log.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { invariant, unreachable } from "../engine/invariant.ts";
import { nearName } from "../engine/near_name.ts";
import { recordText } from "../engine/record.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { Notary, Proof, ProofSubject, SignedCheckpoint } from "../project/notary.ts";
import { checkpointDigest, type FoldedPart } from "../store/checkpoint_digest.ts";
import { growthProofText, recordProofText, stateProofText } from "../store/proof_text.ts";
import { recordGrowth, recordRoot, recordSiblings } from "../store/record_tree.ts";
import { checkpointOrigin, type CheckpointStatement, statementText } from "../store/signed_checkpoint.ts";
import { proveState } from "../store/state_tree.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import { ed25519Point, type SigningKey } from "../trust/ed25519_key.ts";
import { formatNoteKey, noteKey } from "../trust/note_key.ts";
import { formatNote } from "../trust/signed_note.ts";
import { loadSha256 } from "../trust/sha256.ts";
import type { Hash } from "../trust/blake3.ts";

/** A log that verifies to its end, folded from record 1 up to one of its records. */
interface FoldedLog {
  readonly fold: FoldedPart;
  /** Those that were folded, the first one first. */
  readonly records: readonly VerifiedRecord[];
}

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
  return {
    sign: async (seq) => await sign(parts, await foldLog(parts, seq)),
    prove: async (subject, given) => {
      if (given !== undefined) return await proveUnder(parts, subject, given);
      const log = await foldLog(parts, Number.POSITIVE_INFINITY);
      const failure = keyFailure(parts, log);
      if (failure !== undefined) return err(failure);
      const signed = await sign(parts, log);
      return await proofOf(parts, subject, log, signed.text);
    },
  };
}

/** The log up to the record `seq`, or to its end where that comes first. */
async function foldLog({ name, readLog }: NotaryParts, seq: number): Promise<FoldedLog> {
  const { records: all, stream } = await readLog();
  const records = all.slice(0, seq);
  const replay = new Replay();
  for (const each of records) replay.take(each);
  replay.environment.commit();
  const head = { seq: records.length, hash: records.at(-1)?.hash ?? "" };
  return { fold: { name, stream, head, environment: replay.environment }, records };
}

async function sign({ hash, key }: NotaryParts, log: FoldedLog): Promise<SignedCheckpoint> {
  invariant(key !== undefined, "What was opened to read signs nothing");
  const statement = await statementOf(hash, log);
  const point = ed25519Point(key.publicKey);
  invariant(point !== undefined, "A signing key has a public half");
  const verifier = await noteKey("note", checkpointOrigin(statement), point);
  const text = statementText(statement);
  const signature = await key.signer.sign(new TextEncoder().encode(text));
  const signatures = [{ name: verifier.name, keyId: verifier.id, signature }];
  return {
    ...statement.head,
    root: statement.root,
    object: statement.object,
    text: formatNote({ text, signatures }),
    verifierKey: formatNoteKey(verifier),
  };
}

/** A checkpoint that readers would refuse is not made. */
function keyFailure({ key, name }: NotaryParts, { fold }: FoldedLog): ProjectFailure | undefined {
  const known = fold.environment.keys.durable.get(key?.signer.keyId ?? "");
  if (known?.isRevoked === false && known.key.roles.includes("apply")) return undefined;
  return {
    kind: "Keys",
    message: `The key "${key?.name}" of this machine may not sign a checkpoint of ${name}`,
    hint: "With --checkpoint a proof is made under one that another has signed",
  };
}

async function statementOf(hash: Hash, { fold, records }: FoldedLog): Promise<CheckpointStatement> {
  const facts = fold.environment.durableFacts;
  invariant(facts !== undefined, "A log that verifies has been opened");
  const { project, environment } = facts.opened;
  return {
    project,
    environment,
    stream: fold.stream,
    head: fold.head,
    recordRoot: recordRoot(await loadSha256(), records.map((each) => each.hash)),
    ...checkpointDigest(hash, fold),
  };
}

async function proveUnder(
  parts: NotaryParts,
  subject: ProofSubject,
  given: CheckpointFile,
): Promise<Result<Proof, ProjectFailure>> {
  const opened = openCheckpoint(given);
  if (!opened.ok) throw untrusted(given, opened.error);
  const { seq } = opened.value.statement.head;
  const log = await foldLog(parts, seq);
  const fault = await givenFault(parts.hash, opened.value, log);
  if (fault !== undefined) throw untrusted(given, fault);
  return await proofOf(parts, subject, log, given.text);
}

/** Why a checkpoint is not one of this log. Witnesses are for those who verify the proof. */
async function givenFault(
  hash: Hash,
  opened: OpenedCheckpoint,
  log: FoldedLog,
): Promise<string | undefined> {
  const { fold } = log;
  const keys = [...fold.environment.keys.durable.values()].map(({ key }) => key);
  const own = await statementOf(hash, log);
  const fault = originFault(opened, own) ?? await signatureFault(opened, keys);
  if (fault !== undefined || statementText(own) === opened.note.text) return fault;
  return own.head.seq < opened.statement.head.seq
    ? `The log ends with record ${own.head.seq}, and "${opened.source}" is of record ${opened.statement.head.seq}`
    : `"${opened.source}" says of the log up to record ${own.head.seq} what it does not hold`;
}

async function proofOf(
  { name, hash }: NotaryParts,
  subject: ProofSubject,
  log: FoldedLog,
  checkpoint: string,
): Promise<Result<Proof, ProjectFailure>> {
  const { seq } = log.fold.head;
  const text = await proofText(hash, subject, log, checkpoint);
  return text === undefined ? err(unfound(name, subject, log)) : ok({ text, seq });
}

/** `undefined` where the log does not hold what is to be proven. */
async function proofText(
  hash: Hash,
  subject: ProofSubject,
  { fold, records }: FoldedLog,
  checkpoint: string,
): Promise<string | undefined> {
  const hashes = records.map((each) => each.hash);
  switch (subject.kind) {
    case "state": {
      const { address } = subject;
      const proof = proveState(hash, fold.environment.resources.durable, address);
      return proof === undefined ? undefined : stateProofText(address, proof, checkpoint);
    }
    case "record": {
      const { seq } = subject;
      const record = records[seq - 1]?.record;
      if (record === undefined) return undefined;
      const siblings = recordSiblings(await loadSha256(), hashes, seq - 1);
      return recordProofText({ seq, text: recordText(record), siblings }, checkpoint);
    }
    case "growth": {
      const { since } = subject;
      if (since > records.length) return undefined;
      return growthProofText(since, recordGrowth(await loadSha256(), hashes, since), checkpoint);
    }
    default:
      return unreachable(subject);
  }
}

function unfound(name: string, subject: ProofSubject, { fold }: FoldedLog): ProjectFailure {
  const { seq } = fold.head;
  if (subject.kind !== "state") {
    const wanted = subject.kind === "record" ? subject.seq : subject.since;
    return { kind: "NotFound", message: `No record ${wanted} in the log of ${name} up to record ${seq}` };
  }
  const { address } = subject;
  const near = nearName(address, fold.environment.resources.durable.keys());
  return {
    kind: "NotFound",
    message: `No resource "${address}" in ${name} at record ${seq}`,
    hint: near === undefined || near === address ? "smelt state ls lists all" : `Did you mean "${near}"?`,
    resource: address,
  };
}

function untrusted({ source }: CheckpointFile, why: string): IntegrityError {
  return new IntegrityError("pin", source, `Cannot prove anything under "${source}": ${why}`);
}
