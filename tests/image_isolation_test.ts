/** The folders that programs are built in: whose they are, who may look, and what is left of them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { foreignTest } from "./harness/foreign_program.ts";
import { ranTool } from "./harness/ran_tool.ts";
import { buildCrate, writeCrate } from "./harness/rust_crate.ts";
import type { StartOptions } from "./harness/smelt_process.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const PRIVATE = "700";

/** Tells in the file that `REPORT` names, a line a build, where it runs, and ends when its folder is gone if it is to wait. */
const TELLING_SCRIPT = `
use std::{env, fs, io::Write, os::unix::fs::PermissionsExt, path::Path, thread, time::Duration};
fn main() {
    let out = env::var("OUT_DIR").unwrap();
    let own = Path::new(&out).ancestors().find(|each| each.parent().unwrap().ends_with("builds")).unwrap();
    let modes = [own.parent().unwrap(), own, Path::new(&env::var("TMPDIR").unwrap())]
        .map(|each| format!("{:o}", fs::metadata(each).unwrap().permissions().mode() & 0o777));
    let line = format!("{} {} {} {}\\n", own.display(), modes.join(" "), std::os::unix::process::parent_id(), std::process::id());
    fs::OpenOptions::new().append(true).create(true).open(env::var("REPORT").unwrap()).unwrap()
        .write_all(line.as_bytes()).unwrap();
    while env::var("WAITS").is_ok() && Path::new(&out).exists() { thread::sleep(Duration::from_millis(20)); }
}
`;

/** What one build has told. */
interface Told {
  readonly folder: string;
  readonly modes: readonly string[];
  /** The process of cargo, and that of the build script. */
  readonly processes: readonly number[];
}

const REPORTING = ["--link", "gnu-static", "--no-cache", "--build-env", "REPORT", "--build-env", "WAITS"];

function options(project: TestProject, more: Readonly<Record<string, string>> = {}): StartOptions {
  return { flags: ["--allow-run=cargo,rustc"], env: { REPORT: join(project.root, "report"), ...more } };
}

function build(layout: string): readonly string[] {
  return buildCrate("crate", layout, REPORTING);
}

async function told(project: TestProject): Promise<readonly Told[]> {
  const lines = (await project.read("report")).trimEnd().split("\n");
  return lines.map((line) => {
    const [folder = "", ...rest] = line.split(" ");
    return { folder, modes: rest.slice(0, 3), processes: rest.slice(3).map(Number) };
  });
}

/** Folders of builds that are there. */
async function buildsOf({ place }: TestProject): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(join(place.stateFolder, "cache/builds"))) names.push(name);
  return names;
}

async function reportingProject(): Promise<TestProject> {
  const project = await emptyProject();
  await writeCrate(project, "crate", { "src/main.rs": "fn main() {}\n", "build.rs": TELLING_SCRIPT });
  await project.write("report", "");
  return project;
}

/** Whether a process is there; one that nobody has waited for counts as gone. */
async function lives(process: number): Promise<boolean> {
  const { code, stdout } = await ranTool("cat", [`/proc/${process}/status`], "/");
  return code === 0 && !/^State:\tZ/m.test(stdout);
}

foreignTest(
  ["cargo"],
  "6.4 no. 12: eight builds of one crate side by side have eight folders, which only their user may enter, and none is left",
  async () => {
    await using project = await reportingProject();
    const count = 8;
    const many = await Promise.all(
      Array.from({ length: count }, (_, index) => project.run(build(`out${index}`), options(project))),
    );
    deepStrictEqual(many.map(({ code }) => code), Array(count).fill(0), many[0]?.stderr);
    strictEqual(new Set(many.map(({ stdout }) => stdout)).size, 1);
    const builds = await told(project);
    strictEqual(builds.length, count);
    strictEqual(new Set(builds.map(({ processes }) => processes[0])).size, count);
    for (const { modes } of builds) deepStrictEqual(modes, [PRIVATE, PRIVATE, PRIVATE]);
    deepStrictEqual(await buildsOf(project), []);
  },
);

