import { match, ok, strictEqual } from "node:assert/strict";
import { dirname } from "node:path";
import { canary } from "./harness/canary_syntax.ts";
import { CanaryWatch } from "./harness/canary_watch.ts";
import { formsOf, tracesBelow, tracesIn } from "./harness/secret_traces.ts";
import { newProject } from "./harness/test_project.ts";

const WRITTEN = ["param", "each", "userData", "file", "password", "data"] as const;

/** A stack in which secrets go every way that there is; `round` makes other secrets of the same places. */
function stack(round: number): string {
  const secretOf = (name: typeof WRITTEN[number]) => canary(`${name}${round}`);
  return `
component "box" {
  param token : String
  resource data "in" : local.Data {
    input {
      plain = param.token
      joined = "user:\${param.token}@host"
      deep = { list = ["a", param.token] }
    }
  }
}
use "box" as "one" { token = secret("${secretOf("param")}") }
resource data "each" : local.Data {
  for_each = [secret("${secretOf("each")}"), "plain"]
  input { value = each.value }
}
resource data "user" : local.Data {
  needs one__data.in.joined -> input.copied
  input { own = secret("${secretOf("data")}") }
}
resource pw "made" : random.Password {
  length = 24
}
resource key "made" : tls.PrivateKey { algorithm = "ED25519" }
resource db "made" : sim.Database {
  needs pw.made.result -> password
  name = "made"
  engine = "postgres"
  storage_gb = 10
}
resource db "given" : sim.Database {
  name = "given"
  engine = "postgres"
  storage_gb = 10
  password = "${secretOf("password")}"
}
resource net "main" : sim.Network { name = "main" cidr = "10.0.0.0/16" }
resource sub "main" : sim.Subnet {
  needs net.main -> network_id
  name = "main"
  cidr = "10.0.0.0/24"
}
resource vm "web" : sim.Instance {
  needs sub.main -> subnet_id
  name = "web"
  image = "debian-13"
  user_data = "${secretOf("userData")}"
}
resource role "web" : sim.Role { name = "web" }
resource skey "web" : sim.Key { needs role.web -> role_id name = "web" }
resource file "given" : local.File {
  path = "out/given.txt"
  sensitive_content = "${secretOf("file")}"
}
resource file "key" : local.File { needs key.made.private_key_pem -> sensitive_content path = "out/key.pem" }
resource file "pw" : local.File { needs pw.made.result -> sensitive_content path = "out/pw.txt" }
resource file "skey" : local.File { needs skey.web.secret -> sensitive_content path = "out/skey.txt" }
`;
}

