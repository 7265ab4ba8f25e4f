import { NO_POLICY } from "../engine/approvals.ts";
import type { ChangePolicy } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { loweredPolicy, stricterPolicy } from "./change_policy.ts";
import type { ProjectFailure } from "./failure.ts";
import type { Notice } from "./notice.ts";
import type { ExcusedPin, OpenEnvironment, ProjectPorts, WantedEnvironment } from "./project_ports.ts";
import { type ChosenEnvironment, openInitialised, type Workspace } from "./workspace.ts";

/** A verified environment, opened for reading. */
export interface ReadEnvironment {
  readonly workspace: Workspace;
  readonly name: string;
  readonly isProtected: boolean;
  /** What a change of it takes, by `smelt.toml` and its log together. */
  readonly policy: ChangePolicy;
  /** What `smelt.toml` says of it. */
  readonly chosen: ChosenEnvironment & { readonly firstRecord: string };
  readonly environment: OpenEnvironment;
}

/** Which environment to open, and what for. */
export interface EnvironmentRequest {
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
  readonly purpose: "read" | "plan" | "write";
  /** `taken`: one whose log has ended is opened too, whatever the purpose; else to read only. */
  readonly ended?: "taken";
  /** What the signing key must be good for, where the log is written to; `apply` when left out. */
  readonly role?: WantedEnvironment["role"];
  /** `lowered`: goes on where `smelt.toml` asks for less than the policy in the log. */
  readonly policy?: "lowered";
  /** Further records that the log must hold. */
  readonly pins?: WantedEnvironment["pins"];
  readonly lost?: WantedEnvironment["lost"];
  readonly oldKey?: WantedEnvironment["oldKey"] | undefined;
  /** Told of what does not change how the work ends, before it or after it. */
  readonly tell: (notice: Notice) => void;
}

/** Opens the environment that a command names, verifies its log, does `work`, and closes it whatever comes of it. */
export async function withEnvironment<T>(
  ports: ProjectPorts,
  request: EnvironmentRequest,
  work: (opened: ReadEnvironment) => Promise<Result<T, ProjectFailure>>,
): Promise<Result<T, ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, request.environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const { name, firstRecord, pin, checkpoint, keys } = chosen;
  const opened = await ports.openEnvironment(workspace.paths, {
    name,
    firstRecord,
    pin,
    checkpoint,
    keys,
    purpose: request.purpose,
    ...(request.role === undefined ? {} : { role: request.role }),
    ...(request.pins === undefined ? {} : { pins: request.pins }),
    ...(request.lost === undefined ? {} : { lost: request.lost }),
    ...(request.oldKey === undefined ? {} : { oldKey: request.oldKey }),
  });
  if (!opened.ok) return opened;
  for (const excused of opened.value.excused) request.tell(excusedNotice(excused));
  const unpinned = request.purpose === "write" ? unpinnedNotice(opened.value) : undefined;
  if (unpinned !== undefined) request.tell(unpinned);
  try {
    const ended = request.ended ?? (request.purpose === "read" ? "taken" : "refused");
    if (ended === "refused" && opened.value.journal.state.facts?.isClosed) return err(endedFailure(name));
    const logged = opened.value.journal.state.facts?.policy ?? NO_POLICY;
    const lowered = request.purpose === "write" && request.policy !== "lowered"
      ? loweredPolicy(name, chosen, logged)
      : undefined;
    if (lowered !== undefined) return err(lowered);
    const policy = stricterPolicy(chosen, logged);
    const { isProtected } = policy;
    return await work({ workspace, name, isProtected, policy, chosen, environment: opened.value });
  } finally {
    const notice = await opened.value.close();
    if (notice !== undefined) request.tell(notice);
  }
}

function endedFailure(name: string): ProjectFailure {
  return {
    kind: "NoProject",
    message: `The environment "${name}" has ended: nothing can be added to its log`,
    hint: `smelt env delete ${name} takes it out of smelt.toml; smelt init ${name} then begins a new one`,
  };
}

function excusedNotice({ pin, loss }: ExcusedPin): Notice {
  const { who, at, why, seq } = loss;
  const message = `${pin.source} names record ${pin.seq}, which is lost: ${who} accepted that at ${at}, in ` +
    `record ${seq}${why === undefined ? "" : `: ${why}`}`;
  return { kind: "LossAccepted", message };
}

/** A fresh machine has no pin of its own, and so cannot tell a log that was set back from one that is short. */
function unpinnedNotice({ coverage, journal }: OpenEnvironment): Notice | undefined {
  if (coverage.source === "user" || journal.head.seq <= coverage.coveredTo) return undefined;
  return {
    kind: "Unpinned",
    message: `nothing but smelt.toml pins this log here, and only record ${coverage.coveredTo} of ` +
      `${journal.head.seq}: a rollback to an earlier state could not be seen`,
  };
}

/** What a reading command takes from the fold. */
export async function readState<T>(
  ports: ProjectPorts,
  environment: string | undefined,
  read: (opened: ReadEnvironment) => T,
): Promise<Result<T, ProjectFailure>> {
  return await withEnvironment(
    ports,
    { environment, purpose: "read", tell: () => {} },
    (opened) => Promise.resolve(ok(read(opened))),
  );
}
