import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { FAILURE_KINDS } from "../engine/call_failure.ts";
import { openProject, secret, stack } from "../mod.ts";
import { canary } from "./harness/canary_syntax.ts";
import { CanaryWatch } from "./harness/canary_watch.ts";
import { expectInside } from "./harness/inner_program.ts";
import { formsOf, tracesIn } from "./harness/secret_traces.ts";
import { emptyProject, newProject, type TestProject } from "./harness/test_project.ts";
import { untilThere } from "./harness/until_there.ts";

/** What may hold secrets: sources, the key of the sim cloud itself, and what a fault is to say. */
const ALLOWED = [/^main\.smelt$/, /^\.smelt\/sim\/(?:faults\.json|account\.key)$/];
const FAULTS = ".smelt/sim/faults.json";
const SECRET = canary("held");

/** One resource holds the secret; another, made and changed after it, has none. */
function holderAndOther(size: number): string {
  return `
resource data "holder" : local.Data { input { own = secret("${SECRET}") } }
resource disk "other" : sim.Bucket { needs data.holder name = "other" tags = { size = "${size}" } }
`;
}

async function initialised(source: string): Promise<TestProject> {
  const project = await emptyProject();
  await expectInside(project, 0, ["init"]);
  await project.write("main.smelt", source);
  return project;
}

/** All that a message may hold a text as. */
function spelt(text: string): string {
  return [...formsOf(text), new TextEncoder().encode(`user:${text}`).toBase64()].join(" | ");
}

Deno.test("10: another resource's secret, echoed by a failure of any kind in any call, is neither printed nor kept", async () => {
  await using project = await initialised(holderAndOther(1));
  const watch = new CanaryWatch(project, ALLOWED);
  watch.secrets.set("held", SECRET);
  const failing = async (operation: string, kind: string, args: readonly string[]) => {
    const message = `no: ${spelt(SECRET)}`;
    await project.write(FAULTS, JSON.stringify([{ operation, effect: { fail: { kind, message } } }]));
    const { code, stdout, stderr } = await watch.ran(args);
    await Deno.remove(`${project.root}/${FAULTS}`);
    ok(code !== 0 || operation === "read", `${operation} ${kind}: ${stdout}${stderr}`);
    return `${stdout}${stderr}`;
  };
  for (const kind of FAILURE_KINDS) {
    match(await failing("create", kind, ["apply", "--yes", "--json"]), /no: \(sensitive\)/, kind);
  }
  await failing("identity", "Denied", ["apply", "--yes"]);
  await failing("list", "Denied", ["import", "discover", "sim.Bucket"]);
  await watch.run(0, ["apply", "--yes"]);
  await project.write("main.smelt", holderAndOther(2));
  for (const args of [["plan"], ["drift", "--json"]]) await failing("read", "Denied", args);
  await failing("update", "InvalidConfig", ["apply", "--yes"]);
  await failing("delete", "InUse", ["destroy", "--yes"]);
  for (const args of [["history"], ["history", "--json"], ["blame", "disk.other"], ["runs", "--json"]]) {
    await watch.run(0, args);
  }
});

Deno.test("10: what people write for the log is refused with a secret in it, by its name, and nothing is done", async () => {
  await using project = await initialised(holderAndOther(1));
  const watch = new CanaryWatch(project, ALLOWED);
  watch.secrets.set("held", SECRET);
  const why = ["--why", `for ${SECRET}, see above`];
  const refused = async (code: number, args: readonly string[], told: RegExp) => {
    const { stdout, stderr } = await project.unchangedBy(() => watch.run(code, args));
    match(`${stdout}${stderr}`, told);
  };
  await refused(1, ["apply", "--yes", ...why], /Cannot keep --why in the log: it holds the text of a secret/);
  await project.write(
    "main.smelt",
    holderAndOther(1).replace("{ input", `{ @intent "it is ${SECRET}" input`),
  );
  for (const args of [["plan"], ["plan", "--json"], ["apply", "--yes"]]) {
    await refused(
      1,
      args,
      /the intent of \\?"data\.holder\\?" \(main\.smelt:\d+\) in the log: it holds the text/,
    );
  }
  await project.write("main.smelt", holderAndOther(1));
  await watch.run(0, ["apply", "--yes", "--why", "a reason"]);
  for (const command of ["taint", "protect"]) {
    await refused(1, [command, "data.holder", ...why], /Cannot keep --why in the log/);
  }
  await refused(1, ["recover", ...why], /Cannot keep --why in the log/);
  await refused(1, ["state", "rm", "data.holder", "--yes", ...why], /Cannot keep --why in the log/);
});

