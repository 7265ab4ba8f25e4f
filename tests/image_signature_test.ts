/** What is signed of an image, held against cosign and oras, and against whoever attaches something else. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { zlibSync } from "fflate";
import { makeElf } from "../image/elf_fixture_test.ts";
import { withSections } from "../image/elf_sections_fixture_test.ts";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { type DockerRegistry, startDockerRegistry } from "./harness/docker_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { expectInside } from "./harness/inner_program.ts";
import { ranTool } from "./harness/ran_tool.ts";
import { startReferrersRegistry } from "./harness/referrers_registry.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** Without bills of materials, which have tests of their own: what is counted here is what is signed of the image. */
const BUILD = [
  "image",
  "build",
  "--sbom",
  "none",
  "--name",
  "web",
  "--binary",
  "linux/amd64=web",
  "--layout",
  "out",
  "--tag",
  "v1",
];

/** A project with a key, a program, and the public half of the key in `pub.pem`. */
async function projectWithKey(): Promise<TestProject> {
  const project = await newProject();
  await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
  await project.write("pub.pem", await pemOf(project, "local"));
  return project;
}

async function pemOf(project: TestProject, name: string): Promise<string> {
  return (await expectInside(project, 0, ["keys", "export", name, "--pem"])).stdout;
}

async function built(project: TestProject, ...more: readonly string[]): Promise<string> {
  return (await expectInside(project, 0, [...BUILD, ...more])).stdout.trim();
}

/** What `cosign` says of an image; its trust root has no services in it. */
async function cosignSays(cosign: string, project: TestProject, args: readonly string[]): Promise<number> {
  const root = { mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1" };
  await project.write(
    "root.json",
    JSON.stringify({ ...root, tlogs: [], certificateAuthorities: [], ctlogs: [] }),
  );
  const common = ["--insecure-ignore-tlog", "--allow-http-registry"];
  return (await ranTool(cosign, [...args.slice(0, 1), ...common, ...args.slice(1)], project.root)).code;
}

const ATTESTED = ["verify-attestation", "--type", "slsaprovenance1"];
const BUNDLED = ["--new-bundle-format", "--trusted-root", "root.json"];

async function checkInterop(
  { cosign, oras }: { readonly cosign: string; readonly oras: string },
  registry: DockerRegistry,
): Promise<void> {
  await using project = await projectWithKey();
  await expectInside(project, 0, ["keys", "create", "other"]);
  await project.write("other.pem", await pemOf(project, "other"));
  const to = `${registry.host}/team/web`;
  const known = ["--no-push", "--repo", `${registry.host}/team`];
  const digest = await built(project, ...known, "--cosign-tags");
  const pushed = await expectInside(project, 0, ["image", "push", "out:v1", `${to}:v1`, "--json"]);
  strictEqual(JSON.parse(pushed.stdout).sent_attachments, 4);
  const again = JSON.parse(
    (await expectInside(project, 0, ["image", "push", "out:v1", `${to}:v1`, "--json"])).stdout,
  );
  deepStrictEqual([again.sent_blobs, again.sent_attachments, again.held_attachments], [0, 0, 4]);

  for (const form of [["verify"], ATTESTED, [...ATTESTED, ...BUNDLED]]) {
    strictEqual(
      await cosignSays(cosign, project, [...form, "--key", "pub.pem", `${to}:v1`]),
      0,
      form.join(" "),
    );
    ok(await cosignSays(cosign, project, [...form, "--key", "other.pem", `${to}:v1`]) !== 0, form.join(" "));
  }
  const listed = await ranTool(
    oras,
    ["discover", "--plain-http", "--format", "json", `${to}:v1`],
    project.root,
  );
  const manifests: readonly { readonly digest: string }[] = JSON.parse(listed.stdout).manifests;
  const inLayout = JSON.parse(await project.read("out/index.json")).manifests
    .filter((each: { artifactType?: string }) => each.artifactType !== undefined);
  deepStrictEqual(
    manifests.map((each) => each.digest).toSorted(),
    inLayout.map((each: { digest: string }) => each.digest).toSorted(),
  );
  const local = await ranTool(oras, ["discover", "--oci-layout", "--format", "json", "out:v1"], project.root);
  strictEqual(JSON.parse(local.stdout).manifests.length, 2);

  for (const reference of [`${to}:v1`, `${to}@${digest}`]) {
    const verified = await expectInside(project, 0, ["image", "verify", reference, "--key", "./pub.pem"]);
    match(verified.stdout, /^ok {2}V2 .*\n {5}signature by the key "\.\/pub\.pem"/m);
  }
  await expectInside(project, 1, ["image", "verify", `${to}:v1`, "--key", "./other.pem"]);
}

foreignTest(
  ["docker-registry", "cosign", "oras"],
  "6.4 no. 5: cosign and oras read what is signed from a registry without a list, and refuse another key",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    await checkInterop(tools, registry);
  },
);

