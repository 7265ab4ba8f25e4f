/** Keys in AWS KMS, through the whole program, against servers that speak its protocol. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "../actors/system_clock.ts";
import type { Clock } from "../engine/clock.ts";
import { awsKms } from "../trust/aws_kms.ts";
import { parseKmsKeyName } from "../trust/kms_key_name.ts";
import { kmsPlace } from "../trust/kms_place.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { hurriedClock } from "./harness/hurried_clock.ts";
import type { InnerRan } from "./harness/inner_program.ts";
import { type KmsAnswer, kmsError, KmsProxy } from "./harness/kms_proxy.ts";
import { kmsVariables, runWithKms } from "./harness/kms_project.ts";
import { KMS_CREDENTIALS, startMinistack, startMoto } from "./harness/kms_server.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const SECRET = "correct-horse-battery";

const KEPT = `resource store "kept" : local.Data {
  input {
    kept = secret("${SECRET}")
  }
}
`;

const NET = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
`;

/** Runs commands inside, which must end with the code in front. */
function commands(project: TestProject, url: string | undefined, clock: Clock = systemClock) {
  const variables = url === undefined ? {} : kmsVariables(url);
  return async (code: number, ...args: string[]): Promise<InnerRan> => {
    const ran = await runWithKms(project, args, { variables, clock });
    strictEqual(ran.code, code, `smelt ${args.join(" ")}:\n${ran.stdout}${ran.stderr}`);
    ok(!/\n\s+at /.test(ran.stderr), ran.stderr);
    return ran;
  };
}

async function exists(project: TestProject, path: string): Promise<boolean> {
  return await Deno.stat(join(project.root, path)).then(() => true, () => false);
}

/** The log's records, as they are stored. */
async function storedLines(project: TestProject): Promise<readonly string[]> {
  return (await project.read(".smelt/log/default.log")).trimEnd().split("\n");
}

foreignTest(
  ["ministack"],
  "an Ed25519 key in KMS signs, wrapped keys hold the secrets, and verifying needs no KMS",
  async ({ ministack }) => {
    await using server = await startMinistack(ministack);
    await using project = await emptyProject();
    const signing = await server.createKey("Ed25519");
    await server.createAlias("smelt-signing", signing);
    const wrapping = await server.createKey("wrapping");
    const smelt = commands(project, server.url);
    const keys = ["--signing-key", "kms:alias/smelt-signing", "--secrets-key", `kms:${wrapping}`];
    const { key } = JSON.parse((await smelt(0, "init", ...keys, "--json")).stdout);
    deepStrictEqual([key.name, key.kms], ["smelt-signing", "alias/smelt-signing"]);
    match(await project.read("smelt.toml"), /\n\[signing\]\nkey = "kms:alias\/smelt-signing"\n/);
    match(await project.read("smelt.toml"), /\n\[kms\]\nregion = "eu-central-1"\n/);
    await project.write("main.smelt", KEPT);
    await smelt(0, "apply", "--yes");
    match((await smelt(0, "plan")).stdout, /Nothing changes/);
    match((await smelt(0, "audit", "verify")).stdout, /ok +V12 .* 1 secret\n/);

    await smelt(0, "audit", "attestation", "-o", "att.json", "--public-key", "pub.pem");
    ok(await verifiesOutside(project));

    // No key of this project lies on the disk.
    const files = await Array.fromAsync(Deno.readDir(join(project.root, ".smelt/keys")));
    strictEqual(files.length, 2);
    for (const { name } of files) {
      const text = await project.read(`.smelt/keys/${name}`);
      strictEqual(JSON.parse(text).under, wrapping);
      ok(!("key" in JSON.parse(text)), text);
    }

    // A machine that may not use KMS: what meets no secret works, all signatures verify, and the rest says why it cannot.
    const outside = commands(project, undefined);
    match((await outside(0, "state", "ls")).stdout, /store\.kept/);
    match((await outside(0, "show", "store.kept")).stdout, /\(sensitive\)/);
    const report = (await outside(0, "audit", "verify")).stdout;
    match(report, /ok +V5 /);
    match(report, /V12 .*1 secret not opened/);
    const told = (await outside(1, "plan")).stderr;
    match(
      told,
      /^error: The runtime does not allow to reach kms\.eu-central-1\.amazonaws\.com, where the key /,
    );
    match(told, /\nhint: Start with: SMELT_FLAGS="--allow-net=kms\.eu-central-1\.amazonaws\.com" /);
    ok(!told.includes(SECRET));

    await server.disable(wrapping);
    match((await smelt(1, "plan")).stderr, /is wrapped, .* does not open it: it is disabled/);
    match((await smelt(0, "state", "ls")).stdout, /store\.kept/);
  },
);

