/** A log that is restored from before the exchange of a signing key: its way out, for those who are honest. */
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import type { LogRecord } from "../engine/record.ts";
import { type DeathSide, DyingPorts } from "./harness/dying_ports.ts";
import {
  another,
  type ExchangedKey,
  idOf,
  NET,
  retiredName,
  setBackOverRotation,
  sharedProject,
} from "./harness/exchanged_key.ts";
import { recordsOf } from "./harness/forged_log.ts";
import { addHolder, KeyHolder } from "./harness/key_holder.ts";
import { killAt } from "./harness/kill_at_append.ts";
import { PRELOAD_KILL } from "./harness/kill_scenario.ts";
import type { TestProject } from "./harness/test_project.ts";

const RESTORED = ["recover", "--restored", "--yes", "--why", "the disk died"];
const SETTLED = ["recover", "--loss-settled", "--yes"];
const BUCKET = `resource bucket "logs" : sim.Bucket {
  name = "shop-logs"
}
`;
const ALL_ROLES = ["--role", "admin", "--role", "apply", "--role", "approve"];

/** Keys that the log trusts, by id, each with its roles. */
async function trusted(holder: KeyHolder): Promise<Readonly<Record<string, readonly string[]>>> {
  const { keys } = JSON.parse((await holder.expect(0, ["keys", "list", "--json"])).stdout);
  return Object.fromEntries(
    keys.filter(({ revoked }: { revoked: unknown }) => revoked === null)
      .map(({ id, roles }: { id: string; roles: readonly string[] }) => [id, roles]),
  );
}

/** What each record of the log tells of keys and losses, with the first digits of the key that signed it. */
function toldOf(records: readonly LogRecord[]): readonly string[] {
  return records.flatMap(({ by, events }) => {
    const types = events.map(({ type }) => type)
      .filter((type) => ["KeyTrusted", "KeyRevoked", "LogRestored"].includes(type));
    return types.length === 0 ? [] : [`${by.slice(0, 8)}: ${types.join(" ")}`];
  });
}

async function headOf(holder: KeyHolder): Promise<string> {
  const { head } = JSON.parse((await holder.expect(0, ["state", "export"])).stdout);
  return `${head.seq}:${head.hash}`;
}

async function isMended({ project, ada, bob, ci, old, now }: ExchangedKey, where: string): Promise<void> {
  const { [now]: roles, ...others } = await trusted(ada);
  deepStrictEqual(roles, ["admin", "apply", "approve"], where);
  deepStrictEqual(Object.keys(others), [await idOf(project, "ci")], where);
  match((await bob.expect(0, ["plan"])).stdout, /1 unchanged/, where);
  await ci.expect(0, ["plan"]);
  match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/, where);
  match(
    await new KeyHolder(project, retiredName(old)).refused(6, ["taint", "net.main"]),
    /it was revoked, and signs nothing any more/,
    where,
  );
}

