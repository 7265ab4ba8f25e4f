import { WHOLE_SCOPE } from "../../engine/plan_scope.ts";
import { makePlan, type ReadResult } from "../../engine/make_plan.ts";
import type { Plan } from "../../engine/plan.ts";
import { stepsOf } from "../../engine/plan_steps.ts";
import type { RunOrder } from "../../actors/engine_run.ts";
import { record, type Value } from "../../engine/value.ts";
import type { Wanted, WantedBinding } from "../../engine/wanted.ts";
import type { Journal } from "../../store/journal_port.ts";
import { TOY_DEADLINE_MS, TOY_SCHEMAS } from "./toy_schema.ts";

/** A resource as a test writes it. */
export interface ToyResource {
  readonly type: string;
  readonly fields?: Readonly<Record<string, Value>>;
  /** Fields that other resources give: `address.output`, split at the last dot. */
  readonly needs?: Readonly<Record<string, string>>;
  readonly isProtected?: boolean;
  /** Where they differ from the usual. */
  readonly deadlinesMs?: Partial<Wanted["deadlinesMs"]>;
}

/** By address. */
export type ToyStack = Readonly<Record<string, ToyResource>>;

/** Plans `stack` on what the log says now. */
export function planToys(
  journal: Journal,
  stack: ToyStack,
  reads: ReadonlyMap<string, ReadResult> = new Map(),
  command: Plan["command"] = "apply",
): RunOrder {
  const plan = makePlan({
    command,
    environment: journal.environment,
    stream: journal.stream,
    madeOn: journal.head,
    state: journal.state,
    before: journal.state,
    arrivals: new Map(),
    removed: new Set(),
    scope: WHOLE_SCOPE,
    replaces: new Set(),
    wanted: new Map(Object.entries(stack).map(([address, each]) => [address, wantToy(each)])),
    ignored: new Map(),
    schemas: (type) => TOY_SCHEMAS.find((each) => each.type === type),
    reads,
    deadRuns: new Set(),
    outputs: [],
  });
  return {
    plan,
    steps: stepsOf(plan, journal.state),
    command,
    planDigest: undefined,
    resumes: undefined,
    inputRule: () => undefined,
  };
}

function wantToy(
  { type, fields = {}, needs = {}, isProtected = false, deadlinesMs = {} }: ToyResource,
): Wanted {
  const bindings = Object.entries(needs).map(([name, need]): WantedBinding => {
    const dot = need.lastIndexOf(".");
    const source = { address: need.slice(0, dot), output: need.slice(dot + 1) };
    return { path: { section: "", field: name }, sources: [source], shape: "single" };
  });
  return {
    type,
    schemaVersion: 1,
    fields: record(Object.entries(fields)),
    bindings,
    triggers: [],
    dependencies: [...new Set(bindings.flatMap((each) => each.sources.map((source) => source.address)))]
      .sort(),
    description: {},
    isProtected,
    deadlinesMs: {
      create: TOY_DEADLINE_MS,
      update: TOY_DEADLINE_MS,
      delete: TOY_DEADLINE_MS,
      ...deadlinesMs,
    },
  };
}
