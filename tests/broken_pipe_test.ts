import { strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { smeltArgs, smeltEnv } from "./harness/smelt_process.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const STACK = `
resource network "main" : sim.Network {
  cidr = "10.0.0.0/16"
}

resource subnet "main" : sim.Subnet {
  needs network.main -> network_id

  cidr = "10.0.0.0/24"
}
`;

/** Runs the program with a reader of both its streams that goes after one line, and gives the program's own exit code. */
async function runForOneLine(project: TestProject, args: readonly string[]): Promise<number> {
  const script = '{ "$@" 2>&1; echo $? > "$CODE_FILE"; } | head -n 1';
  const codeFile = join(project.root, "code");
  await new Deno.Command("sh", {
    args: ["-c", script, "sh", Deno.execPath(), ...smeltArgs(project.place, args, {})],
    cwd: project.root,
    clearEnv: true,
    env: { ...smeltEnv(project.place, {}), CODE_FILE: codeFile },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return Number(await Deno.readTextFile(codeFile));
}

Deno.test("a run whose reader has gone goes on to its end, and ends with its own code", async () => {
  await using project = await newProject(STACK);
  strictEqual(await runForOneLine(project, ["apply", "--yes"]), 0);
  await project.expect(0, ["plan", "--detailed-exitcode"]);
  strictEqual((await project.ledger()).live.length, 2);
});

Deno.test("a command that only reads ends quietly when its reader has gone", async () => {
  await using project = await newProject(STACK);
  await project.expect(0, ["apply", "--yes"]);
  strictEqual(await runForOneLine(project, ["history"]), 0);
});
