/** The files of secret keys in a project that has a key in AWS KMS: copies of them, those in clear, and how each is told. */
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { foreignTest } from "./harness/foreign_program.ts";
import type { InnerRan } from "./harness/inner_program.ts";
import { kmsVariables, runWithKms } from "./harness/kms_project.ts";
import { startMinistack, startMoto } from "./harness/kms_server.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const STACK = 'resource store "s" : local.Data {\n  input { pw = secret("correct-horse-battery") }\n}\n';

/** Runs a command inside, which must end with this code. */
type Smelt = (code: number, ...args: string[]) => Promise<InnerRan>;

function commands(project: TestProject, url: string): Smelt {
  return async (code, ...args) => {
    const ran = await runWithKms(project, args, { variables: kmsVariables(url) });
    strictEqual(ran.code, code, `smelt ${args.join(" ")}:\n${ran.stdout}${ran.stderr}`);
    doesNotMatch(ran.stderr, /^\s+at /m);
    return ran;
  };
}

/** The files of secret keys of the environment, by name, as they lie. */
async function keyFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const names = await Array.fromAsync(Deno.readDir(folder));
  for (const { name } of names.toSorted((left, right) => left.name < right.name ? -1 : 1)) {
    if (/^default\.(?:data|digest)-/.test(name)) {
      files.set(name, await Deno.readTextFile(join(folder, name)));
    }
  }
  return files;
}

/** `data` and `digest`, each with how it lies. */
async function formsOf(project: TestProject): Promise<readonly string[]> {
  const files = await keyFiles(join(project.root, ".smelt/keys"));
  return [...files].map(([name, text]) => {
    const kind = name.slice("default.".length, name.indexOf("-"));
    return `${kind} ${"key" in JSON.parse(text) ? "in clear" : "wrapped"}`;
  });
}

/** Puts the files of secret keys aside; gives the folder of copies, as it is named on the command line. */
async function moveAside(project: TestProject): Promise<string> {
  const copies = join(project.root, "../copies");
  await Deno.mkdir(copies, { mode: 0o700 });
  const keys = join(project.root, ".smelt/keys");
  for (const name of (await keyFiles(keys)).keys()) await Deno.rename(join(keys, name), join(copies, name));
  return copies;
}

async function wrapFromNowOn(project: TestProject, arn: string): Promise<void> {
  const toml = await project.read("smelt.toml");
  await project.write("smelt.toml", `${toml}\n[secrets]\nkms_key = "${arn}"\n`);
}

foreignTest(
  ["ministack"],
  "copies of wrapped keys are taken as they are, byte for byte, once KMS has opened them",
  async ({ ministack }) => {
    await using server = await startMinistack(ministack);
    await using project = await emptyProject();
    const smelt = commands(project, server.url);
    const wrapping = await server.createKey("wrapping");
    await smelt(0, "init", "--secrets-key", `kms:${wrapping}`);
    await project.write("main.smelt", STACK);
    await smelt(0, "apply", "--yes");
    const before = await keyFiles(join(project.root, ".smelt/keys"));
    const copies = await moveAside(project);

    // While KMS does not open them nothing is copied.
    await server.disable(wrapping);
    match((await smelt(1, "secrets", "init", "--from", copies)).stderr, /does not open it: it is disabled/);
    deepStrictEqual(await formsOf(project), []);
    await server.enable(wrapping);
    match(
      (await smelt(0, "secrets", "init", "--from", copies)).stdout,
      /^Restored [0-9a-f]{32} and [0-9a-f]{32} of default\n/,
    );
    deepStrictEqual(await keyFiles(join(project.root, ".smelt/keys")), before);
    match((await smelt(0, "plan")).stdout, /Nothing changes/);
    match(
      (await smelt(0, "secrets", "status")).stdout,
      new RegExp(
        `active +here, wrapped under ${wrapping} .*\\n +digest key +here, wrapped under ${wrapping}\\n`,
      ),
    );

    // One that was wrapped for something else is damage, and is not copied.
    await Deno.remove(join(project.root, ".smelt/keys"), { recursive: true });
    const [data = ""] = before.keys();
    const other = [...before].find(([name]) => name !== data)?.[1] ?? "";
    const { ciphertext }: { readonly ciphertext: string } = JSON.parse(other);
    const whole = before.get(data) ?? "";
    await Deno.writeTextFile(
      join(copies, data),
      whole.replace(/"ciphertext":"[^"]*"/, `"ciphertext":"${ciphertext}"`),
    );
    match(
      (await smelt(6, "secrets", "init", "--from", copies)).stderr,
      /was altered, or wrapped for something else/,
    );
    deepStrictEqual(
      await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/keys"))).catch(() => []),
      [],
    );
  },
);

