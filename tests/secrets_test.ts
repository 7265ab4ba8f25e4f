import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { runProgram } from "../cli/program.ts";
import { reportThrown } from "../cli/report_thrown.ts";
import type { ProjectPorts } from "../project/project_ports.ts";
import { expectInside, type InnerRan, runInside } from "./harness/inner_program.ts";
import { portsOf } from "./harness/project_ports.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";
import { fakeContext } from "./support/fake_context.ts";

const SECRET = "Cnry+7q&Z=w9";

async function newProject(text = ""): Promise<TestProject> {
  const project = await emptyProject();
  await expectInside(project, 0, ["init"]);
  await project.write("main.smelt", text);
  return project;
}

/** What a test does otherwise than the usual program. */
interface Unusual {
  readonly stdin?: string;
  readonly kind?: "terminal" | "file";
  readonly typed?: readonly string[];
  readonly ports?: Partial<ProjectPorts>;
}

async function run(project: TestProject, args: readonly string[], unusual: Unusual = {}): Promise<InnerRan> {
  const { stdin = "", kind = "file", typed = [] } = unusual;
  const fake = fakeContext(kind, typed);
  const context = {
    ...fake,
    readInput: () => Promise.resolve(new TextEncoder().encode(stdin)),
    ports: { ...portsOf(project), ...unusual.ports },
  };
  const code = await runProgram(context, args).catch((thrown: unknown) =>
    reportThrown(context, thrown, args)
  );
  return { code, stdout: fake.out.text, stderr: fake.err.text };
}

async function encrypt(
  project: TestProject,
  place: string,
  text: string,
  environment = "default",
): Promise<string> {
  const made = await run(project, ["secrets", "encrypt", place, environment], { stdin: `${text}\n` });
  strictEqual(made.code, 0, made.stderr);
  return made.stdout.trim();
}

const dataWith = (name: string, value: string) =>
  `resource data "${name}" : local.Data {\n  input { pw = ${value} }\n}\n`;

async function revealed(project: TestProject, address: string): Promise<unknown> {
  const { stdout } = await expectInside(project, 0, ["show", address, "--reveal", "--force", "--json"]);
  return JSON.parse(stdout).outputs;
}

/** Whether a text stands in any file below a folder, but for those whose name says that they may hold it. */
async function standsBelow(folder: string, text: string): Promise<boolean> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory ? await standsBelow(path, text) : (await Deno.readTextFile(path)).includes(text)) {
      return true;
    }
  }
  return false;
}

Deno.test("E7: a ciphertext in the files is decrypted for the provider, and the log keeps no clear text", async () => {
  await using project = await newProject();
  const ciphertext = await encrypt(project, "data.main.input.pw", SECRET);
  match(ciphertext, /^enc:smelt:1:[0-9a-f]{32}:[\w-]+$/);
  await project.write("main.smelt", dataWith("main", `secret("${ciphertext}")`));
  await expectInside(project, 0, ["validate"]);
  await expectInside(project, 0, ["apply", "--yes"]);
  deepStrictEqual(await revealed(project, "data.main"), { pw: SECRET });
  ok(!await standsBelow(join(project.root, ".smelt"), SECRET));
  await expectInside(project, 0, ["plan", "--detailed-exitcode"]);
});

Deno.test("E8: a secret is typed unseen, or comes from standard input without its last line end", async () => {
  await using project = await newProject();
  const typed = await run(project, ["secrets", "encrypt", "data.main.input.pw"], {
    kind: "terminal",
    typed: [SECRET],
  });
  strictEqual(typed.code, 0, typed.stderr);
  match(typed.stderr, /The secret of data\.main\.input\.pw, which is not shown/);
  doesNotMatch(typed.stdout + typed.stderr, /Cnry/);
  const [ciphertext = ""] = typed.stdout.split("\n");
  const shown = await run(project, ["secrets", "decrypt", "data.main.input.pw", "--force"], {
    stdin: `${ciphertext}\n`,
  });
  deepStrictEqual([shown.code, shown.stdout], [0, `${SECRET}\n`]);
  for (const stdin of ["", "\n"]) {
    const empty = await run(project, ["secrets", "encrypt", "data.main.input.pw"], { stdin });
    deepStrictEqual([empty.code, empty.stderr], [1, "error: Cannot encrypt the secret: it is empty\n"]);
  }
  const twice = await run(project, ["secrets", "encrypt", "data.main.input.pw"], { stdin: ciphertext });
  match(twice.stderr, /it is a ciphertext already/);
  const nowhere = await run(project, ["secrets", "encrypt", "password"], { stdin: "x" });
  match(nowhere.stderr, /Cannot read the place "password": expected the address of a resource and a field/);
});

