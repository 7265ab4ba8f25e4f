import type { Address } from "../engine/address.ts";
import { formatOrigin, tokenExtent } from "./expand_findings.ts";
import type { ResourceGroup } from "./expand_resource.ts";
import type { ExpandWork } from "./expand_scope.ts";

/**
 * Reports addresses that stand twice, naming both places. A plain resource may not have the address of a template either,
 * since `needs` could then mean both.
 */
export function reportDuplicates(work: ExpandWork, groups: readonly ResourceGroup[]): void {
  const owners = new Map<Address, ResourceGroup>();
  const templates = new Map<Address, ResourceGroup>();
  for (const group of groups) {
    const other = clash(group, owners, templates);
    if (other !== undefined) reportClash(work, group, other);
    if (group.isTemplate && !templates.has(group.base)) templates.set(group.base, group);
    for (const { address } of group.drafts) {
      if (!owners.has(address)) owners.set(address, group);
    }
  }
}

interface Clash {
  readonly address: Address;
  readonly group: ResourceGroup;
}

function clash(
  group: ResourceGroup,
  owners: ReadonlyMap<Address, ResourceGroup>,
  templates: ReadonlyMap<Address, ResourceGroup>,
): Clash | undefined {
  const other = owners.get(group.base) ?? (group.isTemplate ? undefined : templates.get(group.base));
  if (other !== undefined) return { address: group.base, group: other };
  for (const { address } of group.drafts) {
    const owner = owners.get(address);
    if (owner !== undefined) return { address, group: owner };
  }
  return undefined;
}

function reportClash(work: ExpandWork, group: ResourceGroup, { address, group: other }: Clash): void {
  const { placed } = group;
  work.findings.report(placed.scope.tree, tokenExtent(placed.node.name), {
    code: "E-DUP-RESOURCE",
    message: `Duplicate resource "${address}": the other one is at ${formatOrigin(other.origin)}`,
  });
}
