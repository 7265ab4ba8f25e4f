import { markSensitiveFields } from "../engine/mark_sensitive.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import type { Registry } from "../providers/registry.ts";

/** Knows the secrets of what is wanted: what was written in `secret`, and what stands in a field that is sensitive. */
export function noteDesired(secrets: SecretRegister, desired: DesiredConfig, registry: Registry): void {
  for (const { type, fields } of desired.resources) {
    const found = registry.lookUp(type);
    secrets.note(found.ok ? markSensitiveFields(fields, found.value.schema.sections) : fields);
  }
}
