import { checkReplanned } from "./replanned_fixture_test.ts";
import { type PlanScope, WHOLE_SCOPE } from "./plan_scope.ts";
import { deepStrictEqual, ok } from "node:assert/strict";
import { storedAddress } from "./address.ts";
import { admit } from "./admit.ts";
import { canonicalJson } from "./canonical_json.ts";
import { durableView, Environment, type EnvironmentView } from "./environment.ts";
import type { Event } from "./event.ts";
import { evolveEnvironment, noteRecord } from "./evolve_environment.ts";
import { type DriftReport, findDrift } from "./find_drift.ts";
import { makePlan, type PlanInput, type ReadResult } from "./make_plan.ts";
import { objectOutput } from "./object_output.ts";
import type { LiveFacts, Plan, PlannedResource } from "./plan.ts";
import { storedFacts } from "./plan_lookup.ts";
import type { RecordInput } from "./plan_record.ts";
import { stepsOf } from "./plan_steps.ts";
import type { Annotations, Need, NeedSource, ResourceConfig } from "./resource_config.ts";
import type { ObjectFacts } from "./resource_event.ts";
import { absentResource, type ResourceState } from "./resource_state.ts";
import { err, ok as success } from "./result.ts";
import { claimsOf, movedSince } from "./run_logic_claims.ts";
import { field, type ResourceSchema, section } from "./schema.ts";
import type { Step } from "./steps.ts";
import { isRecord, record, Unknown, type Value, type ValueRecord } from "./value.ts";
import { decodeRecord, encodeRecord } from "./value_codec.ts";
import { wantResource } from "./want.ts";
import {
  bindFields,
  hasUnknown,
  type SourceLookup,
  storedBindings,
  storedDependencies,
  type Wanted,
} from "./wanted.ts";

/** What tests of planning share: types, resources as files give them, and a small world in which plans are carried out. */

const TEXT = { kind: "string" } as const;
const TIMEOUTS = { create: 1_000, update: 1_000, delete: 1_000, read: 1_000 };
const WORLD = {
  marker: "token",
  uniqueName: undefined,
  settleMs: 0,
  tokenLifetimeMs: 0,
  preconditions: false,
  inProcess: false,
} as const;

const LABEL = field("label", { kind: "any" }, "Changes in place");
const KIND = field("kind", { kind: "any" }, "Cannot change in place", { immutable: true });

/** A type with a field and an output of each sort. */
const NET: ResourceSchema = {
  type: "t.Net",
  summary: "A thing in a world",
  version: 1,
  sections: [
    section("", "Body", [
      LABEL,
      KIND,
      field("zone", TEXT, "The provider's choice unless set", { computed: true, immutable: true }),
      field("size", TEXT, "The provider's choice unless set", { computed: true }),
      field("password", TEXT, "Never read back", { writeOnly: true }),
      field("peer", { kind: "ref", target: "t.Net" }, "Another of the same type"),
      field("parent", TEXT, "Another of any type"),
      field("home", TEXT, "Another of any type, for good", { immutable: true }),
      field("members", { kind: "list", element: TEXT }, "Others"),
    ]),
    section("extra", "More", [
      field("note", TEXT, "Note"),
      field("mode", TEXT, "Mode", { defaultValue: "slow" }),
    ]),
  ],
  outputs: [
    field("arn", TEXT, "Lasts", { immutable: true }),
    field("revision", TEXT, "Changes with each update"),
  ],
  world: WORLD,
  timeoutsMs: TIMEOUTS,
  importId: undefined,
  sbomKind: "data",
};

/** A type whose name is unique in its world. */
const BUCKET: ResourceSchema = {
  ...NET,
  type: "t.Bucket",
  sections: [
    section("", "Body", [field("name", TEXT, "Unique", { immutable: true, required: true }), LABEL, KIND]),
  ],
  world: { ...WORLD, marker: "name", uniqueName: { section: "", field: "name" } },
};

/** A type without a world, whose inputs come back as outputs. */
const DATA: ResourceSchema = {
  ...NET,
  type: "t.Data",
  sections: [section("", "Body", [KIND]), { name: "input", summary: "Free", open: true, fields: [] }],
  outputs: [],
  echoes: "input",
  world: undefined,
};

const SCHEMAS: ReadonlyMap<string, ResourceSchema> = new Map(
  [NET, BUCKET, DATA].map((each) => [each.type, each]),
);

