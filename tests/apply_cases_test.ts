import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Ledger, LedgerObject } from "../providers/sim/ledger.ts";
import { printedObject, printedPlan, printedResults } from "./harness/printed_json.ts";
import { tracesBelow, tracesIn } from "./harness/secret_traces.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/**
 * The cases of the table about applies, each through the real commands; the sim cloud's own ledger says what it was sent.
 * Cases that one apply answers share it; the others start from copies of a small project.
 */

/** What one apply makes for many cases. */
const STACK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
resource sub "p" : sim.Subnet {
  needs net.main -> network_id
  name = "p"
  cidr = "10.0.1.0/24"
}
resource net "whole" : sim.Network {
  name = "whole"
  cidr = "10.9.0.0/16"
}
resource sub "whole" : sim.Subnet {
  needs net.whole -> network_id
  needs net.whole.cidr_block -> cidr
  name = "whole"
}
resource sub "each" : sim.Subnet {
  for_each = ["a", "b"]
  needs net.main -> network_id
  name = each.value
  cidr = "10.0.1\${each.index}.0/24"
}
resource net "spare" : sim.Network {
  count = 2
  name = "x\${each.index}"
  cidr = "10.2\${each.index}.0.0/16"
}
resource net "wide" : sim.Network {
  name = "wide"
  cidr = "10.8.0.0/16"
}
layer "wide" over "base" {
  override net.wide {
    cidr = "192.168.0.0/16"
  }
}
resource fw "z" : sim.Firewall {
  needs net.main -> network_id
  name = "z"
}
resource fw "a" : sim.Firewall {
  needs net.main -> network_id
  name = "a"
}
resource vm "one" : sim.Instance {
  needs sub.p -> subnet_id
  needs fw.z -> firewall_ids
  needs fw.a -> firewall_ids
  name = "one"
  image = "debian-13"
  user_data = secret("hunter2")
  tags = { pw = secret("hunter2") }
}
component "vault" {
  param pw : String
  resource net "inner" : sim.Network {
    name = "inner"
    cidr = "10.7.0.0/16"
    tags = { pw = param.pw note = "is \${param.pw}" }
  }
}
use "vault" as "x" {
  pw = secret("hunter3")
}
`;

const SECRETS = new Map([["plain", "hunter2"], ["component", "hunter3"]]);

/** Two resources, the second of which relies on the first. */
const SMALL = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
resource sub "p" : sim.Subnet {
  needs net.main -> network_id
  name = "p"
  cidr = "10.0.1.0/24"
}
`;

const APPLY = ["apply", "--yes", "--json"];

const [applied, small] = await Promise.all([applyStack(), applySmall()]);

Deno.test.afterAll(async () => {
  for (const project of [applied.project, small]) await project[Symbol.asyncDispose]();
});

/** What one apply did, and said. */
interface Applied {
  readonly project: TestProject;
  readonly ledger: Ledger;
  readonly printed: string;
}

async function applyStack(): Promise<Applied> {
  const project = await newProject(STACK);
  await project.write("smelt.toml", `${await project.read("smelt.toml")}layers = ["base", "wide"]\n`);
  const { stdout, stderr } = await project.expect(0, APPLY);
  return { project, ledger: await project.ledger(), printed: stdout + stderr };
}

async function applySmall(): Promise<TestProject> {
  const project = await newProject(SMALL);
  await project.expect(0, APPLY);
  return project;
}

/** The object that the shared apply made under a name. */
function named(type: string, name: string): LedgerObject {
  const found = applied.ledger.objects.filter((each) => each.type === type && each.fields["name"] === name);
  const [object] = found;
  ok(object !== undefined && found.length === 1, `one ${type} is named ${name}`);
  return object;
}

/** Traces of a secret in what the shared apply wrote or printed. */
async function tracesOf(name: string): Promise<readonly string[]> {
  const secrets = new Map([...SECRETS].filter(([each]) => each === name));
  const { project, printed } = applied;
  return [
    ...await tracesBelow(`${project.root}/.smelt`, secrets),
    ...await tracesBelow(project.place.stateFolder, secrets),
    ...tracesIn(printed, secrets),
  ];
}

