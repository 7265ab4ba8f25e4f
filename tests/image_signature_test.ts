/** What is signed of an image, held against whoever attaches something else. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startDockerRegistry } from "./harness/docker_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { expectInside } from "./harness/inner_program.ts";
import { ranTool } from "./harness/ran_tool.ts";
import { blob, BUILD, built, projectWithKey, PROVENANCE, statements } from "./harness/signed_image.ts";
import type { TestProject } from "./harness/test_project.ts";

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

async function put(project: TestProject, json: unknown): Promise<{ digest: string; size: number }> {
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  const hex = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  await Deno.writeFile(join(project.root, blob(`sha256:${hex}`)), bytes);
  return { digest: `sha256:${hex}`, size: bytes.length };
}

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
