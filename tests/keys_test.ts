import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { addHolder, keptProject, KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";
import { untilThere } from "./harness/until_there.ts";

const NETWORK = 'resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
const APPLY = ["apply", "--yes"];

/** What `keys list --json` tells of a key. */
interface Listed {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly revoked: { readonly record: number; readonly suspect_from: number | null } | null;
  readonly file: string | null;
  readonly signs_here: boolean;
}

async function listed(holder: KeyHolder): Promise<readonly Listed[]> {
  return JSON.parse((await holder.expect(0, ["keys", "list", "--json"])).stdout).keys;
}

function keyFile(project: TestProject, name: string): string {
  return join(project.root, ".smelt/keys", `${name}.key`);
}

Deno.test("a colleague's key is made, exported, added in its roles, and then signs; its private half is never printed", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  const made = await ada.expect(0, ["keys", "create", "ann"]);
  const ann = new KeyHolder(project, "ann");
  match(
    await ann.refused(6, APPLY),
    /key "ann" \([0-9a-f]{8}\): its log does not know that key\nhint: smelt keys export/,
  );
  const exported = await ann.expect(0, ["keys", "export"]);
  strictEqual(exported.stdout, made.stdout);
  await project.write("ann.json", exported.stdout);
  match(await ada.refused(4, ["keys", "add", "ann.json", "--role", "apply"]), /Cannot ask/);
  const added = await ada.expect(0, [
    "keys",
    "add",
    "ann.json",
    "--role",
    "apply",
    "--yes",
    "--why",
    "joins",
  ]);
  match(added.stdout, /^default trusts the key "ann" \([0-9a-f]{8}\) as apply$/m);
  await ann.expect(0, APPLY);
  const keys = await listed(ann);
  deepStrictEqual(keys.map(({ name, roles, file, signs_here }) => [name, roles, file, signs_here]), [
    ["local", ["admin", "apply", "approve"], ".smelt/keys/local.key", false],
    ["ann", ["apply"], ".smelt/keys/ann.key", true],
  ]);
  match((await ada.expect(0, ["history"])).stdout, /started keys add by ada on \S+: joins/);
  const { key } = JSON.parse(await Deno.readTextFile(keyFile(project, "ann")));
  for (const { stdout, stderr } of [made, exported, added]) ok(!(stdout + stderr).includes(key));
  await ada.expect(0, ["audit", "verify"]);
});

Deno.test("a document of a key is taken only as its holder signed it", async () => {
  const { project, ada } = await keptProject();
  await using _project = project;
  const document = JSON.parse((await ada.expect(0, ["keys", "create", "ann"])).stdout);
  const other = JSON.parse((await ada.expect(0, ["keys", "create", "eve"])).stdout);
  const add = ["keys", "add", "-", "--role", "admin", "--yes"];
  const forged = [
    { ...document, name: "boss" },
    { ...document, publicKey: other.publicKey },
    { ...document, publicKey: other.publicKey, id: other.id },
    { ...document, signature: other.signature },
    { ...document, name: "a b" },
  ];
  for (const each of forged) {
    match(await ada.refused(6, add, JSON.stringify(each)), /error: Cannot .*standard input/);
  }
  const { signature: _signature, ...unsigned } = document;
  for (
    const text of ["", "{", "[]", JSON.stringify(unsigned), JSON.stringify({ ...document, roles: ["admin"] })]
  ) {
    match(await ada.refused(1, add, text), /it is not the document of a key\nhint: smelt keys export/);
  }
  match(await ada.refused(1, ["keys", "add", "no.json", "--role", "apply"]), /Cannot read "no\.json"/);
  match(
    await ada.refused(64, ["keys", "add", "-", "--role", "aply"]),
    /Unknown role "aply"\nhint: Did you mean "apply"\?/,
  );
  match(await ada.refused(64, ["keys", "add", "-"]), /Say by --role/);
  await ada.expect(0, add, JSON.stringify(document, null, 8));
  match((await ada.expect(0, add, JSON.stringify(document))).stdout, /trusts the key "ann" .* already/);
  const twin = [...add, "--name", "ann"];
  match(await ada.refused(1, twin, JSON.stringify(other)), /has that name there\nhint: .*--name/);
});

Deno.test("D12: which key signs is said by SMELT_KEY, else it is local: another file that lies there plays no part", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  await ada.expect(0, ["keys", "create", "aaa"]);
  await ada.expect(0, APPLY);
  deepStrictEqual((await listed(ada)).map(({ name }) => name), ["local"]);
  match(
    (await ada.expect(0, ["keys", "list"])).stdout,
    /note: \.smelt\/keys\/aaa\.key \([0-9a-f]{8}\) is none of them/,
  );
  await Deno.rename(keyFile(project, "local"), keyFile(project, "moved"));
  match(
    await ada.refused(1, APPLY),
    /local\.key": there is no such file\nhint: SMELT_KEY says which key signs; there are "aaa", "moved"/,
  );
  await new KeyHolder(project, "moved").expect(0, ["taint", "net.main"]);
  match(await new KeyHolder(project, "movd").refused(1, APPLY), /hint: Did you mean SMELT_KEY=moved\?/);
  match(await new KeyHolder(project, "../x").refused(1, APPLY), /Cannot use "\.\.\/x" of SMELT_KEY/);
});

