import type { ValueRecord } from "../../engine/value.ts";
import { blockStart, type Cidr, parseCidr } from "./cidr.ts";
import { textOf } from "./open_value.ts";

/** What an object takes from others by being there. */
export interface Claims {
  /** Keys that one object at a time can hold. */
  readonly held: readonly string[];
  /** Keys that are only counted. */
  readonly shared: readonly string[];
}

const NOTHING: Claims = { held: [], shared: [] };

/** The claims of an object, found from what it is alone. */
export function claimsOf(
  object: { readonly type: string; readonly fields: ValueRecord; readonly outputs: ValueRecord },
): Claims {
  const { type, fields, outputs } = object;
  const claims = CLAIMS.get(type);
  return claims === undefined ? NOTHING : claims(fields, outputs);
}

/** Held by the bucket of that name. */
export function bucketKey(name: string): string {
  return `bucket ${name}`;
}

/** Held by the subnet that is this range of the network. */
export function rangeKey(networkId: string, range: Cidr): string {
  return `range ${networkId} ${range.start}/${range.prefix}`;
}

/** Counts the subnets that lie in this range of the network. */
export function withinKey(networkId: string, range: Cidr): string {
  return `within ${networkId} ${range.start}/${range.prefix}`;
}

/** Held by the instance that has this address in the subnet. */
export function hostKey(subnetId: string, ip: string): string {
  return `host ${subnetId} ${ip}`;
}

/** Counts the instances of a subnet. */
export function hostsKey(subnetId: string): string {
  return `hosts ${subnetId}`;
}

/** Held by the public address. */
export function publicKey(ip: string): string {
  return `public ${ip}`;
}

/** Counts all public addresses. */
export const PUBLIC_COUNT = "public";

/** Held by the public address of an instance. */
export function attachedKey(instanceId: string): string {
  return `attached ${instanceId}`;
}

/** Counts the keys of a role. */
export function roleKeysKey(roleId: string): string {
  return `keys ${roleId}`;
}

const CLAIMS: ReadonlyMap<string, (fields: ValueRecord, outputs: ValueRecord) => Claims> = new Map([
  ["sim.Bucket", (fields: ValueRecord) => ({ held: [bucketKey(textOf(fields, "name") ?? "")], shared: [] })],
  ["sim.Subnet", subnetClaims],
  ["sim.Instance", instanceClaims],
  ["sim.Address", addressClaims],
  [
    "sim.Key",
    (fields: ValueRecord) => ({ held: [], shared: [roleKeysKey(textOf(fields, "role_id") ?? "")] }),
  ],
]);

/** Two blocks overlap only when one holds the other, so it is enough to look at a block's own sizes and those around it. */
function subnetClaims(fields: ValueRecord): Claims {
  const networkId = textOf(fields, "network_id") ?? "";
  const range = parseCidr(textOf(fields, "cidr") ?? "");
  if (range === undefined) return NOTHING;
  return {
    held: [rangeKey(networkId, range)],
    shared: around(range).map((each) => withinKey(networkId, each)),
  };
}

/** The blocks that hold `range`, itself included, the widest first. */
export function around(range: Cidr): readonly Cidr[] {
  return Array.from(
    { length: range.prefix + 1 },
    (_, prefix) => ({ start: blockStart(range.start, prefix), prefix }),
  );
}

function instanceClaims(fields: ValueRecord): Claims {
  const subnetId = textOf(fields, "subnet_id") ?? "";
  return { held: [hostKey(subnetId, textOf(fields, "private_ip") ?? "")], shared: [hostsKey(subnetId)] };
}

function addressClaims(fields: ValueRecord, outputs: ValueRecord): Claims {
  const instanceId = textOf(fields, "instance_id");
  const held = [publicKey(textOf(outputs, "ip") ?? "")];
  return {
    held: instanceId === undefined ? held : [...held, attachedKey(instanceId)],
    shared: [PUBLIC_COUNT],
  };
}
