import { ok, rejects } from "node:assert/strict";
import { err, ok as success } from "../engine/result.ts";
import { field, type ResourceSchema, section } from "../engine/schema.ts";
import { record, Secret } from "../engine/value.ts";
import { type ContractCheck, type ContractSubject, runCheck } from "./contract_subject.ts";
import { FAILURE_CHECKS, testProviderFailures } from "./failure_contract.ts";
import { cancelledBefore, refused } from "./failures.ts";
import type { LiveObject, Provider } from "./provider.ts";
import { REPEAT_CHECKS, testProviderRepeats } from "./repeat_contract.ts";

/** What can be wrong with the provider below; each fault must be caught by a check named in its test. */
interface Fault {
  readonly create?: "forgets the token" | "answers another id" | "says the secret" | "accepts another id";
  readonly read?: "never says gone" | "is late";
  readonly update?: "counts calls" | "makes what is gone" | "ignores the precondition";
  readonly delete?: "fails when gone" | "ignores the precondition";
  readonly signal?: "ignored" | "thrown" | "unknown";
  readonly output?: "in clear" | "unheard of";
}

testProviderRepeats("a provider without fault", subjectWith({}));
testProviderFailures("a provider without fault", subjectWith({}));

const CAUGHT: readonly (readonly [Fault, string])[] = [
  [{ create: "forgets the token" }, "R1"],
  [{ create: "accepts another id" }, "R1"],
  [{ create: "answers another id" }, "R2"],
  [{ create: "says the secret" }, "R1"],
  [{ read: "is late" }, "R2"],
  [{ read: "never says gone" }, "R4"],
  [{ update: "counts calls" }, "R3"],
  [{ update: "makes what is gone" }, "R4"],
  [{ update: "makes what is gone" }, "F3"],
  [{ delete: "fails when gone" }, "R3"],
  [{ delete: "fails when gone" }, "F3"],
  [{ output: "in clear" }, "R2"],
  [{ output: "unheard of" }, "R2"],
  [{ signal: "ignored" }, "F1"],
  [{ signal: "thrown" }, "F1"],
  [{ signal: "unknown" }, "F1"],
  [{ update: "ignores the precondition" }, "F4"],
  [{ delete: "ignores the precondition" }, "F4"],
];

for (const [fault, name] of CAUGHT) {
  const [part = "", what = ""] = Object.entries(fault)[0] ?? [];
  Deno.test(`check ${name} catches a provider whose ${part} ${what}`, async () => {
    const check = [...REPEAT_CHECKS, ...FAILURE_CHECKS].find((each) => each.name.startsWith(name));
    ok(check !== undefined);
    await rejects(() => runFor(check, subjectWith(fault)));
  });
}

function runFor(check: ContractCheck, subject: ContractSubject): Promise<void> {
  const [sample] = subject.samples;
  ok(sample !== undefined);
  return runCheck(check, subject, sample);
}

const SCHEMA: ResourceSchema = {
  type: "toy.Thing",
  summary: "A thing",
  version: 1,
  sections: [section("", "The thing", [
    field("size", { kind: "integer" }, "Its size"),
    field("password", { kind: "string" }, "Its password", { sensitive: true, writeOnly: true }),
  ])],
  outputs: [field("key", { kind: "string" }, "Its key", { sensitive: true })],
  world: {
    marker: "token",
    uniqueName: undefined,
    settleMs: 0,
    tokenLifetimeMs: 60_000,
    preconditions: true,
    inProcess: true,
  },
  timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
  importId: undefined,
  sbomKind: "data",
};

function subjectWith(fault: Fault): ContractSubject {
  return {
    open: () => Promise.resolve({ provider: toyProvider(fault), close: () => Promise.resolve() }),
    samples: [{
      type: "toy.Thing",
      fields: () => ({ size: 1, password: new Secret("CANARY") }),
      changes: { size: 2 },
    }],
  };
}

interface Thing {
  readonly token: string;
  readonly size: number;
  readonly version: number;
}

/** A whole provider in memory, sound but for its fault. */
function toyProvider(fault: Fault): Provider {
  const things = new Map<string, Thing>();
  let count = 0;
  const live = (id: string, { size, version }: Thing): LiveObject => ({
    id,
    fields: record([["size", size]]),
    outputs: record([
      ["key", fault.output === "in clear" ? "key" : new Secret("key")],
      ...(fault.output === "unheard of" ? [["other", 1] as const] : []),
    ]),
    precondition: `v${version}`,
  });
  const guard = (signal: AbortSignal) => {
    if (!signal.aborted || fault.signal === "ignored") return undefined;
    if (fault.signal === "thrown") throw signal.reason;
    const failure = cancelledBefore(signal);
    return err(fault.signal === "unknown" ? { ...failure, certainty: "unknown" as const } : failure);
  };
  const isStale = (thing: Thing, precondition: string | undefined) =>
    precondition !== undefined && precondition !== `v${thing.version}`;
  const stale = err(refused("PreconditionFailed", "Cannot change the thing: it was changed"));
  return {
    name: "toy",
    schemas: [SCHEMA],
    permissions: () => [],
    check: () => Promise.resolve(success(undefined)),
    identity: (signal) => Promise.resolve(guard(signal) ?? success("toy")),
    async read({ id }, signal) {
      const ended = await guard(signal);
      if (ended !== undefined) return ended;
      const thing = things.get(id);
      if (fault.read === "never says gone" && thing === undefined) {
        return success(live(id, { token: "", size: 1, version: 1 }));
      }
      return success(thing === undefined || fault.read === "is late" ? undefined : live(id, thing));
    },
    async create({ token, fields, accepted }, signal) {
      const ended = await guard(signal);
      if (ended !== undefined) return ended;
      const known = [...things].find(([, thing]) => thing.token === token);
      if (known !== undefined && fault.create !== "forgets the token") return success(live(...known));
      const id = `thing-${++count}`;
      const thing = { token, size: Number(fields["size"]), version: 1 };
      things.set(id, thing);
      accepted(fault.create === "accepts another id" ? "other" : id);
      const made = live(fault.create === "answers another id" ? "other" : id, thing);
      return success(
        fault.create === "says the secret" ? { ...made, outputs: record([["key", "CANARY"]]) } : made,
      );
    },
    async update({ id, after, token, precondition }, signal) {
      const ended = await guard(signal);
      if (ended !== undefined) return ended;
      const thing = things.get(id) ??
        (fault.update === "makes what is gone" ? { token, size: 0, version: 0 } : undefined);
      if (thing === undefined) return err(refused("NotFound", "Cannot update the thing: it is gone"));
      const size = Number(after["size"]) + (fault.update === "counts calls" ? thing.version : 0);
      if (size === thing.size) return success(live(id, thing));
      if (isStale(thing, precondition) && fault.update === undefined) return stale;
      const changed = { ...thing, size, version: thing.version + 1 };
      things.set(id, changed);
      return success(live(id, changed));
    },
    async delete({ id, precondition }, signal) {
      const ended = await guard(signal);
      if (ended !== undefined) return ended;
      const thing = things.get(id);
      if (thing !== undefined && isStale(thing, precondition) && fault.delete === undefined) return stale;
      if (!things.delete(id) && fault.delete === "fails when gone") {
        return err(refused("NotFound", "Cannot delete the thing: it is gone"));
      }
      return success(undefined);
    },
    async list({ token }, signal) {
      const ended = await guard(signal);
      if (ended !== undefined) return ended;
      const found = [...things].filter(([, thing]) => token === undefined || thing.token === token);
      return success(found.map(([id, thing]) => ({ ...live(id, thing), token: thing.token })));
    },
  };
}
