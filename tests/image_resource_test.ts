/** Images as resources of a plan: what a change of each kind leads to, and what is sent. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startDockerRegistry } from "./harness/docker_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import {
  LOCK_TEXT,
  MAIN_TEXT,
  RUST_FLAGS,
  rustImage,
  rustProject,
  standInPrograms,
  toldPlan,
} from "./harness/image_project.ts";
import type { TestProject } from "./harness/test_project.ts";

const FLAGS = { flags: RUST_FLAGS };
const NOTHING = { action: "none", reasons: [], paths: [] };
/** Builds nothing, and says that it was asked. */
const NO_BUILD = 'if [ "$1" = build ]; then echo "asked to build" >&2; exit 1; fi; exec REAL "$@"';

async function realCargo(project: TestProject): Promise<Readonly<Record<string, string>>> {
  const found = await new Deno.Command("sh", { args: ["-c", "command -v cargo"] }).output();
  const real = new TextDecoder().decode(found.stdout).trim();
  return await standInPrograms(project, "no-build", { cargo: NO_BUILD.replace("REAL", real) });
}

/** Where a tag of a registry points. */
async function tagged(host: string, tag: string): Promise<string | null> {
  const accept = "application/vnd.oci.image.index.v1+json";
  const answer = await fetch(`http://${host}/v2/team/hello/manifests/${tag}`, {
    method: "HEAD",
    headers: { accept },
  });
  return answer.headers.get("docker-content-digest");
}

/** Builds an image from scratch of a program that is there, and sends it. */
async function sendOther(project: TestProject, to: string, label: string): Promise<string> {
  await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
  const build = ["image", "build", "--name", "web", "--binary", "linux/amd64=web", "--layout", label];
  const { stdout } = await project.expect(0, [...build, "--label", `which=${label}`]);
  await project.expect(0, ["image", "push", label, to]);
  return stdout.trim();
}

foreignTest(
  ["cargo", "docker-registry"],
  "6.4 no. 6: a plan says of each kind of change what follows and why, and builds nothing",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    const { host } = registry;
    await using project = await rustProject(rustImage(host));
    const forbidden = await project.expect(1, ["plan"]);
    match(
      forbidden.stderr,
      /^error: Cannot plan image\.app: Cannot look at "app": the runtime does not allow it\nhint: Start it with --allow-run=cargo,rustc,git;/m,
    );
    await project.expect(0, ["apply", "--yes"], FLAGS);
    const noBuild = { ...FLAGS, env: await realCargo(project) };
    const main = "app/src/main.rs";
    const told = async (options = noBuild) => {
      const { action, changes, reasons } = await toldPlan(project, "image.app", options);
      return { action, reasons, paths: changes.map(({ path }) => path) };
    };
    deepStrictEqual(await told(), NOTHING);

    // Times say nothing.
    await Deno.utime(join(project.root, main), 1, 1);
    deepStrictEqual(await told(), NOTHING);

    // A comment is source.
    await project.write(main, `// A word about it.\n${MAIN_TEXT}`);
    await project.write("app/src/other.rs", "");
    deepStrictEqual(await told(), {
      action: "update",
      reasons: ["source: 2 files (src/main.rs, src/other.rs)"],
      paths: ["inputs.source"],
    });
    await project.write(main, MAIN_TEXT);
    await Deno.remove(join(project.root, "app/src/other.rs"));

    // What may be run, and what may not.
    await Deno.chmod(join(project.root, main), 0o755);
    deepStrictEqual((await told()).reasons, ["source: 1 file (src/main.rs)"]);
    await Deno.chmod(join(project.root, main), 0o644);
    deepStrictEqual(await told(), NOTHING);

    // What git ignores is no source.
    await project.write("app/notes", "ignored");
    await project.write("app/target/x", "ignored");
    deepStrictEqual(await told(), NOTHING);

    await project.write("app/Cargo.lock", LOCK_TEXT.replace("0.1.0", "0.1.1"));
    deepStrictEqual(await told(), {
      action: "update",
      reasons: ["Cargo.lock: hello 0.1.0 -> 0.1.1"],
      paths: ["inputs.lock"],
    });
    await project.write("app/Cargo.lock", LOCK_TEXT);

    const newer = await standInPrograms(project, "newer", { rustc: 'echo "rustc 9.9.9 (of tomorrow)"' });
    const toolchain = await told({ ...FLAGS, env: newer });
    deepStrictEqual(toolchain.paths, ["inputs.toolchain"]);
    match(toolchain.reasons.join(), /^toolchain: rustc 1\..* -> rustc 9\.9\.9 \(of tomorrow\)$/);

    // A field is a change like any other, and needs no word about the source.
    await project.write("main.smelt", rustImage(host, { image: 'user = "1000:1000"' }));
    deepStrictEqual(await told(), { action: "update", reasons: [], paths: ["image.user"] });
    await project.write("main.smelt", rustImage(host));

    // A tag that somebody moved is drift; it goes back without a build.
    const own = await tagged(host, "v1");
    const other = await sendOther(project, `${host}/team/hello:v1`, "stranger");
    strictEqual(await tagged(host, "v1"), other);
    const drifted = await toldPlan(project, "image.app", noBuild);
    strictEqual(drifted.action, "update");
    deepStrictEqual(drifted.changes.map(({ after, path }) => [path, after]), [["publish.tags[]", "v1"]]);
    ok(drifted.drift?.changes.some(({ path }) => path === "publish.tags[]" || path === "publish.tags[0]"));
    await project.expect(0, ["apply", "--yes"], noBuild);
    strictEqual(await tagged(host, "v1"), own);
    deepStrictEqual(await told(), NOTHING);
  },
);

