/** From source in Rust to a process that runs it. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { foreignTest } from "./harness/foreign_program.ts";
import { ranBundle, ranTool } from "./harness/ran_tool.ts";
import { buildCrate, writeCrate } from "./harness/rust_crate.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const MAIN = 'fn main() { println!("hello from rust, {}", file!()); }\n';
/** What the launcher lacks. */
const RUNS = { flags: ["--allow-run=cargo,rustc"] };

function build(folder: string, layout: string, more: readonly string[] = []): readonly string[] {
  return buildCrate(folder, layout, ["--link", "gnu-static", ...more]);
}

function writeMain(project: TestProject, folder: string, main = MAIN): Promise<void> {
  return writeCrate(project, folder, { "src/main.rs": main });
}

/** Folders of builds that are there. */
async function buildsOf({ place }: TestProject): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(join(place.stateFolder, "cache/builds"))) names.push(name);
  return names;
}

foreignTest(
  ["cargo", "umoci", "runc"],
  "6.4 no. 1 and 2: source becomes an image of one digest wherever it lies, and runs as nobody",
  async (tools) => {
    await using project = await emptyProject();
    await writeMain(project, "here");
    await writeMain(project, "another/place");
    const first = await project.expect(0, build("here", "out"), RUNS);
    const second = await project.expect(0, build("another/place", "out2"), RUNS);
    match(first.stdout, /^sha256:[0-9a-f]{64}\n$/);
    strictEqual(second.stdout, first.stdout);
    deepStrictEqual(await buildsOf(project), []);
    const unpacked = await ranTool(tools.umoci, ["unpack", "--image", "out:v1", "bundle"], project.root);
    strictEqual(unpacked.code, 0, unpacked.stdout);
    strictEqual(
      await ranBundle(tools.runc, join(project.root, "bundle"), "/app/hello"),
      "hello from rust, src/main.rs\n",
    );
  },
);

foreignTest(
  ["cargo"],
  "6.4 no. 12: builds side by side share nothing, and nothing is left after success, failure or a kill",
  async () => {
    await using project = await emptyProject();
    await writeMain(project, "good");
    await writeMain(project, "broken", "fn main() { nonsense }\n");
    await writeMain(project, "slow");
    const count = 8;
    const many = await Promise.all(
      Array.from({ length: count }, (_, index) => project.run(build("good", `out${index}`), RUNS)),
    );
    deepStrictEqual(many.map(({ code }) => code), Array(count).fill(0));
    strictEqual(new Set(many.map(({ stdout }) => stdout)).size, 1);
    const failed = await project.expect(1, build("broken", "none"), RUNS);
    match(
      failed.stderr,
      /cannot find value `nonsense`[^]*error: Cannot build "hello" for linux\/amd64: cargo failed/,
    );
    deepStrictEqual(await buildsOf(project), []);
    using watcher = Deno.watchFs(join(project.place.stateFolder, "cache/builds"));
    const running = project.start(build("slow", "none"), RUNS);
    for await (const { paths } of watcher) if (paths.some((path) => path.includes("linux-amd64"))) break;
    running.kill("SIGKILL");
    await running.ended();
    ok((await buildsOf(project)).length > 0);
    await project.expect(0, build("good", "again"), RUNS);
    deepStrictEqual(await buildsOf(project), []);
    const names: string[] = [];
    for await (const { name } of Deno.readDir(project.root)) names.push(name);
    ok(!names.includes("none"), names.join());
  },
);

foreignTest(
  ["cargo"],
  "a build that cannot be the same tomorrow, or elsewhere, is refused by name",
  async () => {
    await using project = await emptyProject();
    await writeMain(project, "crate");
    const command = ["image", "build", "--cargo", "crate", "--name", "hello", "--layout", "out"];
    const told = async (args: readonly string[] = []) =>
      (await project.expect(1, [...command, ...args], RUNS)).stderr;
    match(
      await told(["--platform", "linux/s390x"]),
      /^error: IMG010: Cannot build for s390x-unknown-linux-musl: its standard library is not installed\nhint: Run: rustup target add/m,
    );
    match(await told(["--platform", "windows/amd64"]), /Rust has no such platform/);
    match(
      await told(["--bin", "hallo"]),
      /the package "hello" has no bin "hallo": it has "hello"; did you mean "hello"\?/,
    );
    await project.write("crate/.cargo/config.toml", '[build]\nrustflags = ["-C", "debuginfo=2"]\n');
    match(
      await told(),
      /^error: IMG012: Cannot build: ".*config\.toml" sets rustflags, which a build of an image replaces/m,
    );
    await Deno.remove(join(project.root, "crate/.cargo"), { recursive: true });
    await Deno.remove(join(project.root, "crate/Cargo.lock"));
    match(
      await told(),
      /it has no Cargo\.lock, so another day would give another program\nhint: Run: cargo generate-lockfile/,
    );
    match(
      (await project.expect(1, command)).stderr,
      /Cannot run "cargo": the runtime does not allow it\nhint: Start it with --allow-run=cargo/,
    );
    match(
      (await project.expect(64, [...command, "--binary", "linux/amd64=x"])).stderr,
      /--binary and --cargo exclude each other/,
    );
  },
);