/** What may hold secrets: sources, files that were asked for, and what a fault is to say. */
const ALLOWED = [/^main\.smelt$/, /^out\//, /^\.smelt\/sim\/faults\.json$/];

function addRound({ secrets }: CanaryWatch, round: number): void {
  for (const name of WRITTEN) secrets.set(`${name}${round}`, canary(`${name}${round}`));
}

const READERS: readonly (readonly string[])[] = [
  ["validate"],
  ["plan"],
  ["plan", "--json"],
  ["query"],
  ["query", "--json"],
  ["history"],
  ["history", "--json"],
  ["state", "ls", "--json"],
  ["graph"],
  ["graph", "--json"],
  ["graph", "--dot"],
  ["fmt", "--diff"],
  ["debug", "main.smelt"],
  ...["pw.made", "db.given", "one__data.in"].flatMap((address) => [
    ["explain", address, "--for", "replace"],
    ["explain", address, "--json"],
  ]),
  ["audit", "verify", "--json"],
  ["audit", "attestation"],
  ["audit", "sbom"],
  ["audit", "sbom", "--omit-sensitive-ids"],
  ["state", "export"],
  ["diff", "--at", "1"],
  ["blame", "db.given"],
  ["blame", "one__data.in", "--json"],
  ...[
    "pw.made",
    "key.made",
    "db.made",
    "db.given",
    "vm.web",
    "skey.web",
    "file.pw",
    "data.user",
    "one__data.in",
  ]
    .flatMap((address) => [["show", address], ["show", address, "--json"]]),
];

Deno.test("10: no byte of a secret stands below .smelt, in the user's folder, or in what any command prints", async () => {
  await using project = await newProject(stack(1));
  const watch = new CanaryWatch(project, ALLOWED);
  addRound(watch, 1);
  await watch.run(0, ["plan"]);
  const applied = await watch.run(0, ["apply", "--yes"]);
  const printed = `${applied.stdout}${applied.stderr}`;
  ok(printed.includes("(sensitive)"));
  strictEqual(await project.read("out/given.txt"), canary("file1"));
  watch.secrets.set("password", await project.read("out/pw.txt"));
  watch.secrets.set("access key", await project.read("out/skey.txt"));
  // The first line of a key in PEM is the same for all keys of its kind, and so is the start of the second.
  const [, pem = ""] = (await project.read("out/key.pem")).split("\n");
  watch.secrets.set("private key", pem.slice(24));
  match(printed, /14|15|16|17 created/);
  for (const args of READERS) await watch.run(0, args);

  addRound(watch, 2);
  await project.write("main.smelt", stack(2));
  await watch.run(0, ["plan"]);
  await watch.run(0, ["plan", "--json"]);
  await watch.run(0, ["plan", "--out", ".smelt/second.plan"]);
  await watch.run(0, ["apply", "--yes", "--json", "--plan-file", ".smelt/second.plan"]);
  strictEqual(await project.read("out/given.txt"), canary("file2"));

  await project.write("out/given.txt", canary("byHand"));
  watch.secrets.set("by hand", canary("byHand"));
  await watch.run(2, ["plan", "--detailed-exitcode"]);
  await watch.run(2, ["plan", "--detailed-exitcode", "--json"]);
  await watch.run(0, ["apply", "--yes"]);
  for (const args of READERS) await watch.run(0, args);
  await watch.run(0, ["destroy", "--yes"]);
});

Deno.test("10: no byte of a secret stands in what a provider's error leads to, printed or kept", async () => {
  await using project = await newProject(stack(1));
  const watch = new CanaryWatch(project, ALLOWED);
  addRound(watch, 1);
  const echoes = [["sim.Database", "given", canary("password1")], [
    "sim.Instance",
    "web",
    canary("userData1"),
  ]];
  const faults = echoes.map(([type, name, secret]) => ({
    operation: "create",
    type,
    match: { name },
    effect: { fail: { kind: "InvalidConfig", message: `refused: "${secret}" is known` } },
  }));
  await project.write(".smelt/sim/faults.json", JSON.stringify(faults));
  const { stderr, stdout } = await watch.run(7, ["apply", "--yes"]);
  await Deno.remove(`${project.root}/.smelt/sim/faults.json`);
  ok(`${stdout}${stderr}`.includes('refused: "(sensitive)" is known'));
  for (const args of [["history"], ["history", "--json"], ["audit", "verify"]]) await watch.run(0, args);
  await watch.run(0, ["apply", "--yes"]);
});

Deno.test("10: no byte of a secret stands in what an error of a file or a schema prints", async () => {
  await using project = await newProject();
  const watch = new CanaryWatch(project, ALLOWED);
  watch.secrets.set("written", canary("written"));
  const database = (lines: string) =>
    `resource db "d" : sim.Database { name = "d" engine = "postgres" storage_gb = 10\n${lines}\n}`;
  const wrong = [
    database(`pasword = secret("${canary("written")}")`),
    database(`pasword = "${canary("written")}"`),
    database(`password = [ "${canary("written")}" ]`),
    database(`password = secret("${canary("written")}") password = `),
    database(`password = secret("${canary("written")}`),
    database(`password = "good-enough" username = secret("${canary("written")}")`),
    `component "c" { param n : Integer }\nuse "c" as "x" { n = secret("${canary("written")}") }`,
  ];
  for (const source of wrong) {
    await project.write("main.smelt", source);
    for (const args of [["validate"], ["plan"], ["plan", "--json"], ["apply", "--yes"]]) {
      await watch.run(1, args);
    }
  }
});

Deno.test("the search for secrets finds each form that it looks for", async () => {
  await using project = await newProject();
  const secret = canary("form");
  for (const form of formsOf(secret)) {
    await project.write("found/it.txt", `before ${form} after`);
    ok((await tracesBelow(dirname(`${project.root}/found/it.txt`), new Map([["it", secret]]))).length > 0);
  }
  for (const start of ["", "a", "ab"]) {
    const encoded = new TextEncoder().encode(`${start}${secret} and more`).toBase64();
    ok(tracesIn(encoded, new Map([["it", secret]])).length > 0);
  }
});
