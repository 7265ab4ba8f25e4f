import { openKeptInputs, sealFacts } from "../actors/sealed_facts.ts";
import { ownerKey } from "../engine/environment.ts";
import type { LiveFacts } from "../engine/plan.ts";
import type { ObjectFacts, OutcomeResolved } from "../engine/resource_event.ts";
import type { OpenIntent, ResourceState } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { record } from "../engine/value.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import { getField } from "../engine/wanted.ts";
import type { RegisteredType } from "../providers/registry.ts";
import { askAccount } from "./ask_account.ts";
import {
  changeByHand,
  type HandDecision,
  type HandListener,
  type HandRequest,
  type HandResult,
  type HandView,
  heldState,
} from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readUnsaved } from "./read_unsaved.ts";

/** What a person says became of a call whose outcome is unknown. */
export interface SettleRequest extends Omit<HandRequest, "command"> {
  readonly address: string;
  readonly outcome: OutcomeResolved["outcome"];
  /** The object that a creation made. */
  readonly id: string | undefined;
}

/**
 * Settles a doubt by what a person has found out. What the provider can tell is held against it: an object that was made must be
 * there and be nobody else's, one that was deleted must be gone.
 */
export async function settleByHand(
  ports: ProjectPorts,
  request: SettleRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  return await changeByHand(
    ports,
    { ...request, command: "recover" },
    listener,
    (view) => decideSettlement(ports, view, request, listener.interrupts.stop),
  );
}

interface Settling {
  readonly view: HandView;
  readonly state: ResourceState;
  readonly intent: OpenIntent;
  readonly provided: RegisteredType;
  readonly signal: AbortSignal;
}

async function decideSettlement(
  ports: ProjectPorts,
  view: HandView,
  { address, outcome, id }: SettleRequest,
  signal: AbortSignal,
): Promise<HandDecision> {
  const found = heldState(view, address);
  if (!found.ok) return found;
  const { intent } = found.value;
  if (intent === undefined) return ok({ unchanged: `${address} is not in doubt` });
  const kept = await keptOutcome(view, intent);
  if (kept !== undefined) return err(kept);
  if (outcome === "notDone") {
    const summary = `the ${callName(intent)} of ${address} was not done: the next apply may do it`;
    return ok(settlement(address, intent, { outcome, summary, facts: undefined }));
  }
  const type = typeOf(found.value, intent);
  const provided = ports.registry(view.opened.workspace.paths).lookUp(type);
  if (!provided.ok) return err(cannot(address, `no provider here knows the type "${type}"`));
  const settling = { view, state: found.value, intent, provided: provided.value, signal };
  const elsewhere = await otherAccount(settling);
  if (elsewhere !== undefined) return err(elsewhere);
  return intent.started.type === "DeleteStarted"
    ? await decideDeleted(settling, intent.started.id)
    : await decideMade(settling, id);
}

/** What a run of before was told, and could not store, is not for a person to guess. */
async function keptOutcome(
  { opened: { environment, workspace } }: HandView,
  { started }: OpenIntent,
): Promise<ProjectFailure | undefined> {
  const { outcomes } = await readUnsaved(workspace.paths.unsavedFolder, environment);
  const isKept = outcomes.some((event) => "token" in event && event.token === started.token);
  if (!isKept) return undefined;
  return {
    ...cannot(
      started.address,
      "what became of the call is known, and was kept aside when the log took no more",
    ),
    hint: "smelt recover stores it",
  };
}

async function decideDeleted({ state, intent, ...rest }: Settling, id: string): Promise<HandDecision> {
  const { address } = state;
  const read = await readObject({ state, intent, ...rest }, id);
  if (!read.ok) return read;
  if (read.value !== undefined) return err(cannot(address, `"${id}" is still there`));
  const summary = `the deletion of ${address} was done: "${id}" is gone`;
  return ok(settlement(address, intent, { outcome: "done", summary, facts: undefined }));
}

async function decideMade(settling: Settling, named: string | undefined): Promise<HandDecision> {
  const { state, intent } = settling;
  const { address } = state;
  const id = idOf(settling, named);
  if (id === undefined) {
    return err({
      ...cannot(address, "only its id tells which object was made"),
      hint: `Look it up, and add --id`,
    });
  }
  const stranger = ownerOf(settling, id);
  if (stranger !== undefined) return err(cannot(address, `"${id}" is held by ${stranger}`));
  const read = await readObject(settling, id);
  if (!read.ok) return read;
  if (read.value === undefined) return err(cannot(address, `there is no object "${id}"`));
  const summary = `the ${callName(intent)} of ${address} was done: it holds "${id}"`;
  return ok(settlement(address, intent, { outcome: "done", summary, facts: read.value }));
}

