/** A secret that was given up while its resource still has it: what goes on without it, and what cannot. */
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { digestOf } from "../providers/sim/cloud_request.ts";
import { keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";

const DATABASE = (pw: string, size = 20) =>
  `resource database "d" : sim.Database {\n  engine = "postgres"\n  storage_gb = ${size}\n  password = secret("${pw}")\n}\n`;
const NET = 'resource net "n" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
const FIRST = "correct-horse-battery";

/** A project that was applied, whose blobs somebody removed, and whose secrets were given up. */
async function givenUp(source: string): Promise<{ readonly project: TestProject; readonly ada: KeyHolder }> {
  const { project, ada } = await keptProject(source);
  await ada.expect(0, ["apply", "--yes"]);
  const folder = join(project.root, ".smelt/blobs");
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.remove(join(folder, name), { recursive: true });
  }
  const refused = await ada.refused(6, ["destroy", "--yes"]);
  match(refused, /\nhint: restore \.smelt\/blobs .* smelt secrets rotate --give-up /);
  await ada.expect(6, ["secrets", "rotate"]);
  const { stderr } = await ada.expect(0, ["secrets", "rotate", "--give-up", "--yes"]);
  match(
    stderr,
    /\n {2}What has one of them is read and deleted without it\. A call that would send it takes it from the files, where they still\n {2}say the same; else it cannot be decided until they say another value, or --replace makes what gives it anew\n/,
  );
  return { project, ada };
}

async function liveTypes(project: TestProject): Promise<readonly string[]> {
  const ledger = await project.ledger();
  return ledger.live.map(({ type }) => type).sort();
}

/** The cloud holds digests of what it never tells. */
async function hasPassword(project: TestProject, password: string): Promise<void> {
  const { live } = await project.ledger();
  const database = live.find(({ type }) => type === "sim.Database");
  const token = database?.updates.at(-1) ?? "";
  strictEqual(database?.digests["password"], digestOf(token, "password", password));
}

Deno.test("what has a secret that was given up is planned, and destroyed, like anything else", async () => {
  const { project, ada } = await givenUp(
    DATABASE(FIRST) + NET + 'resource password "p" : random.Password { length = 20 }\n',
  );
  await using _ = project;
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  match((await ada.expect(0, ["drift"])).stdout, /\n2 as recorded\n/);
  await ada.expect(0, ["destroy", "--yes"]);
  deepStrictEqual(await liveTypes(project), []);
  doesNotMatch((await ada.expect(0, ["state", "ls"])).stdout, /database\.d/);
  match((await ada.expect(0, ["audit", "verify"])).stdout, /The log verifies/);
});

Deno.test("another value takes the place of a secret that was given up, by a plain apply", async () => {
  const { project, ada } = await givenUp(DATABASE(FIRST) + NET);
  await using _ = project;
  await project.write("main.smelt", DATABASE("second-horse-battery") + NET);
  match((await ada.expect(0, ["apply", "--yes"])).stdout, /Applied: 1 updated/);
  await hasPassword(project, "second-horse-battery");
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  await ada.expect(0, ["destroy", "--yes"]);
});

Deno.test("an update sends a secret that was given up and that the files still say, and it is stored again", async () => {
  const { project, ada } = await givenUp(DATABASE(FIRST) + NET);
  await using _ = project;
  await project.write("main.smelt", DATABASE(FIRST, 30) + NET);
  match((await ada.expect(0, ["apply", "--yes"])).stdout, /Applied: 1 updated/);
  await hasPassword(project, FIRST);
  match((await ada.expect(0, ["audit", "verify"])).stdout, /ok +V12/);
  await ada.expect(0, ["secrets", "rotate"]);
  match((await ada.expect(0, ["audit", "verify"])).stdout, /ok +V12/);
});

