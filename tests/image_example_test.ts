/** The example stack: source, image, and what runs it. */
import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startDockerRegistry } from "./harness/docker_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { RUST_FLAGS, toldPlan } from "./harness/image_project.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const EXAMPLE = fileURLToPath(new URL("../examples/image", import.meta.url));

async function exampleProject(): Promise<TestProject> {
  const project = await newProject();
  const copied = await new Deno.Command("cp", { args: ["-a", `${EXAMPLE}/.`, project.root] }).output();
  strictEqual(copied.code, 0);
  return project;
}

/** The images of the machines that live. */
async function running(project: TestProject): Promise<readonly unknown[]> {
  const { stdout } = await project.expect(0, ["show", "instance.shop", "--json"]);
  return [JSON.parse(stdout).fields.image];
}

foreignTest(
  ["cargo", "docker-registry", "skopeo"],
  "the example: a change of source becomes an image, and the machine that runs it follows by digest",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    await using project = await exampleProject();
    const repository = `${registry.host}/team/shop`;
    const options = { flags: RUST_FLAGS, env: { SHOP_REPOSITORY: repository } };
    const first = await project.expect(0, ["apply", "--yes"], options);
    match(first.stdout, /Applied: 4 created/);
    const [before] = await running(project);
    match(String(before), new RegExp(`^${repository}@sha256:[0-9a-f]{64}$`));
    const inspect = [
      "inspect",
      "--tls-verify=false",
      "--format",
      "{{.Digest}}",
      `docker://${repository}:latest`,
    ];
    const seen = await new Deno.Command(tools.skopeo, { args: inspect }).output();
    strictEqual(`${repository}@${new TextDecoder().decode(seen.stdout).trim()}`, before);

    await project.write("main.rs", 'fn main() {\n    println!("Sold out");\n}\n');
    const { action, changes } = await toldPlan(project, "instance.shop", options);
    deepStrictEqual([action, changes.map(({ path }) => path)], ["replace", ["image"]]);
    await project.expect(0, ["apply", "--yes"], options);
    const [after] = await running(project);
    notStrictEqual(after, before);
    strictEqual((await toldPlan(project, "image.shop", options)).action, "none");
    match((await project.expect(0, ["audit", "verify"])).stdout, /ok/i);
  },
);
