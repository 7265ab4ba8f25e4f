import { canonicalJson } from "../engine/canonical_json.ts";
import { invariant } from "../engine/invariant.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import { recordText } from "../engine/record.ts";
import { compareText } from "../engine/text_order.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import type { Digest, DigestSet } from "./digest_set.ts";
import { type RunStory, runStory } from "./run_story.ts";
import { stateJson } from "./state_json.ts";
import type { VerifiedLog } from "./verified_log.ts";

/** What an attestation says it is: in-toto's Statement v1 with SLSA's provenance v1 in it. */
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

/** Names what a run of smelt is, and with it exactly the parameters below: docs/audit.md tells of each. */
export const BUILD_TYPE = "urn:smelt:run:v1";

/** The form of an in-toto statement in an envelope. */
export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/**
 * Makes the statement of what one run did, of nothing but its log: the same log gives the same bytes. It is of bounded size,
 * whatever the run changed, since a key service signs a few kilobytes at most. `undefined`: the log knows no such run, or
 * nobody has ended it yet.
 */
export async function attestRun(
  log: VerifiedLog,
  run: string,
  digest: Digest,
): Promise<JsonObject | undefined> {
  const story = runStory(log, run);
  if (story === undefined) return undefined;
  return {
    _type: STATEMENT_TYPE,
    subject: await subjectsOf(log, story, digest),
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: externalParameters(story),
        internalParameters: internalParameters(story),
        resolvedDependencies: await dependenciesOf(log, story, digest),
      },
      runDetails: {
        builder: { id: `urn:smelt:key:${story.keyId}`, version: { record: String(story.first.record.v) } },
        metadata: {
          invocationId: run,
          startedOn: story.first.record.at,
          finishedOn: story.last.record.at,
        },
        byproducts: [recordsOf(log, story)],
      },
    },
  };
}

/** What the run made: the state that it left, and the record that tells its end. */
async function subjectsOf(
  { stream }: VerifiedLog,
  story: RunStory,
  digest: Digest,
): Promise<readonly Json[]> {
  const { project, environment, last, replay } = story;
  const head = { seq: last.record.seq, hash: last.hash };
  const state = stateJson({ environment, stream, head, state: replay.view() });
  return [
    {
      name: `${project}/${environment}/state@${head.seq}`,
      digest: digestJson(await digest(canonicalJson(state))),
    },
    { name: `${project}/${environment}/record@${head.seq}`, digest: await recordDigest(last, digest) },
  ];
}

function externalParameters({ project, environment, started }: RunStory): JsonObject {
  const { command, writes, reads, resumes } = started;
  const target = { writes: writes.length, reads: reads.length };
  return { project, environment, command, target, ...(resumes === undefined ? {} : { resumes }) };
}

function internalParameters({ first, started, schemaVersions }: RunStory): JsonObject {
  const sorted = [...schemaVersions].sort(([one], [other]) => compareText(one, other));
  const { host, who } = started;
  return { host, who, recordVersion: first.record.v, schemaVersions: Object.fromEntries(sorted) };
}

/** What the run rested on, as far as its log says: the state before it, its plan, its claims. */
async function dependenciesOf(
  { records, stream }: VerifiedLog,
  { first, started }: RunStory,
  digest: Digest,
): Promise<readonly Json[]> {
  const before = records[first.record.seq - 2];
  invariant(before !== undefined, "Record 1 starts no run");
  const { plan, reads, writes } = started;
  const claims = canonicalJson({ reads: [...reads], writes: [...writes] });
  return [
    {
      name: "record-before",
      uri: recordUri(stream, before.record.seq),
      digest: await recordDigest(before, digest),
    },
    ...(plan === undefined ? [] : [{ name: "plan", digest: { blake3: plan } }]),
    { name: "claims", digest: digestJson(await digest(claims)) },
  ];
}

/** The records that tell of the run, those of others among them. */
function recordsOf({ stream }: VerifiedLog, { first, last, ending, eventCount }: RunStory): JsonObject {
  return {
    name: "records",
    uri: `${recordUri(stream, first.record.seq)}-${last.record.seq}`,
    annotations: { first: first.record.seq, last: last.record.seq, events: eventCount, outcome: ending },
  };
}

function recordUri(stream: string, seq: number): string {
  return `urn:smelt:log:${stream}:record:${seq}`;
}

/** Of the bytes of a record before its TAB: what its hash is of. */
async function recordDigest({ record, hash }: VerifiedRecord, digest: Digest): Promise<JsonObject> {
  const found = await digest(recordText(record));
  invariant(found.blake3 === hash, "A verified record is its own canonical text");
  return digestJson(found);
}

function digestJson({ sha256, blake3 }: DigestSet): JsonObject {
  return { sha256, blake3 };
}
