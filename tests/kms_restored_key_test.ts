/** A log that is restored from before a key in KMS took the place of another one. */
import { match, ok, strictEqual } from "node:assert/strict";
import { foreignTest } from "./harness/foreign_program.ts";
import type { InnerRan } from "./harness/inner_program.ts";
import { kmsError, KmsProxy } from "./harness/kms_proxy.ts";
import { kmsVariables, runWithKms } from "./harness/kms_project.ts";
import { type KmsServer, startMoto } from "./harness/kms_server.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const NET = 'resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
const ROLES = ["--role", "admin", "--role", "apply"];
const RESTORED = ["recover", "--restored", "--yes"];

/** What KMS may not do any more with a key of before: the first public key is that of the key which signs here. */
const FAULTS = [["GetPublicKey", 1, "DisabledException"], ["Sign", 0, "KMSInvalidStateException"]] as const;

type Smelt = (code: number, ...args: string[]) => Promise<InnerRan>;

/** Runs commands inside, each with the key that smelt.toml names; it must end with the code. */
function commands(project: TestProject, url: string): Smelt {
  return async (code, ...args) => {
    const ran = await runWithKms(project, args, { variables: kmsVariables(url) });
    strictEqual(ran.code, code, `smelt ${args.join(" ")}:\n${ran.stdout}${ran.stderr}`);
    ok(!/\n\s+at /.test(ran.stderr), ran.stderr);
    return ran;
  };
}

/** Puts a new key in KMS in the place of the one that signs, as the guide says, and sets the log back to before that. */
async function succeeded(
  { project, server, smelt }: {
    readonly project: TestProject;
    readonly server: KmsServer;
    readonly smelt: Smelt;
  },
): Promise<string> {
  const next = `kms:${await server.createKey("ECDSA")}`;
  const old = JSON.parse((await smelt(0, "keys", "export")).stdout).id;
  const older = await Deno.readTextFile(project.logPath);
  await project.write("next.json", (await smelt(0, "keys", "export", next)).stdout);
  await smelt(0, "keys", "add", "next.json", ...ROLES, "--yes");
  const text = (await project.read("smelt.toml")).replace(/\n\[signing\]\nkey = .*\n/, "\n");
  await project.write("smelt.toml", `${text}\n[signing]\nkey = "${next}"\n`);
  await smelt(0, "keys", "revoke", old, "--reason", "exchanged", "--yes");
  await Deno.writeTextFile(project.logPath, older);
  return old;
}

async function isMended(smelt: Smelt, old: string): Promise<void> {
  const { keys } = JSON.parse((await smelt(0, "keys", "list", "--json")).stdout);
  const trusted: readonly { readonly id: string; readonly roles: readonly string[] }[] = keys.filter(
    ({ revoked }: { readonly revoked: unknown }) => revoked === null,
  );
  ok(trusted.every(({ id }) => id !== old));
  ok(trusted.some(({ roles }) => roles.includes("admin")));
  match((await smelt(0, "plan")).stdout, /1 unchanged/);
  match((await smelt(0, "audit", "verify")).stdout, /The log verifies/);
}

foreignTest(
  ["moto_server"],
  "P15 b, P14: a key in KMS that took the place of one in a file is let in by that file, which --old-key names",
  async ({ moto_server }) => {
    await using server = await startMoto(moto_server);
    await using project = await emptyProject();
    const smelt = commands(project, server.url);
    await smelt(0, "init");
    await project.write("main.smelt", NET);
    await smelt(0, "apply", "--yes");
    const old = await succeeded({ project, server, smelt });
    await smelt(6, "plan");
    match(
      (await smelt(6, ...RESTORED)).stderr,
      /--old-key says which key it replaced; the log trusts "local"/,
    );
    await smelt(0, ...RESTORED, "--old-key", "local");
    await isMended(smelt, old);
  },
);

foreignTest(
  ["moto_server"],
  "P15 b, P14: a key in KMS lets the one in that replaced it, as long as KMS signs with it; what to do where not is said",
  async ({ moto_server }) => {
    await using server = await startMoto(moto_server);
    await using project = await emptyProject();
    const smelt = commands(project, server.url);
    const first = await server.createKey("ECDSA");
    await smelt(0, "init", "--signing-key", `kms:${first}`);
    await project.write("main.smelt", NET);
    await smelt(0, "apply", "--yes");
    const old = await succeeded({ project, server, smelt });
    const named = [...RESTORED, "--old-key", `kms:${first}`];
    match(
      (await project.unchangedBy(() => smelt(6, ...RESTORED))).stderr,
      /no key that it replaced is here to let it in\nhint: .*name one in KMS by --old-key; without any/,
    );
    for (const [failing, from, error] of FAULTS) {
      await using proxy = new KmsProxy(server.url);
      proxy.answer = (operation, count) => operation === failing && count >= from ? kmsError(error) : "pass";
      const { stderr } = await project.unchangedBy(() => commands(project, proxy.url)(1, ...named));
      match(stderr, /^error: Cannot use the key .*: it is disabled, about to be deleted/);
      match(stderr, /hint: Enable the key/);
      await smelt(6, "plan");
    }
    await smelt(0, ...named);
    await isMended(smelt, old);
  },
);
