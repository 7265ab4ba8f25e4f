/** From source in Rust to a process that runs it. */
import { match, strictEqual } from "node:assert/strict";
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
