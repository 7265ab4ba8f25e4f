import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { newProject } from "./harness/test_project.ts";
import { untilThere } from "./harness/until_there.ts";

const STACK = `
resource network "main" : sim.Network {
  cidr = "10.0.0.0/16"
}
`;
/** A change that hangs until its sender gives up. */
const HANGS = { SMELT_SIM_FAULTS: '[{"operation": "update", "effect": "hang"}]' };

Deno.test("a plan beside a live run shows what it can, names the run in a note, and ends well", async () => {
  await using project = await newProject(STACK);
  await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", STACK.replace("cidr", 'name = "a"\n  cidr'));
  const holder = project.start(["apply", "--yes"], { env: HANGS });
  await untilThere(
    project,
    holder,
    async () => (await Deno.readTextFile(project.logPath)).includes('"type":"UpdateStarted"'),
  );

  const plan = await project.expect(0, ["plan", "--detailed-exitcode"]);
  match(plan.stdout, /cannot be decided: run [0-9a-f]{8} is changing it now/);
  match(
    plan.stderr,
    /^note: another run is changing network\.main now: apply by tester on .* since .* \(run [0-9a-f]{8}\)$/m,
  );
  const { stdout } = await project.expect(0, ["plan", "--json"]);
  const [held] = JSON.parse(stdout).held_by;
  deepStrictEqual([held.command, held.who, held.shared], ["apply", "tester", ["network.main"]]);

  await project.write("more.smelt", 'resource queue "q" : sim.Queue {\n  name = "q"\n}\n');
  await project.expect(2, ["plan", "--detailed-exitcode"]);
  const { stderr } = await project.unchangedBy(() => project.expect(5, ["apply", "--yes"]));
  match(stderr, /^error: Another run holds what this one needs: apply by tester on /m);
  match(stderr, /^ {2}shared: network\.main$/m);
  holder.kill("SIGKILL");
  strictEqual((await holder.ended()).signal, "SIGKILL");
  await project.expect(0, ["apply", "--yes"]);
});