foreignTest(
  ["go", "cosign", "oras"],
  "6.4 no. 5: cosign and oras read what is signed from a registry with a list, and refuse another key",
  async (tools) => {
    await using registry = await startReferrersRegistry(tools.go);
    await checkInterop(tools, registry);
  },
);

foreignTest(
  ["docker-registry", "cosign", "oras"],
  "6.4 no. 5: image verify reads what cosign signed beside what smelt did, and a layout that oras has copied",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    await using project = await projectWithKey();
    const to = `${registry.host}/team/web`;
    const known = ["--no-push", "--repo", `${registry.host}/team`];
    const digest = await built(project, ...known, "--cosign-tags");
    await expectInside(project, 0, ["image", "push", "out:v1", `${to}:v1`]);
    const cosign = async (args: readonly string[]) => {
      const env = { COSIGN_PASSWORD: "" };
      const ran = await new Deno.Command(tools.cosign, {
        args: [...args],
        cwd: project.root,
        env,
        stdin: "null",
      }).output();
      ok(ran.success, new TextDecoder().decode(ran.stderr));
    };
    await cosign(["generate-key-pair"]);
    await expectInside(project, 1, ["image", "verify", `${to}:v1`, "--key", "./cosign.pub"]);
    const common = ["--key", "cosign.key", "--tlog-upload=false", "--allow-http-registry", "--yes"];
    await cosign(["sign", ...common, `${to}@${digest}`]);
    await project.write(
      "bom.json",
      JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components: [] }),
    );
    const manifest = JSON.parse(await project.read(blob(digest))).manifests[0].digest;
    await cosign([
      "attest",
      ...common,
      "--type",
      "cyclonedx",
      "--predicate",
      "bom.json",
      `${to}@${manifest}`,
    ]);
    await project.write("policy.toml", 'require = ["signature", "sbom"]\n[keys.them]\nfile = "cosign.pub"\n');
    const verified = await expectInside(project, 0, [
      "image",
      "verify",
      `${to}:v1`,
      "--policy",
      "policy.toml",
    ]);
    match(verified.stdout, /CycloneDX 1\.6 by the key "\.\/cosign\.pub"/);
    await expectInside(project, 0, ["image", "verify", `${to}:v1`, "--key", "local"]);
    // cosign has added to the tag, and we add to what it wrote.
    const { sent_attachments: sent } = JSON.parse(
      (await expectInside(project, 0, ["image", "push", "out:v1", `${to}:v1`, "--json"])).stdout,
    );
    strictEqual(sent, 0);
    await expectInside(project, 0, ["keys", "create", "other"]);
    await built(project, ...known, "--cosign-tags", "--sign", "other");
    await expectInside(project, 0, ["image", "push", "out:v1", `${to}:v1`]);
    for (const key of ["./cosign.pub", "local", "other"]) {
      await expectInside(project, 0, ["image", "verify", `${to}:v1`, "--key", key]);
    }
    const copied = await ranTool(tools.oras, [
      ...["cp", "-r", "--from-plain-http", "--to-oci-layout", `${to}:v1`, "copied:v1"],
    ], project.root);
    strictEqual(copied.code, 0, copied.stdout);
    const offline = await expectInside(project, 0, [
      "image",
      "verify",
      "v1",
      "--layout",
      "copied",
      "--key",
      "local",
    ]);
    match(offline.stdout, new RegExp(digest));
  },
);

