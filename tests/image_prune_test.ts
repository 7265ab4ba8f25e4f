/** What goes of images, and what never does. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startRegistry } from "../providers/oci/_test_registry.ts";
import { expectInside } from "./harness/inner_program.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const BUILD = ["image", "build", "--name", "web", "--binary", "linux/amd64=web"];
const LONG_AGO = new Date(0);

async function projectWithProgram(): Promise<TestProject> {
  const project = await emptyProject();
  await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
  return project;
}

/** Builds one that differs by its argument; gives what was printed. */
async function build(project: TestProject, arg: string, ...options: readonly string[]): Promise<string> {
  return (await expectInside(project, 0, [...BUILD, "--arg", arg, ...options])).stdout.trim();
}

async function blobsOf(folder: string): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(folder, "blobs/sha256")));
  return names.map(({ name }) => name).toSorted();
}

async function makeOld(folder: string): Promise<void> {
  for (const name of await blobsOf(folder)) {
    await Deno.utime(join(folder, "blobs/sha256", name), LONG_AGO, LONG_AGO);
  }
}

Deno.test("4.9: image prune takes out of a layout what nothing names, unless it is of a build that may be under way", async () => {
  await using project = await projectWithProgram();
  const out = join(project.root, "out");
  await build(project, "one", "--layout", "out", "--tag", "v1");
  const first = await blobsOf(out);
  const digest = await build(project, "two", "--layout", "out", "--tag", "v1");
  const both = await blobsOf(out);
  strictEqual(both.length, first.length + 3);
  const young = await expectInside(project, 0, ["image", "prune", "out"]);
  strictEqual(young.stdout, "Removed 0 images and 0 blobs, 0 B of out\n");
  deepStrictEqual(await blobsOf(out), both);
  await makeOld(out);
  const dry = await expectInside(project, 0, ["image", "prune", "out", "--dry-run"]);
  match(dry.stdout, /^Would remove 0 images and 3 blobs, 1\.\d KiB of out\n$/);
  deepStrictEqual(await blobsOf(out), both);
  const { stdout } = await expectInside(project, 0, ["image", "prune", "out", "--json"]);
  const { images, parts, removed } = JSON.parse(stdout);
  deepStrictEqual([images, parts, removed], [[], 3, true]);
  match(
    (await expectInside(project, 0, ["image", "inspect", "out:v1", "--json"])).stdout,
    new RegExp(digest),
  );
  strictEqual((await blobsOf(out)).length, first.length);
});

Deno.test("4.10: image prune takes bills of materials along with the image that they lie beside, and no others", async () => {
  await using project = await projectWithProgram();
  const out = join(project.root, "out");
  await build(project, "one", "--layout", "out", "--tag", "v1");
  await build(project, "two", "--layout", "out", "--tag", "v1");
  const boms = join(out, "sbom");
  for await (const { name } of Deno.readDir(boms)) await Deno.utime(join(boms, name), LONG_AGO, LONG_AGO);
  await makeOld(out);
  const { stdout } = await expectInside(project, 0, ["image", "prune", "out", "--json"]);
  strictEqual(JSON.parse(stdout).parts, 5);
  strictEqual((await Array.fromAsync(Deno.readDir(boms))).length, 2);
  match((await expectInside(project, 0, ["image", "sbom", "out:v1"])).stdout, /"bomFormat":"CycloneDX"/);
});

Deno.test("4.9: image prune --untagged asks first, and keeps what a tag names", async () => {
  await using project = await projectWithProgram();
  await build(project, "one", "--layout", "out");
  const kept = await build(project, "two", "--layout", "out", "--tag", "v1");
  const untagged =
    JSON.parse(await project.read("out/index.json")).manifests.find((each: { annotations?: unknown }) =>
      each.annotations === undefined
    ).digest;
  await makeOld(join(project.root, "out"));
  const asked = await expectInside(project, 4, ["image", "prune", "out", "--untagged"]);
  match(asked.stderr, new RegExp(`^  ${untagged}\nerror: Cannot ask whether to change "out"`));
  strictEqual(JSON.parse(await project.read("out/index.json")).manifests.length, 2);
  const { stdout } = await expectInside(project, 0, ["image", "prune", "out", "--untagged", "--yes"]);
  match(stdout, /^Removed 1 image and 3 blobs, /);
  const { manifests } = JSON.parse(await project.read("out/index.json"));
  deepStrictEqual(manifests.map((each: { digest: string }) => each.digest), [kept]);
});

