import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isEmptyPlan } from "./make_plan.ts";
import { planAcceptance, planObservations } from "./plan_record.ts";
import { planRevert } from "./plan_revert.ts";
import { planRollback } from "./plan_rollback.ts";
import { type PlanProblem, planProblems } from "./plan_problems.ts";
import {
  actionsOf,
  loggedValues,
  need,
  plain,
  PlanningWorld,
  testSchema,
  wantedConfig,
} from "./planning_fixture_test.ts";
import type { Need, ResourceConfig } from "./resource_config.ts";
import { movedSince } from "./run_logic_claims.ts";
import { isSettledAbsent } from "./resource_state.ts";
import { decodeRecord } from "./value_codec.ts";
import { isRecord, type Value } from "./value.ts";
import { wantResource } from "./want.ts";
import { bindFields } from "./wanted.ts";

/** What one resource is in one generation of the files; what it needs is told by rank, so that there is no circle. */
interface Sketch {
  readonly index: number;
  readonly rank: number;
  readonly type: string;
  readonly label: number;
  readonly kind: number;
  readonly name: number;
  readonly ignoresLabel: boolean;
  readonly isRetained: boolean;
  readonly intent: string | undefined;
  readonly links: readonly { readonly to: number; readonly how: number }[];
}

/** One generation: an edit of the files, what happens behind smelt's back, and how far the run gets. */
interface Generation {
  readonly sketches: readonly Sketch[];
  readonly outside: readonly { readonly index: number; readonly what: number }[];
  readonly stepLimit: number;
  readonly choices: readonly number[];
}

const SIZE = 5;

/** Each address has unique names of its own, which it leaves and takes again. */
const sketch: fc.Arbitrary<Sketch> = fc.record({
  index: fc.nat(SIZE - 1),
  rank: fc.nat(SIZE),
  type: fc.constantFrom("t.Net", "t.Net", "t.Bucket", "t.Data"),
  label: fc.nat(1),
  kind: fc.nat(1),
  name: fc.nat(1),
  ignoresLabel: fc.nat(7).map((number) => number === 0),
  isRetained: fc.nat(9).map((number) => number === 0),
  intent: fc.constantFrom(undefined, undefined, "first", "second"),
  links: fc.array(fc.record({ to: fc.nat(SIZE - 1), how: fc.nat(9) }), { maxLength: 3 }),
});

const generation: fc.Arbitrary<Generation> = fc.record({
  sketches: fc.uniqueArray(sketch, { selector: ({ index }) => index, maxLength: SIZE, minLength: 0 }),
  outside: fc.array(fc.record({ index: fc.nat(SIZE - 1), what: fc.nat(3) }), { maxLength: 2 }),
  stepLimit: fc.oneof({ weight: 2, arbitrary: fc.constant(Infinity) }, { weight: 1, arbitrary: fc.nat(6) }),
  choices: fc.array(fc.nat(20), { maxLength: 12 }),
});

function addressOf(index: number): string {
  return `t.r${index}`;
}

function configsOf(sketches: readonly Sketch[]): readonly ResourceConfig[] {
  const byIndex = new Map(sketches.map((each) => [each.index, each]));
  return sketches.map((each) => {
    const links = each.links.flatMap(({ to, how }) => {
      const target = byIndex.get(to);
      const isBelow = target !== undefined &&
        (target.rank < each.rank || (target.rank === each.rank && target.index < each.index));
      return target !== undefined && isBelow ? linkOf(each, target, how) : [];
    });
    return wantedConfig(addressOf(each.index), {
      type: each.type,
      fields: fieldsOf(each),
      needs: links,
      // A retained object that keeps its unique name refuses its replacement; the cases for that are elsewhere.
      isRetained: each.isRetained && each.type !== "t.Bucket",
      intent: each.intent,
      ignoreChanges: each.ignoresLabel ? [each.type === "t.Data" ? "input.label" : "label"] : [],
    });
  });
}