Deno.test("11: the key of the cloud's account and credentials of the environment are neither printed nor kept", async () => {
  await using project = await initialised(holderAndOther(1));
  const key = crypto.getRandomValues(new Uint8Array(32));
  await Deno.mkdir(`${project.root}/.smelt/sim`, { recursive: true, mode: 0o700 });
  await Deno.writeFile(`${project.root}/.smelt/sim/account.key`, key, { mode: 0o600 });
  const watch = new CanaryWatch(project, ALLOWED);
  watch.secrets.set("key in hex", key.toHex());
  watch.secrets.set("key in base64", key.toBase64());
  watch.secrets.set("key in base64url", key.toBase64({ alphabet: "base64url" }));
  const header = "Authorization: Bearer nobody-has-told-smelt-of-this.1";
  const message = `${key.toHex()} ${key.toBase64()} ${key.toBase64({ alphabet: "base64url" })} ${header}`;
  watch.secrets.set("bearer token", "nobody-has-told-smelt-of-this.1");
  await project.write(
    FAULTS,
    JSON.stringify([{ operation: "create", effect: { fail: { kind: "Auth", message } } }]),
  );
  const { stdout, stderr } = await watch.run(7, ["apply", "--yes"]);
  match(
    `${stdout}${stderr}`,
    /\(sensitive\) \(sensitive\) \(sensitive\) Authorization: Bearer \(sensitive\)/,
  );
  await watch.run(0, ["history", "--json"]);

  const token = canary("token");
  watch.secrets.set("token", token);
  const effect = { fail: { kind: "Auth", message: `your token ${spelt(token)}` } };
  await project.write(FAULTS, JSON.stringify([{ operation: "create", effect }]));
  const env = { CANARY_API_TOKEN: token, CANARY_DATABASE_URL: `postgres://me:${canary("address")}@host/x` };
  watch.secrets.set("address", canary("address"));
  const ran = await project.expect(1, ["apply", "--yes", "--why", "try"], { env });
  match(ran.stdout + ran.stderr, /your token \(sensitive\)/);
  await watch.see(ran, "apply");
  const said = await project.expect(1, ["apply", "--yes", "--why", `by ${canary("address")}`], { env });
  await watch.see(said, "apply --why");
  match(said.stderr, /Cannot keep --why in the log/);
});

Deno.test("10: nothing that ends the program from within shows a secret: neither its message, its causes nor its stack", async () => {
  await using project = await newProject(holderAndOther(1));
  const token = canary("crash");
  const thrown = `new Error("broke at " + token, { cause: new Error("deeper: " + token) })`;
  const ways = [
    `throw ${thrown}`,
    `Promise.reject(${thrown})`,
    `queueMicrotask(() => { throw ${thrown}; })`,
    `Promise.reject(token)`,
  ];
  for (const way of ways) {
    // The first thing that a run writes durably; from there on it is anywhere within the program.
    await project.write(
      "preload.ts",
      `const token = Deno.env.get("CANARY_TOKEN");
       const { syncData } = Deno.FsFile.prototype;
       let isDone = false;
       Deno.FsFile.prototype.syncData = function () {
         if (!isDone) { isDone = true; ${way}; }
         return syncData.call(this);
       };`,
    );
    const flags = [`--preload=${project.root}/preload.ts`];
    const { code, stdout, stderr } = await project.run(["apply", "--yes"], {
      env: { CANARY_TOKEN: token },
      flags,
    });
    strictEqual(code, 1, stdout + stderr);
    match(stderr, /error: .*\(sensitive\)/, way);
    deepStrictEqual(tracesIn(stdout + stderr, new Map([["token", token]])), [], `${way}:\n${stderr}`);
    doesNotMatch(stderr, /^ {4}at /m);
  }
});

Deno.test("10: a run that is killed, or interrupted twice, leaves no secret behind", async () => {
  const source = `
resource db "held" : sim.Database { name = "held" engine = "postgres" storage_gb = 10 password = "${SECRET}" }
`;
  for (const end of ["crashBefore", "crashAfter", "SIGINT"] as const) {
    await using project = await newProject(source);
    const watch = new CanaryWatch(project, ALLOWED);
    watch.secrets.set("held", SECRET);
    const effect = end === "SIGINT" ? "hang" : end;
    const env = { SMELT_SIM_FAULTS: JSON.stringify([{ operation: "create", nth: 1, effect }]) };
    const running = project.start(["apply", "--yes"], { env });
    if (end === "SIGINT") {
      await untilThere(project, running, async () => (await project.journal()).includes('"fact":"FaultMet"'));
      running.kill("SIGINT");
      await running.printed("Stopping");
      running.kill("SIGINT");
    }
    await watch.see(await running.ended(), end);
    await watch.run(0, ["history", "--json"]);
  }
});

Deno.test("10: values that a program of one's own is given show no secret, however they are printed", async () => {
  await using project = await emptyProject();
  const secrets = new Map([["held", SECRET]]);
  const readVariable = (name: string) => name === "SMELT_STATE_HOME" ? project.place.stateFolder : undefined;
  const own = openProject({ folder: project.root, who: "test", readVariable });
  ok((await own.init()).ok);
  const declared = stack((s) => {
    const bucket = s.sim.Bucket("b", { name: "bucket", tags: { note: secret(SECRET) } });
    const holder = s.local.Data("d", { input: { own: secret(SECRET), deep: [{ er: secret(SECRET) }] } });
    return { bucket: bucket.id, own: holder.own };
  });
  const shown: string[] = [];
  const show = (value: unknown) => {
    shown.push(Deno.inspect(value, { depth: 30, showHidden: true, getters: true }), String(value));
    shown.push(JSON.stringify(value, (_key, part) => typeof part === "bigint" ? String(part) : part) ?? "");
  };
  show(declared);
  show(await own.plan({ stack: declared }));
  const fault = {
    operation: "create",
    nth: 1,
    effect: { fail: { kind: "InvalidConfig", message: `no ${SECRET}` } },
  };
  await project.write(FAULTS, JSON.stringify([fault]));
  for (let round = 1; round <= 2; round++) {
    for await (const event of own.apply({ stack: declared, approve: () => true })) show(event);
  }
  await Deno.remove(`${project.root}/${FAULTS}`);
  show(await own.resources());
  show(await own.outputs({ stack: declared }));
  show(await own.history());
  show(await own.plan({ stack: declared }));
  show(
    await own.apply({ stack: declared, approve: () => true, why: `for ${SECRET}`, replaces: ["bucket.b"] })
      .result(),
  );
  match(shown.join("\n"), /no \(sensitive\)/);
  for (const text of shown) deepStrictEqual(tracesIn(text, secrets), [], text);
});
