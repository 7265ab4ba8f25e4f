import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { addHolder, keptProject, type KeyHolder } from "./harness/key_holder.ts";
import { killAt } from "./harness/kill_at_append.ts";
import { PRELOAD_KILL } from "./harness/kill_scenario.ts";
import type { TestProject } from "./harness/test_project.ts";

const NETWORK = 'resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
const PLAN = "the.plan";
const APPLY_PLAN = ["apply", "--yes", "--plan-file", PLAN];
const APPROVE = ["plan", "approve", PLAN, "--yes"];

/** A project whose changes take two approvals, `ci` who applies, and three who approve. */
async function guarded(source = NETWORK): Promise<{
  readonly project: TestProject;
  readonly ada: KeyHolder;
  readonly ci: KeyHolder;
  readonly ann: KeyHolder;
  readonly bob: KeyHolder;
}> {
  const { project, ada } = await keptProject(source);
  const ci = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  const ann = await addHolder(project, ada, { name: "ann", roles: ["approve"] });
  const bob = await addHolder(project, ada, { name: "bob", roles: ["approve", "apply"] });
  await ada.expect(0, ["env", "policy", "--approvals", "2", "--yes"]);
  return { project, ada, ci, ann, bob };
}

Deno.test("a plan is applied once as many others as the policy asks for have approved it, and no sooner", async () => {
  const { project, ada, ci, ann, bob } = await guarded();
  await using _project = project;
  match(await project.read("smelt.toml"), /^approvals = 2$/m);
  await ci.expect(0, ["plan", "--out", PLAN]);
  const told = await ci.refused(9, APPLY_PLAN);
  match(
    told,
    /^error: The plan in "the\.plan" lacks 2 approvals of 2: nothing was changed\nhint: smelt plan approve the\.plan default/,
  );
  match(
    await ann.refused(4, ["plan", "approve", PLAN]),
    /net\.main : sim\.Network/,
    "it shows what is approved",
  );
  const first = await ann.expect(0, [...APPROVE, "--why", "as agreed"]);
  match(first.stdout, /^Approved for default, 1 of 2, by ann: 1 approval is missing$/m);
  match(
    await ci.refused(9, APPLY_PLAN),
    /lacks 1 approval of 2: nothing was changed\n +approved by "ann" \([0-9a-f]{8}\) in record \d+\n/,
  );
  match((await ann.expect(0, APPROVE)).stdout, /^Approved before for default, 1 of 2/m);
  const second = JSON.parse((await bob.expect(0, [...APPROVE, "--json"])).stdout);
  deepStrictEqual([second.wanted, second.missing, second.approvals.length, second.changed], [2, 0, 2, true]);
  match(
    await bob.refused(9, APPLY_PLAN),
    /lacks 1 approval of 2(.|\n)*"bob" .* does not count: the key is the one that would carry it out/,
  );
  match((await ci.expect(0, APPLY_PLAN)).stdout, /Applied: 1 created/);
  match(await ci.refused(1, APPLY_PLAN), /rests on has changed/);
  match(
    (await ada.expect(0, ["history"])).stdout,
    /approved the plan [0-9a-f]{64} by ann, who had seen record \d+: as agreed/,
  );
  match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/);
});

Deno.test("who made a plan cannot approve it, and an approval is of one plan only", async () => {
  const { project, ada, ci, ann, bob } = await guarded();
  await using _project = project;
  await bob.expect(0, ["plan", "--out", PLAN]);
  match(await bob.refused(9, APPROVE), /with the key that signed it: another one must/);
  await ann.expect(0, APPROVE);
  await ada.expect(0, APPROVE);
  const approved = await project.read(PLAN);
  // The same plan once more is another document: approvals are of what was shown, when it was shown.
  await bob.expect(0, ["plan", "--out", PLAN]);
  notStrictEqual(await project.read(PLAN), approved);
  match(await ci.refused(9, APPLY_PLAN), /lacks 2 approvals of 2/);
  await project.write(PLAN, approved.replaceAll("10.0.0.0/16", "10.1.0.0/16"));
  for (const holder of [ci, ann]) {
    match(await holder.refused(6, holder === ci ? APPLY_PLAN : APPROVE), /Cannot verify the\.plan/);
  }
  await project.write(PLAN, approved);
  await ci.expect(0, APPLY_PLAN);
});

