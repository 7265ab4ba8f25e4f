import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";
import { untilThere } from "./harness/until_there.ts";
import { WatchedFiles } from "./harness/watched_files.ts";

/** Attacks on the protocol by their number, by the whole program over real files. */

const APPLY = ["apply", "--yes"];
const KEY = `resource role "r" : sim.Role {
  name = "r"
}
resource key "k" : sim.Key {
  needs role.r -> role_id
  name = "k"
}
`;

async function eventsOf(project: TestProject): Promise<readonly (readonly string[])[]> {
  const lines = (await Deno.readTextFile(project.logPath)).split("\n").slice(0, -1);
  return lines.map((line) => {
    const { events }: { readonly events: readonly { readonly type: string }[] } = JSON.parse(
      line.split("\t")[0] ?? "",
    );
    return events.map(({ type }) => type);
  });
}

Deno.test("P15: a log that was set back, or replaced by a fork of it, is refused by every command that would write, and by plan", async () => {
  await using project = await newProject(KEY);
  await expectInside(project, 0, APPLY);
  const older = await Deno.readFile(project.logPath);
  await project.write("main.smelt", KEY.replace('name = "k"', "$&\n  active = false"));
  await using fork = await project.copy();
  await expectInside(project, 0, APPLY);
  await expectInside(fork, 0, ["destroy", "--yes"]);
  for (const bytes of [older, await Deno.readFile(fork.logPath)]) {
    await Deno.writeFile(project.logPath, bytes);
    for (
      const args of [["plan"], APPLY, ["destroy", "--yes"], ["recover"], ["protect", "key.k"], [
        "audit",
        "verify",
      ]]
    ) {
      await project.unchangedBy(() => expectInside(project, 6, args));
    }
  }
});

