import type { CallFailure } from "../../engine/call_failure.ts";
import { clearValue } from "../../engine/clear_value.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { field, type ResourceSchema, section } from "../../engine/schema.ts";
import { secretsOf } from "../../engine/scrub.ts";
import { record, Secret, type Value, type ValueRecord } from "../../engine/value.ts";
import type { ListedObject, LiveObject, Provider } from "../../providers/provider.ts";

const TEXT = { kind: "string" } as const;

/** Secrets at every place that a schema knows. */
const SCHEMA: ResourceSchema = {
  type: "hostile.Thing",
  summary: "Tells what it should not",
  version: 1,
  sbomKind: "data",
  sections: [
    section("", "All of it", [
      field("name", TEXT, "Name"),
      field("leak", TEXT, "By which way it tells"),
      field("password", TEXT, "Secret", { sensitive: true }),
      field("logins", {
        kind: "list",
        element: {
          kind: "record",
          fields: [field("user", TEXT, "User"), field("key", TEXT, "Secret", { sensitive: true })],
        },
      }, "Secrets in records in a list"),
      field("tokens", { kind: "map", element: TEXT }, "Secrets in a map", { sensitive: true }),
      field("notes", { kind: "map", element: { kind: "any" } }, "Anything", { computed: true }),
    ]),
    { ...section("settings", "Anything at all", []), open: true },
  ],
  outputs: [
    field("told", { kind: "any" }, "Whatever it tells"),
    field(
      "key",
      { kind: "record", fields: [field("pem", TEXT, "Secret", { sensitive: true })] },
      "A secret in a record",
    ),
  ],
  world: {
    marker: "token",
    uniqueName: undefined,
    settleMs: 0,
    tokenLifetimeMs: 0,
    preconditions: true,
    inProcess: true,
  },
  timeoutsMs: { create: 5_000, update: 5_000, delete: 5_000, read: 5_000 },
  importId: "thing-1",
};

/** The ways in which a provider can tell a secret. `mute` is none. */
export const LEAKS = [
  "mute",
  "message",
  "throw",
  "throwText",
  "throwCause",
  "id",
  "accepted",
  "progress",
  "precondition",
  "output",
  "outputName",
  "outputShape",
  "field",
  "openField",
  "readMessage",
  "readThrow",
  "readOutput",
] as const;

/** A way in which a provider can tell a secret. */
export type Leak = typeof LEAKS[number];

interface Kept {
  readonly token: string;
  readonly id: string;
  readonly fields: ValueRecord;
}

/**
 * A provider that remembers every secret that it was ever sent, of whatever resource, and tells all of them by the way that the
 * field `leak` of a resource names: in messages, in what it throws, in ids, in outputs. Lists tell them too.
 */
export function hostileProvider(): Provider {
  const heard = new Set<string>();
  const objects: Kept[] = [];
  const all = () => [...heard].join(" and ");
  const hear = (fields: ValueRecord) => {
    for (const secret of secretsOf(fields)) {
      textsOf(clearValue(Secret.open(secret))).forEach((text) => heard.add(text));
    }
  };
  const live = ({ id, fields }: Kept, leak: string): LiveObject => ({
    id: leak === "id" ? `thing-${all()}` : id,
    ...(leak === "precondition" ? { precondition: all() } : {}),
    fields: record([
      ...Object.entries(fields).map(([name, value]) => [name, clearValue(value)] as const),
      ...(leak === "field"
        ? [["notes", record([["seen", all()], ["deep", [record([["er", all()]])]]])] as const]
        : []),
      ...(leak === "openField" ? [["settings", record([["seen", all()]])] as const] : []),
    ]),
    outputs: record([["told", told(leak, all())], [
      "key",
      leak === "outputShape" ? [all()] : record([["pem", `key of ${id}`]]),
    ]]),
  });
  const find = (id: string) => objects.find((each) => each.id === id);
  return {
    name: "hostile",
    schemas: [SCHEMA],
    identity: () => Promise.resolve(ok("hostile account")),
    permissions: () => [],
    check: () => Promise.resolve(ok(undefined)),
    read({ id, applied }) {
      hear(applied);
      const leak = String(applied["leak"] ?? "mute");
      if (leak === "readThrow") throw new Error(`Cannot read: ${all()}`);
      if (leak === "readMessage") return Promise.resolve(err(failure(all())));
      const found = find(id);
      const told = leak === "readOutput" ? "output" : "mute";
      return Promise.resolve(ok(found === undefined ? undefined : live(found, told)));
    },
    create({ fields, token, accepted, progressed }) {
      hear(fields);
      const leak = String(fields["leak"] ?? "mute");
      const refused = refusal(leak, all());
      if (leak === "progress") progressed?.("seen", { told: all() });
      if (refused !== undefined) return Promise.resolve(refused);
      const made = { token, id: `thing-${objects.length + 1}`, fields };
      objects.push(made);
      accepted(leak === "accepted" ? `thing-${all()}` : made.id);
      return Promise.resolve(ok(live(made, leak)));
    },
    update({ id, after, token }) {
      hear(after);
      const leak = String(after["leak"] ?? "mute");
      const refused = refusal(leak, all());
      if (refused !== undefined) return Promise.resolve(refused);
      const place = objects.findIndex((each) => each.id === id);
      const changed = { token, id, fields: after };
      objects[place] = changed;
      return Promise.resolve(ok(live(changed, leak)));
    },
    delete: ({ id }) => {
      objects.splice(objects.findIndex((each) => each.id === id), 1);
      return Promise.resolve(ok(undefined));
    },
    list({ token }) {
      const listed: ListedObject[] = objects.filter((each) => token === undefined || each.token === token)
        .map((each) => ({ ...live(each, String(each.fields["leak"])), token: each.token }));
      return Promise.resolve(ok(listed));
    },
  };
}

function told(leak: string, text: string): Value {
  if (leak === "output") return record([["url", `https://root:${text}@host`], ["list", [text]]]);
  return leak === "outputName" ? record([["of", record([[text, "name"]])]]) : "nothing";
}

function refusal(leak: string, text: string): Result<LiveObject, CallFailure> | undefined {
  if (leak === "message") return err(failure(text));
  if (leak === "throw") throw new Error(`It broke at ${text}`);
  if (leak === "throwText") throw `It broke at ${text}`;
  if (leak === "throwCause") {
    throw new Error("It broke", { cause: new AggregateError([new Error(text)], `Within it: ${text}`) });
  }
  return undefined;
}

function failure(text: string): CallFailure {
  const encoded = new TextEncoder().encode(text).toBase64();
  const message = `Not accepted: ${text}, ${encodeURIComponent(text)}, ${encoded}, ${
    JSON.stringify({ text })
  }`;
  return { kind: "InvalidConfig", retry: "never", certainty: "notDone", message };
}

function textsOf(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
