/** What holds for an image, who says so, and where the image goes. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startRegistry } from "../providers/oci/_test_registry.ts";
import { expectInside } from "./harness/inner_program.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const BUILD = ["image", "build", "--name", "Web", "--binary", "linux/amd64=web"];

async function projectWithProgram(): Promise<TestProject> {
  const project = await emptyProject();
  await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
  return project;
}

Deno.test("4.9: image build prints one line: the image where it was sent, else its digest", async () => {
  await using registry = startRegistry();
  await using project = await projectWithProgram();
  const repo = `${registry.host}/me`;
  const sent = await expectInside(project, 0, [...BUILD, "--repo", repo, "--tag", "v1", "--tag", "latest"]);
  match(sent.stdout, new RegExp(`^${repo}/web@sha256:[0-9a-f]{64}\n$`));
  const digest = sent.stdout.trim().split("@")[1] ?? "";
  match(sent.stderr, /^Built Web\n(.|\n)*^Pushed as v1, latest: 3 blobs sent, 0 were there\n$/m);
  for (const name of ["v1", "latest", digest]) ok(registry.manifests.has(`me/web ${name}`), name);

  const json = await expectInside(project, 0, [...BUILD, "--repo", repo, "--json"]);
  const { held_blobs, reference, sent_blobs, tags } = JSON.parse(json.stdout);
  deepStrictEqual([reference, tags, sent_blobs, held_blobs], [`${repo}/web@${digest}`, [], 0, 3]);

  const requests = registry.requests.length;
  const kept = await expectInside(project, 0, [...BUILD, "--repo", repo, "--no-push", "--layout", "out"]);
  strictEqual(kept.stdout, `${digest}\n`);
  const dry = await expectInside(project, 0, [...BUILD, "--no-push"]);
  strictEqual(dry.stdout, `${digest}\n`);
  match(dry.stderr, /^Built Web, kept nowhere$/m);
  strictEqual(registry.requests.length, requests);
  const both = await expectInside(project, 0, [...BUILD, "--repo", repo, "--layout", "out2", "--tag", "v1"]);
  strictEqual(both.stdout, sent.stdout);
  strictEqual(JSON.parse(await project.read("out2/index.json")).manifests.length, 1);
  const left = await Array.fromAsync(Deno.readDir(join(project.place.stateFolder, "cache/builds")));
  deepStrictEqual(left, []);
});

Deno.test("4.9: image build without a place for the image builds nothing, and a place that cannot be is told first", async () => {
  await using project = await projectWithProgram();
  const says = async (code: number, args: readonly string[], env = {}) => {
    const { stderr, stdout } = await project.expect(code, args, { env });
    strictEqual(stdout, "");
    return stderr;
  };
  match(
    await says(64, BUILD),
    /^error: Nowhere to put the image.*\nhint: Name a repository with --repo or IMAGE_REPO/,
  );
  match(
    await says(64, [...BUILD, "--repo", "GHCR/x"]),
    /^error: Cannot use "GHCR\/x" for --repo: wanted a registry/,
  );
  match(
    await says(64, BUILD, { IMAGE_REPO: "a b" }),
    /^error: Cannot use "a b" for IMAGE_REPO: wanted a registry/,
  );
  match(
    await says(1, [...BUILD, "--repo", "ghcr.io/a__-b"]),
    /^error: Cannot send to "ghcr.io\/a__-b\/web": its name/,
  );
  match(
    await says(64, [...BUILD, "folder", "--no-push"]),
    /^error: --binary and a folder exclude each other/,
  );
  match(await says(1, ["image", "build", "wbe"]), /^error: Cannot find "wbe": there is no such folder/);
  match(
    await says(64, [...BUILD, "--no-push", "--tag", "-x"]),
    /^error: Cannot use "-x" for --tag: wanted at most 128/,
  );
  match(
    await says(64, [...BUILD, "--no-push", "--port", "65536"]),
    /for --port: wanted a number from 1 to 65535/,
  );
  match(
    await says(64, [...BUILD, "--no-push"], { SOURCE_DATE_EPOCH: "now" }),
    /for SOURCE_DATE_EPOCH: wanted seconds/,
  );
});

/** What `image config` says of a key: each value and its source. */
async function told(
  project: TestProject,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await project.expect(0, ["image", "config", "--json", ...args], { env });
  const found = new Map<string, string>();
  for (const { key, source, values } of JSON.parse(stdout).settings) {
    const before = found.get(key);
    const text = `${values.join(" ")} < ${source}`;
    found.set(key, before === undefined ? text : `${before}; ${text}`);
  }
  return found;
}

