/** Real registries, each with its own way to let nobody or somebody in: bases come from them, images go to them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { type DockerRegistry, startDockerRegistry } from "./harness/docker_registry.ts";
import { type ForeignPaths, foreignTest } from "./harness/foreign_program.ts";
import { ranTool } from "./harness/ran_tool.ts";
import type { StartOptions } from "./harness/smelt_process.ts";
import { certifiedKey } from "./harness/test_certificates.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";
import { startTokenServer } from "./harness/token_server.ts";

const PASSWORD = "pw-canary";
/** bcrypt of it. */
const HTPASSWD = "me:$2y$05$.WuKZe2rIc0ixTig9dxm5OvzvR2Kf6XXzsiANEAIWolIqFnWmB3GW\n";

/** How the test speaks to one registry. */
interface Access {
  readonly project: TestProject;
  readonly registry: DockerRegistry;
  /** Options of `image` commands. */
  readonly options: readonly string[];
  readonly skopeo: readonly string[];
  /** Who asks. */
  readonly who: StartOptions;
}

function credentials(host: string, password = PASSWORD): Readonly<Record<string, string>> {
  return { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: { auth: btoa(`me:${password}`) } } }) };
}

/** Whoever has no credential anywhere. */
function nobody({ root }: TestProject): Required<Pick<StartOptions, "env" | "flags">> {
  const none = join(root, "none");
  return {
    env: { DOCKER_CONFIG: none, XDG_RUNTIME_DIR: none },
    flags: [`--allow-read=${Deno.env.get("HOME") ?? ""}/.config/containers/auth.json`],
  };
}

/**
 * Sends a base, builds on it as it is in the registry, sends the result, builds once more without network, and has skopeo read
 * what came of it.
 */
async function throughRegistry(
  { options, project, registry, skopeo: flags, who }: Access,
  skopeo: string,
): Promise<void> {
  const { root } = project;
  const printed: string[] = [];
  const run = async (args: readonly string[]) => {
    const { stderr, stdout } = await project.expect(0, ["image", ...args], who);
    printed.push(stdout, stderr);
    return stdout.trim();
  };
  await Deno.writeFile(join(root, "web"), tinyProgram());
  const program = ["--binary", "linux/amd64=web"];
  const base = await run(["build", "--name", "base", ...program, "--layout", "base"]);
  const from = `${registry.host}/team/base:v1`;
  await run(["push", "base", from, ...options]);
  const build = ["build", "--name", "web", ...program, "--layout", "out", "--tag", "v1", "--base", from];
  const digest = await run([...build, ...options]);
  strictEqual(JSON.parse(await project.read("image.lock")).bases[from].digest, base);
  const to = `${registry.host}/team/web`;
  const sent = await run(["push", "out:v1", `${to}:v1`, ...options]);
  strictEqual(sent, `${to}@${digest}`);
  const again = JSON.parse(await run(["push", "out:v1", `${to}:v1`, "--json", ...options]));
  strictEqual(again.sent_blobs, 0);
  const copied = await ranTool(
    skopeo,
    ["copy", "--all", ...flags, `docker://${to}:v1`, "oci:pulled:v1"],
    root,
  );
  strictEqual(copied.code, 0, copied.stdout);
  deepStrictEqual(JSON.parse(await project.read("pulled/index.json")).manifests[0].digest, digest);
  ok(!printed.join("").includes("canary"));
}

type Tools = ForeignPaths<"docker-registry" | "skopeo">;

foreignTest(
  ["docker-registry", "skopeo"],
  "6.4 no. 3: none: a registry that lets everybody in",
  async (tools: Tools) => {
    await using project = await emptyProject();
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    const access = {
      project,
      registry,
      options: [],
      skopeo: ["--src-tls-verify=false"],
      who: nobody(project),
    };
    await throughRegistry(access, tools.skopeo);
  },
);

