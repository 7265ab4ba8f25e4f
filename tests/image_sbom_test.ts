/** Bills of materials of images, as auditors and other programs read them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { SPDX_EXCEPTION_IDS, SPDX_LICENCE_IDS } from "../image/spdx_ids.ts";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { cyclonedxValidator, publishedSchema } from "./harness/cyclonedx_schema.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { ranTool } from "./harness/ran_tool.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const RUNS = { flags: ["--allow-run=cargo,rustc"] };
const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";
const VENDORED = '[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "vendor"\n';
const MAIN = 'fn main() { println!("{}", plain::name()); }\n#[allow(unused_imports)]\nuse derive_mac::*;\n';
const MANIFEST = `[package]
name = "hello"
version = "0.1.0"
edition = "2021"
build = "build.rs"
license = "MIT"

[dependencies]
plain = "1"
derive-mac = "1"

[build-dependencies]
maker = "1"

[dev-dependencies]
tested = "1"

[target.'cfg(windows)'.dependencies]
windowed = "1"
`;
const RELATED = '"relatedSpdxElement":"SPDXRef-0"';
const BUILD = ["image", "build", "--name", "hello", "--layout", "out", "--tag", "v1"];

interface Component {
  readonly name: string;
  readonly scope?: string;
  readonly purl?: string;
  readonly version?: string;
  readonly licenses?: readonly Readonly<Record<string, unknown>>[];
  readonly hashes?: readonly { readonly content: string }[];
}

interface Document {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly compositions: readonly { readonly aggregate: string }[];
}

/** A document in CycloneDX 1.6, held against its published schema. */
function validDocument(text: string): Document {
  const document = JSON.parse(text);
  const validate = cyclonedxValidator("1.6");
  ok(validate(document), JSON.stringify(validate.errors));
  return JSON.parse(text);
}

function sumOf(name: string): string {
  return [...name].map((each) => each.charCodeAt(0).toString(16)).join("").padEnd(64, "0").slice(0, 64);
}

/** A crate of the public registry, in a folder of its own: no network is asked. */
async function vendor(
  project: TestProject,
  folder: string,
  { code = "", manifest = "", name }: {
    readonly name: string;
    readonly manifest?: string;
    readonly code?: string;
  },
): Promise<void> {
  const place = `${folder}/vendor/${name}`;
  const head = `[package]\nname = "${name}"\nversion = "1.0.0"\nedition = "2021"\n`;
  await project.write(`${place}/Cargo.toml`, `${head}${manifest}`);
  await project.write(`${place}/src/lib.rs`, code);
  await project.write(`${place}/LICENCE`, "Do what you like\n");
  await project.write(`${place}/.cargo-checksum.json`, JSON.stringify({ files: {}, package: sumOf(name) }));
}

async function writeCrate(project: TestProject, folder: string): Promise<void> {
  const names = ["derive-mac", "inner", "maker", "plain", "tested", "windowed"];
  const relies: Readonly<Record<string, readonly string[]>> = { plain: ["inner"], maker: ["inner"] };
  const locked = names.map((name) =>
    `[[package]]\nname = "${name}"\nversion = "1.0.0"\nsource = "${CRATES_IO}"\nchecksum = "${
      sumOf(name)
    }"\n` +
    (relies[name] === undefined ? "" : `dependencies = ${JSON.stringify(relies[name])}\n`)
  );
  const own = '[[package]]\nname = "hello"\nversion = "0.1.0"\n' +
    'dependencies = ["derive-mac", "maker", "plain", "tested", "windowed"]\n';
  const sorted = [...locked, own].toSorted((a, b) => a < b ? -1 : 1);
  await project.write(`${folder}/Cargo.lock`, `version = 3\n\n${sorted.join("\n")}`);
  await project.write(`${folder}/Cargo.toml`, MANIFEST);
  await project.write(`${folder}/src/main.rs`, MAIN);
  await project.write(`${folder}/build.rs`, "fn main() { maker::make(); }\n");
  await project.write(`${folder}/.cargo/config.toml`, VENDORED);
  await vendor(project, folder, {
    name: "plain",
    manifest: 'license = "MIT/Apache-2.0"\n[dependencies]\ninner = "1"\n',
    code: "pub fn name() -> &'static str { inner::name() }\n",
  });
  await vendor(project, folder, {
    name: "inner",
    manifest: 'license = "odd words"\n',
    code: 'pub fn name() -> &\'static str { "inner" }\n',
  });
  await vendor(project, folder, {
    name: "maker",
    manifest: '[dependencies]\ninner = "1"\n',
    code: "pub fn make() { inner::name(); }\n",
  });
  await vendor(project, folder, {
    name: "derive-mac",
    manifest: 'license-file = "LICENCE"\n[lib]\nproc-macro = true\n',
  });
  await vendor(project, folder, { name: "tested" });
  await vendor(project, folder, { name: "windowed" });
}

