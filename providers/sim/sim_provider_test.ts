import { deepStrictEqual, match, ok, throws } from "node:assert/strict";
import { isRecord, Secret } from "../../engine/value.ts";
import type { Provider } from "../provider.ts";
import { create, failureOf, fieldsOf, quiet, read, remove, tokenOf, valueOf } from "../test_calls.ts";
import { digestOf } from "./cloud_request.ts";
import { faultsFrom } from "./faults_from.ts";
import { type Ledger, readLedger } from "./ledger.ts";
import { simProvider } from "./sim_provider.ts";
import { noFaults, testClock, testFaults, testRandom } from "./_test_world.ts";

interface Place {
  readonly folder: string;
  readonly journal: string;
  /** A provider of its own, as another process would have it. */
  open(seed?: string): Provider;
  ledger(): Promise<Ledger>;
}

function test(name: string, run: (place: Place) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    const journal = `${folder}/journal.jsonl`;
    const clock = testClock();
    try {
      await run({
        folder,
        journal,
        open: (seed = "seed") => simProvider({ folder, clock, random: testRandom(seed), faults: noFaults }),
        ledger: async () => readLedger(await Deno.readTextFile(journal)),
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

test("what one provider makes another finds, with its secrets, and the other way round", async ({ open }) => {
  const [one, other] = [open("one"), open("other")];
  const fields = { name: "artefacts", tags: { key: new Secret("canary-tag") } };
  const made = valueOf(await create(one, "sim.Bucket", fields));
  const found = valueOf(await read(other, "sim.Bucket", made.id));
  deepStrictEqual(JSON.stringify(found), JSON.stringify(made));
  const tags = found?.fields["tags"];
  const key = isRecord(tags) ? tags["key"] : undefined;
  deepStrictEqual(key instanceof Secret ? Secret.open(key) : key, "canary-tag");
  valueOf(await remove(other, "sim.Bucket", made));
  deepStrictEqual(valueOf(await read(one, "sim.Bucket", made.id)), undefined);
  deepStrictEqual(valueOf(await one.identity(quiet())), valueOf(await other.identity(quiet())));
});

test("each operation appends, and never touches what stands in the journal", async ({ open, journal }) => {
  const sim = open();
  let before = new Uint8Array();
  const made = valueOf(await create(sim, "sim.Queue", {}));
  const id = made.id;
  const update = { type: "sim.Queue", id, before: made.fields, after: fieldsOf({ name: "new" }) };
  const steps = [
    () => sim.update({ ...update, token: tokenOf(2) }, quiet()),
    () => sim.delete({ type: "sim.Queue", id, applied: fieldsOf({}), token: tokenOf(3) }, quiet()),
  ];
  for (const step of steps) {
    before = await Deno.readFile(journal);
    valueOf<unknown>(await step());
    const after = await Deno.readFile(journal);
    deepStrictEqual(after.subarray(0, before.length), before);
    deepStrictEqual(new TextDecoder().decode(after.subarray(before.length)).split("\n").length, 2);
  }
  before = await Deno.readFile(journal);
  valueOf(await read(sim, "sim.Queue", id));
  deepStrictEqual(await Deno.readFile(journal), before);
});

test("the ledger tells every object that ever was, with tokens, and which are gone", async ({ open, ledger }) => {
  const sim = open();
  const queue = valueOf(await create(sim, "sim.Queue", { name: "jobs" }, tokenOf(1)));
  const topic = valueOf(await create(sim, "sim.Topic", { queue_ids: [queue.id] }, tokenOf(2)));
  const update = {
    type: "sim.Topic",
    id: topic.id,
    before: topic.fields,
    after: fieldsOf({}),
    token: tokenOf(4),
  };
  valueOf(await sim.update(update, quiet()));
  valueOf(await remove(sim, "sim.Queue", queue));
  const { account, objects, live } = await ledger();
  match(account ?? "", /^[1-9]\d{11}$/);
  deepStrictEqual(objects.map((each) => [each.id, each.type, each.token, each.updates]), [
    [queue.id, "sim.Queue", tokenOf(1), []],
    [topic.id, "sim.Topic", tokenOf(2), [tokenOf(4)]],
  ]);
  deepStrictEqual(objects.map((each) => each.deletedBy), [tokenOf(3), undefined]);
  deepStrictEqual(objects.map((each) => each.deletedAt !== undefined), [true, false]);
  deepStrictEqual(live.map((each) => each.id), [topic.id]);
  deepStrictEqual(objects[0]?.fields["name"], "jobs");
});

test("no secret rests in clear in any file, whatever happens to it", async ({ open, folder, ledger }) => {
  const sim = open();
  const password = new Secret("canary-password");
  const fields = { engine: "mysql", storage_gb: 10, password, tags: { key: new Secret("canary-tag") } };
  const made = valueOf(await create(sim, "sim.Database", fields));
  const after = fieldsOf({ ...fields, password: new Secret("canary-newer") });
  valueOf(
    await sim.update(
      { type: "sim.Database", id: made.id, before: made.fields, after, token: tokenOf(2) },
      quiet(),
    ),
  );
  valueOf(await create(sim, "sim.Bucket", { name: new Secret("canary-bucket") }, tokenOf(3)));
  const role = valueOf(await create(sim, "sim.Role", {}, tokenOf(4)));
  const key = valueOf(await create(sim, "sim.Key", { role_id: role.id }, tokenOf(5))).outputs["secret"];
  failureOf(await create(sim, "sim.Network", { cidr: new Secret("canary-range") }, tokenOf(6)));
  const secret = key instanceof Secret ? String(Secret.open(key)) : "";
  ok(secret.length > 30);
  for await (const { name } of Deno.readDir(folder)) {
    const text = new TextDecoder("latin1").decode(await Deno.readFile(`${folder}/${name}`));
    ok(!text.includes("canary") && !text.includes(secret), name);
  }
  const entry = (await ledger()).objects.find((each) => each.id === made.id);
  deepStrictEqual(entry?.digests["password"], digestOf(tokenOf(2), "password", "canary-newer"));
});

test("the cloud's files are its owner's alone", async ({ open, folder }) => {
  valueOf(await open().identity(quiet()));
  for (const name of ["journal.jsonl", "account.key"]) {
    deepStrictEqual(((await Deno.stat(`${folder}/${name}`)).mode ?? 0) & 0o777, 0o600, name);
  }
});

test("a torn last line was never acknowledged: readers pass it over, the next writer cuts it", async (place) => {
  const { open, journal, ledger } = place;
  const made = valueOf(await create(open(), "sim.Queue", {}, tokenOf(1)));
  const whole = await Deno.readTextFile(journal);
  const last = whole.slice(whole.trimEnd().lastIndexOf("\n") + 1);
  for (const torn of [last.slice(0, 1), last.slice(0, 40), last.slice(0, -1)]) {
    await Deno.writeTextFile(journal, torn, { append: true });
    const sim = open();
    deepStrictEqual(valueOf(await read(sim, "sim.Queue", made.id))?.id, made.id);
    deepStrictEqual(await Deno.readTextFile(journal), whole + torn);
    deepStrictEqual((await ledger()).objects.length, 1);
    valueOf(await create(sim, "sim.Queue", {}, tokenOf(2)));
    ok((await Deno.readTextFile(journal)).startsWith(`${whole}{`));
    deepStrictEqual((await ledger()).objects.length, 2);
    await Deno.writeTextFile(journal, whole);
  }
});

test("a torn first line is no account yet", async ({ open, journal }) => {
  valueOf(await open().identity(quiet()));
  await Deno.writeTextFile(journal, (await Deno.readTextFile(journal)).slice(0, 20));
  match(valueOf(await open().identity(quiet())), /^sim account [1-9]\d{11}$/);
});

const DAMAGES: readonly (readonly [string, (lines: string[]) => readonly string[]])[] = [
  ["no JSON", (lines) => [lines[0] ?? "", "{", ...lines.slice(1)]],
  ["an unknown fact", (lines) => [...lines, `{"fact":"Burnt","at":1,"id":"x"}`]],
  ["a fact that lacks something", (lines) => [...lines, `{"fact":"Deleted","at":1,"id":"x"}`]],
  ["a type of a newer version", (lines) => [...lines, (lines[1] ?? "").replace("sim.Queue", "sim.Rocket")]],
  ["a secret that was altered", (lines) => [
    ...lines,
    (lines[1] ?? "").replace(`"fields":{`, `"fields":{"x":{"$secret":{"blob":"AAAA","digest":""}},`),
  ]],
];

for (const [what, damage] of DAMAGES) {
  test(`a journal with ${what} stops every call, and says where`, async ({ open, journal }) => {
    valueOf(await create(open(), "sim.Queue", {}));
    const lines = (await Deno.readTextFile(journal)).trimEnd().split("\n");
    const damaged = `${damage(lines).join("\n")}\n`;
    await Deno.writeTextFile(journal, damaged);
    const failure = failureOf(await create(open(), "sim.Queue", {}, tokenOf(2)));
    deepStrictEqual([failure.kind, failure.certainty, failure.retry], ["Internal", "notDone", "never"]);
    match(failure.message, /journal\.jsonl" holds .* fact at line [23]/);
    deepStrictEqual(await Deno.readTextFile(journal), damaged);
  });
}

test("a journal without its key is refused, since its secrets would not open", async ({ open, folder }) => {
  valueOf(await create(open(), "sim.Queue", {}));
  await Deno.remove(`${folder}/account.key`);
  match(failureOf(await open().identity(quiet())).message, /account\.key" is missing or damaged/);
});

test("a world that was removed under a running program is a new, empty one", async ({ open, folder, ledger }) => {
  const sim = open();
  const made = valueOf(await create(sim, "sim.Queue", {}));
  const account = valueOf(await sim.identity(quiet()));
  await Deno.remove(folder, { recursive: true });
  deepStrictEqual(valueOf(await read(sim, "sim.Queue", made.id)), undefined);
  ok(valueOf(await sim.identity(quiet())) !== account);
  deepStrictEqual((await ledger()).objects, []);
});

test("a folder that cannot be used is a failure by kind, and nothing was done", async ({ folder }) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  const world = { folder: `${folder}/file/sim`, clock: testClock(), random: testRandom(), faults: noFaults };
  const failure = failureOf(await simProvider(world).identity(quiet()));
  deepStrictEqual([failure.kind, failure.certainty], ["Transient", "notDone"]);
  match(failure.message, /^Cannot use the sim cloud: /);
});

test("a sync that fails leaves the outcome unknown, and the next call reads the journal again", async (place) => {
  const { open, ledger } = place;
  const sim = open();
  valueOf(await create(sim, "sim.Queue", { name: "kept" }, tokenOf(1)));
  const { syncData } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.syncData = () => Promise.reject(new Error("Input/output error"));
  const failure = failureOf(await create(sim, "sim.Queue", { name: "doubtful" }, tokenOf(2)));
  Deno.FsFile.prototype.syncData = syncData;
  deepStrictEqual([failure.kind, failure.retry, failure.certainty], ["Transient", "withToken", "unknown"]);
  const again = valueOf(await create(sim, "sim.Queue", { name: "doubtful" }, tokenOf(2)));
  const { live } = await ledger();
  deepStrictEqual(live.map((each) => each.fields["name"]), ["kept", "doubtful"]);
  deepStrictEqual(live[1]?.id, again.id);
});

test("calls at one time share a lock and a sync, and each gets its own answer", async ({ open, ledger }) => {
  const sim = open();
  const network = valueOf(await create(sim, "sim.Network", { cidr: "10.0.0.0/8" }, tokenOf(1)));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      create(
        sim,
        "sim.Subnet",
        { network_id: network.id, cidr: `10.${index % 10}.0.0/16` },
        tokenOf(100 + index),
      )),
  );
  deepStrictEqual(answers.filter((each) => each.ok).length, 10);
  deepStrictEqual((await ledger()).live.length, 11);
});

test("counts of faults are kept for every program that uses the folder", async ({ folder, ledger }) => {
  const faults = testFaults();
  faults.set([{ operation: "create", nth: 2, effect: "loseReply" }]);
  const fresh = () =>
    simProvider({ folder, clock: testClock(), random: testRandom(), faults: () => faults.faults() });
  const kinds = [];
  for (let token = 1; token < 4; token++) {
    const made = await create(fresh(), "sim.Queue", { name: `${token}` }, tokenOf(token));
    kinds.push(made.ok ? "ok" : made.error.kind);
  }
  deepStrictEqual(kinds, ["ok", "Timeout", "ok"]);
  deepStrictEqual((await ledger()).live.length, 3);
});

test("a faults file that cannot be opened fails every call", async ({ folder }) => {
  await Deno.mkdir(`${folder}/faults.json`);
  const world = { folder, clock: testClock(), random: testRandom(), faults: faultsFrom(folder, undefined) };
  const failure = failureOf(await create(simProvider(world), "sim.Queue", {}));
  deepStrictEqual([failure.kind, failure.certainty], ["InvalidConfig", "notDone"]);
  match(failure.message, /^Cannot read the faults of the sim cloud: /);
});

test("permissions name the folder, to read and to write", async ({ open, folder }) => {
  deepStrictEqual(open().permissions("sim.Queue", fieldsOf({})), [
    { kind: "read", target: folder },
    { kind: "write", target: folder },
  ]);
  await Promise.resolve();
});

Deno.test("readLedger() names the line that is no fact", () => {
  throws(() => readLedger("{}\n"), /Cannot read the sim journal: line 1 is no fact/);
  deepStrictEqual(readLedger("").objects, []);
});