Deno.test("4.9: an option counts before a variable, smelt.toml, Cargo.toml and the default, and image config says which", async () => {
  await using project = await emptyProject();
  await project.write(
    "svc/Cargo.toml",
    '[package]\nname = "svc"\n[package.metadata.krust]\nbase-image = "example.com/b"\n',
  );
  const base = async (args: readonly string[] = []) => (await told(project, ["svc", ...args])).get("base");
  strictEqual((await told(project, [])).get("base"), "scratch < default");
  strictEqual(await base(), "example.com/b < svc/Cargo.toml");
  await project.write(
    "smelt.toml",
    '[project]\nname = "x"\n[image]\nbase = "oci-layout:bases/a:v1"\nrepo = "ghcr.io/file"\nallow_shell = true\n' +
      'platforms = ["linux/arm64"]\nfiles = ["static=/srv"]\n[image.env]\nA = "1"\nB = "2"\n',
  );
  strictEqual(await base(), "oci-layout:bases/a:v1 < smelt.toml:4");
  strictEqual(await base(["--base", "scratch"]), "scratch < --base");
  const repo = async (env: Readonly<Record<string, string>>, args: readonly string[] = []) =>
    (await told(project, args, env)).get("repo");
  strictEqual(await repo({}), "ghcr.io/file < smelt.toml:5");
  strictEqual(await repo({ KRUST_REPO: "ghcr.io/k" }), "ghcr.io/k < KRUST_REPO");
  strictEqual(await repo({ KRUST_REPO: "ghcr.io/k", IMAGE_REPO: "ghcr.io/i" }), "ghcr.io/i < IMAGE_REPO");
  strictEqual(await repo({ IMAGE_REPO: "" }), "ghcr.io/file < smelt.toml:5");
  strictEqual(await repo({ IMAGE_REPO: "ghcr.io/i" }, ["--repo", "ghcr.io/o"]), "ghcr.io/o < --repo");
  const all = await told(project, ["--env", "B=3", "--env", "C=4"], { SOURCE_DATE_EPOCH: "7" });
  strictEqual(all.get("env"), "A=1 < smelt.toml:9; B=3 < --env; C=4 < --env");
  deepStrictEqual(
    ["platforms", "allow_shell", "allow_dynamic", "user", "epoch"].map((key) => all.get(key)),
    [
      "linux/arm64 < smelt.toml:7",
      "true < smelt.toml:6",
      "false < default",
      " < null",
      "7 < SOURCE_DATE_EPOCH",
    ],
  );
  const { stdout } = await expectInside(project, 0, ["image", "config"]);
  match(stdout, /^repo {13}ghcr\.io\/file {11}smelt\.toml:5$/m);
  await project.write("below/x", "");
  const below = await expectInside(project, 0, ["image", "config", "--json"]);
  ok(below.stdout.includes("static=/srv"));
});

const WRONG: readonly (readonly [toml: string, says: RegExp])[] = [
  ["rep = 1", /Unknown key "rep" in "\[image\]"(.|\n)*Did you mean "repo"\?/],
  ["repo = 1", /Correct "image\.repo": expected a string, found a number/],
  ['repo = "GHCR.io"', /Correct "image\.repo": expected a registry and where in it/],
  ['platforms = ["linux"]', /Correct "image\.platforms": expected a platform.*found "linux"/],
  ['link = "static"', /Correct "image\.link": expected one of musl, gnu-static, dynamic/],
  ['allow_shell = "yes"', /Correct "image\.allow_shell": expected true or false/],
  ['ports = ["http"]', /Correct "image\.ports": expected a number from 1 to 65535/],
  ['env = { "A B" = "x" }', /Correct "image\.env\.A B": expected the name of a variable/],
  ["labels = { a = 1 }", /Correct "image\.labels\.a": expected a string, found a number/],
  ['programs = { app = { linux = "x" } }', /expected a platform, such as "linux\/amd64", found "linux"/],
  ["programs = { app = {} }", /Add a platform to "app"/],
];

Deno.test("4.9: what [image] may not say is told with its place, in all commands", async () => {
  await using project = await projectWithProgram();
  for (const [toml, says] of WRONG) {
    await project.write("smelt.toml", `[project]\nname = "x"\n[image]\n${toml}\n`);
    const { stderr } = await expectInside(project, 1, ["image", "config"]);
    match(stderr, says);
    match(stderr, /smelt\.toml:4:/);
  }
  const built = await expectInside(project, 1, [...BUILD, "--no-push"]);
  match(built.stderr, /Cannot use smelt\.toml/);
  await project.write("smelt.toml", '[project]\nname = "x"\n');
  await project.write("Cargo.toml", '[package]\nname = "x"\n[package.metadata.krust]\nbase_image = "a"\n');
  const manifest = await expectInside(project, 1, ["image", "config"]);
  match(
    manifest.stderr,
    /Unknown key "base_image" in "\[package\.metadata\.krust\]" of "Cargo\.toml"\nhint: Did you mean "base-image"\?/,
  );
  await project.write("Cargo.toml", "[package\n");
  match(
    (await expectInside(project, 1, ["image", "config"])).stderr,
    /Cannot read "Cargo\.toml": it is no TOML in line 1/,
  );
});