/** The schema of a type of the tests. */
export function testSchema(type: string): ResourceSchema | undefined {
  return SCHEMAS.get(type);
}

/** Plain data as a value: objects become records. */
export interface Plain {
  readonly [key: string]: Value;
}

/** What a resource of the files says, as far as a test cares. */
export interface ResourceSketch extends Partial<Annotations> {
  readonly type?: string;
  readonly fields?: Plain;
  readonly needs?: readonly Need[];
}

const ORIGIN = { file: "test.smelt", line: 1, column: 1 };

/** A resource as the files want it. */
export function wantedConfig(address: string, sketch: ResourceSketch = {}): ResourceConfig {
  const { type = "t.Net", fields = {}, needs = [], ...annotations } = sketch;
  const made = record(Object.entries(fields));
  return {
    address: storedAddress(address),
    parts: { kind: "t", name: address },
    type,
    fields: made,
    sections: Object.keys(made).filter((name) => isRecord(made[name])),
    needs,
    triggers: [],
    annotations: {
      intent: undefined,
      owner: undefined,
      constraints: [],
      lifecycle: [],
      isProtected: false,
      isRetained: false,
      ignoreChanges: [],
      replaceTriggeredBy: [],
      timeoutsMs: {},
      ...annotations,
    },
    origin: ORIGIN,
    fieldOrigins: new Map(),
  };
}

/** `needs TARGET[.OUTPUT] -> FIELD`, or the bare `needs TARGET`: `order` for the output, and no field. */
export function need(target: string | readonly string[], output: string, to?: string): Need {
  const source: NeedSource = output === "order" || output === "id"
    ? { kind: output }
    : { kind: "output", name: output };
  const [section, name] = to?.includes(".") ? to.split(".") : ["", to];
  return {
    targets: [target].flat().map(storedAddress),
    many: typeof target !== "string",
    source,
    binding: name === undefined ? undefined : { kind: "path", path: { section: section ?? "", field: name } },
    origin: ORIGIN,
  };
}

/** Makes an object value of plain data. */
export function plain(fields: Plain): ValueRecord {
  return record(Object.entries(fields));
}

/** An object of the fake provider's world. */
export interface WorldObject {
  readonly type: string;
  readonly fields: ValueRecord;
  readonly outputs: ValueRecord;
}

/** What a plan is asked for in tests. */
export interface PlanQuestion {
  readonly command?: Plan["command"];
  /** What reads found; left out, every object is read from the world. */
  readonly reads?: ReadonlyMap<string, ReadResult>;
  readonly outputs?: readonly { readonly name: string; readonly address: string; readonly path: string }[];
  readonly schemas?: (type: string) => ResourceSchema | undefined;
  readonly deadRuns?: ReadonlySet<string>;
  readonly scope?: PlanScope;
}

/** How far a run goes, and which of the steps that could start goes next. */
export interface RunLimits {
  readonly stepLimit?: number;
  readonly choose?: (count: number) => number;
}

/**
 * The log of one environment and the world of a fake provider, which echoes fields and invents ids and outputs. Whatever is
 * appended must be admitted.
 */
export class PlanningWorld {
  readonly objects = new Map<string, WorldObject>();
  readonly view: EnvironmentView;
  readonly #environment = new Environment();
  #recordCount = 0;
  #nameCount = 0;