Deno.test("P15 b, L1, L2: a log restored from before a rotation is taken: the old key lets the new one in, which accepts the loss and ends the old one", async () => {
  const exchanged = await setBackOverRotation();
  const { project, ada, bob, old, now } = exchanged;
  await using _ = project;
  for (const user of [ada, bob]) {
    for (const args of [["plan"], ["apply", "--yes"], ["keys", "list"], ["keys", "rotate", "--yes"]]) {
      await user.refused(6, args);
    }
  }
  // The old key decides nothing, also where somebody names it.
  match(
    await new KeyHolder(project, retiredName(old)).refused(1, RESTORED),
    /in the part that was lost it was no admin any more/,
  );
  const asked = await ada.refused(4, RESTORED.filter((each) => each !== "--yes"));
  const [oldKey, newKey] = [old, now].map((id) => `the key "local" \\(${id.slice(0, 8)}\\)`);
  match(asked, new RegExp(`is to trust ${newKey}, as admin, apply, approve: ${oldKey} signs that\n`));
  match(asked, new RegExp(`takes nothing more from ${oldKey}, which was replaced\n`));

  match((await ada.expect(0, RESTORED)).stdout, /The loss of what the log of default lacks is accepted/);
  deepStrictEqual(toldOf(await recordsOf(project)).slice(-2), [
    `${old.slice(0, 8)}: KeyTrusted`,
    `${now.slice(0, 8)}: LogRestored KeyRevoked`,
  ]);
  match((await bob.expect(0, ["plan"])).stderr, /which is lost: ada accepted that at .*: the disk died/);
  await isMended(exchanged, "after the loss was accepted");
  const audited = (await ada.expect(0, ["audit", "verify"])).stdout;
  const [held, seen] = [exchanged.older, exchanged.lost].map((text) => text.trimEnd().split("\n").length);
  match(
    audited,
    new RegExp(
      `Restored to record ${held}: ada accepted the loss of record ${seen} at \\S+, in record \\d+: the disk`,
    ),
  );
  match(
    (await ada.expect(0, ["history"])).stdout,
    /revoked the key .*: replaced, in the part of the log that was lost/,
  );
  match((await ada.expect(0, RESTORED)).stdout, /Nothing is lost/);

  await ada.expect(0, SETTLED);
  match((await bob.expect(0, ["plan"])).stdout, /1 unchanged/);
  await bob.expect(0, ["taint", "net.main"]);
  await ada.expect(0, ["keys", "rotate", "--yes"]);
  await Deno.writeTextFile(project.logPath, exchanged.lost);
  for (const user of [ada, bob]) await user.refused(6, ["plan"]);
});

Deno.test("P15 b, L3: a mend that dies at any append leaves a log that nobody is misled by, and the same command does the rest", async () => {
  const base = await setBackOverRotation();
  await using _base = base.project;
  await using whole = await base.project.copy();
  const undisturbed = new DyingPorts(new KeyHolder(whole, "").ports, Infinity, "before");
  strictEqual((await new KeyHolder(whole, "").run(RESTORED, "", undisturbed.ports)).code, 0);
  deepStrictEqual(undisturbed.changes, [
    "append RunStarted",
    "append KeyTrusted",
    "append RunFinished",
    "append RunStarted",
    "append LogRestored KeyRevoked",
    "append RunFinished",
  ]);
  for (const at of undisturbed.changes.keys()) {
    for (const side of ["before", "after"] as const) await diesAt(base, { at, side });
  }
});

async function diesAt(
  base: ExchangedKey,
  { at, side }: { readonly at: number; readonly side: DeathSide },
): Promise<void> {
  await using project = await base.project.copy();
  const ada = new KeyHolder(project, "");
  const died = await ada.run(RESTORED, "", new DyingPorts(ada.ports, at, side).ports);
  const where = `${side} append ${at}: ${died.stderr}`;
  doesNotMatch(died.stderr, /^\s+at .*:\d+/m, where);
  const bob = another(project, "bob");
  const isAccepted = at > 4 || (at === 4 && side === "after");
  strictEqual((await bob.run(["plan"])).code, isAccepted ? 0 : 6, where);
  await ada.expect(0, RESTORED);
  await isMended({ ...base, project, ada, bob, ci: new KeyHolder(project, "ci") }, where);
  strictEqual((await project.read(".smelt/log/default.log")).split("LogRestored").length, 2, where);
}

Deno.test("P15 b, L3: a mend that is killed while it writes any of its records is completed by the same command", async () => {
  const base = await setBackOverRotation();
  await using _base = base.project;
  for (let append = 1; append <= 6; append++) {
    await using project = await base.project.copy();
    const env = { SMELT_TEST_KILL: killAt(append, append % 2 === 0 ? "torn" : "unsynced") };
    await project.expect(137, RESTORED, { env, flags: [PRELOAD_KILL] });
    await project.expect(0, RESTORED);
    const [ada, bob] = [new KeyHolder(project, ""), another(project, "bob")];
    await isMended({ ...base, project, ada, bob, ci: new KeyHolder(project, "ci") }, `at append ${append}`);
  }
});

