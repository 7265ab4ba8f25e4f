/** From source in Rust, over a real registry, to a process: for glibc and musl, for this processor and another. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { delimiter, dirname, join } from "node:path";
import { makeElf } from "../image/elf_fixture_test.ts";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startDockerRegistry } from "./harness/docker_registry.ts";
import { type ForeignPaths, foreignTest } from "./harness/foreign_program.ts";
import { filesBelow, ranBundle, ranTool } from "./harness/ran_tool.ts";
import { buildCrate, TELLING_MAIN, TOLD, writeCrate } from "./harness/rust_crate.ts";
import type { StartOptions } from "./harness/smelt_process.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

type Pipeline = ForeignPaths<"docker-registry" | "skopeo" | "umoci" | "runc">;

/** Files of the base: its own, and those of an image from scratch that it is. */
const BASE_FILES = ["app/base", "etc/group", "etc/passwd", "srv/of-the-base"];

/** A base for both processors, with a file of its own. */
async function writeBase(project: TestProject): Promise<void> {
  await Deno.writeFile(join(project.root, "base-amd64"), tinyProgram());
  await Deno.writeFile(join(project.root, "base-arm64"), makeElf({ machine: 183 }));
  await project.write("of-the-base", "base");
  const programs = ["--binary", "linux/amd64=base-amd64", "--binary", "linux/arm64=base-arm64"];
  const rest = ["--file", "of-the-base=/srv/of-the-base", "--layout", "base", "--tag", "v1"];
  await project.expect(0, ["image", "build", "--name", "base", ...programs, ...rest]);
}

/** Flags of the runtime and the PATH on which a compiler of `deno task setup` comes first. */
function withCompiler(rustc: string | undefined, more = ""): StartOptions {
  const path = [...rustc === undefined ? [] : [dirname(rustc)], Deno.env.get("PATH") ?? ""];
  return { flags: [`--allow-run=cargo,rustc${more}`], env: { PATH: path.join(delimiter) } };
}

/** Builds an image of the crate `hello`, and sends it to a registry; gives the digest of its index. */
async function pushed(
  project: TestProject,
  to: string,
  { more, options }: { readonly more: readonly string[]; readonly options: StartOptions },
): Promise<string> {
  await writeBase(project);
  await writeCrate(project, "crate", { "src/main.rs": TELLING_MAIN });
  const args = buildCrate("crate", "out", ["--base", "oci-layout:base:v1", ...more]);
  const built = await project.expect(0, args, options);
  const sent = await project.expect(0, ["image", "push", "out:v1", `${to}:v1`]);
  strictEqual(sent.stdout.trim(), `${to}@${built.stdout.trim()}`);
  return built.stdout.trim();
}

/** Pulls, unpacks and runs the image of one processor, and gives what it printed. */
async function ranFrom(
  tools: Pipeline,
  { architecture, emulator, project, reference }: {
    readonly project: TestProject;
    readonly reference: string;
    readonly architecture: "amd64" | "arm64";
    readonly emulator?: string;
  },
): Promise<string> {
  const choice = ["--override-os=linux", `--override-arch=${architecture}`];
  const remote = `docker://${reference}`;
  const inspected = await ranTool(
    tools.skopeo,
    [...choice, "inspect", "--tls-verify=false", remote],
    project.root,
  );
  strictEqual(JSON.parse(inspected.stdout).Architecture, architecture);
  const pulled = `pulled-${architecture}`;
  const copy = ["copy", "--src-tls-verify=false", remote, `oci:${pulled}:v1`];
  const copied = await ranTool(tools.skopeo, [...choice, ...copy], project.root);
  strictEqual(copied.code, 0, copied.stdout);
  const bundle = join(project.root, `bundle-${architecture}`);
  const unpacked = await ranTool(tools.umoci, ["unpack", "--image", `${pulled}:v1`, bundle], project.root);
  strictEqual(unpacked.code, 0, unpacked.stdout);
  deepStrictEqual(await filesBelow(join(bundle, "rootfs")), [...BASE_FILES, "app/hello"].toSorted());
  const { process } = JSON.parse(await Deno.readTextFile(join(bundle, "config.json")));
  deepStrictEqual([process.args, process.user.uid, process.user.gid], [["/app/hello"], 65532, 65532]);
  return await ranBundle(tools.runc, bundle, "/app/hello", emulator);
}