foreignTest(
  ["docker-registry"],
  "6.4 no. 4: two who attach at one time to a registry without a list lose nothing",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    await using project = await projectWithKey();
    await expectInside(project, 0, ["keys", "create", "other"]);
    const to = `${registry.host}/team/web`;
    const digest = await built(project, "--no-sign");
    await expectInside(project, 0, ["image", "push", "out:v1", to]);
    const pushes = ["local", "other"].map(async (key) => {
      const layout = `out-${key}`;
      const build = BUILD.map((each) => each === "out" ? layout : each);
      strictEqual(
        (await expectInside(project, 0, [...build, "--sign", key, "--cosign-tags"])).stdout.trim(),
        digest,
      );
      await expectInside(project, 0, ["image", "push", `${layout}:v1`, to]);
    });
    await Promise.all(pushes);
    const tag = `sha256-${digest.slice("sha256:".length)}`;
    const list = await (await fetch(`http://${to.replace("/", "/v2/")}/manifests/${tag}`, {
      headers: { accept: "application/vnd.oci.image.index.v1+json" },
    })).json();
    strictEqual(list.manifests.length, 4);
    for (const key of ["local", "other"]) {
      await expectInside(project, 0, ["image", "verify", `${to}@${digest}`, "--key", key]);
    }
  },
);

Deno.test("image build --sign attaches nothing again for the same image and key, and more for another key", async () => {
  await using project = await projectWithKey();
  await built(project, "--cosign-tags");
  const first = await project.read("out/index.json");
  await built(project, "--cosign-tags");
  strictEqual(await project.read("out/index.json"), first);
  await expectInside(project, 0, ["keys", "create", "other"]);
  const digest = await built(project, "--sign", "other", "--cosign-tags");
  const second = JSON.parse(await project.read("out/index.json")).manifests;
  strictEqual(second.length, JSON.parse(first).manifests.length + 2);
  for (const key of ["local", "other"]) {
    await expectInside(project, 0, ["image", "verify", digest, "--layout", "out", "--key", key]);
  }
});

