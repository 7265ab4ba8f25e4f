/** What holds of keys in KMS without any KMS. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { kmsVariables, runWithKms } from "./harness/kms_project.ts";
import { emptyProject, newProject } from "./harness/test_project.ts";

const ARN = "arn:aws:kms:eu-central-1:111122223333:alias/smelt";

Deno.test("init says which flag lets it reach KMS before it makes anything", async () => {
  await using project = await emptyProject();
  for (const option of ["--signing-key", "--secrets-key"]) {
    const ran = await project.expect(1, ["init", option, `kms:${ARN}`]);
    strictEqual(
      ran.stderr,
      `error: The runtime does not allow to reach kms.eu-central-1.amazonaws.com, where the key "${ARN}" lies\n` +
        'hint: Start with: SMELT_FLAGS="--allow-net=kms.eu-central-1.amazonaws.com" ./smelt …; the launcher that smelt init ' +
        "writes has it\n",
    );
    ok(!(await Array.fromAsync(Deno.readDir(project.root))).some(({ name }) => name === "smelt.toml"));
  }
});

Deno.test("init takes a key in KMS by its reference only, and knows where it lies", async () => {
  await using project = await emptyProject();
  const init = async (key: string, variables: Readonly<Record<string, string>> = {}) => {
    const { code, stderr } = await runWithKms(project, ["init", "--signing-key", key], { variables });
    strictEqual(code, 1);
    return stderr;
  };
  match(
    await init("alias/smelt"),
    /^error: Cannot use --signing-key "alias\/smelt": expected "kms:" and the ARN/,
  );
  match(
    await init("kms:alias/smelt"),
    /^error: Cannot tell in which region the key "alias\/smelt" lies\nhint: /,
  );
  const clear = { AWS_ENDPOINT_URL_KMS: "http://kms.example" };
  match(
    await init(`kms:${ARN}`, clear),
    /"http:\/\/kms\.example": keys would travel in clear; expected https:/,
  );
});

Deno.test("a KMS that nobody answers for is told with its address, and nothing is made", async () => {
  await using project = await emptyProject();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const variables = kmsVariables(`http://127.0.0.1:${port}`);
  const clock = { wallMs: () => 0, monotonicMs: () => 0, sleep: instantSleep };
  const ran = await runWithKms(project, ["init", "--signing-key", `kms:${ARN}`], { variables, clock });
  match(ran.stderr, new RegExp(`no answer came from 127\\.0\\.0\\.1:${port} \\(TypeError\\)\\nhint: `));
  deepStrictEqual(await Array.fromAsync(Deno.readDir(project.root)), []);
});

Deno.test("the credential_process of a profile is not started, even where programs may be, and the message says what to do", async () => {
  await using project = await emptyProject();
  const folder = await Deno.realPath(join(project.root, ".."));
  const program = join(folder, "give.sh");
  await Deno.writeTextFile(program, `#!/bin/sh\ntouch ${folder}/started\n`, { mode: 0o700 });
  await Deno.writeTextFile(join(folder, "config"), `[profile ci]\ncredential_process = ${program}\n`);
  const env = {
    AWS_PROFILE: "ci",
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const flags = [`-R=${folder}`, "--allow-run", "--allow-net=kms.eu-central-1.amazonaws.com"];
  const ran = await project.expect(1, ["init", "--secrets-key", `kms:${ARN}`], { env, flags });
  match(
    ran.stderr,
    /^error: Cannot use the key "arn:[^"]*" in AWS KMS: no AWS credentials were found\nhint: /,
  );
  match(
    ran.stderr,
    /; the credential_process of a profile is not started: put what it prints into these variables and /,
  );
  ok(!(await Array.fromAsync(Deno.readDir(folder))).some(({ name }) => name === "started"));
});

/** Waits before another attempt are over at once; the end of patience with one that is under way never comes. */
function instantSleep(_ms: number, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return Promise.resolve();
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

Deno.test("init of another environment writes its own signing key, and no other key for all secrets", async () => {
  await using project = await newProject();
  const add = (...args: string[]) => runWithKms(project, ["init", "staging", ...args], { variables: {} });
  const { code, stderr } = await add("--secrets-key", `kms:${ARN}`);
  strictEqual(code, 1);
  match(
    stderr,
    /^error: Cannot use --secrets-key here: smelt\.toml names another key below \[secrets\], or none\n/,
  );
});

Deno.test("the launcher that init writes lets the host of each key through", async () => {
  await using project = await newProject();
  const toml = await project.read("smelt.toml");
  const other = ARN.replace("eu-central-1", "us-east-1");
  await project.write("smelt.toml", `${toml}signing_key = "kms:${ARN}"\n[secrets]\nkms_key = "${other}"\n`);
  await Deno.remove(`${project.root}/smelt`);
  await project.expect(0, ["init"]);
  match(
    await project.read("smelt"),
    / --allow-net=kms\.us-east-1\.amazonaws\.com,kms\.eu-central-1\.amazonaws\.com \\\n/,
  );
});

interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier: string };
      readonly npmPackage?: string;
    }[];
  }[];
}

Deno.test("the SDK is loaded by nothing but a call to KMS", async () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const args = ["info", "--json", `--config=${root}deno.json`, `${root}cli.ts`];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  const graph: ModuleGraph = JSON.parse(new TextDecoder().decode(stdout));
  const loads = graph.modules.flatMap(({ specifier, dependencies = [] }) =>
    dependencies.filter(({ code }) => /^npm:\/?@(?:aws-sdk|smithy)\//.test(code?.specifier ?? ""))
      .map(({ isDynamic }) => [specifier.replace(/^.*\/trust\//, "trust/"), isDynamic])
  );
  deepStrictEqual(loads, [["trust/aws_kms.ts", true], ["trust/aws_kms.ts", true]]);
});
