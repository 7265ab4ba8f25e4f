import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RUNTIME_FLAGS } from "../project/runtime_flags.ts";
import { COMPILED_FLAGS } from "../tools/compile_program.ts";
import { type Ran, smeltEnv } from "./harness/smelt_process.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const CONFIG = fileURLToPath(new URL("../deno.json", import.meta.url));

async function start(
  project: TestProject,
  command: readonly [string, ...string[]],
  cwd: string,
  unset: readonly string[] = [],
): Promise<Ran> {
  const [program, ...args] = command;
  const variables = Object.entries(smeltEnv(project.place, {})).filter(([name]) => !unset.includes(name));
  const { code, signal, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    clearEnv: true,
    env: Object.fromEntries(variables),
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, signal, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("the launcher works by a link and from any folder of its project, and says what it lacks elsewhere", async () => {
  await using project = await emptyProject();
  const { root } = project;
  const init = [Deno.execPath(), "task", "-q", `--config=${CONFIG}`, "smelt", "init"] as const;
  const made = await start(project, init, root);
  strictEqual(made.code, 0, made.stderr);
  await project.write("main.smelt", 'resource data "a" : local.Data {\n}\n');
  await project.write("part/deep/note", "");
  await Deno.mkdir(join(root, "links"));
  await Deno.symlink("../smelt", join(root, "links/one"));
  await Deno.symlink(join(root, "links/one"), join(root, "links/two"));

  const linked = await start(project, [join(root, "links/two"), "plan"], join(root, "part/deep"));
  strictEqual(linked.code, 0, linked.stderr);
  match(linked.stdout, /1 to create/);

  for (const command of ["plan", "apply", "validate"]) {
    const elsewhere = await start(project, [join(root, "smelt"), command], "/");
    strictEqual(elsewhere.code, 1);
    match(elsewhere.stderr, /^error: No smelt\.toml here: smelt may not look into "\/"$/m);
  }

  const homeless = await start(project, [join(root, "smelt"), "plan"], root, [
    "HOME",
    "XDG_STATE_HOME",
    "SMELT_STATE_HOME",
  ]);
  strictEqual(homeless.code, 1);
  match(homeless.stderr, /^error: HOME or SMELT_STATE_HOME must be set/);
  doesNotMatch(homeless.stderr, /\/\.local/);
});

Deno.test("the task, the launcher and a compiled program start the runtime alike", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(CONFIG));
  for (const flag of RUNTIME_FLAGS) ok(tasks.smelt.command.includes(` ${flag} `), flag);
  deepStrictEqual(COMPILED_FLAGS, RUNTIME_FLAGS);
});