Deno.test("image build signs by default where a key is, and not where none is or --no-sign is said", async () => {
  await using project = await projectWithKey();
  await built(project, "--no-sign");
  strictEqual(JSON.parse(await project.read("out/index.json")).manifests.length, 1);
  const none = await expectInside(project, 1, ["image", "verify", "v1", "--layout", "out", "--key", "local"]);
  match(
    none.stdout,
    /^no {2}V2 .*\n {5}no signature of sha256:[0-9a-f]{64} is signed by one of the keys: nothing signed/m,
  );
  await built(project);
  await expectInside(project, 0, ["image", "verify", "v1", "--layout", "out", "--key", "local"]);
  await Deno.remove(join(project.root, ".smelt/keys/local.key"));
  await Deno.remove(join(project.root, "out"), { recursive: true });
  await built(project);
  strictEqual(JSON.parse(await project.read("out/index.json")).manifests.length, 1);
  const asked = await expectInside(project, 1, [...BUILD, "--sign"]);
  match(asked.stderr, /^error: Cannot .*local\.key": there is no such file/);
  const near = await expectInside(project, 1, [...BUILD, "--sign", "locla"]);
  match(near.stderr, /^error: /);
});

/** Changes one attached document in a layout; every digest is made anew, as who attaches it would. */
async function alteredAttachment(
  project: TestProject,
  predicateType: string,
  change: (envelope: { payload: string; signatures: { sig: string }[] }) => void,
): Promise<void> {
  const index = JSON.parse(await project.read("out/index.json"));
  const entry = index.manifests.find((each: { annotations?: Record<string, string> }) =>
    each.annotations?.["dev.sigstore.bundle.predicateType"] === predicateType
  );
  const manifest = JSON.parse(await project.read(blob(entry.digest)));
  const bundle = JSON.parse(await project.read(blob(manifest.layers[0].digest)));
  change(bundle.dsseEnvelope);
  Object.assign(manifest.layers[0], await put(project, bundle));
  Object.assign(entry, await put(project, manifest));
  await project.write("out/index.json", JSON.stringify(index));
}

function blob(digest: string): string {
  return `out/blobs/sha256/${digest.slice("sha256:".length)}`;
}

async function put(project: TestProject, json: unknown): Promise<{ digest: string; size: number }> {
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  const hex = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  await Deno.writeFile(join(project.root, blob(`sha256:${hex}`)), bytes);
  return { digest: `sha256:${hex}`, size: bytes.length };
}

const PROVENANCE = "https://slsa.dev/provenance/v1";

Deno.test("6.4 no. 5: a changed payload ends image verify with 6, and a stripped signature or another key with 1", async () => {
  await using project = await projectWithKey();
  await built(project);
  await project.write("policy.toml", 'require = ["signature", "provenance"]\n[keys.me]\nname = "local"\n');
  const verify = ["image", "verify", "v1", "--layout", "out"];
  await expectInside(project, 0, [...verify, "--policy", "policy.toml"]);
  await alteredAttachment(project, PROVENANCE, (envelope) => {
    const payload = new TextDecoder().decode(Uint8Array.fromBase64(envelope.payload));
    envelope.payload = new TextEncoder().encode(payload.replace('"linux/amd64":"web"', '"linux/amd64":"bad"'))
      .toBase64();
  });
  const changed = await expectInside(project, 6, [...verify, "--policy", "policy.toml"]);
  match(changed.stdout, /^no {2}V2 .*\n.*no provenance .* was altered after a key had signed it/m);
  await expectInside(project, 0, [...verify, "--key", "local"]);
  await expectInside(project, 0, ["keys", "create", "other"]);
  const other = await expectInside(project, 1, [...verify, "--key", "other"]);
  match(other.stdout, /V2 .*\n.*2 of what is attached are signed by none of them/);
  const index = JSON.parse(await project.read("out/index.json"));
  index.manifests = index.manifests.filter((each: { artifactType?: string }) =>
    each.artifactType === undefined
  );
  await project.write("out/index.json", JSON.stringify(index));
  const stripped = await expectInside(project, 1, [...verify, "--key", "local"]);
  match(stripped.stdout, /V2 .*\n.*nothing signed is attached/);
});

Deno.test("6.4 no. 5: what a key signed of another image or platform does not count for this one: V4", async () => {
  await using project = await projectWithKey();
  const digest = await built(project);
  const first = JSON.parse(await project.read("out/index.json")).manifests;
  await expectInside(project, 0, [...BUILD.slice(0, -1), "v2", "--arg", "x"]);
  // The statements of v1, attached to v2 by somebody who may write there.
  const index = JSON.parse(await project.read("out/index.json"));
  const [second] = index.manifests.filter((each: { annotations?: Record<string, string> }) =>
    each.annotations?.["org.opencontainers.image.ref.name"] === "v2"
  );
  const known = new Set(first.map((each: { digest: string }) => each.digest));
  const isOurs = (each: { digest: string; artifactType?: string }) =>
    each.artifactType === undefined || known.has(each.digest);
  index.manifests = index.manifests.filter(isOurs);
  for (const entry of index.manifests) {
    if (entry.artifactType === undefined) continue;
    const manifest = JSON.parse(await project.read(blob(entry.digest)));
    manifest.subject = { mediaType: second.mediaType, digest: second.digest, size: second.size };
    Object.assign(entry, await put(project, manifest));
  }
  await project.write("out/index.json", JSON.stringify(index));
  const swapped = await expectInside(project, 1, [
    "image",
    "verify",
    "v2",
    "--layout",
    "out",
    "--key",
    "local",
  ]);
  match(swapped.stdout, /^no {2}V4 .*\n {5}the signature by the key "local" .* is not about sha256:/m);
  ok(!swapped.stdout.includes(digest));
});

Deno.test("image verify ends with 6 where bytes are not what names them, and 1 where nothing is", async () => {
  await using project = await projectWithKey();
  const digest = await built(project);
  const manifest = JSON.parse(await project.read(blob(digest))).manifests[0].digest;
  const layer = JSON.parse(await project.read(blob(manifest))).layers[0].digest;
  const bytes = await Deno.readFile(join(project.root, blob(layer)));
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  await Deno.writeFile(join(project.root, blob(layer)), bytes);
  const damaged = await expectInside(project, 6, [
    "image",
    "verify",
    "v1",
    "--layout",
    "out",
    "--key",
    "local",
  ]);
  match(damaged.stderr, /^error: V1: Cannot trust the blob sha256:/);
  const absent = await expectInside(project, 1, [
    "image",
    "verify",
    "v3",
    "--layout",
    "out",
    "--key",
    "local",
  ]);
  match(absent.stderr, /^error: V1: Cannot find "v3" in "out": it has "v1"/);
  const keyless = await expectInside(project, 1, ["image", "verify", "v1", "--layout", "out"]);
  match(keyless.stderr, /^error: No key to verify with/);
});

Deno.test("V9: what was built again must be the same, and is told where it is not or is nowhere", async () => {
  await using project = await projectWithKey();
  await built(project);
  const again = BUILD.map((each) => each === "out" ? "again" : each);
  const verify = ["image", "verify", "v1", "--layout", "out", "--key", "local", "--rebuilt"];
  const { stdout: digest } = await expectInside(project, 0, [...again, "--no-sign"]);
  const same = await expectInside(project, 0, [...verify, "again:v1"]);
  match(same.stdout, /^ok {2}V9 .*\n {5}"again:v1" is the same, byte for byte$/m);
  await expectInside(project, 0, [...again.slice(0, -1), "v2", "--no-sign", "--arg", "x"]);
  const other = await expectInside(project, 1, [...verify, "again:v2", "--json"]);
  const { checks, verifies } = JSON.parse(other.stdout);
  deepStrictEqual([verifies, checks.at(-1).code, checks.at(-1).outcome], [false, "V9", "failed"]);
  ok(!checks.at(-1).details[0].includes(digest.trim()));
  const absent = await expectInside(project, 1, [...verify, "nowhere:v1"]);
  match(absent.stderr, /^error: V9: Cannot read "nowhere": it is no OCI layout/);
});

Deno.test("what a policy says wrongly is told in its place, and what it asks for is asked", async () => {
  await using project = await projectWithKey();
  await built(project);
  const verify = ["image", "verify", "v1", "--layout", "out", "--policy", "policy.toml"];
  const cases = [
    [
      'requires = ["signature"]\n',
      /Unknown key "requires" in policy\.toml\n.*hint: Did you mean "require"\?/s,
    ],
    ['require = ["signatur"]\n', /expected one of signature, provenance, sbom, found "signatur"/],
    ["require = []\n", /it asks for nothing/],
    ['[keys.me]\nfile = "pub.pem"\nname = "local"\n', /it has either "file" or "name"/],
    ['[keys.me]\nname = "locla"\n', /locla\.key": there is no such file\nhint: Did you mean "local"\?/],
    ['[keys.me]\nfile = "web"\n', /Cannot verify with "\.\/web": it holds no public key/],
    ["require = [\n", /Cannot read "policy\.toml"/],
  ] as const;
  for (const [text, message] of cases) {
    await project.write("policy.toml", text);
    match((await expectInside(project, 1, verify)).stderr, message);
  }
  await project.write(
    "policy.toml",
    '[keys.me]\nfile = "pub.pem"\nbuilders = ["https://ci/1"]\n[base]\nnames = ["scratch"]\n',
  );
  match((await expectInside(project, 1, verify)).stdout, /V5 .*\n.*this key may vouch for "https:\/\/ci\/1"/);
  await built(project, "--builder-id", "https://ci/1");
  await expectInside(project, 0, verify);
  const badUri = await expectInside(project, 1, [...BUILD, "--builder-id", "me"]);
  match(badUri.stderr, /Cannot use "me" for --builder-id: wanted a URI/);
  const badRepo = await expectInside(project, 1, [...BUILD, "--repo", "x:v1"]);
  match(
    badRepo.stderr,
    /Cannot send to "x:v1\/web": its host is "x:v1", wanted a name or an address, and a port/,
  );
  const badName = await expectInside(project, 1, [...BUILD, "--no-push", "--repo", "x:v1"]);
  match(
    badName.stderr,
    /Cannot sign for "x:v1\/web": its host is "x:v1", wanted a name or an address, and a port/,
  );
});

Deno.test("what a signed image is made of is attached and signed: image verify asks for it, image sbom prints it, and what nobody vouches for does not count", async () => {
  await using project = await projectWithKey();
  const build = BUILD.map((each) => each === "none" ? "both" : each);
  const { stdout } = await expectInside(project, 0, [...build, "--sbom-dir", "boms", "--json"]);
  const { digest, attachments, sboms } = JSON.parse(stdout);
  const kinds = attachments.map((each: { artifact_type: string; predicate_type: string | null }) =>
    each.predicate_type ?? each.artifact_type
  );
  for (const kind of ["application/vnd.cyclonedx+json", "application/spdx+json"]) {
    ok(kinds.includes(kind), kind);
  }
  for (const kind of ["https://cyclonedx.org/bom", "https://spdx.dev/Document"]) {
    ok(kinds.includes(kind), kind);
  }
  deepStrictEqual(sboms.map((each: { path: string }) => each.path), [
    "boms/web-linux-amd64.cdx.json",
    "boms/web-index.cdx.json",
    "boms/web-linux-amd64.spdx.json",
    "boms/web-index.spdx.json",
  ]);
  const printed = await expectInside(project, 0, ["image", "sbom", "out:v1"]);
  strictEqual(printed.stdout, await project.read("boms/web-linux-amd64.cdx.json"));
  strictEqual((await Array.fromAsync(Deno.readDir(join(project.root, "out")))).length, 3);
  await project.write("policy.toml", 'require = ["signature", "sbom"]\n[keys.me]\nname = "local"\n');
  const verify = ["image", "verify", "v1", "--layout", "out", "--policy", "policy.toml"];
  const verified = await expectInside(project, 0, verify);
  match(verified.stdout, /^ {5}(?:CycloneDX 1\.6|SPDX 2\.3) by the key "local"/m);
  match(verified.stdout, /^ok {2}V7 /m);
  const statement = (await statements(project, "https://cyclonedx.org/bom")).find((each) =>
    each.subject[0].digest.sha256 !== digest.slice("sha256:".length)
  );
  deepStrictEqual(statement.predicate, JSON.parse(printed.stdout));
  const [provenance] = await statements(project, PROVENANCE);
  const { byproducts } = provenance.predicate.runDetails;
  for (const { digest: bom } of sboms) {
    ok(
      byproducts.some((each: { digest: { sha256: string } }) => `sha256:${each.digest.sha256}` === bom),
      bom,
    );
  }
  await stripped(project, ["https://cyclonedx.org/bom", "https://spdx.dev/Document"]);
  // What is attached as it is still counts, since the provenance names its bytes.
  const named = await expectInside(project, 0, verify);
  match(named.stdout, /(?:CycloneDX 1\.6|SPDX 2\.3), which the provenance names by its digest/);
  await stripped(project, [PROVENANCE]);
  const bare = await expectInside(project, 1, verify);
  match(bare.stdout, /^no {2}V2 .*\n {5}no bill of materials of sha256:/m);
  strictEqual((await expectInside(project, 0, ["image", "sbom", "out:v1"])).stdout, printed.stdout);
});

Deno.test("V8: what a signed image is made of is held against advisories, by the document that a key stands for and no other", async () => {
  await using project = await projectWithKey();
  const crates = {
    packages: [
      { name: "web", version: "0.1.0", source: "local", dependencies: [1], root: true },
      { name: "time", version: "0.1.45", source: "crates.io" },
    ],
  };
  const list = zlibSync(new TextEncoder().encode(JSON.stringify(crates)));
  await Deno.writeFile(
    join(project.root, "web"),
    withSections(makeElf({ machine: 62 }), { ".dep-v0": list }),
    {
      mode: 0o755,
    },
  );
  const advisory = (patched: string) =>
    `\`\`\`toml\n[advisory]\nid = "RUSTSEC-2020-0071"\npackage = "time"\ndate = "${
      new Date().toISOString().slice(0, 10)
    }"\n[versions]\npatched = ["${patched}"]\n\`\`\`\n# Potential segfault\n`;
  const path = "db/crates/time/RUSTSEC-2020-0071.md";
  await project.write(path, advisory(">= 0.2.23"));
  const build = BUILD.map((each) => each === "none" ? "both" : each);
  await expectInside(project, 1, [...build, "--advisory-db", "db"]);
  await expectInside(project, 0, [...build, "--advisory-db", "db", "--audit", "warn"]);
  const [provenance] = await statements(project, PROVENANCE);
  const { resolvedDependencies } = provenance.predicate.buildDefinition;
  deepStrictEqual(
    resolvedDependencies.find((each: { name: string }) => each.name === "advisories").annotations.policy,
    "warn",
  );
  const verify = ["image", "verify", "v1", "--layout", "out", "--key", "local"];
  match((await expectInside(project, 0, verify)).stdout, /^- {3}V8 .*: not asked$/m);
  const met = await expectInside(project, 1, [...verify, "--advisory-db", "db"]);
  match(met.stdout, /^no {2}V8 .*\n {5}refused: RUSTSEC-2020-0071: time 0\.1\.45: vulnerability: Potential/m);
  await project.write(path, advisory(">= 0.1.45"));
  const free = await expectInside(project, 0, [...verify, "--advisory-db", "db"]);
  match(free.stdout, /^ok {2}V8 .*\n {5}1 package, held against 1 advisory up to /m);
  const absent = await expectInside(project, 1, [...verify, "--advisory-db", "nowhere"]);
  match(absent.stdout, /^no {2}V8 .*\n {5}refused: IMG041: /m);
  await stripped(project, ["https://cyclonedx.org/bom", PROVENANCE]);
  const bare = await expectInside(project, 1, [...verify, "--advisory-db", "db"]);
  match(bare.stdout, /^no {2}V8 .*\n {5}no bill of materials in CycloneDX that counts is about sha256:/m);
});

/** Takes statements of these kinds away. */
async function stripped(project: TestProject, kinds: readonly string[]): Promise<void> {
  const index = JSON.parse(await project.read("out/index.json"));
  index.manifests = index.manifests.filter((each: { annotations?: Record<string, string> }) =>
    !kinds.includes(each.annotations?.["dev.sigstore.bundle.predicateType"] ?? "")
  );
  await project.write("out/index.json", JSON.stringify(index));
}

Deno.test("the program signs and verifies with the permissions that its commands keep", async () => {
  await using project = await projectWithKey();
  const { stderr, stdout } = await project.expect(0, [...BUILD, "--sign"]);
  match(stderr, /attached https:\/\/sigstore\.dev\/cosign\/sign\/v1/);
  const verified = await project.expect(0, [
    "image",
    "verify",
    stdout.trim(),
    "--layout",
    "out",
    "--key",
    "./pub.pem",
  ]);
  match(verified.stdout, /^Verified out {2}sha256:/m);
  await project.expect(0, ["image", "verify", "v1", "--layout", "out", "--key", "local"]);
});

/** The statements of a kind in a layout. */
async function statements(project: TestProject, predicateType: string) {
  const found = [];
  for (const entry of JSON.parse(await project.read("out/index.json")).manifests) {
    if (entry.annotations?.["dev.sigstore.bundle.predicateType"] !== predicateType) continue;
    const { layers } = JSON.parse(await project.read(blob(entry.digest)));
    const { dsseEnvelope } = JSON.parse(await project.read(blob(layers[0].digest)));
    found.push(JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(dsseEnvelope.payload))));
  }
  return found;
}

