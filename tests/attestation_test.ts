import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createHash, verify } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { flippedBit } from "./harness/flipped_bit.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { expectInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

const NET = (size: string) =>
  `resource network "main" : sim.Network {
  @intent "The private range"

  cidr = "10.0.0.0/${size}"
  tags = { word = secret("open sesame") }
}
`;

/** A project whose only apply has ended, with its attestation in `att.json` and the public key in `pub.pem`. */
async function attestedProject(): Promise<TestProject> {
  const project = await newProject(NET("16"));
  await expectInside(project, 0, ["apply", "--yes"]);
  await expectInside(project, 0, ["audit", "attestation", "-o", "att.json", "--public-key", "pub.pem"]);
  return project;
}

async function recordText(project: TestProject, seq: number): Promise<string> {
  const lines = (await project.read(".smelt/log/default.log")).split("\n");
  return lines[seq - 1]?.split("\t")[0] ?? "";
}

function payloadOf(envelope: Json): { readonly bytes: Uint8Array; readonly statement: JsonObject } {
  ok(isJsonObject(envelope) && typeof envelope["payload"] === "string");
  const bytes = Uint8Array.fromBase64(envelope["payload"]);
  const statement: Json = JSON.parse(new TextDecoder().decode(bytes));
  ok(isJsonObject(statement));
  return { bytes, statement };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

Deno.test("31: an attestation verifies by DSSE's own words with nothing of smelt, and its subjects are bytes that can be had", async () => {
  await using project = await attestedProject();
  const text = await project.read("att.json");
  const envelope = JSON.parse(text);
  const { bytes, statement } = payloadOf(envelope);
  const type: string = envelope.payloadType;
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${bytes.length} `), bytes]);
  const signature = Buffer.from(envelope.signatures[0].sig, "base64");
  const pem = await project.read("pub.pem");
  ok(verify(null, signed, pem, signature));
  signed[signed.length - 3] = (signed[signed.length - 3] ?? 0) ^ 1;
  ok(!verify(null, signed, pem, signature));

  const last = (await project.read(".smelt/log/default.log")).split("\n").length - 1;
  await expectInside(project, 0, ["state", "export", "--at", `${last}`, "--canonical", "-o", "state.json"]);
  const digests = JSON.stringify(statement["subject"]).match(/(?<="sha256":")[0-9a-f]{64}/g);
  deepStrictEqual(digests, [
    sha256(await project.read("state.json")),
    sha256(await recordText(project, last)),
  ]);
  ok(!/open sesame/.test(JSON.stringify(statement) + await project.read("state.json")));
});

Deno.test("audit attestation tells the same of a run whatever has come after, and --run picks one", async () => {
  await using project = await attestedProject();
  const first = await project.read("att.json");
  await project.write("main.smelt", NET("20"));
  await expectInside(project, 0, ["apply", "--yes"]);
  const runs: readonly { readonly run: string }[] = JSON.parse(
    (await expectInside(project, 0, ["runs", "--all", "--json"])).stdout,
  ).runs;
  strictEqual(runs.length, 2);
  const picked = await expectInside(project, 0, [
    "audit",
    "attestation",
    "--run",
    runs[0]?.run.slice(0, 8) ?? "",
  ]);
  strictEqual(picked.stdout, first);
  const last = await expectInside(project, 0, ["audit", "attestation"]);
  match(
    JSON.stringify(payloadOf(JSON.parse(last.stdout)).statement),
    new RegExp(`"invocationId":"${runs[1]?.run}"`),
  );
  const verified = await expectInside(project, 0, ["audit", "attestation", "--verify", "att.json", "--json"]);
  const { run, verifies } = JSON.parse(verified.stdout);
  deepStrictEqual([run, verifies], [runs[0]?.run, true]);
});

Deno.test("audit attestation --verify ends with 6 for an attestation of another log or with a changed byte", async () => {
  await using project = await attestedProject();
  await using other = await attestedProject();
  await project.write("other.json", await other.read("att.json"));
  const text = await project.read("att.json");
  await project.write("changed.json", text.replace('"payload":"eyJfd', '"payload":"eyJfe'));
  for (const file of ["other.json", "changed.json"]) {
    const { stderr } = await expectInside(project, 6, ["audit", "attestation", "--verify", file]);
    match(stderr, new RegExp(`^error: Cannot trust the attestation in "${file}": `));
  }
  match(
    (await expectInside(project, 1, ["audit", "attestation", "--verify", "none.json"])).stderr,
    /^error: Cannot read "none\.json": no such file/,
  );
  await project.write("large.json", " ".repeat((1 << 20) + 1));
  match(
    (await expectInside(project, 1, ["audit", "attestation", "--verify", "large.json"])).stderr,
    /^error: Cannot read "large\.json": it has 1048577 bytes, and at most 1048576 are read/,
  );
  match(
    (await expectInside(project, 1, ["audit", "attestation", "--verify", ".smelt"])).stderr,
    /^error: Cannot read "\.smelt": it is a folder/,
  );
  match(
    (await expectInside(project, 64, ["audit", "attestation", "--verify", "att.json", "--run", "abcdef"]))
      .stderr,
    /--run cannot go with --verify/,
  );
});

Deno.test("audit attestation says what keeps it from stating anything", async () => {
  await using project = await newProject();
  match(
    (await expectInside(project, 1, ["audit", "attestation"])).stderr,
    /No run of default has ended yet: there is nothing to attest/,
  );
  await project.write("main.smelt", NET("16"));
  await expectInside(project, 0, ["apply", "--yes"]);
  match(
    (await expectInside(project, 1, ["audit", "attestation", "--run", "ffffffff"])).stderr,
    /has never known a run "ffffffff"/,
  );
  await Deno.remove(`${project.root}/.smelt/keys/local.key`);
  match(
    (await expectInside(project, 1, ["audit", "attestation"])).stderr,
    /local\.key": there is no such file/,
  );
});

Deno.test("31: of a damaged log nothing is attested and no inventory is made, wherever the damage is", async () => {
  await using project = await attestedProject();
  const bytes = await Deno.readFile(project.logPath);
  for (let nth = 0; nth < 24; nth++) {
    const at = Math.floor(nth * (bytes.length - 1) / 23);
    const damaged = bytes.slice();
    damaged[at] = flippedBit(at, bytes[at] ?? 0);
    await Deno.writeFile(project.logPath, damaged);
    for (
      const args of [["attestation"], ["attestation", "-o", "never.json"], [
        "attestation",
        "--verify",
        "att.json",
      ], ["sbom"]]
    ) {
      const { stdout } = await expectInside(project, 6, ["audit", ...args]);
      strictEqual(stdout, "", `byte ${at}: ${args.join(" ")}`);
    }
  }
  await Deno.writeFile(project.logPath, bytes);
  await expectInside(project, 0, ["audit", "attestation", "--verify", "att.json"]);
  ok(!(await Array.fromAsync(Deno.readDir(project.root))).some(({ name }) => name === "never.json"));
});

foreignTest(
  ["cosign"],
  "31: cosign accepts an attestation of a run, and refuses it for other bytes or with one byte changed",
  async ({ cosign }) => {
    await using project = await attestedProject();
    const last = (await project.read(".smelt/log/default.log")).split("\n").length - 1;
    await project.write("record.json", await recordText(project, last));
    await expectInside(project, 0, ["state", "export", "--at", `${last}`, "--canonical", "-o", "state.json"]);
    const check = async (signature: string, blob: string) => {
      const { code, stderr } = await new Deno.Command(cosign, {
        args: [
          ...[
            "verify-blob-attestation",
            "--insecure-ignore-tlog",
            "--key",
            "pub.pem",
            "--type",
            "slsaprovenance1",
          ],
          ...["--check-claims", "--signature", signature, blob],
        ],
        cwd: project.root,
      }).output();
      return { code, said: new TextDecoder().decode(stderr) };
    };
    for (const blob of ["record.json", "state.json"]) {
      const { code, said } = await check("att.json", blob);
      strictEqual(code, 0, said);
      match(said, /Verified OK/);
    }
    match((await check("att.json", "main.smelt")).said, /no matching subject digest found/);
    const text = await project.read("att.json");
    for (const field of ["payload", "sig"]) {
      const at = text.indexOf(`"${field}":"`) + field.length + 24;
      const changed = text[at] === "A" ? "B" : "A";
      await project.write("changed.json", text.slice(0, at) + changed + text.slice(at + 1));
      strictEqual((await check("changed.json", "record.json")).code, 1, field);
    }
  },
);
