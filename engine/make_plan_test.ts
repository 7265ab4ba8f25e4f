import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { ReadResult } from "./make_plan.ts";
import { isEmptyPlan } from "./make_plan.ts";
import type { Plan, PlannedResource } from "./plan.ts";
import { planProblems } from "./plan_problems.ts";
import {
  actionsOf,
  need,
  plain,
  PlanningWorld,
  sentFields,
  testSchema,
  wantedConfig,
} from "./planning_fixture_test.ts";
import type { CreateStarted } from "./resource_event.ts";
import type { ResourceSchema } from "./schema.ts";
import { summarizePlan } from "./summarize_plan.ts";
import { SealedSecret, Unknown, type Value } from "./value.ts";
import { encodeRecord } from "./value_codec.ts";

const NET = wantedConfig("t.net");

function planned(plan: Plan, address: string): PlannedResource {
  const found = plan.resources.find((each) => each.address === address);
  ok(found !== undefined, `${address} is in the plan`);
  return found;
}

function changesOf(plan: Plan, address: string): readonly string[] {
  return planned(plan, address).changes.map(({ path, before, after, forcesReplacement }) =>
    `${path}: ${shown(before)} -> ${shown(after)}${forcesReplacement ? " !" : ""}`
  );
}

function shown(value: Value | undefined): string {
  if (value instanceof Unknown) return `(${value.address})`;
  return value === undefined ? "absent" : JSON.stringify(value);
}

Deno.test("I01 I02: a plan creates what is bound after what it is bound to, unknown until then", () => {
  const world = new PlanningWorld();
  const subnet = wantedConfig("t.subnet", {
    needs: [need("t.net", "id", "parent"), need("t.net", "arn", "extra.note")],
  });
  const plan = world.plan([subnet, NET]);
  deepStrictEqual(actionsOf(plan), ["create t.net", "create t.subnet"]);
  deepStrictEqual(plan.resources.map((each) => each.tier), [0, 1]);
  ok(changesOf(plan, "t.subnet").includes("parent: absent -> (t.net)"));
  world.apply(plan);
  deepStrictEqual(sentFields(world, "t.subnet")["parent"], world.state("t.net").object?.id);
  deepStrictEqual(
    sentFields(world, "t.subnet")["extra"],
    plain({ note: `arn:${world.state("t.net").object?.id}`, mode: "slow" }),
  );
});

Deno.test("I03: a missing output is a problem that names the outputs there are", () => {
  const world = new PlanningWorld();
  const subnet = wantedConfig("t.subnet", { needs: [need("t.net", "nope", "label")] });
  const source = { kind: "MissingOutput", address: "t.subnet", source: "t.net", output: "nope" };
  const before = world.plan([NET, subnet]);
  deepStrictEqual(planProblems(before, world.view), [{ ...source, available: ["id", "arn", "revision"] }]);
  world.bring([NET]);
  const after = world.plan([NET, subnet]);
  deepStrictEqual(planProblems(after, world.view), [{ ...source, available: ["id", "arn", "revision"] }]);
});

Deno.test("a missing echo names the fields that would come back, and only the one at fault", () => {
  const world = new PlanningWorld();
  const data = wantedConfig("t.data", { type: "t.Data", fields: { input: plain({ zone: "a" }) } });
  const net = wantedConfig("t.net", { needs: [need("t.data", "zones", "label")] });
  const leaf = wantedConfig("t.leaf", { needs: [need("t.net", "label", "label")] });
  const plan = world.plan([data, net, leaf]);
  const problem = {
    kind: "MissingOutput",
    address: "t.net",
    source: "t.data",
    output: "zones",
    available: ["id", "zone"],
  };
  deepStrictEqual(planProblems(plan, world.view), [problem]);
});

Deno.test("a write-only field gives nothing to others", () => {
  const world = new PlanningWorld();
  const net = wantedConfig("t.net", { fields: { password: "hunter2" } });
  const plan = world.plan([net, wantedConfig("t.leaf", { needs: [need("t.net", "password", "label")] })]);
  strictEqual(planProblems(plan, world.view)[0]?.kind, "MissingOutput");
});

Deno.test("I07 I11: a second plan is empty, and its summary says so", () => {
  const world = new PlanningWorld();
  const configs = [
    NET,
    wantedConfig("t.subnet", { needs: [need("t.net", "id", "parent")], fields: { label: 1 } }),
  ];
  world.bring(configs);
  const plan = world.plan(configs);
  ok(isEmptyPlan(plan));
  deepStrictEqual([...plan.readSet], []);
  strictEqual(summarizePlan(plan).unchanged, 2);
});