function fieldsOf({ type, index, label, kind, name }: Sketch): { readonly [key: string]: Value } {
  const kinds = `kind ${kind}`;
  if (type === "t.Data") {
    return { kind: kinds, input: plain({ label: `label ${label}`, list: [`${label}`, "b"] }) };
  }
  if (type === "t.Bucket") return { kind: kinds, label: `label ${label}`, name: `bucket ${index} ${name}` };
  const extra = label === 0 ? {} : { size: "big", extra: plain({ note: `note ${label}` }) };
  return { kind: kinds, label: `label ${label}`, password: `password ${kind}`, ...extra };
}

/** Something that the target gives, to a place that takes it. */
function linkOf(own: Sketch, target: Sketch, how: number): readonly Need[] {
  const to = addressOf(target.index);
  const place = (name: string) => own.type === "t.Data" ? `input.${name}` : name;
  const given = ["label", "kind", "id"][how % 3] ?? "id";
  if (how < 2) return [need(to, "order")];
  if (own.type === "t.Net" && how < 4) return [need(to, "id", how === 2 ? "parent" : "home")];
  if (own.type === "t.Net" && how === 4) return [need(to, "id", "members")];
  if (own.type === "t.Net" && how === 5 && target.type === "t.Data") return [need(to, "list", "members")];
  if (target.type === "t.Net" && how === 6) return [need(to, "revision", place("label"))];
  if (target.type === "t.Net" && how === 7) {
    return [need(to, "arn", own.type === "t.Data" ? "input.arn" : "kind")];
  }
  if (target.type === "t.Net" && how === 8) return [need(to, "extra.mode", place("label"))];
  return target.type === "t.Data" && given === "kind" ? [] : [need(to, given, place("label"))];
}

function outside(
  world: PlanningWorld,
  { index, what }: { readonly index: number; readonly what: number },
): void {
  const { object } = world.state(addressOf(index));
  if (object === undefined || object.type === "t.Data" || !world.objects.has(object.id)) return;
  const address = addressOf(index);
  if (what === 0) world.tamper(address, "remove");
  else if (what === 1) world.tamper(address, { fields: { label: "by hand" } });
  else if (what === 2) world.tamper(address, { fields: { kind: "by hand" } });
  else world.tamper(address, { outputs: { revision: "by another hand" } });
}

/** What lives is what is wanted, and nothing else lives. */
function assertAsWanted(
  world: PlanningWorld,
  configs: readonly ResourceConfig[],
): void {
  const lookup = loggedValues(world.view);
  const living = new Set<string>();
  for (const config of configs) {
    const { object, deposed } = world.state(config.address);
    const schema = testSchema(config.type);
    ok(object !== undefined && schema !== undefined);
    deepStrictEqual(deposed, []);
    strictEqual(object.type, config.type);
    const wanted = wantResource(config, schema);
    const bound = bindFields(wanted, lookup);
    ok(bound.ok);
    const sent = decodeRecord(object.inputs);
    const isIgnored = config.annotations.ignoreChanges.length > 0;
    deepStrictEqual(
      isIgnored ? withoutLabel(sent) : sent,
      isIgnored ? withoutLabel(bound.value) : bound.value,
    );
    for (const { address, incarnation } of object.dependencies) {
      strictEqual(incarnation, world.state(address).object?.incarnation);
    }
    living.add(object.id);
  }
  for (const state of world.view.resources.values()) {
    ok(isSettledAbsent(state) || configs.some((each) => each.address === state.address));
  }
  for (const id of world.objects.keys()) ok(living.has(id), `${id} is forgotten`);
}

function withoutLabel(fields: { readonly [key: string]: Value }): Value {
  const kept = Object.entries(fields).filter(([name]) => name !== "label");
  return Object.fromEntries(
    kept.map(([name, value]) => [name, isRecord(value) ? withoutLabel(value) : value]),
  );
}

/** An old object that is retained bears the name that a new one needs: that is for people to put right, and refused. */
function isNameKept(problem: PlanProblem): boolean {
  return problem.kind === "UnfitValue" && problem.why.endsWith("and is kept: retain");
}

