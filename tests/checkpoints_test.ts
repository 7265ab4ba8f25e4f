import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { verifyProof } from "../examples/proof/verify_proof.ts";
import { formatNoteKey } from "../trust/note_key.ts";
import { formatNote, parseNote } from "../trust/signed_note.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { printedObject } from "./harness/printed_json.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";
import { newSigningKey, newWitness, publicNoteKey } from "./support/witness.ts";

const STACK = `resource net "main" : sim.Network {
  cidr = "10.0.0.0/16"
}

resource net "other" : sim.Network {
  cidr = "10.1.0.0/16"
}

resource key "api" : local.Data {
  input {
    token = secret("correct horse")
  }
}
`;

Deno.test("audit verify holds the log against a checkpoint that was kept elsewhere", async () => {
  await using project = await applied();
  await expectInside(project, 0, ["audit", "checkpoint", "--out", "kept"]);
  await project.write("main.smelt", STACK.replace("10.1.", "10.2."));
  await expectInside(project, 0, ["apply", "--yes"]);
  const { stdout } = await expectInside(project, 0, ["audit", "verify", "--checkpoint", "kept"]);
  match(stdout, /ok V10 .* 1 checkpoint$/m);
  match(stdout, /ok V13 .* "kept" is of record \d+$/m);

  await setBack(project, 4);
  await Deno.remove(project.place.stateFolder, { recursive: true });
  const { stdout: after } = await expectInside(project, 6, ["verify", "--checkpoint", "kept"]);
  match(after, /FAILED {2}V13 .* The log ends with record 4, and "kept" is of record \d+: it was set back/m);
});

Deno.test("a checkpoint of another environment is refused, and a file that is none", async () => {
  await using project = await applied();
  await expectInside(project, 0, ["init", "staging"]);
  await expectInside(project, 0, ["audit", "checkpoint", "staging", "--out", "staging"]);
  const other = await expectInside(project, 6, ["audit", "verify", "--checkpoint", "staging", "--json"]);
  match(other.stdout, /"\\"staging\\" is of the environment \\"staging\\", not of \\"default\\""/);
  const none = await expectInside(project, 6, ["audit", "verify", "--checkpoint", "main.smelt"]);
  match(none.stdout, /"main.smelt" is not a signed checkpoint of smelt/);
  const absent = await expectInside(project, 1, ["audit", "verify", "--checkpoint", "nowhere"]);
  match(absent.stderr, /^error: Cannot read the checkpoint "nowhere": no such file$/m);
});

Deno.test("P15: a machine without memory refuses a log that was set back behind the checkpoint in smelt.toml", async () => {
  await using project = await applied();
  await expectInside(project, 0, ["audit", "checkpoint", "--out", "kept"]);
  await configure(project, 'checkpoint = "kept"');
  await Deno.remove(project.place.stateFolder, { recursive: true });
  const fresh = await expectInside(project, 0, ["plan"]);
  ok(!fresh.stderr.includes("could not be seen"), fresh.stderr);
  match((await expectInside(project, 0, ["audit", "verify"])).stdout, /ok V13 /);

  await Deno.remove(project.place.stateFolder, { recursive: true });
  const log = await project.read(".smelt/log/default.log");
  await setBack(project, 4);
  for (const command of [["plan"], ["apply", "--yes"], ["audit", "checkpoint"], ["state", "ls"]]) {
    const { stderr } = await project.unchangedBy(() => expectInside(project, 6, command));
    match(
      stderr,
      /^error: Cannot trust the log of "default": "kept" names record \d+, but the log ends with record 4$/m,
    );
  }
  await project.write(".smelt/log/default.log", log);
  await Deno.remove(join(project.root, "kept"));
  const { stderr } = await expectInside(project, 6, ["plan"]);
  match(stderr, /Cannot trust the log of "default": Cannot read the checkpoint "kept": no such file$/m);
});

