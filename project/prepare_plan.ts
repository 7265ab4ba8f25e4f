import type { InputRule } from "../actors/step_message.ts";
import type { PlanInput, ReadResult } from "../engine/make_plan.ts";
import { arriveByMoves } from "../engine/arrivals.ts";
import type { Plan, PlanSummary } from "../engine/plan.ts";
import { type PlanProblem, planProblems } from "../engine/plan_problems.ts";
import { type PlanSeed, seedOf } from "../engine/plan_seed.ts";
import { stepsOf } from "../engine/plan_steps.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Step } from "../engine/steps.ts";
import { summarizePlan } from "../engine/summarize_plan.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import type { Registry } from "../providers/registry.ts";
import type { Head } from "../store/journal_port.ts";
import type { Vault } from "../trust/vault_port.ts";
import { checkPlaces } from "./check_places.ts";
import { checkPlannedConstraints } from "./check_planned_constraints.ts";
import { chooseAddresses } from "./choose_addresses.ts";
import { dropOf } from "./data_key_history.ts";
import { checkDeclared, type DeclaredConfig } from "./declared_config.ts";
import { type CheckedConfig, type ConfigFailure, configFailure, loadDesired } from "./desired_config.ts";
import type { SourceText } from "./diagnostics.ts";
import type { ProjectFailure } from "./failure.ts";
import { planAroundGivenUp } from "./given_up_blocks.ts";
import { unknownProvider } from "./known_providers.ts";
import { type LiveHolder, liveHolders } from "./live_holders.ts";
import { massGoneFailure } from "./mass_gone.ts";
import type { PlanPurpose } from "./plan_purpose.ts";
import { otherAccountFailure } from "./reached_accounts.ts";
import { problemDiagnostic } from "./problem_diagnostic.ts";
import { arrive, readScope } from "./arrive.ts";
import { noteDesired } from "./note_desired.ts";
import { checkIntents } from "./said_secret.ts";
import type { Notice } from "./notice.ts";
import { type PlanBasis, VariableRecorder } from "./plan_basis.ts";
import type { PlanTerms } from "./plan_terms.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { SecretReader } from "./secret_reader.ts";
import { surveyWanted } from "./survey_wanted.ts";
import { pickEnvironment, type Workspace } from "./workspace.ts";

/** What a plan is asked for. */
export interface PlanRequest {
  readonly command: Plan["command"];
  readonly environment: string;
  /** Files given by name; none means all that lie below the root. Not read for `destroy`. */
  readonly files: readonly string[];
  /** What a program declares; the files are not read then. */
  readonly declared?: DeclaredConfig | undefined;
  /** Whether stored resources are read from their providers first. */
  readonly refresh: "all" | "none";
  /** Whether to go on when most of what a provider held is not found; refused when left out. */
  readonly massGone?: "allow" | "refuse";
  /** What the plan is about, when it is not about everything. */
  readonly scope?: ScopeRequest;
}

/** Parts of a plan as the user names them: by addresses, and by templates for all of their instances. */
export interface ScopeRequest {
  /** These and whatever they need; everything when there is none. */
  readonly targets: readonly string[];
  readonly excludes: readonly string[];
  /** What is to be replaced though nothing of it has changed. */
  readonly replaces: readonly string[];
}

/** What the log says, and the vault of its secrets. */
export interface PlanSource {
  readonly state: EnvironmentView;
  readonly stream: string;
  readonly head: Head;
  readonly vault: Vault;
  /** Runs that the log holds for live, and that are known to be dead. */
  readonly deadRuns: ReadonlySet<string>;
}

/** A plan, and what a run needs to carry it out. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly summary: PlanSummary;
  readonly steps: readonly Step[];
  /** What is wrong with it, so that it cannot be applied. */
  readonly problems: readonly PlanProblem[];
  /** Live runs that change what it is about: until they end it cannot be applied either. */
  readonly held: readonly LiveHolder[];
  /** What changes nothing of the plan. */
  readonly notices: readonly Notice[];
  readonly warnings: readonly Diagnostic[];
  /** The texts that warnings point into. */
  readonly sources: ReadonlyMap<string, SourceText>;
  /** What the plan was made of beside the log. */
  readonly basis: PlanBasis;
  readonly registry: Registry;
  /** What constraints say once they know what the plan does not. */
  readonly inputRule: InputRule;
  /** What the plan is for, when it is not to make true what the files say. */
  readonly purpose?: PlanPurpose;
  /** On which terms it is carried out, when it was saved. */
  readonly terms?: PlanTerms;
  /** What it is made anew of, when it is saved; only a plan of the files can be. */
  readonly seed?: PlanSeed;
}

/** A plan with what it was decided on. */
export interface DecidedPlan extends PreparedPlan {
  /** What reads found, by address. */
  readonly reads: ReadonlyMap<string, ReadResult>;
  /** The state with what arrives in place. */
  readonly state: EnvironmentView;
}

/** A way to come to a plan. Appends nothing and changes nothing. */
export type PlanMaker = (
  ports: ProjectPorts,
  workspace: Workspace,
  source: PlanSource,
  request: PlanRequest,
  signal: AbortSignal,
) => Promise<Result<PreparedPlan, ConfigFailure | ProjectFailure>>;

const NOTHING_DESIRED: DesiredConfig = { resources: [], moved: [], removed: [], imports: [], outputs: [] };