Deno.test("P15 b, P14: a backup of before a rotation can be restored again and again, also over a second rotation", async () => {
  const exchanged = await setBackOverRotation();
  const { project, ada, bob, older } = exchanged;
  await using _ = project;
  await ada.expect(0, RESTORED);
  await bob.expect(0, ["plan"]);
  await ada.expect(0, ["protect", "net.main"]);
  const once = await Deno.readTextFile(project.logPath);
  await bob.expect(0, ["plan"]);

  // The same backup, after all have gone on.
  await Deno.writeTextFile(project.logPath, older);
  for (const user of [ada, bob]) await user.refused(6, ["plan"]);
  await ada.expect(0, RESTORED);
  await isMended(exchanged, "a second time");

  // The log of the first mend takes nobody back who has seen more.
  await Deno.writeTextFile(project.logPath, once);
  for (const user of [ada, bob]) await user.refused(6, ["plan"]);
  await Deno.writeTextFile(project.logPath, older);
  for (const user of [ada, bob]) await user.refused(6, ["plan"]);
  await ada.expect(0, RESTORED);

  const between = await Deno.readTextFile(project.logPath);
  await ada.expect(0, ["keys", "rotate", "--yes"]);
  await bob.expect(0, ["plan"]);
  const now = await idOf(project, "local");
  for (const log of [older, between]) {
    await Deno.writeTextFile(project.logPath, log);
    await ada.expect(0, RESTORED);
    await isMended({ ...exchanged, now }, "over two rotations");
  }
});

Deno.test("P15 b, P14: a pin of before the rotation takes the word of the old key, one of after it that of the new one, once each is named", async () => {
  const shared = await sharedProject();
  const { project, ada, bob } = shared;
  await using _ = project;
  const older = await Deno.readTextFile(project.logPath);
  const [carl, dora] = [another(project, "carl"), another(project, "dora")];
  await ada.expect(0, ["taint", "net.main"]);
  await carl.expect(0, ["plan"]);
  const before = await headOf(ada);
  await ada.expect(0, ["keys", "rotate", "--yes"]);
  await dora.expect(0, ["plan"]);
  const after = await headOf(ada);
  await ada.expect(0, ["untaint", "net.main", "--yes"]);
  await bob.expect(0, ["plan"]);
  await Deno.writeTextFile(project.logPath, older);

  await ada.expect(0, [...RESTORED, "--lost", before]);
  for (const user of [ada, bob, carl]) await user.expect(0, ["plan"]);
  await dora.refused(6, ["plan"]);
  await ada.expect(0, [...RESTORED, "--lost", after]);
  await dora.expect(0, ["plan"]);
  match((await ada.expect(0, [...RESTORED, "--lost", after])).stdout, /Nothing is lost/);
  match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/);
});

Deno.test("P15 b: that another key has accepted a named loss keeps no admin from accepting it too, for pins that know that one alone", async () => {
  const shared = await sharedProject();
  const { project, ada } = shared;
  await using _ = project;
  await project.write("boss.json", (await ada.expect(0, ["keys", "create", "boss"])).stdout);
  await ada.expect(0, ["keys", "add", "boss.json", ...ALL_ROLES, "--yes"]);
  const boss = another(project, "boss", "boss");
  const older = await Deno.readTextFile(project.logPath);
  await ada.expect(0, ["protect", "net.main"]);
  const shown = await headOf(ada);
  const fresh = another(project, "fresh");
  await Deno.writeTextFile(project.logPath, older);
  await boss.expect(0, [...RESTORED, "--lost", shown]);
  match((await boss.expect(0, [...RESTORED, "--lost", shown])).stdout, /Nothing is lost/);
  await fresh.expect(0, ["plan"]);
  match((await ada.expect(0, [...RESTORED, "--lost", shown])).stdout, /is accepted/);
  strictEqual((await project.read(".smelt/log/default.log")).split("LogRestored").length, 3);
});

/** A key of another name in the place of `local`, which is revoked; the log is that of before. */
async function setBackOverSuccession(): Promise<
  { readonly project: TestProject; readonly boss: KeyHolder; readonly old: string; readonly now: string }
