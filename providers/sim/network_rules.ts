import { ok, type Result } from "../../engine/result.ts";
import { addressCount, type Cidr, contains, formatIp, parseCidr } from "./cidr.ts";
import { around, attachedKey, PUBLIC_COUNT, publicKey, rangeKey, withinKey } from "./claims.ts";
import type { CloudState } from "./cloud_state.ts";
import { listOf, numberOf, textOf } from "./open_value.ts";
import { arnOf, fill, type Placed, type Wanted } from "./placement.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { isRecord, type Value } from "../../engine/value.ts";

/** The rules of `sim.Network`, `sim.Subnet`, `sim.Firewall` and `sim.Address`. */

/** A network has a true range of a useful size. */
export function placeNetwork(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  const range = rangeOf(wanted.fields["cidr"], "cidr");
  if (!range.ok) return range;
  if (range.value.prefix < 8) {
    return refuse(
      "ConstraintViolated",
      `"cidr" must be a range from /8 to /28, found /${range.value.prefix}`,
    );
  }
  const fields = fill(wanted, "mtu", () => 1500);
  const region = textOf(fields, "region") ?? "";
  const outputs = {
    arn: arnOf(cloud, wanted, region),
    cidr_block: formatCidr(range.value),
    router_ip: formatIp(range.value.start + 1),
  };
  return ok({ fields, outputs });
}

/** A subnet lies in its network, in a zone of its region, and overlaps no other subnet there. */
export function placeSubnet(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  const networkId = textOf(wanted.fields, "network_id") ?? "";
  const network = cloud.objects.get(networkId);
  const outer = parseCidr(network === undefined ? "" : textOf(network.fields, "cidr") ?? "");
  if (network === undefined || outer === undefined) {
    return refuse("ConstraintViolated", `"network_id" names no network`);
  }
  const inner = rangeOf(wanted.fields["cidr"], "cidr");
  if (!inner.ok) return inner;
  if (!contains(outer, inner.value)) {
    const detail = `"cidr" must lie inside ${formatCidr(outer)} of "${networkId}", found ${
      formatCidr(inner.value)
    }`;
    return refuse("ConstraintViolated", detail);
  }
  const other = overlapping(cloud, wanted, inner.value);
  if (other !== undefined) {
    return refuse(
      "ConstraintViolated",
      `"cidr" ${formatCidr(inner.value)} overlaps ${other} of "${networkId}"`,
    );
  }
  const region = textOf(network.fields, "region") ?? "";
  const fields = fill(wanted, "zone", () => `${region}-a`);
  const zone = textOf(fields, "zone") ?? "";
  if (!zone.startsWith(`${region}-`)) {
    return refuse(
      "ConstraintViolated",
      `"zone" must be one of the network's region ${region}, found "${zone}"`,
    );
  }
  const outputs = { arn: arnOf(cloud, wanted, region), gateway_ip: formatIp(inner.value.start + 1) };
  return ok({ fields, outputs });
}

/** The subnet of the same network, other than `wanted` itself, that overlaps `range`, in words. */
function overlapping(cloud: CloudState, wanted: Wanted, range: Cidr): string | undefined {
  const networkId = textOf(wanted.fields, "network_id") ?? "";
  for (const block of around(range)) {
    const holder = cloud.holders.get(rangeKey(networkId, block));
    if (holder !== undefined && holder !== wanted.id) return `${formatCidr(block)}, "${holder}",`;
  }
  const within = cloud.counts.get(withinKey(networkId, range)) ?? 0;
  const isOwn = cloud.holders.get(rangeKey(networkId, range)) === wanted.id;
  return within > (isOwn ? 1 : 0) ? `${within} smaller subnets` : undefined;
}