Deno.test("P9: a checkpoint in smelt.toml counts only with the cosignatures of the witnesses named there", async () => {
  await using project = await applied();
  const { stdout } = await expectInside(project, 0, ["audit", "checkpoint"]);
  const witness = await newWitness("witness.example/w1");
  await project.write("kept", stdout);
  await configure(project, `checkpoint = "kept"\n\n[witnesses]\nkeys = ["${witness.verifierKey}"]`);
  const bare = await expectInside(project, 6, ["plan"]);
  match(
    bare.stderr,
    /"kept" bears 0 of the 1 cosignatures that smelt.toml asks for: none of "witness.example\/w1"/,
  );

  await project.write("kept", await witness.cosign(stdout));
  await expectInside(project, 0, ["plan"]);
  const { stdout: report } = await expectInside(project, 0, ["audit", "verify"]);
  match(report, /"kept" is of record \d+, cosigned by 1 witness$/m);
  const forged = stdout.replace(/^record ./m, (begin) => begin.endsWith("0") ? "record 1" : "record 0");
  await project.write("kept", await witness.cosign(forged));
  match(
    (await expectInside(project, 6, ["apply", "--yes"])).stderr,
    /Cannot trust the log of "default": "kept" names/,
  );
});

Deno.test("P9: a checkpoint in smelt.toml that no key of the log signed is refused by all that read the log", async () => {
  await using project = await applied();
  const { stdout } = await expectInside(project, 0, ["audit", "checkpoint"]);
  await project.write("kept", await signedByStranger(stdout));
  await configure(project, 'checkpoint = "kept"');
  for (const command of [["plan"], ["apply", "--yes"], ["history"], ["show", "net.main"]]) {
    const { stderr } = await project.unchangedBy(() => expectInside(project, 6, command));
    match(
      stderr,
      /^error: Cannot trust the log of "default": No key of the log signed the checkpoint in "kept"$/m,
    );
  }
  await project.write("kept", stdout.replaceAll(/[0-9a-f]{64}$/gm, "ab".repeat(32)));
  const { stderr } = await expectInside(project, 6, ["plan"]);
  match(
    stderr,
    /"kept" is of the environment "default" of the project .*, whose log begins with the record abab/,
  );
});

Deno.test("the state of each address is proven to a program that has nothing of smelt", async () => {
  await using project = await applied();
  const key = await logKey(project);
  for (const address of ["net.main", "net.other", "key.api"]) {
    const { stdout } = await project.unchangedBy(() => expectInside(project, 0, ["audit", "proof", address]));
    const { content, origin } = await verifyProof(stdout, [key]);
    strictEqual(JSON.parse(content).address, address);
    ok(origin.includes("/default/"), origin);
    ok(!stdout.includes("correct horse"), "secrets stay sealed");
    const proof = JSON.parse(stdout);
    const sound = async (change: Readonly<Record<string, unknown>>) =>
      await verifyProof(JSON.stringify({ ...proof, ...change }), [key]).then(() => true, () => false);
    ok(await sound({}));
    for (
      const change of [
        { state: proof.state.replace('"version":', '"version":1') },
        { address: "net.third" },
        { index: proof.index + 1 },
        { count: proof.count + 1 },
        { siblings: proof.siblings.slice(1) },
        { siblings: [...proof.siblings, proof.siblings[0]] },
        { checkpoint: proof.checkpoint.replace(/^state ./m, "state x") },
      ]
    ) ok(!await sound(change), JSON.stringify(change));
  }
  const sealed = (await expectInside(project, 0, ["audit", "proof", "key.api"])).stdout;
  match(sealed, /\$secret/);
  const stranger = await publicNoteKey("note", key.split("+")[0] ?? "", await newSigningKey("eve"));
  await rejects(verifyProof(sealed, [formatNoteKey(stranger)]), /The checkpoint bears no signature of /);
});