/**
 * A creation is known by what the person says, what the provider had said, the field that is its id, or, where smelt gives the
 * ids, by its token.
 */
function idOf({ intent, provided }: Settling, named: string | undefined): string | undefined {
  const { started, acceptedId } = intent;
  if (started.type !== "CreateStarted") return started.id;
  const { idField, marker } = provided.schema.world ?? {};
  const given = idField === undefined ? undefined : getField(decodeRecord(started.inputs), idField);
  if (typeof given === "string") return named ?? acceptedId ?? given;
  return named ?? acceptedId ?? (marker === "none" ? started.token : undefined);
}

/** Why nothing can be looked up: the credentials reach another account than the one that the call went to. */
async function otherAccount(
  { state, intent, provided, signal }: Settling,
): Promise<ProjectFailure | undefined> {
  const { schema, provider } = provided;
  if (schema.world === undefined) return undefined;
  const found = await askAccount(provider, signal);
  const { address } = state;
  if (!found.ok) {
    return { ...cannot(address, `its account cannot be told: ${found.error.message}`), kind: "Provider" };
  }
  const account = accountOf(state, intent);
  if (found.value === account) return undefined;
  return {
    ...cannot(address, `the call went to the account "${account}", found "${found.value}"`),
    kind: "Provider",
  };
}

function accountOf({ object, deposed }: ResourceState, { started }: OpenIntent): string {
  if (started.type === "CreateStarted") return started.account;
  const old = deposed.find((each) => each.object.id === started.id);
  return (old?.object ?? object)?.account ?? "";
}

/** Another address that holds the object. */
function ownerOf({ view, state, intent, provided }: Settling, id: string): string | undefined {
  const { started } = intent;
  const account = accountOf(state, intent);
  const owners = view.state.owners.get(ownerKey(provided.schema.type, account, id)) ?? [];
  return [...owners].find((each) => each !== state.address || started.type === "CreateStarted");
}

async function readObject(
  { view, state, intent, provided, signal }: Settling,
  id: string,
): Promise<Result<ObjectFacts | undefined, ProjectFailure>> {
  const { schema, provider } = provided;
  const { vault } = view.opened.environment;
  const { started } = intent;
  const sent = started.type === "DeleteStarted" ? state.object?.inputs ?? {} : started.inputs;
  const opened = await openKeptInputs(vault, sent);
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(schema.timeoutsMs.read)]);
  const told = intent.progress === undefined ? {} : { outputs: record(Object.entries(intent.progress)) };
  const read = await provider.read({ type: schema.type, id, applied: opened.fields, ...told }, timeout);
  if (!read.ok) {
    return err({
      ...cannot(state.address, `the provider did not answer: ${read.error.message}`),
      kind: "Provider",
    });
  }
  if (read.value === undefined) return ok(undefined);
  const { fields, outputs, precondition } = read.value;
  const live: LiveFacts = { id: read.value.id, fields, outputs, precondition };
  const before = state.object;
  return ok(await sealFacts(vault, schema, live, { inputs: sent, secrets: opened.secrets, before }));
}

function settlement(
  address: string,
  { started }: OpenIntent,
  { outcome, summary, facts }: {
    readonly outcome: OutcomeResolved["outcome"];
    readonly summary: string;
    readonly facts: ObjectFacts | undefined;
  },
) {
  const { token } = started;
  const message = { type: "Resolved", token, outcome, evidence: "person", found: facts } as const;
  return { address, message, writes: [address], summary };
}

function typeOf({ object }: ResourceState, { started }: OpenIntent): string {
  return started.type === "CreateStarted" ? started.resourceType : object?.type ?? "";
}

function callName({ started }: OpenIntent): string {
  switch (started.type) {
    case "CreateStarted":
      return "creation";
    case "UpdateStarted":
      return "update";
    case "DeleteStarted":
      return "deletion";
  }
}

function cannot(address: string, why: string): ProjectFailure {
  return { kind: "NotFound", message: `Cannot settle ${address} so: ${why}`, resource: address };
}