foreignTest(
  ["cargo"],
  "6.4 no. 12: builds that run at the same time never share a folder",
  async () => {
    await using project = await reportingProject();
    const waiting = options(project, { WAITS: "1" });
    const running = [project.start(build("none"), waiting), project.start(build("none"), waiting)];
    for (let count = 0; count < running.length;) {
      using watcher = Deno.watchFs(join(project.root, "report"));
      count = (await project.read("report")).split("\n").length - 1;
      if (count < running.length) await watcher[Symbol.asyncIterator]().next();
    }
    const folders = (await told(project)).map(({ folder }) => folder);
    strictEqual(new Set(folders).size, running.length);
    deepStrictEqual((await buildsOf(project)).length, running.length);
    for (const each of running) each.kill("SIGTERM");
    for (const each of running) strictEqual((await each.ended()).code, 1);
    deepStrictEqual(await buildsOf(project), []);
  },
);

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  foreignTest(
    ["cargo"],
    `6.4 no. 12: a build that ${signal} ends leaves no folder, no layout and no cargo, and its folder's name is not used again`,
    async () => {
      await using project = await reportingProject();
      const running = project.start(build("none"), options(project, { WAITS: "1" }));
      const [first] = await untilTold(project);
      running.kill(signal);
      const { code, stderr } = await running.ended();
      strictEqual(code, 1);
      match(stderr, /error: The build was interrupted: nothing was written\n/);
      deepStrictEqual(await buildsOf(project), []);
      strictEqual(await lives(first.processes[0] ?? 0), false as boolean);
      const names: string[] = [];
      for await (const { name } of Deno.readDir(project.root)) names.push(name);
      deepStrictEqual(names.toSorted(), ["crate", "report"]);
      await project.expect(0, build("out"), options(project));
      const [, second] = await told(project);
      ok(second !== undefined && second.folder !== first.folder, second?.folder);
      deepStrictEqual(await buildsOf(project), []);
    },
  );
}

/** Waits for what the first build tells. */
async function untilTold(project: TestProject): Promise<readonly [Told, ...(readonly Told[])]> {
  for (;;) {
    using watcher = Deno.watchFs(join(project.root, "report"));
    const text = await project.read("report");
    const [first, ...rest] = text.includes("\n") ? await told(project) : [];
    if (first !== undefined) return [first, ...rest];
    await watcher[Symbol.asyncIterator]().next();
  }
}

foreignTest(
  ["cargo"],
  "6.4 no. 12: what a killed build left is removed by the next, which has another folder; a failed build leaves nothing",
  async () => {
    await using project = await reportingProject();
    const running = project.start(build("none"), options(project, { WAITS: "1" }));
    const [first] = await untilTold(project);
    running.kill("SIGKILL");
    // What a container runs ends at once; here cargo would outlive smelt.
    for (const process of first.processes) Deno.kill(process, "SIGKILL");
    await running.ended();
    strictEqual((await buildsOf(project)).length, 1);
    await project.expect(0, build("out"), options(project));
    const [, second] = await told(project);
    ok(second !== undefined && second.folder !== first.folder, second?.folder);
    deepStrictEqual(await buildsOf(project), []);
    await project.write("crate/src/main.rs", "fn main() { nonsense }\n");
    const failed = await project.expect(1, build("none"), options(project));
    match(
      failed.stderr,
      /cannot find value `nonsense`[^]*error: Cannot build "hello" for linux\/amd64: cargo failed/,
    );
    deepStrictEqual(await buildsOf(project), []);
  },
);

foreignTest(
  ["cargo"],
  "--keep-temp keeps the folder of a build, says where, and no later build touches it",
  async () => {
    await using project = await reportingProject();
    const kept = await project.expect(0, [...build("out"), "--keep-temp"], options(project));
    const [, folder = ""] = /note: The folder of the build is kept: (\S+)$/m.exec(kept.stderr) ?? [];
    const program = join(folder, "linux-amd64/target/x86_64-unknown-linux-gnu/release/hello");
    ok((await Deno.stat(program)).isFile);
    await project.expect(0, build("out"), options(project));
    ok((await Deno.stat(program)).isFile);
    await project.write("crate/src/main.rs", "fn main() { nonsense }\n");
    const failed = await project.expect(1, [...build("none"), "--keep-temp"], options(project));
    match(failed.stderr, /The folder of the build is kept: \S+/);
    strictEqual((await buildsOf(project)).length, 2);
  },
);
