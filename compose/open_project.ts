import type { AuditReport } from "../audit/audit_report.ts";
import type { TrailEntry } from "../audit/trail.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { scrubThrown } from "../engine/scrub_thrown.ts";
import type { SealedSecret, Value } from "../engine/value.ts";
import { applyProject, type ApplyRequest, DEFAULT_PARALLELISM } from "../project/apply_project.ts";
import type { ProjectFailure } from "../project/failure.ts";
import { type Initialised, initProject } from "../project/init_project.ts";
import { type ListedResource, listResources } from "../project/list_resources.ts";
import { planProject, type ShownPlan } from "../project/plan_project.ts";
import type { ProjectPorts } from "../project/project_ports.ts";
import { readState } from "../project/read_environment.ts";
import { readOutputs } from "../project/read_outputs.ts";
import { readTrail } from "../project/read_trail.ts";
import { resumeRun } from "../project/resume_run.ts";
import { scrubFailureText } from "../project/scrub_failure_text.ts";
import { unlockRun } from "../project/unlock_run.ts";
import { verifyProject } from "../project/verify_project.ts";
import type { Output } from "../stack/output.ts";
import type { Stack, StackOutputs } from "../stack/stack.ts";
import { type ApplyRun, applyRun, type Approve } from "./apply_events.ts";
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
   * user's pins are read from the process: `SMELT_STATE_HOME`, `XDG_STATE_HOME` and `HOME`. Where keys lie in AWS KMS, its SDK reads
   * variables of its own.
   */
  readonly readVariable?: (name: string) => string | undefined;
}

/** Which environment is meant; the project's default one when it is left out. */
export interface EnvironmentChoice {
  readonly environment?: string;
}

/** What is made. */
export interface InitOptions extends EnvironmentChoice {
  /** The key in AWS KMS that signs, as `kms:` and its name. Left out: what `smelt.toml` says, else a key in a file. */
  readonly signingKey?: string;
  /** The key in AWS KMS under which the keys of secrets are wrapped, in the same form. */
  readonly secretsKey?: string;
}

/** What a plan is about, and what it rests on. */
export interface PlanScopeOptions extends EnvironmentChoice {
  /** Whether stored resources are read from their providers first; `all` when left out. */
  readonly refresh?: "all" | "none";
  /** Addresses that the plan is about, with whatever they need. Left out: everything. */
  readonly targets?: readonly string[];
  /** Addresses that the plan leaves alone. */
  readonly excludes?: readonly string[];
  /** Addresses to replace though nothing of them has changed. */
  readonly replaces?: readonly string[];
}

/** What is planned. */
export interface PlanOptions<Outputs extends StackOutputs = StackOutputs> extends PlanScopeOptions {
  /** Resources that a program declares. Left out: those of the project's files. */
  readonly stack?: Stack<Outputs>;
}

/** How a run that changes things is made. */
export interface RunOptions extends PlanScopeOptions {
  /** Looks at the plan before anything is changed; `false` ends the run without a change. */
  readonly approve: Approve;
  /** Kept in the signed log. */
  readonly why?: string;
  /** Resources that may change at once; 10 when left out. */
  readonly parallelism?: number;
  /** Aborted: nothing new is started, calls in flight finish. */
  readonly signal?: AbortSignal;
}

/** What is applied, and how. */
export interface ApplyOptions extends RunOptions, PlanOptions {}

/** How a dead run is ended. */
export interface UnlockOptions extends EnvironmentChoice {
  /** Kept in the signed log. */
  readonly why?: string;
  /** Aborted: nobody waits any longer until the silence of the run counts. */
  readonly signal?: AbortSignal;
}

/** What became of a run that was to be ended. */
export interface UnlockedRun {
  /** The run that has ended it; `undefined`: nothing was appended, since it had ended before, or the signal was aborted. */
  readonly by: string | undefined;
  /** In words, for people. */
  readonly summary: string;
}

/** Of which history is asked. */
export interface HistoryOptions extends EnvironmentChoice {
  /** The address of one resource, for example `network.main`. Left out: all of them, and the environment itself. */
  readonly address?: string;
}

/** The outputs of a stack by name: `undefined` where nothing lives that gives it, sealed where it is a secret. */
export type OutputValues<Outputs extends StackOutputs> = {
  readonly [Name in keyof Outputs]:
    | (Outputs[Name] extends Output<infer T> ? unknown extends T ? Value : T : never)
    | SealedSecret
    | undefined;
};

/**
 * A project for programs that embed smelt. Each method reads what there is, does its work and lets go of everything; nothing
 * is printed, nothing is kept between two calls, and the process is never ended. Expected failures are results; damage of the log
 * throws an `IntegrityError`.
 */