Deno.test("13: two ciphertexts of the files are swapped: refused with exit 6 before any call", async () => {
  await using project = await newProject();
  const one = await encrypt(project, "data.one.input.pw", "one");
  const two = await encrypt(project, "data.two.input.pw", "two");
  const stack = (first: string, second: string) =>
    dataWith("one", `secret("${first}")`) + dataWith("two", `secret("${second}")`);
  await project.write("main.smelt", stack(one, two));
  await expectInside(project, 0, ["apply", "--yes"]);
  await project.write("main.smelt", stack(two, one));
  for (const args of [["plan"], ["apply", "--yes"]]) {
    const ran = await project.unchangedBy(() => runInside(project, args));
    strictEqual(ran.code, 6, ran.stderr);
    match(
      ran.stderr,
      /Refuse the ciphertext of data\.one\.input\.pw at main\.smelt:2:16: it was made for another place/,
    );
    match(ran.stderr, /smelt secrets encrypt "data\.one\.input\.pw" default/);
  }
  const { stdout } = await runInside(project, ["plan", "--json"]);
  deepStrictEqual([JSON.parse(stdout).error.kind, JSON.parse(stdout).exit.code], ["SecretDamage", 6]);
});

Deno.test("E6: a ciphertext of another environment, of another incarnation or with a changed character is refused", async () => {
  await using project = await newProject();
  await expectInside(project, 0, ["init", "staging"]);
  const place = "data.main.input.pw";
  const staging = await encrypt(project, place, SECRET, "staging");
  await project.write("main.smelt", dataWith("main", `secret("${staging}")`));
  const foreign = await run(project, ["plan"]);
  strictEqual(foreign.code, 1);
  match(foreign.stderr, /no data key [0-9a-f]{32} of "default" is here/);
  const own = await encrypt(project, place, SECRET);
  const at = own.length - 10;
  const altered = own.slice(0, at) + (own[at] === "A" ? "B" : "A") + own.slice(at + 1);
  await project.write("main.smelt", dataWith("main", `secret("${altered}")`));
  strictEqual((await run(project, ["plan"])).code, 6);
  for (const broken of [own.slice(0, 40), `${own}=`, own.replace(":1:", ":2:")]) {
    await project.write("main.smelt", dataWith("main", `secret("${broken}")`));
    const ran = await run(project, ["plan"]);
    strictEqual(ran.code, 1, broken);
    strictEqual((await run(project, ["validate"])).code, 1, broken);
    match(ran.stderr, /error\[E-SECRET\]: Cannot read the ciphertext/);
  }
});

Deno.test("13: two blobs of the log are swapped: refused", async () => {
  await using project = await newProject(dataWith("one", 'secret("one")') + dataWith("two", 'secret("two")'));
  await expectInside(project, 0, ["apply", "--yes"]);
  const folder = join(project.root, ".smelt/blobs");
  const blobs: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    for await (const inner of Deno.readDir(join(folder, name))) blobs.push(join(folder, name, inner.name));
  }
  const bytes = await Promise.all(blobs.map((each) => Deno.readFile(each)));
  await Promise.all(
    blobs.map((each, index) => Deno.writeFile(each, bytes[(index + 1) % blobs.length] ?? new Uint8Array())),
  );
  strictEqual((await runInside(project, ["show", "data.one", "--reveal", "--force"])).code, 6);
  strictEqual((await runInside(project, ["audit", "verify"])).code, 6);
});

