import { sealTakenOver } from "../actors/sealed_facts.ts";
import { addressesText } from "../engine/addresses_text.ts";
import { nearName } from "../engine/near_name.ts";
import type { ResourceConfig } from "../engine/resource_config.ts";
import { err, ok, type Result } from "../engine/result.ts";
import {
  changeByHand,
  type HandDecision,
  type HandListener,
  type HandRequest,
  type HandResult,
  type HandView,
} from "./change_by_hand.ts";
import { dropOf } from "./data_key_history.ts";
import { loadDesired } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readImports } from "./read_imports.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { SecretReader } from "./secret_reader.ts";
import { wantDesired } from "./want_desired.ts";

/** What to take over, and under which address. */
export interface ImportRequest extends Omit<HandRequest, "command"> {
  readonly address: string;
  readonly id: string;
}

/** Takes an object over at once, as an `import` statement does at the next apply. Its address must be declared in the files. */
export async function importByHand(
  ports: ProjectPorts,
  { address, id, ...request }: ImportRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const decide = (view: HandView) =>
    decideImport(ports, view, { address, id, signal: listener.interrupts.stop });
  return await changeByHand(ports, { ...request, command: "import resource" }, listener, decide);
}

async function decideImport(
  ports: ProjectPorts,
  { state, opened }: HandView,
  { address, id, signal }: { readonly address: string; readonly id: string; readonly signal: AbortSignal },
): Promise<HandDecision> {
  const { chosen, environment, workspace } = opened;
  const { workingFolder, readVariable, secrets } = ports;
  const registry = ports.registry(workspace.paths);
  const config = await loadDesired({
    workspace,
    workingFolder,
    given: [],
    environment: chosen,
    registry,
    secrets,
    readVariable,
    secretReader: new SecretReader({
      ports,
      root: workspace.paths.root,
      environment: chosen.name,
      readVariable,
      vault: environment.vault,
      dropOf: dropOf(ports, workspace.paths, chosen),
    }),
  });
  if (!config.ok) return config;
  const { desired } = config.value;
  const resource = desired.resources.find((each) => each.address === address);
  if (resource === undefined) return err(undeclared(address, desired.resources));
  const { vault } = environment;
  const { wanted } = await wantDesired(desired, registry, vault, state);
  const imports = [{ id, address: resource.address, origin: resource.origin }];
  const found = await readImports({ imports, state, wanted, registry, vault, signal });
  const [refused] = found.refused;
  if (refused !== undefined) {
    const message = `Cannot import "${id}" to ${address}: ${refused.why}`;
    return err({ kind: "PlanRefused", message, resource: address });
  }
  const arrived = found.imports.get(address);
  if (arrived?.arrival.kind !== "imported") return ok({ unchanged: `${address} holds ${id} already` });
  const { arrival, event } = arrived;
  const provider = resource.type.split(".")[0] ?? "";
  const bound = state.accounts.get(provider);
  if (bound !== undefined && bound !== event.account) {
    return err(refusalFailure({ kind: "OtherAccount", provider, bound, found: event.account }));
  }
  const { resourceType, schemaVersion, facts, inputs } = arrival;
  const object = {
    resourceType,
    schemaVersion,
    account: event.account,
    ...await sealTakenOver(vault, facts, inputs),
  };
  return ok({
    address,
    message: { type: "Import", object },
    writes: [address],
    accounts: new Map([[provider, event.account]]),
    summary:
      `${address} takes over ${resourceType} ${id}; what the files want otherwise, the next apply changes`,
  });
}

function undeclared(address: string, resources: readonly ResourceConfig[]): ProjectFailure {
  const addresses = resources.map((each) => each.address);
  const near = nearName(address, addresses);
  const all = addresses.length === 0
    ? "The files declare no resource"
    : `The files declare ${addressesText(addresses)}`;
  return {
    kind: "NotFound",
    message: `No resource "${address}" in the files`,
    hint: near === undefined ? all : `Did you mean "${near}"?`,
    resource: address,
  };
}
