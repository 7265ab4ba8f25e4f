import { addressAt, lineageOf } from "../audit/lineage.ts";
import { trail, type TrailEntry } from "../audit/trail.ts";
import type { VerifiedLog } from "../audit/verified_log.ts";
import { nearName } from "../engine/near_name.ts";
import { parsePosition } from "../engine/position.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import { firstSince, type Moment } from "./log_moment.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openInitialised } from "./workspace.ts";

/** What to tell of a history; all of it where nothing is said. */
export interface TrailRequest {
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
  /** Only of this resource, under the addresses too that it had before it was moved. */
  readonly address: string | undefined;
  /** Only of the runs that begin so. */
  readonly run?: string | undefined;
  /** Only from there on. */
  readonly since?: Moment | undefined;
}

/** What happened in an environment, in order. */
export async function readTrail(
  ports: ProjectPorts,
  request: TrailRequest,
): Promise<Result<readonly TrailEntry[], ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, request.environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const log = await ports.readLog(workspace.paths, chosen);
  if (!log.ok) return log;
  const { since } = request;
  const entries = entriesOf(log.value, chosen.name, request);
  if (!entries.ok || since === undefined) return entries;
  const first = firstSince(log.value, since);
  return ok(entries.value.filter(({ position }) => parsePosition(position).seq >= first));
}

function entriesOf(
  log: VerifiedLog,
  environment: string,
  { address, run }: TrailRequest,
): Result<readonly TrailEntry[], ProjectFailure> {
  const all = [...trail(log.records)];
  const ofAddress = address === undefined ? all : all.filter(isAbout(log, address));
  if (address !== undefined && ofAddress.length === 0) return err(neverKnown(address, environment, all));
  const ofRun = run === undefined ? ofAddress : ofAddress.filter((each) => each.run.startsWith(run));
  if (run === undefined || all.some((each) => each.run.startsWith(run))) return ok(ofRun);
  return err({
    kind: "NotFound",
    message: `The log of ${environment} knows no run "${run}"`,
    hint: "smelt history shows how each run begins",
  });
}

/** Whether an entry is of the address itself, or of what lives there now at an address of before. */
function isAbout({ records }: VerifiedLog, address: string): (entry: TrailEntry) => boolean {
  const lineage = lineageOf(records, address);
  return (entry) =>
    entry.address === address ||
    (entry.address !== undefined && entry.address === addressAt(lineage, parsePosition(entry.position)));
}

function neverKnown(address: string, environment: string, entries: readonly TrailEntry[]): ProjectFailure {
  const known = new Set(entries.flatMap((each) => each.address === undefined ? [] : [each.address]));
  const near = nearName(address, known);
  return {
    kind: "NotFound",
    message: `The log of ${environment} has never known "${address}"`,
    hint: near === undefined ? "smelt history without --address tells of all" : `Did you mean "${near}"?`,
    resource: address,
  };
}