/** Ports are given for tcp and udp, the first not behind the last, and the other ends are true ranges. */
export function placeFirewall(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  for (const [index, rule] of listOf(wanted.fields, "rules").entries()) {
    const fault = isRecord(rule) ? ruleFault(rule, `rules[${index}]`) : undefined;
    if (fault !== undefined) return refuse("ConstraintViolated", fault);
  }
  const network = cloud.objects.get(textOf(wanted.fields, "network_id") ?? "");
  const region = network === undefined ? "" : textOf(network.fields, "region") ?? "";
  const outputs = { arn: arnOf(cloud, wanted, region), rule_count: listOf(wanted.fields, "rules").length };
  return ok({ fields: wanted.fields, outputs });
}

function ruleFault(rule: { readonly [key: string]: Value }, path: string): string | undefined {
  const protocol = textOf(rule, "protocol") ?? "";
  const from = numberOf(rule, "from_port");
  const to = numberOf(rule, "to_port");
  const hasPorts = protocol === "tcp" || protocol === "udp";
  if (hasPorts && from === undefined) return `"${path}.from_port" is missing for ${protocol}`;
  if (!hasPorts && (from !== undefined || to !== undefined)) {
    return `"${path}" has ports, but ${protocol} has none`;
  }
  if (from !== undefined && to !== undefined && to < from) {
    return `"${path}.to_port" must not be below ${from}, found ${to}`;
  }
  const bad = listOf(rule, "cidrs").findIndex((each) =>
    typeof each !== "string" || parseCidr(each) === undefined
  );
  return bad < 0 ? undefined : `"${path}.cidrs[${bad}]" is not an IPv4 range`;
}

const PUBLIC_RANGE: Cidr = { start: 198 * 2 ** 24 + 18 * 2 ** 16, prefix: 15 };

/** A public address is its own for ever; it answers for one instance of its region, and an instance has one at most. */
export function placeAddress(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  const region = textOf(wanted.fields, "region") ?? "";
  const instanceId = textOf(wanted.fields, "instance_id");
  if (instanceId !== undefined) {
    const holder = cloud.holders.get(attachedKey(instanceId));
    if (holder !== undefined && holder !== wanted.id) {
      return refuse("ConstraintViolated", `instance "${instanceId}" has the address "${holder}" already`);
    }
    const zone = zoneOfInstance(cloud, instanceId);
    if (!zone.startsWith(`${region}-`)) {
      return refuse(
        "ConstraintViolated",
        `"instance_id" names an instance in ${zone}, outside region ${region}`,
      );
    }
  }
  const ip = textOf(wanted.before?.outputs ?? {}, "ip") ?? freeIp(cloud);
  if (ip === undefined) return refuse("QuotaExceeded", "no public address is left");
  return ok({ fields: wanted.fields, outputs: { arn: arnOf(cloud, wanted, region), ip } });
}

function freeIp(cloud: CloudState): string | undefined {
  const size = addressCount(PUBLIC_RANGE);
  const begin = (cloud.counts.get(PUBLIC_COUNT) ?? 0) + 1;
  for (let step = 0; step < size; step++) {
    const ip = formatIp(PUBLIC_RANGE.start + (begin + step) % size);
    if (!cloud.holders.has(publicKey(ip))) return ip;
  }
  return undefined;
}

/** The zone that an instance stands in, by its subnet; empty when there is no such instance. */
export function zoneOfInstance(cloud: CloudState, instanceId: string): string {
  const instance = cloud.objects.get(instanceId);
  const subnet = cloud.objects.get(instance === undefined ? "" : textOf(instance.fields, "subnet_id") ?? "");
  return subnet === undefined ? "" : textOf(subnet.fields, "zone") ?? "";
}

function rangeOf(value: Value | undefined, path: string): Result<Cidr, Refusal> {
  const text = textOf({ value: value ?? null }, "value") ?? "";
  const range = parseCidr(text);
  if (range !== undefined) return ok(range);
  return refuse("InvalidConfig", `"${path}" is not an IPv4 range whose first address fits its prefix`);
}

function formatCidr(range: Cidr): string {
  return `${formatIp(range.start)}/${range.prefix}`;
}