Deno.test("every step of every plan is admitted, the end is what is wanted, and a second plan is empty", () => {
  fc.assert(fc.property(fc.array(generation, { minLength: 1, maxLength: 4 }), (generations) => {
    const world = new PlanningWorld();
    for (const { sketches, outside: changes, stepLimit, choices } of generations) {
      changes.forEach((change) => outside(world, change));
      const configs = configsOf(sketches);
      let turn = 0;
      const choose = (count: number) => (choices[turn++ % Math.max(1, choices.length)] ?? 0) % count;
      const plan = world.plan(configs);
      const problems = planProblems(plan, world.view);
      if (problems.some(isNameKept)) return;
      deepStrictEqual(problems, []);
      deepStrictEqual(movedSince(plan, world.view), [], "what was just planned is not stale");
      world.apply(plan, { stepLimit, choose });
      if (stepLimit !== Infinity) continue;
      assertAsWanted(world, configs);
      const again = world.plan(configs);
      deepStrictEqual(actionsOf(again), []);
      ok(isEmptyPlan(again));
    }
    world.apply(world.plan([], { command: "destroy" }));
    assertAsWanted(world, []);
  }));
});

Deno.test("a plan is one value, whatever the order of the files", () => {
  fc.assert(fc.property(generation, generation, (first, second) => {
    const world = new PlanningWorld();
    world.bring(configsOf(first.sketches));
    const configs = configsOf(second.sketches);
    deepStrictEqual(world.plan(configs.toReversed()), world.plan(configs));
  }));
});

Deno.test("a rollback makes true again what the files said then: a plan of them is empty, and so is another rollback", () => {
  fc.assert(fc.property(generation, fc.array(generation, { maxLength: 3 }), (first, others) => {
    const world = new PlanningWorld();
    const configs = configsOf(first.sketches);
    world.bring(configs);
    const past = world.snapshot();
    for (const { sketches, outside: changes, stepLimit } of others) {
      changes.forEach((change) => outside(world, change));
      world.bring(configsOf(sketches), { stepLimit });
    }
    const rollback = () => {
      const { state: before } = world.storedInput();
      const planned = planRollback({ ...world.storedInput(), before, arrivals: new Map(), past });
      ok(planned.ok);
      return planned.value.plan;
    };
    const plan = rollback();
    const problems = planProblems(plan, world.view);
    if (problems.some(isNameKept)) return;
    deepStrictEqual(problems, []);
    world.apply(plan);
    deepStrictEqual(actionsOf(world.plan(configs)), []);
    const living = new Set([...world.view.resources.values()].map(({ object }) => object?.id));
    deepStrictEqual([...world.objects.keys()].filter((id) => !living.has(id)), []);
    deepStrictEqual(actionsOf(rollback()), []);
  }));
});

Deno.test("a revert puts back all drift and touches nothing else, and a second one is empty", () => {
  fc.assert(fc.property(generation, generation, (first, { outside: changes }) => {
    const world = new PlanningWorld();
    world.bring(configsOf(first.sketches));
    changes.forEach((change) => outside(world, change));
    const revert = () => {
      const planned = planRevert(world.storedInput(), world.drift().drifted);
      ok(planned.ok);
      return planned.value;
    };
    const plan = revert();
    deepStrictEqual(planProblems(plan, world.view), []);
    world.apply(plan);
    const left = world.drift().drifted.filter((each) => each.kind === "gone" || each.fields.length > 0);
    deepStrictEqual(left, []);
    deepStrictEqual(actionsOf(revert()), []);
  }));
});

Deno.test("after drift is accepted none is left, and the log holds what lives for sent", () => {
  fc.assert(fc.property(generation, generation, (first, { outside: changes }) => {
    const world = new PlanningWorld();
    world.bring(configsOf(first.sketches));
    changes.forEach((change) => outside(world, change));
    const objects = structuredClone([...world.objects.keys()]);
    const { drifted } = world.drift();
    world.apply(planAcceptance(world.storedInput(), drifted));
    deepStrictEqual(world.drift().drifted, []);
    deepStrictEqual([...world.objects.keys()], objects);
    deepStrictEqual(actionsOf(planObservations(world.storedInput())), []);
  }));
});
