/** What is signed of images, held against cosign and oras. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type DockerRegistry, startDockerRegistry } from "./harness/docker_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { expectInside } from "./harness/inner_program.ts";
import { ranTool } from "./harness/ran_tool.ts";
import { startReferrersRegistry } from "./harness/referrers_registry.ts";
import { blob, built, pemOf, projectWithKey } from "./harness/signed_image.ts";
import type { TestProject } from "./harness/test_project.ts";

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
