import { field, section } from "../../engine/schema.ts";
import { ARN, lastingText, NAME, type SimType, TAGS, ZONES } from "./sim_schema.ts";

/** The types that compute and keep blocks: `sim.Instance`, `sim.Disk`. */

export const INSTANCE = {
  type: "sim.Instance",
  summary: "A virtual machine in a subnet",
  prefix: "inst",
  sbomKind: "device",
  sections: [
    section("", "The machine", [
      NAME,
      field("subnet_id", { kind: "ref", target: "sim.Subnet" }, "Subnet that it stands in", {
        required: true,
        immutable: true,
      }),
      field(
        "image",
        { kind: "string" },
        "Image that it starts from, for example debian-13 or HOST/NAME@DIGEST",
        {
          required: true,
          immutable: true,
          pattern: "[a-z0-9][a-z0-9._:/@-]*",
          range: { min: 1, max: 512 },
        },
      ),
      field("size", { kind: "enum", members: ["small", "medium", "large"] }, "Processors and memory", {
        defaultValue: "small",
      }),
      field("private_ip", { kind: "string" }, "Address in the subnet; the next free one unless set", {
        computed: true,
        immutable: true,
      }),
      field(
        "firewall_ids",
        { kind: "list", element: { kind: "ref", target: "sim.Firewall" } },
        "Its firewalls",
        {
          setLike: true,
        },
      ),
      field("role_id", { kind: "ref", target: "sim.Role" }, "Role that programs on it act in"),
      field("user_data", { kind: "string" }, "Script of the first start", {
        immutable: true,
        writeOnly: true,
        sensitive: true,
        range: { max: 16_384 },
      }),
      TAGS,
    ]),
    section("monitoring", "How it is watched", [
      field("enabled", { kind: "boolean" }, "Whether measurements are taken", { defaultValue: false }),
      field("interval_s", { kind: "integer" }, "Seconds between two measurements", {
        defaultValue: 60,
        range: { min: 1, max: 3600 },
      }),
    ]),
  ],
  outputs: [
    ARN,
    lastingText("ip", "Address in the subnet"),
    lastingText("hostname", "Name inside the network"),
    lastingText("zone", "Zone of its subnet"),
  ],
} as const satisfies SimType;

export const DISK = {
  type: "sim.Disk",
  summary: "A block device that one instance at a time may hold",
  prefix: "disk",
  sbomKind: "data",
  sections: [section("", "The disk", [
    NAME,
    field("size_gb", { kind: "integer" }, "Size in gigabytes; it can grow, never shrink", {
      required: true,
      range: { min: 1, max: 16_384 },
    }),
    field("kind", { kind: "enum", members: ["standard", "fast"] }, "What it is made of", {
      defaultValue: "standard",
      immutable: true,
    }),
    field("zone", { kind: "enum", members: ZONES }, "Zone; its instance's, else north-a, unless set", {
      computed: true,
      immutable: true,
    }),
    field("instance_id", { kind: "ref", target: "sim.Instance" }, "Instance of the same zone that holds it"),
    TAGS,
  ])],
  outputs: [ARN, lastingText("device", "Path of the device on the instance")],
} as const satisfies SimType;