Deno.test("E7: a secret comes from a file, without its last line end", async () => {
  await using project = await newProject(dataWith("main", 'secret_file("keys/pw.txt")'));
  await project.write("keys/pw.txt", `${SECRET}\n`);
  await Deno.chmod(join(project.root, "keys/pw.txt"), 0o600);
  const applied = await expectInside(project, 0, ["apply", "--yes"]);
  doesNotMatch(applied.stdout + applied.stderr, /Cnry|warning/);
  deepStrictEqual(await revealed(project, "data.main"), { pw: SECRET });
  await Deno.chmod(join(project.root, "keys/pw.txt"), 0o644);
  match(
    (await run(project, ["plan"])).stderr,
    /warning\[W-SECRET\]: Others may use the secret file "keys\/pw\.txt": found mode 0644, wanted 0600/,
  );
});

Deno.test("secret_file() refuses what is no secret of the project, with its reason", async () => {
  await using project = await newProject();
  await project.write("empty.txt", "\n");
  await project.write("large.txt", "x".repeat(64 * 1024 + 1));
  await Deno.writeFile(join(project.root, "bytes.bin"), new Uint8Array([0xff, 0xfe, 0x00]));
  await Deno.writeTextFile(join(project.root, "../outside.txt"), SECRET);
  await Deno.symlink("../outside.txt", join(project.root, "link.txt"));
  for (
    const [path, why] of [
      ["none.txt", "no such file"],
      ["empty.txt", "it is empty"],
      ["large.txt", "it has more than 65536 bytes"],
      ["bytes.bin", "it is not UTF-8"],
      ["keys", "no such file"],
      [".", "it lies outside of the project"],
      ["../outside.txt", "it lies outside of the project"],
      ["link.txt", "it lies outside of the project"],
    ] as const
  ) {
    await project.write("main.smelt", dataWith("main", `secret_file("${path}")`));
    const ran = await project.unchangedBy(() => run(project, ["apply", "--yes"]));
    strictEqual(ran.code, 1, path);
    ok(ran.stderr.includes(`error[E-SECRET]: Cannot take the secret from "${path}": ${why}`), ran.stderr);
    doesNotMatch(ran.stderr, /Cnry/);
  }
});

Deno.test("secret_file() gives nothing of smelt's own folder to a provider, by whatever path it is named", async () => {
  await using project = await newProject();
  await using other = await newProject();
  await Deno.symlink(".smelt/keys/local.key", join(project.root, "key.txt"));
  await Deno.symlink(".smelt/keys", join(project.root, "keys"));
  await Deno.symlink(other.root, join(project.root, "other"));
  await Deno.mkdir(join(project.root, "sub"));
  await Deno.mkdir(join(project.root, "nested/.smelt"), { recursive: true });
  await project.write("nested/.smelt/local.key", SECRET);
  for (
    const path of [
      ".smelt/keys/local.key",
      "sub/../.smelt/keys/local.key",
      "key.txt",
      "keys/local.key",
      "nested/.smelt/local.key",
      ".smelt/log/default.log",
      join(project.root, ".smelt/keys/local.key"),
      join(project.root, "sub/../key.txt"),
      join(other.root, ".smelt/keys/local.key"),
      join(project.root, "other/.smelt/keys/local.key"),
    ]
  ) {
    await project.write(
      "main.smelt",
      `resource file "f" : local.File {\n  path = "leak.txt"\n  content = secret_file("${path}")\n}\n`,
    );
    const ran = await project.unchangedBy(() => run(project, ["apply", "--yes"]));
    strictEqual(ran.code, 1, path);
    const why = `error[E-SECRET]: Cannot take the secret from "${path}": the folder .smelt is smelt's own`;
    ok(ran.stderr.includes(why), ran.stderr);
  }
});

