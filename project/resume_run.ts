import type { RunSummary } from "../audit/run_history.ts";
import { err, ok, type Result } from "../engine/result.ts";
import {
  type ApplyListener,
  applyOpened,
  type ApplyRequest,
  type ApplyResult,
  runWorld,
  tellingRepairs,
} from "./apply_project.ts";
import { breakRun, findDeath } from "./break_run.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import { endingText, findRun, runText } from "./find_run.ts";
import { readRuns } from "./read_runs.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";

/** Which run to take up, and how. */
export interface ResumeRequest extends Omit<ApplyRequest, "command" | "files" | "resumes"> {
  /** The beginning of its name. */
  readonly run: string;
}

/**
 * Takes up a run that has not ended well: a new run names it, settles what it left in doubt, then plans from the files of now
 * and applies. A destroy is taken up as a destroy. The old run never goes on.
 */
export async function resumeRun(
  ports: ProjectPorts,
  request: ResumeRequest,
  listener: ApplyListener,
): Promise<Result<ApplyResult, ProjectFailure | ConfigFailure>> {
  const { environment } = request;
  return await withEnvironment(
    ports,
    { environment, purpose: "write", tell: (notice) => listener.noticed(notice) },
    (opened) => tellingRepairs(opened, listener, () => resumeOpened(ports, opened, request, listener)),
  );
}

async function resumeOpened(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { run: text, ...request }: ResumeRequest,
  listener: ApplyListener,
): Promise<Result<ApplyResult, ProjectFailure | ConfigFailure>> {
  const { workspace, name, chosen } = opened;
  const runs = await readRuns(ports, workspace.paths, chosen);
  if (!runs.ok) return runs;
  const found = findRun(text, runs.value, name);
  if (!found.ok) return found;
  const command = commandOf(found.value);
  if (!command.ok) return command;
  const resumes = found.value.started.run;
  const ended = await endFirst(
    ports,
    opened,
    { request, found: found.value, command: command.value },
    listener,
  );
  if (!ended.ok) return ended;
  listener.noticed({
    kind: "Resumes",
    message: `taking up ${runText(found.value)}, which ended: ${ended.value}`,
    ...(command.value === "apply" ? { hint: "The files of now are planned, not those of that run" } : {}),
  });
  return await applyOpened(
    ports,
    opened,
    { ...request, command: command.value, files: [], resumes },
    listener,
  );
}

/** What is to be done again; the failure when there is nothing. */
function commandOf(run: RunSummary): Result<"apply" | "destroy", ProjectFailure> {
  const { started: { command }, end } = run;
  if (end?.kind === "finished" && end.outcome === "succeeded") {
    return err({
      kind: "RunEnded",
      message: `There is nothing to resume: ${runText(run)} has succeeded`,
      hint: "smelt apply makes what lives equal to what the files say",
    });
  }
  if (command === "apply" || command === "destroy") return ok(command);
  return err({
    kind: "RunEnded",
    message: `Cannot resume "${command}": only apply and destroy can be taken up`,
    hint: command === "recover" ? "Run smelt recover again" : "Run the command again",
  });
}

interface Resumed {
  readonly request: Omit<ResumeRequest, "run">;
  readonly found: RunSummary;
  readonly command: string;
}

/** Ends the run where nobody has: it must be dead. Says how it ended. */
async function endFirst(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { request, found, command }: Resumed,
  listener: ApplyListener,
): Promise<Result<string, ProjectFailure>> {
  const { run } = found.started;
  const holder = opened.environment.journal.state.liveRuns.get(run);
  if (holder === undefined) return ok(endingText(found));
  const world = runWorld(ports, opened, request, listener);
  const death = await findDeath(world, holder);
  if (!death.ok) return death;
  if (death.value.kind === "ended") return ok("it ended just now");
  const { reason } = death.value;
  const broken = await breakRun(world, { command, resumes: run }, { run, reason });
  if (!broken.ok) return broken;
  return ok(endingText({ end: { kind: "broken", reason, by: broken.value, at: "" } }));
}
