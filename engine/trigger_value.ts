import { canonicalJson } from "./canonical_json.ts";
import type { Triggers } from "./resource_event.ts";
import { mapValue, SealedSecret, Secret, someValue, Unknown, type Value } from "./value.ts";
import { encodeValue } from "./value_codec.ts";
import type { BindingSource, SourceLookup } from "./wanted.ts";

/**
 * The text by which a trigger's value is kept and compared: its canonical JSON, a sealed secret as its digest. `undefined`
 * for what is known only after an apply, and for a secret that is new: both count as changed.
 */
export function triggerText(value: Value): string | undefined {
  if (someValue(value, (part) => part instanceof Unknown || part instanceof Secret)) return undefined;
  return canonicalJson(encodeValue(mapValue(value, digestOf)));
}

function digestOf(leaf: Value): Value {
  return leaf instanceof SealedSecret ? `secret ${leaf.digest}` : leaf;
}

/** The name of a trigger: `address.output`. */
export function triggerKey({ address, output }: BindingSource): string {
  return `${address}.${output}`;
}

/** What triggers are now, as events hold them; one that gives nothing is left out, and then taken for new. */
export function storedTriggers(triggers: readonly BindingSource[], lookup: SourceLookup): Triggers {
  return Object.fromEntries(triggers.flatMap((source) => {
    const found = lookup(source);
    const text = found.ok ? triggerText(found.value) : undefined;
    return text === undefined ? [] : [[triggerKey(source), text]];
  }));
}
