import type { Arrived } from "../engine/arrivals.ts";
import { formatAddress, parseAddress } from "../engine/address.ts";
import { nearName } from "../engine/near_name.ts";
import type { PlanScope } from "../engine/plan_scope.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import { isSettledAbsent } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ScopeRequest } from "./prepare_plan.ts";

/** What a plan is about, in addresses. */
export interface ChosenAddresses {
  readonly scope: PlanScope;
  readonly replaces: ReadonlySet<string>;
}

/**
 * Finds what `--target`, `--exclude` and `--replace` name, in the files and in the log as the moves leave it. The old address
 * of something that moves stands for the new one: whoever names it means the object.
 */
export function chooseAddresses(
  request: ScopeRequest | undefined,
  desired: DesiredConfig,
  moved: Arrived,
): Result<ChosenAddresses, ProjectFailure> {
  if (request === undefined) return ok(EVERYTHING);
  const { targets, excludes, replaces } = request;
  const known = knownAddresses(desired, moved);
  const found = [];
  for (
    const [option, names] of [["--target", targets], ["--exclude", excludes], [
      "--replace",
      replaces,
    ]] as const
  ) {
    const addresses = new Set<string>();
    for (const name of names) {
      const named = known.get(name);
      if (named === undefined) return err(unknownAddress(option, name, known));
      named.forEach((each) => addresses.add(each));
    }
    found.push(addresses);
  }
  const [chosen, left = new Set<string>(), named = new Set<string>()] = found;
  const declared = new Set<string>(desired.resources.map((each) => each.address));
  const again = named.intersection(declared);
  const lost = replaces.find((name) => known.get(name)?.some((each) => again.has(each)) !== true);
  if (lost !== undefined) return err(undeclared(lost));
  // What is to be replaced is asked for.
  const aim = targets.length === 0 ? undefined : chosen?.union(again);
  return ok({ scope: { targets: aim, excludes: left }, replaces: again });
}

const EVERYTHING: ChosenAddresses = {
  scope: { targets: undefined, excludes: new Set() },
  replaces: new Set(),
};

/** By each name that may be written: an address means itself, a template all of its instances. */
function knownAddresses(
  desired: DesiredConfig,
  { state, arrivals }: Arrived,
): ReadonlyMap<string, readonly string[]> {
  const stored = [...state.resources.values()].filter((each) => !isSettledAbsent(each));
  const addresses = new Map<string, string>(
    [...desired.resources, ...stored].map(({ address }) => [address, address]),
  );
  for (const [address, arrival] of arrivals) {
    if (arrival.kind === "moved" && !addresses.has(arrival.from)) addresses.set(arrival.from, address);
  }
  const named = new Map<string, string[]>();
  for (const [written, address] of addresses) {
    // Only an address with a key is one of several instances, and to parse all would take longer than to plan them.
    const parts = written.includes("[") ? parseAddress(written)?.parts : undefined;
    const base = parts?.key === undefined ? undefined : formatAddress({ kind: parts.kind, name: parts.name });
    for (const name of base === undefined ? [written] : [written, base]) {
      const others = named.get(name);
      if (others === undefined) named.set(name, [address]);
      else others.push(address);
    }
  }
  return named;
}

function undeclared(name: string): ProjectFailure {
  return {
    kind: "PlanRefused",
    message: `Cannot replace "${name}": nothing declares it, so that it would be deleted`,
    resource: name,
  };
}

function unknownAddress(
  option: string,
  name: string,
  known: ReadonlyMap<string, readonly string[]>,
): ProjectFailure {
  const near = nearName(name, known.keys());
  return {
    kind: "NotFound",
    message: `Cannot find "${name}", which ${option} names: neither the files nor the log hold it`,
    hint: near === undefined
      ? "smelt graph and smelt state ls list what there is"
      : `Did you mean "${near}"?`,
    resource: name,
  };
}
