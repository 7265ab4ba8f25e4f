import { WHOLE_SCOPE } from "../../engine/plan_scope.ts";
import type { Arrived } from "../../engine/arrivals.ts";
import { makePlan, type ReadResult } from "../../engine/make_plan.ts";
import type { Plan } from "../../engine/plan.ts";
import { stepsOf } from "../../engine/plan_steps.ts";
import type { RunOrder } from "../../actors/engine_run.ts";
import { record, type Value } from "../../engine/value.ts";
import type { BindingSource, Wanted, WantedBinding } from "../../engine/wanted.ts";
import type { Journal } from "../../store/journal_port.ts";
import { TOY_DEADLINE_MS, TOY_SCHEMAS } from "./toy_schema.ts";

/** A resource as a test writes it. */
export interface ToyResource {
  readonly type: string;
  readonly fields?: Readonly<Record<string, Value>>;
  /** Fields that other resources give: `address.output`, split at the last dot. */
  readonly needs?: Readonly<Record<string, string>>;
  /** Outputs of others whose change replaces it, written alike. */
  readonly triggers?: readonly string[];
  readonly isProtected?: boolean;
  /** Where they differ from the usual. */
  readonly deadlinesMs?: Partial<Wanted["deadlinesMs"]>;
}

/** What is wanted, and what is known of what lives. */
export interface ToyWish {
  readonly stack: ToyStack;
  readonly reads?: ReadonlyMap<string, ReadResult>;
  readonly command?: Plan["command"];
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
  return planArrived(journal, { state: journal.state, arrivals: new Map() }, { stack, reads, command });
}

/** The same, after what comes to addresses has come. */
export function planArrived(
  journal: Journal,
  { state, arrivals }: Arrived,
  { stack, reads = new Map(), command = "apply" }: ToyWish,
): RunOrder {
  const plan = makePlan({
    command,
    environment: journal.environment,
    stream: journal.stream,
    madeOn: journal.head,
    state,
    before: journal.state,
    arrivals,
    refusals: [],
    removed: new Set(),
    scope: WHOLE_SCOPE,
    replaces: new Set(),
    wanted: new Map(Object.entries(stack).map(([address, each]) => [address, wantToy(each)])),
    ignored: new Map(),
    surveyed: new Map(),
    schemas: (type) => TOY_SCHEMAS.find((each) => each.type === type),
    reads,
    deadRuns: new Set(),
    outputs: [],
  });
  return {
    plan,
    steps: stepsOf(plan, state),
    command,
    planDigest: undefined,
    resumes: undefined,
    inputRule: () => undefined,
  };
}

function wantToy(
  { type, fields = {}, needs = {}, triggers = [], isProtected = false, deadlinesMs = {} }: ToyResource,
): Wanted {
  const bindings = Object.entries(needs).map(([name, need]): WantedBinding => {
    return { path: { section: "", field: name }, sources: [sourceOf(need)], shape: "single" };
  });
  const sources = [...bindings.flatMap((each) => each.sources), ...triggers.map(sourceOf)];
  return {
    type,
    schemaVersion: 1,
    fields: record(Object.entries(fields)),
    bindings,
    triggers: triggers.map(sourceOf),
    dependencies: [...new Set(sources.map((source) => source.address))].sort(),
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

function sourceOf(text: string): BindingSource {
  const dot = text.lastIndexOf(".");
  return { address: text.slice(0, dot), output: text.slice(dot + 1) };
}