foreignTest(
  ["ministack"],
  "group commit hides the way to KMS: 100 resources take few signatures",
  async ({ ministack }) => {
    await using server = await startMinistack(ministack);
    await using proxy = new KmsProxy(server.url);
    await using project = await emptyProject();
    const smelt = commands(project, proxy.url);
    await smelt(0, "init", "--signing-key", `kms:${await server.createKey("Ed25519")}`);
    const names = Array.from({ length: 100 }, (_, index) => `n${index}`);
    await project.write("main.smelt", names.map((name) => NET.replaceAll("main", name)).join(""));
    const before = proxy.count("Sign");
    await smelt(0, "apply", "--yes");
    const count = proxy.count("Sign") - before;
    const records = (await storedLines(project)).length;
    // One for each record after the first, and one by which the key vouches for what stands in for it.
    strictEqual(count, records);
    ok(count <= 60, `${count} signatures`);
    strictEqual(proxy.count("GetPublicKey"), 2);
  },
);

foreignTest(
  ["ministack"],
  "P19: a KMS that fails in the middle of an apply loses nothing: what was done is kept, and taken up later",
  async ({ ministack }) => {
    await using server = await startMinistack(ministack);
    await using proxy = new KmsProxy(server.url);
    await using project = await emptyProject();
    const signing = await server.createKey("Ed25519");
    const smelt = commands(project, proxy.url, hurriedClock);
    await smelt(0, "init", "--signing-key", `kms:${signing}`);
    await project.write("main.smelt", NET);
    // The voucher, the start of the run, its account, and the intent are signed; what the call did is not.
    const last = proxy.count("Sign") + 4;
    proxy.answer = (operation, count) =>
      operation === "Sign" && count >= last ? kmsError("KMSInvalidStateException") : "pass";
    const cut = await smelt(8, "apply", "--yes");
    match(cut.stderr, /The log took no more records: nothing more was started/);
    match(cut.stderr, /outcomes that could not be stored are kept in /);
    match(cut.stderr, /not for kms:Sign \(KMSInvalidStateException\)/);
    strictEqual((await project.ledger()).live.length, 1);

    match((await smelt(1, "apply", "--yes")).stderr, /^error: Cannot use the key .*\nhint: /);
    proxy.answer = () => "pass";
    match((await smelt(0, "apply", "--yes")).stderr, /settled: net\.main.*the answer had been kept aside/);
    strictEqual((await project.ledger()).live.length, 1);
    match((await smelt(0, "plan")).stdout, /Nothing changes/);
  },
);

/** A clock for those who wait for nothing real. */
const hastyClock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) };

