import type { CallFailure } from "../engine/call_failure.ts";
import { canonicalJson } from "../engine/canonical_json.ts";
import { invariant } from "../engine/invariant.ts";
import type { JsonObject } from "../engine/json.ts";
import type { PlannedResource } from "../engine/plan.ts";
import { randomId } from "../engine/random.ts";
import type { ResourceMessage } from "../engine/resource_logic_message.ts";
import type { ResourceState, StoredObject } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { durableLookup, type Relations, relationsOf } from "../engine/run_logic_binding.ts";
import type { Step } from "../engine/steps.ts";
import { unfitValue } from "../engine/unfit_value.ts";
import type { ValueRecord } from "../engine/value.ts";
import { bindFields, hasUnknown, type Wanted } from "../engine/wanted.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import { reuseSealedRecord } from "../trust/taint.ts";
import { isNameFree } from "./name_look.ts";
import type { RunLog } from "./run_log.ts";
import type { ProvidedType, RunWorld } from "./run_world.ts";
import { sealInputs, sealTakenOver } from "./sealed_facts.ts";
import type { StepFailure } from "./step_outcome.ts";
import { unservedType } from "./unserved_type.ts";

/**
 * What the project says of the fields that are about to be sent to the resource at `address`, bound values in place: why they
 * must not be, or `undefined`. Never opens a secret, and takes no time.
 */
export type InputRule = (address: string, fields: ValueRecord) => string | undefined;

