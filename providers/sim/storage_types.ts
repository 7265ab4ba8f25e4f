import { field, section } from "../../engine/schema.ts";
import { ARN, lastingText, NAME, REGIONS, type SimType, TAGS } from "./sim_schema.ts";

/** The types that keep data: `sim.Database`, `sim.Bucket`. */

export const DATABASE = {
  type: "sim.Database",
  summary: "A database server, which takes time to come and to go",
  prefix: "db",
  sbomKind: "platform",
  sections: [
    section("", "The server", [
      NAME,
      field("engine", { kind: "enum", members: ["postgres", "mysql"] }, "Program that it runs", {
        required: true,
        immutable: true,
      }),
      field("version", { kind: "string" }, "Major version; the newest unless set; it goes up, never down", {
        computed: true,
        pattern: "[0-9]+(\\.[0-9]+)?",
      }),
      field("size", { kind: "enum", members: ["small", "medium", "large"] }, "Processors and memory", {
        defaultValue: "small",
      }),
      field("storage_gb", { kind: "integer" }, "Storage in gigabytes; it can grow, never shrink", {
        required: true,
        range: { min: 10, max: 65_536 },
      }),
      field(
        "subnet_ids",
        { kind: "list", element: { kind: "ref", target: "sim.Subnet" } },
        "Subnets it is in",
        {
          setLike: true,
        },
      ),
      field("username", { kind: "string" }, "Name of the first user", {
        defaultValue: "admin",
        immutable: true,
        pattern: "[a-z][a-z0-9_]*",
        range: { min: 1, max: 32 },
      }),
      field("password", { kind: "string" }, "Password of the first user", {
        required: true,
        writeOnly: true,
        sensitive: true,
        range: { min: 8, max: 128 },
      }),
      TAGS,
    ]),
    section("backup", "Backups", [
      field("retention_days", { kind: "integer" }, "Days that a backup is kept; 0 makes none", {
        defaultValue: 7,
        range: { min: 0, max: 35 },
      }),
      field(
        "window",
        { kind: "string" },
        "Time of day in UTC, for example 03:00-04:00; the cloud's choice unless set",
        {
          computed: true,
          pattern: "[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]",
        },
      ),
    ]),
  ],
  outputs: [
    ARN,
    lastingText("endpoint", "Host name to connect to"),
    field("port", { kind: "integer" }, "Port to connect to", { immutable: true }),
  ],
} as const satisfies SimType;

export const BUCKET = {
  type: "sim.Bucket",
  summary: "A store of objects under a name that is unique in the cloud",
  prefix: "bkt",
  sbomKind: "data",
  uniqueName: "name",
  sections: [
    section("", "The bucket", [
      field("name", { kind: "string" }, "Unique name", {
        required: true,
        immutable: true,
        pattern: "[a-z0-9][a-z0-9.-]*[a-z0-9]",
        range: { min: 3, max: 63 },
      }),
      field("region", { kind: "enum", members: REGIONS }, "Region that keeps the objects", {
        defaultValue: "north",
        immutable: true,
      }),
      field("versioning", { kind: "boolean" }, "Whether overwritten objects are kept", {
        defaultValue: false,
      }),
      TAGS,
    ]),
    section("retention", "How long objects stay", [
      field("expire_after_days", { kind: "integer" }, "Days until an object is removed; never unless set", {
        range: { min: 1, max: 36_500 },
      }),
      field("prefix", { kind: "string" }, "Only objects whose key starts so"),
    ]),
  ],
  outputs: [
    ARN,
    lastingText("url", "Where the bucket answers"),
    lastingText("domain_name", "Host name of the bucket"),
  ],
} as const satisfies SimType;
