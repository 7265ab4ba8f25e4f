import { deepStrictEqual, match, notDeepStrictEqual, ok } from "node:assert/strict";
import { Secret } from "../../engine/value.ts";
import { failureOf, fieldsOf, quiet, read, remove, tokenOf, valueOf } from "../test_calls.ts";
import { cloud, withSubnet } from "./_test_cloud.ts";
import { settled, waitingClock } from "./_test_world.ts";

const DATABASE = { engine: "postgres", storage_gb: 20, password: new Secret("canary-password") };

Deno.test("a database takes its time, reports its id before, and cannot be changed meanwhile", async () => {
  const clock = waitingClock();
  const { sim } = cloud(clock);
  const accepted = Promise.withResolvers<string>();
  const request = { type: "sim.Database", fields: fieldsOf(DATABASE), token: tokenOf(1) };
  const creating = sim.create({ ...request, accepted: (id) => accepted.resolve(id) }, quiet());
  const id = await accepted.promise;
  clock.advance(100);
  deepStrictEqual(valueOf(await read(sim, "sim.Database", id))?.id, id);
  const after = fieldsOf({ ...DATABASE, size: "large" });
  const change = { type: "sim.Database", id, before: fieldsOf(DATABASE), after, token: tokenOf(2) };
  const { message, ...failure } = failureOf(await sim.update(change, quiet()));
  deepStrictEqual(failure, { kind: "NotReady", retry: "safe", certainty: "notDone", retryAfterMs: 50 });
  match(message, /it is still being created/);
  clock.advance(50);
  deepStrictEqual(valueOf(await creating).id, id);
});

Deno.test("a database deleted while it is being created comes first and goes then", async () => {
  const clock = waitingClock();
  const { sim } = cloud(clock);
  const accepted = Promise.withResolvers<string>();
  const request = { type: "sim.Database", fields: fieldsOf(DATABASE), token: tokenOf(1) };
  const creating = sim.create({ ...request, accepted: (id) => accepted.resolve(id) }, quiet());
  const id = await accepted.promise;
  const deleting = sim.delete(
    { type: "sim.Database", id, applied: fieldsOf({}), token: tokenOf(2) },
    quiet(),
  );
  await settled();
  clock.advance(299);
  valueOf(await creating);
  deepStrictEqual(valueOf(await read(sim, "sim.Database", id))?.id, id);
  clock.advance(1);
  valueOf(await deleting);
  deepStrictEqual(sim.ledger().live, []);
});

Deno.test("a database is there, and holds its subnets, until it is gone, though nobody waits", async () => {
  const clock = waitingClock();
  const { sim, make, attempt, subnet } = await withSubnet(clock);
  const making = make("sim.Database", { ...DATABASE, subnet_ids: [subnet.id] });
  await settled();
  clock.advance(150);
  const database = await making;
  const signal = new AbortController();
  const removal = { type: "sim.Database", id: database.id, applied: database.fields, token: tokenOf(5) };
  const deleting = sim.delete(removal, signal.signal);
  await settled();
  signal.abort();
  const answer = failureOf(await deleting);
  deepStrictEqual([answer.kind, answer.certainty], ["Cancelled", "unknown"]);
  deepStrictEqual(valueOf(await read(sim, "sim.Database", database.id))?.id, database.id);
  deepStrictEqual(failureOf(await remove(sim, "sim.Subnet", subnet)).kind, "InUse");
  const update = {
    type: "sim.Database",
    id: database.id,
    before: database.fields,
    after: fieldsOf(DATABASE),
  };
  deepStrictEqual(failureOf(await sim.update({ ...update, token: tokenOf(6) }, quiet())).kind, "Conflict");
  clock.advance(150);
  valueOf(await remove(sim, "sim.Subnet", subnet));
  match(
    failureOf(await attempt("sim.Database", { ...DATABASE, subnet_ids: [subnet.id] })).message,
    /does not exist/,
  );
  deepStrictEqual(sim.ledger().live.map((each) => each.type), ["sim.Network"]);
});

Deno.test("a database's storage never shrinks and its version never goes down", async () => {
  const { make, attempt, change } = cloud();
  const made = await make("sim.Database", { ...DATABASE, version: "17" });
  const smaller = failureOf(await change("sim.Database", made, { ...DATABASE, storage_gb: 10 }));
  match(smaller.message, /"storage_gb" cannot shrink from 20 to 10/);
  const older = failureOf(await change("sim.Database", made, { ...DATABASE, version: "16" }));
  match(older.message, /"version" cannot go down from 17 to 16/);
  match(
    failureOf(await attempt("sim.Database", { ...DATABASE, version: "3" })).message,
    /must be one of 15, 16, 17, 18, found "3"/,
  );
  const newer = valueOf(await change("sim.Database", made, { ...DATABASE, version: "18" }));
  deepStrictEqual(newer.outputs, made.outputs);
  deepStrictEqual((await make("sim.Database", DATABASE)).fields["version"], "18");
});

Deno.test("write-only fields are in no answer, and in the ledger as digests", async () => {
  const { sim, make } = cloud();
  const made = await make("sim.Database", DATABASE);
  const found = valueOf(await read(sim, "sim.Database", made.id));
  for (const object of [made, found]) ok(object !== undefined && !("password" in object.fields));
  const [entry] = sim.ledger().objects;
  deepStrictEqual(Object.keys(entry?.digests ?? {}), ["password"]);
  match(entry?.digests["password"] ?? "", /^[0-9a-f]{64}$/);
});

Deno.test("a bucket's name is unique while it lives, and its id is never used again", async () => {
  const { sim, attempt, make } = cloud();
  const first = await make("sim.Bucket", { name: "artefacts" });
  const failure = failureOf(await attempt("sim.Bucket", { name: "artefacts" }));
  deepStrictEqual([failure.kind, failure.certainty], ["AlreadyExists", "notDone"]);
  const byName = { type: "sim.Bucket", uniqueName: "artefacts" };
  const [listed] = valueOf(await sim.list(byName, quiet()));
  deepStrictEqual([listed?.id, listed !== undefined && "token" in listed], [first.id, false]);
  valueOf(await remove(sim, "sim.Bucket", first));
  deepStrictEqual(valueOf(await sim.list(byName, quiet())), []);
  notDeepStrictEqual((await make("sim.Bucket", { name: "artefacts" })).id, first.id);
});
