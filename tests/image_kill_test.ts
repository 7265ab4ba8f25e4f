/** Images whose runs die: whatever was done is found again by its digest, and nothing is made twice. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startRegistry, type TestRegistry } from "../providers/oci/_test_registry.ts";
import { killAt, type KillMoment } from "./harness/kill_at_append.ts";
import { PRELOAD_KILL } from "./harness/kill_scenario.ts";
import { toldPlan, type ToldResource } from "./harness/image_project.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";
import { Turns } from "./harness/turns.ts";

/** How many projects are killed and taken up at once. */
const WIDTH = 3;
const MOMENTS: readonly (readonly KillMoment[])[] = [["before", "synced"], ["torn", "unsynced"]];

function stack(host: string, user: string): string {
  return `resource image "app" : oci.Image {
  identity {
    name = "web"
    repository = "${host}/me/web"
  }

  source {
    binaries = { "linux/amd64" = "web" }
    builder = "prebuilt"
  }

  image {
    user = "${user}"
  }

  publish {
    tags = ["latest", "v1"]
  }

  supply {
    sbom = "none"
  }
}
`;
}

/** A project with a program and the stack of its image. */
async function imageProject({ host }: TestRegistry): Promise<TestProject> {
  const project = await emptyProject();
  await expectInside(project, 0, ["init"]);
  await project.write("main.smelt", stack(host, "1000:1000"));
  await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
  return project;
}

async function appendCount(project: TestProject): Promise<number> {
  return (await Deno.readTextFile(project.logPath)).split("\n").length - 1;
}

/** Indexes by digest, and where the tags point. */
function held({ manifests }: TestRegistry): { readonly indexes: number; readonly tags: readonly string[] } {
  const indexes = [...manifests].filter(([name, { mediaType }]) =>
    name.includes(" sha256:") && mediaType.includes("index")
  );
  const digestOf = (bytes: Uint8Array) =>
    indexes.find(([, each]) => String(each.bytes) === String(bytes))?.[0].split(" ")[1] ?? "elsewhere";
  const tags = [...manifests].filter(([name]) => !name.includes(" sha256:"))
    .map(([name, { bytes }]) => `${name.split(" ")[1]} ${digestOf(bytes)}`);
  return { indexes: indexes.length, tags: tags.toSorted() };
}

/** Kills an apply at one append, lets another follow at once, and says what is wrong then. */
async function faultsOfKill(
  change: "create" | "update",
  append: number,
  moment: KillMoment,
): Promise<{ readonly isKilled: boolean; readonly faults: readonly string[] }> {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  if (change === "update") {
    await expectInside(project, 0, ["apply", "--yes"]);
    await project.write("main.smelt", stack(registry.host, "2000:2000"));
  }
  const env = { SMELT_TEST_KILL: killAt(append, moment) };
  const killed = await project.run(["apply", "--yes"], { flags: [PRELOAD_KILL], env });
  // Only what dies needs a process of its own.
  const again = await runInside(project, ["apply", "--yes"]);
  const faults: string[] = [];
  if (again.code !== 0) faults.push(`ended with ${again.code}: ${again.stdout}${again.stderr}`);
  const { stdout } = await runInside(project, ["show", "image.app", "--json"]);
  const digest = JSON.parse(stdout).outputs?.digest;
  const { indexes, tags } = held(registry);
  if (indexes !== (change === "create" ? 1 : 2)) faults.push(`${indexes} indexes`);
  if (String(tags) !== `latest ${digest},v1 ${digest}`) faults.push(`tags ${tags}, the log says ${digest}`);
  const { resources } = JSON.parse((await runInside(project, ["plan", "--json"])).stdout);
  if (resources.some(({ action }: ToldResource) => action !== "none")) {
    faults.push("another plan is not empty");
  }
  const verified = await runInside(project, ["audit", "verify"]);
  if (verified.code !== 0) faults.push(`audit verify: ${verified.stdout}${verified.stderr}`);
  return {
    isKilled: killed.signal === "SIGKILL",
    faults: faults.map((each) => `${change}, append ${append} ${moment}: ${each}`),
  };
}

for (const change of ["create", "update"] as const) {
  Deno.test(`6.4 no. 4: killed at any event of an image's ${change}, the next run ends with one index and its tags`, async () => {
    await using registry = startRegistry();
    await using project = await imageProject(registry);
    if (change === "update") {
      await project.expect(0, ["apply", "--yes"]);
      await project.write("main.smelt", stack(registry.host, "2000:2000"));
    }
    const before = await appendCount(project);
    await project.expect(0, ["apply", "--yes"]);
    const count = await appendCount(project) - before;
    const turns = new Turns(WIDTH);
    const kills = Array.from({ length: count }, (_, index) => index + 1).flatMap((append) =>
      (MOMENTS[append % MOMENTS.length] ?? []).map((moment) =>
        turns.take(() => faultsOfKill(change, append, moment))
      )
    );
    const results = await Promise.all(kills);
    deepStrictEqual(results.flatMap(({ faults }) => faults), []);
    // What is ready at one moment shares a record, so that the last appends need not come.
    const killCount = results.filter(({ isKilled }) => isKilled).length;
    ok(killCount >= results.length - 4 && killCount >= 6, `${killCount} of ${results.length} were killed`);
  });
}

Deno.test("6.4 no. 4: what a dead run built is found by the digest that the log holds, also where it was not built", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  const events = async () => (await project.expect(0, ["history", "--json"])).stdout;
  // The record that says that it was sent.
  const env = { SMELT_TEST_KILL: killAt(6, "synced") };
  const killed = await project.run(["apply", "--yes"], { flags: [PRELOAD_KILL], env });
  strictEqual(killed.signal, "SIGKILL");
  match(await events(), /has come to: built, digest sha256:[0-9a-f]{64}/);
  strictEqual(held(registry).indexes, 1);
  await Deno.remove(join(project.place.stateFolder, "cache"), { recursive: true });
  await Deno.remove(join(project.root, "web"));
  await Deno.writeFile(join(project.root, "web"), new Uint8Array([...tinyProgram(), 0]), { mode: 0o755 });
  await project.expect(0, ["apply", "--yes"]);
  match(await events(), /settled as done with .*: told by its id/);
  strictEqual((await toldPlan(project, "image.app", {})).action, "none");
  const { stdout } = await project.expect(0, ["show", "image.app", "--json"]);
  const { digest } = JSON.parse(stdout).outputs;
  deepStrictEqual(held(registry).tags, [`latest ${digest}`, `v1 ${digest}`]);
});

Deno.test("6.4 no. 4: a run that died before anything was sent leaves nothing, though its source is gone", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  const env = { SMELT_TEST_KILL: killAt(3, "synced") };
  const killed = await project.run(["apply", "--yes"], { flags: [PRELOAD_KILL], env });
  strictEqual(killed.signal, "SIGKILL");
  await Deno.writeFile(join(project.root, "web"), new Uint8Array([...tinyProgram(), 0]), { mode: 0o755 });
  await project.expect(0, ["apply", "--yes"]);
  strictEqual((await toldPlan(project, "image.app", {})).action, "none");
  strictEqual(held(registry).indexes, 1);
});