function find(components: readonly Component[], name: string): Component {
  const found = components.find((each) => each.name === name);
  ok(found !== undefined, `${name} is not listed`);
  return found;
}

foreignTest(
  ["cargo"],
  "the bill of materials of a program of Rust lists what was compiled, and says which of it is in the program",
  async () => {
    await using project = await emptyProject();
    const build = (folder: string, layout: string) =>
      project.expect(0, [
        ...["image", "build", "--name", "hello", "--layout", layout, "--tag", "v1"],
        ...["--cargo", folder, "--link", "gnu-static", "--audit", "off", "--sbom", "both"],
      ], RUNS);
    await writeCrate(project, "app");
    await build("app", "out");
    const { stdout } = await project.expect(0, ["image", "sbom", "out:v1"]);
    const document = validDocument(stdout);
    const { components } = document;
    deepStrictEqual(components.map(({ name, scope = "-" }) => `${name} ${scope}`), [
      "/app/hello -",
      "std required",
      "glibc required",
      "derive-mac excluded",
      "hello required",
      "inner required",
      "maker excluded",
      "plain required",
      "/etc/group -",
      "/etc/passwd -",
    ]);
    const plain = find(components, "plain");
    strictEqual(plain.purl, "pkg:cargo/plain@1.0.0");
    deepStrictEqual(plain.hashes, [{ alg: "SHA-256", content: sumOf("plain") }]);
    deepStrictEqual(plain.licenses, [{ expression: "MIT OR Apache-2.0" }]);
    deepStrictEqual(find(components, "inner").licenses, [{ license: { name: "odd words" } }]);
    match(find(components, "std").version ?? "", /^1\.[0-9]+\.[0-9]+/);
    match(stdout, /"smelt:license-file-sha256","value":"[0-9a-f]{64}"/);
    const relies = new Map(document.dependencies.map(({ dependsOn, ref }) => [ref, dependsOn]));
    deepStrictEqual(relies.get("pkg:cargo/hello@0.1.0"), [
      "pkg:cargo/derive-mac@1.0.0",
      "pkg:cargo/maker@1.0.0",
      "pkg:cargo/plain@1.0.0",
    ]);
    deepStrictEqual(relies.get("pkg:cargo/plain@1.0.0"), ["pkg:cargo/inner@1.0.0"]);
    strictEqual(document.compositions[0]?.aggregate, "complete");
    const index = await project.expect(0, ["image", "sbom", "out:v1", "--platform", "index"]);
    deepStrictEqual(validDocument(index.stdout).components.map(({ name }) => name), ["hello"]);
    await writeCrate(project, "other/place");
    await build("other/place", "out2");
    strictEqual((await project.expect(0, ["image", "sbom", "out2:v1"])).stdout, stdout);
    const spdx = JSON.parse(
      (await project.expect(0, ["image", "sbom", "out:v1", "--format", "spdx"])).stdout,
    );
    const ids = new Map(
      spdx.packages.map((each: Readonly<Record<string, string>>) => [each["SPDXID"], each["name"]]),
    );
    const told: readonly string[] = spdx.relationships.map((each: Readonly<Record<string, string>>) =>
      `${ids.get(each["spdxElementId"])} ${each["relationshipType"]} ${ids.get(each["relatedSpdxElement"])}`
    );
    for (
      const each of [
        "hello CONTAINS /app/hello",
        "/app/hello DEPENDS_ON hello",
        "hello DEPENDS_ON plain",
        "maker BUILD_DEPENDENCY_OF hello",
        "derive-mac BUILD_DEPENDENCY_OF hello",
      ]
    ) ok(told.includes(each), `${each} is not among ${told.join(", ")}`);
  },
);

foreignTest(
  ["cargo"],
  "where cargo cannot say what it built of, the bill of materials is the lock file's, and says that it is incomplete",
  async ({ cargo }) => {
    await using project = await emptyProject();
    await writeCrate(project, "app");
    await project.write(
      "bin/cargo",
      `#!/bin/sh\ncase "$*" in *--filter-platform*) exit 101;; esac\nexec ${cargo} "$@"\n`,
    );
    await Deno.chmod(join(project.root, "bin/cargo"), 0o755);
    const env = { PATH: `${join(project.root, "bin")}:${Deno.env.get("PATH")}` };
    const cargoBuild = ["--cargo", "app", "--link", "gnu-static", "--audit", "off"];
    await project.expect(0, [...BUILD, ...cargoBuild], { ...RUNS, env });
    const document = validDocument((await project.expect(0, ["image", "sbom", "out:v1"])).stdout);
    strictEqual(document.compositions[0]?.aggregate, "incomplete");
    const names = document.components.filter(({ scope = "-" }) => scope === "-").map(({ name }) => name);
    ok(names.includes("tested") && names.includes("windowed"), names.join());
  },
);

