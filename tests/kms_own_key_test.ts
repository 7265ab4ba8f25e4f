/** Which key signs, where `smelt.toml` names one in KMS and whoever works there names another. */
import { match, ok, strictEqual } from "node:assert/strict";
import { foreignTest } from "./harness/foreign_program.ts";
import type { InnerRan } from "./harness/inner_program.ts";
import { kmsVariables, runWithKms } from "./harness/kms_project.ts";
import { startMoto } from "./harness/kms_server.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const NET = 'resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';
const PLAN = ["plan", "--out", "the.plan"];
const APPROVE = ["plan", "approve", "the.plan", "--yes"];
const APPLY = ["apply", "--yes", "--plan-file", "the.plan"];

/** Runs commands inside, each with the key that somebody names, or none; it must end with the code. */
function commands(project: TestProject, url: string) {
  return async (key: string | undefined, code: number, ...args: string[]): Promise<InnerRan> => {
    const named: Readonly<Record<string, string>> = key === undefined ? {} : { SMELT_KEY: key };
    const ran = await runWithKms(project, args, { variables: { ...kmsVariables(url), ...named } });
    strictEqual(ran.code, code, `${key}: smelt ${args.join(" ")}:\n${ran.stdout}${ran.stderr}`);
    ok(!/\n\s+at /.test(ran.stderr), ran.stderr);
    return ran;
  };
}

/** The id in the document of a key. */
function idOf({ stdout }: InnerRan): string {
  return String(JSON.parse(stdout).id);
}

foreignTest(
  ["moto_server"],
  "SMELT_KEY says who signs where smelt.toml names a key in KMS: a second person can approve, with a key of either kind",
  async ({ moto_server }) => {
    await using server = await startMoto(moto_server);
    await using project = await emptyProject();
    const smelt = commands(project, server.url);
    const [shared, bobs] = [await server.createKey("ECDSA"), `kms:${await server.createKey("ECDSA")}`];
    await smelt(undefined, 0, "init", "--signing-key", `kms:${shared}`);
    await project.write("main.smelt", NET);

    const made = await smelt(undefined, 0, "keys", "create", "ann");
    match(made.stderr, /SMELT_KEY=ann lets it sign here/);
    await project.write("ann.json", made.stdout);
    await smelt(undefined, 0, "keys", "add", "ann.json", "--role", "approve", "--yes");
    const exported = (await smelt(bobs, 0, "keys", "export")).stdout;
    strictEqual(idOf(await smelt(undefined, 0, "keys", "export", bobs)), JSON.parse(exported).id);
    await project.write("bob.json", exported);
    await smelt(undefined, 0, "keys", "add", "bob.json", "--role", "approve", "--yes");
    await smelt(undefined, 0, "env", "policy", "--approvals", "2", "--yes");

    await smelt(undefined, 0, ...PLAN);
    match((await smelt(undefined, 9, ...APPROVE)).stderr, /with the key that signed it: another one must/);
    match((await smelt("ann", 0, ...APPROVE)).stdout, /1 of 2, by ann/);
    match((await smelt(bobs, 0, ...APPROVE)).stdout, /2 of 2/);
    match((await smelt("ann", 1, ...APPLY)).stderr, /with the key "ann" .*it takes the role "apply"/);
    await smelt(undefined, 0, ...APPLY);

    match((await smelt(undefined, 0, "keys", "list")).stdout, new RegExp(`signs here: kms:${shared},`));
    match((await smelt(bobs, 0, "keys", "list")).stdout, new RegExp(`signs here: ${bobs},`));
    const anns = (await smelt("ann", 0, "keys", "list")).stdout;
    match(anns, /\.smelt\/keys\/ann\.key, signs here/);
    ok(!/signs here: kms:/.test(anns), anns);
    strictEqual(idOf(await smelt("ann", 0, "keys", "export")), JSON.parse(made.stdout).id);
    strictEqual(
      idOf(await smelt(undefined, 0, "keys", "export")),
      idOf(await smelt("ann", 0, "keys", "export", `kms:${shared}`)),
    );

    match(
      (await smelt(bobs, 1, "keys", "rotate", "--yes")).stderr,
      /^error: Cannot rotate the key "kms:.*AWS KMS holds it/,
    );
    match(
      (await smelt("ann", 1, "keys", "rotate", "--yes")).stderr,
      /Cannot rotate the key "ann" .*not the role "admin"/,
    );
    const wrong = (await smelt("kms:no such", 1, ...PLAN)).stderr;
    match(
      wrong,
      /^error: Cannot use "kms:no such" of SMELT_KEY: it is not the name of a key\nhint: .*"kms:" and the ARN/,
    );
    match((await smelt(undefined, 0, "audit", "verify")).stdout, /The log verifies/);
  },
);