const FAILURES: readonly (readonly [title: string, answer: KmsAnswer, count: number, told: RegExp])[] = [
  ["refused", kmsError("AccessDeniedException"), 1, /kms:Sign is refused to these credentials/],
  ["an expired token", kmsError("ExpiredTokenException"), 1, /refused to these credentials \(ExpiredTok/],
  ["disabled", kmsError("DisabledException"), 1, /it is disabled, about to be deleted, or not for kms:Sign/],
  ["no such key", kmsError("NotFoundException"), 1, /there is no such key at 127\.0\.0\.1:/],
  ["too many requests", kmsError("ThrottlingException"), 5, /gets too many requests \(ThrottlingExc/],
  ["a gateway's page", { status: 502, body: "<html>" }, 5, /is not well \(SyntaxError\)/],
  ["a page instead of an answer", { status: 200, body: "<html>" }, 1, /to kms:Sign cannot be read/],
  ["an empty answer", { status: 200, body: "{}" }, 1, /its answer to kms:Sign holds no signature/],
  [
    "another signature",
    { status: 200, body: JSON.stringify({ Signature: btoa("x".repeat(64)) }) },
    1,
    /what it gave as a signature is not one of this key/,
  ],
  ["no answer", "hang", 5, /no answer came from 127\.0\.0\.1:\d+ \(TimeoutError\)/],
];

foreignTest(
  ["ministack"],
  "a KMS that does not sign is told in one sentence, and nothing is made",
  async ({ ministack }) => {
    await using server = await startMinistack(ministack);
    await using proxy = new KmsProxy(server.url);
    await using project = await emptyProject();
    const signing = await server.createKey("Ed25519");
    const init = ["init", "--signing-key", `kms:${signing}`];
    for (const [title, answer, count, told] of FAILURES) {
      const before = proxy.count("Sign");
      proxy.answer = (operation) => operation === "Sign" ? answer : "pass";
      // Only where no answer comes does a clock that runs ahead not make a real one too late.
      const smelt = commands(project, proxy.url, answer === "hang" ? hastyClock : hurriedClock);
      const { stderr } = await smelt(1, ...init);
      match(stderr, /^error: Cannot use the key "arn:[^\n]*\n(hint: [^\n]*\n)?$/, title);
      match(stderr, told, title);
      ok(!stderr.includes("told by the test"), title);
      strictEqual(proxy.count("Sign") - before, count, title);
    }
    proxy.answer = () => "pass";
    const smelt = commands(project, proxy.url);
    const other = await server.createKey("RSA");
    match(
      (await smelt(1, "init", "--signing-key", `kms:${other}`)).stderr,
      /it is none that signs by Ed25519/,
    );
    ok(!await exists(project, ".smelt/keys") && !await exists(project, "smelt.toml"));
    deepStrictEqual(await Array.fromAsync(Deno.readDir(project.root)), []);
    proxy.answer = (operation, count) =>
      operation === "GetPublicKey" && count % 2 === 1 ? kmsError("ThrottlingException") : "pass";
    await commands(project, proxy.url, hurriedClock)(0, ...init);
  },
);

/** The order of P-256 (SEC 2 section 2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature that verifies where this one does. */
function twinOf(signatureText: string): string {
  const bytes = Uint8Array.fromBase64(signatureText, { alphabet: "base64url" });
  const s = ORDER - BigInt(`0x${bytes.subarray(32).toHex()}`);
  bytes.set(Uint8Array.fromHex(s.toString(16).padStart(64, "0")), 32);
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Whether the attestation in `att.json` verifies under `pub.pem` by DSSE's own words, with nothing of smelt. */
async function verifiesOutside(project: TestProject): Promise<boolean> {
  const { payloadType, payload, signatures: [{ sig }] } = JSON.parse(await project.read("att.json"));
  const bytes = Buffer.from(payload, "base64");
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${bytes.length} `;
  const key = createPublicKey(await project.read("pub.pem"));
  const digest = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return verify(digest, Buffer.concat([Buffer.from(head), bytes]), key, Buffer.from(sig, "base64"));
}

foreignTest(
  ["moto_server"],
  "an ECDSA key in KMS signs too, and its signatures being malleable harms nobody",
  async ({ moto_server }) => {
    await using server = await startMoto(moto_server);
    await using project = await emptyProject();
    const smelt = commands(project, server.url);
    const [signing, wrapping] = [await server.createKey("ECDSA"), await server.createKey("wrapping")];
    await smelt(0, "init", "--signing-key", `kms:${signing}`, "--secrets-key", `kms:${wrapping}`);
    await project.write("main.smelt", KEPT);
    await smelt(0, "apply", "--yes");
    match((await smelt(1, "audit", "checkpoint")).stderr, /signs no checkpoint: that takes one of Ed25519/);
    const lines = await storedLines(project);
    match(lines[0] ?? "", /"algorithm":"ECDSA-P256-SHA256"/);
    for (const line of lines) strictEqual(line.split("\t")[1]?.length, 86);

    // What it signs of a run, others verify as they verify any ECDSA signature.
    await smelt(0, "audit", "attestation", "-o", "att.json", "--public-key", "pub.pem");
    match((await smelt(0, "audit", "attestation", "--verify", "att.json")).stdout, /verifies/);
    ok(await verifiesOutside(project));
    deepStrictEqual(await storedLines(project), lines);

    // Whoever may write the store turns each signature into its twin: no hash changes, so no pin and no link breaks.
    const twins = lines.map((line) => line.replace(/[^\t]*$/, twinOf));
    ok(twins.every((line, index) => line !== lines[index]));
    await Deno.writeTextFile(project.logPath, `${twins.join("\n")}\n`);
    match((await smelt(0, "audit", "verify")).stdout, /The log verifies/);
    match((await smelt(0, "plan")).stdout, /Nothing changes/);
    await project.write("main.smelt", KEPT.replace(SECRET, "another"));
    await smelt(0, "apply", "--yes");
    match((await commands(project, undefined)(0, "audit", "verify")).stdout, /ok +V5 /);

    // Another key signs for another environment, and for none that does not trust it.
    const other = await server.createKey("ECDSA");
    await smelt(0, "init", "staging", "--signing-key", `kms:${other}`);
    match(
      await project.read("smelt.toml"),
      new RegExp(`\\n\\[environments.staging\\]\\nsigning_key = "kms:${other}"\\n`),
    );
    await smelt(0, "apply", "staging", "--yes");
    await project.write("smelt.toml", (await project.read("smelt.toml")).replaceAll(signing, other));
    await project.write("main.smelt", KEPT);
    match((await smelt(6, "apply", "--yes")).stderr, /its log does not know that key/);

    match(
      (await smelt(0, "keys", "list")).stdout,
      new RegExp(`\nsigns here: kms:${other}, which AWS KMS holds\n`),
    );
    match(
      (await smelt(1, "keys", "rotate", "--yes")).stderr,
      /^error: Cannot rotate the key "kms:.*": AWS KMS holds it\n/,
    );

    // An admin's key, in KMS too, trusts it by what it says of itself.
    const document = (await smelt(0, "keys", "export", `kms:${other}`)).stdout;
    await project.write("other.json", document);
    await project.write(
      "smelt.toml",
      (await project.read("smelt.toml")).replace(`key = "kms:${other}"`, `key = "kms:${signing}"`),
    );
    await smelt(0, "keys", "add", "other.json", "default", "--role", "apply", "--yes");
    await project.write("smelt.toml", (await project.read("smelt.toml")).replaceAll(signing, other));
    await smelt(0, "apply", "--yes");
  },
);

foreignTest(
  ["moto_server"],
  "a wrapped key opens for its own project, environment and use only",
  async ({ moto_server }) => {
    await using server = await startMoto(moto_server);
    await using project = await emptyProject();
    const smelt = commands(project, server.url);
    await smelt(0, "init", "--secrets-key", `kms:${await server.createKey("wrapping")}`);
    await smelt(0, "init", "staging");
    await project.write("main.smelt", KEPT);
    await smelt(0, "apply", "--yes");

    const keys = join(project.root, ".smelt/keys");
    const names = (await Array.fromAsync(Deno.readDir(keys))).map(({ name }) => name);
    const [own = "", other = ""] = ["default.data-", "staging.data-"].map((start) =>
      join(keys, names.find((name) => name.startsWith(start)) ?? "")
    );
    const whole = await Deno.readTextFile(own);
    const foreign: unknown = JSON.parse(await Deno.readTextFile(other));
    const { ciphertext } = foreign as { readonly ciphertext: string };
    await Deno.writeTextFile(own, whole.replace(/"ciphertext":"[^"]*"/, `"ciphertext":"${ciphertext}"`));
    const told = (await smelt(6, "plan")).stderr;
    match(told, /it was altered, or wrapped for something else than the key [0-9a-f]{32} of "default"/);

    await Deno.writeTextFile(own, whole);
    await smelt(0, "plan");

    // A rotation wraps its new key, and nothing of the old one stays.
    await smelt(0, "secrets", "rotate");
    const left = (await Array.fromAsync(Deno.readDir(keys))).filter(({ name }) =>
      name.startsWith("default.data-")
    );
    deepStrictEqual(left.map(({ name }) => join(keys, name) === own), [false]);
    match(await Deno.readTextFile(join(keys, left[0]?.name ?? "")), /"form":"aws-kms"/);
    match((await smelt(0, "plan")).stdout, /Nothing changes/);
    const toml = await project.read("smelt.toml");
    await project.write("smelt.toml", toml.replace(/kms_key = .*/, 'kms_key = "alias/other"'));
    // What smelt.toml names is for keys that are made; those that are there name their own.
    await smelt(0, "plan");
    match(
      (await smelt(1, "init", "third")).stderr,
      /^error: Cannot use the key "alias\/other" in AWS KMS: there is no such key/,
    );
  },
);

for (const [program, start] of [["ministack", startMinistack], ["moto_server", startMoto]] as const) {
  foreignTest(
    [program],
    `awsKms() wraps a key that was made elsewhere, as ${program} has it`,
    async (paths) => {
      await using server = await start(paths[program]);
      const name = parseKmsKeyName(await server.createKey("wrapping"));
      ok(name !== undefined);
      const place = kmsPlace((variable) => kmsVariables(server.url)[variable], name, undefined);
      ok(place.ok);
      const kms = awsKms({ place: place.value, clock: systemClock, credentials: KMS_CREDENTIALS });
      const clear = crypto.getRandomValues(new Uint8Array(32));
      const wrapped = await kms.wrapKey(name, clear, { "smelt:environment": "dev" });
      ok(wrapped.ok && wrapped.value.under === name);
      const opened = await kms.openKey(wrapped.value, { "smelt:environment": "dev" });
      deepStrictEqual(opened.ok ? opened.value : opened.error.message, clear);
      const elsewhere = await kms.openKey(wrapped.value, { "smelt:environment": "prod" });
      strictEqual(elsewhere.ok ? undefined : elsewhere.error.kind, "WrongContext");
    },
  );
}

foreignTest(
  ["ministack"],
  "the real program needs no permission beside the launcher's, and its launcher names the host",
  async ({ ministack }) => {
    await using server = await startMinistack(ministack);
    await using project = await emptyProject();
    const wrapping = await server.createKey("wrapping");
    const keys = ["--signing-key", `kms:${await server.createKey("Ed25519")}`];
    const { host } = new URL(server.url);
    const options = { env: kmsVariables(server.url), flags: [`--allow-net=${host}`] };
    await project.expect(0, ["init", ...keys, "--secrets-key", `kms:${wrapping}`], options);
    match(await project.read("smelt"), new RegExp(` --allow-net=${host} \\\\\\n`));
    await project.write("main.smelt", KEPT);
    await project.expect(0, ["apply", "--yes"], options);
    await project.expect(0, ["audit", "verify"]);
  },
);