Deno.test("I12: replacing something shows the new id as unknown in its dependents, which end with it", () => {
  const world = new PlanningWorld();
  const subnet = wantedConfig("t.subnet", { needs: [need("t.net", "id", "parent")] });
  world.bring([wantedConfig("t.net", { fields: { kind: "a" } }), subnet]);
  const oldId = world.state("t.net").object?.id;
  const configs = [wantedConfig("t.net", { fields: { kind: "b" } }), subnet];
  const plan = world.plan(configs);
  deepStrictEqual(actionsOf(plan), ["replace t.net", "update t.subnet"]);
  deepStrictEqual(changesOf(plan, "t.net"), ['kind: "a" -> "b" !']);
  deepStrictEqual(changesOf(plan, "t.subnet"), [`parent: "${oldId}" -> (t.net)`]);
  deepStrictEqual(planned(plan, "t.net").dependents, ["t.subnet"]);
  deepStrictEqual(world.apply(plan), ["replace t.net", "update t.subnet", `deleteDeposed t.net ${oldId}`]);
  ok(!world.objects.has(oldId ?? ""));
});

Deno.test("an unknown value in an immutable field replaces", () => {
  const world = new PlanningWorld();
  const subnet = wantedConfig("t.subnet", { needs: [need("t.net", "id", "home")] });
  world.bring([wantedConfig("t.net", { fields: { kind: "a" } }), subnet]);
  const plan = world.plan([wantedConfig("t.net", { fields: { kind: "b" } }), subnet]);
  deepStrictEqual(actionsOf(plan), ["replace t.net", "replace t.subnet"]);
});

Deno.test("an update leaves ids, lasting outputs and the fields it does not touch known to dependents", () => {
  const world = new PlanningWorld();
  const net = (label: string) =>
    wantedConfig("t.net", { fields: { label, kind: "k", extra: plain({ note: "n" }) } });
  const leaf = (address: string, output: string) =>
    wantedConfig(address, { needs: [need("t.net", output, "kind")] });
  const leaves = ["id", "arn", "kind", "extra.note", "zone"].map((output, index) =>
    leaf(`t.leaf${index}`, output)
  );
  world.bring([net("a"), ...leaves]);
  deepStrictEqual(actionsOf(world.plan([net("b"), ...leaves])), ["update t.net"]);
  const moving = [leaf("t.size", "size"), leaf("t.revision", "revision"), leaf("t.label", "label")];
  world.bring([net("a"), ...leaves, ...moving]);
  const plan = world.plan([net("b"), ...leaves, ...moving]);
  deepStrictEqual(actionsOf(plan), [
    "update t.net",
    "replace t.label",
    "replace t.revision",
    "replace t.size",
  ]);
  deepStrictEqual(changesOf(plan, "t.label"), ['kind: "a" -> "b" !']);
  deepStrictEqual(changesOf(plan, "t.revision").map((each) => each.endsWith("(t.net) !")), [true]);
});

Deno.test("fields that are wanted are known in a plan that creates, so that dependents show their values", () => {
  const world = new PlanningWorld();
  const net = wantedConfig("t.net", { fields: { label: "main" } });
  const data = wantedConfig("t.data", { type: "t.Data", fields: { input: plain({ zones: ["a", "b"] }) } });
  const leaf = wantedConfig("t.leaf", {
    needs: [
      need("t.net", "label", "label"),
      need("t.net", "extra.mode", "extra.note"),
      need("t.data", "zones", "members"),
    ],
  });
  const { bound } = planned(world.plan([net, data, leaf]), "t.leaf");
  deepStrictEqual(
    bound,
    plain({ extra: plain({ mode: "slow", note: "slow" }), label: "main", members: ["a", "b"] }),
  );
});

Deno.test("an echo that changes reaches dependents before the apply; one that does not leaves them alone", () => {
  const world = new PlanningWorld();
  const data = (a: string) =>
    wantedConfig("t.data", { type: "t.Data", fields: { input: plain({ a, b: "same" }) } });
  const leaf = (address: string, output: string) =>
    wantedConfig(address, { needs: [need("t.data", output, "label")] });
  const leaves = [leaf("t.a", "a"), leaf("t.b", "b")];
  world.bring([data("1"), ...leaves]);
  const plan = world.plan([data("2"), ...leaves]);
  deepStrictEqual(actionsOf(plan), ["update t.data", "update t.a"]);
  deepStrictEqual(changesOf(plan, "t.a"), ['label: "1" -> "2"']);
});

Deno.test("an echoed secret that is not changed is the one that the log holds of the output, not of the input", () => {
  const world = new PlanningWorld();
  const [input, output] = [new SealedSecret("input/data", "1"), new SealedSecret("output/data", "2")];
  const data = (a: string) =>
    wantedConfig("t.data", { type: "t.Data", fields: { input: plain({ a, password: input }) } });
  const leaf = wantedConfig("t.leaf", { needs: [need("t.data", "password", "label")] });
  world.bring([data("1")]);
  const { id = "", fields = {} } = world.state("t.data").object ?? {};
  const outputs = encodeRecord(plain({ a: "1", password: output }));
  world.append("reader", [{ type: "Observed", address: "t.data", id, found: { id, fields, outputs } }]);
  world.bring([data("1"), leaf]);
  deepStrictEqual(sentFields(world, "t.leaf")["label"], output);
  deepStrictEqual(actionsOf(world.plan([data("1"), leaf])), []);
  deepStrictEqual(actionsOf(world.plan([data("2"), leaf])), ["update t.data"]);
});

