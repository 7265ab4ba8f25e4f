import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { emptyProject, newProject, type TestProject } from "./harness/test_project.ts";

const MAIN = `resource net "main" : sim.Network {
  @intent "where all of it runs"
  @owner "core"
  @constraint "no public addresses"
  cidr = "10.0.0.0/16"
}

resource sub "zone" : sim.Subnet {
  for_each = ["north", "south"]

  needs net.main -> network_id

  cidr = "10.0.\${each.index}.0/24"
}

component "site" {
  param image : String

  resource vm "web" : sim.Instance {
    @lifecycle "prevent_destroy"

    count = 2

    needs sub.zone["north"] -> subnet_id

    image = param.image
  }
}

use "site" as "blog" {
  image = "debian-13"
}

resource pw "db" : random.Password {
  length = 20
}

resource db "main" : sim.Database {
  needs pw.db.result -> password
  needs net.main

  engine = "postgres"
  name = "main"
  storage_gb = 10

  backup {
    window = "02:00-04:00"
  }
}

output range = net.main.cidr_block
`;

/** A project of one file, without smelt.toml. */
async function sources(text = MAIN): Promise<TestProject> {
  const project = await emptyProject();
  await project.write("main.smelt", text);
  return project;
}

/** What a command prints, as JSON. */
async function json(project: TestProject, ...args: readonly string[]) {
  return JSON.parse((await project.expect(0, args)).stdout);
}

Deno.test("graph lists all resources in the order of an apply, a block a tier", async () => {
  await using project = await sources();
  const { stdout, stderr } = await project.expect(0, ["graph"]);
  strictEqual(stderr, "");
  deepStrictEqual(stdout.split("\n"), [
    "Resources (7), in the order of an apply",
    "",
    "tier 1 of 3",
    "  1. net.main  : sim.Network      # where all of it runs",
    "  2. pw.db     : random.Password",
    "",
    "tier 2 of 3",
    "  3. db.main          : sim.Database  needs pw.db, net.main",
    "  4. sub.zone[north]  : sim.Subnet    needs net.main",
    "  5. sub.zone[south]  : sim.Subnet    needs net.main",
    "",
    "tier 3 of 3",
    "  6. blog__vm.web[0]  : sim.Instance  needs sub.zone[north]",
    "  7. blog__vm.web[1]  : sim.Instance  needs sub.zone[north]",
    "",
  ]);
});

Deno.test("graph --json says what binds what, and where each resource comes from", async () => {
  await using project = await sources();
  const graph = await json(project, "graph", "--json");
  strictEqual(graph.schema, "smelt.graph.v1");
  deepStrictEqual(graph.tiers, [
    ["net.main", "pw.db"],
    ["db.main", "sub.zone[north]", "sub.zone[south]"],
    ["blog__vm.web[0]", "blog__vm.web[1]"],
  ]);
  const byId = new Map<string, unknown>(graph.resources.map((each: { id: string }) => [each.id, each]));
  deepStrictEqual(byId.get("net.main"), {
    id: "net.main",
    type_path: "sim.Network",
    intent: "where all of it runs",
    owner: "core",
    tier: 0,
    needs: [],
    dependents: ["db.main", "sub.zone[north]", "sub.zone[south]"],
    origin: { file: "main.smelt", line: 1 },
  });
  deepStrictEqual(byId.get("db.main"), {
    id: "db.main",
    type_path: "sim.Database",
    intent: null,
    owner: null,
    tier: 1,
    needs: [
      { target: "pw.db", output: "result", binding: "password" },
      { target: "net.main", output: null, binding: null },
    ],
    dependents: [],
    origin: { file: "main.smelt", line: 38 },
  });
  deepStrictEqual(byId.get("blog__vm.web[1]"), {
    id: "blog__vm.web[1]",
    type_path: "sim.Instance",
    intent: null,
    owner: null,
    tier: 2,
    needs: [{ target: "sub.zone[north]", output: "id", binding: "subnet_id" }],
    dependents: [],
    origin: { file: "main.smelt", line: 19, component: "blog", instance_key: "1" },
  });
});