Deno.test("4.9: image prune touches nothing of a layout that is damaged, or none", async () => {
  await using project = await projectWithProgram();
  const out = join(project.root, "out");
  await build(project, "one", "--layout", "out", "--tag", "v1");
  const digest = await build(project, "two", "--layout", "out", "--tag", "v1");
  await makeOld(out);
  await Deno.writeTextFile(join(out, "blobs/sha256", digest.slice("sha256:".length)), "{}");
  const before = await blobsOf(out);
  match((await expectInside(project, 6, ["image", "prune", "out"])).stderr, /^error: Cannot trust the blob/);
  deepStrictEqual(await blobsOf(out), before);
  match((await expectInside(project, 1, ["image", "prune", "gone"])).stderr, /"gone": it is no OCI layout/);
  match(
    (await expectInside(project, 64, ["image", "prune", "--untagged"])).stderr,
    /--untagged is about a layout/,
  );
  match(
    (await expectInside(project, 64, ["image", "prune", "out", "--repository", "a/b"])).stderr,
    /exclude each other/,
  );
  match(
    (await expectInside(project, 1, ["image", "prune", "--repository", "ghcr.io/A"])).stderr,
    /Cannot look into "ghcr.io\/A"/,
  );
  match(
    (await expectInside(project, 1, ["image", "prune", "--repository", "ghcr.io/a:v1"])).stderr,
    /without a tag/,
  );
});

Deno.test("4.9: image prune clears the cache of bases that nobody used, and a build fetches what it needs again", async () => {
  await using registry = startRegistry();
  await using project = await projectWithProgram();
  const base = `${registry.host}/bases/one`;
  await build(project, "base", "--repo", `${registry.host}/bases`, "--name", "one", "--tag", "v1");
  const onBase = ["--base", `${base}:v1`, "--no-push"];
  const digest = await build(project, "x", ...onBase);
  const cache = join(project.place.stateFolder, "cache/images");
  const whole = (await blobsOf(cache)).length;
  ok(whole > 0);
  match((await expectInside(project, 0, ["image", "prune"])).stdout, /^Removed 0 images and 0 blobs/);
  await makeOld(cache);
  // What is used is not old.
  strictEqual(await build(project, "x", ...onBase), digest);
  match((await expectInside(project, 0, ["image", "prune"])).stdout, /^Removed 0 images and 0 blobs/);
  await makeOld(cache);
  match(
    (await expectInside(project, 0, ["image", "prune", "--yes"])).stdout,
    new RegExp(`^Removed 1 image and ${whole} blobs, .* of the cache\n$`),
  );
  deepStrictEqual(await blobsOf(cache), []);
  strictEqual(await build(project, "x", ...onBase), digest);
  strictEqual((await blobsOf(cache)).length, whole);
  // Somebody else wrote an index that names what has gone.
  for (const name of await blobsOf(cache)) await Deno.remove(join(cache, "blobs/sha256", name));
  strictEqual(await build(project, "x", ...onBase), digest);
});