Deno.test("I13: another type is a replacement, even with equal fields", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  const plan = world.plan([wantedConfig("t.net", { type: "t.Data" })]);
  deepStrictEqual(actionsOf(plan), ["replace t.net"]);
  deepStrictEqual(planned(plan, "t.net").reasons, ["its type was t.Net"]);
  world.apply(plan);
  strictEqual(world.state("t.net").object?.type, "t.Data");
  strictEqual(world.objects.size, 1);
});

Deno.test("I14 I15: what the files name no more is deleted, the most dependent first", () => {
  const world = new PlanningWorld();
  const subnet = wantedConfig("t.subnet", { needs: [need("t.net", "id", "parent")] });
  world.bring([NET, subnet, wantedConfig("t.other")]);
  const some = world.plan([NET, wantedConfig("t.other")]);
  deepStrictEqual(actionsOf(some), ["delete t.subnet"]);
  const all = world.plan([]);
  deepStrictEqual(actionsOf(all), ["delete t.other", "delete t.subnet", "delete t.net"]);
  const steps = world.apply(all);
  ok(steps.indexOf("delete t.subnet") < steps.indexOf("delete t.net"));
  strictEqual(world.objects.size, 0);
  deepStrictEqual(world.plan([]).resources, []);
});

Deno.test("I16: destroy keeps what is protected and all that it relies on, and says why", () => {
  const world = new PlanningWorld();
  const kept = wantedConfig("t.kept", { needs: [need("t.net", "id", "parent")], isProtected: true });
  const leaf = wantedConfig("t.leaf", { needs: [need("t.kept", "id", "parent")] });
  world.bring([NET, kept, leaf, wantedConfig("t.other")]);
  const plan = world.plan([], { command: "destroy" });
  deepStrictEqual(actionsOf(plan), ["delete t.leaf", "delete t.other"]);
  deepStrictEqual(planned(plan, "t.kept").reasons, ["it is protected"]);
  deepStrictEqual(planned(plan, "t.net").reasons, ["t.kept relies on it, which stays"]);
  deepStrictEqual(planProblems(plan, world.view), []);
  const unread: ReadonlyMap<string, ReadResult> = new Map([["t.kept", {
    kind: "unread",
    why: "no network",
  }]]);
  const blind = world.plan([], { command: "destroy", reads: unread });
  deepStrictEqual(planProblems(blind, world.view), []);
});

Deno.test("I17: deleting or replacing what is protected is a problem, by the log or by the files", () => {
  const world = new PlanningWorld();
  const net = (kind: string, isProtected: boolean) =>
    wantedConfig("t.net", { fields: { kind }, isProtected });
  const on: boolean = true;
  world.bring([net("a", on)]);
  const removal = world.plan([]);
  deepStrictEqual(planProblems(removal, world.view), [{
    kind: "Protected",
    address: "t.net",
    action: "delete",
  }]);
  const replacement = [{ kind: "Protected", address: "t.net", action: "replace" }];
  deepStrictEqual(planProblems(world.plan([net("b", on)]), world.view), replacement);
  deepStrictEqual(planProblems(world.plan([net("b", !on)]), world.view), replacement);
  world.bring([net("a", !on)]);
  deepStrictEqual(planProblems(world.plan([net("b", on)]), world.view), replacement);
  deepStrictEqual(planProblems(world.plan([net("b", !on)]), world.view), []);
});

Deno.test("P11: protection covers the object that was replaced, and the plan says so", () => {
  const world = new PlanningWorld();
  world.bring([wantedConfig("t.net", { fields: { kind: "a" } })]);
  const oldId = world.state("t.net").object?.id;
  const off: boolean = false;
  const net = (isProtected: boolean) => wantedConfig("t.net", { fields: { kind: "b" }, isProtected });
  world.bring([net(off)], { stepLimit: 1 });
  const plan = world.plan([net(!off)]);
  deepStrictEqual(actionsOf(plan), ["rebind t.net"]);
  deepStrictEqual(planned(plan, "t.net").reasons, [
    "protection is switched on",
    `its old object "${oldId}" stays while it is protected`,
  ]);
  world.apply(plan);
  deepStrictEqual(actionsOf(world.plan([])), ["delete t.net"]);
  deepStrictEqual(actionsOf(world.plan([], { command: "destroy" })), []);
  world.bring([net(off)]);
  deepStrictEqual(actionsOf(world.plan([net(off)])), [`deleteDeposed t.net ${oldId}`]);
});

Deno.test("I18: several sources of one list stand in it in the order of the files", () => {
  const world = new PlanningWorld();
  const leaf = wantedConfig("t.leaf", {
    needs: [need("t.b", "id", "members"), need(["t.a", "t.c"], "id", "members")],
  });
  world.bring([wantedConfig("t.a"), wantedConfig("t.b"), wantedConfig("t.c"), leaf]);
  const ids = ["t.b", "t.a", "t.c"].map((address) => world.state(address).object?.id);
  deepStrictEqual(sentFields(world, "t.leaf")["members"], ids);
});

