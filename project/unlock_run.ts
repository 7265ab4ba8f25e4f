import { err, ok, type Result } from "../engine/result.ts";
import type { RunBroken } from "../engine/environment_event.ts";
import { runWorld, tellingRepairs } from "./apply_project.ts";
import { breakRun, findDeath } from "./break_run.ts";
import type { HandListener, HandRequest, HandResult } from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
import { endingText, findRun, runText } from "./find_run.ts";
import { readRuns } from "./read_runs.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { checkWhy } from "./said_secret.ts";

/** Which run to end. */
export interface UnlockRequest extends Omit<HandRequest, "command"> {
  /** The beginning of its name. */
  readonly run: string;
}

/**
 * Ends a dead run now, so that its claims are free, and settles nothing. One that lives, or may, is refused: nothing can
 * force it.
 */
export async function unlockRun(
  ports: ProjectPorts,
  request: UnlockRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const { environment } = request;
  return await withEnvironment(
    ports,
    { environment, purpose: "write", tell: (notice) => listener.noticed(notice) },
    (opened) => tellingRepairs(opened, listener, () => unlockOpened(ports, opened, request, listener)),
  );
}

async function unlockOpened(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { run: text, why }: UnlockRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const { workspace, name, chosen, isProtected, environment } = opened;
  const runs = await readRuns(ports, workspace.paths, chosen);
  if (!runs.ok) return runs;
  const found = findRun(text, runs.value, name);
  if (!found.ok) return found;
  const { run } = found.value.started;
  const holder = environment.journal.state.liveRuns.get(run);
  if (holder === undefined) {
    return ok({
      kind: "unchanged",
      summary: `${runText(found.value)} has ended already: ${endingText(found.value)}`,
    });
  }
  const said = await checkWhy(environment, why);
  if (!said.ok) return said;
  const world = runWorld(ports, opened, { parallelism: 1, why }, listener);
  const death = await findDeath(world, holder);
  if (!death.ok) return err(death.error);
  if (death.value.kind === "ended") {
    return ok({ kind: "unchanged", summary: `${runText(found.value)} has ended just now` });
  }
  const { reason } = death.value;
  const change = { summary: `${runText(found.value)} is ended: ${REASONS[reason]}` };
  if (!await listener.approve(change, { name, isProtected })) return ok({ kind: "declined" });
  const broken = await breakRun(world, { command: "unlock" }, { run, reason });
  return broken.ok ? ok({ kind: "changed", change, run: broken.value }) : broken;
}

const REASONS: Readonly<Record<RunBroken["reason"], string>> = {
  lockFree: "its process is gone",
  silent: "nothing was heard of it for longer than it may be silent",
};