Deno.test("a plan of one environment is neither approved nor applied in another", async () => {
  const { project, ada, ci, ann } = await guarded();
  await using _project = project;
  await ada.expect(0, ["env", "create", "other"]);
  await ada.expect(0, ["init", "other"]);
  await ci.expect(0, ["plan", "--out", PLAN]);
  match(
    await ann.refused(1, [...APPROVE.slice(0, 3), "other", "--yes"]),
    /is for the environment "default", not for "other"/,
  );
  match(await ada.refused(1, [...APPLY_PLAN, "other"]), /is for the environment "default", not for "other"/);
  const forged = (await project.read(PLAN)).replaceAll('"environment":"default"', '"environment":"other"');
  await project.write(PLAN, forged);
  const { stderr } = await ada.expect(6, APPLY_PLAN);
  match(stderr, /other/);
});

Deno.test("P14 e: an approval by a key that was revoked before the apply does not count, and a plan signed by one is refused", async () => {
  const { project, ada, ci, ann, bob } = await guarded();
  await using _project = project;
  await ci.expect(0, ["plan", "--out", PLAN]);
  await ann.expect(0, APPROVE);
  await bob.expect(0, APPROVE);
  const revoke = (key: string) => ["keys", "revoke", key, "--reason", "left", "--yes"];
  await ada.expect(0, revoke("bob"));
  match(
    await ci.refused(9, APPLY_PLAN),
    /lacks 1 approval of 2(.|\n)*"bob" .* does not count: the key was revoked/,
  );
  match(await bob.refused(6, APPROVE), /it was revoked/);
  await ada.expect(0, APPROVE);
  await ada.expect(0, revoke("ci"));
  match(
    await ada.refused(6, APPLY_PLAN),
    /Cannot trust the plan in "the\.plan": no key that may append to this log signed it/,
  );
});

Deno.test("where approvals are asked for, nothing changes but by an approved plan: every other way is refused first", async () => {
  const { project, ada, ci, ann, bob } = await guarded();
  await using _project = project;
  await ci.expect(0, ["plan", "--out", PLAN]);
  await ann.expect(0, APPROVE);
  await bob.expect(0, APPROVE);
  await ci.expect(0, APPLY_PLAN);
  const object = JSON.parse((await ada.expect(0, ["query", "--json"])).stdout)[0].id;
  const changes = [
    ["apply", "--yes"],
    ["apply", "--yes", "--refresh-only"],
    ["destroy", "--yes"],
    ["rollback", "--to", "2", "--yes"],
    ["drift", "revert", "--all", "--yes"],
    ["drift", "accept", "--all", "--yes"],
    ["state", "rm", "net.main", "--yes"],
    ["state", "mv", "net.main", "net.other", "--yes"],
  ];
  for (const args of changes) {
    match(await ada.refused(9, args), /takes a saved plan with 2 approvals/, args.join(" "));
  }
  // What only forbids, or only looks, goes on.
  await ada.expect(0, ["protect", "net.main"]);
  match(await ada.refused(9, ["unprotect", "net.main", "--yes"]), /takes a saved plan/);
  await ada.expect(0, ["taint", "net.main"]);
  match(await ada.refused(9, ["untaint", "net.main", "--yes"]), /takes a saved plan/);
  for (const args of [["drift"], ["recover"], ["show", "net.main"]]) await ada.expect(0, args);
  strictEqual(JSON.parse((await ada.expect(0, ["query", "--json"])).stdout)[0].id, object);
  // A destroy is a plan as well.
  await ada.expect(0, ["env", "policy", "--approvals", "0", "--yes"]);
  await ada.expect(0, ["unprotect", "net.main", "--yes"]);
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  await ci.expect(0, ["plan", "--destroy", "--out", PLAN]);
  await ann.expect(0, APPROVE);
  match((await ci.expect(0, APPLY_PLAN)).stdout, /1 deleted/);
});