Deno.test("graph --dot frames uses of components, labels arrows, and quotes what needs it", async () => {
  await using project = await sources(
    `${MAIN}resource bucket "a\\"b\\\\c d" : sim.Bucket {\n  name = "abc"\n}\n`,
  );
  const { stdout } = await project.expect(0, ["graph", "--dot"]);
  deepStrictEqual(stdout.split("\n"), [
    "digraph smelt {",
    "  rankdir = LR;",
    "  node [shape = box];",
    String.raw`  "bucket.\"a\\\"b\\\\c d\"" [label = "bucket.\"a\\\"b\\\\c d\""];`,
    '  "net.main" [label = "net.main"];',
    '  "pw.db" [label = "pw.db"];',
    '  "db.main" [label = "db.main"];',
    '  "sub.zone[north]" [label = "sub.zone[north]"];',
    '  "sub.zone[south]" [label = "sub.zone[south]"];',
    '  subgraph "cluster_blog" {',
    '    label = "blog";',
    '    "blog__vm.web[0]" [label = "blog__vm.web[0]"];',
    '    "blog__vm.web[1]" [label = "blog__vm.web[1]"];',
    "  }",
    '  "db.main" -> "pw.db" [label = "password"];',
    '  "db.main" -> "net.main";',
    '  "sub.zone[north]" -> "net.main" [label = "network_id"];',
    '  "sub.zone[south]" -> "net.main" [label = "network_id"];',
    '  "blog__vm.web[0]" -> "sub.zone[north]" [label = "subnet_id"];',
    '  "blog__vm.web[1]" -> "sub.zone[north]" [label = "subnet_id"];',
    "}",
    "",
  ]);
});

Deno.test("a project without resources has an empty graph, and nothing to explain", async () => {
  await using project = await sources('resource sub "zone" : sim.Subnet {\n  count = 0\n  cidr = "x"\n}\n');
  strictEqual((await project.expect(0, ["graph"])).stdout, "Resources (0), in the order of an apply\n");
  deepStrictEqual(await json(project, "graph", "--json"), {
    schema: "smelt.graph.v1",
    resources: [],
    tiers: [],
  });
  const { stderr } = await project.expect(1, ["explain", "sub.zone"]);
  match(stderr, /^error: No resource "sub\.zone" in the files\nhint: smelt graph lists all\n$/);
});

Deno.test("explain tells all about a resource in blocks", async () => {
  await using project = await sources();
  const { stdout } = await project.expect(0, ["explain", "net.main"]);
  deepStrictEqual(stdout.split("\n"), [
    "net.main : sim.Network",
    "  intent      where all of it runs",
    "  owner       core",
    "  constraint  no public addresses  (unchecked)",
    "  written in  main.smelt:1",
    "  state       not created",
    "",
    "order",
    "  position     1 of 7",
    "  tier         1 of 3; of a destroy 3 of 3",
    "  runs beside  pw.db",
    "",
    "needed by",
    "  db.main          via needs net.main",
    "  sub.zone[north]  via needs net.main -> network_id",
    "  sub.zone[south]  via needs net.main -> network_id",
    "",
    "outputs used",
    "  id  by sub.zone[north], in network_id",
    "  id  by sub.zone[south], in network_id",
    "",
    "shown as",
    "  output range  cidr_block",
    "",
    "blast radius: MEDIUM, 5 resources",
    "  db.main          sim.Database",
    "  sub.zone[north]  sim.Subnet",
    "  sub.zone[south]  sim.Subnet",
    "  blog__vm.web[0]  sim.Instance",
    "  blog__vm.web[1]  sim.Instance",
    "",
  ]);
});

Deno.test("explain --json has the fields of the specification, for instances and components too", async () => {
  await using project = await sources();
  deepStrictEqual(await json(project, "explain", 'blog__vm.web["0"]', "--json"), {
    schema: "smelt.explain.v1",
    resource_id: "blog__vm.web[0]",
    type_path: "sim.Instance",
    intent: null,
    owner: null,
    constraints: [],
    constraint_checks: [],
    lifecycle: ["prevent_destroy"],
    protected: true,
    origin: { file: "main.smelt", line: 19, component: "blog", instance_key: "0" },
    state: { known: false, status: "not created" },
    dependencies: [{
      resource_id: "sub.zone[north]",
      output: "id",
      binding: "subnet_id",
      field: "subnet_id",
      intent: null,
    }],
    dependents: [],
    dependent_reasons: [],
    outputs_used: [],
    project_outputs: [],
    blast_radius: { count: 0, resources: [], risk_level: "None" },
    apply_order_position: 5,
    tier: 2,
    destroy_tier: 0,
    tier_peers: ["blog__vm.web[1]"],
    total_tiers: 3,
    total_resources: 7,
    sections: [],
  });
  const pw = await json(project, "explain", "pw.db", "--json");
  deepStrictEqual(pw.dependents, ["db.main"]);
  deepStrictEqual(pw.dependent_reasons, [
    { resource_id: "db.main", reasons: ["via needs pw.db.result -> password"] },
  ]);
  deepStrictEqual(pw.outputs_used, [{ output: "result", resource_id: "db.main", field: "password" }]);
  const { sections } = await json(project, "explain", "db.main", "--json");
  deepStrictEqual(sections, [{ name: "backup", fields: ["window"] }]);
});

