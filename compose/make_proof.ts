import { unreachable } from "../engine/invariant.ts";
import { nearName } from "../engine/near_name.ts";
import { recordText } from "../engine/record.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { Proof, ProofSubject } from "../project/notary.ts";
import { growthProofText, recordProofText, stateProofText } from "../store/proof_text.ts";
import { recordGrowth, recordSiblings } from "../store/record_tree.ts";
import { proveState } from "../store/state_tree.ts";
import type { Hash } from "../trust/blake3.ts";
import { loadSha256 } from "../trust/sha256.ts";
import type { FoldedLog } from "./folded_log.ts";

/** Proves something of a log that was folded up to where `checkpoint` is of. */
export async function makeProof(
  hash: Hash,
  log: FoldedLog,
  subject: ProofSubject,
  checkpoint: string,
): Promise<Result<Proof, ProjectFailure>> {
  const text = await proofText(hash, subject, log, checkpoint);
  return text === undefined ? err(unfound(subject, log)) : ok({ text, seq: log.fold.head.seq });
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

function unfound(subject: ProofSubject, { fold }: FoldedLog): ProjectFailure {
  const { name, head: { seq } } = fold;
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