foreignTest(
  ["docker-registry", "skopeo"],
  "6.4 no. 3: htpasswd: a registry with a password",
  async (tools: Tools) => {
    await using project = await emptyProject();
    const file = join(project.root, "htpasswd");
    await Deno.writeTextFile(file, HTPASSWD);
    const auth = `auth: {htpasswd: {realm: here, path: "${file}"}}\n`;
    await using registry = await startDockerRegistry(tools["docker-registry"], { auth });
    const skopeo = ["--src-tls-verify=false", `--src-creds=me:${PASSWORD}`];
    const access = { project, registry, options: [], skopeo, who: { env: credentials(registry.host) } };
    await throughRegistry(access, tools.skopeo);
    const build = ["image", "build", "--name", "x", "--binary", "linux/amd64=web", "--layout", "none"];
    const base = ["--base", `${registry.host}/team/web:v1`];
    const refused = await project.expect(1, [...build, ...base], nobody(project));
    match(refused.stderr, /answered 401.*\nhint: Sign in to the registry/);
    const wrong = await project.expect(1, [...build, ...base], {
      env: credentials(registry.host, "wrong-canary"),
    });
    match(wrong.stderr, /answered 401/);
    ok(!wrong.stderr.includes("canary"));
  },
);

foreignTest(
  ["docker-registry", "skopeo"],
  "6.4 no. 3: token: a registry that sends to a server of tokens, which asks a password for pushes alone",
  async (tools: Tools) => {
    await using project = await emptyProject();
    await using tokens = await startTokenServer(`me:${PASSWORD}`);
    const bundle = join(project.root, "bundle.pem");
    await Deno.writeTextFile(bundle, tokens.certificate);
    await using registry = await startDockerRegistry(tools["docker-registry"], { auth: tokens.auth(bundle) });
    const who = { env: credentials(registry.host) };
    const access = { project, registry, options: [], skopeo: ["--src-tls-verify=false"], who };
    await throughRegistry(access, tools.skopeo);
    const scopes = (user: string | undefined) =>
      new Set(tokens.asked.filter((each) => each.user === user).flatMap((each) => each.scopes));
    // A base is pulled as nobody, though a password is known, and a pull asks for nothing but to pull.
    ok(scopes(undefined).has("repository:team/base:pull"), [...scopes(undefined)].join());
    ok([...scopes(undefined)].every((scope) => scope.endsWith(":pull")));
    ok(scopes("me").has("repository:team/web:pull,push"), [...scopes("me")].join());
    const refused = await project.expect(
      1,
      ["image", "push", "out:v1", `${registry.host}/team/other:v1`],
      nobody(project),
    );
    match(refused.stderr, /answered 40[13]/);
    const wrong = await project.expect(1, ["image", "push", "out:v1", `${registry.host}/team/other:v1`], {
      env: credentials(registry.host, "wrong-canary"),
    });
    ok(!wrong.stderr.includes("canary"), wrong.stderr);
  },
);

foreignTest(
  ["docker-registry", "skopeo"],
  "6.4 no. 3: TLS: a registry whose authority nobody knows is refused, and taken where --ca-file names it",
  async (tools: Tools) => {
    await using project = await emptyProject();
    const { root } = project;
    const authority = await certifiedKey("authority");
    const own = await certifiedKey("registry", authority);
    await Deno.mkdir(join(root, "certificates"));
    await project.write("certificates/authority.crt", authority.certificate);
    await project.write("own.pem", own.certificate);
    await project.write("own.key", own.privateKey);
    const tls = { certificate: join(root, "own.pem"), key: join(root, "own.key") };
    await using registry = await startDockerRegistry(tools["docker-registry"], { tls });
    const options = ["--ca-file", "certificates/authority.crt"];
    const skopeo = [`--src-cert-dir=${join(root, "certificates")}`];
    const who = nobody(project);
    await throughRegistry({ project, registry, options, skopeo, who }, tools.skopeo);
    const unknown = await project.expect(1, ["image", "push", "out:v1", `${registry.host}/team/web:v2`], who);
    match(unknown.stderr, /certificate|UnknownIssuer|answered 400/i);
  },
);