foreignTest(
  ["cargo", "docker-registry"],
  "6.4 no. 6: a base moves when its lock does, and not when its tag does",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    const { host } = registry;
    const base = `${host}/team/base:latest`;
    await using project = await rustProject(rustImage(host, { image: `base = "${base}"` }));
    await sendOther(project, base, "first");
    const unlocked = await project.expect(1, ["plan"], FLAGS);
    match(
      unlocked.stderr,
      /^error: Cannot plan image\.app: Cannot build on ".*": image\.lock does not name it\nhint: Run: smelt image lock /m,
    );
    await project.expect(0, ["image", "lock", base]);
    await project.expect(0, ["apply", "--yes"], FLAGS);
    strictEqual((await toldPlan(project, "image.app", FLAGS)).action, "none");
    await sendOther(project, base, "second");
    strictEqual((await toldPlan(project, "image.app", FLAGS)).action, "none");
    await project.expect(0, ["image", "lock"]);
    const { action, reasons } = await toldPlan(project, "image.app", FLAGS);
    strictEqual(action, "update");
    match(reasons.join(), /^base: sha256:[0-9a-f]{64} -> sha256:[0-9a-f]{64}$/);
  },
);

foreignTest(
  ["cargo", "docker-registry"],
  "4.1: variables and the linker of a build are fields of its source: a change of one is a change of the image",
  async (tools) => {
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    const { host } = registry;
    const given = (text: string, linker = "cc") =>
      rustImage(host, { source: `env = { GIVEN = "${text}" }\n    linker = "${linker}"` });
    await using project = await rustProject(given("given-first"));
    await project.write("app/src/main.rs", 'fn main() { println!("{}", env!("GIVEN")); }\n');
    await project.expect(0, ["apply", "--yes"], FLAGS);
    ok((await programText(project, host)).includes("given-first"));
    strictEqual((await toldPlan(project, "image.app", FLAGS)).action, "none");
    await project.write("main.smelt", given("given-second", "auto"));
    const { action, changes } = await toldPlan(project, "image.app", FLAGS);
    deepStrictEqual([action, changes.map(({ path }) => path)], ["update", [
      "source.linker",
      "source.env.GIVEN",
    ]]);
    await project.expect(0, ["apply", "--yes"], FLAGS);
    ok((await programText(project, host)).includes("given-second"));
    await project.write("main.smelt", given("x").replace("GIVEN", "CARGO_REGISTRY_TOKEN"));
    const credential = await project.expect(1, ["plan"], FLAGS);
    match(
      credential.stderr,
      /Cannot use "CARGO_REGISTRY_TOKEN" in source\.env: it is the name of a credential/,
    );
    await project.write("main.smelt", given("x").replace("GIVEN", "RUSTFLAGS"));
    const flags = await project.expect(1, ["plan"], FLAGS);
    match(
      flags.stderr,
      /Cannot use "RUSTFLAGS" for source\.env: a build sets it itself; say source\.rustflags/,
    );
  },
);

/** The program of the image that the tag v1 points to. */
async function programText(project: TestProject, host: string): Promise<string> {
  const { stdout } = await project.expect(0, ["show", "image.app", "--json"]);
  const { layers } = JSON.parse(stdout).outputs.platforms["linux/amd64"];
  const answer = await fetch(`http://${host}/v2/team/hello/blobs/${layers.at(-1).digest}`);
  const stream = answer.body?.pipeThrough(new DecompressionStream("gzip"));
  return new TextDecoder("latin1").decode(await new Response(stream).arrayBuffer());
}