Deno.test("a list that a source gives joins the list that it is bound to", () => {
  const world = new PlanningWorld();
  const data = wantedConfig("t.data", { type: "t.Data", fields: { input: plain({ ids: ["x", "y"] }) } });
  const leaf = wantedConfig("t.leaf", {
    needs: [need("t.data", "ids", "members"), need("t.net", "id", "members")],
  });
  world.bring([NET, data, leaf]);
  deepStrictEqual(sentFields(world, "t.leaf")["members"], ["x", "y", world.state("t.net").object?.id]);
});

Deno.test("drift is told, and healed where somebody wants the field", () => {
  const world = new PlanningWorld();
  const net = wantedConfig("t.net", { fields: { label: "a" } });
  world.bring([net]);
  world.tamper("t.net", { fields: { label: "by hand" } });
  const plan = world.plan([net]);
  deepStrictEqual(actionsOf(plan), ["update t.net"]);
  deepStrictEqual(changesOf(plan, "t.net"), ['label: "by hand" -> "a"']);
  deepStrictEqual(planned(plan, "t.net").drift?.changes.map((each) => [each.before, each.after]), [[
    "a",
    "by hand",
  ]]);
  world.apply(plan);
  ok(isEmptyPlan(world.plan([net])));
});

Deno.test("drift that nobody relies on changes nothing; once something relies on it, the log learns of it first", () => {
  const world = new PlanningWorld();
  const leaf = wantedConfig("t.leaf", { needs: [need("t.net", "revision", "label")] });
  world.bring([NET]);
  world.tamper("t.net", { outputs: { revision: "by hand" } });
  const alone = world.plan([NET]);
  ok(isEmptyPlan(alone));
  ok(planned(alone, "t.net").drift !== undefined);
  const plan = world.plan([NET, leaf]);
  deepStrictEqual(actionsOf(plan), ["rebind t.net", "create t.leaf"]);
  deepStrictEqual(world.apply(plan), ["rebind t.net", "create t.leaf"]);
  strictEqual(sentFields(world, "t.leaf")["label"], "by hand");
  ok(isEmptyPlan(world.plan([NET, leaf])));
});

Deno.test("what is gone is created again if it is wanted, and forgotten if not", () => {
  const world = new PlanningWorld();
  const subnet = wantedConfig("t.subnet", { needs: [need("t.net", "id", "parent")] });
  world.bring([NET, subnet]);
  world.tamper("t.net", "remove");
  const again = world.plan([NET, subnet]);
  deepStrictEqual(actionsOf(again), ["create t.net", "update t.subnet"]);
  deepStrictEqual([planned(again, "t.net").reasons, planned(again, "t.net").objectId], [
    ["it is gone"],
    undefined,
  ]);
  world.apply(again);
  world.tamper("t.subnet", "remove");
  deepStrictEqual(actionsOf(world.plan([NET])), ["forget t.subnet"]);
  world.bring([NET]);
  deepStrictEqual(world.plan([NET]).resources.map((each) => each.address), ["t.net"]);
});

Deno.test("what could not be read is left alone, and a problem", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  const reads: ReadonlyMap<string, ReadResult> = new Map([["t.net", { kind: "unread", why: "no network" }]]);
  for (const configs of [[wantedConfig("t.net", { fields: { kind: "b" } })], []]) {
    const plan = world.plan(configs, { reads });
    deepStrictEqual(actionsOf(plan), []);
    deepStrictEqual(planProblems(plan, world.view), [{
      kind: "Unrefreshed",
      address: "t.net",
      why: "no network",
    }]);
  }
});

Deno.test("what is in doubt is left alone, and a problem; so is what another run changes now", () => {
  const world = new PlanningWorld();
  const plan = world.plan([NET]);
  const run = world.start(plan);
  const started: CreateStarted = {
    type: "CreateStarted",
    address: "t.net",
    token: "t",
    resourceType: "t.Net",
    schemaVersion: 1,
    account: "",
    deadlineMs: 1,
    inputs: {},
    dependencies: [],
    bindings: [],
    description: {},
  };
  world.append(run, [started]);
  const why = (configs: Parameters<PlanningWorld["plan"]>[0], deadRuns?: ReadonlySet<string>) => {
    const next = world.plan(configs, deadRuns === undefined ? {} : { deadRuns });
    deepStrictEqual(actionsOf(next), []);
    return planProblems(next, world.view).map((each) => each.kind === "Unrefreshed" ? each.why : each.kind)
      .join();
  };
  match(why([NET]), /is changing it now/);
  match(why([NET], new Set([run])), /in doubt/);
  world.append(run, [{ type: "RunFinished", outcome: "interrupted" }]);
  match(why([NET]), /in doubt/);
  match(why([]), /in doubt/);
});

Deno.test("a type that nobody serves is left alone, and a problem", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  const plan = world.plan([], { schemas: () => undefined });
  deepStrictEqual(actionsOf(plan), []);
  deepStrictEqual(planProblems(plan, world.view), [{
    kind: "Unrefreshed",
    address: "t.net",
    why: "no provider here knows its type",
  }]);
});

Deno.test("a taint replaces", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  world.append("anyone", [{ type: "Tainted", address: "t.net", reason: "it is slow" }]);
  const plan = world.plan([NET]);
  deepStrictEqual(actionsOf(plan), ["replace t.net"]);
  deepStrictEqual(planned(plan, "t.net").reasons, ["tainted: it is slow"]);
  world.apply(plan);
  ok(isEmptyPlan(world.plan([NET])));
});

