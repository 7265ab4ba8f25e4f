import { type DriftReport, findDrift } from "../engine/find_drift.ts";
import { ok, type Result } from "../engine/result.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { Diagnostic, SourceText } from "./diagnostics.ts";
import type { ProjectFailure } from "./failure.ts";
import type { Notice } from "./notice.ts";
import { planSource } from "./plan_source.ts";
import { type PlanRequest, preparePlan } from "./prepare_plan.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { withEnvironment } from "./read_environment.ts";

/** What drift is asked for. */
export interface DriftRequest extends Pick<PlanRequest, "files" | "massGone"> {
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
}

/** Drift to show. */
export interface ShownDrift {
  readonly report: DriftReport;
  readonly environment: string;
  /** The record up to which the log was read. */
  readonly madeOn: { readonly seq: number; readonly hash: string };
  /** Addresses that the files name. */
  readonly named: ReadonlySet<string>;
  readonly notices: readonly Notice[];
  readonly warnings: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
}

/** Compares what lives with what the log has and with what the files want. Appends nothing. */
export async function driftProject(
  ports: ProjectPorts,
  { environment, files, massGone }: DriftRequest,
): Promise<Result<ShownDrift, ProjectFailure | ConfigFailure>> {
  const notices: Notice[] = [];
  const wanted = { environment, purpose: "plan", tell: (each: Notice) => void notices.push(each) } as const;
  const { signal } = new AbortController();
  return await withEnvironment(ports, wanted, async ({ workspace, name, environment: opened }) => {
    const request: PlanRequest = {
      command: "apply",
      environment: name,
      files,
      refresh: "all",
      ...(massGone === undefined ? {} : { massGone }),
    };
    const source = await planSource(opened);
    const prepared = await preparePlan(ports, workspace, source, request, signal);
    if (!prepared.ok) return prepared;
    const { plan, registry, state, warnings, sources } = prepared.value;
    const bound = new Map(plan.resources.map((each) => [each.address, each.bound]));
    const reads = new Map(prepared.value.reads);
    // What is to be taken over is not in the log yet, and so cannot have drifted from it.
    for (const { address, arrival } of plan.resources) {
      if (arrival?.kind === "imported") reads.delete(address);
    }
    const schemas = (type: string) => {
      const found = registry.lookUp(type);
      return found.ok ? found.value.schema : undefined;
    };
    const { deadRuns } = source;
    const report = findDrift({ state, reads, schemas, deadRuns, wanted: (address) => bound.get(address) });
    const named = new Set(
      plan.resources.filter((each) => each.wanted !== undefined).map((each) => each.address),
    );
    return ok({ report, environment: name, madeOn: plan.madeOn, named, notices, warnings, sources });
  });
}
