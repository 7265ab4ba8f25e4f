import type { EnvironmentView } from "../engine/environment.ts";
import { invariant } from "../engine/invariant.ts";
import type { DesiredConfig, ResourceConfig } from "../engine/resource_config.ts";
import { markSensitiveFields } from "../engine/mark_sensitive.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import { record, Secret, someValue } from "../engine/value.ts";
import { wantResource } from "../engine/want.ts";
import type { Wanted } from "../engine/wanted.ts";
import type { Registry } from "../providers/registry.ts";
import { reuseSealedRecord } from "../trust/taint.ts";
import type { Vault } from "../trust/vault_port.ts";

/** What the files want, as planning takes it. */
export interface WantedResources {
  readonly wanted: ReadonlyMap<string, Wanted>;
  readonly ignored: ReadonlyMap<string, readonly string[]>;
}

/**
 * Makes of each desired resource what planning takes: defaults in place, sensitive fields as secrets, and each secret that
 * has not changed since as the one that the log holds.
 */
export async function wantDesired(
  desired: DesiredConfig,
  registry: Registry,
  vault: Vault,
  state: EnvironmentView,
): Promise<WantedResources> {
  const wanted = new Map<string, Wanted>();
  const ignored = new Map<string, readonly string[]>();
  for (const config of desired.resources) {
    wanted.set(config.address, await wantOne(config, registry, vault, state));
    const paths = config.annotations.ignoreChanges;
    if (paths.length > 0) ignored.set(config.address, paths);
  }
  return { wanted, ignored };
}

async function wantOne(
  config: ResourceConfig,
  registry: Registry,
  vault: Vault,
  state: EnvironmentView,
): Promise<Wanted> {
  const found = registry.lookUp(config.type);
  invariant(found.ok, "Configuration is checked before it is planned");
  const wanted = wantResource(config, found.value.schema);
  const marked = markSensitiveFields(wanted.fields, found.value.schema.sections);
  // Most hold no secret, and need not be compared with what is stored.
  if (!someValue(marked, (part) => part instanceof Secret)) {
    return marked === wanted.fields ? wanted : { ...wanted, fields: marked };
  }
  const stored = state.resources.get(config.address)?.object;
  const inputs = stored === undefined ? record() : decodeRecord(stored.inputs);
  return { ...wanted, fields: await reuseSealedRecord(vault, marked, inputs) };
}
