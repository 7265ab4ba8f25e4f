import { type AdmissionContext, admit, type Refusal } from "./admit.ts";
import { durableView, Environment, type EnvironmentView } from "./environment.ts";
import type { EnvironmentOpened, KeyRole, RunStarted, TrustedKey } from "./environment_event.ts";
import type { Event } from "./event.ts";
import { evolveEnvironment, noteRecord } from "./evolve_environment.ts";
import { invariant } from "./invariant.ts";
import type {
  CreateStarted,
  CreateSucceeded,
  DeleteStarted,
  Imported,
  ObjectFacts,
  OutcomeResolved,
  UpdateStarted,
} from "./resource_event.ts";
import { absentResource, type ResourceState } from "./resource_state.ts";

/** Support of the tests of admission and of the fold: histories in few words. */

export const KEY = "k1";
export const RUN = "r1";

/** Who appends what follows; a history is a list of events and of changes of who. */
export interface As {
  readonly run?: string;
  readonly key?: string;
}

export type Step = Event | { readonly as: As };

/** A history that was admitted, step by step. */
export interface Given {
  readonly environment: Environment;
  /** Asks whether `event` may be appended now, by `who`, decided on these versions. */
  when(event: Event, who?: As, decidedOn?: Readonly<Record<string, number>>): Refusal | undefined;
  resource(address: string): ResourceState;
}

/** Folds a history into an environment that is open and has one live run; each event must be admissible. */
export function given(...steps: readonly Step[]): Given {
  const environment = new Environment();
  let who: As = {};
  let seq = 0;
  for (const step of [opened(), runStarted(), ...steps]) {
    if ("as" in step) {
      who = step.as;
      continue;
    }
    seq += 1;
    const refusal = admit(environment, step, context(who));
    invariant(refusal === undefined, `${step.type} is not admissible: ${JSON.stringify(refusal)}`);
    fold(environment, step, who, seq);
  }
  return {
    environment,
    when: (event, by = {}, decidedOn = {}) =>
      admit(environment, event, { ...context(by), decidedOn: new Map(Object.entries(decidedOn)) }),
    resource: (address) => environment.resources.durable.get(address) ?? absentResource(address),
  };
}

/** Folds one event as a record of its own. */
export function fold(environment: Environment, event: Event, who: As, seq: number): void {
  const record = { seq, at: `at ${seq}`, run: who.run ?? RUN, keyId: who.key ?? KEY };
  evolveEnvironment(environment, event, record);
  noteRecord(environment, record);
  environment.commit();
}

function context(who: As): AdmissionContext {
  return { run: who.run ?? RUN, keyId: who.key ?? KEY, decidedOn: new Map() };
}

export function trustedKey(id: string, roles: readonly KeyRole[] = ["admin", "apply"]): TrustedKey {
  return { id, name: id, roles, algorithm: "Ed25519", publicKey: `public ${id}` };
}

export function opened(keys: readonly TrustedKey[] = [trustedKey(KEY)]): EnvironmentOpened {
  const names = { project: "shop", environment: "dev", nonce: "n" };
  return { type: "EnvironmentOpened", ...names, keys, dataKey: "d1", digestKey: "g1" };
}

export function runStarted(
  run: string = RUN,
  writes: readonly string[] = ["a.x", "a.y"],
  reads: readonly string[] = [],
): RunStarted {
  return { type: "RunStarted", run, command: "apply", writes, reads, host: "h", who: "w", ttlMs: 30_000 };
}

export function createStarted(
  address: string,
  token: string,
  rest: Partial<CreateStarted> = {},
): CreateStarted {
  return {
    type: "CreateStarted",
    address,
    token,
    resourceType: "sim.Disk",
    schemaVersion: 1,
    account: "1",
    inputs: { size: 1 },
    dependencies: [],
    bindings: [],
    description: {},
    deadlineMs: 1_000,
    ...rest,
  };
}

export function facts(id: string): ObjectFacts {
  return { id, fields: { size: 1 }, outputs: { url: id } };
}

export function createSucceeded(address: string, token: string, id: string): CreateSucceeded {
  return { type: "CreateSucceeded", address, token, ...facts(id) };
}

export function updateStarted(
  address: string,
  token: string,
  id: string,
  rest: Partial<UpdateStarted> = {},
): UpdateStarted {
  const { account: _account, resourceType: _type, ...wanted } = createStarted(address, token);
  return { ...wanted, type: "UpdateStarted", id, inputs: { size: 2 }, ...rest };
}

export function deleteStarted(address: string, token: string, id: string): DeleteStarted {
  return { type: "DeleteStarted", address, token, id, deadlineMs: 1_000 };
}

export function resolved(
  address: string,
  token: string,
  outcome: OutcomeResolved["outcome"],
  found?: ObjectFacts,
): OutcomeResolved {
  const event = { type: "OutcomeResolved", address, token, outcome, evidence: "token" } as const;
  return found === undefined ? event : { ...event, found };
}

export function imported(address: string, id: string): Imported {
  const type = { resourceType: "sim.Disk", schemaVersion: 1, account: "1" };
  return { type: "Imported", address, ...facts(id), ...type, inputs: { size: 1 } };
}

/** A resource that was created. */
export function live(address: string, id: string, rest: Partial<CreateStarted> = {}): readonly Event[] {
  return [createStarted(address, `make ${id}`, rest), createSucceeded(address, `make ${id}`, id)];
}

/** All that is durable in an environment, in maps and sets that can be compared. */
export function seenIn(environment: Environment): EnvironmentView {
  const view = durableView(environment);
  return { ...view, owners: new Map(view.owners), dependents: new Map(view.dependents) };
}