Deno.test("I01: a resource is created after what it needs, with its id in the bound field", () => {
  const { objects } = applied.ledger;
  const [net, sub] = [named("sim.Network", "main"), named("sim.Subnet", "p")];
  strictEqual(sub.fields["network_id"], net.id);
  ok(objects.indexOf(net) < objects.indexOf(sub));
});

Deno.test("I02: an output that is text is bound", () => {
  strictEqual(named("sim.Subnet", "whole").fields["cidr"], "10.9.0.0/16");
});

Deno.test("I03: an output that is not there is refused with those that are, and what lives stays", async () => {
  await using project = await small.copy();
  await project.write("main.smelt", SMALL.replace("needs net.main ->", "needs net.main.nope ->"));
  const { stderr } = await project.unchangedBy(() => project.expect(1, ["apply", "--yes"]));
  match(stderr, /^error\[E-UNKNOWN-OUTPUT\]: /);
  for (const output of ["arn", "cidr_block", "router_ip"]) match(stderr, new RegExp(`\\b${output}\\b`));
});

Deno.test("I04: what needs a failed resource is not attempted, and skipped because of it", async () => {
  await using project = await newProject(SMALL);
  const fault = { operation: "create", type: "sim.Network", effect: { fail: { kind: "Denied" } } };
  const env = { SMELT_SIM_FAULTS: JSON.stringify([fault]) };
  const { stdout } = await project.expect(1, APPLY, { env });
  deepStrictEqual(
    printedResults(stdout).map(({ address, outcome, because }) => [address, outcome, because]),
    [["net.main", "failed", undefined], ["sub.p", "skipped", "net.main"]],
  );
  deepStrictEqual((await project.ledger()).objects, []);
});

Deno.test("I05: each instance of a for_each is sent its own values and what it needs", () => {
  for (const [index, name] of ["a", "b"].entries()) {
    const { cidr, network_id } = named("sim.Subnet", name).fields;
    deepStrictEqual([cidr, network_id], [`10.0.1${index}.0/24`, named("sim.Network", "main").id]);
  }
});

Deno.test("I06: each instance of a count is sent its own values", () => {
  for (const index of [0, 1]) {
    strictEqual(named("sim.Network", `x${index}`).fields["cidr"], `10.2${index}.0.0/16`);
  }
});

