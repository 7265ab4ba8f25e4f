/**
 * The end of an environment, in an order that a crash cannot harm: first its log is closed, so that nothing can be added to it
 * any more, while `smelt.toml` still says which log that is; then it goes out of `smelt.toml`; last the log is set aside, which
 * `init` of the same name does too. Each of these can be taken up by another `env delete`, or by `init`.
 */
import { frameRun } from "../actors/run_frame.ts";
import type { Refusal } from "../engine/admit.ts";
import { isSettledAbsent } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type ApplyListener, type ApprovedEnvironment, runWorld, tellingRepairs } from "./apply_project.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";
import { replaceFile } from "./replace_file.ts";
import { cutEnvironment } from "./smelt_toml_cut.ts";
import { type ChosenEnvironment, configuredWorkspace, openConfigured, pickEnvironment } from "./workspace.ts";
import { checkWhy } from "./said_secret.ts";

/** Which environment is to end. */
export interface DeleteRequest {
  readonly environment: string;
  readonly why: string | undefined;
}

/** Who is asked and told. */
export interface DeleteListener extends Pick<ApplyListener, "repaired" | "noticed" | "interrupts"> {
  /** It can end; `false` leaves everything as it is. */
  approve(environment: ApprovedEnvironment): Promise<boolean>;
}

/** How it went. */
export type DeletedEnvironment =
  | { readonly kind: "declined" }
  | {
    readonly kind: "deleted";
    readonly name: string;
    /** Where its log lies now, relative to the root; `undefined` where it had none. */
    readonly logAt: string | undefined;
  };

/** Ends an environment in which nothing lives any more. The default one cannot end. */
export async function deleteEnvironment(
  ports: ProjectPorts,
  request: DeleteRequest,
  listener: DeleteListener,
): Promise<Result<DeletedEnvironment, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { config, paths } = workspace.value;
  const chosen = pickEnvironment(workspace.value, request.environment);
  if (!chosen.ok) return chosen;
  const { name, firstRecord, isProtected } = chosen.value;
  if (name === config.defaultEnvironment) return err(isDefault(name));
  const hasLog = (await ports.listLogs(paths)).includes(name);
  if (firstRecord === undefined && hasLog) return err(isUnpinned(chosen.value));
  const approved = firstRecord === undefined
    ? ok(await listener.approve({ name, isProtected }) ? "go" : "declined")
    : await endLog(ports, request, listener);
  if (!approved.ok) return approved;
  if (approved.value === "declined") return ok({ kind: "declined" });
  const written = await cutFromConfig(ports, name);
  if (!written.ok) return written;
  return ok({ kind: "deleted", name, logAt: await ports.setLogAside(paths, name) });
}

/** Closes the log, unless that was done before. `declined`: the end was not approved. */
async function endLog(
  ports: ProjectPorts,
  request: DeleteRequest,
  listener: DeleteListener,
): Promise<Result<"go" | "declined", ProjectFailure>> {
  const { environment } = request;
  return await withEnvironment(
    ports,
    {
      environment,
      purpose: "write",
      role: "admin",
      ended: "taken",
      tell: (notice) => listener.noticed(notice),
    },
    (opened) =>
      tellingRepairs(opened, listener, async () => {
        const { name, isProtected } = opened;
        const { resources, facts } = opened.environment.journal.state;
        const held = [...resources.values()].filter((each) => !isSettledAbsent(each)).length;
        if (held > 0) return err(stillHolds(name, held));
        if (!await listener.approve({ name, isProtected })) return ok("declined");
        return facts?.isClosed ? ok("go") : await close(ports, opened, request, listener);
      }),
  );
}

async function close(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { why }: DeleteRequest,
  { interrupts }: DeleteListener,
): Promise<Result<"go" | "declined", ProjectFailure>> {
  const said = await checkWhy(opened.environment, why);
  if (!said.ok) return said;
  const world = runWorld(ports, opened, { parallelism: 1, why }, { interrupts, progress: () => {} });
  const intention = { command: "env delete", writes: [], reads: [] };
  const framed = await frameRun(world, intention, async ({ log }) => {
    const result = await log.append([{ type: "EnvironmentClosed" }]);
    return { outcome: result.ok ? "succeeded" : "failed", result };
  });
  if (!framed.ok) return err(refusalFailure(framed.error));
  const { result } = framed.value;
  if (result.ok) return ok("go");
  const message = `The environment "${opened.name}" cannot end: ${refusalText(result.error)}`;
  return err({ kind: kindOf(result.error), message, hint: "Nothing was taken out of smelt.toml" });
}

function kindOf(refusal: Refusal): ProjectFailure["kind"] {
  if (refusal.kind === "KeyNotTrusted") return "Keys";
  return refusal.kind === "EnvironmentInUse" && refusal.runs.length > 0 ? "RunLive" : "Store";
}

/** The file is read once more: it may have been edited while the question was open. */
async function cutFromConfig(ports: ProjectPorts, name: string): Promise<Result<void, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { config, configText, paths } = workspace.value;
  if (!config.environments.has(name)) return ok(undefined);
  const edited = configuredWorkspace(paths, cutEnvironment(configText, name));
  return edited.ok ? await replaceFile(paths.configFile, edited.value.configText) : edited;
}

function isDefault(name: string): ProjectFailure {
  return {
    kind: "PlanRefused",
    message: `Cannot delete the environment "${name}": it is the default one`,
    hint: 'Name another one as "default_environment" in smelt.toml first',
  };
}

function stillHolds(name: string, count: number): ProjectFailure {
  const resources = count === 1 ? "1 resource is" : `${count} resources are`;
  return {
    kind: "PlanRefused",
    message: `Cannot delete the environment "${name}": ${resources} still in its log`,
    hint: `Destroy it first: smelt destroy ${name}`,
  };
}

function isUnpinned({ name }: ChosenEnvironment): ProjectFailure {
  return {
    kind: "PlanRefused",
    message:
      `Cannot delete the environment "${name}": there is a log of it, and smelt.toml names no first record of that`,
    hint: `smelt init ${name} says which record that is, or takes up what it has left`,
  };
}