Deno.test("a provenance tells the programs, what was said, and whether the source is that of its commit", async () => {
  await using project = await projectWithKey();
  const git = async (...args: readonly string[]) => {
    const who = ["-c", "user.name=me", "-c", "user.email=me@example.com"];
    const ran = await ranTool("git", [...who, ...args], project.root);
    strictEqual(ran.code, 0, ran.stdout);
    return ran.stdout.trim();
  };
  await git("init", "-q", "-b", "main");
  await git("remote", "add", "origin", "https://me:pw-canary@github.com/me/web.git");
  await project.write(".gitignore", "out\n");
  await git("add", "-A", "-f", "web", ".gitignore");
  await git("commit", "-q", "-m", "one");
  const commit = await git("rev-parse", "HEAD");
  const withGit = { flags: ["--allow-run=git"] };
  await project.expect(0, [...BUILD, "--arg", "x", "--label", "a=b"], withGit);
  await project.write(".gitignore", "out\n*.pem\n.smelt\nsmelt*\n*.smelt\n");
  await git("add", "-A");
  await git("commit", "-q", "-m", "two");
  await project.expect(0, BUILD, withGit);
  await project.expect(0, [...BUILD, "--user", "1"]);
  const told = await statements(project, PROVENANCE);
  strictEqual(told.length, 3);
  const [{ predicate, subject }] = told.filter((each) =>
    each.predicate.buildDefinition.externalParameters.image.args !== undefined
  );
  const { buildDefinition, runDetails } = predicate;
  deepStrictEqual(buildDefinition.externalParameters, {
    source: {
      programs: { "linux/amd64": "web" },
      uri: "git+https://github.com/me/web",
      ref: "refs/heads/main",
      commit,
    },
    platforms: ["linux/amd64"],
    image: { name: "web", args: ["x"], labels: { a: "b" } },
  });
  const [source, program] = buildDefinition.resolvedDependencies;
  deepStrictEqual(source, {
    name: "source",
    uri: "git+https://github.com/me/web@refs/heads/main",
    digest: { gitCommit: commit },
    annotations: { workingTree: "changed" },
  });
  const bytes = await Deno.readFile(join(project.root, "web"));
  const hex = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  deepStrictEqual([program.name, program.digest], ["web", { sha256: hex }]);
  strictEqual(runDetails.builder.id, "urn:smelt:builder:local");
  strictEqual(subject.length, 2);
  const trees = told.map((each) =>
    each.predicate.buildDefinition.resolvedDependencies[0].annotations.workingTree
  );
  deepStrictEqual(trees.toSorted(), ["changed", "clean", "not compared"]);
  ok(!JSON.stringify(told).includes("canary"));
});