Deno.test("annotations, order and protection are recorded without a call", () => {
  const world = new PlanningWorld();
  const on: boolean = true;
  world.bring([NET, wantedConfig("t.b")]);
  const sketches = [{ intent: "to serve" }, { owner: "me" }, { isRetained: on }, { isProtected: on }, {
    needs: [need("t.net", "order")],
  }];
  for (const sketch of sketches) {
    const configs = [NET, wantedConfig("t.b", sketch)];
    const plan = world.plan(configs);
    deepStrictEqual(actionsOf(plan), ["rebind t.b"]);
    deepStrictEqual(planned(plan, "t.b").changes, []);
    ok(planned(plan, "t.b").reasons.length > 0);
    const calls = world.objects.size;
    world.apply(plan);
    strictEqual(world.objects.size, calls);
    ok(isEmptyPlan(world.plan(configs)));
  }
});

Deno.test("a field that another source gives from now on is recorded, though its value is the same", () => {
  const world = new PlanningWorld();
  const net = wantedConfig("t.net", { fields: { label: "same", extra: plain({ note: "same" }) } });
  world.bring([net, wantedConfig("t.leaf", { needs: [need("t.net", "label", "label")] })]);
  const configs = [net, wantedConfig("t.leaf", { needs: [need("t.net", "extra.note", "label")] })];
  deepStrictEqual(actionsOf(world.plan(configs)), ["rebind t.leaf"]);
  world.bring(configs);
  ok(isEmptyPlan(world.plan(configs)));
});

Deno.test("what only comes after a replaced resource is recorded as relying on the new object", () => {
  const world = new PlanningWorld();
  const leaf = wantedConfig("t.leaf", { needs: [need("t.net", "order")] });
  world.bring([wantedConfig("t.net", { fields: { kind: "a" } }), leaf]);
  const configs = [wantedConfig("t.net", { fields: { kind: "b" } }), leaf];
  const plan = world.plan(configs);
  deepStrictEqual(actionsOf(plan), ["replace t.net", "rebind t.leaf"]);
  deepStrictEqual(planned(plan, "t.leaf").reasons, ["what it relies on is new"]);
  world.apply(plan);
  ok(isEmptyPlan(world.plan(configs)));
});

Deno.test("a late object beside the live one does not make dependents stale", () => {
  const world = new PlanningWorld();
  const leaf = wantedConfig("t.leaf", { needs: [need("t.net", "id", "parent")] });
  const run = world.start(world.plan([NET]));
  const intent = {
    schemaVersion: 1,
    account: "",
    deadlineMs: 1,
    inputs: {},
    dependencies: [],
    bindings: [],
    description: {},
  };
  const late = { address: "t.net", token: "late" } as const;
  world.append(run, [
    { type: "CreateStarted", resourceType: "t.Net", ...intent, ...late },
    { type: "OutcomeResolved", outcome: "notDone", evidence: "person", ...late },
    { type: "RunFinished", outcome: "failed" },
  ]);
  world.bring([NET, leaf]);
  world.objects.set("ghost", { type: "t.Net", fields: plain({}), outputs: plain({}) });
  world.append(run, [{ type: "CreateSucceeded", id: "ghost", fields: {}, outputs: {}, ...late }]);
  const plan = world.plan([NET, leaf]);
  deepStrictEqual(actionsOf(plan), ["deleteDeposed t.net ghost"]);
  world.apply(plan);
  ok(isEmptyPlan(world.plan([NET, leaf])));
});

Deno.test("ignored fields stay as they live, are sent so with the rest, and show dependents what lives", () => {
  const world = new PlanningWorld();
  const net = (label: string, note: string) =>
    wantedConfig("t.net", { fields: { label, extra: plain({ note }) }, ignoreChanges: ["label", "size"] });
  const leaf = wantedConfig("t.leaf", { needs: [need("t.net", "label", "label")] });
  world.bring([net("a", "x"), leaf]);
  world.tamper("t.net", { fields: { label: "scaled" } });
  const configs = [net("b", "x"), leaf];
  const plan = world.plan(configs);
  deepStrictEqual(actionsOf(plan), ["rebind t.net", "update t.leaf"]);
  world.apply(plan);
  strictEqual(sentFields(world, "t.leaf")["label"], "scaled");
  world.bring([net("b", "y"), leaf]);
  strictEqual(sentFields(world, "t.net")["label"], "scaled");
  ok(isEmptyPlan(world.plan([net("c", "y"), leaf])));
});

Deno.test("an ignored field that lives without a value is not set", () => {
  const world = new PlanningWorld();
  const off: readonly string[] = [];
  const net = (label: string | null, ignoreChanges: readonly string[]) =>
    wantedConfig("t.net", { fields: { label }, ignoreChanges });
  world.bring([net(null, off)]);
  ok(isEmptyPlan(world.plan([net("a", ["label"])])));
  deepStrictEqual(actionsOf(world.plan([net("a", off)])), ["update t.net"]);
});

