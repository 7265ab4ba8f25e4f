/** The same source gives the same bytes: elsewhere, on another day, for another user; and a build that does not is told so. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { delimiter, dirname, join } from "node:path";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { foreignTest } from "./harness/foreign_program.ts";
import { buildCrate, type CrateFiles, crateLock, crateManifest, writeCrate } from "./harness/rust_crate.ts";
import { smeltArgs, smeltEnv, type StartOptions } from "./harness/smelt_process.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

/** What the launcher lacks. */
const RUNS = { flags: ["--allow-run=cargo,rustc"] };
const CHECKSUM = "1".repeat(64);

/** A crate with what brings paths and times in elsewhere: a vendored package that makes source, and a package of its workspace. */
const WITH_DEPENDENCIES: CrateFiles = {
  "Cargo.toml": crateManifest(
    '[dependencies]\ntiny = "1.0.0"\ninner = { path = "inner" }\n[workspace]\nmembers = ["inner"]\n[profile.release]\ndebug = 2\n',
  ),
  "Cargo.lock": crateLock(
    ["inner", "tiny"],
    `\n[[package]]\nname = "inner"\nversion = "0.1.0"\n
[[package]]\nname = "tiny"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "${CHECKSUM}"\n`,
  ),
  "src/main.rs": 'fn main() { println!("{} {} {}", file!(), inner::place(), tiny::place()); }\n',
  "inner/Cargo.toml": crateManifest().replace("hello", "inner"),
  "inner/src/lib.rs": "pub fn place() -> &'static str { file!() }\n",
  "vendor/tiny/Cargo.toml": crateManifest().replace("hello", "tiny").replace("0.1.0", "1.0.0"),
  "vendor/tiny/.cargo-checksum.json": `{"files":{},"package":"${CHECKSUM}"}`,
  "vendor/tiny/src/lib.rs": 'include!(concat!(env!("OUT_DIR"), "/made.rs"));\n',
  "vendor/tiny/build.rs": `fn main() {
    let made = format!("{}/made.rs", std::env::var("OUT_DIR").unwrap());
    std::fs::write(made, "pub fn place() -> &'static str { file!() }").unwrap();
    println!("cargo:rerun-if-changed=build.rs");
}
`,
  ".cargo/config.toml": '[source.crates-io]\nreplace-with = "here"\n[source.here]\ndirectory = "vendor"\n',
};

function build(folder: string, layout: string, more: readonly string[] = []): readonly string[] {
  return buildCrate(folder, layout, ["--link", "gnu-static", "--audit", "off", ...more]);
}

