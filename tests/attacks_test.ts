import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { systemPorts } from "../compose/system_ports.ts";
import { openUnsaved, saveUnsaved } from "../compose/unsaved_file.ts";
import type { KeyRole } from "../engine/environment_event.ts";
import type { Event } from "../engine/event.ts";
import { record, Secret } from "../engine/value.ts";
import { fileType } from "../providers/local/file_type.ts";
import { writeLauncher } from "../project/launcher.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { importEd25519, makeEd25519, trustedKey } from "../trust/ed25519_key.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";
import { SeededRandom } from "./support/seeded_random.ts";
import { VirtualClock } from "./support/virtual_clock.ts";

/** Attacks by somebody who can write the files of a project, and has no key of it. */

const NETWORK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
`;
const STREAM = "ab".repeat(32);
const OUTCOME: Event = { type: "DeleteSucceeded", address: "net.main", id: "n", token: "1".repeat(32) };

/** Runs a command that must find damage, say so, and change nothing. */
async function refused(project: TestProject, args: readonly string[], says: RegExp): Promise<void> {
  const { stderr } = await project.unchangedBy(() => project.expect(6, args));
  match(stderr, says);
  ok(!/^\s+at .*:\d+/m.test(stderr), stderr);
}

Deno.test("outcomes planted in .smelt/unsaved are not taken for those of a run", async () => {
  await using project = await newProject(NETWORK);
  const faults = [{ operation: "create", type: "sim.Network", effect: "crashBefore" }];
  await project.expect(137, ["apply", "--yes"], { env: { SMELT_SIM_FAULTS: JSON.stringify(faults) } });
  const token = /"token":"([0-9a-f]{32})","type":"CreateStarted"/.exec(
    await project.read(".smelt/log/default.log"),
  );
  ok(token !== null);
  const theirs = { type: "CreateSucceeded", address: "net.main", id: "net-theirs", fields: {}, outputs: {} };
  const planted = { at: "2026-01-01T00:00:00.000Z", outcomes: [{ ...theirs, token: token[1] }] };
  await project.write(".smelt/unsaved/0.json", JSON.stringify(planted));
  for (const command of [["recover"], ["apply", "--yes"], ["destroy", "--yes"]]) {
    await refused(project, command, /Cannot trust the outcomes in ".*0\.json": .*move it away/);
  }
  await Deno.remove(`${project.root}/.smelt/unsaved/0.json`);
  await project.expect(0, ["apply", "--yes"]);
  ok(!(await project.read(".smelt/log/default.log")).includes("net-theirs"));
});

/** A key, and what a log says of it. */
async function keyOf(seed: number, roles: readonly KeyRole[]) {
  const checks = await loadRecordChecks();
  const key = await importEd25519(checks.hash, `key ${seed}`, makeEd25519(new SeededRandom(seed)));
  ok(key !== undefined);
  return { checks, signer: key.signer, trusted: trustedKey(key, roles) };
}

Deno.test("kept outcomes open for the log that they are of, and under a key that may append", async () => {
  const folder = await Deno.makeTempDir({ prefix: "smelt-test-" });
  try {
    const { checks, signer, trusted } = await keyOf(1, ["apply"]);
    const clock = new VirtualClock();
    const signing = { stream: STREAM, hash: checks.hash, signer, standIn: undefined, clock };
    const path = await saveUnsaved(`${folder}/unsaved/r.json`, [OUTCOME], signing);
    const bytes = await Deno.readFile(path);
    const names = await Array.fromAsync(Deno.readDir(`${folder}/unsaved`), ({ name }) => name);
    deepStrictEqual(names, ["r.json"]);
    const keys = new Map([[trusted.id, { key: trusted, isRevoked: false }]]);
    const trust = { stream: STREAM, keys, checks };
    deepStrictEqual(await openUnsaved(path, bytes, trust), [OUTCOME]);
    strictEqual(await openUnsaved(path, bytes, { ...trust, stream: "cd".repeat(32) }), undefined);

    const revoked = new Map([[trusted.id, { key: trusted, isRevoked: true }]]);
    const other = await keyOf(1, ["approve"]);
    const roleless = new Map([[trusted.id, { key: other.trusted, isRevoked: false }]]);
    // A revoked key's word counts for nothing, as if the file were not there; to stop everybody by one would be too much.
    strictEqual(await openUnsaved(path, bytes, { ...trust, keys: revoked }), undefined);
    for (const bad of [new Map(), roleless]) {
      await rejects(openUnsaved(path, bytes, { ...trust, keys: bad }), {
        name: "IntegrityError",
        kind: "key",
      });
    }
    for (let at = 0; at < bytes.length - 1; at++) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const opened = openUnsaved(path, flipped, trust).catch((error: Error) => error.name);
      const found = await opened;
      ok(found === "IntegrityError" || found === undefined, `byte ${at}: ${JSON.stringify(found)}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const NOTE = (size: number) =>
  `resource data "note" : local.Data {
  input {
    size = ${size}
    word = secret("open sesame")
  }
}
`;