Deno.test("explain --for says what would be touched, what refuses it, and why the risk is greater", async () => {
  await using project = await sources();
  const destroy = await json(project, "explain", "sub.zone[north]", "--for", "destroy", "--json");
  deepStrictEqual(destroy.for.risk, {
    level: "Medium",
    by_count: "Low",
    raised_by: ["protected: blog__vm.web[0], blog__vm.web[1]"],
  });
  deepStrictEqual([destroy.for.refused, destroy.for.refused_by], [true, [
    "blog__vm.web[0]",
    "blog__vm.web[1]",
  ]]);
  const { stdout } = await project.expect(0, ["explain", "sub.zone[north]", "--for=destroy"]);
  match(
    stdout,
    /\nif it were destroyed: MEDIUM\n {2}raised from LOW for protected: .*\n {2}refused: blog__vm\.web\[0\], blog__vm\.web\[1\] are protected\n/,
  );
  const replace = await json(project, "explain", "net.main", "--for", "replace", "--json");
  deepStrictEqual(
    replace.for.touched.map((each: { resource_id: string; action: string }) =>
      `${each.resource_id} ${each.action}`
    ),
    ["db.main rebind", "sub.zone[north] update", "sub.zone[south] update"],
  );
  deepStrictEqual(replace.for.refused_by, []);
  const { stdout: update } = await project.expect(0, ["explain", "net.main", "--for", "update"]);
  match(update, /\nif it were updated: NONE\n {2}nothing else is touched\n$/);
  const made = await json(project, "explain", "pw.db", "--for", "replace", "--json");
  deepStrictEqual(made.for.itself.action, "replace");
  match(made.for.itself.loses, /in the log alone/);
});

Deno.test("explain knows what the log says, and what it protects", async () => {
  await using project = await newProject(MAIN);
  await project.expect(0, ["apply", "--yes"]);
  const { state } = await project.unchangedBy(() => json(project, "explain", "net.main", "--json"));
  deepStrictEqual([state.known, state.status, state.in_doubt], [true, "live", false]);
  match(state.id, /^net-/);
  match((await project.expect(0, ["explain", "net.main"])).stdout, /\n {2}state {7}live, net-\S+\n/);
  // What the files cease to protect is protected until that is applied.
  await project.write("main.smelt", MAIN.replace('    @lifecycle "prevent_destroy"\n\n', ""));
  const vm = await json(project, "explain", "blog__vm.web[0]", "--for", "destroy", "--json");
  deepStrictEqual([vm.protected, vm.lifecycle, vm.for.refused], [true, [], true]);
});

Deno.test("explain looks at the files with the layers of the environment that --env names", async () => {
  await using project = await sources(
    `${MAIN}layer "large" over "base" {\n  override db.main {\n    backup {\n      retention_days = 30\n    }\n  }\n}\n`,
  );
  await project.write(
    "smelt.toml",
    '[project]\nname = "p"\ndefault_environment = "dev"\n\n[environments.dev]\n\n[environments.prod]\nlayers = ["large"]\n',
  );
  const sectionsOf = async (...args: readonly string[]) =>
    (await json(project, "explain", "db.main", "--json", ...args)).sections;
  deepStrictEqual(await sectionsOf(), [{ name: "backup", fields: ["window"] }]);
  deepStrictEqual(await sectionsOf("--env", "prod"), [
    { name: "backup", fields: ["window", "retention_days"] },
  ]);
});