foreignTest(
  ["moto_server"],
  "keys that lie in clear are wrapped where smelt.toml names a key of KMS: copies when they are taken, those here by a rotation",
  async ({ moto_server }) => {
    await using server = await startMoto(moto_server);
    await using project = await emptyProject();
    const smelt = commands(project, server.url);
    const wrapping = await server.createKey("wrapping");
    await smelt(0, "init");
    await project.write("main.smelt", STACK);
    await smelt(0, "apply", "--yes");
    await using later = await project.copy();
    match(
      (await smelt(0, "secrets", "status")).stdout,
      /active +here, in clear .*\n +digest key +here, in clear\n/,
    );

    await wrapFromNowOn(project, wrapping);
    await smelt(0, "secrets", "init", "--from", await moveAside(project));
    deepStrictEqual(await formsOf(project), ["data wrapped", "digest wrapped"]);
    match((await smelt(0, "plan")).stdout, /Nothing changes/);

    // The same project, in which the keys stay where they are.
    await wrapFromNowOn(later, wrapping);
    const there = commands(later, server.url);
    match(
      (await there(0, "secrets", "rotate")).stdout,
      /\n {2}wrapped {4}the digest key, which lay in clear\n/,
    );
    deepStrictEqual(await formsOf(later), ["data wrapped", "digest wrapped"]);
    const { environments: [status] } = JSON.parse((await there(0, "secrets", "status", "--json")).stdout);
    deepStrictEqual(status.digest_key_form, { kind: "wrapped", under: wrapping });
    deepStrictEqual(status.data_keys[0].form, { kind: "wrapped", under: wrapping });
    match((await there(0, "plan")).stdout, /Nothing changes/);
    doesNotMatch((await there(0, "secrets", "rotate")).stdout, /digest key/);
    match((await there(0, "audit", "verify")).stdout, /The log verifies/);
  },
);

foreignTest(
  ["moto_server"],
  "a rotation puts no key in clear in the place of a wrapped one because a line is gone from smelt.toml, unless told to",
  async ({ moto_server }) => {
    await using server = await startMoto(moto_server);
    await using project = await emptyProject();
    const smelt = commands(project, server.url);
    const wrapping = await server.createKey("wrapping");
    await smelt(0, "init", "--secrets-key", `kms:${wrapping}`);
    await project.write("main.smelt", STACK);
    await smelt(0, "apply", "--yes");
    const toml = await project.read("smelt.toml");
    await project.write("smelt.toml", toml.replace(/\n\[secrets\]\nkms_key = .*\n/, "\n"));
    const before = await keyFiles(join(project.root, ".smelt/keys"));
    const { stderr } = await project.unchangedBy(() => smelt(1, "secrets", "rotate"));
    match(
      stderr,
      new RegExp(
        `^error: Cannot exchange the data key of "default": [0-9a-f]{32} is wrapped under "${wrapping}" in AWS KMS, and ` +
          `the new one would lie in clear, since smelt\\.toml names no secrets\\.kms_key\\nhint: Write kms_key = "${wrapping}" ` +
          "below \\[secrets\\], or say --in-clear\\n$",
      ),
    );
    deepStrictEqual(await keyFiles(join(project.root, ".smelt/keys")), before);
    await smelt(0, "secrets", "rotate", "--in-clear");
    deepStrictEqual(await formsOf(project), ["data in clear", "digest wrapped"]);
    match(
      (await smelt(0, "secrets", "status")).stdout,
      /active +here, in clear .*\n.*\n +digest key +here, wrapped under arn:/,
    );
    // What lies in clear already needs no word.
    await smelt(0, "secrets", "rotate");
    match((await smelt(0, "plan")).stdout, /Nothing changes/);
    ok((await keyFiles(join(project.root, ".smelt/keys"))).size === 2);
  },
);