Deno.test("E10: secret_env() is a secret wherever it goes, and one that is not set is an error", async () => {
  const variables: Record<string, string> = {};
  await using project = await newProject(dataWith("main", 'secret_env("DB_PW")'));
  const base = portsOf(project);
  const ports = { readVariable: (name: string) => variables[name] ?? base.readVariable(name) };
  match(
    (await run(project, ["plan"], { ports })).stderr,
    /error\[E-SECRET\]: Set the environment variable "DB_PW": it is not set/,
  );
  await expectInside(project, 0, ["validate"]);
  variables["DB_PW"] = SECRET;
  const applied = await run(project, ["apply", "--yes"], { ports });
  strictEqual(applied.code, 0, applied.stderr);
  doesNotMatch(applied.stdout + applied.stderr, /Cnry/);
  ok(!await standsBelow(join(project.root, ".smelt"), SECRET));
});

const SCRIPT = `#!/bin/sh
case "$1" in
  good) echo '${SECRET}' ;;
  bad) echo '${SECRET}'; echo '${SECRET}' >&2; exit 3 ;;
  much) yes '${SECRET}' ;;
esac
`;

Deno.test("E7: a secret comes from a program that runs without a shell; what it prints is never shown", async () => {
  await using project = await newProject();
  await project.write("give.sh", SCRIPT);
  await Deno.chmod(join(project.root, "give.sh"), 0o700);
  const said: string[] = [];
  const attempt = async (args: string, may: "allowed" | "refused" = "allowed") => {
    await project.write("main.smelt", dataWith("main", `secret_command("./give.sh"${args})`));
    const ran = await run(project, ["apply", "--yes"], {
      ports: { hasPermission: () => Promise.resolve(may === "allowed") },
    });
    said.push(ran.stdout, ran.stderr);
    return ran;
  };
  const refused = await attempt(', "good"', "refused");
  strictEqual(refused.code, 1);
  match(refused.stderr, /The runtime does not allow what secrets in the files need: nothing was read/);
  match(refused.stderr, /main\.smelt:2:16 needs --allow-run=\/.*\/give\.sh/);
  const bad = await attempt(', "bad"');
  match(bad.stderr, /Cannot take the secret from the program "\.\/give\.sh": it ended with 3/);
  match((await attempt(', "much"')).stderr, /it has more than 65536 bytes/);
  match((await attempt(', "good; echo x"')).stderr, /it is empty/);
  strictEqual((await attempt(', "good"')).code, 0);
  deepStrictEqual(await revealed(project, "data.main"), { pw: SECRET });
  doesNotMatch(said.join(""), /Cnry/);
});

Deno.test("A saved plan notices that a secret of a file has changed, and tells nothing of either", async () => {
  await using project = await newProject(dataWith("main", 'secret_file("pw.txt")'));
  await project.write("pw.txt", SECRET);
  await expectInside(project, 0, ["plan", "--out", "plan.json"]);
  const plan = await project.read("plan.json");
  doesNotMatch(plan, /Cnry/);
  match(plan, /the secret file \\"pw\.txt\\"/);
  await project.write("pw.txt", `${SECRET}2`);
  const stale = await project.unchangedBy(() => run(project, ["apply", "--plan-file", "plan.json", "--yes"]));
  strictEqual(stale.code, 1);
  match(stale.stderr, /the secret file "pw\.txt" has changed/);
  doesNotMatch(stale.stderr, /Cnry/);
  await project.write("pw.txt", SECRET);
  await expectInside(project, 0, ["apply", "--plan-file", "plan.json", "--yes"]);
});

Deno.test("A plan that was saved before a rotation is carried out after it", async () => {
  await using project = await newProject(dataWith("main", 'secret("first")'));
  await expectInside(project, 0, ["apply", "--yes"]);
  await project.write("main.smelt", dataWith("main", `secret("${SECRET}")`));
  await expectInside(project, 0, ["plan", "--out", "plan.json"]);
  await expectInside(project, 0, ["secrets", "rotate"]);
  await expectInside(project, 0, ["apply", "--plan-file", "plan.json", "--yes"]);
  deepStrictEqual(await revealed(project, "data.main"), { pw: SECRET });
  await expectInside(project, 0, ["audit", "verify"]);
});