Deno.test("4.9: image prune deletes of a repository only what smelt sent from here, and nothing that a tag needs", async () => {
  await using registry = startRegistry();
  await using project = await projectWithProgram();
  await using other = await projectWithProgram();
  const repo = ["--repo", `${registry.host}/me`];
  const digestOf = (reference: string): string => reference.split("@")[1] ?? "";
  const theirs = digestOf(await build(other, "theirs", ...repo));
  const again = digestOf(await build(project, "theirs", ...repo));
  strictEqual(again, theirs);
  const old = digestOf(await build(project, "old", ...repo));
  // The same manifest of the platform, in another index.
  const shared = digestOf(await build(project, "shared", ...repo, "--tag", "a", "--tag", "b", "--tag", "c"));
  const tagged = digestOf(await build(project, "tagged", ...repo, "--tag", "v1"));
  const moved = digestOf(await build(project, "moved", ...repo, "--tag", "v2"));
  await build(project, "mover", ...repo, "--tag", "v2");
  const held = (): readonly string[] =>
    [old, shared, tagged, moved, theirs].filter((each) => registry.manifests.has(`me/web ${each}`));
  const prune = (
    ...args: readonly string[]
  ) => ["image", "prune", "--repository", `${registry.host}/me/web`, ...args];
  strictEqual(
    (await expectInside(project, 0, prune())).stdout,
    `Removed 0 images and 0 manifests of ${registry.host}/me/web\n`,
  );
  const count = registry.manifests.size;
  const asked = await expectInside(project, 4, prune("--older-than", "0"));
  deepStrictEqual(asked.stderr.split("\n").slice(0, 2).toSorted(), [`  ${moved}`, `  ${old}`].toSorted());
  strictEqual(registry.manifests.size, count);
  const dry = JSON.parse(
    (await expectInside(project, 0, prune("--older-than", "0", "--dry-run", "--json"))).stdout,
  );
  deepStrictEqual([dry.removed, dry.images.toSorted(), dry.parts], [false, [moved, old].toSorted(), 2]);
  deepStrictEqual(registry.requests.filter((each) => each.startsWith("DELETE")), []);
  const { stdout } = await expectInside(project, 0, prune("--older-than", "0", "--yes"));
  strictEqual(stdout, `Removed 2 images and 2 manifests of ${registry.host}/me/web\n`);
  deepStrictEqual(held(), [shared, tagged, theirs]);
  strictEqual(registry.manifests.size, count - 4);
  match((await expectInside(project, 0, prune("--older-than", "0"))).stdout, /^Removed 0 images/);
  // Another machine knows of none of it.
  match((await other.expect(0, prune("--older-than", "0", "--yes"))).stdout, /^Removed 1 image /);
  deepStrictEqual(held(), [shared, tagged]);
});

Deno.test("4.9: image prune keeps the manifest that a tagged image shares with an old one, and says when a registry deletes nothing", async () => {
  let isClosed = true;
  await using registry = startRegistry({
    fault: ({ method }) => isClosed && method === "DELETE" ? new Response(null, { status: 405 }) : undefined,
  });
  await using project = await projectWithProgram();
  const repo = ["--repo", `${registry.host}/me`];
  await Deno.writeFile(join(project.root, "arm"), armProgram(), { mode: 0o755 });
  const two = await build(project, "x", ...repo, "--binary", "linux/arm64=arm");
  const one = await build(project, "x", ...repo, "--tag", "v1");
  const prune = ["image", "prune", "--repository", `${registry.host}/me/web`, "--older-than", "0", "--yes"];
  match((await expectInside(project, 1, prune)).stderr, /answered 405; this registry does not delete images/);
  isClosed = false;
  strictEqual(
    (await expectInside(project, 0, prune)).stdout,
    `Removed 1 image and 1 manifest of ${registry.host}/me/web\n`,
  );
  const layout = await expectInside(project, 0, [...BUILD, "--arg", "x", "--no-push", "--json"]);
  const { platforms: [{ manifest }] } = JSON.parse(layout.stdout);
  ok(registry.manifests.has(`me/web ${manifest}`));
  ok(registry.manifests.has(`me/web ${one.split("@")[1]}`));
  ok(!registry.manifests.has(`me/web ${two.split("@")[1]}`));
});

/** The program of the tests, said to be for another processor. */
function armProgram(): Uint8Array<ArrayBuffer> {
  const program = tinyProgram();
  program[18] = 183;
  return program;
}
