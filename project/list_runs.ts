import { lookAtLock } from "../actors/run_death.ts";
import type { RunSummary } from "../audit/run_history.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { ok, type Result } from "../engine/result.ts";
import { compareText } from "../engine/text_order.ts";
import type { ProjectFailure } from "./failure.ts";
import { readRuns } from "./read_runs.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { withEnvironment } from "./read_environment.ts";

/** An intent that a run has left without an outcome. */
export interface RunIntent {
  readonly address: string;
  readonly operation: "create" | "update" | "delete";
}

/** A run, and what is open of it. */
export interface ListedRun extends RunSummary {
  /** Of a run that nobody has ended: what this machine knows of its lock. */
  readonly lock: "held" | "free" | "unknown" | undefined;
  /** In code-point order of addresses. */
  readonly open: readonly RunIntent[];
}

/** Runs of an environment, in the order in which they started: those that nobody has ended, or all. */
export async function listRuns(
  ports: ProjectPorts,
  request: { readonly environment: string | undefined; readonly scope: "live" | "all" },
): Promise<Result<readonly ListedRun[], ProjectFailure>> {
  const { environment, scope } = request;
  return await withEnvironment(
    ports,
    { environment, purpose: "read", tell: () => {} },
    async ({ workspace, chosen, environment: opened }) => {
      const { state } = opened.journal;
      if (scope === "live" && state.liveRuns.size === 0) return ok([]);
      const runs = await readRuns(ports, workspace.paths, chosen);
      if (!runs.ok) return runs;
      const listed: ListedRun[] = [];
      const open = openIntents(state);
      for (const run of runs.value) {
        if (scope === "live" && run.end !== undefined) continue;
        const parts = { locks: opened.locks, starter: ports };
        const lock = run.end === undefined ? await lookAtLock(parts, run.started) : undefined;
        listed.push({ ...run, lock, open: open.get(run.started.run) ?? [] });
      }
      return ok(listed);
    },
  );
}

function openIntents({ openTokens, resources }: EnvironmentView): ReadonlyMap<string, readonly RunIntent[]> {
  const open = new Map<string, RunIntent[]>();
  for (const address of [...openTokens.values()].sort(compareText)) {
    const intent = resources.get(address)?.intent;
    if (intent === undefined) continue;
    const intents = open.get(intent.run) ?? [];
    intents.push({ address, operation: OPERATIONS[intent.started.type] });
    open.set(intent.run, intents);
  }
  return open;
}

const OPERATIONS = { CreateStarted: "create", UpdateStarted: "update", DeleteStarted: "delete" } as const;