Deno.test("a key is refused before anything happens: unknown, revoked, without the role, replaced", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  const ann = await addHolder(project, ada, { name: "ann", roles: ["approve"] });
  const bob = await addHolder(project, ada, { name: "bob", roles: ["apply"] });
  for (const args of [APPLY, ["destroy", "--yes"], ["plan", "--out", "p"], ["recover"]]) {
    match(await ann.refused(1, args), /key "ann" .*: it takes the role "apply", found "approve"\nhint/);
  }
  const asAdmin = [["keys", "revoke", "ann", "--reason", "x", "--yes"], [
    "env",
    "policy",
    "--approvals",
    "1",
    "--yes",
  ]];
  for (const args of asAdmin) match(await bob.refused(1, args), /it takes the role "admin", found "apply"/);
  await ada.expect(0, ["keys", "revoke", "bob", "--reason", "left", "--yes"]);
  match(
    await bob.refused(6, APPLY),
    /^error: Cannot sign for "default" with the key "bob" .*: it was revoked, and signs nothing any more\nhint/,
  );
  await Deno.copyFile(keyFile(project, "ann"), keyFile(project, "local"));
  match(await ada.refused(1, APPLY), /it takes the role "apply"/, "the key counts, not the name of its file");
});

Deno.test("P14 b: keys revoke ends a key from its record on, what it did stands, and the last admin stays", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  const bob = await addHolder(project, ada, { name: "bob", roles: ["apply"] });
  await bob.expect(0, APPLY);
  const revoke = (
    key: string,
    ...rest: readonly string[]
  ) => ["keys", "revoke", key, "--reason", "stolen", "--yes", ...rest];
  match(await ada.refused(64, ["keys", "revoke", "bob", "--yes"]), /Say by --reason/);
  match(await ada.refused(1, revoke("bop")), /No key "bop" in default\nhint: Did you mean "bob"\?/);
  match(
    await ada.refused(1, revoke("bob", "--suspect-from", "99")),
    /Cannot doubt .* from record 99: the log of default ends at/,
  );
  match(
    await ada.refused(1, revoke("local")),
    /it is the last one with the role "admin"\nhint: smelt keys rotate/,
  );
  await ada.expect(0, revoke("bob", "--suspect-from", "5"));
  match((await ada.expect(0, revoke("bob"))).stdout, /is revoked in default already/);
  const [, gone] = await listed(ada);
  strictEqual(gone?.revoked?.suspect_from, 5);
  match((await ada.expect(0, ["keys", "list"])).stdout, /bob +apply +Ed25519 +revoked by record \d+/);
  match((await ada.expect(0, ["plan"])).stdout, /1 unchanged/, "what it did stands");
  const again = await new KeyHolder(project, "bob").expect(0, ["keys", "export"]);
  match(
    await ada.refused(1, ["keys", "add", "-", "--role", "apply", "--yes"], again.stdout),
    /it was revoked there/,
  );
  const own = await ada.expect(0, ["keys", "export"]);
  match(
    await ada.refused(1, ["keys", "add", "-", "--role", "apply", "--yes"], own.stdout),
    /Cannot take the role "admin" from the key "local" .*: no other key has it/,
  );
  await addHolder(project, ada, { name: "eve", roles: ["admin"] });
  await ada.expect(0, revoke("local"));
  match(await ada.refused(6, APPLY), /it was revoked/);
  await new KeyHolder(project, "eve").expect(0, ["keys", "list"]);
  const { stdout } = await ada.expect(0, ["audit", "verify"]);
  match(stdout, /The log verifies/);
});

Deno.test("whoever only administers adds keys and sets the policy, and changes no resource", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  const boss = await addHolder(project, ada, { name: "boss", roles: ["admin"] });
  await addHolder(project, boss, { name: "ci", roles: ["apply"] });
  await boss.expect(0, ["env", "policy", "--approvals", "0", "--protect", "--yes"]);
  match(await boss.refused(1, APPLY), /it takes the role "apply", found "admin"/);
  doesNotMatch((await ada.expect(0, ["audit", "verify"])).stdout, /void/);
});

Deno.test("P14 c: a key that is revoked while its run has a call in flight leaves it in doubt, and another run finds out", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  await addHolder(project, ada, { name: "bob", roles: ["apply"] });
  const faults = JSON.stringify([{ operation: "create", type: "sim.Network", effect: { latency: 1_000 } }]);
  const running = project.start(APPLY, { env: { SMELT_SIM_FAULTS: faults, SMELT_KEY: "bob" } });
  await untilThere(
    project,
    running,
    async () => (await Deno.readTextFile(project.logPath)).includes("CreateStarted"),
  );
  const revoked = await ada.expect(0, ["keys", "revoke", "bob", "--reason", "stolen", "--yes"]);
  match(revoked.stdout, /it ends apply by tester on \S+ since .*, and what that left open is in doubt/);
  const ended = await running.ended();
  strictEqual(ended.code, 8, ended.stderr);
  doesNotMatch(ended.stderr, /^\s+at /m);
  match((await ada.expect(0, ["recover"])).stdout, /settled: net\.main, an earlier call had been done/);
  match((await ada.expect(0, ["plan"])).stdout, /1 unchanged/);
  strictEqual((await project.ledger()).objects.length, 1);
  match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/);
});
