import { ResourceActor } from "../actors/resource_actor.ts";
import { bindAccounts } from "../actors/run_accounts.ts";
import { frameRun } from "../actors/run_frame.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { nearName } from "../engine/near_name.ts";
import type { ResourceMessage } from "../engine/resource_logic_message.ts";
import { isSettledAbsent, type ResourceState } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type ApplyListener, type ApprovedEnvironment, runWorld, tellingRepairs } from "./apply_project.ts";
import { unplannedRefusal } from "./change_policy.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";
import { checkWhy } from "./said_secret.ts";

/** A change that a person makes in the log, and no provider hears of. */
export interface HandRequest {
  /** The command, as the log tells it. */
  readonly command: string;
  readonly environment: string | undefined;
  readonly why: string | undefined;
}

/** Who is asked and told. */
export interface HandListener
  extends Pick<ApplyListener, "repaired" | "noticed" | "progress" | "interrupts"> {
  /** The change is known and can be made; `false` ends the command without one. */
  approve(change: HandSummary, environment: ApprovedEnvironment): Promise<boolean>;
}

/** A change, as people are asked about it. */
export interface HandSummary {
  /** The resource that it is about, when it is about one. */
  readonly address?: string;
  /** What it comes to, for people, such as `net.main forgets net-1, which lives on`. */
  readonly summary: string;
  /** What else to know before it is approved; whole sentences. */
  readonly details?: readonly string[];
}

/** What is to be said to one resource. */
export interface HandChange extends HandSummary {
  readonly address: string;
  readonly message: ResourceMessage;
  /** What the run claims. Nothing, for what only forbids: that must be possible while others work. */
  readonly writes: readonly string[];
  /** Accounts that it is about, by provider: bound where the log does not know them yet. */
  readonly accounts?: ReadonlyMap<string, string>;
}

/** How it ended. `unchanged`: it was so already, and nothing was appended. */
export type HandResult =
  | { readonly kind: "changed"; readonly change: HandSummary; readonly run: string }
  | { readonly kind: "unchanged"; readonly summary: string }
  | { readonly kind: "declined" };

/** What a change by hand is decided on. */
export interface HandView {
  readonly state: EnvironmentView;
  readonly opened: ReadEnvironment;
}

/** A change, or why there is none to make. */
export type HandDecision = Result<HandChange | { readonly unchanged: string }, ProjectFailure>;

/** Makes one change by hand, in a run of its own: signed, and told in the history like any other. */
export async function changeByHand(
  ports: ProjectPorts,
  request: HandRequest,
  listener: HandListener,
  decide: (view: HandView) => HandDecision | Promise<HandDecision>,
): Promise<Result<HandResult, ProjectFailure>> {
  const { environment } = request;
  return await withEnvironment(
    ports,
    { environment, purpose: "write", tell: (notice) => listener.noticed(notice) },
    (opened) =>
      tellingRepairs(opened, listener, async () => {
        const decided = await decide({ state: opened.environment.journal.state, opened });
        if (!decided.ok) return decided;
        const change = decided.value;
        if ("unchanged" in change) return ok({ kind: "unchanged", summary: change.unchanged });
        const unplanned = isFree(opened, change) ? undefined : unplannedRefusal(opened, request.command);
        if (unplanned !== undefined) return err(unplanned);
        const said = await checkWhy(opened.environment, request.why);
        if (!said.ok) return said;
        const { name, isProtected } = opened;
        if (!await listener.approve(change, { name, isProtected })) return ok({ kind: "declined" });
        return await carryOut(ports, opened, request, listener, change);
      }),
  );
}

/** What claims nothing only forbids, and what is in doubt has to be settled: neither can wait for approvals. */
function isFree({ environment }: ReadEnvironment, { writes }: HandChange): boolean {
  const { resources } = environment.journal.state;
  return writes.every((address) => resources.get(address)?.intent !== undefined);
}

async function carryOut(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { command, why }: HandRequest,
  listener: HandListener,
  change: HandChange,
): Promise<Result<HandResult, ProjectFailure>> {
  const world = runWorld(ports, opened, { parallelism: 1, why }, listener);
  const { address, message, writes } = change;
  const framed = await frameRun(world, { command, writes, reads: [] }, async ({ log, claimedAt }) => {
    await bindAccounts(log, change.accounts ?? new Map());
    const watch = { accepted: () => {}, progressed: () => {}, retrying: () => {}, answered: () => {} };
    const resolving = { othersEnded: claimedAt };
    const actor = new ResourceActor(address, { world, log, watch, resolving, buckets: new Map() });
    const answer = await actor.send(message);
    return { outcome: answer.ok ? "succeeded" as const : "failed" as const, result: answer };
  });
  if (!framed.ok) return err(refusalFailure(framed.error));
  const { result, run } = framed.value;
  if (result.ok) return ok({ kind: "changed", change, run });
  return err({
    kind: "Store",
    message: `Nothing was changed: ${refusalText(result.error)}`,
    resource: address,
  });
}

/** The state of an address that the log holds something of; the failure names a near one. */
export function heldState(
  { state, opened }: Pick<HandView, "state"> & { readonly opened: Pick<ReadEnvironment, "name"> },
  address: string,
): Result<ResourceState, ProjectFailure> {
  const found = state.resources.get(address);
  if (found !== undefined && !isSettledAbsent(found)) return ok(found);
  const held = [...state.resources.values()].filter((each) => !isSettledAbsent(each));
  const near = nearName(address, held.map((each) => each.address));
  return err({
    kind: "NotFound",
    message: `No resource "${address}" in ${opened.name}`,
    hint: near === undefined ? "smelt state ls lists all" : `Did you mean "${near}"?`,
    resource: address,
  });
}