Deno.test("what would send a secret that nobody has any more cannot be decided, says the way out, and the rest goes on", async () => {
  const bound = (name: string) =>
    `resource database "${name}" : sim.Database {\n  engine = "postgres"\n  storage_gb = 20\n  needs password.p.result -> password\n}\n`;
  const password = 'resource password "p" : random.Password { length = 20 }\n';
  const { project, ada } = await givenUp(password + bound("d"));
  await using _ = project;
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.write("main.smelt", password + bound("d") + bound("e") + NET);
  const planned = await ada.run(["plan"]);
  match(
    planned.stdout,
    /database\.e[^]*cannot be decided: it would send a secret that was given up; give it another value, or make what gives it anew with --replace password\.p\n/,
  );
  const applied = await ada.run(["apply", "--yes"]);
  match(applied.stdout, /1 created/);
  doesNotMatch(applied.stderr, /Cannot open/);
  deepStrictEqual(await liveTypes(project), ["sim.Database", "sim.Network"]);
  // The way out that the plan names.
  await ada.expect(0, ["apply", "--yes", "--replace", "password.p"]);
  deepStrictEqual(await liveTypes(project), ["sim.Database", "sim.Database", "sim.Network"]);
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  await ada.expect(0, ["destroy", "--yes"]);
});

Deno.test("a file whose content was a secret that was given up is still one whose content nobody is shown", async () => {
  const { project, ada } = await givenUp(
    `resource file "f" : local.File {\n  path = "out.txt"\n  sensitive_content = secret("${FIRST}")\n}\n`,
  );
  await using _ = project;
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.write("out.txt", "changed-by-hand-1");
  const { stdout } = await ada.expect(0, ["plan"]);
  doesNotMatch(stdout, /changed-by-hand-1/);
  match(stdout, /sensitive_content/);
  await ada.expect(0, ["apply", "--yes"]);
  strictEqual(await project.read("out.txt"), FIRST);
  await ada.expect(0, ["destroy", "--yes"]);
});

Deno.test("a deletion that runs a program with a secret that was given up cannot be decided, and the rest is destroyed", async () => {
  const source =
    'resource command "c" : local.Command {\n  create = ["/bin/true"]\n  delete = ["/bin/false"]\n  environment = { TOKEN = secret("a-secret-token-1") }\n}\n';
  const { project, ada } = await givenUp(source + NET);
  await using _ = project;
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  const ran = await ada.run(["destroy", "--yes"]);
  ok(ran.code !== 0);
  match(
    ran.stdout + ran.stderr,
    /command\.c[^]*its deletion takes a secret that was given up; .*smelt state rm command\.c/,
  );
  deepStrictEqual(await liveTypes(project), []);
  await ada.expect(0, ["state", "rm", "command.c", "--yes"]);
});

Deno.test("a secret that was altered and given up hinders nothing while a ciphertext keeps its key", async () => {
  const { project, ada } = await keptProject(DATABASE(FIRST) + NET);
  await using _ = project;
  await ada.expect(0, ["apply", "--yes"]);
  const folder = join(project.root, ".smelt/blobs");
  for await (const { name } of Deno.readDir(folder)) {
    for await (const { name: key } of Deno.readDir(join(folder, name))) {
      await project.write(`main.smelt`, `# enc:smelt:1:${key}:AAAA\n${DATABASE(FIRST)}${NET}`);
      await Deno.writeTextFile(join(folder, name, key), "altered");
    }
  }
  await ada.expect(7, ["secrets", "rotate", "--give-up", "--yes"]);
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  await ada.expect(0, ["destroy", "--yes"]);
  deepStrictEqual(await liveTypes(project), []);
});

Deno.test("a secret that is given up while an older key is kept is given up all the same", async () => {
  const { project, ada } = await keptProject();
  await using _ = project;
  const source = DATABASE(FIRST) + NET;
  const sealed = (await ada.expect(0, ["secrets", "encrypt", "store.s.input.pw"], "x\n")).stdout.trim();
  await project.write("main.smelt", `# ${sealed}\n${source}`);
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(7, ["secrets", "rotate"]);
  await ada.expect(7, ["secrets", "rotate"]);
  const folder = join(project.root, ".smelt/blobs");
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.remove(join(folder, name), { recursive: true });
  }
  await ada.expect(6, ["secrets", "rotate"]);
  match((await ada.expect(7, ["secrets", "rotate", "--give-up", "--yes"])).stdout, /\n {2}given up /);
  match((await ada.expect(0, ["plan"])).stdout, /Nothing changes/);
  await project.write("main.smelt", source);
  match((await ada.expect(0, ["secrets", "rotate"])).stdout, /\n {2}destroyed /);
  await ada.expect(0, ["destroy", "--yes"]);
});
