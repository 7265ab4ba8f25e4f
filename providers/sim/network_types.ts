import { field, section } from "../../engine/schema.ts";
import { ARN, lastingText, NAME, REGIONS, type SimType, TAGS, ZONES } from "./sim_schema.ts";

const CIDR_PATTERN = "[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}";

/** The types that carry traffic: `sim.Network`, `sim.Subnet`, `sim.Firewall`, `sim.Address`. */

export const NETWORK = {
  type: "sim.Network",
  summary: "A private range of IPv4 addresses in one region",
  prefix: "net",
  sbomKind: "platform",
  sections: [section("", "The network", [
    NAME,
    field("cidr", { kind: "string" }, "Range of the network, from /8 to /28", {
      required: true,
      immutable: true,
      pattern: CIDR_PATTERN,
    }),
    field("region", { kind: "enum", members: REGIONS }, "Region that the network is in", {
      defaultValue: "north",
      immutable: true,
    }),
    field("mtu", { kind: "integer" }, "Largest packet in bytes; 1500 unless set", {
      computed: true,
      range: { min: 1280, max: 9001 },
    }),
    TAGS,
  ])],
  outputs: [
    ARN,
    lastingText("cidr_block", "Range of the network"),
    lastingText("router_ip", "Address of the network's router, the first of its range"),
  ],
} as const satisfies SimType;

export const SUBNET = {
  type: "sim.Subnet",
  summary: "A part of a network's range, in one zone",
  prefix: "sub",
  sbomKind: "platform",
  sections: [section("", "The subnet", [
    NAME,
    field("network_id", { kind: "ref", target: "sim.Network" }, "Network whose range holds this one's", {
      required: true,
    }),
    field("cidr", { kind: "string" }, "Range of the subnet, which overlaps no other of its network", {
      required: true,
      immutable: true,
      pattern: CIDR_PATTERN,
    }),
    field("zone", { kind: "enum", members: ZONES }, "Zone in the network's region; its first unless set", {
      computed: true,
      immutable: true,
    }),
    field("public", { kind: "boolean" }, "Whether instances in it reach the outside", {
      defaultValue: false,
    }),
    TAGS,
  ])],
  outputs: [ARN, lastingText("gateway_ip", "Address of the subnet's gateway")],
} as const satisfies SimType;

const PORT_RANGE = { range: { min: 0, max: 65_535 } };

export const FIREWALL = {
  type: "sim.Firewall",
  summary: "Rules for the traffic of the instances that name it",
  prefix: "fw",
  sbomKind: "platform",
  sections: [section("", "The firewall", [
    NAME,
    field("network_id", { kind: "ref", target: "sim.Network" }, "Network that the firewall belongs to", {
      required: true,
    }),
    field("default_action", { kind: "enum", members: ["allow", "deny"] }, "What happens to other traffic", {
      defaultValue: "deny",
    }),
    field("rules", {
      kind: "list",
      element: {
        kind: "record",
        fields: [
          field("direction", { kind: "enum", members: ["ingress", "egress"] }, "Which way it applies", {
            required: true,
          }),
          field("protocol", { kind: "enum", members: ["tcp", "udp", "icmp", "any"] }, "What it applies to", {
            required: true,
          }),
          field("from_port", { kind: "integer" }, "First port, for tcp and udp", PORT_RANGE),
          field(
            "to_port",
            { kind: "integer" },
            "Last port, for tcp and udp; the first unless set",
            PORT_RANGE,
          ),
          field("cidrs", { kind: "list", element: { kind: "string" } }, "Ranges at the other end", {
            required: true,
            setLike: true,
          }),
          field("comment", { kind: "string" }, "What the rule is for"),
        ],
      },
    }, "Rules; the first that fits decides"),
    TAGS,
  ])],
  outputs: [ARN, field("rule_count", { kind: "integer" }, "How many rules it has")],
} as const satisfies SimType;

export const ADDRESS = {
  type: "sim.Address",
  summary: "A public IPv4 address that stays until it is released",
  prefix: "addr",
  sbomKind: "platform",
  sections: [section("", "The address", [
    NAME,
    field("region", { kind: "enum", members: REGIONS }, "Region that announces it", {
      defaultValue: "north",
      immutable: true,
    }),
    field(
      "instance_id",
      { kind: "ref", target: "sim.Instance" },
      "Instance of the region that answers under it",
    ),
    TAGS,
  ])],
  outputs: [ARN, lastingText("ip", "The public address")],
} as const satisfies SimType;
