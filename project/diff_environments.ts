import { ok, type Result } from "../engine/result.ts";
import { diffStates, type DiffSubject, type StateDiff } from "./diff_states.ts";
import type { ProjectFailure } from "./failure.ts";
import type { Moment, PlacedMoment } from "./log_moment.ts";
import { type Look, lookAt } from "./look_at.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openConfigured } from "./workspace.ts";

/** What to hold against each other. */
export type DiffRequest =
  | { readonly kind: "environments"; readonly before: string; readonly after: string }
  /** Of one environment; without a second moment, with what it is now. */
  | {
    readonly kind: "times";
    readonly environment: string | undefined;
    readonly before: Moment;
    readonly after: Moment | undefined;
  };

/** Two states, and how they differ. */
export interface ComparedStates extends StateDiff {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
}

/** One of them. */
export interface ComparedSide {
  readonly environment: string;
  /** `undefined`: as it is now. */
  readonly moment: PlacedMoment | undefined;
}

/** Compares two environments, or two times of one. The logs are verified; nothing is read from providers. */
export async function diffEnvironments(
  ports: ProjectPorts,
  request: DiffRequest,
): Promise<Result<ComparedStates, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const [left, right] = sidesOf(request);
  const before = await lookAt(ports, left.environment, left.moment);
  if (!before.ok) return before;
  const after = await lookAt(ports, right.environment, right.moment);
  if (!after.ok) return after;
  const registry = ports.registry(workspace.value.paths);
  const subject: DiffSubject = request.kind;
  const schemas = (type: string) => {
    const found = registry.lookUp(type);
    return found.ok ? found.value.schema : undefined;
  };
  const side = ({ name, moment }: Look): ComparedSide => ({ environment: name, moment });
  return ok({
    before: side(before.value),
    after: side(after.value),
    ...diffStates(before.value.state, after.value.state, { subject, schemas }),
  });
}

interface AskedSide {
  readonly environment: string | undefined;
  readonly moment: Moment | undefined;
}

function sidesOf(request: DiffRequest): readonly [AskedSide, AskedSide] {
  if (request.kind === "times") {
    const { environment } = request;
    return [{ environment, moment: request.before }, { environment, moment: request.after }];
  }
  return [{ environment: request.before, moment: undefined }, {
    environment: request.after,
    moment: undefined,
  }];
}