/** What the order of a step is made of. */
export interface StepOrder {
  readonly world: RunWorld;
  readonly log: RunLog;
  /** Accounts that calls go to, by provider. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly inputRule: InputRule;
  readonly step: Step;
  readonly planned: PlannedResource;
  readonly state: ResourceState;
}

/** Works out what a step tells its resource, from what the log says now. `undefined`: nothing is left to do. */
export async function stepMessage(
  order: StepOrder,
): Promise<Result<ResourceMessage | undefined, StepFailure>> {
  const { step, state } = order;
  switch (step.operation) {
    case "create":
      return await createMessage(order, undefined);
    case "replace":
      return await createMessage(order, step.objectId);
    case "update":
      return await updateMessage(order);
    case "rebind":
      return ok(rebindMessage(order));
    case "observe": // What the read found has been recorded before the step began.
      return ok(undefined);
    case "accept":
      return await acceptMessage(order);
    case "delete":
    case "deleteDeposed":
      return deleteMessage(order);
    case "move":
      return ok(moveMessage(order));
    case "import":
      return ok(await importMessage(order));
    case "forget":
      return ok(forgetMessage(step, state.object?.id));
    case "forgetDeposed":
      return ok(
        forgetMessage(step, state.deposed.find(({ object }) => object.id === step.objectId)?.object.id),
      );
  }
}

/** Nothing to say when the log has let go of it already. */
function forgetMessage({ objectId }: Step, held: string | undefined): ResourceMessage | undefined {
  return objectId === undefined || held !== objectId ? undefined : { type: "Forget", id: objectId };
}

/** Nothing to say when the move has been made already. */
function moveMessage({ planned, log, state }: StepOrder): ResourceMessage | undefined {
  const { arrival } = planned;
  invariant(arrival?.kind === "moved", "A move says where it comes from");
  const source = log.resource(arrival.from);
  const isMade = state.object !== undefined && source.object === undefined && source.deposed.length === 0;
  return isMade ? undefined : { type: "Move", from: arrival.from };
}

async function importMessage({ world, accounts, planned }: StepOrder): Promise<ResourceMessage> {
  const { arrival } = planned;
  invariant(arrival?.kind === "imported", "An import says what it takes over");
  const { resourceType, schemaVersion, facts, inputs } = arrival;
  const { vault } = world;
  const provided = world.providers(resourceType);
  return {
    type: "Import",
    object: {
      resourceType,
      schemaVersion,
      account: accounts.get(provided?.provider.name ?? "") ?? "",
      ...await sealTakenOver(vault, facts, inputs),
    },
  };
}

async function createMessage(
  order: StepOrder,
  replaces: string | undefined,
): Promise<Result<ResourceMessage, StepFailure>> {
  const { world, log, accounts, step } = order;
  const wanted = wantedOf(order);
  const provided = world.providers(wanted.type);
  if (provided === undefined) return err(unserved(wanted.type));
  const inputs = await inputsOf(order, provided);
  if (!inputs.ok) return inputs;
  const looked = await isNameFree(world, provided, inputs.value);
  if (!looked.ok) return err({ kind: "Call", failure: looked.error });
  const nameWasFree = looked.value;
  return ok({
    type: "Create",
    intent: {
      address: step.address,
      token: randomId(world.random),
      resourceType: wanted.type,
      schemaVersion: wanted.schemaVersion,
      account: accounts.get(provided.provider.name) ?? "",
      inputs: inputs.value,
      ...relationsOf(wanted, log.state),
      deadlineMs: wanted.deadlinesMs.create,
      ...(nameWasFree === undefined ? {} : { nameWasFree }),
      ...(replaces === undefined ? {} : { replaces }),
    },
  });
}

async function updateMessage(order: StepOrder): Promise<Result<ResourceMessage | undefined, StepFailure>> {
  const { world, log, step, state } = order;
  const wanted = wantedOf(order);
  const provided = world.providers(wanted.type);
  if (provided === undefined) return err(unserved(wanted.type));
  const { object } = state;
  if (object === undefined || object.id !== step.objectId) return err(moved(order));
  const inputs = await inputsOf(order, provided);
  if (!inputs.ok) return inputs;
  if (changesNothing(order, wanted, object, inputs.value)) return ok(rebindMessage(order));
  return ok({
    type: "Update",
    intent: {
      address: step.address,
      token: randomId(world.random),
      id: object.id,
      schemaVersion: wanted.schemaVersion,
      inputs: inputs.value,
      ...relationsOf(wanted, log.state),
      deadlineMs: wanted.deadlinesMs.update,
      ...preconditionOf(object),
    },
  });
}

/** What was to change rested on values known only now, and they have turned out the same. */
function changesNothing(order: StepOrder, wanted: Wanted, object: StoredObject, inputs: JsonObject): boolean {
  const { changes } = order.planned;
  return object.schemaVersion === wanted.schemaVersion &&
    changes.every(({ after }) => after !== undefined && hasUnknown(after)) &&
    canonicalJson(inputs) === canonicalJson(object.inputs);
}

/** Nothing to say when the log has it already. */
function rebindMessage(order: StepOrder): ResourceMessage | undefined {
  const { object } = order.state;
  if (object === undefined) return undefined;
  const { schemaVersion } = wantedOf(order);
  const relations = relationsOf(wantedOf(order), order.log.state);
  if (object.schemaVersion !== schemaVersion) return { type: "Rebind", ...relations, schemaVersion };
  return canonicalRelations(relations) === canonicalRelations(object)
    ? undefined
    : { type: "Rebind", ...relations };
}

async function acceptMessage(order: StepOrder): Promise<Result<ResourceMessage | undefined, StepFailure>> {
  const { world, step, planned: { accepted, type }, state: { object } } = order;
  invariant(accepted !== undefined, "An acceptance says what it accepts");
  const provided = world.providers(type);
  if (provided === undefined) return err(unserved(type));
  if (object === undefined || object.id !== step.objectId) return err(moved(order));
  // One blob a secret: what was read and what counts as sent must stay equal.
  const seen = await reuseSealedRecord(world.vault, accepted, decodeRecord(object.fields));
  const inputs = await sealInputs(world.vault, provided.schema, seen, object);
  return ok({ type: "AcceptDrift", id: object.id, inputs });
}

function canonicalRelations({ dependencies, bindings, triggers = {}, description }: Relations): string {
  return canonicalJson({
    triggers: { ...triggers },
    dependencies: dependencies.map(({ address, incarnation }) => ({ address, incarnation })),
    bindings: bindings.map(({ path, from, source }) => ({ path, from, source })),
    description: { ...description },
  });
}

function deleteMessage(order: StepOrder): Result<ResourceMessage | undefined, StepFailure> {
  const { world, step, state } = order;
  const isLive = step.operation === "delete";
  const object = isLive
    ? state.object
    : state.deposed.find((each) => each.object.id === step.objectId)?.object;
  if (object === undefined) return ok(undefined);
  if (object.id !== step.objectId) return err(moved(order));
  const provided = world.providers(object.type);
  if (provided === undefined) return err(unserved(object.type));
  return ok({
    type: isLive ? "Delete" : "DeleteDeposed",
    intent: {
      address: step.address,
      token: randomId(world.random),
      id: object.id,
      deadlineMs: deleteDeadline(order, provided, object),
      ...preconditionOf(object),
      ...(step.isUnderDependents ? { underDependents: true } : {}),
    },
  });
}

/** What the files say of an object that they still want in its type; else the time of the type. */
function deleteDeadline({ planned }: StepOrder, { schema }: ProvidedType, object: StoredObject): number {
  const { wanted } = planned;
  return wanted?.type === object.type ? wanted.deadlinesMs.delete : schema.timeoutsMs.delete;
}

async function inputsOf(order: StepOrder, provided: ProvidedType): Promise<Result<JsonObject, StepFailure>> {
  const { world, log, state } = order;
  const bound = bindFields(wantedOf(order), durableLookup(log.state));
  if (!bound.ok) return err({ kind: "Binding", missing: bound.error });
  const unfit = unfitValue(wantedOf(order), provided.schema, bound.value);
  const refused = unfit ?? order.inputRule(order.step.address, bound.value);
  if (refused !== undefined) return err({ kind: "Call", failure: unfitFailure(refused) });
  return ok(await sealInputs(world.vault, provided.schema, bound.value, state.object));
}

function wantedOf({ planned, step }: StepOrder): Wanted {
  invariant(planned.wanted !== undefined, `The plan says what the step "${step.id}" wants`);
  return planned.wanted;
}

function preconditionOf(object: StoredObject): { readonly precondition?: string } {
  return object.precondition === undefined ? {} : { precondition: object.precondition };
}

/** Known only now: nothing was sent. */
function unfitFailure(message: string): CallFailure {
  return { kind: "InvalidConfig", retry: "never", certainty: "notDone", message };
}

function unserved(type: string): StepFailure {
  return { kind: "Call", failure: unservedType(type) };
}

function moved({ step, state }: StepOrder): StepFailure {
  const now = state.object === undefined ? "nothing" : `"${state.object.id}"`;
  const message =
    `Cannot go on with ${step.address}: the plan was made for "${step.objectId}", ${now} lives now`;
  return { kind: "Moved", message };
}
