import { type Address, type AddressParts, formatAddress, parseAddress } from "../engine/address.ts";
import { addressesText } from "../engine/addresses_text.ts";
import { nearName } from "../engine/near_name.ts";
import type { ResourceConfig } from "../engine/resource_config.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { GraphNode, ResourceGraph } from "../engine/resource_graph.ts";
import type { ProjectFailure } from "./failure.ts";

const LISTED = "smelt graph lists all";

/** Finds the resource that `text` names among those of the files, or says what there is instead. */
export function findNode(graph: ResourceGraph, text: string): Result<GraphNode, ProjectFailure> {
  const configs = [...graph.nodes.values()].map((node) => node.config);
  const parsed = parseAddress(text);
  if (parsed === undefined) return err(unreadable(configs, text));
  const node = graph.nodes.get(parsed.address);
  return node === undefined ? err(missing(configs, parsed.address, parsed.parts)) : ok(node);
}

function unreadable(configs: readonly ResourceConfig[], text: string): ProjectFailure {
  const members = configs.filter(({ parts }) => parts.component === text).map((each) => each.address);
  return {
    kind: "NotFound",
    message: `Cannot read "${text}" as an address: expected kind.name or kind.name[key]`,
    hint: members.length > 0
      ? `"${text}" is a use of a component, with ${addressesText(members)}`
      : nearHint(text, configs) ?? LISTED,
  };
}

function missing(
  configs: readonly ResourceConfig[],
  address: Address,
  { key, ...base }: AddressParts,
): ProjectFailure {
  const name = formatAddress(base);
  const instances = configs.filter(({ parts }) => parts.key !== undefined && baseOf(parts) === name);
  const found = { kind: "NotFound", resource: address } as const;
  if (key === undefined && instances.length > 0) {
    return {
      ...found,
      message: `"${name}" is a template: name one of its instances`,
      hint: listed(instances),
    };
  }
  const message = `No resource "${address}" in the files`;
  if (instances.length > 0) {
    return { ...found, message, hint: nearKeyHint(base, key ?? "", instances) ?? listed(instances) };
  }
  if (key !== undefined && configs.some((each) => each.address === name)) {
    return { ...found, message: `"${name}" has no "for_each" and no "count"`, hint: meantHint(name) };
  }
  return { ...found, message, hint: scopedHint(configs, base) ?? nearHint(address, configs) ?? LISTED };
}

/** To a key of one or two characters too many others are near. */
function nearKeyHint(
  base: AddressParts,
  key: string,
  instances: readonly ResourceConfig[],
): string | undefined {
  const near = key.length < 3 ? undefined : nearName(key, instances.map(({ parts }) => parts.key ?? ""));
  return near === undefined ? undefined : meantHint(formatAddress({ ...base, key: near }));
}

/** The address without its key. */
function baseOf({ key: _, ...base }: AddressParts): Address {
  return formatAddress(base);
}

/** Resources of components that are called so there. */
function scopedHint(configs: readonly ResourceConfig[], { kind, name }: AddressParts): string | undefined {
  const inner = configs.filter(({ parts }) =>
    parts.component !== undefined && parts.kind === kind && parts.name === name
  );
  return inner.length === 0 ? undefined : listed(inner);
}

function listed(configs: readonly ResourceConfig[]): string {
  const verb = configs.length === 1 ? "There is" : "There are";
  return `${verb} ${addressesText(configs.map((each) => each.address))}`;
}

function nearHint(text: string, configs: readonly ResourceConfig[]): string | undefined {
  const near = nearName(text, configs.map((each) => each.address));
  return near === undefined ? undefined : meantHint(near);
}

function meantHint(address: string): string {
  return `Did you mean "${address}"?`;
}