Deno.test("a proof can be made under an earlier checkpoint, of what was then, and not under another log's", async () => {
  await using project = await applied();
  const key = await logKey(project);
  await expectInside(project, 0, ["audit", "checkpoint", "--out", "kept"]);
  await project.write("main.smelt", STACK.replace('net "other"', 'net "third"').replace("10.1.", "10.2."));
  await expectInside(project, 0, ["apply", "--yes"]);
  const under = ["--checkpoint", "kept"];
  const { stdout } = await expectInside(project, 0, ["audit", "proof", "net.other", ...under]);
  match((await verifyProof(stdout, [key])).content, /"cidr":"10\.1\.0\.0\/16"/);
  const later = await expectInside(project, 1, ["audit", "proof", "net.third", ...under]);
  match(later.stderr, /^error: No resource "net.third" in default at record \d+$/m);

  const note = await project.read("kept");
  await project.write("kept", await signedByStranger(note));
  match(
    (await expectInside(project, 6, ["audit", "proof", "net.main", ...under])).stderr,
    /Cannot prove anything under "kept": No key of the log signed the checkpoint/,
  );
  await project.write(
    "kept",
    note.replace(/^object ./m, (begin) => begin.endsWith("0") ? "object 1" : "object 0"),
  );
  match(
    (await expectInside(project, 6, ["audit", "proof", "net.main", ...under])).stderr,
    /Cannot prove anything under "kept"/,
  );
});

Deno.test("a record is proven in the form of C2SP, and no other one in its place", async () => {
  await using project = await applied();
  const key = await logKey(project);
  const { stdout } = await expectInside(project, 0, ["audit", "proof", "--record", "2"]);
  const stored = (await project.read(".smelt/log/default.log")).split("\n")[1]?.split("\t")[0];
  strictEqual((await verifyProof(stdout, [key])).content, stored);
  const third = (await expectInside(project, 0, ["audit", "proof", "--record", "3"])).stdout;
  const [, extra = ""] = third.split("\n");
  await rejects(verifyProof(stdout.replace(/^extra .*$/m, extra), [key]), /does not lead to the root/);
  const usage = await runInside(project, ["audit", "proof", "net.main", "default", "--record", "2"]);
  strictEqual(usage.code, 64);
  strictEqual((await runInside(project, ["audit", "proof", "--since", "1", "--record", "2"])).code, 64);
  strictEqual((await runInside(project, ["audit", "proof"])).code, 64);
  match(
    (await expectInside(project, 1, ["audit", "proof", "--record", "999"])).stderr,
    /No record 999 in the log/,
  );
});

Deno.test("no proof is made under a checkpoint of a key that the log does not trust", async () => {
  await using project = await applied();
  await expectInside(project, 0, ["audit", "checkpoint", "--out", "kept"]);
  await using other = await applied();
  await Deno.copyFile(join(other.root, ".smelt/keys/local.key"), join(project.root, ".smelt/keys/local.key"));
  const { stderr } = await expectInside(project, 6, ["audit", "proof", "net.main"]);
  match(
    stderr,
    /^error: Cannot sign for "default" with the key "local" .*: its log does not know that key$/m,
  );
  await expectInside(project, 0, ["audit", "proof", "net.main", "--checkpoint", "kept"]);
  await project.unchangedBy(() => expectInside(project, 6, ["audit", "checkpoint"]));
});

async function applied(): Promise<TestProject> {
  const project = await emptyProject();
  await expectInside(project, 0, ["init"]);
  await project.write("main.smelt", STACK);
  await expectInside(project, 0, ["apply", "--yes"]);
  return project;
}

/** Cuts the log after so many records, as somebody who can write the store would. */
async function setBack(project: TestProject, count: number): Promise<void> {
  const lines = (await project.read(".smelt/log/default.log")).split("\n");
  await project.write(".smelt/log/default.log", `${lines.slice(0, count).join("\n")}\n`);
}

async function configure(project: TestProject, text: string): Promise<void> {
  await project.write("smelt.toml", `${(await project.read("smelt.toml")).trimEnd()}\n${text}\n`);
}

async function logKey(project: TestProject): Promise<string> {
  const { stdout } = await expectInside(project, 0, ["audit", "checkpoint", "--json"]);
  return String(printedObject(stdout)["verifier_key"]);
}

/** The same checkpoint, with a signature under the log's name by a key that the log does not know. */
async function signedByStranger(text: string): Promise<string> {
  const note = parseNote(text);
  ok(note !== undefined);
  const eve = await newSigningKey("eve");
  const { id, name } = await publicNoteKey("note", note.signatures[0]?.name ?? "", eve);
  const signature = await eve.signer.sign(new TextEncoder().encode(note.text));
  return formatNote({ text: note.text, signatures: [{ name, keyId: id, signature }] });
}