Deno.test("explain does without a log that lies elsewhere, and ends with 6 for one that is damaged", async () => {
  await using project = await newProject(MAIN);
  await using clone = await sources();
  await clone.write("smelt.toml", await project.read("smelt.toml"));
  const { state } = await json(clone, "explain", "net.main", "--json");
  deepStrictEqual([state.known, state.status], [false, "unreadable"]);
  match((await clone.expect(0, ["explain", "net.main"])).stdout, /\n {2}state {7}unknown: .*log/);
  await Deno.remove(project.logPath);
  await project.expect(6, ["explain", "net.main"]);
});

for (
  const [address, says] of [
    ["net.mian", /^error: No resource "net\.mian" in the files\nhint: Did you mean "net\.main"\?\n$/],
    [
      "sub.zone",
      /^error: "sub\.zone" is a template: name one of its instances\nhint: There are sub\.zone\[north\], sub\.zone\[south\]\n$/,
    ],
    ["sub.zone[nroth]", /^error: No resource .*\nhint: Did you mean "sub\.zone\[north\]"\?\n$/],
    ["sub.zone[west]", /^error: No resource .*\nhint: There are sub\.zone\[north\], sub\.zone\[south\]\n$/],
    [
      "net.main[a]",
      /^error: "net\.main" has no "for_each" and no "count"\nhint: Did you mean "net\.main"\?\n$/,
    ],
    ["vm.web", /^error: No resource .*\nhint: There are blog__vm\.web\[0\], blog__vm\.web\[1\]\n$/],
    [
      "blog",
      /^error: Cannot read "blog" as an address: expected kind\.name or .*\nhint: "blog" is a use of a component, with blog__vm\.web\[0\], blog__vm\.web\[1\]\n$/,
    ],
    ["net.main.cidr", /^error: Cannot read "net\.main\.cidr" as an address/],
    ["", /^error: Cannot read "" as an address.*\nhint: smelt graph lists all\n$/],
  ] as const
) {
  Deno.test(`explain "${address}" says what there is instead`, async () => {
    await using project = await sources();
    const { stdout, stderr } = await project.expect(1, ["explain", address]);
    strictEqual(stdout, "");
    match(stderr, says);
  });
}

Deno.test("explain refuses a change or an environment that there is not", async () => {
  await using project = await newProject(MAIN);
  const { stderr } = await project.expect(64, ["explain", "net.main", "--for", "destory"]);
  strictEqual(
    stderr,
    'error: Cannot use "destory" for --for: expected one of destroy, replace, update\nhint: Did you mean "destroy"?\n',
  );
  const other = await project.expect(1, ["explain", "net.main", "--env", "defualt"]);
  match(other.stderr, /error\[E-UNKNOWN-ENV\]: Unknown environment "defualt"(.|\n)*hint: .*"default"/);
  await project.expect(64, ["explain"]);
});

Deno.test("graph and explain report errors in the files, as text and as JSON", async () => {
  await using project = await sources('resource sub "a" : sim.Subnet {\n  needs net.gone -> network_id\n}\n');
  for (const args of [["graph"], ["explain", "sub.a"]]) {
    const { stdout, stderr } = await project.expect(1, args);
    strictEqual(stdout, "");
    match(stderr, /error\[E-UNKNOWN-DEP\]: (.|\n)* --> main\.smelt:2:/);
    const failed = JSON.parse((await project.expect(1, [...args, "--json"])).stdout);
    strictEqual(failed.error.diagnostics[0].code, "E-UNKNOWN-DEP");
  }
});

Deno.test("debug prints the tree of one file, and no secret", async () => {
  await using project = await sources(
    'include "gone.smelt"\nresource key "k" : sim.AccessKey {\n  size = 9223372036854775807\n' +
      '  text = secret("hunter2")\n}\n',
  );
  const { stdout, stderr } = await project.expect(0, ["debug", "main.smelt"]);
  strictEqual(stderr, "");
  match(stdout, /"Integer": 9223372036854775807\n/);
  match(stdout, /"Secret": "\(sensitive\)"/);
  doesNotMatch(stdout, /hunter2/);
  const tree = JSON.parse(stdout);
  deepStrictEqual(tree.declarations[0], { Include: { path: "gone.smelt" } });
  deepStrictEqual(tree.declarations[1].Resource.type_path, { segments: ["sim", "AccessKey"] });
});

