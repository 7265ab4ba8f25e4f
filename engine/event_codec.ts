import { CERTAINTIES, FAILURE_KINDS, RETRIES } from "./call_failure.ts";
import { canonicalJson } from "./canonical_json.ts";
import { KEY_ALGORITHMS } from "./environment_event.ts";
import type { Event } from "./event.ts";
import {
  type Fields,
  fieldsFault,
  type OptionalField,
  type RequiredField,
  type Shape,
  type ShapeFault,
} from "./event_codec_shape.ts";
import { IntegrityError } from "./integrity_error.ts";
import { invariant } from "./invariant.ts";
import { isJsonObject, type Json } from "./json.ts";

/** The keys of `E` beside `type`, each with the field that its being optional asks for. */
type FieldsOf<E> = {
  readonly [K in Exclude<keyof E, "type">]-?: Record<never, never> extends Pick<E, K> ? OptionalField
    : RequiredField;
};

type FieldTable = { readonly [T in Event["type"]]: FieldsOf<Extract<Event, { readonly type: T }>> };

const TEXT = must({ kind: "text" });
const WHOLE_NUMBER = must({ kind: "wholeNumber" });
const TEXTS = must({ kind: "list", element: { kind: "text" } });
const ENCODED = must({ kind: "encoded" });
const OPTIONAL_TEXT = may({ kind: "text" });

const KEY: Shape = {
  kind: "fields",
  fields: {
    id: TEXT,
    name: TEXT,
    roles: must({ kind: "list", element: { kind: "word", words: ["admin", "apply", "approve"] } }),
    algorithm: must({ kind: "word", words: KEY_ALGORITHMS }),
    publicKey: TEXT,
  },
};

const FAILURE = must({
  kind: "fields",
  fields: {
    kind: must({ kind: "word", words: FAILURE_KINDS }),
    retry: must({ kind: "word", words: RETRIES }),
    certainty: must({ kind: "word", words: CERTAINTIES }),
    message: TEXT,
    retryAfterMs: may({ kind: "wholeNumber" }),
  },
});

const FACTS = { id: TEXT, fields: ENCODED, outputs: ENCODED, precondition: OPTIONAL_TEXT };

const RELATIONS = {
  triggers: may({ kind: "texts" }),
  dependencies: must({
    kind: "list",
    element: { kind: "fields", fields: { address: TEXT, incarnation: WHOLE_NUMBER } },
  }),
  bindings: must({
    kind: "list",
    element: { kind: "fields", fields: { path: TEXT, from: TEXTS, source: TEXT } },
  }),
  description: must({
    kind: "fields",
    fields: { intent: OPTIONAL_TEXT, owner: OPTIONAL_TEXT, retained: may({ kind: "true" }) },
  }),
};

const INTENT = { address: TEXT, token: TEXT };

