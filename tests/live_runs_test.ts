import { match, ok, strictEqual } from "node:assert/strict";
import { type Ran, type RunningSmelt, smeltArgs, smeltEnv } from "./harness/smelt_process.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";
import { untilThere } from "./harness/until_there.ts";

const STACK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
}
`;

/** Calls that create a network hang until their sender gives up. */
const HANGS = {
  SMELT_SIM_FAULTS: '[{"operation": "create", "type": "sim.Network", "nth": 1, "effect": "hang"}]',
};
/** Calls that create a network take a while, in which a signal reaches the program. */
const SLOW = {
  SMELT_SIM_FAULTS: '[{"operation": "create", "type": "sim.Network", "nth": 1, "effect": {"latency": 3000}}]',
};

async function healed(project: TestProject): Promise<void> {
  await project.expect(0, ["apply", "--yes"]);
  await project.expect(0, ["audit", "verify"]);
  await project.expect(0, ["plan", "--detailed-exitcode"]);
  const { objects, live } = await project.ledger();
  strictEqual(objects.length, live.length);
}

/** Waits until the cloud has the call that its faults are about: it counts the call before it does anything. */
function called(project: TestProject, running: RunningSmelt): Promise<void> {
  return untilThere(project, running, async () => (await project.journal()).includes('"fact":"FaultMet"'));
}

Deno.test("an overlapping run is refused with 5 while the other lives, which is named; one killed holds nothing", async () => {
  await using project = await newProject(STACK);
  const holder = project.start(["apply", "--yes"], { env: HANGS });
  await called(project, holder);
  const started =
    /"run":"([0-9a-f]{32})"[^\n]*"type":"RunStarted"|"type":"RunStarted"[^\n]*"run":"([0-9a-f]{32})"/
      .exec(await Deno.readTextFile(project.logPath));
  const run = started?.[1] ?? started?.[2] ?? "";
  const { stderr } = await project.unchangedBy(() => project.expect(5, ["apply", "--yes"]));
  const since = new RegExp(`apply by tester on ${Deno.hostname()} since \\d{4}-\\d\\d-\\d\\dT`);
  match(stderr, since);
  ok(stderr.includes(`run ${run}`) && stderr.includes("shared: net.main"), stderr);
  const { stdout } = await project.expect(5, ["apply", "--yes", "--json"]);
  strictEqual(JSON.parse(stdout).exit.kind, "runLive");
  holder.kill("SIGKILL");
  await holder.ended();
  await healed(project);
});

Deno.test("the first interrupt starts nothing new, lets calls finish, and records what they did", async () => {
  await using project = await newProject(STACK);
  const running = project.start(["apply", "--yes"], { env: SLOW });
  await called(project, running);
  running.kill("SIGINT");
  await running.printed("Stopping: nothing new is started");
  const ran = await running.ended();
  strictEqual(ran.signal, null);
  strictEqual(ran.code, 7, ran.stdout + ran.stderr);
  const log = await Deno.readTextFile(project.logPath);
  match(log, /"type":"CreateSucceeded"/);
  match(log, /"outcome":"interrupted"/);
  strictEqual((await project.ledger()).live.length, 1);
  await project.expect(0, ["audit", "verify"]);
  await healed(project);
});

Deno.test("the second interrupt records what is in flight as unknown, ends with 8, and the next run settles it", async () => {
  await using project = await newProject(STACK);
  const running = project.start(["apply", "--yes"], { env: HANGS });
  await called(project, running);
  running.kill("SIGINT");
  await running.printed("Stopping: nothing new is started");
  running.kill("SIGINT");
  const ran = await running.ended();
  strictEqual(ran.code, 8, ran.stdout + ran.stderr);
  match(await Deno.readTextFile(project.logPath), /"type":"OutcomeUnknown"/);
  await project.expect(8, ["audit", "verify"]);
  await project.expect(0, ["recover"]);
  strictEqual((await project.ledger()).live.length, 1);
  await healed(project);
});

Deno.test("recover settles what a killed run left, and changes nothing else", async () => {
  await using project = await newProject(STACK);
  const env = {
    SMELT_SIM_FAULTS: '[{"operation": "create", "type": "sim.Network", "effect": "crashAfter"}]',
  };
  strictEqual((await project.run(["apply", "--yes"], { env })).signal, "SIGKILL");
  const { stdout } = await project.expect(0, ["recover"]);
  match(stdout, /settled: net\.main, an earlier call had been done/);
  strictEqual((await project.ledger()).objects.length, 1);
  match((await project.unchangedBy(() => project.expect(0, ["recover"]))).stdout, /Nothing is in doubt/);
  await healed(project);
});

/** Runs the program on a terminal of its own, and types. */
async function onTerminal(project: TestProject, args: readonly string[], typed: string): Promise<Ran> {
  const quoted = [Deno.execPath(), ...smeltArgs(project.place, args, {})].map((each) => `'${each}'`).join(
    " ",
  );
  const child = new Deno.Command("script", {
    args: ["-qefc", quoted, "/dev/null"],
    cwd: project.root,
    clearEnv: true,
    env: { ...smeltEnv(project.place, {}), SHELL: "/bin/sh", TERM: "xterm" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(typed));
  const { code, signal, stdout, stderr } = await child.output();
  await writer.close().then(() => {}, () => {});
  const text = new TextDecoder();
  return { code, signal, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

const HAS_SCRIPT = await new Deno.Command("sh", { args: ["-c", "command -v script"] }).output()
  .then(({ success }) => success);

Deno.test({
  name: "on a terminal apply asks: anything but yes ends with 3 and changes nothing, yes goes on",
  ignore: !HAS_SCRIPT,
  fn: async () => {
    await using project = await newProject(STACK);
    for (const answer of ["n\n", "\n", "nope\n", "\x04"]) {
      const declined = await project.unchangedBy(() => onTerminal(project, ["apply"], answer));
      strictEqual(declined.code, 3, declined.stdout);
      match(declined.stdout, /Apply these changes to default\? \[y\/N\] [^]*Nothing was changed/);
    }
    const agreed = await onTerminal(project, ["apply"], "y\n");
    strictEqual(agreed.code, 0, agreed.stdout);
    strictEqual((await project.ledger()).live.length, 2);
    await healed(project);
  },
});
