import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openProject } from "../mod.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const STACK = `
resource network "main" : sim.Network {
  cidr = "10.0.0.0/16"
}
`;

/** The same project for a user whose folder of pins cannot be made: a file stands in its place. */
async function withoutPins(project: TestProject): Promise<Record<string, string>> {
  const path = join(project.root, "a-file");
  await Deno.writeTextFile(path, "");
  return { SMELT_STATE_HOME: join(path, "smelt") };
}

Deno.test("an apply whose pins cannot be written fails before its first call, and names path and way out", async () => {
  await using project = await newProject(STACK);
  const env = await withoutPins(project);
  await project.unchangedBy(async () => {
    const { stderr } = await project.expect(1, ["apply", "--yes"], { env });
    match(stderr, /^error: Cannot read this user's pins, ".*a-file\/smelt\/pins\.json": /m);
    match(stderr, /SMELT_STATE_HOME/);
  });
});

Deno.test("a pin folder that the runtime keeps closed is named with the flags that open it", async () => {
  await using project = await newProject(STACK);
  const folder = "/var/none/smelt";
  await project.unchangedBy(async () => {
    const { stderr } = await project.expect(1, ["apply", "--yes"], {
      env: { SMELT_STATE_HOME: folder },
      flags: [`-R=${folder}`, `-W=${folder}`],
    });
    match(stderr, /Cannot write this user's pins, "\/var\/none\/smelt\/pins\.json": Requires write access/);
    match(stderr, /mkdir -p \/var\/none\/smelt; then start the runtime with -R=\S+ -W=/);
  });
});

Deno.test("an apply whose pin can no longer be moved at its end keeps its outcome, and warns", async () => {
  await using project = await newProject(`${STACK}
resource command "spoil" : local.Command {
  create = ["sh", "spoil.sh"]
}
`);
  // A folder in the place of the lock of the pins cannot be opened.
  const lock = `${project.place.stateFolder}/pins.json.lock`;
  await project.write("spoil.sh", `rm ${lock} && mkdir ${lock}`);
  const { stdout, stderr } = await project.expect(0, ["apply", "--yes"], { flags: ["--allow-run=sh"] });
  match(stdout, /^Applied: 2 created$/m);
  match(stderr, /^warning: this user's pin in ".*pins\.json" was not moved: /m);
});

Deno.test("openProject() answers with a failure where the pins cannot be written", async () => {
  await using project = await newProject(STACK);
  const env = await withoutPins(project);
  const embedded = openProject({
    folder: project.root,
    who: "tester",
    readVariable: (name) => env[name],
  });
  const applied = await embedded.apply({ approve: () => true }).result();
  ok(!applied.ok);
  strictEqual(applied.error.kind, "Store");
});

Deno.test("P15: a writing command says on a fresh machine that no rollback could be seen, and only there", async () => {
  await using project = await newProject(STACK);
  const note = /^note: nothing but smelt\.toml pins this log here, and only record 1 of \d+: a rollback/m;
  const first = await project.expect(0, ["apply", "--yes"]);
  doesNotMatch(first.stderr, note);
  const env = { SMELT_STATE_HOME: join(project.root, "fresh") };
  await Deno.mkdir(env.SMELT_STATE_HOME);
  match((await project.expect(0, ["recover"], { env })).stderr, note);
  doesNotMatch((await project.expect(0, ["recover"], { env })).stderr, note);
  doesNotMatch((await project.expect(0, ["query"], { env })).stderr, note);
});
