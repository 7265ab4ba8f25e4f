import type { EnvironmentView } from "../engine/environment.ts";
import { isSettledAbsent, type ResourceStatus } from "../engine/resource_state.ts";
import { listResource } from "./list_resources.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readState } from "./read_environment.ts";

/** What the log of an environment says of one resource. */
export type KnownState =
  | {
    readonly kind: "known";
    readonly status: ResourceStatus;
    readonly id: string | undefined;
    /** Whether the outcome of a call on it is unknown. */
    readonly isInDoubt: boolean;
  }
  /** It has not been made, or there is no log yet. */
  | { readonly kind: "notCreated" }
  /** There is a log, and it cannot be read here. */
  | { readonly kind: "unreadable"; readonly why: string };

/** The state of one resource, and what the log protects. */
export interface KnownFacts {
  readonly state: KnownState;
  readonly protectedAddresses: ReadonlySet<string>;
}

/**
 * Reads what the log says, for those who can do without: a missing log is no failure, one that cannot be read is told. Throws
 * an `IntegrityError` for damage.
 */
export async function readKnownState(
  ports: ProjectPorts,
  environment: string | undefined,
  address: string,
): Promise<KnownFacts> {
  const read = await readState(ports, environment, ({ environment: opened }) => ({
    state: knownState(opened.journal.state, address),
    protectedAddresses: protectedAddresses(opened.journal.state),
  }));
  if (read.ok) return read.value;
  const { kind, message } = read.error;
  const state = kind === "NoProject"
    ? { kind: "notCreated" } as const
    : { kind: "unreadable", why: message } as const;
  return { state, protectedAddresses: new Set() };
}

function knownState(view: EnvironmentView, address: string): KnownState {
  const state = view.resources.get(address);
  if (state === undefined || isSettledAbsent(state)) return { kind: "notCreated" };
  const { status, id, isInDoubt } = listResource(view, state);
  return { kind: "known", status, id, isInDoubt };
}

function protectedAddresses(view: EnvironmentView): ReadonlySet<string> {
  return new Set(
    [...view.resources.values()].filter((state) => state.isProtected).map((state) => state.address),
  );
}