Deno.test("a link in the place of a file that smelt only notes something in leads no writing elsewhere", async () => {
  await using project = await newProject(NOTE(1));
  const holder = `${project.root}/.smelt/log/default.log.holder`;
  const targets = [`${project.root}/.smelt/keys/local.key`, `${project.place.stateFolder}/pins.json`];
  await project.expect(0, ["apply", "--yes"]);
  for (const [index, target] of targets.entries()) {
    const key = await Deno.readTextFile(targets[0] ?? "");
    await Deno.remove(holder);
    await Deno.symlink(target, holder);
    await project.write("main.smelt", NOTE(index + 2));
    await project.expect(0, ["apply", "--yes"]);
    ok((await Deno.lstat(holder)).isFile);
    strictEqual(await Deno.readTextFile(targets[0] ?? ""), key);
  }
  await project.expect(0, ["plan"]);
});

Deno.test("a pipe or a folder in the place of a log or of a secret is damage, and nothing waits at it", async () => {
  await using project = await newProject(NOTE(1));
  await project.expect(0, ["apply", "--yes"]);
  const log = await project.read(".smelt/log/default.log");
  const blob = /"blob":"([0-9a-f]{32}\/[0-9a-f]{32})"/.exec(log)?.[1] ?? "";
  const places = [
    [`${project.root}/.smelt/blobs/${blob}`, /FAILED +V12/, "stdout"],
    [project.logPath, /Cannot read the log of "default": what bears its name is not a file/, "stderr"],
  ] as const;
  for (const [path, says, stream] of places) {
    for (const make of ["mkfifo", "mkdir"]) {
      await Deno.rename(path, `${path}.away`);
      strictEqual((await new Deno.Command(make, { args: [path] }).output()).code, 0);
      const ran = await project.expect(6, stream === "stdout" ? ["verify"] : ["plan"]);
      match(ran[stream], says);
      await Deno.remove(path);
      await Deno.rename(`${path}.away`, path);
    }
  }
});

Deno.test("the log tells nothing of the length of a secret that a file holds", async () => {
  const root = await Deno.makeTempDir({ prefix: "smelt-test-" });
  try {
    const told: string[] = [];
    for (const secret of ["short", "much longer than short"]) {
      const fields = record([["path", "f.txt"], ["sensitive_content", new Secret(secret)]]);
      const request = { type: "local.File", fields, token: "1".repeat(32), accepted: () => {} };
      const made = await fileType(root).create(request, new AbortController().signal);
      ok(made.ok);
      const { outputs, precondition } = made.value;
      told.push(JSON.stringify(outputs), `${precondition?.split("-").includes(String(secret.length))}`);
      await Deno.remove(`${root}/f.txt`);
    }
    strictEqual(told[0], told[2]);
    deepStrictEqual([told[1], told[3]], ["false", "false"]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("the launcher starts nothing where a comma in a path would open other folders", async () => {
  const parent = await Deno.makeTempDir({ prefix: "smelt-test-" });
  try {
    const root = `${parent}/x,`;
    await Deno.mkdir(`${root}/etc`, { recursive: true });
    const launch = { runtime: "/bin/echo", config: "/c", main: "/m" };
    const ports = systemPorts({
      workingFolder: root,
      readVariable: () => undefined,
      host: "h",
      who: "w",
      launch,
    });
    for (const folder of [`${root}/etc`, parent]) {
      ok((await writeLauncher(ports, folder, [])).ok);
      const env = { SMELT_STATE_HOME: `${parent}/state` };
      const ran = await new Deno.Command(`${folder}/smelt`, { args: ["plan"], env }).output();
      const said = new TextDecoder().decode(ran.stdout) + new TextDecoder().decode(ran.stderr);
      match(said, folder === parent ? /^run -q --no-prompt -P/ : /a path holds a comma/);
      strictEqual(ran.code, folder === parent ? 0 : 1);
    }
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});

Deno.test("a file that was only touched can still be deleted and changed", async () => {
  const file = (text: string) =>
    `resource file "f" : local.File { path = "f.txt" sensitive_content = "${text}" }\n`;
  await using project = await newProject(file("one"));
  await project.expect(0, ["apply", "--yes"]);
  for (const source of [file("two"), ""]) {
    await Deno.utime(`${project.root}/f.txt`, 1, 1);
    const { stdout } = await project.expect(0, ["plan"]);
    ok(!stdout.includes("changed outside"), stdout);
    await project.write("main.smelt", source);
    await project.expect(0, ["apply", "--yes"]);
  }
  strictEqual(await project.read("f.txt").catch((error: Error) => error.name), "NotFound");
});

Deno.test("environments whose names differ in case only, and a huge smelt.toml, are refused", async () => {
  await using project = await newProject();
  const { stderr } = await project.unchangedBy(() => project.expect(1, ["init", "Default"]));
  match(stderr, /Cannot name an environment "Default": it differs from "default"/);
  const config = await project.read("smelt.toml");
  await project.write("smelt.toml", `${config}\n[environments.DEFAULT]\n`);
  match((await project.expect(1, ["plan"])).stderr, /"DEFAULT": it differs from "default"/);
  await project.write("smelt.toml", config + "#".repeat(1 << 20));
  match((await project.expect(1, ["plan"])).stderr, /Cannot read ".*smelt\.toml": it has \d+ bytes/);
});
