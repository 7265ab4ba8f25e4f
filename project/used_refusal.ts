import { planStart } from "../audit/plan_start.ts";
import { userOf } from "../engine/approvals.ts";
import type { NamedPlan } from "./change_policy.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";

/**
 * Why a plan is neither approved nor carried out once more: its approvals were of one run. Names the key that started it, since any
 * that may apply can use an approval up without doing what was approved.
 */
export async function usedRefusal(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { path, digest }: Pick<NamedPlan, "path" | "digest">,
): Promise<ProjectFailure | undefined> {
  const run = userOf(opened.environment.journal.state, digest);
  if (run === undefined) return undefined;
  const starter = await starterOf(ports, opened, digest);
  return {
    kind: "Unapproved",
    message: `The plan in "${path}" was started before, by the run ${
      run.slice(0, 8)
    }, which has used its approvals up: nothing was changed`,
    details: starter === undefined ? [] : [starter.told],
    hint: `Plan again, and have that approved${starter?.advice ?? ""}`,
  };
}

interface Starter {
  readonly told: string;
  /** What an admin does where nobody meant that run. */
  readonly advice: string;
}

async function starterOf(
  ports: ProjectPorts,
  { workspace, chosen, name, environment }: ReadEnvironment,
  digest: string,
): Promise<Starter | undefined> {
  const log = await ports.readLog(workspace.paths, chosen);
  const start = log.ok ? planStart(log.value.records, digest) : undefined;
  if (start === undefined) return undefined;
  const known = environment.journal.state.keys.get(start.keyId);
  const key = `"${known?.key.name ?? "unknown"}" (${start.keyId.slice(0, 8)})`;
  const { who, host } = start.started;
  const told = `that run was started with the key ${key}, in record ${start.seq}, by ${who} on ${host}`;
  if (known?.isRevoked === true) return { told: `${told}; the key was revoked since`, advice: "" };
  return {
    told,
    advice: `. If nobody meant that run, an admin takes the key away first: smelt keys revoke ${
      start.keyId.slice(0, 8)
    } ${name} --reason TEXT`,
  };
}
