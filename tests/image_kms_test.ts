/** Images signed by keys in AWS KMS. */
import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startDockerRegistry } from "./harness/docker_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { kmsVariables, runWithKms } from "./harness/kms_project.ts";
import { startMinistack, startMoto } from "./harness/kms_server.ts";
import { ranTool } from "./harness/ran_tool.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const BUILD = [
  "image",
  "build",
  "--name",
  "web",
  "--binary",
  "linux/amd64=web",
  "--layout",
  "out",
  "--tag",
  "v1",
];

/** Runs commands inside, which must end with the code in front. */
function commands(project: TestProject, url: string) {
  return async (code: number, ...args: readonly string[]) => {
    const ran = await runWithKms(project, args, { variables: kmsVariables(url) });
    strictEqual(
      ran.code,
      code,
      `smelt ${args.join(" ")} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`,
    );
    return ran;
  };
}

foreignTest(
  ["moto_server", "docker-registry", "cosign"],
  "a key in KMS signs an image by ECDSA: cosign verifies it, and signing again attaches nothing",
  async (tools) => {
    await using server = await startMoto(tools.moto_server);
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    await using project = await emptyProject();
    await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
    const smelt = commands(project, server.url);
    const key = `kms:${await server.createKey("ECDSA")}`;
    await smelt(0, "init", "--signing-key", key);
    await smelt(0, ...BUILD, "--cosign-tags");
    const first = await project.read("out/index.json");
    match(first, /cosign\/sign\/v1/);
    await smelt(0, ...BUILD, "--cosign-tags");
    strictEqual(await project.read("out/index.json"), first);
    await project.write("pub.pem", (await smelt(0, "keys", "export", key, "--pem")).stdout);
    const to = `${registry.host}/team/web:v1`;
    await smelt(0, "image", "push", "out:v1", to);
    const common = ["--key", "pub.pem", "--insecure-ignore-tlog", "--allow-http-registry"];
    for (const form of [["verify"], ["verify-attestation", "--type", "slsaprovenance1"]]) {
      const ran = await ranTool(tools.cosign, [...form, ...common, to], project.root);
      strictEqual(ran.code, 0, ran.stdout);
    }
    // Who has the public key needs no KMS.
    await smelt(0, "image", "verify", to, "--key", "./pub.pem");
    await smelt(0, "image", "verify", to, "--key", key);
  },
);

foreignTest(
  ["ministack"],
  "what is longer than a key in KMS signs ends the build, and nothing of it is written",
  async ({ ministack }) => {
    await using server = await startMinistack(ministack);
    await using project = await emptyProject();
    await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
    const smelt = commands(project, server.url);
    await smelt(0, "init", "--signing-key", `kms:${await server.createKey("Ed25519")}`);
    const long = ["--label", `a=${"x".repeat(5000)}`];
    const { stderr } = await smelt(1, ...BUILD, ...long);
    match(stderr, /4,?096/);
    const names = (await Array.fromAsync(Deno.readDir(project.root))).map(({ name }) => name);
    ok(!names.includes("out"), names.join());
    await smelt(0, ...BUILD, ...long, "--no-provenance");
    await smelt(0, ...BUILD);
  },
);