> {
  const { project, ada } = await sharedProject();
  const older = await Deno.readTextFile(project.logPath);
  await project.write("boss.json", (await ada.expect(0, ["keys", "create", "boss"])).stdout);
  await ada.expect(0, ["keys", "add", "boss.json", ...ALL_ROLES, "--yes"]);
  const boss = new KeyHolder(project, "boss");
  await boss.expect(0, ["keys", "revoke", "local", "--reason", "stolen", "--yes"]);
  await Deno.writeTextFile(project.logPath, older);
  return { project, boss, old: await idOf(project, "local"), now: await idOf(project, "boss") };
}

Deno.test("P15 b, P14: a key that was replaced by one of another name is named by --old-key", async () => {
  const { project, boss, old, now } = await setBackOverSuccession();
  await using _ = project;
  match(
    await new KeyHolder(project, "").refused(1, RESTORED),
    /no admin any more\nhint: Another key that was an admin there can do it: SMELT_KEY says which one signs, --old-key which/,
  );
  const refused = await boss.refused(6, RESTORED);
  match(
    refused,
    /the restored log does not trust it as an admin, and no key that it replaced is here to let it in/,
  );
  match(refused, /--old-key says which key it replaced; the log trusts "local", which is here/);
  for (
    const [name, code, says] of [
      ["locl", 1, /there is no such file\n.*\nhint: Did you mean --old-key local\?/],
      ["ci", 1, /with the key "ci" \([0-9a-f]{8}\): it takes the role "admin", found "apply"/],
      ["boss", 6, /with the key "boss" \([0-9a-f]{8}\): its log does not know that key/],
      ["no such", 1, /Cannot use "no such" of --old-key: it is not the name of a key/],
    ] as const
  ) match(await boss.refused(code, [...RESTORED, "--old-key", name]), says);
  await boss.expect(0, [...RESTORED, "--old-key", "local"]);
  const keys = await trusted(boss);
  deepStrictEqual(keys[now], ["admin", "apply", "approve"]);
  strictEqual(keys[old], undefined);
  await boss.expect(0, ["plan"]);
  const { stdout } = await boss.expect(0, ["keys", "list"]);
  match(stdout, new RegExp(`${now.slice(0, 8)} +boss `));
});

Deno.test("P15 b, P14: a key that the older log knows keeps its roles there, and an old one that was an admin to the last stays", async () => {
  const { project, ada } = await sharedProject();
  await using _ = project;
  const chief = await addHolder(project, ada, { name: "chief", roles: ["admin"] });
  await addHolder(project, ada, { name: "boss", roles: ["apply"] });
  const boss = another(project, "boss", "boss");
  const older = await Deno.readTextFile(project.logPath);
  await project.write("boss.json", (await ada.expect(0, ["keys", "export", "boss"])).stdout);
  await chief.expect(0, ["keys", "add", "boss.json", ...ALL_ROLES, "--yes"]);
  await boss.expect(0, ["plan"]);
  await Deno.writeTextFile(project.logPath, older);
  match(await boss.refused(6, RESTORED), /the log trusts "chief", "local", which are here/);
  const { stderr } = await boss.expect(0, [...RESTORED, "--old-key", "chief"]);
  doesNotMatch(stderr, /takes nothing more from/);
  const keys = await trusted(boss);
  deepStrictEqual(keys[await idOf(project, "boss")], ["admin", "apply"]);
  deepStrictEqual(keys[await idOf(project, "chief")], ["admin"]);
  await boss.expect(0, ["plan"]);
});