Deno.test("P19: a run whose log takes no more keeps what it was told, its secret with it, and the next run stores it", async () => {
  await using project = await newProject(KEY);
  await applyOnFullDisk(project);
  strictEqual((await project.ledger()).live.length, 2);
  const { stdout } = await expectInside(project, 0, ["recover"]);
  match(stdout, /key\.k/);
  match((await expectInside(project, 0, ["plan"])).stdout, /Nothing changes/);
  strictEqual((await project.ledger()).objects.length, 2);
  deepStrictEqual(await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/unsaved"))), []);
  await expectInside(project, 0, ["audit", "verify"]);
});

/** An apply whose last outcome finds no place in the log, so that the run keeps it aside. */
async function applyOnFullDisk(project: TestProject): Promise<void> {
  using files = new WatchedFiles();
  let isFull = false;
  using _ = files.watch(dirname(project.root), {
    before({ name, path, isChange }) {
      if (isFull && isChange && name === "write" && path === project.logPath) {
        throw new Error("No space left on device");
      }
    },
    after({ path, name }) {
      // The last intent has been stored; its outcome finds no place.
      if (path === project.logPath && name === "syncData") isFull ||= hasIntentOf(project, "key.k");
    },
  });
  const { code, stdout, stderr } = await runInside(project, APPLY);
  strictEqual(code, 8, stdout + stderr);
  match(stdout + stderr, /\.smelt\/unsaved\/[0-9a-f]+\.json/);
}

async function keptAside(project: TestProject): Promise<readonly string[]> {
  return await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/unsaved")), ({ name }) => name);
}

Deno.test("P19: what a run kept aside is no person's to guess, and is stored though it was held for not done before", async () => {
  await using project = await newProject(KEY);
  await applyOnFullDisk(project);
  const refused = await project.unchangedBy(() =>
    expectInside(project, 1, ["recover", "--not-done", "key.k", "--yes"])
  );
  match(
    refused.stderr,
    /what became of the call is known, and was kept aside.*\nhint: smelt recover stores it/,
  );

  // Another machine does not have the file: there a person may say so, and the object comes to light here.
  const [file = ""] = await keptAside(project);
  const path = join(project.root, ".smelt/unsaved", file);
  const bytes = await Deno.readFile(path);
  await Deno.remove(path);
  await expectInside(project, 0, ["recover", "--not-done", "key.k", "--yes"]);
  await Deno.writeFile(path, bytes);
  await expectInside(project, 0, ["recover"]);
  deepStrictEqual(await keptAside(project), []);
  await expectInside(project, 0, APPLY);
  const { live } = await project.ledger();
  strictEqual(live.length, 2);
  await expectInside(project, 0, ["keys", "rotate", "--yes"]);
  await expectInside(project, 0, ["audit", "verify"]);
});

Deno.test("P19: outcomes that nobody waits for are cleared away, and those of a key that was revoked stop nobody", async () => {
  await using project = await newProject(KEY);
  await applyOnFullDisk(project);
  const [file = ""] = await keptAside(project);
  const path = join(project.root, ".smelt/unsaved", file);
  const bytes = await Deno.readFile(path);
  await expectInside(project, 0, ["recover"]);
  await Deno.writeFile(path, bytes);
  match((await expectInside(project, 0, ["recover"])).stdout, /Nothing is in doubt/);
  deepStrictEqual(await keptAside(project), []);

  await project.write("boss.json", (await expectInside(project, 0, ["keys", "create", "boss"])).stdout);
  const roles = ["--role", "admin", "--role", "apply", "--role", "approve"];
  await expectInside(project, 0, ["keys", "add", "boss.json", ...roles, "--yes"]);
  const boss = { env: { SMELT_KEY: "boss" } };
  await project.expect(0, ["keys", "revoke", "local", "--reason", "lost", "--yes"], boss);
  await Deno.writeFile(path, bytes);
  await project.expect(0, ["recover"], boss);
  await project.expect(0, APPLY, boss);
  await project.expect(0, ["audit", "verify"], boss);
});

function hasIntentOf(project: TestProject, address: string): boolean {
  const text = Deno.readTextFileSync(project.logPath);
  return text.includes(`"address":"${address}"`) && text.includes('"type":"CreateStarted"');
}

Deno.test("P21: the start of a run stands in a record alone, its end is its last, and an apply without changes appends nothing", async () => {
  await using project = await newProject(KEY);
  await expectInside(project, 0, APPLY);
  await project.unchangedBy(() => expectInside(project, 0, APPLY));
  await expectInside(project, 0, ["taint", "key.k"]);
  await expectInside(project, 0, APPLY);
  await expectInside(project, 0, ["destroy", "--yes"]);
  const records = await eventsOf(project);
  const starts = records.filter((types) => types.includes("RunStarted"));
  ok(starts.length >= 3, `${starts.length}`);
  for (const types of starts) deepStrictEqual(types, ["RunStarted"]);
  for (const [index, types] of records.entries()) {
    if (types.includes("RunFinished")) {
      strictEqual(types.at(-1), "RunFinished");
      ok(
        index + 1 === records.length || records[index + 1]?.[0] === "RunStarted",
        String(records[index + 1]),
      );
    }
  }
});

Deno.test("P13 e: what a killed run left open is settled once, however many come to settle it at once", async () => {
  const queues = ["a", "b", "c"].map((name) =>
    `resource queue "${name}" : sim.Queue {\n  name = "${name}"\n}\n`
  );
  await using project = await newProject(queues.join(""));
  const faults = JSON.stringify([{ operation: "create", type: "sim.Queue", effect: "hang" }]);
  const running = project.start(APPLY, { env: { SMELT_SIM_FAULTS: faults } });
  const started = () => eventsOf(project).then((events) => countOf(events, "CreateStarted"));
  await untilThere(project, running, async () => await started() === 3);
  running.kill("SIGKILL");
  await running.ended();
  strictEqual(await started(), 3);
  const ran = await Promise.all([1, 2, 3].map(() => project.run(["recover"])));
  for (const { code, stderr } of ran) ok([0, 5].includes(code), stderr);
  strictEqual(countOf(await eventsOf(project), "OutcomeResolved"), 3);
  await project.expect(0, APPLY);
  strictEqual((await project.ledger()).live.length, 3);
  await project.expect(0, ["audit", "verify"]);
});

function countOf(events: readonly (readonly string[])[], wanted: string): number {
  return events.flat().filter((type) => type === wanted).length;
}