Deno.test("I07: instances, what they need and what layers set are unchanged in the next plan", async () => {
  const planned = await applied.project.expect(0, ["plan", "--json", "--detailed-exitcode"]);
  const resources = printedPlan(planned.stdout);
  deepStrictEqual(resources.filter(({ action }) => action !== "none"), []);
  deepStrictEqual(
    resources.filter(({ address }) => /^(sub\.each|net\.spare)\[/.test(address))
      .map(({ address, tier }) => `${tier} ${address}`),
    ["0 net.spare[0]", "0 net.spare[1]", "1 sub.each[a]", "1 sub.each[b]"],
  );
});

Deno.test("I08: what a layer of the chain sets is what is created", () => {
  strictEqual(named("sim.Network", "wide").fields["cidr"], "192.168.0.0/16");
});

Deno.test("I09: a secret of a plain resource stands in no file that smelt or the cloud wrote", async () => {
  deepStrictEqual(await tracesOf("plain"), []);
  notStrictEqual(named("sim.Instance", "one").digests["user_data"], undefined);
});

Deno.test("I10: nor does one of a resource inside a component, and no plan shows it", async () => {
  deepStrictEqual(await tracesOf("component"), []);
  await using project = await applied.project.copy();
  await project.write("main.smelt", STACK.replaceAll("hunter2", "other2").replaceAll("hunter3", "other3"));
  const { stdout } = await project.expect(2, ["plan", "--detailed-exitcode"]);
  match(stdout, /~ tags\.pw *: \(sensitive\) -> \(sensitive\)/);
  const all = new Map([...SECRETS, ["new plain", "other2"], ["new component", "other3"]]);
  deepStrictEqual(tracesIn(stdout, all), []);
});

Deno.test("I11: a second apply does nothing, and appends nothing", async () => {
  const { project } = applied;
  const { stdout } = await project.unchangedBy(() => project.expect(0, APPLY));
  deepStrictEqual(printedResults(stdout), []);
});

Deno.test("I12: what needs a replaced resource is planned as an update, and ends with the new id", async () => {
  await using project = await small.copy();
  const [before] = (await project.ledger()).live;
  await project.write("main.smelt", SMALL.replace("10.0.0.0/16", "10.0.0.0/15"));
  const planned = printedPlan((await project.expect(0, ["plan", "--json"])).stdout);
  deepStrictEqual(planned.map(({ address, action }) => [address, action]), [
    ["net.main", "replace"],
    ["sub.p", "update"],
  ]);
  deepStrictEqual(planned[1]?.changes.map(({ path, before, after }) => [path, before, after]), [
    ["network_id", before?.id, { unknown: true, address: "net.main", output: "id", sensitive: false }],
  ]);
  await project.expect(0, APPLY);
  const { live } = await project.ledger();
  const [sub, net] = live;
  deepStrictEqual(live.map(({ type }) => type), ["sim.Subnet", "sim.Network"]);
  notStrictEqual(net?.id, before?.id);
  strictEqual(sub?.fields["network_id"], net?.id);
});

Deno.test("I13: another type with the same configuration is a replacement", async () => {
  await using project = await newProject('resource mail "x" : sim.Queue {\n  name = "x"\n}\n');
  await project.expect(0, APPLY);
  await project.write("main.smelt", 'resource mail "x" : sim.Topic {\n  name = "x"\n}\n');
  const [planned] = printedPlan((await project.expect(0, ["plan", "--json"])).stdout);
  deepStrictEqual([planned?.action, planned?.type, planned?.reasons], [
    "replace",
    "sim.Topic",
    ["its type was sim.Queue"],
  ]);
  await project.expect(0, APPLY);
  const { objects, live } = await project.ledger();
  deepStrictEqual(objects.map(({ type }) => type), ["sim.Queue", "sim.Topic"]);
  deepStrictEqual(live.map(({ type }) => type), ["sim.Topic"]);
});

Deno.test("I14: what the files hold no longer is deleted, dependents first", async () => {
  await using project = await small.copy();
  await project.write("main.smelt", "");
  const { stdout } = await project.expect(0, APPLY);
  deepStrictEqual(printedResults(stdout).map(({ address, operation }) => `${operation} ${address}`), [
    "delete sub.p",
    "delete net.main",
  ]);
  const { objects, live } = await project.ledger();
  const [net, sub] = objects;
  deepStrictEqual(live, []);
  ok((sub?.deletedAt ?? Infinity) <= (net?.deletedAt ?? -Infinity));
});

Deno.test("I15: a plan that reads deletes what the files hold no longer", async () => {
  await using project = await small.copy();
  await project.write("main.smelt", SMALL.slice(0, SMALL.indexOf("resource sub")));
  const planned = printedPlan((await project.expect(0, ["plan", "--json"])).stdout);
  deepStrictEqual(planned.map(({ address, action }) => `${action} ${address}`), [
    "none net.main",
    "delete sub.p",
  ]);
});

const GUARDED = SMALL.replace('"main" : sim.Network {', '$&\n  @lifecycle "prevent_destroy"');

Deno.test("I16: a destroy leaves a protected resource, and its exit code says so", async () => {
  await using project = await small.copy();
  await project.write("main.smelt", GUARDED);
  await project.expect(0, APPLY);
  const { stdout } = await project.expect(7, ["destroy", "--yes", "--json"]);
  deepStrictEqual(printedObject(stdout)["kept"], ["net.main"]);
  deepStrictEqual((await project.ledger()).live.map(({ type }) => type), ["sim.Network"]);
});

Deno.test("I17: a removed resource that is protected is refused, in plan and apply", async () => {
  await using project = await small.copy();
  await project.write("main.smelt", GUARDED);
  await project.expect(0, APPLY);
  await project.write("main.smelt", "");
  await project.unchangedBy(async () => {
    for (const args of [["plan"], ["apply", "--yes"]]) {
      const { stdout, stderr } = await project.expect(1, args);
      match(stdout + stderr, /net\.main.*protected/);
    }
  });
});

Deno.test("I18: needs that share a list field are collected there, in the order of the file", () => {
  deepStrictEqual(named("sim.Instance", "one").fields["firewall_ids"], [
    named("sim.Firewall", "z").id,
    named("sim.Firewall", "a").id,
  ]);
});