Deno.test("P15 b, P14: without any key that the restored log trusts nothing is changed, and what is left is told", async () => {
  const { project, ada, old } = await setBackOverRotation();
  await using _ = project;
  const path = `.smelt/keys/${retiredName(old)}.key`;
  const file = await project.read(path);
  await Deno.chmod(`${project.root}/${path}`, 0o644);
  match(await ada.refused(6, RESTORED), /others may use it: found mode 0644/);
  await Deno.remove(`${project.root}/${path}`);
  match(
    await ada.refused(6, RESTORED),
    /hint: Put the file of the key that it replaced back into \.smelt\/keys\/, or name one in KMS by --old-key; without any/,
  );
  await ada.refused(6, ["plan"]);
  await Deno.writeTextFile(`${project.root}/${path}`, file, { mode: 0o600 });
  await ada.expect(0, RESTORED);
  match(
    (await ada.expect(64, ["recover", "--old-key", "local"])).stderr,
    /--old-key goes with --restored/,
  );
});

Deno.test("P15 b: a key that was an admin until it was exchanged in the lost part is told of where another admin accepts", async () => {
  const { project, ada } = await sharedProject();
  await using _ = project;
  await project.write("boss.json", (await ada.expect(0, ["keys", "create", "boss"])).stdout);
  await ada.expect(0, ["keys", "add", "boss.json", ...ALL_ROLES, "--yes"]);
  const older = await Deno.readTextFile(project.logPath);
  const old = await idOf(project, "local");
  await ada.expect(0, ["keys", "rotate", "--yes"]);
  const boss = another(project, "boss", "boss");
  await boss.expect(0, ["plan"]);
  await Deno.writeTextFile(project.logPath, older);
  const id = old.slice(0, 8);
  match(
    (await boss.expect(0, RESTORED)).stderr,
    new RegExp(
      `trusts the key "local" \\(${id}\\) as an admin, which in the lost part was none: smelt keys revoke ${id}`,
    ),
  );
  ok(old in await trusted(boss));
});

Deno.test("P15 b, P14: on a machine that knows of the exchange by smelt.toml alone the new key accepts too, and who has not got its pin refuses", async () => {
  const { project, ada, bob } = await sharedProject();
  await using _ = project;
  const older = await Deno.readTextFile(project.logPath);
  await ada.expect(0, ["keys", "rotate", "--yes"]);
  await bob.expect(0, ["plan"]);
  await ada.expect(0, ["pin"]);
  const committed = await project.read("smelt.toml");
  await Deno.writeTextFile(project.logPath, older);
  const fresh = another(project, "fresh");
  await fresh.refused(6, ["plan"]);
  await fresh.expect(0, RESTORED);
  deepStrictEqual(
    Object.keys(await trusted(fresh)).sort(),
    [
      await idOf(project, "ci"),
      await idOf(project, "local"),
    ].sort(),
  );
  await fresh.expect(0, ["plan"]);
  // Whose pin names what smelt.toml named goes on too, once it has that file.
  await bob.expect(0, ["plan"]);
  await project.write("smelt.toml", committed);
  for (const user of [fresh, bob, another(project, "later")]) await user.refused(6, ["plan"]);
});

Deno.test("P15 b: what the lost part made is found after a mend too, and a pin in smelt.toml moves", async () => {
  const { project, ada, bob } = await sharedProject();
  await using _ = project;
  const older = await Deno.readTextFile(project.logPath);
  await ada.expect(0, ["keys", "rotate", "--yes"]);
  await project.write("main.smelt", NET + BUCKET);
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["pin"]);
  await bob.expect(0, ["plan"]);
  const made = (await project.ledger()).live.find(({ type }) => type === "sim.Bucket")?.id ?? "";
  const committed = await project.read("smelt.toml");
  await Deno.writeTextFile(project.logPath, older);
  match(
    (await ada.expect(0, RESTORED)).stderr,
    /smelt\.toml gets a pin of the last record of now: commit it/,
  );
  match(await bob.refused(1, ["plan"]), new RegExp(`Cannot create bucket\\.logs: .*\n  ${made}  shop-logs`));
  await ada.expect(0, ["import", "resource", "bucket.logs", made, "--yes"]);
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, SETTLED);
  match((await bob.expect(0, ["plan"])).stdout, /2 unchanged/);
  strictEqual((await project.ledger()).objects.length, 2);
  await project.write("smelt.toml", committed);
  await bob.refused(6, ["plan"]);
});
