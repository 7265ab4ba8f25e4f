import { type AddressParts, formatAddress } from "./address.ts";
import { bindingPlace } from "./binding.ts";
import type { Need, NeedBinding } from "./resource_config.ts";
import { type FieldPath, formatFieldPath, type ResourceSchema } from "./schema.ts";

/** The output that a need takes: `id`, a name, or `undefined` where only the order counts. */
export function neededOutput({ source }: Need): string | undefined {
  switch (source.kind) {
    case "order":
      return undefined;
    case "id":
      return "id";
    case "output":
      return source.name;
  }
}

/** A binding as the files write it: `field` or `section.field`. */
export function bindingText(binding: NeedBinding): string {
  return binding.kind === "name" ? binding.field : formatFieldPath(binding.path);
}

/** Where the value of a need goes; `undefined` where it goes nowhere, or no schema tells. */
export function neededPlace(need: Need, schema: ResourceSchema | undefined): FieldPath | undefined {
  if (need.binding === undefined || schema === undefined) return undefined;
  const place = bindingPlace(need, schema);
  return place.ok ? place.value : undefined;
}

/** A need as the files would write it of one of its targets: `needs net.main.arn -> net_arn`. */
export function needText(need: Need, { key, ...base }: AddressParts): string {
  const output = neededOutput(need);
  const target = need.many
    ? `${formatAddress(base)}[*]`
    : formatAddress(key === undefined ? base : { ...base, key });
  return [
    `needs ${target}`,
    output === undefined || output === "id" ? "" : `.${output}`,
    need.binding === undefined ? "" : ` -> ${bindingText(need.binding)}`,
  ].join("");
}
