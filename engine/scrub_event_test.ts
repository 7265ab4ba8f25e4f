import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Event } from "./event.ts";
import { saidSecret, scrubEvent } from "./scrub_event.ts";
import { SecretRegister } from "./secret_register.ts";

const SECRET = "hunter22-and-more";
const failure = { kind: "Denied", retry: "never", certainty: "notDone", message: `no ${SECRET}` } as const;

function knowing(): SecretRegister {
  const secrets = new SecretRegister();
  secrets.noteText(SECRET);
  return secrets;
}

Deno.test("scrubEvent() takes secrets out of what providers said, and changes nothing else", () => {
  const events: readonly Event[] = [
    { type: "CreateFailed", address: "a.b", token: "t", failure },
    { type: "UpdateFailed", address: "a.b", token: "t", failure },
    { type: "DeleteFailed", address: "a.b", token: "t", id: "i", failure },
    { type: "OutcomeUnknown", address: "a.b", token: "t", failure },
    { type: "Progressed", address: "a.b", token: "t", step: "built", facts: { digest: `of ${SECRET}` } },
    { type: "Skipped", address: "a.b", because: "c.d", reason: `c.d: no ${SECRET}` },
  ];
  for (const event of events) {
    const text = JSON.stringify(event);
    strictEqual(JSON.stringify(scrubEvent(knowing(), event)), text.replace(SECRET, "(sensitive)"));
  }
  const started: Event = { type: "RunRenewed" };
  strictEqual(scrubEvent(knowing(), started), started);
});

Deno.test("saidSecret() names what people have written with a secret in it", () => {
  const run = {
    type: "RunStarted",
    run: "r",
    command: "apply",
    writes: [],
    reads: [],
    host: "h",
    who: "w",
    ttlMs: 1,
  } as const;
  const description = { intent: `for ${SECRET}` };
  const wanted = { inputs: {}, dependencies: [], bindings: [], description };
  const rebound = { type: "Rebound", address: "a.b", ...wanted } as const;
  deepStrictEqual(
    [{ ...run, why: SECRET }, { ...run, why: "a reason" }, run, rebound, {
      ...rebound,
      description: { owner: SECRET },
    }]
      .map((event) => saidSecret(knowing(), event)),
    ["--why", undefined, undefined, 'the intent of "a.b"', 'the owner of "a.b"'],
  );
});