Deno.test("the bill of materials of source is made of its lock file, and says that it is incomplete", async () => {
  await using project = await emptyProject();
  await writeCrate(project, "app");
  const { stdout } = await project.expect(0, ["image", "sbom", "app"]);
  const document = validDocument(stdout);
  deepStrictEqual(document.components.map(({ name }) => name), [
    "derive-mac",
    "hello",
    "inner",
    "maker",
    "plain",
    "tested",
    "windowed",
  ]);
  deepStrictEqual([...new Set(document.compositions.map(({ aggregate }) => aggregate))], [
    "incomplete",
  ]);
  match(
    (await project.expect(1, ["image", "sbom", "nowhere"])).stderr,
    /neither an image of a layout nor a folder/,
  );
  const outside = await project.expect(1, ["image", "sbom", "/nowhere"]);
  match(outside.stderr, /^error: Cannot read "\/nowhere": Requires read access to "\/nowhere/m);
});

Deno.test("image build says what it wrote, writes nothing with none, and refuses options that do not go together", async () => {
  await using project = await emptyProject();
  await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
  const binary = ["--binary", "linux/amd64=web"];
  const told = JSON.parse(
    (await project.expect(0, [...BUILD, ...binary, "--sbom-dir", "boms", "--json"])).stdout,
  );
  deepStrictEqual(
    told.sboms.map((each: Readonly<Record<string, string>>) => [each["format"], each["path"]]),
    [
      ["cyclonedx", "boms/hello-linux-amd64.cdx.json"],
      ["cyclonedx", "boms/hello-index.cdx.json"],
    ],
  );
  for (const { path } of told.sboms) validDocument(await Deno.readTextFile(join(project.root, path)));
  const printed = (await project.expect(0, ["image", "sbom", "out:v1"])).stdout;
  strictEqual(printed, await Deno.readTextFile(join(project.root, "boms/hello-linux-amd64.cdx.json")));
  const lines = await project.expect(0, [...BUILD, ...binary, "--sbom", "both"]);
  match(lines.stderr, /^ {2}linux\/amd64 {2}spdx {2}out\/sbom\/sha256-[0-9a-f]{64}\.spdx\.json$/m);
  const none = await project.expect(0, [...BUILD, ...binary, "--layout", "plain", "--sbom", "none"]);
  strictEqual(none.stdout, lines.stdout);
  match(
    (await project.expect(1, ["image", "sbom", "plain:v1"])).stderr,
    /IMG047: .*\nhint: Build it with --sbom/,
  );
  match((await project.expect(1, ["image", "audit", "plain:v1"])).stderr, /IMG047/);
  await project.expect(64, [...BUILD, ...binary, "--sbom", "none", "--sbom-dir", "boms"]);
  await project.expect(64, [...BUILD, "--cargo", "app", "--sbom-file", "linux/amd64=x.json"]);
  await project.expect(64, [...BUILD, ...binary, "--sbom", "xml"]);
});

foreignTest(
  ["pyspdxtools"],
  "documents in SPDX are valid by the validator of the SPDX project itself",
  async ({ pyspdxtools }) => {
    await using project = await emptyProject();
    await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
    await writeCrate(project, "app");
    await project.expect(0, [
      ...BUILD,
      "--binary",
      "linux/amd64=web",
      "--sbom",
      "spdx",
      "--sbom-dir",
      "boms",
    ]);
    const source = await project.expect(0, ["image", "sbom", "app", "--format", "spdx"]);
    await project.write("boms/source.spdx.json", source.stdout);
    const valid = async (name: string) =>
      await ranTool(pyspdxtools, ["-i", join("boms", name)], project.root);
    for (const name of ["hello-linux-amd64.spdx.json", "hello-index.spdx.json", "source.spdx.json"]) {
      const { code, stdout } = await valid(name);
      strictEqual(code, 0, stdout);
    }
    await project.write("boms/bad.spdx.json", source.stdout.replace(RELATED, RELATED.replace("-0", "-404")));
    ok((await valid("bad.spdx.json")).code !== 0);
  },
);

Deno.test("every id of a licence or an exception that CycloneDX knows is known", () => {
  const ids: readonly string[] = publishedSchema("spdx")["enum"];
  ok(ids.length > 800);
  const unknown = ids.filter((id) =>
    !SPDX_LICENCE_IDS.has(id.replace(/\+$/, "")) && !SPDX_EXCEPTION_IDS.has(id)
  );
  deepStrictEqual(unknown, []);
});