Deno.test("E9: show --reveal shows secrets on a terminal, in a private file, or by --force; the log says so first", async () => {
  await using project = await newProject(
    dataWith("main", `secret("${SECRET}")`) + "output pw = data.main.pw\n",
  );
  await expectInside(project, 0, ["apply", "--yes"]);
  const hidden = await project.unchangedBy(() => run(project, ["show", "data.main", "--reveal"]));
  strictEqual(hidden.code, 64);
  match(hidden.stderr, /Cannot show secrets: standard output is no terminal/);
  const terminal = await run(project, ["show", "data.main", "--reveal"], { kind: "terminal" });
  match(terminal.stdout, /pw = "Cnry\+7q&Z=w9"/);
  await expectInside(project, 0, ["outputs", "default", "pw", "--reveal", "--out", "pw.txt"]);
  strictEqual(await project.read("pw.txt"), `${SECRET}\n`);
  strictEqual(((await Deno.stat(join(project.root, "pw.txt"))).mode ?? 0) & 0o777, 0o600);
  const again = await run(project, ["outputs", "default", "pw", "--reveal", "--out", "pw.txt"]);
  match(again.stderr, /there is a file already/);
  const history = await expectInside(project, 0, ["history", "--address", "data.main"]);
  match(history.stdout, /data\.main +showed in clear inputs\.input\.pw, fields\.input\.pw, outputs\.pw/);
  match(
    (await expectInside(project, 0, ["blame", "data.main"])).stdout,
    /shown in clear: pw .*outputs --reveal/,
  );
  await expectInside(project, 0, ["audit", "verify"]);
});

Deno.test("E9: nothing is shown when the log cannot say so, nor recorded when there is no secret", async () => {
  await using project = await newProject(
    dataWith("main", `secret("${SECRET}")`) + dataWith("plain", '"open"'),
  );
  await expectInside(project, 0, ["apply", "--yes"]);
  await project.unchangedBy(() => expectInside(project, 0, ["show", "data.plain", "--reveal", "--force"]));
  const base = portsOf(project);
  const ports: Partial<ProjectPorts> = {
    async openEnvironment(paths, wanted) {
      const opened = await base.openEnvironment(paths, wanted);
      if (!opened.ok) return opened;
      const { journal } = opened.value;
      const full = new Proxy(journal, {
        get(target, name) {
          if (name === "append") return () => Promise.reject(new Deno.errors.WriteZero("the disk is full"));
          const found: unknown = Reflect.get(target, name);
          return typeof found === "function" ? found.bind(target) : found;
        },
      });
      return { ok: true, value: { ...opened.value, journal: full } };
    },
  };
  const ran = await run(project, ["show", "data.main", "--reveal", "--force"], { ports });
  ok(ran.code !== 0);
  doesNotMatch(ran.stdout + ran.stderr, /Cnry/);
});

Deno.test("E4: without its keys an environment reveals and rotates nothing, and says which lacks", async () => {
  await using project = await newProject(dataWith("main", `secret("${SECRET}")`));
  await expectInside(project, 0, ["apply", "--yes"]);
  const keys = join(project.root, ".smelt/keys");
  const copies = join(project.root, "../copies");
  await Deno.mkdir(copies, { mode: 0o700 });
  for await (const { name } of Deno.readDir(keys)) {
    if (name.startsWith("default.")) await Deno.rename(join(keys, name), join(copies, name));
  }
  for (
    const args of [["show", "data.main", "--reveal", "--force"], ["secrets", "rotate"], ["apply", "--yes"]]
  ) {
    const ran = await project.unchangedBy(() => run(project, args));
    strictEqual(ran.code, 1, args.join(" "));
    match(
      ran.stderr,
      /Cannot use the key file .*: there is no such file, and without it secrets cannot be opened/,
    );
  }
  const status = await expectInside(project, 0, ["secrets", "status"]);
  match(status.stdout, /active +not here: no secret opens/);
  match(status.stdout, /digest key +not here/);
  const lacking = await run(project, ["secrets", "init"]);
  strictEqual(lacking.code, 1);
  match(
    lacking.stderr,
    /The keys of "default" are not all here: the data key [0-9a-f]{32} and the digest key [0-9a-f]{32} lack/,
  );
  const restored = await expectInside(project, 0, ["secrets", "init", "--from", "../copies"]);
  match(restored.stdout, /Restored [0-9a-f]{32} and [0-9a-f]{32} of default/);
  deepStrictEqual(await revealed(project, "data.main"), { pw: SECRET });
  match((await expectInside(project, 0, ["secrets", "init"])).stdout, /The keys of default are here/);
});

