import { deepStrictEqual, match, notDeepStrictEqual } from "node:assert/strict";
import { Secret } from "../../engine/value.ts";
import { create, failureOf, fieldsOf, quiet, read, remove, tokenOf, valueOf } from "../test_calls.ts";
import { memorySim } from "./memory_sim.ts";
import { noFaults, testClock, testRandom } from "./_test_world.ts";

const TOKEN = tokenOf(7);

function cloud() {
  const clock = testClock();
  return { clock, sim: memorySim({ clock, random: testRandom(), faults: noFaults }) };
}

Deno.test("P6 a token with the same inputs again makes nothing and answers the same object", async () => {
  const { sim } = cloud();
  const fields = { engine: "mysql", storage_gb: 10, password: new Secret("canary-password") };
  const first = valueOf(await create(sim, "sim.Database", fields, TOKEN));
  const again = { ...fields, password: new Secret("canary-password") };
  deepStrictEqual(valueOf(await create(sim, "sim.Database", again, TOKEN)), first);
  deepStrictEqual(sim.ledger().objects.length, 1);
});

Deno.test("P6 a token with other inputs is refused, also when only a secret differs", async () => {
  const { sim } = cloud();
  const fields = { engine: "mysql", storage_gb: 10, password: new Secret("canary-password") };
  valueOf(await create(sim, "sim.Database", fields, TOKEN));
  for (const change of [{ storage_gb: 11 }, { password: new Secret("canary-changed") }]) {
    const failure = failureOf(await create(sim, "sim.Database", { ...fields, ...change }, TOKEN));
    deepStrictEqual([failure.kind, failure.retry, failure.certainty], ["InvalidConfig", "never", "notDone"]);
    match(failure.message, /token was used before with other inputs/);
  }
  deepStrictEqual(failureOf(await create(sim, "sim.Queue", {}, TOKEN)).kind, "InvalidConfig");
  deepStrictEqual(sim.ledger().objects.length, 1);
});

Deno.test("P6 a token whose object has been deleted since makes no second one", async () => {
  const { sim } = cloud();
  const made = valueOf(await create(sim, "sim.Queue", {}, TOKEN));
  valueOf(await remove(sim, "sim.Queue", made));
  const failure = failureOf(await create(sim, "sim.Queue", {}, TOKEN));
  deepStrictEqual([failure.kind, failure.certainty], ["Conflict", "notDone"]);
  deepStrictEqual(sim.ledger().live, []);
});

Deno.test("P6 a token is forgotten after its lifetime, and then makes another object", async () => {
  const { sim, clock } = cloud();
  const lifetimeMs = sim.schemas.find((each) => each.type === "sim.Queue")?.world?.tokenLifetimeMs ?? 0;
  const first = valueOf(await create(sim, "sim.Queue", {}, TOKEN));
  clock.advance(lifetimeMs - 1);
  deepStrictEqual(valueOf(await create(sim, "sim.Queue", {}, TOKEN)).id, first.id);
  clock.advance(1);
  notDeepStrictEqual(valueOf(await create(sim, "sim.Queue", {}, TOKEN)).id, first.id);
  const bearers = valueOf(await sim.list({ type: "sim.Queue", token: TOKEN }, quiet()));
  deepStrictEqual(bearers.map((each) => each.token), [TOKEN, TOKEN]);
});

Deno.test("an update sent again under its token changes nothing more, whatever its precondition", async () => {
  const { sim } = cloud();
  const made = valueOf(await create(sim, "sim.Queue", {}, TOKEN));
  const update = {
    type: "sim.Queue",
    id: made.id,
    before: made.fields,
    after: fieldsOf({ retention_s: 600 }),
    token: tokenOf(8),
    precondition: "1",
  };
  const changed = valueOf(await sim.update(update, quiet()));
  deepStrictEqual(valueOf(await sim.update(update, quiet())), changed);
  deepStrictEqual(changed.precondition, "2");
  const other = failureOf(await sim.update({ ...update, after: fieldsOf({ retention_s: 700 }) }, quiet()));
  deepStrictEqual(other.kind, "InvalidConfig");
  const stale = failureOf(await sim.update({ ...update, token: tokenOf(9) }, quiet()));
  deepStrictEqual([stale.kind, stale.certainty], ["PreconditionFailed", "notDone"]);
  match(stale.message, /found generation 2, wanted 1/);
});

Deno.test("P20 a delete that comes late does not hit an object that has changed since it was read", async () => {
  const { sim } = cloud();
  const made = valueOf(await create(sim, "sim.Queue", {}, TOKEN));
  const change = { type: "sim.Queue", id: made.id, before: made.fields, token: tokenOf(8) };
  valueOf(await sim.update({ ...change, after: fieldsOf({ name: "new" }) }, quiet()));
  deepStrictEqual(failureOf(await remove(sim, "sim.Queue", made)).kind, "PreconditionFailed");
  deepStrictEqual(valueOf(await read(sim, "sim.Queue", made.id))?.fields["name"], "new");
});

Deno.test("delete of what is gone, or never was, is a success; an id of another type is not found", async () => {
  const { sim } = cloud();
  const made = valueOf(await create(sim, "sim.Queue", {}, TOKEN));
  deepStrictEqual(valueOf(await read(sim, "sim.Topic", made.id)), undefined);
  deepStrictEqual(valueOf(await read(sim, "sim.Queue", "que-00000000")), undefined);
  valueOf(await remove(sim, "sim.Topic", made));
  for (let count = 0; count < 2; count++) valueOf(await remove(sim, "sim.Queue", made));
  deepStrictEqual(valueOf(await read(sim, "sim.Queue", made.id)), undefined);
});

Deno.test("list finds by token or by unique name, and says when a type has neither", async () => {
  const { sim } = cloud();
  const made = valueOf(await create(sim, "sim.Queue", {}, TOKEN));
  valueOf(await create(sim, "sim.Queue", {}, tokenOf(8)));
  const found = valueOf(await sim.list({ type: "sim.Queue", token: TOKEN }, quiet()));
  deepStrictEqual(found, [{ ...made, token: TOKEN }]);
  deepStrictEqual(valueOf(await sim.list({ type: "sim.Queue" }, quiet())).length, 2);
  deepStrictEqual(valueOf(await sim.list({ type: "sim.Topic", token: TOKEN }, quiet())), []);
  for (const request of [{ type: "sim.Queue", uniqueName: "x" }, { type: "sim.Bucket", token: TOKEN }]) {
    deepStrictEqual(failureOf(await sim.list(request, quiet())).kind, "InvalidConfig");
  }
});
