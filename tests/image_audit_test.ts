/** Advisories against the packages of a program: before a build, and as a command. */
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { foreignTest } from "./harness/foreign_program.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const DATE_LENGTH = 10;
const RUNS = { flags: ["--allow-run=cargo,rustc"] };
const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";
const SUM = "ab".repeat(32);
const LOCK = `version = 4

[[package]]
name = "hello"
version = "0.1.0"
dependencies = ["time"]

[[package]]
name = "time"
version = "0.1.45"
source = "${CRATES_IO}"
checksum = "${SUM}"
`;
const BUILD = [
  "image",
  "build",
  "--cargo",
  "app",
  "--name",
  "hello",
  "--layout",
  "out",
  "--link",
  "gnu-static",
];

function advisory(date: string): string {
  return `\`\`\`toml\n[advisory]\nid = "RUSTSEC-2020-0071"\npackage = "time"\ndate = "${date}"\n` +
    '[versions]\npatched = [">= 0.2.23"]\n```\n# Potential segfault in \u001b[2Jthe time crate\n';
}

async function auditProject(): Promise<TestProject> {
  const project = await emptyProject();
  await project.write(
    "app/Cargo.toml",
    '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ntime = "0.1"\n',
  );
  await project.write("app/Cargo.lock", LOCK);
  await project.write("app/src/main.rs", "fn main() {}\n");
  const today = new Date().toISOString().slice(0, DATE_LENGTH);
  await project.write("db/crates/time/RUSTSEC-2020-0071.md", advisory(today));
  return project;
}

async function layoutsOf({ root }: TestProject): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(root)) names.push(name);
  return names.filter((name) => name === "out");
}

foreignTest(
  ["cargo"],
  "IMG040: a build of a package that an advisory affects ends before anything of it is built",
  async () => {
    await using project = await auditProject();
    const { stderr, stdout } = await project.expect(1, [...BUILD, "--advisory-db", "db"], RUNS);
    strictEqual(stdout, "");
    match(stderr, /^error: IMG040: Cannot build "app": 1 advisory affects what it is made of\n/);
    match(
      stderr,
      /^ {2}RUSTSEC-2020-0071: time 0\.1\.45: vulnerability: Potential segfault in .*the time crate; 0\.2\.23 is without it$/m,
    );
    match(
      stderr,
      /^hint: Take versions that they do not affect, or ignore one in image-audit\.toml until a day/m,
    );
    doesNotMatch(stderr, /Compiling|Updating|Downloading/);
    deepStrictEqual(await layoutsOf(project), []);
  },
);

foreignTest(
  ["cargo"],
  "IMG041: a build with packages and without advisories ends, unless somebody says that it shall not look",
  async () => {
    await using project = await auditProject();
    const { stderr } = await project.expect(1, BUILD, RUNS);
    match(
      stderr,
      /^error: IMG041: Cannot build "app": no database of advisories is named.*\nhint: --audit off/m,
    );
    await project.write("app/.cargo/config.toml", "[net]\noffline = true\n");
    const off = await project.expect(1, [...BUILD, "--audit", "off"], RUNS);
    match(off.stderr, /cargo failed/);
    await project.expect(64, [...BUILD, "--audit", "sometimes"], RUNS);
  },
);

Deno.test("image audit ends with 1 where an image would be refused, and tells where, in words and as JSON", async () => {
  await using project = await auditProject();
  const told = await project.expect(1, ["image", "audit", "app", "--advisory-db", "db"]);
  match(told.stdout, /^RUSTSEC-2020-0071 refused: time 0\.1\.45: vulnerability\n/);
  match(
    told.stdout,
    /^1 package of crates\.io, held against 1 advisory up to .*: 1 refused, 0 warned, 0 ignored$/m,
  );
  match(told.stdout, /^Not of crates\.io, so not looked up: hello 0\.1\.0$/m);
  ok(!told.stdout.includes("\u001b[2J"));
  const json = JSON.parse(
    (await project.expect(1, ["image", "audit", "app", "--advisory-db", "db", "--json"])).stdout,
  );
  deepStrictEqual([json.outcome, json.exit, json.findings[0].fixed, json.unchecked], [
    "refused",
    { code: 1, kind: "error" },
    "0.2.23",
    [{ name: "hello", version: "0.1.0", origin: "path" }],
  ]);
  await project.expect(0, ["image", "audit", "app", "--advisory-db", "db", "--policy", "warn"]);
  const stale = advisory("2026-01-01").replace("2026-01-01", "2020-01-01");
  await project.write("db/crates/time/RUSTSEC-2020-0071.md", stale);
  const old = await project.expect(1, ["image", "audit", "app", "--advisory-db", "db"]);
  match(old.stdout, /^IMG042 refused: the newest advisory of the database is of 2020-01-01/m);
  const nowhere = await project.expect(1, ["image", "audit", "none"]);
  match(nowhere.stderr, /^error: Cannot audit "none": /);
});