export interface Project {
  /** Makes the folder a project, or adds an environment to it. */
  init(options?: InitOptions): Promise<Result<Initialised, ProjectFailure>>;
  /** What an apply would change. Appends nothing; an environment that was never initialised is planned from nothing. */
  plan(options?: PlanOptions): Promise<Result<ShownPlan, ProjectFailure>>;
  /** Makes what lives equal to what is wanted. Resources that the log knows and the stack lacks are deleted. */
  apply(options: ApplyOptions): ApplyRun;
  /** Deletes everything that the log knows, but for what is protected. */
  destroy(options: RunOptions): ApplyRun;
  /**
   * Takes up a run that did not end well, named by the beginning of its name: a new run names it, settles what it left in doubt,
   * then plans and applies what the stack, or the files, want now. A destroy is taken up as a destroy. It must be dead.
   */
  resume(run: string, options: ApplyOptions): ApplyRun;
  /**
   * Ends a dead run, named by the beginning of its name, so that what it holds is free; settles nothing. One that lives is refused
   * (`RunLive`); where this machine cannot tell, it waits until the silence of the run says so.
   */
  unlock(run: string, options?: UnlockOptions): Promise<Result<UnlockedRun, ProjectFailure>>;
  /** What the log knows; secrets stay sealed. */
  resources(choice?: EnvironmentChoice): Promise<Result<readonly ListedResource[], ProjectFailure>>;
  /** What the outputs of a stack, or of the files, give as the log knows it. */
  outputs<Outputs extends StackOutputs = StackOutputs>(
    options?: Pick<PlanOptions<Outputs>, "stack" | "environment">,
  ): Promise<Result<OutputValues<Outputs>, ProjectFailure>>;
  /** What happened, in order. */
  history(options?: HistoryOptions): Promise<Result<readonly TrailEntry[], ProjectFailure>>;
  /** Every check of the whole log. */
  verify(choice?: EnvironmentChoice): Promise<Result<AuditReport, ProjectFailure>>;
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
  return {
    init: ({ environment, signingKey, secretsKey } = {}) =>
      answering(ports, () => initProject(ports, { environment, name: undefined, signingKey, secretsKey })),
    plan: (options = {}) =>
      answering(ports, () => planProject(ports, { command: "apply", ...planRequest(options) })),
    apply: (options) => changing(ports, "apply", options),
    destroy: (options) => changing(ports, "destroy", options),
    resume: (run, options) => resuming(ports, run, options),
    unlock: (run, options = {}) => answering(ports, () => unlocking(ports, run, options)),
    resources: ({ environment } = {}) =>
      answering(
        ports,
        () => readState(ports, environment, (opened) => listResources(opened.environment.journal.state)),
      ),
    outputs: (options = {}) => answering(ports, () => namedOutputs(ports, options)),
    history: ({ environment, address } = {}) =>
      answering(ports, () => readTrail(ports, { environment, address })),
    verify: ({ environment } = {}) => answering(ports, () => verifyProject(ports, environment)),
  };
}

function changing(ports: ProjectPorts, command: ApplyRequest["command"], options: ApplyOptions): ApplyRun {
  const { parallelism = DEFAULT_PARALLELISM, why, signal } = options;
  const request = { command, ...planRequest(options), parallelism, why };
  return applyRun(
    { approve: options.approve, signal },
    (listener) => answering(ports, () => applyProject(ports, request, listener)),
  );
}

function resuming(ports: ProjectPorts, run: string, options: ApplyOptions): ApplyRun {
  const { parallelism = DEFAULT_PARALLELISM, why, signal } = options;
  const { files: _files, ...planning } = planRequest(options);
  const request = { ...planning, run, parallelism, why };
  return applyRun(
    { approve: options.approve, signal },
    (listener) => answering(ports, () => resumeRun(ports, request, listener)),
  );
}

/** Who calls it has approved it, and may take that back until it is done. */
async function unlocking(
  ports: ProjectPorts,
  run: string,
  { environment, why, signal = new AbortController().signal }: UnlockOptions,
): Promise<Result<UnlockedRun, ProjectFailure>> {
  const unlocked = await unlockRun(ports, { run, environment, why }, {
    repaired: () => {},
    noticed: () => {},
    progress: () => {},
    interrupts: { stop: signal, leave: new AbortController().signal },
    approve: () => Promise.resolve(!signal.aborted),
  });
  if (!unlocked.ok) return unlocked;
  const result = unlocked.value;
  if (result.kind === "changed") return ok({ by: result.run, summary: result.change.summary });
  const summary = result.kind === "unchanged" ? result.summary : "Nothing was changed: it was aborted";
  return ok({ by: undefined, summary });
}

function planRequest(
  { environment, stack, refresh = "all", targets = [], excludes = [], replaces = [] }: PlanOptions,
): Omit<ApplyRequest, "command" | "parallelism" | "why"> {
  const scope = { targets, excludes, replaces };
  return { environment, files: [], declared: stack, refresh, scope };
}

function namedOutputs<Outputs extends StackOutputs>(
  ports: ProjectPorts,
  options: Pick<PlanOptions<Outputs>, "stack" | "environment">,
): Promise<Result<OutputValues<Outputs>, ProjectFailure>>;
async function namedOutputs(
  ports: ProjectPorts,
  { stack, environment }: Pick<PlanOptions, "stack" | "environment">,
): Promise<Result<Readonly<Record<string, Value | undefined>>, ProjectFailure>> {
  const values = await readOutputs(ports, { environment, declared: stack });
  return values.ok ? ok(Object.fromEntries(values.value)) : values;
}

/**
 * A permission that the embedding program was not given is an expected failure, and names the flag. Neither a failure nor what is
 * thrown holds a known secret: programs print both as they are.
 */
async function answering<T>(
  { secrets }: ProjectPorts,
  work: () => Promise<Result<T, ProjectFailure>>,
): Promise<Result<T, ProjectFailure>> {
  try {
    const answer = await work();
    return answer.ok ? answer : err(scrubFailureText(secrets, answer.error));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw scrubThrown(secrets, error);
    return err({
      kind: "Permission",
      message: `The runtime does not allow what smelt needs: ${error.message}`,
    });
  }
}
