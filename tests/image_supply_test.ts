/** What a plan has attached to an image: signatures, provenances and bills of materials, at a real registry. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { type DockerRegistry, startDockerRegistry } from "./harness/docker_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import type { ToldResource } from "./harness/image_project.ts";
import { expectInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

function stack({ host }: DockerRegistry, supply: string, base = "scratch"): string {
  return `resource image "app" : oci.Image {
  identity {
    name = "web"
    repository = "${host}/team/web"
  }

  source {
    binaries = { "linux/amd64" = "web" }
    builder = "prebuilt"
  }

  image {
    base = "${base}"
  }

  publish {
    tags = ["v1"]
  }

  supply {
    ${supply}
  }
}
`;
}

const POLICY = 'require = ["signature", "provenance", "sbom"]\n[keys.me]\nname = "local"\n';

async function planned(project: TestProject): Promise<ToldResource> {
  const { stdout } = await expectInside(project, 0, ["plan", "--json"]);
  return JSON.parse(stdout).resources[0];
}

/** The tag under which clients keep the list of what is attached to an image. */
async function listTag(registry: DockerRegistry): Promise<{ readonly url: string; readonly digest: string }> {
  const accept = "application/vnd.oci.image.index.v1+json";
  const head = async (name: string) => {
    const url = `http://${registry.host}/v2/team/web/manifests/${name}`;
    const answer = await fetch(url, { method: "HEAD", headers: { accept } });
    return answer.headers.get("docker-content-digest") ?? "";
  };
  const tag = (await head("v1")).replace(":", "-");
  return { url: `http://${registry.host}/v2/team/web/manifests/`, digest: await head(tag) };
}

foreignTest(
  ["docker-registry"],
  "6.4 no. 6: a plan signs an image and what it is made of, image verify holds, and what is taken away is put back",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    await using project = await newProject(stack(registry, 'sbom = "both"\n    sign = "local"'));
    await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
    await project.write("policy.toml", POLICY);
    await project.expect(0, ["apply", "--yes"]);
    const verify = ["image", "verify", `${registry.host}/team/web:v1`, "--policy", "policy.toml"];
    const verified = await expectInside(project, 0, verify);
    for (const code of ["V2", "V3", "V4", "V5", "V7"]) {
      match(verified.stdout, new RegExp(`^ok {2}${code} `, "m"));
    }
    strictEqual((await planned(project)).action, "none");

    const before = await listTag(registry);
    const deleted = await fetch(`${before.url}${before.digest}`, { method: "DELETE" });
    strictEqual(deleted.status, 202);
    const { action, changes, drift } = await planned(project);
    strictEqual(action, "update");
    deepStrictEqual(changes.map(({ path }) => path), ["supply.sbom", "supply.sign", "supply.provenance"]);
    deepStrictEqual(
      drift?.changes.map(({ path }) => path).filter((path) => path.startsWith("supply.")),
      ["supply.sbom", "supply.sign", "supply.provenance"],
    );
    const { digest } =
      JSON.parse((await expectInside(project, 0, ["show", "image.app", "--json"])).stdout).outputs;
    await expectInside(project, 0, ["apply", "--yes"]);
    await expectInside(project, 0, verify);
    strictEqual((await planned(project)).action, "none");
    const after =
      JSON.parse((await expectInside(project, 0, ["show", "image.app", "--json"])).stdout).outputs;
    strictEqual(after.digest, digest);
    deepStrictEqual(await listTag(registry), before);
  },
);

foreignTest(
  ["docker-registry"],
  "a key that is not there, and advisories that are not, are told by the plan or the apply, and nothing is sent",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    await using project = await newProject(stack(registry, 'sign = "locla"'));
    await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
    const wrong = await expectInside(project, 1, ["plan"]);
    match(
      wrong.stderr,
      /^error: Cannot plan image\.app: Cannot .*locla\.key": there is no such file\nhint: Did you mean "local"\?/,
    );
    await project.write("main.smelt", stack(registry, 'audit = { database = "nowhere", policy = "maybe" }'));
    const policy = await expectInside(project, 1, ["plan"]);
    match(policy.stderr, /supply\.audit/);
    const tags = await fetch(`http://${registry.host}/v2/team/web/tags/list`);
    await tags.body?.cancel();
    ok(tags.status === 404);
  },
);

foreignTest(
  ["docker-registry"],
  "IMG031: a base that the wanted key has not signed is refused before anything is built, by its digest and not by its tag",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    await using project = await newProject();
    await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
    const base = `${registry.host}/team/base:v1`;
    const build = ["image", "build", "--name", "base", "--binary", "linux/amd64=web", "--tag", "v1"];
    const send = (...more: readonly string[]) =>
      expectInside(project, 0, [...build, "--repo", `${registry.host}/team`, ...more]);
    await send("--sign", "local");
    await expectInside(project, 0, ["image", "lock", base]);
    await expectInside(project, 0, ["keys", "create", "other"]);
    await project.write(
      "other.pem",
      (await expectInside(project, 0, ["keys", "export", "other", "--pem"])).stdout,
    );
    // Another image has the tag by now, which the other key has signed.
    await send("--sign", "other", "--arg", "x");
    const asks = (key: string) =>
      project.write("main.smelt", stack(registry, `require_base_signature = { key = "${key}" }`, base));
    await asks("./other.pem");
    const refused = await expectInside(project, 1, ["apply", "--yes"]);
    match(
      `${refused.stdout}${refused.stderr}`,
      /IMG031: Cannot build on ".*\/team\/base:v1": it is not signed by "\.\/other\.pem"; V2: no signature of sha256:/,
    );
    await asks("local");
    await expectInside(project, 0, ["apply", "--yes"]);
    await project.write("main.smelt", stack(registry, 'require_base_signature = { key = "local" }'));
    const none = await expectInside(project, 1, ["plan"]);
    match(none.stderr, /"supply\.require_base_signature" is about a base, and the image stands on none/);
  },
);
