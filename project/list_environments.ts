import { stateAfter } from "../audit/verified_log.ts";
import { isSettledAbsent } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Head } from "../store/journal_port.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openConfigured, pickEnvironment, type Workspace } from "./workspace.ts";
import type { EnvironmentConfig } from "./smelt_toml_environment.ts";

/** One environment of the project: what `smelt.toml` says of it, and what its log does. */
export interface ListedEnvironment extends EnvironmentConfig {
  readonly name: string;
  /** Whether commands use it when none is named. */
  readonly isDefault: boolean;
  readonly log: EnvironmentLog;
}

/** The log of an environment, as far as this machine knows it. */
export type EnvironmentLog =
  /** It has not been initialised. `unpinned`: a log of this name is here, and `smelt.toml` names no record of it. */
  | { readonly kind: "none" | "unpinned" }
  /** It lies on another machine. */
  | { readonly kind: "elsewhere" }
  | {
    readonly kind: "here";
    /** How many addresses hold anything. */
    readonly resourceCount: number;
    readonly head: Head;
    /** Wall time of the last record, RFC 3339. */
    readonly lastAt: string;
    /** Whether it has ended, so that nothing can be added. */
    readonly isClosed: boolean;
  };

/** All environments of a project. */
export interface ListedEnvironments {
  /** In the order of `smelt.toml`. */
  readonly environments: readonly ListedEnvironment[];
  /** Names of logs that belong to no environment of `smelt.toml`. */
  readonly unnamedLogs: readonly string[];
}

/** Lists the environments of the project. Each log is verified; throws an `IntegrityError` for damage. */
export async function listEnvironments(
  ports: ProjectPorts,
): Promise<Result<ListedEnvironments, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { config, paths } = workspace.value;
  const logs = await ports.listLogs(paths);
  const environments: ListedEnvironment[] = [];
  for (const [name, environment] of config.environments) {
    const listed = await listOne(ports, workspace.value, { name, ...environment });
    if (!listed.ok) return listed;
    environments.push(listed.value);
  }
  return ok({ environments, unnamedLogs: logs.filter((each) => !config.environments.has(each)) });
}

/** One of them. */
export async function findEnvironment(
  ports: ProjectPorts,
  name: string | undefined,
): Promise<Result<ListedEnvironment, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const chosen = pickEnvironment(workspace.value, name);
  return chosen.ok ? await listOne(ports, workspace.value, chosen.value) : chosen;
}

async function listOne(
  ports: ProjectPorts,
  { config, paths }: Workspace,
  environment: EnvironmentConfig & { readonly name: string },
): Promise<Result<ListedEnvironment, ProjectFailure>> {
  const isDefault = environment.name === config.defaultEnvironment;
  const { name, firstRecord } = environment;
  if (firstRecord === undefined) {
    const isThere = (await ports.listLogs(paths)).includes(name);
    return ok({ ...environment, isDefault, log: { kind: isThere ? "unpinned" : "none" } });
  }
  const read = await ports.readLog(paths, { ...environment, firstRecord });
  if (read.ok) {
    const { head, records } = read.value;
    const state = stateAfter(read.value, head.seq);
    const held = [...state.resources.values()].filter((each) => !isSettledAbsent(each));
    const lastAt = records.at(-1)?.record.at ?? "";
    const isClosed = state.facts?.isClosed === true;
    return ok({
      ...environment,
      isDefault,
      log: { kind: "here", resourceCount: held.length, head, lastAt, isClosed },
    });
  }
  if (read.error.kind !== "NoLog") return err(read.error);
  return ok({ ...environment, isDefault, log: { kind: "elsewhere" } });
}