Deno.test("D16: editing smelt.toml does not lower a policy, and asks for more where it says so", async () => {
  const { project, ada, ci, ann } = await guarded();
  await using _project = project;
  const config = await project.read("smelt.toml");
  await ada.expect(0, ["env", "policy", "--protect", "--yes"]);
  const both = await project.read("smelt.toml");
  match(both, /^protected = true$/m);
  const lowered = [
    [config, /protected: found false, the log has true/],
    [both.replace("approvals = 2", "approvals = 1"), /approvals: found 1, the log has 2/],
    [both.replace("approvals = 2\n", ""), /approvals: found none, the log has 2/],
    [both.replace("protected = true", "protected = false"), /protected: found false, the log has true/],
  ] as const;
  for (const [text, says] of lowered) {
    await project.write("smelt.toml", text);
    for (const args of [["apply", "--yes"], ["protect", "net.main"], ["plan", "--out", PLAN]]) {
      const told = await ada.refused(9, args);
      match(told, /smelt\.toml asks for less than the policy in its log/);
      match(told, says);
    }
    await ada.expect(0, ["plan"]);
  }
  // As if env policy had been cut short after it had written the log: the same command writes the file.
  const again = await ada.expect(0, ["env", "policy", "--approvals", "2", "--yes"]);
  match(again.stdout, /^default: a change takes a saved plan that 2 other keys have approved, and the name/m);
  match(await project.read("smelt.toml"), /^protected = true$/m);
  await project.write("smelt.toml", both.replace("approvals = 2", "approvals = 3"));
  await ci.expect(0, ["plan", "--out", PLAN]);
  match((await ann.expect(0, [...APPROVE, "--confirm", "default"])).stdout, /1 of 3/);
  match(await ci.refused(9, APPLY_PLAN), /lacks 2 approvals of 3/);
  await project.write("smelt.toml", both.replace("approvals = 2", 'approvals = "2"'));
  match(await ada.refused(1, ["plan"]), /expected a whole number from 0 to 99/);
  await project.write("smelt.toml", config);
  const set = ["env", "policy", "--approvals", "0", "--unprotect", "--yes"];
  match(await ci.refused(1, set), /it takes the role "admin"/);
  match(
    await ada.refused(4, set),
    /is protected, and there is no terminal/,
    "the policy that holds guards its own end",
  );
  await ada.expect(0, [...set, "--confirm", "default"]);
  match(await project.read("smelt.toml"), /^approvals = 0$/m);
  await ada.expect(0, ["apply", "--yes"]);
});

Deno.test("what a killed run left in doubt is settled without approvals, and nothing else is done", async () => {
  const { project, ada, ci, ann, bob } = await guarded();
  await using _project = project;
  await ci.expect(0, ["plan", "--out", PLAN]);
  await ann.expect(0, APPROVE);
  await bob.expect(0, APPROVE);
  const faults = JSON.stringify([{ operation: "create", type: "sim.Network", effect: "crashAfter" }]);
  await project.expect(137, APPLY_PLAN, { env: { SMELT_SIM_FAULTS: faults, SMELT_KEY: "ci" } });
  match(await ada.refused(9, ["apply", "--yes"]), /takes a saved plan/);
  match((await ci.expect(0, ["recover"])).stdout, /settled: net\.main/);
  match((await ada.expect(0, ["plan"])).stdout, /1 unchanged/);
  match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/);
});

Deno.test("an approved plan is carried out by one run, also where that was killed before it did anything", async () => {
  const { project, ada, ci, ann, bob } = await guarded();
  await using _project = project;
  await ci.expect(0, ["plan", "--out", PLAN]);
  await ann.expect(0, APPROVE);
  await bob.expect(0, APPROVE);
  const killed = await project.run(APPLY_PLAN, {
    flags: [PRELOAD_KILL],
    env: { SMELT_KEY: "ci", SMELT_TEST_KILL: killAt(1, "synced") },
  });
  strictEqual(killed.signal, "SIGKILL");
  const used =
    /was started before, by the run [0-9a-f]{8}, which has used its approvals up: nothing was changed\n {2}that run was started with the key "ci" \([0-9a-f]{8}\), in record \d+, by \w+ on \S+\nhint: Plan again, and have that approved/;
  match(await ci.refused(9, APPLY_PLAN), used);
  match(await ann.refused(9, APPROVE), used);
  await ci.expect(0, ["plan", "--out", PLAN]);
  await ann.expect(0, APPROVE);
  await bob.expect(0, APPROVE);
  match((await ci.expect(0, APPLY_PLAN)).stdout, /Applied: 1 created/);
  match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/);
});

Deno.test("whoever approves needs none of the keys of secrets", async () => {
  const { project, ci, ann, bob } = await guarded();
  await using _project = project;
  await ci.expect(0, ["plan", "--out", PLAN]);
  const folder = `${project.root}/.smelt/keys`;
  for await (const { name } of Deno.readDir(folder)) {
    if (/\.(data|digest)-/.test(name)) await Deno.rename(`${folder}/${name}`, `${project.root}/${name}`);
  }
  await ann.expect(0, APPROVE);
  match(await bob.refused(1, ["apply", "--yes", "--plan-file", PLAN]), /Cannot use the key file/);
});
