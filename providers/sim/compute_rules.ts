import { ok, type Result } from "../../engine/result.ts";
import { addressCount, type Cidr, contains, formatIp, parseCidr, parseIp } from "./cidr.ts";
import { hostKey, hostsKey } from "./claims.ts";
import type { CloudState } from "./cloud_state.ts";
import { zoneOfInstance } from "./network_rules.ts";
import { numberOf, textOf } from "./open_value.ts";
import { arnOf, fill, type Placed, type Wanted } from "./placement.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** The rules of `sim.Instance` and `sim.Disk`. */

/** The first addresses of a subnet belong to the cloud, as does the last. */
const RESERVED_COUNT = 4;

/** An instance has an address of its own in its subnet. */
export function placeInstance(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  const subnetId = textOf(wanted.fields, "subnet_id") ?? "";
  const subnet = cloud.objects.get(subnetId);
  const range = parseCidr(subnet === undefined ? "" : textOf(subnet.fields, "cidr") ?? "");
  if (subnet === undefined || range === undefined) {
    return refuse("ConstraintViolated", `"subnet_id" names no subnet`);
  }
  const given = textOf(wanted.fields, "private_ip") ?? textOf(wanted.before?.fields ?? {}, "private_ip");
  const fault = given === undefined ? undefined : hostFault(cloud, wanted, { given, subnetId, range });
  if (fault !== undefined) return refuse("ConstraintViolated", fault);
  const ip = given ?? freeHost(cloud, subnetId, range);
  if (ip === undefined) return refuse("QuotaExceeded", `subnet "${subnetId}" has no free address`);
  const zone = textOf(subnet.fields, "zone") ?? "";
  const outputs = {
    arn: arnOf(cloud, wanted, zone.slice(0, -2)),
    ip,
    hostname: `${wanted.id}.${zone}.sim.internal`,
    zone,
  };
  return ok({ fields: fill(wanted, "private_ip", () => ip), outputs });
}

function hostFault(
  cloud: CloudState,
  wanted: Wanted,
  host: { readonly given: string; readonly subnetId: string; readonly range: Cidr },
): string | undefined {
  const address = parseIp(host.given);
  if (address === undefined) return `"private_ip" is not an IPv4 address`;
  if (!contains(host.range, { start: address, prefix: 32 })) {
    return `"private_ip" must lie in subnet "${host.subnetId}"`;
  }
  const index = address - host.range.start;
  if (index < RESERVED_COUNT || index === addressCount(host.range) - 1) {
    return `"private_ip" is one of the cloud's own addresses in subnet "${host.subnetId}"`;
  }
  const holder = cloud.holders.get(hostKey(host.subnetId, host.given));
  return holder === undefined || holder === wanted.id ? undefined : `"private_ip" belongs to "${holder}"`;
}

/** The next free address, looked for behind as many as are taken, so that one costs the same however many there are. */
function freeHost(cloud: CloudState, subnetId: string, range: Cidr): string | undefined {
  const usable = addressCount(range) - RESERVED_COUNT - 1;
  const taken = cloud.counts.get(hostsKey(subnetId)) ?? 0;
  for (let step = 0; step < usable; step++) {
    const ip = formatIp(range.start + RESERVED_COUNT + (taken + step) % usable);
    if (!cloud.holders.has(hostKey(subnetId, ip))) return ip;
  }
  return undefined;
}

/** A disk never shrinks and stands in the zone of the instance that holds it. */
export function placeDisk(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  const size = numberOf(wanted.fields, "size_gb") ?? 0;
  const sizeBefore = numberOf(wanted.before?.fields ?? {}, "size_gb") ?? 0;
  if (size < sizeBefore) {
    return refuse("ConstraintViolated", `"size_gb" cannot shrink from ${sizeBefore} to ${size}`);
  }
  const instanceId = textOf(wanted.fields, "instance_id");
  const instanceZone = instanceId === undefined ? undefined : zoneOfInstance(cloud, instanceId);
  const fields = fill(wanted, "zone", () => instanceZone ?? "north-a");
  const zone = textOf(fields, "zone") ?? "";
  if (instanceZone !== undefined && instanceZone !== zone) {
    return refuse(
      "ConstraintViolated",
      `"instance_id" names an instance in ${instanceZone}, the disk is in ${zone}`,
    );
  }
  const outputs = { arn: arnOf(cloud, wanted, zone.slice(0, -2)), device: `/dev/sim/${wanted.id}` };
  return ok({ fields, outputs });
}
