import { attestRun as statementOf } from "../audit/attestation.ts";
import { digestWith } from "../audit/digest_set.ts";
import { runHistory, type RunSummary } from "../audit/run_history.ts";
import { stateAfter, type VerifiedLog } from "../audit/verified_log.ts";
import { type VerifiedAttestation, verifyAttestation } from "../audit/verify_attestation.ts";
import type { JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import { findRun, runText } from "./find_run.ts";
import type { Attestor, ProjectPorts } from "./project_ports.ts";
import { readNamedFile } from "./read_named_file.ts";
import { openInitialised } from "./workspace.ts";

/** A statement has a few kilobytes; other tools may have signed it many times. */
const LARGEST_BYTES = 1 << 20;

/** A signed statement of what a run did. */
export interface Attestation {
  readonly environment: string;
  readonly run: string;
  /** As JSON. */
  readonly envelope: JsonObject;
  readonly keyId: string;
  /** The public key of who signed it, in PEM. */
  readonly publicKeyPem: string;
}

/**
 * States what a run did, the last one that has ended where none is named, and signs that with the key that signs in the environment. The whole
 * log is verified before: of one that is damaged nothing is stated, it throws an `IntegrityError`.
 */
export async function attestRun(
  ports: ProjectPorts,
  request: { readonly environment: string | undefined; readonly run: string | undefined },
): Promise<Result<Attestation, ProjectFailure>> {
  const opened = await openWholeLog(ports, request.environment);
  if (!opened.ok) return opened;
  const { paths, name, keys, log } = opened.value;
  const chosen = chooseRun(log, name, request.run);
  if (!chosen.ok) return chosen;
  const { run } = chosen.value.started;
  const statement = await statementOf(log, run, digestWith((await ports.attestationChecks()).hash));
  if (statement === undefined) return err(stillLives(chosen.value));
  const attestor = await ports.attestor(paths, keys);
  if (!attestor.ok) return attestor;
  const untrusted = trustFailure(log, name, attestor.value);
  if (untrusted !== undefined) return err(untrusted);
  const { keyId, publicKeyPem } = attestor.value;
  const envelope = await attestor.value.sign(statement);
  return envelope.ok
    ? ok({ environment: name, run, envelope: envelope.value, keyId, publicKeyPem })
    : envelope;
}

/** Verifies the attestation in a file against the log. Throws an `IntegrityError` when it does not hold. */
export async function verifyAttestationFile(
  ports: ProjectPorts,
  request: { readonly environment: string | undefined; readonly file: string },
): Promise<Result<VerifiedAttestation & { readonly environment: string }, ProjectFailure>> {
  const opened = await openWholeLog(ports, request.environment);
  if (!opened.ok) return opened;
  const { file } = request;
  const text = await readNamedFile(ports, file, LARGEST_BYTES);
  if (!text.ok) return text;
  const subject = { path: file, text: text.value };
  const verified = await verifyAttestation(opened.value.log, subject, await ports.attestationChecks());
  return ok({ ...verified, environment: opened.value.name });
}

async function openWholeLog(ports: ProjectPorts, environment: string | undefined) {
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const log = await ports.readLog(workspace.paths, chosen);
  const { keys, name } = chosen;
  return log.ok ? ok({ paths: workspace.paths, name, keys, log: log.value }) : log;
}

function chooseRun(
  log: VerifiedLog,
  environment: string,
  wanted: string | undefined,
): Result<RunSummary, ProjectFailure> {
  const runs = runHistory(log.records);
  if (wanted !== undefined) return findRun(wanted, runs, environment);
  const last = runs.findLast(({ end }) => end !== undefined);
  if (last !== undefined) return ok(last);
  return err({
    kind: "NotFound",
    message: `No run of ${environment} has ended yet: there is nothing to attest`,
    hint: "smelt runs --all lists all",
  });
}

function stillLives(run: RunSummary): ProjectFailure {
  return {
    kind: "RunLive",
    message: `Cannot attest what has not ended: ${runText(run)}`,
    hint: "smelt runs tells whether its process is there",
  };
}

/** What nobody can verify against the log is not signed. */
function trustFailure(
  log: VerifiedLog,
  environment: string,
  { keyId }: Attestor,
): ProjectFailure | undefined {
  const known = stateAfter(log, log.head.seq).keys.get(keyId);
  if (known?.isRevoked === false && known.key.roles.includes("apply")) return undefined;
  return {
    kind: "Keys",
    message: `Cannot attest with the key ${keyId}: the log of ${environment} does not trust it to apply`,
  };
}
