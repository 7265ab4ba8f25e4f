import type { AuditReport } from "../audit/audit_report.ts";
import type { TrailEntry } from "../audit/trail.ts";
import type { RunProgress } from "../actors/run_world.ts";
import { err, type Result } from "../engine/result.ts";
import {
  applyProject,
  type ApplyRequest,
  type ApplyResult,
  DEFAULT_PARALLELISM,
} from "../project/apply_project.ts";
import type { ProjectFailure } from "../project/failure.ts";
import { type Initialised, initProject } from "../project/init_project.ts";
import { type ListedResource, listResources } from "../project/list_resources.ts";
import type { Notice } from "../project/notice.ts";
import { planProject, type ShownPlan } from "../project/plan_project.ts";
import type { PreparedPlan } from "../project/prepare_plan.ts";
import { readState } from "../project/read_environment.ts";
import { readTrail } from "../project/read_trail.ts";
import { verifyProject } from "../project/verify_project.ts";
import { systemPorts } from "./system_ports.ts";

const PIN_VARIABLES: ReadonlySet<string> = new Set(["SMELT_STATE_HOME", "XDG_STATE_HOME", "HOME"]);

/** Where a project is, and who works on it. */
export interface ProjectOptions {
  /** Any folder of the project. */
  readonly folder: string;
  /** Who runs this, for the log. */
  readonly who: string;
  /**
   * Reads variables for `env(…)` and smelt's own settings. When it is left out, only the three that name the folder of this
   * user's pins are read from the process: `SMELT_STATE_HOME`, `XDG_STATE_HOME` and `HOME`.
   */
  readonly readVariable?: (name: string) => string | undefined;
}

/** What may be said to an embedded apply. */
export interface EmbeddedApplyOptions {
  /** Kept in the signed log. */
  readonly why?: string;
  /** Resources that may change at once; 10 when left out. */
  readonly parallelism?: number;
  /** Looks at the plan before anything is changed; `false` ends the apply. */
  readonly approve: (plan: PreparedPlan) => boolean | Promise<boolean>;
  /** Told of everything that the run does, as it happens. Must not throw. */
  readonly progress?: (progress: RunProgress) => void;
  /** Told of what changes nothing of how the apply ends. Must not throw. */
  readonly noticed?: (notice: Notice) => void;
  /** Aborted: nothing new is started, calls in flight finish. */
  readonly signal?: AbortSignal;
}

/**
 * A project for programs that embed smelt. Each method reads what there is, does its work and lets go of everything; nothing
 * is printed and the process is never ended. Expected failures are results; damage of the log throws an `IntegrityError`.
 * `environment` is the project's default one when it is left out.
 */
export interface Project {
  /** Makes the folder a project, or adds an environment to it. */
  init(environment?: string): Promise<Result<Initialised, ProjectFailure>>;
  /** What an apply would change. */
  plan(environment?: string): Promise<Result<ShownPlan, ProjectFailure>>;
  /** Makes what lives equal to what the files say. */
  apply(options: EmbeddedApplyOptions, environment?: string): Promise<Result<ApplyResult, ProjectFailure>>;
  /** Deletes everything that the log knows, but for what is protected. */
  destroy(options: EmbeddedApplyOptions, environment?: string): Promise<Result<ApplyResult, ProjectFailure>>;
  /** What the log knows; secrets stay sealed. */
  resources(environment?: string): Promise<Result<readonly ListedResource[], ProjectFailure>>;
  /** What happened, in order. */
  history(environment?: string): Promise<Result<readonly TrailEntry[], ProjectFailure>>;
  /** Every check of the whole log. */
  verify(environment?: string): Promise<Result<AuditReport, ProjectFailure>>;
}

/** Without this user's own pins a log that was set back could not be seen: nobody leaves them out by oversight. */
function pinVariable(name: string): string | undefined {
  return PIN_VARIABLES.has(name) ? Deno.env.get(name) : undefined;
}

/** Opens a project over this machine's files, clock and providers. Touches nothing until a method is called. */
export function openProject(options: ProjectOptions): Project {
  const ports = systemPorts({
    workingFolder: options.folder,
    readVariable: options.readVariable ?? pinVariable,
    host: Deno.hostname(),
    who: options.who,
    launch: undefined,
  });
  const change = (
    command: ApplyRequest["command"],
    how: EmbeddedApplyOptions,
    environment: string | undefined,
  ) => {
    const never = new AbortController().signal;
    const { parallelism = DEFAULT_PARALLELISM, why } = how;
    return applyProject(ports, { command, environment, files: [], refresh: "all", parallelism, why }, {
      repaired: () => {},
      noticed: (notice) => how.noticed?.(notice),
      settled: () => {},
      refused: () => {},
      approve: async (plan) => await how.approve(plan),
      progress: (progress) => how.progress?.(progress),
      interrupts: { stop: how.signal ?? never, leave: never },
    });
  };
  return {
    init: (environment) => answering(() => initProject(ports, { environment, name: undefined })),
    plan: (environment) =>
      answering(() => planProject(ports, { command: "apply", environment, files: [], refresh: "all" })),
    apply: (how, environment) => answering(() => change("apply", how, environment)),
    destroy: (how, environment) => answering(() => change("destroy", how, environment)),
    resources: (environment) =>
      answering(() =>
        readState(ports, environment, (opened) => listResources(opened.environment.journal.state))
      ),
    history: (environment) => answering(() => readTrail(ports, { environment, address: undefined })),
    verify: (environment) => answering(() => verifyProject(ports, environment)),
  };
}

/** A permission that the embedding program was not given is an expected failure, and names the flag. */
async function answering<T>(
  work: () => Promise<Result<T, ProjectFailure>>,
): Promise<Result<T, ProjectFailure>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return err({
      kind: "Permission",
      message: `The runtime does not allow what smelt needs: ${error.message}`,
    });
  }
}
