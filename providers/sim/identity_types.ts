import { field, section } from "../../engine/schema.ts";
import { ARN, NAME, type SimType, TAGS } from "./sim_schema.ts";

/** The types that say who may do what: `sim.Role`, `sim.Key`. */

export const ROLE = {
  type: "sim.Role",
  summary: "A set of permissions that programs act under",
  prefix: "role",
  sbomKind: "data",
  sections: [section("", "The role", [
    NAME,
    field("path", { kind: "string" }, "Group of roles that it belongs to", {
      defaultValue: "/",
      immutable: true,
      pattern: "/([a-z0-9-]+/)*",
    }),
    field("session_s", { kind: "integer" }, "Seconds that one session lasts at most", {
      defaultValue: 3600,
      range: { min: 900, max: 43_200 },
    }),
    field("statements", {
      kind: "list",
      element: {
        kind: "record",
        fields: [
          field("effect", { kind: "enum", members: ["allow", "deny"] }, "Whether it permits or forbids", {
            required: true,
          }),
          field(
            "actions",
            { kind: "list", element: { kind: "string" } },
            "For example bucket:Read or queue:*",
            {
              required: true,
              setLike: true,
            },
          ),
          field("resources", { kind: "list", element: { kind: "string" } }, "Full names, * for any", {
            required: true,
            setLike: true,
          }),
        ],
      },
    }, "What it permits and forbids"),
    TAGS,
  ])],
  outputs: [ARN],
} as const satisfies SimType;

export const KEY = {
  type: "sim.Key",
  summary: "An access key of a role; a role has at most two",
  prefix: "key",
  sbomKind: "cryptographic-asset",
  sections: [section("", "The key", [
    NAME,
    field("role_id", { kind: "ref", target: "sim.Role" }, "Role that it opens", {
      required: true,
      immutable: true,
    }),
    field("active", { kind: "boolean" }, "Whether it opens anything", { defaultValue: true }),
    TAGS,
  ])],
  outputs: [ARN, field("secret", { kind: "string" }, "The key itself", { sensitive: true, immutable: true })],
} as const satisfies SimType;