/** What each kind of event holds. An event with another key, or of another kind, was written by a newer version. */
const FIELDS: FieldTable = {
  EnvironmentOpened: {
    project: TEXT,
    environment: TEXT,
    nonce: TEXT,
    keys: must({ kind: "list", element: KEY }),
    dataKey: TEXT,
    digestKey: TEXT,
  },
  EnvironmentClosed: { movedTo: OPTIONAL_TEXT },
  KeyTrusted: { key: must(KEY) },
  KeyRevoked: { keyId: TEXT, reason: TEXT, suspectFrom: may({ kind: "wholeNumber" }) },
  RunStarted: {
    run: TEXT,
    command: TEXT,
    plan: OPTIONAL_TEXT,
    writes: TEXTS,
    reads: TEXTS,
    host: TEXT,
    who: TEXT,
    why: OPTIONAL_TEXT,
    ttlMs: WHOLE_NUMBER,
    resumes: OPTIONAL_TEXT,
  },
  RunRenewed: {},
  RunFinished: {
    outcome: must({ kind: "word", words: ["succeeded", "failed", "partial", "stale", "interrupted"] }),
  },
  RunBroken: { run: TEXT, reason: must({ kind: "word", words: ["lockFree", "silent"] }) },
  CheckpointTaken: { seq: WHOLE_NUMBER, root: TEXT, object: TEXT },
  SecretsRotated: { active: OPTIONAL_TEXT, dropped: OPTIONAL_TEXT },
  AccountBound: { provider: TEXT, account: TEXT },
  LogRestored: { lostSeq: WHOLE_NUMBER, lostHash: TEXT, restoredSeq: WHOLE_NUMBER },
  LossSettled: { acceptedSeq: WHOLE_NUMBER },
  PolicySet: { approvals: WHOLE_NUMBER, protected: must({ kind: "boolean" }) },
  PlanApproved: {
    plan: TEXT,
    plannedBy: TEXT,
    seq: WHOLE_NUMBER,
    hash: TEXT,
    who: TEXT,
    why: OPTIONAL_TEXT,
  },
  SecretRevealed: { subject: TEXT, paths: TEXTS },
  CreateStarted: {
    ...INTENT,
    ...RELATIONS,
    inputs: ENCODED,
    resourceType: TEXT,
    schemaVersion: WHOLE_NUMBER,
    account: TEXT,
    deadlineMs: WHOLE_NUMBER,
    nameWasFree: may({ kind: "boolean" }),
    replaces: OPTIONAL_TEXT,
  },
  CreateAccepted: { ...INTENT, id: TEXT },
  Progressed: { ...INTENT, step: TEXT, facts: must({ kind: "texts" }) },
  CreateSucceeded: { ...INTENT, ...FACTS },
  CreateFailed: { ...INTENT, failure: FAILURE },
  UpdateStarted: {
    ...INTENT,
    ...RELATIONS,
    inputs: ENCODED,
    id: TEXT,
    schemaVersion: WHOLE_NUMBER,
    deadlineMs: WHOLE_NUMBER,
    precondition: OPTIONAL_TEXT,
  },
  UpdateSucceeded: { ...INTENT, ...FACTS },
  UpdateFailed: { ...INTENT, failure: FAILURE },
  DeleteStarted: {
    ...INTENT,
    id: TEXT,
    deadlineMs: WHOLE_NUMBER,
    precondition: OPTIONAL_TEXT,
    underDependents: may({ kind: "true" }),
  },
  DeleteSucceeded: { ...INTENT, id: TEXT },
  DeleteFailed: { ...INTENT, id: TEXT, failure: FAILURE },
  OutcomeUnknown: { ...INTENT, failure: FAILURE },
  OutcomeResolved: {
    ...INTENT,
    outcome: must({ kind: "word", words: ["done", "notDone"] }),
    evidence: must({
      kind: "word",
      words: ["id", "token", "name", "resend", "absence", "noWorld", "person"],
    }),
    found: may({ kind: "fields", fields: FACTS }),
  },
  Skipped: { address: TEXT, because: TEXT, reason: TEXT },
  Observed: {
    address: TEXT,
    id: TEXT,
    found: must({ kind: "nullable", inner: { kind: "fields", fields: FACTS } }),
  },
  DriftAccepted: { address: TEXT, id: TEXT, inputs: ENCODED },
  Rebound: { address: TEXT, ...RELATIONS, schemaVersion: may({ kind: "wholeNumber" }) },
  Forgotten: { address: TEXT, id: TEXT },
  Imported: {
    address: TEXT,
    ...FACTS,
    inputs: ENCODED,
    resourceType: TEXT,
    schemaVersion: WHOLE_NUMBER,
    account: TEXT,
  },
  Moved: { address: TEXT, from: TEXT },
  Tainted: { address: TEXT, reason: TEXT },
  Untainted: { address: TEXT },
  Protected: { address: TEXT, byHand: may({ kind: "true" }) },
  Unprotected: { address: TEXT, byHand: may({ kind: "true" }) },
};

/** The same with the `type` itself, by kind. */
const ALL_FIELDS: ReadonlyMap<string, Fields> = new Map(
  Object.entries(FIELDS).map(([type, fields]) => [type, { type: TEXT, ...fields }]),
);

/** The fields of a kind of event beside `type`, in the order of their table; the name of one that may be left out ends with `?`. */
export function eventFields(type: Event["type"]): readonly string[] {
  const fields: Fields = FIELDS[type];
  return Object.entries(fields).map(([name, { required }]) => required ? name : `${name}?`);
}

/** Reads a stored event; `where` names the place. Throws an `IntegrityError` for anything but an event that this version knows. */
export function readEvent(json: Json, where: string): Event {
  const fault = eventFault(json);
  if (fault === undefined) return json as unknown as Event;
  throw new IntegrityError(
    fault.kind,
    where,
    fault.kind === "version"
      ? `Cannot read ${where}: ${fault.message}; it needs a newer version of smelt, the one that wrote it`
      : `Cannot read ${where}: ${fault.message}`,
  );
}

/** Makes of an event what reading it back will give. That this version could not read it is a bug of who made it. */
export function asStored(event: Event): Event {
  const json = JSON.parse(canonicalJson(event as unknown as Json)) as Json;
  const fault = eventFault(json);
  invariant(fault === undefined, `An event to be stored is not readable: ${fault?.message}`);
  return json as unknown as Event;
}

/** What keeps `json` from being an event that this version knows; `undefined`: nothing. */
export function eventFault(json: Json): ShapeFault | undefined {
  if (!isJsonObject(json)) return { kind: "malformed", message: "an event is not an object" };
  const { type } = json;
  if (typeof type !== "string") return { kind: "malformed", message: "an event has no type" };
  const fields = ALL_FIELDS.get(type);
  if (fields === undefined) return { kind: "version", message: `"${type}" is an unknown kind of event` };
  const fault = fieldsFault(json, fields);
  return fault && { kind: fault.kind, message: `${type}${fault.message}` };
}

function must(shape: Shape): RequiredField {
  return { shape, required: true };
}

function may(shape: Shape): OptionalField {
  return { shape, required: false };
}
