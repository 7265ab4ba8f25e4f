import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { SecretRegister } from "../engine/secret_register.ts";
import { record, Secret } from "../engine/value.ts";
import type { Provider } from "../providers/provider.ts";
import { hostileProvider } from "../tests/support/hostile_provider.ts";
import { watchedProvider } from "./watched_provider.ts";

const SIGNAL = new AbortController().signal;
const STORED = "a-secret-that-the-log-holds";
const SENT = "a-secret-that-was-sent";

interface Watched {
  readonly provider: Provider;
  readonly secrets: SecretRegister;
}

/** A hostile provider that has heard of a secret already. */
async function watched(): Promise<Watched> {
  const secrets = new SecretRegister();
  const stored = { noteAll: () => Promise.resolve(secrets.noteText(STORED)) };
  const hostile = hostileProvider();
  const fields = record([["password", new Secret(STORED)]]);
  await hostile.create({ type: "hostile.Thing", fields, token: "1".repeat(32), accepted: () => {} }, SIGNAL);
  return { provider: watchedProvider(hostile, { secrets, stored }), secrets };
}

async function create({ provider }: Watched, leak: string, accepted: (id: string) => void = () => {}) {
  const fields = record([["leak", leak], ["password", new Secret(SENT)]]);
  return await provider.create({ type: "hostile.Thing", fields, token: "2".repeat(32), accepted }, SIGNAL);
}

Deno.test("W1: what a provider is sent, and what it tells as secret, is known from then on", async () => {
  const each = await watched();
  ok((await create(each, "mute")).ok);
  strictEqual(each.secrets.scrub(`${SENT}, key of thing-2`), "(sensitive), (sensitive)");
});

Deno.test("W2: a message holds no secret, nor one that only the log holds, and nor does what is thrown", async () => {
  const answer = await create(await watched(), "message");
  ok(!answer.ok);
  match(answer.error.message, /^Not accepted: \(sensitive\) and \(sensitive\), /);
  for (const leak of ["throw", "throwCause"]) {
    await rejects(
      create(await watched(), leak),
      (thrown) => !/secret-that/.test(Deno.inspect(thrown, { depth: 9 })),
    );
  }
});

Deno.test("W3: an id, a precondition or an account with a secret in it is not taken, and leaves the intent in doubt", async () => {
  for (const leak of ["id", "precondition"]) {
    const answer = await create(await watched(), leak);
    ok(!answer.ok);
    deepStrictEqual([answer.error.kind, answer.error.certainty], ["Internal", "unknown"]);
    match(answer.error.message, /"hostile" names something by the text of a secret/);
  }
  const ids: string[] = [];
  await create(await watched(), "accepted", (id) => ids.push(id));
  deepStrictEqual(ids, []);
});

Deno.test("W3: a step with a secret in it is not told", async () => {
  const { provider } = await watched();
  const steps: string[] = [];
  const request = {
    type: "hostile.Thing",
    fields: record([["leak", "progress"], ["password", new Secret(SENT)]]),
    token: "3".repeat(32),
    accepted: () => {},
    progressed: (step: string) => void steps.push(step),
  };
  ok((await provider.create(request, SIGNAL)).ok);
  deepStrictEqual(steps, []);
});

Deno.test("W3: what was sent in clear may come back", async () => {
  const { provider, secrets } = await watched();
  secrets.noteText("thing-number-1");
  const applied = record([["name", "the thing-number-1"]]);
  const request = { type: "hostile.Thing", id: "thing-1", applied };
  ok((await provider.read(request, SIGNAL)).ok);
});
