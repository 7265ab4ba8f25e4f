import { match, ok } from "node:assert/strict";
import { join } from "node:path";
import { newProject } from "./harness/test_project.ts";

const COMMANDS = [["plan"], ["apply", "--yes"], ["history"], ["query"], ["audit", "verify"]];

Deno.test("a clone without .smelt says that the log is elsewhere, to a user who never saw it", async () => {
  await using project = await newProject();
  await Deno.remove(join(project.root, ".smelt"), { recursive: true });
  const stateFolder = join(project.root, "another-user");
  await Deno.mkdir(stateFolder);
  for (const command of COMMANDS) {
    const { stderr } = await project.expect(1, command, { env: { SMELT_STATE_HOME: stateFolder } });
    match(stderr, /^error: The log of "default" is not on this machine: there is no ".*default\.log"$/m);
    match(stderr, /^hint: Work there, or restore \.smelt/m);
  }
});

Deno.test("P15: a log that this user has seen and that is gone is damage", async () => {
  await using project = await newProject();
  await Deno.remove(join(project.root, ".smelt/log"), { recursive: true });
  for (const command of COMMANDS) {
    const { stdout, stderr } = await project.expect(6, command);
    ok(/there is no log|the log ends with record 0/.test(`${stdout}${stderr}`), stdout + stderr);
  }
});
