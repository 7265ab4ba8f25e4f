import type { ListedResource } from "../../project/list_resources.ts";
import { type Printable, sortedKeys } from "./json_text.ts";

/** A resource for scripts; secrets are the text `(sensitive)`. */
export function resourceJson(listed: ListedResource): { readonly [key: string]: Printable } {
  return {
    address: listed.address,
    type: listed.type,
    status: listed.status,
    in_doubt: listed.isInDoubt,
    id: listed.id ?? null,
    intent: listed.intent,
    owner: listed.owner,
    protected: listed.isProtected,
    taint: listed.taint,
    inputs: sortedKeys(listed.inputs),
    fields: sortedKeys(listed.fields),
    outputs: sortedKeys(listed.outputs),
    dependencies: [...listed.dependencies],
    dependents: [...listed.dependents],
    deposed: [...listed.deposed],
    version: listed.version,
  };
}