  constructor() {
    this.view = durableView(this.#environment);
    const roles = ["admin", "apply"] as const;
    const key = { id: "key", name: "tester", roles, algorithm: "Ed25519", publicKey: "" } as const;
    const names = { project: "p", environment: "test", nonce: "n", dataKey: "data", digestKey: "digest" };
    this.append("genesis", [{ type: "EnvironmentOpened", keys: [key], ...names }]);
  }

  /** Appends events that must be admitted, one record. */
  append(run: string, events: readonly Event[]): void {
    const context = { run, keyId: "key", seq: ++this.#recordCount, at: "2026-01-01T00:00:00Z" };
    for (const event of events) {
      deepStrictEqual(
        admit(this.#environment, event, { ...context, decidedOn: new Map() }),
        undefined,
        event.type,
      );
      evolveEnvironment(this.#environment, event, context);
    }
    noteRecord(this.#environment, context);
    this.#environment.commit();
  }

  state(address: string): ResourceState {
    return this.view.resources.get(address) ?? absentResource(address);
  }

  /** What reading every stored object finds. */
  reads(): ReadonlyMap<string, ReadResult> {
    const reads = new Map<string, ReadResult>();
    for (const { address, object, intent } of this.view.resources.values()) {
      if (object === undefined || intent !== undefined || testSchema(object.type)?.world === undefined) {
        continue;
      }
      const found = this.objects.get(object.id);
      reads.set(
        address,
        found === undefined ? { kind: "gone" } : { kind: "found", facts: liveFacts(object.id, found) },
      );
    }
    return reads;
  }

  plan(configs: readonly ResourceConfig[], question: PlanQuestion = {}): Plan {
    const wanted = new Map<string, Wanted>();
    for (const config of configs) {
      const schema = question.schemas?.(config.type) ?? testSchema(config.type);
      ok(schema !== undefined);
      wanted.set(config.address, wantResource(config, schema));
    }
    const input: PlanInput = {
      command: question.command ?? "apply",
      environment: "test",
      stream: "stream",
      madeOn: { seq: this.#recordCount, hash: "" },
      state: this.view,
      before: this.view,
      arrivals: new Map(),
      refusals: [],
      removed: new Set(),
      scope: question.scope ?? WHOLE_SCOPE,
      replaces: new Set(),
      deadRuns: question.deadRuns ?? new Set(),
      wanted,
      surveyed: new Map(),
      ignored: new Map(configs.map((each) => [each.address, each.annotations.ignoreChanges])),
      schemas: question.schemas ?? testSchema,
      reads: question.reads ?? this.reads(),
      outputs: question.outputs ?? [],
    };
    const plan = makePlan(input);
    checkReplanned(input, plan);
    return plan;
  }

  /** What plans are made of that rest on no file: the log, and what reading every stored object finds. */
  storedInput(): RecordInput {
    return {
      command: "apply",
      environment: "test",
      stream: "stream",
      madeOn: { seq: this.#recordCount, hash: "" },
      state: this.view,
      deadRuns: new Set(),
      scope: WHOLE_SCOPE,
      replaces: new Set(),
      refusals: [],
      surveyed: new Map(),
      schemas: testSchema,
      reads: this.reads(),
    };
  }

  /** The state as it is now, whatever is appended later. */
  snapshot(): EnvironmentView {
    return { ...this.view, resources: new Map(this.view.resources) };
  }

  /** What was found of every stored object; `configs` are what the files say. */
  drift(configs: readonly ResourceConfig[] = []): DriftReport {
    const bound = new Map(this.plan(configs).resources.map((each) => [each.address, each.bound]));
    return findDrift({ ...this.storedInput(), wanted: (address) => bound.get(address) });
  }

  /** Starts a run that claims what `plan` needs; the caller goes on with it. */
  start(plan: Plan): string {
    const run = this.#name("run");
    const claims = claimsOf(plan, this.view);
    this.append(run, [{
      type: "RunStarted",
      run,
      command: plan.command,
      host: "h",
      who: "w",
      ttlMs: 1,
      ...claims,
    }]);
    deepStrictEqual(movedSince(plan, this.view), []);
    return run;
  }

  /** Carries out a plan, or the first steps of it, and returns the ids of the steps in the order they were taken. */
  apply(plan: Plan, { stepLimit = Infinity, choose = () => 0 }: RunLimits = {}): readonly string[] {
    const run = this.start(plan);
    const planned = new Map(plan.resources.map((each) => [each.address, each]));
    let waiting = stepsOf(plan, this.view);
    const done: string[] = [];
    while (waiting.length > 0 && done.length < stepLimit) {
      const ready = waiting.filter((step) => step.after.every((id) => done.includes(id)));
      const step = ready[choose(ready.length)];
      const resource = planned.get(step?.address ?? "");
      ok(step !== undefined && resource !== undefined, "some step can start");
      this.#take(run, step, resource);
      done.push(step.id);
      waiting = waiting.filter((each) => each !== step);
    }
    this.append(run, [{ type: "RunFinished", outcome: waiting.length === 0 ? "succeeded" : "partial" }]);
    return done;
  }

  /** Plans and applies. */
  bring(configs: readonly ResourceConfig[], limits: RunLimits = {}): readonly string[] {
    return this.apply(this.plan(configs), limits);
  }

  /** Changes an object behind smelt's back. */
  tamper(address: string, change: { readonly fields?: Plain; readonly outputs?: Plain } | "remove"): void {
    const id = this.state(address).object?.id ?? "";
    const object = this.objects.get(id);
    ok(object !== undefined, `${address} lives`);
    if (change === "remove") this.objects.delete(id);
    else {
      const fields = plain({ ...object.fields, ...change.fields });
      this.objects.set(id, { ...object, fields, outputs: plain({ ...object.outputs, ...change.outputs }) });
    }
  }

  #take(run: string, step: Step, planned: PlannedResource): void {
    const { drift, version } = planned;
    const state = this.state(step.address);
    if (drift !== undefined && state.version === version) {
      const found = drift.found === null ? null : encodedFacts(drift.found);
      this.append(run, [{ type: "Observed", address: step.address, id: drift.id, found }]);
    }
    this.#carryOut(run, step, planned);
    const isGoing = ["delete", "deleteDeposed", "forgetDeposed"].includes(step.operation);
    const isProtected = planned.wanted?.isProtected;
    if (isGoing || isProtected === undefined || isProtected === this.state(step.address).isProtected) return;
    this.append(run, [{ type: isProtected ? "Protected" : "Unprotected", address: step.address }]);
  }

  #carryOut(run: string, step: Step, planned: PlannedResource): void {
    const { address } = step;
    const { object } = this.state(address);
    switch (step.operation) {
      case "create":
      case "replace":
        return this.#create(run, step, planned);
      case "update":
        return this.#update(run, step, planned);
      case "rebind": {
        const schemaVersion = planned.wanted?.schemaVersion ?? 1;
        return this.append(run, [{ type: "Rebound", address, schemaVersion, ...this.#relations(planned) }]);
      }
      case "delete":
      case "deleteDeposed":
        return this.#delete(run, step);
      case "observe":
        return;
      case "accept": {
        const { accepted, objectId: id = "" } = planned;
        ok(accepted !== undefined);
        return this.append(run, [{ type: "DriftAccepted", address, id, inputs: encodeRecord(accepted) }]);
      }
      case "forget":
        if (object === undefined) return;
        this.objects.delete(object.id); // What is forgotten is of this world no more.
        return this.append(run, [{ type: "Forgotten", address, id: object.id }]);
      case "forgetDeposed":
        if (step.objectId === undefined) return;
        this.objects.delete(step.objectId);
        return this.append(run, [{ type: "Forgotten", address, id: step.objectId }]);
    }
  }

  #create(run: string, step: Step, planned: PlannedResource): void {
    const { address } = step;
    const fields = this.#sent(planned);
    const token = this.#name("token");
    const id = this.#name("object");
    const resourceType = planned.type;
    const made = provide(id, resourceType, fields, "v1");
    for (const other of this.objects.values()) {
      const name = made.fields["name"];
      ok(
        resourceType !== "t.Bucket" || other.type !== resourceType || other.fields["name"] !== name,
        "unique name",
      );
    }
    this.objects.set(id, made);
    this.append(run, [
      {
        type: "CreateStarted",
        address,
        token,
        resourceType,
        schemaVersion: planned.wanted?.schemaVersion ?? 1,
        account: "me",
        deadlineMs: 1,
        inputs: encodeRecord(fields),
        ...this.#relations(planned),
        ...(step.operation === "replace" ? { replaces: step.objectId ?? "" } : {}),
      },
      { type: "CreateSucceeded", address, token, ...encodedFacts(liveFacts(id, made)) },
    ]);
  }

  #update(run: string, step: Step, planned: PlannedResource): void {
    const { address } = step;
    const { object } = this.state(address);
    ok(object !== undefined && object.id === step.objectId);
    const fields = this.#sent(planned);
    const inputs = encodeRecord(fields);
    const isUnknown = planned.changes.every(({ after }) => after !== undefined && hasUnknown(after));
    if (isUnknown && canonicalJson(inputs) === canonicalJson(object.inputs)) {
      return this.append(run, [{ type: "Rebound", address, ...this.#relations(planned) }]);
    }
    const token = this.#name("token");
    const made = provide(object.id, object.type, fields, token);
    const before = this.objects.get(object.id);
    const kept = {
      ...made,
      fields: plain({ ...made.fields, zone: before?.fields["zone"] ?? made.fields["zone"] ?? null }),
    };
    const updated = object.type === "t.Net" ? kept : made;
    this.objects.set(object.id, updated);
    this.append(run, [
      {
        type: "UpdateStarted",
        address,
        token,
        id: object.id,
        schemaVersion: planned.wanted?.schemaVersion ?? 1,
        deadlineMs: 1,
        inputs,
        ...this.#relations(planned),
      },
      { type: "UpdateSucceeded", address, token, ...encodedFacts(liveFacts(object.id, updated)) },
    ]);
  }

  #delete(run: string, { address, operation, objectId, isUnderDependents }: Step): void {
    const state = this.state(address);
    const isThere = operation === "delete"
      ? state.object?.id === objectId
      : state.deposed.some((each) => each.object.id === objectId);
    ok(isThere && objectId !== undefined, `${address} holds ${objectId}`);
    const token = this.#name("token");
    const flag = isUnderDependents ? { underDependents: true } as const : {};
    this.append(run, [{ type: "DeleteStarted", address, token, id: objectId, deadlineMs: 1, ...flag }]);
    this.objects.delete(objectId);
    this.append(run, [{ type: "DeleteSucceeded", address, token, id: objectId }]);
  }

  /** What the run sends, which must be what the plan told wherever the plan knew it. */
  #sent(planned: PlannedResource): ValueRecord {
    ok(planned.wanted !== undefined && planned.bound !== undefined);
    const fields = bindFields(planned.wanted, loggedValues(this.view));
    ok(fields.ok, `${planned.address} finds what it relies on`);
    ok(!hasUnknown(fields.value), "everything is known when it is sent");
    deepStrictEqual(knownAs(fields.value, planned.bound), planned.bound);
    return fields.value;
  }

  #relations({ wanted }: PlannedResource) {
    ok(wanted !== undefined);
    const incarnationOf = (address: string) => this.state(address).object?.incarnation ?? 0;
    return {
      dependencies: storedDependencies(wanted, incarnationOf),
      bindings: storedBindings(wanted),
      description: wanted.description,
    };
  }

  #name(kind: string): string {
    return `${kind}-${++this.#nameCount}`;
  }
}

/** What the log says that a source gives. */
export function loggedValues(view: EnvironmentView): SourceLookup {
  return (source) => {
    const object = view.resources.get(source.address)?.object;
    const value = object === undefined ? undefined : objectOutput(storedFacts(object), source.output);
    return value === undefined ? err({ kind: "MissingOutput", source, available: [] }) : success(value);
  };
}

/** `sent` with unknowns where `planned` has them. */
function knownAs(sent: Value | undefined, planned: Value): Value {
  if (planned instanceof Unknown) return planned;
  if (Array.isArray(planned) && Array.isArray(sent) && !planned.some((part) => part instanceof Unknown)) {
    return sent.map((part, index) => knownAs(part, planned[index] ?? null));
  }
  if (Array.isArray(planned) && hasUnknown(planned)) return planned; // A source that gives a list gives its elements.
  if (isRecord(planned) && isRecord(sent)) {
    return record(
      Object.entries(sent).map(([key, part]) => [key, knownAs(part, planned[key] ?? null)] as const),
    );
  }
  return sent ?? null;
}

function provide(id: string, type: string, fields: ValueRecord, revision: string): WorldObject {
  const input = fields["input"];
  if (type === "t.Data") return { type, fields, outputs: isRecord(input) ? input : record() };
  const told = new Map(Object.entries(fields));
  told.delete("password");
  if (type === "t.Net") {
    for (const name of ["zone", "size"]) {
      told.set(name, fields[name] ?? `any ${name}`);
    }
  }
  return { type, fields: record(told), outputs: plain({ arn: `arn:${id}`, revision: `${id}@${revision}` }) };
}

function liveFacts(id: string, { fields, outputs }: WorldObject): LiveFacts {
  return { id, fields, outputs, precondition: undefined };
}

function encodedFacts({ id, fields, outputs }: LiveFacts): ObjectFacts {
  return { id, fields: encodeRecord(fields), outputs: encodeRecord(outputs) };
}

/** The fields that were sent last to what lives under an address. */
export function sentFields(world: PlanningWorld, address: string): ValueRecord {
  const { object } = world.state(address);
  ok(object !== undefined, `${address} lives`);
  return decodeRecord(object.inputs);
}

/** What a plan does, a line a resource that it touches: `action address`. */
export function actionsOf(plan: Plan): readonly string[] {
  return plan.resources.flatMap(({ action, address, deposed, retained }) => [
    ...(action === "none" ? [] : [`${action} ${address}`]),
    ...deposed.map((id) => `deleteDeposed ${address} ${id}`),
    ...retained.map((id) => `forgetDeposed ${address} ${id}`),
  ]);
}
