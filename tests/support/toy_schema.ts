import { field, type ResourceSchema, section, type WorldSchema } from "../../engine/schema.ts";

const TEXT = { kind: "string" } as const;

/** Milliseconds that a call may take, of every toy type. */
export const TOY_DEADLINE_MS = 5_000;
export const TOY_SETTLE_MS = 2_000;

/** Types of the toy cloud, each found in another way. */
export const TOY_WORLDS: Readonly<Record<string, WorldSchema | undefined>> = {
  "toy.Token": world({ marker: "token", tokenLifetimeMs: 24 * 60 * 60_000, preconditions: true }),
  /** Bears tokens, and forgets what was made under them. */
  "toy.Brief": world({ marker: "token" }),
  "toy.Name": world({ marker: "name", uniqueName: { section: "", field: "name" } }),
  "toy.None": world({ marker: "none" }),
  "toy.Inside": world({ marker: "token", inProcess: true, settleMs: 0 }),
  "toy.Data": undefined,
};

export const TOY_SCHEMAS: readonly ResourceSchema[] = Object.entries(TOY_WORLDS).map(([type, of]) => ({
  type,
  summary: "A toy",
  version: 1,
  sections: [
    section("", "All of it", [
      field("name", TEXT, "Name", { immutable: type === "toy.Name" }),
      field("size", { kind: "integer" }, "Size"),
      field("zone", TEXT, "Zone", { immutable: true }),
      field("parent", TEXT, "Id of another"),
      field("label", TEXT, "Never read back", { writeOnly: true }),
      field("password", TEXT, "Secret", { sensitive: true }),
    ]),
  ],
  outputs: [
    field("arn", TEXT, "Full name", { immutable: true }),
    field("key", TEXT, "Secret output", { sensitive: true }),
    field("echo", TEXT, "What was sent as the password"),
  ],
  world: of,
  timeoutsMs: { create: TOY_DEADLINE_MS, update: TOY_DEADLINE_MS, delete: TOY_DEADLINE_MS, read: 1_000 },
  importId: undefined,
  sbomKind: "data",
}));

function world(changes: Partial<WorldSchema>): WorldSchema {
  return {
    marker: "none",
    uniqueName: undefined,
    settleMs: TOY_SETTLE_MS,
    tokenLifetimeMs: 0,
    preconditions: false,
    inProcess: false,
    ...changes,
  };
}