Deno.test("secrets rotate keeps comments and layout, and keeps the old key for what it cannot encrypt anew", async () => {
  await using project = await newProject();
  const one = await encrypt(project, "data.one.input.pw", "one");
  const two = await encrypt(project, "data.two.input.pw", "two");
  const text = (first: string, second: string) =>
    `\ufeff# top\r\nresource data "one" : local.Data {\r\n  input { pw =   secret("${first}") } # one\r\n}\r\n` +
    `resource data "two" : local.Data { input { pw = secret("""${second}""") } }\r\n`;
  await project.write("main.smelt", `${text(one, two)}# was ${one}\r\n`);
  const kept = await run(project, ["secrets", "rotate"]);
  strictEqual(kept.code, 7, kept.stderr);
  match(
    kept.stdout,
    /warning: the old key [0-9a-f]{32} was kept, since .*:\n {4}main\.smelt: a ciphertext stands .*, as in a comment; remove it\n/,
  );
  const changed = await Deno.readTextFile(join(project.root, "main.smelt"));
  const [, first = ""] = /pw = {3}secret\("([^"]*)"\) \} # one/.exec(changed) ?? [];
  const [, second = ""] = /secret\("([^"]*)"\) \} \}\r\n/.exec(changed) ?? [];
  ok(first !== one && second !== two && first !== "" && second !== "");
  const bytes = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    await Deno.readFile(join(project.root, "main.smelt")),
  );
  strictEqual(bytes, `${text(first, second).replaceAll('"""', '"')}# was ${one}\r\n`);
  await expectInside(project, 0, ["apply", "--yes"]);
  await project.write("main.smelt", changed.replace(/# was .*/, ""));
  const completed = await expectInside(project, 0, ["secrets", "rotate"]);
  match(completed.stdout, /Completed the rotation of default that was interrupted/);
  deepStrictEqual(await revealed(project, "data.two"), { pw: "two" });
});

Deno.test("E7: secrets status tells where secrets stand in clear, and which ciphertexts are old", async () => {
  await using project = await newProject(
    dataWith("main", 'secret("in clear")') + dataWith("b", 'env("DB_PASSWORD")'),
  );
  const { stdout } = await expectInside(project, 0, ["secrets", "status"]);
  match(stdout, /warning: a secret stands in clear at main\.smelt:2:16/);
  const json = JSON.parse((await expectInside(project, 0, ["secrets", "status", "--json"])).stdout);
  deepStrictEqual(json.in_clear, ["main.smelt:2:16"]);
  match(
    stdout,
    /warning: env\("DB_PASSWORD"\) at main\.smelt:5:16 goes in clear into fields that are not secret/,
  );
  deepStrictEqual(json.variables, [{ name: "DB_PASSWORD", origin: "main.smelt:5:16" }]);
});

Deno.test("secrets rotate --all exchanges the key of each environment", async () => {
  await using project = await newProject();
  await expectInside(project, 0, ["init", "staging"]);
  const { stdout } = await expectInside(project, 0, ["secrets", "rotate", "--all", "--json"]);
  deepStrictEqual(
    JSON.parse(stdout).rotations.map((
      each: { environment: string; kind: string },
    ) => [each.environment, each.kind]),
    [["default", "rotated"], ["staging", "rotated"]],
  );
  strictEqual((await run(project, ["secrets", "rotate", "default", "--all"])).code, 64);
});
