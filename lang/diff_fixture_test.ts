import { WHOLE_SCOPE } from "../engine/plan_scope.ts";
import { deepStrictEqual, ok } from "node:assert/strict";
import { makePlan } from "../engine/make_plan.ts";
import type { FieldChange, Plan, PlannedResource } from "../engine/plan.ts";
import { PlanningWorld } from "../engine/planning_fixture_test.ts";
import type { ResourceConfig } from "../engine/resource_config.ts";
import { field, type ResourceSchema, section } from "../engine/schema.ts";
import {
  mapValue,
  record,
  requireRecord,
  SealedSecret,
  Secret,
  someValue,
  type Value,
  type ValueRecord,
} from "../engine/value.ts";
import { encodeRecord } from "../engine/value_codec.ts";
import { stepsOf } from "../engine/plan_steps.ts";
import { wantResource } from "../engine/want.ts";
import { storedBindings, storedDependencies, type Wanted } from "../engine/wanted.ts";
import { expandExample, outcome, valueText } from "./expand_example.ts";
import type { DiffExample } from "./language_case.ts";

/** Plans of the table of cases, made by the engine's planner over a log that holds what an example says lives. */

/** What an apply of the example's file would do; where something is replaced, the steps in their order too. */
export function diffLines(example: DiffExample): readonly string[] {
  const { desired, diagnostics } = expandExample([example.source]);
  if (diagnostics.length > 0) return outcome([example.source]);
  const stored = new Map(
    Object.entries(example.state).map(([address, each]) =>
      [address, { type: each.type, fields: sealed(bodyFields(each.body)) }] as const
    ),
  );
  const wanted = new Map(
    desired.resources.map((config) =>
      [config.address, wantStored(config, stored.get(config.address)?.fields ?? record())] as const
    ),
  );
  const world = logOf(stored, wanted);
  const plan = makePlanOver(world, wanted);
  const isReplacing = plan.resources.some((each) => each.action === "replace");
  return [...plan.resources.map(plannedLine), ...(isReplacing ? stepLines(plan, world) : [])];
}

/** The steps in an order that keeps what must come before what. */
function stepLines(plan: Plan, { view }: PlanningWorld): readonly string[] {
  let waiting = stepsOf(plan, view);
  const lines: string[] = [];
  while (waiting.length > 0) {
    const left = new Set(waiting.map((each) => each.id));
    const ready = waiting.filter((step) => !step.after.some((id) => left.has(id)));
    ok(ready.length > 0, "some step can start");
    lines.push(...ready.map(({ operation, address }) => `step ${operation} ${address}`));
    waiting = waiting.filter((step) => !ready.includes(step));
  }
  return lines;
}

/** One that lives before the plan. */
interface StoredFields {
  readonly type: string;
  readonly fields: ValueRecord;
}

function makePlanOver(world: PlanningWorld, wanted: ReadonlyMap<string, Wanted>): Plan {
  return makePlan({
    command: "apply",
    environment: "test",
    stream: "stream",
    madeOn: { seq: 1, hash: "" },
    state: world.view,
    before: world.view,
    arrivals: new Map(),
    refusals: [],
    removed: new Set(),
    scope: WHOLE_SCOPE,
    replaces: new Set(),
    deadRuns: new Set(),
    wanted,
    surveyed: new Map(),
    ignored: new Map(),
    schemas: openSchema,
    reads: new Map(),
    outputs: [],
  });
}

/** A log in which one run has made each resource, in order, with the needs that the file gives it now. */
function logOf(
  stored: ReadonlyMap<string, StoredFields>,
  wanted: ReadonlyMap<string, Wanted>,
): PlanningWorld {
  const world = new PlanningWorld();
  const writes = [...stored.keys()];
  const started = { command: "apply", host: "h", who: "w", ttlMs: 1, writes, reads: [] } as const;
  world.append("run", [{ type: "RunStarted", run: "run", ...started }]);
  for (const [address, { type, fields }] of stored) {
    const count = writes.indexOf(address) + 1;
    const inputs = encodeRecord(fields);
    const now = wanted.get(address);
    world.append("run", [{
      type: "CreateStarted",
      address,
      token: `token-${count}`,
      resourceType: type,
      schemaVersion: 1,
      account: "me",
      deadlineMs: 1,
      inputs,
      dependencies: now === undefined ? [] : storedDependencies(now, () => 1),
      bindings: now === undefined ? [] : storedBindings(now),
      description: now?.description ?? {},
    }]);
    const made = { id: `id-${count}`, fields: inputs, outputs: {} };
    world.append("run", [{ type: "CreateSucceeded", address, token: `token-${count}`, ...made }]);
  }
  world.append("run", [{ type: "RunFinished", outcome: "succeeded" }]);
  return world;
}

/** Takes any field; `net_id`, a reference, has its place in the section `conf`. */
function openSchema(type: string): ResourceSchema {
  const text = { kind: "string" } as const;
  return {
    type,
    summary: "Anything",
    version: 1,
    sections: [
      { name: "", summary: "Body", open: true, fields: [] },
      section("conf", "Settings", [field("net_id", text, "A network"), field("size", text, "Size")]),
    ],
    outputs: [],
    world: {
      marker: "token",
      uniqueName: undefined,
      settleMs: 0,
      tokenLifetimeMs: 0,
      preconditions: false,
      inProcess: false,
    },
    timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
    importId: undefined,
    sbomKind: "data",
  };
}

function bodyFields(body: string): ValueRecord {
  const { desired, diagnostics } = expandExample([`resource stored "s" : m.t.S { ${body} }`]);
  deepStrictEqual(diagnostics, []);
  return desired.resources[0]?.fields ?? record();
}

/** Each secret as the log holds it; the digest stands for its text. */
function sealed(fields: ValueRecord): ValueRecord {
  return requireRecord(mapValue(fields, (leaf) => leaf instanceof Secret ? sealedSecret(leaf) : leaf));
}

function sealedSecret(secret: Secret): SealedSecret {
  return new SealedSecret("blob/data", `digest of ${valueText(Secret.open(secret))}`);
}

/** What is wanted, with the stored secret in the place of one that has its digest. */
function wantStored(config: ResourceConfig, stored: ValueRecord): Wanted {
  const wanted = wantResource(config, openSchema(config.type));
  const fields = mapValue(wanted.fields, (leaf) => {
    if (!(leaf instanceof Secret)) return leaf;
    const same = sealedSecret(leaf);
    return holdsDigest(stored, same.digest) ? same : leaf;
  });
  return { ...wanted, fields: requireRecord(fields) };
}

function holdsDigest(stored: ValueRecord, digest: string): boolean {
  return someValue(stored, (part) => part instanceof SealedSecret && part.digest === digest);
}

function plannedLine({ address, action, tier, type, changes, reasons }: PlannedResource): string {
  const shown = [...changes.map(changeText), ...reasons].join("; ");
  return `tier ${tier}: ${action} ${address} : ${type}${shown === "" ? "" : ` [${shown}]`}`;
}

function changeText({ path, before, after }: FieldChange): string {
  if (before === undefined) return `add ${path} ${after === undefined ? "" : shownText(after)}`;
  if (after === undefined) return `remove ${path} ${shownText(before)}`;
  return `modify ${path} ${shownText(before)} -> ${shownText(after)}`;
}

/** A value as a plan shows it. */
function shownText(value: Value): string {
  return value instanceof Secret || value instanceof SealedSecret ? "(sensitive)" : valueText(value);
}
