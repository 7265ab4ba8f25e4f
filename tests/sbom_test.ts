import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { cyclonedxValidator } from "./harness/cyclonedx_schema.ts";
import { expectInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const SECRET = "open sesame 5150";

const STACK = `resource network "main" : sim.Network {
  @intent "The private range"
  @owner "platform"

  cidr = "10.0.0.0/16"
  tags = { word = secret("${SECRET}") }
}

resource subnet "a" : sim.Subnet {
  needs network.main -> network_id

  cidr = "10.0.1.0/24"
  zone = "north-a"
}

resource password "db" : random.Password {
  length = 20
}

resource file "note" : local.File {
  needs password.db.result -> sensitive_content

  path = "note.txt"
}

resource key "web" : tls.PrivateKey {
  algorithm = "ED25519"
}
`;

async function applied(source = STACK): Promise<TestProject> {
  const project = await newProject(source);
  await expectInside(project, 0, ["apply", "--yes"]);
  return project;
}

async function sbomText(project: TestProject, ...options: readonly string[]): Promise<string> {
  return (await expectInside(project, 0, ["audit", "sbom", ...options])).stdout;
}

interface Component {
  readonly type: string;
  readonly "bom-ref": string;
  readonly description?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

function componentsOf(text: string): readonly Component[] {
  return JSON.parse(text).components;
}

function propertyOf(component: Component | undefined, name: string): string | undefined {
  return component?.properties.find((each) => each.name === `smelt:${name}`)?.value;
}

Deno.test("31: audit sbom validates against the published schema of CycloneDX, in both versions, with ids and without", async () => {
  await using project = await applied();
  for (const version of ["1.6", "1.5"]) {
    const validate = cyclonedxValidator(version);
    for (const options of [[], ["--omit-sensitive-ids"]]) {
      const text = await sbomText(project, "--spec-version", version, ...options);
      ok(validate(JSON.parse(text)), JSON.stringify(validate.errors));
      strictEqual(JSON.parse(text).specVersion, version);
      for (const wrong of [{ components: [{ type: "thing", name: "x" }] }, { serialNumber: "urn:uuid:1" }]) {
        ok(!validate({ ...JSON.parse(text), ...wrong }));
      }
    }
  }
});

Deno.test("audit sbom lists every object by the kind of its type, with what it relies on", async () => {
  await using project = await applied();
  await expectInside(project, 0, ["protect", "subnet.a"]);
  const text = await sbomText(project);
  const components = componentsOf(text);
  deepStrictEqual(components.map((each) => `${each["bom-ref"]} ${each.type}`), [
    "file.note file",
    "key.web cryptographic-asset",
    "network.main platform",
    "password.db data",
    "subnet.a platform",
  ]);
  const { dependencies, metadata } = JSON.parse(text);
  const [root, ...others] = dependencies;
  deepStrictEqual(others, [
    { ref: "file.note", dependsOn: ["password.db"] },
    { ref: "key.web", dependsOn: [] },
    { ref: "network.main", dependsOn: [] },
    { ref: "password.db", dependsOn: [] },
    { ref: "subnet.a", dependsOn: ["network.main"] },
  ]);
  deepStrictEqual(root, {
    ref: metadata.component["bom-ref"],
    dependsOn: ["file.note", "key.web", "subnet.a"],
  });
  const network = components.find((each) => each["bom-ref"] === "network.main");
  strictEqual(network?.description, "The private range");
  deepStrictEqual(network.hashes?.map(({ alg, content }) => `${alg} ${content.length}`), [
    "SHA-256 64",
    "BLAKE3 64",
  ]);
  match(propertyOf(network, "id") ?? "", /^net-/);
  deepStrictEqual(["type", "owner", "schema-version"].map((name) => propertyOf(network, name)), [
    "sim.Network",
    "platform",
    "1",
  ]);
  strictEqual(propertyOf(components.find((each) => each["bom-ref"] === "subnet.a"), "protected"), "true");
  const asOld = componentsOf(await sbomText(project, "--spec-version", "1.5"));
  strictEqual(asOld.find((each) => each["bom-ref"] === "key.web")?.type, "data");
});

Deno.test("audit sbom gives the same bytes for the same log, and another serial number for another state", async () => {
  await using project = await applied();
  const first = await sbomText(project);
  await expectInside(project, 0, ["audit", "sbom", "-o", "bom.json"]);
  strictEqual(await project.read("bom.json"), first);
  await using copy = await project.copy();
  strictEqual(await sbomText(copy), first);
  // A run that changes nothing of the resources: what follows the last record is new, and nothing else.
  await expectInside(project, 0, ["protect", "network.main"]);
  await expectInside(project, 0, ["unprotect", "network.main", "--yes"]);
  const later = JSON.parse(await sbomText(project));
  const before = JSON.parse(first);
  const { metadata, ...rest } = later;
  ok(Number(metadata.component.version) > Number(before.metadata.component.version));
  deepStrictEqual(
    Object.keys(rest).filter((name) => name !== "serialNumber" && name !== "components").map((name) =>
      rest[name]
    ),
    [
      before.$schema,
      before.bomFormat,
      before.specVersion,
      before.version,
      before.dependencies,
    ],
  );
  deepStrictEqual(rest.components, before.components);
});

Deno.test("audit sbom holds no secret, and with --omit-sensitive-ids no id of a provider", async () => {
  await using project = await applied();
  const told = await sbomText(project);
  const secrets = [SECRET, (await project.read("note.txt")).trim()];
  ok(secrets.every((each) => each.length > 10 && !told.includes(each)));
  ok(!told.includes("PRIVATE KEY") && !told.includes("$secret"));
  const omitted = await sbomText(project, "--omit-sensitive-ids");
  const ids = componentsOf(told).flatMap((each) => [propertyOf(each, "id"), propertyOf(each, "account")]);
  for (const id of ids) ok(id !== undefined && (id === "local" || !omitted.includes(`"${id}"`)), id);
  for (const each of componentsOf(told)) {
    for (const { content } of each.hashes ?? []) ok(!omitted.includes(content));
  }
  ok(JSON.parse(told).serialNumber !== JSON.parse(omitted).serialNumber);
});

Deno.test("audit sbom makes no inventory while it is not known what a call did", async () => {
  await using project = await newProject(`resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n`);
  const faults = [{ operation: "create", type: "sim.Network", effect: "crashBefore" }];
  await project.expect(137, ["apply", "--yes"], { env: { SMELT_SIM_FAULTS: JSON.stringify(faults) } });
  const { stderr, stdout } = await expectInside(project, 8, ["audit", "sbom"]);
  strictEqual(stdout, "");
  match(
    stderr,
    /^error: Cannot make an inventory: calls are open, .*\n {2}net\.main: CreateStarted of run [0-9a-f]{8}\n/,
  );
});