Deno.test("a retained resource is forgotten, and its object stays", () => {
  const world = new PlanningWorld();
  const on: boolean = true;
  world.bring([wantedConfig("t.net", { isRetained: on })]);
  for (const command of ["apply", "destroy"] as const) {
    const plan = world.plan([], { command });
    deepStrictEqual(actionsOf(plan), ["forget t.net"]);
    deepStrictEqual(planned(plan, "t.net").reasons, ["retained: the object stays"]);
  }
});

Deno.test("the old object of a retained resource is let go of when it is replaced, never deleted", () => {
  const on: boolean = true;
  const net = (kind: string, isRetained: boolean) =>
    wantedConfig("t.net", { fields: { kind }, ...(isRetained ? { isRetained } : {}) });
  for (const [before, after] of [[on, on], [!on, on], [on, !on]] as const) {
    const world = new PlanningWorld();
    world.bring([net("1", before)]);
    const id = world.state("t.net").object?.id;
    const plan = world.plan([net("2", after)]);
    deepStrictEqual(actionsOf(plan), ["replace t.net", `forgetDeposed t.net ${id}`]);
    ok(planned(plan, "t.net").reasons.includes(`its old object "${id}" is kept: retain`));
    deepStrictEqual(world.apply(plan), ["replace t.net", `forgetDeposed t.net ${id}`]);
    deepStrictEqual(world.state("t.net").deposed, []);
    deepStrictEqual(actionsOf(world.plan([net("2", after)])), []);
  }
});

Deno.test("an old object that a run left behind is let go of too, where the resource is retained", () => {
  const world = new PlanningWorld();
  const on: boolean = true;
  const net = (kind: string) => wantedConfig("t.net", { fields: { kind }, isRetained: on });
  world.bring([net("1")]);
  const id = world.state("t.net").object?.id;
  world.bring([net("2")], { stepLimit: 1 });
  deepStrictEqual(actionsOf(world.plan([net("2")])), [`forgetDeposed t.net ${id}`]);
  for (const command of ["apply", "destroy"] as const) {
    deepStrictEqual(actionsOf(world.plan([], { command })), ["forget t.net", `forgetDeposed t.net ${id}`]);
  }
  world.bring([]);
  deepStrictEqual(world.state("t.net").deposed, []);
});

Deno.test("an old object that is retained is let go of before what it relies on is deleted", () => {
  const on: boolean = true;
  const stack = (kind: string) => [
    wantedConfig("t.net", { fields: { kind } }),
    wantedConfig("t.user", { fields: { kind }, needs: [need("t.net", "id", "home")], isRetained: on }),
  ];
  for (const choose of [(count: number) => count - 1, () => 0]) {
    const world = new PlanningWorld();
    world.bring(stack("1"));
    const [net, user] = ["t.net", "t.user"].map((address) => world.state(address).object?.id);
    world.bring(stack("2"), { stepLimit: 2 });
    deepStrictEqual(world.apply(world.plan(stack("2")), { choose }), [
      `forgetDeposed t.user ${user}`,
      `deleteDeposed t.net ${net}`,
    ]);
  }
});

Deno.test("a retained object that holds the unique name refuses its replacement", () => {
  const world = new PlanningWorld();
  const on: boolean = true;
  const bucket = (kind: string) =>
    wantedConfig("t.bucket", { type: "t.Bucket", fields: { name: "a", kind }, isRetained: on });
  world.bring([bucket("1")]);
  const id = world.state("t.bucket").object?.id;
  const refused = planned(world.plan([bucket("2")]), "t.bucket");
  deepStrictEqual(refused.action, "none");
  deepStrictEqual(
    refused.unfit,
    `its old object "${id}" has the name that can be held once only, and is kept: retain`,
  );
});

Deno.test("a clash of unique names makes replacement delete-first, as the live name is, not as it was sent", () => {
  const world = new PlanningWorld();
  const bucket = (name: string, kind: string) =>
    wantedConfig("t.bucket", { type: "t.Bucket", fields: { name, kind } });
  world.bring([bucket("a", "1")]);
  strictEqual(planned(world.plan([bucket("a", "2")]), "t.bucket").goesFirst.length, 1);
  strictEqual(planned(world.plan([bucket("b", "1")]), "t.bucket").goesFirst.length, 0);
  world.tamper("t.bucket", { fields: { name: "b" } });
  strictEqual(planned(world.plan([bucket("a", "2")]), "t.bucket").goesFirst.length, 0);
  strictEqual(planned(world.plan([bucket("b", "2")]), "t.bucket").goesFirst.length, 1);
});

Deno.test("an old object that holds the unique name goes before the new one is made", () => {
  const world = new PlanningWorld();
  const bucket = wantedConfig("t.bucket", { type: "t.Bucket", fields: { name: "a" } });
  world.bring([bucket]);
  const id = world.state("t.bucket").object?.id;
  world.bring([wantedConfig("t.bucket")], { stepLimit: 1 });
  const plan = world.plan([bucket]);
  strictEqual(planned(plan, "t.bucket").goesFirst.length, 1);
  const steps = world.apply(plan);
  ok(steps.indexOf(`deleteDeposed t.bucket ${id}`) < steps.indexOf("replace t.bucket"));
});