Deno.test("debug gives what is whole of a file with errors, and says what is not", async () => {
  await using project = await sources('resource net "a" : sim.Network {}\nresource {\n');
  const { stdout, stderr } = await project.expect(1, ["debug", "main.smelt"]);
  strictEqual(JSON.parse(stdout).declarations.length, 1);
  match(
    stderr,
    /error\[E-SYNTAX\]: (.|\n)* --> main\.smelt:2:(.|\n)*error: The tree holds only what is whole/,
  );
  const missing = await project.expect(1, ["debug", "gone.smelt"]);
  strictEqual(missing.stdout, "");
  match(missing.stderr, /Cannot read "gone\.smelt": no such file/);
});

const LOOSE = 'resource key "k" : sim.AccessKey {\nname="k"\n   text = secret("hunter2")\n}\n';

Deno.test("fmt --diff shows what would change without its secrets, and writes nothing", async () => {
  await using project = await sources(LOOSE);
  await project.write("whole.smelt", 'resource net "a" : sim.Network {\n  cidr = "c"\n}\n');
  const { stdout, stderr } = await project.expect(0, ["fmt", "--diff"]);
  strictEqual(stderr, "");
  deepStrictEqual(stdout.split("\n"), [
    "--- main.smelt",
    "+++ main.smelt",
    "@@ -1,4 +1,4 @@",
    ' resource key "k" : sim.AccessKey {',
    '-name="k"',
    '-   text = secret("•••••••")',
    '+  name = "k"',
    '+  text = secret("•••••••")',
    " }",
    "",
  ]);
  strictEqual(await project.read("main.smelt"), LOOSE);
  const checked = await project.expect(1, ["fmt", "--diff", "--check"]);
  deepStrictEqual([checked.stdout, checked.stderr], [stdout, "would change: main.smelt\n"]);
  strictEqual((await project.expect(1, ["fmt", "--check"])).stdout, "");
  await project.expect(0, ["fmt"]);
  for (const args of [["fmt", "--diff"], ["fmt", "--diff", "--check"]]) {
    strictEqual((await project.expect(0, args)).stdout, "");
  }
});

Deno.test("fmt --diff says where the end of a file has no line end, and changes nothing with errors", async () => {
  await using project = await sources('resource net "a" : sim.Network {}');
  const { stdout } = await project.expect(0, ["fmt", "--diff"]);
  ok(stdout.includes('-resource net "a" : sim.Network {}\n\\ No newline at end of file\n+resource'), stdout);
  await project.write("main.smelt", 'resource net "a" {');
  const broken = await project.expect(1, ["fmt", "--diff"]);
  strictEqual(broken.stdout, "");
  match(broken.stderr, /error\[E-SYNTAX\]/);
});

Deno.test("fmt - formats standard input", async () => {
  await using project = await emptyProject();
  const { stdout, stderr } = await project.expect(0, ["fmt", "-"], { input: LOOSE });
  deepStrictEqual(
    [stdout, stderr],
    ['resource key "k" : sim.AccessKey {\n  name = "k"\n  text = secret("hunter2")\n}\n', ""],
  );
  strictEqual((await project.expect(0, ["fmt", "-"], { input: stdout })).stdout, stdout);
  strictEqual((await project.expect(0, ["fmt", "-"], { input: "" })).stdout, "");
  const checked = await project.expect(1, ["fmt", "-", "--check"], { input: LOOSE });
  deepStrictEqual([checked.stdout, checked.stderr], ["", "would change: <stdin>\n"]);
  await project.expect(0, ["fmt", "-", "--check"], { input: stdout });
  const shown = await project.expect(0, ["fmt", "-", "--diff"], { input: LOOSE });
  match(shown.stdout, /^--- <stdin>\n\+\+\+ <stdin>\n@@ -1,4 \+1,4 @@\n/);
  doesNotMatch(shown.stdout, /hunter2/);
  const broken = await project.expect(1, ["fmt", "-"], { input: "resource {" });
  strictEqual(broken.stdout, "");
  match(broken.stderr, /error\[E-SYNTAX\]: (.|\n)* --> <stdin>:1:10\n/);
  const beside = await project.expect(64, ["fmt", "-", "main.smelt"], { input: LOOSE });
  match(beside.stderr, /^error: Cannot format "-", standard input, beside files\n/);
});