foreignTest(
  ["cargo", "docker-registry", "skopeo", "umoci", "runc"],
  "6.4 no. 1: a crate becomes a static program of glibc, in an image that others pull, unpack and run as nobody",
  async (tools) => {
    await using project = await emptyProject();
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    const reference = `${registry.host}/team/hello`;
    await pushed(project, reference, { more: ["--link", "gnu-static"], options: withCompiler(undefined) });
    const image = { project, reference: `${reference}:v1`, architecture: "amd64" } as const;
    strictEqual(await ranFrom(tools, image), TOLD);
  },
);

foreignTest(
  ["rust-musl", "docker-registry", "skopeo", "umoci", "runc"],
  "6.4 no. 1: a crate becomes a static program of musl, which is the default, and runs as nobody",
  async (tools) => {
    await using project = await emptyProject();
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    const reference = `${registry.host}/team/hello`;
    await pushed(project, reference, { more: [], options: withCompiler(tools["rust-musl"]) });
    const image = { project, reference: `${reference}:v1`, architecture: "amd64" } as const;
    strictEqual(await ranFrom(tools, image), TOLD);
  },
);

foreignTest(
  [
    "rust-arm64",
    "aarch64-linux-gnu-gcc",
    "qemu-aarch64-static",
    "docker-registry",
    "skopeo",
    "umoci",
    "runc",
  ],
  "6.4 no. 1: one build makes programs for two processors, in one index, and each runs as nobody on its own",
  async (tools) => {
    await using project = await emptyProject();
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    const reference = `${registry.host}/team/hello`;
    const platforms = ["--platform", "linux/amd64", "--platform", "linux/arm64"];
    const digest = await pushed(project, reference, {
      more: ["--link", "gnu-static", ...platforms],
      options: withCompiler(tools["rust-arm64"]),
    });
    const raw = await ranTool(
      tools.skopeo,
      ["inspect", "--raw", "--tls-verify=false", `docker://${reference}@${digest}`],
      project.root,
    );
    deepStrictEqual(
      JSON.parse(raw.stdout).manifests.map((each: { readonly platform: unknown }) => each.platform),
      [{ architecture: "amd64", os: "linux" }, { architecture: "arm64", os: "linux" }],
    );
    const emulator = tools["qemu-aarch64-static"];
    const image = { project, reference: `${reference}:v1` };
    strictEqual(await ranFrom(tools, { ...image, architecture: "amd64" }), TOLD);
    strictEqual(await ranFrom(tools, { ...image, architecture: "arm64", emulator }), TOLD);
  },
);

foreignTest(
  ["rust-arm64"],
  "a linker of another processor is looked for, and one that lacks is named with what brings it (IMG016)",
  async (tools) => {
    await using project = await emptyProject();
    await writeCrate(project, "crate", { "src/main.rs": TELLING_MAIN });
    const none = join(project.root, "programs");
    await Deno.mkdir(none);
    // A PATH with nothing but the compiler: no linker of any name.
    await Deno.symlink(tools["rust-arm64"], join(none, "rustc"));
    await Deno.symlink(join(dirname(tools["rust-arm64"]), "cargo"), join(none, "cargo"));
    const args = buildCrate("crate", "out", ["--link", "gnu-static", "--platform", "linux/arm64"]);
    const told = await project.expect(1, args, { flags: ["--allow-run=cargo,rustc"], env: { PATH: none } });
    match(
      told.stderr,
      /^error: IMG016: Cannot build for aarch64-unknown-linux-gnu: no linker for it was found\nhint: Install aarch64-linux-gnu-gcc;/m,
    );
    const zig = await project.expect(1, [...args, "--linker", "zig"], withCompiler(tools["rust-arm64"]));
    match(zig.stderr, /zig cannot link glibc into a program\nhint: Say --link musl/);
  },
);
