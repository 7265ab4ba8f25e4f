/** What of a crate is built, and with what: seen by what the images run. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { foreignTest } from "./harness/foreign_program.ts";
import { filesBelow, ranBundle, ranTool } from "./harness/ran_tool.ts";
import { buildCrate, crateManifest, writeCrate } from "./harness/rust_crate.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

/** What the launcher lacks. */
const RUNS = { flags: ["--allow-run=cargo,rustc"] };

function build(folder: string, layout: string, more: readonly string[] = []): readonly string[] {
  return buildCrate(folder, layout, ["--link", "gnu-static", ...more]);
}

/** Unpacks the image of a layout and runs it; gives its files and what it printed. */
async function ran(
  project: TestProject,
  tools: { readonly umoci: string; readonly runc: string },
  layout: string,
): Promise<{ readonly files: readonly string[]; readonly printed: string }> {
  const bundle = join(project.root, `bundle-of-${layout}`);
  const unpacked = await ranTool(tools.umoci, ["unpack", "--image", `${layout}:v1`, bundle], project.root);
  strictEqual(unpacked.code, 0, unpacked.stdout);
  const { process } = JSON.parse(await Deno.readTextFile(join(bundle, "config.json")));
  const files = await filesBelow(join(bundle, "rootfs/app"));
  return { files, printed: await ranBundle(tools.runc, bundle, process.args[0]) };
}

const CHOICES = `default-run = "hello"
[features]
default = ["usual"]
usual = []
more = []
[profile.small]
inherits = "release"
opt-level = "s"
debug-assertions = true
`;
const TELL = `println!("{} {}{}{}{}", env!("CARGO_BIN_NAME", "an example"),
  if cfg!(feature = "usual") { "usual " } else { "" }, if cfg!(feature = "more") { "more " } else { "" },
  if cfg!(debug_assertions) { "checked" } else { "unchecked" }, option_env!("GIVEN").unwrap_or(""));`;

async function writeChoices(project: TestProject): Promise<void> {
  const main = `fn main() { ${TELL} }\n`;
  await writeCrate(project, "crate", {
    "Cargo.toml": crateManifest(CHOICES),
    "src/main.rs": main,
    "src/bin/other.rs": main,
    "src/bin/third.rs": main,
    "examples/demo.rs": main.replace('env!("CARGO_BIN_NAME", "an example")', '"demo"'),
  });
}

foreignTest(
  ["cargo", "umoci", "runc"],
  "features, profiles, examples and several programs of a package: what runs is what was asked for",
  async (tools) => {
    await using project = await emptyProject();
    await writeChoices(project);
    const told = async (layout: string, more: readonly string[]) => {
      await project.expect(0, build("crate", layout, more), RUNS);
      return await ran(project, tools, layout);
    };
    deepStrictEqual(await told("plain", []), { files: ["hello"], printed: "hello usual unchecked\n" });
    deepStrictEqual(
      await told("rich", ["--feature", "more", "--no-default-features", "--profile", "small"]),
      { files: ["hello"], printed: "hello more checked\n" },
    );
    deepStrictEqual(
      await told("one", ["--bin", "other", "--profile", "dev", "--build-env", "GIVEN=given"]),
      { files: ["hello"], printed: "other usual checkedgiven\n" },
    );
    deepStrictEqual(await told("example", ["--example", "demo", "--", "--all-features"]), {
      files: ["hello"],
      printed: "demo usual more unchecked\n",
    });
    deepStrictEqual(await told("three", ["--bin", "third", "--bin", "hello", "--bin", "other"]), {
      files: ["hello", "other", "third"],
      printed: "hello usual unchecked\n",
    });
  },
);

foreignTest(
  ["cargo"],
  "what a build takes from nobody is refused before cargo runs, with what says it instead",
  async () => {
    await using project = await emptyProject();
    await writeChoices(project);
    const refused = async (code: number, more: readonly string[], wanted: RegExp) => {
      const { stderr } = await project.expect(code, build("crate", "out", more), {
        ...RUNS,
        env: { CARGO_REGISTRIES_MINE_TOKEN: "canary" },
      });
      match(stderr, wanted);
      ok(!stderr.includes("canary"), stderr);
    };
    await refused(
      1,
      ["--", "--target=x"],
      /Cannot pass "--target=x" for cargo: say --platform and --link before the --/,
    );
    await refused(
      1,
      ["--", "-vZbuild-std"],
      /Cannot pass "-vZbuild-std" for cargo: what is unstable changes/,
    );
    await refused(
      1,
      ["--build-env", "RUSTFLAGS"],
      /Cannot use "RUSTFLAGS" for --build-env: a build sets it itself; say --rustflag/,
    );
    await refused(
      1,
      ["--build-env", "CARGO_REGISTRIES_MINE_TOKEN=canary"],
      /every user of this machine could read: give the name alone/,
    );
    await refused(
      64,
      ["stray"],
      /Cannot take "stray": arguments for cargo stand behind -- and begin with one that has a "-"/,
    );
    await refused(
      64,
      ["--bin", "a", "--bin", "b"],
      /Cannot use "hello" for --name: of several programs it says which is run: a, b/,
    );
    await refused(64, ["--bin", "a", "--example", "b"], /--bin and --example exclude each other/);
    await refused(64, ["--profile", "../x"], /Cannot use "\.\.\/x" for --profile/);
    await refused(
      1,
      ["--bin", "hello", "--bin", "thrid"],
      /has no bin "thrid": it has .*did you mean "third"\?/,
    );
    await refused(1, ["--feature", "nonsense"], /nonsense[^]*cargo failed; it said why above/);
    await refused(1, ["--profile", "nonsense"], /nonsense[^]*cargo failed; it said why above/);
  },
);

foreignTest(
  ["cargo"],
  "a variable of this machine gets into a build only when it is listed, and a credential into no message",
  async () => {
    await using project = await emptyProject();
    const script = `fn main() {
    for name in ["GIVEN", "HIDDEN", "CARGO_REGISTRIES_MINE_TOKEN", "LANG", "TZ"] {
        println!("cargo:warning={name}={}", std::env::var(name).is_ok());
    }
}`;
    await writeCrate(project, "crate", { "src/main.rs": "fn main() {}\n", "build.rs": script });
    const env = {
      GIVEN: "x",
      HIDDEN: "y",
      CARGO_REGISTRIES_MINE_TOKEN: "canary",
      RUSTFLAGS: "--nonsense",
      TZ: "Asia/Tokyo",
    };
    const { stderr } = await project.expect(
      0,
      build("crate", "out", ["--build-env", "GIVEN", "--build-env", "CARGO_REGISTRIES_MINE_TOKEN"]),
      { ...RUNS, env },
    );
    const seen = [...stderr.matchAll(/: (\w+)=(true|false)$/gm)].map(([, name, is]) => `${name} ${is}`);
    deepStrictEqual(seen, [
      "GIVEN true",
      "HIDDEN false",
      "CARGO_REGISTRIES_MINE_TOKEN true",
      "LANG true",
      "TZ true",
    ]);
    ok(!stderr.includes("canary"));
  },
);