Deno.test("the read-set holds what changes, what that relies on now and then, and what relies on what goes; nothing else", () => {
  const world = new PlanningWorld();
  const leaf = (to: string) => wantedConfig("t.leaf", { needs: [need(to, "id", "parent")] });
  const others = [wantedConfig("t.old"), wantedConfig("t.new"), wantedConfig("t.apart")];
  const user = wantedConfig("t.user", { needs: [need("t.leaf", "order")] });
  world.bring([...others, leaf("t.old"), user]);
  const moved = world.plan([...others, leaf("t.new"), user]);
  const version = (address: string) => [address, world.state(address).version] as const;
  deepStrictEqual(new Map(moved.readSet), new Map(["t.leaf", "t.new", "t.old"].map(version)));
  const gone = world.plan(others);
  deepStrictEqual(new Map(gone.readSet), new Map(["t.leaf", "t.user", "t.old"].map(version)));
  const made = world.plan([...others, leaf("t.old"), user, wantedConfig("t.fresh")]);
  deepStrictEqual([...made.readSet], [["t.fresh", 0]]);
});

Deno.test("outputs of the project tell what they were and what they will be", () => {
  const world = new PlanningWorld();
  const outputs = [
    { name: "label", address: "t.net", path: "label" },
    { name: "revision", address: "t.net", path: "revision" },
    { name: "nothing", address: "t.net", path: "nope" },
  ];
  const net = (label: string) => wantedConfig("t.net", { fields: { label } });
  deepStrictEqual(
    world.plan([net("a")], { outputs }).outputs.map((each) => [each.before, shown(each.after)]),
    [
      [undefined, '"a"'],
      [undefined, "(t.net)"],
      [undefined, "absent"],
    ],
  );
  world.bring([net("a")]);
  const [label] = world.plan([net("b")], { outputs }).outputs;
  deepStrictEqual([label?.before, label?.after], ["a", "b"]);
});

Deno.test("I05 I06: the summary counts each resource once", () => {
  const world = new PlanningWorld();
  world.bring([
    wantedConfig("t.a", { fields: { kind: 1 } }),
    wantedConfig("t.b"),
    wantedConfig("t.c"),
    wantedConfig("t.d"),
  ]);
  const configs = [
    wantedConfig("t.a", { fields: { kind: 2 } }),
    wantedConfig("t.b", { fields: { label: 1 } }),
    wantedConfig("t.c", { intent: "now told" }),
    wantedConfig("t.e[0]"),
    wantedConfig("t.e[1]"),
  ];
  deepStrictEqual(summarizePlan(world.plan(configs)), {
    create: 2,
    update: 1,
    replace: 1,
    delete: 1,
    rebind: 1,
    forget: 0,
    move: 0,
    import: 0,
    deposed: 0,
    unchanged: 0,
  });
  strictEqual(testSchema("t.None"), undefined);
});

Deno.test("the summary counts old objects that still have to go, of resources that stay too", () => {
  const world = new PlanningWorld();
  const net = (kind: string) => wantedConfig("t.a", { fields: { kind } });
  for (const kind of ["1", "2", "3"]) world.bring([net(kind)], { stepLimit: 1 });
  const { deposed, unchanged } = summarizePlan(world.plan([net("3")]));
  deepStrictEqual([deposed, unchanged], [2, 1]);
});

Deno.test("what was stored under an older version of its type is recorded under the new one, by an update or alone", () => {
  const world = new PlanningWorld();
  const schemas = (type: string): ResourceSchema | undefined => {
    const schema = testSchema(type);
    return schema === undefined ? undefined : { ...schema, version: 2 };
  };
  world.bring([wantedConfig("t.same"), wantedConfig("t.other")]);
  const configs = [wantedConfig("t.same"), wantedConfig("t.other", { fields: { label: 1 } })];
  const plan = world.plan(configs, { schemas });
  deepStrictEqual(actionsOf(plan), ["update t.other", "rebind t.same"]);
  deepStrictEqual(planned(plan, "t.same").reasons, ["its type is at version 2, it was stored under 1"]);
  world.apply(plan);
  for (const address of ["t.same", "t.other"]) strictEqual(world.state(address).object?.schemaVersion, 2);
  deepStrictEqual(actionsOf(world.plan(configs, { schemas })), []);
});

Deno.test("what was stored under a newer version of its type is left alone, and a problem", () => {
  const world = new PlanningWorld();
  const newer = (type: string): ResourceSchema | undefined => {
    const schema = testSchema(type);
    return schema === undefined ? undefined : { ...schema, version: 7 };
  };
  world.apply(world.plan([wantedConfig("t.a"), wantedConfig("t.b")], { schemas: newer }));
  const plan = world.plan([wantedConfig("t.a", { fields: { label: 1 } })]);
  deepStrictEqual(actionsOf(plan), []);
  const why = "it was stored under version 7 of t.Net, this smelt knows version 1";
  deepStrictEqual(planProblems(plan, world.view), [
    { kind: "Unrefreshed", address: "t.a", why },
    { kind: "Unrefreshed", address: "t.b", why },
  ]);
});

