import { durableView, Environment } from "../engine/environment.ts";
import { InvariantError } from "../engine/invariant.ts";
import { parseCiphertext } from "../engine/ciphertext.ts";
import { err, type Result } from "../engine/result.ts";
import type { SourceFault, Vault } from "../trust/vault_port.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import { type PlanRequest, type PreparedPlan, preparePlan } from "./prepare_plan.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { Workspace } from "./workspace.ts";

/** What a first apply would do, for an environment that has no log yet: everything is created. */
export async function planWithoutLog(
  ports: ProjectPorts,
  workspace: Workspace,
  request: PlanRequest,
): Promise<Result<PreparedPlan, ProjectFailure | ConfigFailure>> {
  const state = durableView(new Environment());
  const source = {
    state,
    stream: "",
    head: { seq: 0, hash: "" },
    vault: EMPTY_VAULT,
    deadRuns: new Set<string>(),
  };
  return await preparePlan(ports, workspace, source, request, new AbortController().signal);
}

/** Nothing is stored, so there is nothing to open and nothing to compare with. */
const EMPTY_VAULT: Vault = {
  dataKey: "",
  seal: () => Promise.reject(new InvariantError("Planning seals nothing")),
  open: () => Promise.reject(new InvariantError("An environment without a log holds no secret")),
  isGivenUp: () => Promise.reject(new InvariantError("An environment without a log holds no secret")),
  renew: () => Promise.reject(new InvariantError("An environment without a log holds no secret")),
  sealSource: () => Promise.reject(new InvariantError("An environment without a log has no keys")),
  openSource: (_place, ciphertext) => Promise.resolve(err(unopened(ciphertext))),
  matches: () => Promise.reject(new InvariantError("An environment without a log holds no secret")),
  fingerprint: () => Promise.reject(new InvariantError("An environment without a log has no keys")),
  carries: () => false,
};

function unopened(ciphertext: string): SourceFault {
  const parsed = parseCiphertext(ciphertext);
  return parsed === undefined ? { kind: "Malformed" } : { kind: "KeyAbsent", dataKey: parsed.dataKey };
}