/** Makes a plan: reads the files, reads what lives, compares. Appends nothing and changes nothing. */
export async function preparePlan(
  ports: ProjectPorts,
  workspace: Workspace,
  source: PlanSource,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<Result<DecidedPlan, ConfigFailure | ProjectFailure>> {
  const registry = ports.registry(workspace.paths);
  const unknown = unknownProvider(workspace.config, registry);
  if (unknown !== undefined) return err(unknown);
  const config = await readDesired(ports, { workspace, registry, vault: source.vault }, request);
  if (!config.ok) return config;
  const { desired } = config.value;
  const moved = arriveByMoves(source.state, desired.moved);
  const chosen = chooseAddresses(request.scope, desired, moved);
  if (!chosen.ok) return chosen;
  const { scope, replaces } = chosen.value;
  const elsewhere = await otherAccountFailure({ state: source.state, registry }, signal);
  if (elsewhere !== undefined) return err(elsewhere);
  const arrived = await arrive({
    moved,
    desired,
    registry,
    vault: source.vault,
    clock: ports.clock,
    refresh: request.refresh,
    targets: scope.targets,
    signal,
  });
  const { state, ignored, reads, arrivals } = arrived;
  const said = checkIntents(ports.secrets, desired);
  if (!said.ok) return said;
  const gone = await massGoneFailure({ state, reads, registry, signal }, request.massGone);
  if (gone !== undefined) return err(gone);
  const only = scope.targets === undefined ? undefined : readScope(desired, state, scope.targets);
  const found = await surveyWanted({ wanted: arrived.wanted, ignored, state, registry, only, signal });
  if (!found.ok) return found;
  const { wanted, surveyed } = found.value;
  const input: PlanInput = {
    command: request.command,
    environment: request.environment,
    stream: source.stream,
    madeOn: source.head,
    state,
    before: source.state,
    arrivals,
    refusals: arrived.refused,
    removed: new Set(desired.removed.map((each) => each.address)),
    scope,
    replaces,
    deadRuns: source.deadRuns,
    wanted,
    surveyed,
    ignored,
    reads,
    schemas: schemasOf(registry),
    outputs: desired.outputs.map(({ name, target, path }) => ({ name, address: target, path })),
  };
  const plan = await planAroundGivenUp(input, source.vault);
  const { sources, basis } = config.value;
  const constraints = await checkPlannedConstraints(plan, desired, registry);
  if (constraints.findings.length > 0) {
    return err(configFailure(constraints.findings.map((each) => problemDiagnostic(each, sources)), sources));
  }
  const held = liveHolders(plan, state, source.deadRuns);
  const changing = new Set(held.flatMap((each) => each.changing));
  return ok({
    plan,
    summary: summarizePlan(plan),
    steps: stepsOf(plan, state),
    problems: [...planProblems(plan, state), ...await checkPlaces(plan, registry)].filter(({ address }) =>
      !changing.has(address)
    ),
    notices: arrived.notices,
    held,
    warnings: config.value.warnings,
    sources,
    basis,
    registry,
    inputRule: constraints.inputRule,
    reads,
    state,
    seed: seedOf(input, plan),
  });
}

/** The schema of each type that a project knows. */
export function schemasOf(registry: Registry): PlanInput["schemas"] {
  return (type) => {
    const found = registry.lookUp(type);
    return found.ok ? found.value.schema : undefined;
  };
}

/** What the files want, and what was read to know it. */
export interface ReadDesired extends Pick<CheckedConfig, "desired" | "warnings" | "sources"> {
  readonly registry: Registry;
  readonly basis: PlanBasis;
}

/** Reads what a plan is made of beside the log. */
export async function readDesired(
  ports: ProjectPorts,
  { workspace, registry, vault }: {
    readonly workspace: Workspace;
    readonly registry: Registry;
    readonly vault: Vault;
  },
  { command, environment: name, files, declared }: Pick<
    PlanRequest,
    "command" | "environment" | "files" | "declared"
  >,
): Promise<Result<ReadDesired, ConfigFailure | ProjectFailure>> {
  if (command === "destroy") {
    const basis = nothingRead(workspace);
    return ok({ desired: NOTHING_DESIRED, warnings: [], sources: basis.sources, registry, basis });
  }
  if (declared !== undefined) {
    noteDesired(ports.secrets, declared.desired, registry);
    const checked = await checkDeclared(declared, registry);
    return checked.ok ? ok({ ...checked.value, registry, basis: nothingRead(workspace) }) : checked;
  }
  const environment = pickEnvironment(workspace, name);
  if (!environment.ok) return environment;
  const variables = new VariableRecorder(ports.readVariable);
  const { root } = workspace.paths;
  const secretReader = new SecretReader({
    ports,
    root,
    environment: environment.value.name,
    readVariable: variables.read,
    vault,
    dropOf: dropOf(ports, workspace.paths, environment.value),
  });
  const config = await loadDesired({
    workspace,
    workingFolder: ports.workingFolder,
    given: files,
    environment: environment.value,
    registry,
    secrets: ports.secrets,
    readVariable: variables.read,
    secretReader,
  });
  if (!config.ok) return config;
  const { desired, warnings, sources } = config.value;
  return ok({
    desired,
    warnings,
    sources,
    registry,
    basis: { workspace, sources, variables: variables.seen, secrets: secretReader.texts },
  });
}

/** The basis of a plan that rests on no file. */
export function nothingRead(workspace: Workspace): PlanBasis {
  return { workspace, sources: new Map(), variables: new Map(), secrets: new Map() };
}