/** Runs the program with a mask of its own for the rights of files. */
async function expectMasked(
  project: TestProject,
  mask: string,
  args: readonly string[],
  options: StartOptions,
): Promise<string> {
  const command = new Deno.Command("sh", {
    args: [
      "-c",
      `umask ${mask} && exec "$0" "$@"`,
      Deno.execPath(),
      ...smeltArgs(project.place, args, options),
    ],
    cwd: project.root,
    clearEnv: true,
    env: smeltEnv(project.place, options),
    stdin: "null",
  });
  const { code, stderr, stdout } = await command.output();
  strictEqual(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** A cargo for which it is another year, in a folder to begin a PATH with. */
async function laterCargo(project: TestProject, faketime: string, cargo: string): Promise<string> {
  const folder = join(project.root, "later");
  await Deno.mkdir(folder);
  const script = `#!/bin/sh\nFAKETIME_DONT_FAKE_MONOTONIC=1 exec ${faketime} -f +400d ${cargo} "$@"\n`;
  await Deno.writeTextFile(join(folder, "cargo"), script, { mode: 0o755 });
  return folder;
}

async function setTimes(folder: string, seconds: number): Promise<void> {
  for await (const { isDirectory, name } of Deno.readDir(folder)) {
    if (isDirectory) await setTimes(join(folder, name), seconds);
    await Deno.utime(join(folder, name), seconds, seconds);
  }
}

/** The only layer with the program, compressed as it is in the layout. */
async function programLayer({ root }: TestProject, layout: string): Promise<Uint8Array<ArrayBuffer>> {
  const blob = (digest: string) => join(root, layout, "blobs/sha256", digest.slice("sha256:".length));
  const document = async (path: string) => JSON.parse(await Deno.readTextFile(path));
  const { manifests: [index] } = await document(join(root, layout, "index.json"));
  const { manifests: [image] } = await document(blob(index.digest));
  const { layers } = await document(blob(image.digest));
  return await Deno.readFile(blob(layers.at(-1).digest));
}

foreignTest(
  ["rust-musl", "faketime"],
  "6.4 no. 2: two clones have one digest, in other folders, on another day, with another user's variables, mask and jobs",
  async (tools) => {
    await using here = await emptyProject();
    await using there = await emptyProject();
    await writeCrate(here, "crate", WITH_DEPENDENCIES);
    // The same files, written in another order: folders list them in another.
    const turned = Object.fromEntries(Object.entries(WITH_DEPENDENCIES).toReversed());
    await writeCrate(there, "in/another/place", turned);
    await setTimes(join(there.root, "in"), 1_000_000_000);
    const compiler = dirname(tools["rust-musl"]);
    const path = Deno.env.get("PATH") ?? "";
    const usual = { ...RUNS, env: { PATH: [compiler, path].join(delimiter) } };
    const first = await expectMasked(
      here,
      "022",
      buildCrate("crate", "out", ["--audit", "off", "--", "-j1"]),
      usual,
    );
    const home = join(there.root, "home");
    await Deno.mkdir(join(home, "tmp"), { recursive: true });
    const caches = Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME") ?? "", ".cache");
    const later = await laterCargo(there, tools.faketime, join(compiler, "cargo"));
    const env = {
      HOME: home,
      DENO_DIR: Deno.env.get("DENO_DIR") ?? join(caches, "deno"),
      TMPDIR: join(home, "tmp"),
      TZ: "Asia/Kathmandu",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      USER: "somebody",
      RUSTFLAGS: "-C opt-level=0",
      PATH: [later, compiler, path].join(delimiter),
    };
    const args = buildCrate("in/another/place", "deep/down/out", ["--audit", "off", "--", "-j2"]);
    const second = await expectMasked(there, "077", args, { ...RUNS, env });
    match(first, /^sha256:[0-9a-f]{64}\n$/);
    strictEqual(second, first);
    const program = new TextDecoder("latin1").decode(gunzipSync(await programLayer(here, "out")));
    for (const { root, place } of [here, there]) {
      for (const path of [root, place.stateFolder]) ok(!program.includes(path), path);
    }
    ok(program.includes("/target/x86_64-unknown-linux-musl/release/build/tiny-"));
  },
);

foreignTest(
  ["cargo"],
  "6.4 no. 2: the layer of a built program is GNU tar's own, and three decoders inflate it to the same bytes",
  async () => {
    await using project = await emptyProject();
    await writeCrate(project, "crate", { "src/main.rs": "fn main() {}\n" });
    await project.expect(0, build("crate", "out"), RUNS);
    const layer = await programLayer(project, "out");
    const archive = new Uint8Array(gunzipSync(layer));
    const stream = new Blob([layer]).stream().pipeThrough(new DecompressionStream("gzip"));
    deepStrictEqual(new Uint8Array(await new Response(stream).arrayBuffer()), archive);
    await Deno.writeFile(join(project.root, "layer.tar.gz"), layer);
    const run = async (program: string, args: readonly string[]) => {
      const ran = await new Deno.Command(program, {
        args: [...args],
        cwd: project.root,
        env: { LC_ALL: "C" },
      }).output();
      ok(ran.success, new TextDecoder().decode(ran.stderr));
      return ran.stdout;
    };
    ok(Buffer.from(await run("gzip", ["-dc", "layer.tar.gz"])).equals(archive));
    await Deno.mkdir(join(project.root, "unpacked"));
    await run("tar", ["--extract", "--file=layer.tar.gz", "--directory=unpacked", "--preserve-permissions"]);
    const form = ["--format=ustar", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
    const theirs = await run("tar", ["-b1", ...form, "--directory=unpacked", "-cf", "-", "app"]);
    ok(Buffer.from(theirs).equals(archive));
  },
);

foreignTest(
  ["cargo"],
  "a seed saves compiling dependencies, gives the same bytes, and never holds what a folder of this machine could change",
  async () => {
    await using project = await emptyProject();
    await writeCrate(project, "crate", WITH_DEPENDENCIES);
    const compiled = async (layout: string, more: readonly string[] = []) => {
      const { stderr, stdout } = await project.expect(0, build("crate", layout, more), RUNS);
      return {
        digest: stdout,
        names: [...stderr.matchAll(/Compiling (\w+)/g)].map(([, name]) => name).toSorted(),
      };
    };
    const first = await compiled("one");
    deepStrictEqual(first.names, ["hello", "inner", "tiny"]);
    deepStrictEqual(await compiled("two"), { digest: first.digest, names: ["hello", "inner"] });
    deepStrictEqual(await compiled("three", ["--no-cache"]), first);
    const kept: string[] = [];
    const visit = async (folder: string): Promise<void> => {
      for await (const { isDirectory, name } of Deno.readDir(folder)) {
        kept.push(name);
        if (isDirectory) await visit(join(folder, name));
      }
    };
    await visit(join(project.place.stateFolder, "cache/compiled"));
    ok(kept.some((name) => name.startsWith("libtiny-")), kept.join());
    ok(!kept.some((name) => /inner|hello/.test(name)), kept.join());
    // Older than all that was compiled: by times alone it would count as compiled already.
    await project.write("crate/inner/src/lib.rs", 'pub fn place() -> &\'static str { "changed" }\n');
    await Deno.utime(join(project.root, "crate/inner/src/lib.rs"), 1_000_000_000, 1_000_000_000);
    const changed = await compiled("four");
    ok(changed.digest !== first.digest);
    deepStrictEqual(await compiled("five", ["--no-cache"]), { digest: changed.digest, names: first.names });
  },
);

foreignTest(
  ["cargo"],
  "IMG020: --check tells a build that gives another program each time, by the entry that differs, and writes nothing",
  async () => {
    await using project = await emptyProject();
    const script = `fn main() {
    println!("cargo:rustc-env=DRAWN={:?}", std::time::SystemTime::now());
    println!("cargo:rerun-if-changed=build.rs");
}
`;
    await writeCrate(project, "crate", {
      "build.rs": script,
      "src/main.rs": 'fn main() { println!("{}", env!("DRAWN")); }\n',
    });
    const { stderr } = await project.expect(1, build("crate", "out", ["--check"]), RUNS);
    match(
      stderr,
      /error: IMG020: The image is not reproducible: built twice, it was sha256:\w+ and sha256:\w+\n[^]*linux\/amd64: layer 2: \/app\/hello differs from byte \d+ on/,
    );
    const names: string[] = [];
    for await (const { name } of Deno.readDir(project.root)) names.push(name);
    deepStrictEqual(names, ["crate"]);
  },
);

foreignTest(
  ["cargo"],
  "--check says that a build gives what the layout holds, and IMG023 names what is another now",
  async () => {
    await using project = await emptyProject();
    await writeCrate(project, "crate", { "src/main.rs": 'fn main() { println!("one"); }\n' });
    const none = await project.expect(0, build("crate", "out", ["--check", "--json"]), RUNS);
    strictEqual(JSON.parse(none.stdout).same_as, "itself");
    const built = await project.expect(0, build("crate", "out"), RUNS);
    strictEqual(JSON.parse(none.stdout).digest, built.stdout.trim());
    const same = await project.expect(0, build("crate", "out", ["--check"]), RUNS);
    strictEqual(same.stdout, built.stdout);
    match(same.stderr, /^Reproducible: built anew, it is what out holds$/m);
    const before = await project.read("out/index.json");
    await project.write("crate/src/main.rs", 'fn main() { println!("two"); }\n');
    const changed = await project.expect(1, build("crate", "out", ["--check"]), RUNS);
    match(
      changed.stderr,
      /error: IMG023: "out:v1" is another image than what is built now: it is sha256:\w+, and twice sha256:\w+ was built\n[^]*linux\/amd64: layer 2: \/app\/hello differs from byte/,
    );
    strictEqual(await project.read("out/index.json"), before);
  },
);

foreignTest(
  ["cargo"],
  "IMG013, IMG021, IMG022: what could make it another program elsewhere is noted, and refused where that is wanted",
  async () => {
    await using project = await emptyProject();
    await writeCrate(project, "crate", {
      "Cargo.toml": crateManifest('[dependencies]\nouter = { path = "../outer" }\n'),
      "Cargo.lock": crateLock(["outer"], '\n[[package]]\nname = "outer"\nversion = "0.1.0"\n'),
      "src/main.rs": "fn main() { outer::nothing() }\n",
      "build.rs": `fn main() {
    println!("cargo:rerun-if-changed=/etc/hostname");
    println!("cargo:rerun-if-changed=build.rs");
    for name in ["MINE_HERE", "MINE_GIVEN", "MINE_NOWHERE"] { println!("cargo::rerun-if-env-changed={name}"); }
}
`,
    });
    await project.write("outer/Cargo.toml", crateManifest().replace("hello", "outer"));
    await project.write("outer/src/lib.rs", "pub fn nothing() {}\n");
    const options = { ...RUNS, env: { MINE_HERE: "1", MINE_GIVEN: "1" } };
    const given = ["--build-env", "MINE_GIVEN"];
    const { stdout } = await project.expect(0, build("crate", "out", [...given, "--json"]), options);
    const { root } = project;
    deepStrictEqual(JSON.parse(stdout).notes, [
      "IMG013: glibc is in the program, under the LGPL; names are looked up by files and DNS alone, other ways need its libraries",
      `IMG022: "outer" lies outside of the workspace, in ${root}/outer: its path changes the program`,
      'IMG021: the build script of "hello" reads /etc/hostname, which no other machine need have',
      'IMG021: the build script of "hello" asks for MINE_HERE, which a build does not see; --build-env MINE_HERE gives it',
    ]);
    const strict = await project.expect(1, build("crate", "none", ["--reproducible", "strict"]), options);
    match(
      strict.stderr,
      /error: IMG022: Cannot build "crate" the same elsewhere: a package lies outside of the workspace\n[^]*"outer" lies outside of the workspace, in .*\/outer/,
    );
  },
);