Deno.test("a bound value that does not fit its place is a problem, once it is known", () => {
  const world = new PlanningWorld();
  const data = (size: Value) => wantedConfig("t.d", { type: "t.Data", fields: { input: plain({ size }) } });
  const leaf = wantedConfig("t.leaf", { needs: [need("t.d", "size", "extra.note")] });
  const plan = world.plan([data(3), leaf]);
  deepStrictEqual(planProblems(plan, world.view), [{
    kind: "UnfitValue",
    address: "t.leaf",
    why: 'Cannot bind "t.d.size" to "extra.note": expected a text, found 3',
  }]);
  deepStrictEqual(planned(plan, "t.leaf").action, "none");
  deepStrictEqual(planProblems(world.plan([data("3"), leaf]), world.view), []);
});

Deno.test("a plan of 20,000 resources is made in time and without running out of stack", () => {
  const world = new PlanningWorld();
  const configs = Array.from(
    { length: 20_000 },
    (_, index) =>
      wantedConfig(`t.r${index}`, { needs: index === 0 ? [] : [need(`t.r${index - 1}`, "id", "parent")] }),
  );
  strictEqual(summarizePlan(world.plan(configs)).create, 20_000);
});

Deno.test("what is left out keeps what its old objects rely on", () => {
  const world = new PlanningWorld();
  const kinded = (kind: string, on: string) =>
    wantedConfig("t.subnet", { fields: { kind }, needs: [need(on, "order")] });
  const other = wantedConfig("t.other");
  world.bring([NET, other, kinded("1", "t.net")]);
  world.bring([NET, other, kinded("2", "t.other")], { stepLimit: 1 });
  deepStrictEqual(world.state("t.subnet").deposed.length, 1);
  const scope = { targets: undefined, excludes: new Set(["t.subnet"]) };
  const plan = world.plan([other, kinded("2", "t.other")], { scope });
  deepStrictEqual([actionsOf(plan), plan.leftOut], [[], ["t.net", "t.subnet"]]);
});

Deno.test("what cannot be decided keeps its old objects, too", () => {
  const world = new PlanningWorld();
  const kinded = (kind: string) => wantedConfig("t.net", { fields: { kind } });
  world.bring([kinded("1")]);
  world.bring([kinded("2")], { stepLimit: 1 });
  const reads: ReadonlyMap<string, ReadResult> = new Map([["t.net", { kind: "unread", why: "no network" }]]);
  for (const configs of [[kinded("2")], []]) {
    deepStrictEqual(planned(world.plan(configs), "t.net").deposed.length, 1);
    deepStrictEqual(planned(world.plan(configs, { reads }), "t.net").deposed, []);
  }
});

Deno.test("what is in doubt holds back the deletion of what its call relies on", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  const subnet = wantedConfig("t.subnet", { needs: [need("t.net", "id", "parent")] });
  const run = world.start(world.plan([NET, subnet]));
  const { incarnation = 0 } = world.state("t.net").object ?? {};
  world.append(run, [{
    type: "CreateStarted",
    address: "t.subnet",
    token: "t",
    resourceType: "t.Net",
    schemaVersion: 1,
    account: "",
    deadlineMs: 1,
    inputs: {},
    dependencies: [{ address: "t.net", incarnation }],
    bindings: [],
    description: {},
  }, { type: "RunFinished", outcome: "interrupted" }]);
  const plan = world.plan([]);
  deepStrictEqual(actionsOf(plan), []);
  match(planned(plan, "t.net").unrefreshed ?? "", /t\.subnet relies on it/);
});

Deno.test("what cannot be decided holds back what relies on it and what it relies on, and nothing else", () => {
  const world = new PlanningWorld();
  const subnet = wantedConfig("t.subnet", { needs: [need("t.net", "id", "parent")] });
  const host = wantedConfig("t.host", { needs: [need("t.subnet", "id", "parent")] });
  const other = wantedConfig("t.other");
  world.apply(world.plan([NET, subnet, host, other]));
  const reads: ReadonlyMap<string, ReadResult> = new Map([["t.subnet", {
    kind: "unread",
    why: "no network",
  }]]);

  const removed = world.plan([], { reads });
  deepStrictEqual(actionsOf(removed), ["delete t.host", "delete t.other"]);
  match(planned(removed, "t.net").unrefreshed ?? "", /t\.subnet relies on it/);

  const grown = wantedConfig("t.new", { needs: [need("t.subnet", "id", "parent")] });
  const added = wantedConfig("t.free");
  const edited = world.plan([NET, subnet, host, other, grown, added], { reads });
  deepStrictEqual(actionsOf(edited), ["create t.free"]);
  match(planned(edited, "t.new").unrefreshed ?? "", /t\.subnet, which it relies on/);
  deepStrictEqual(planned(edited, "t.host").unrefreshed, undefined);
  deepStrictEqual(planProblems(edited, world.view).map((each) => [each.kind, each.address]), [
    ["Unrefreshed", "t.subnet"],
    ["Unrefreshed", "t.new"],
  ]);
});
