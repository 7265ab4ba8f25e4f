import { ok, type Result } from "../../engine/result.ts";
import { bucketKey } from "./claims.ts";
import type { CloudState } from "./cloud_state.ts";
import { listOf, numberOf, textOf } from "./open_value.ts";
import { arnOf, fill, fillIn, type Placed, type Wanted } from "./placement.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** The rules of `sim.Database` and `sim.Bucket`. */

const ENGINES: ReadonlyMap<string, { readonly versions: readonly string[]; readonly port: number }> = new Map(
  [
    ["postgres", { versions: ["15", "16", "17", "18"], port: 5432 }],
    ["mysql", { versions: ["8.0", "8.4", "9.4"], port: 3306 }],
  ],
);

/** A database runs a version there is, never an older one than before, and its storage never shrinks. */
export function placeDatabase(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  const engine = textOf(wanted.fields, "engine") ?? "";
  const { versions, port } = ENGINES.get(engine) ?? { versions: [], port: 0 };
  const withVersion = fill(wanted, "version", () => versions.at(-1) ?? "");
  const fault = versionFault(wanted, versions, textOf(withVersion, "version") ?? "") ?? storageFault(wanted);
  if (fault !== undefined) return refuse("ConstraintViolated", fault);
  const fields = fillIn(
    { ...wanted, fields: withVersion },
    { section: "backup", field: "window" },
    "03:00-04:00",
  );
  const region = regionOfSubnets(cloud, wanted);
  const outputs = {
    arn: arnOf(cloud, wanted, region),
    endpoint: `${wanted.id}.${region}.db.sim.internal`,
    port,
  };
  return ok({ fields, outputs });
}

function versionFault(wanted: Wanted, versions: readonly string[], version: string): string | undefined {
  const index = versions.indexOf(version);
  if (index < 0) return `"version" must be one of ${versions.join(", ")}, found "${version}"`;
  const before = textOf(wanted.before?.fields ?? {}, "version");
  return before !== undefined && index < versions.indexOf(before)
    ? `"version" cannot go down from ${before} to ${version}`
    : undefined;
}

function storageFault(wanted: Wanted): string | undefined {
  const size = numberOf(wanted.fields, "storage_gb") ?? 0;
  const before = numberOf(wanted.before?.fields ?? {}, "storage_gb") ?? 0;
  return size < before ? `"storage_gb" cannot shrink from ${before} to ${size}` : undefined;
}

function regionOfSubnets(cloud: CloudState, wanted: Wanted): string {
  const [first] = listOf(wanted.fields, "subnet_ids");
  const subnet = typeof first === "string" ? cloud.objects.get(first) : undefined;
  return subnet === undefined ? "north" : (textOf(subnet.fields, "zone") ?? "").slice(0, -2);
}

/** No two buckets of the cloud have one name. */
export function placeBucket(cloud: CloudState, wanted: Wanted): Result<Placed, Refusal> {
  const name = textOf(wanted.fields, "name") ?? "";
  const holder = cloud.holders.get(bucketKey(name));
  if (holder !== undefined && holder !== wanted.id) {
    return refuse("AlreadyExists", `a bucket with this "name" exists`);
  }
  const region = textOf(wanted.fields, "region") ?? "";
  const domain = `${name}.bucket.sim.internal`;
  const outputs = { arn: arnOf(cloud, wanted, region), url: `https://${domain}`, domain_name: domain };
  return ok({ fields: wanted.fields, outputs });
}
