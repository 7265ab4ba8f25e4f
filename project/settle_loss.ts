import { frameRun } from "../actors/run_frame.ts";
import { restoredAt } from "../engine/accepted_loss.ts";
import { addressesText } from "../engine/addresses_text.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { compareText } from "../engine/text_order.ts";
import type { Registry } from "../providers/registry.ts";
import { runWorld, tellingRepairs } from "./apply_project.ts";
import type { HandListener, HandRequest, HandResult } from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
import { creationTokens, listTokenBearers, type LostSearch } from "./lost_objects.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { otherAccountFailure } from "./reached_accounts.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { readStored } from "./read_stored.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";

/** Whose loss is settled. */
export type SettleLossRequest = Omit<HandRequest, "command">;

/**
 * Says that all is found which the lost part of a restored log had done, signed by an admin key. All that the log holds must be
 * there and nothing in doubt; what may have been made besides is shown, and is for a person to judge.
 */
export async function settleLoss(
  ports: ProjectPorts,
  request: SettleLossRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const { environment } = request;
  return await withEnvironment(
    ports,
    { environment, purpose: "write", role: "admin", tell: (notice) => listener.noticed(notice) },
    (opened) => tellingRepairs(opened, listener, () => settleOpened(ports, opened, request, listener)),
  );
}

async function settleOpened(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { why }: SettleLossRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const { environment, name, isProtected } = opened;
  const { state } = environment.journal;
  if (!state.facts?.isLossOpen) {
    return ok({ kind: "unchanged", summary: `No loss is to be settled in ${name}` });
  }
  const acceptedSeq = restoredAt(state.facts);
  const open = unsettled(state, acceptedSeq);
  if (open !== undefined) return err(open);
  const found = await lookAround(ports, opened, listener.interrupts.stop);
  if (!found.ok) return found;
  const summary = `All is found that the lost part of the log of ${name} had done: it counts as whole again`;
  const change = { summary, details: found.value };
  if (!await listener.approve(change, { name, isProtected })) return ok({ kind: "declined" });
  const world = runWorld(ports, opened, { parallelism: 1, why }, listener);
  const intention = { command: "recover --loss-settled", writes: [], reads: [] };
  const framed = await frameRun(world, intention, async ({ log }) => {
    const result = await log.append([{ type: "LossSettled", acceptedSeq }]);
    return { outcome: result.ok ? "succeeded" as const : "failed" as const, result };
  });
  if (!framed.ok) return err(refusalFailure(framed.error));
  const { result, run } = framed.value;
  if (result.ok) return ok({ kind: "changed", change, run });
  return err({ kind: "Store", message: `The loss was not settled: ${refusalText(result.error)}` });
}

/** What became of a call of before the loss may lie in the lost part. */
function unsettled(state: EnvironmentView, acceptedSeq: number): ProjectFailure | undefined {
  const open = [...state.openTokens.values()]
    .filter((address) => (state.resources.get(address)?.intent?.seq ?? acceptedSeq) < acceptedSeq)
    .toSorted(compareText);
  if (open.length === 0) return undefined;
  return {
    kind: "PlanRefused",
    message: `Cannot settle the loss: ${addressesText(open)} is still in doubt`,
    hint: "Settle each by smelt recover --done or --not-done",
  };
}

/** Reads all that the log holds, and lists what may have been made besides; a sentence for each thing that was found. */
async function lookAround(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  signal: AbortSignal,
): Promise<Result<readonly string[], ProjectFailure>> {
  const { environment: { journal: { state }, vault }, workspace, name } = opened;
  const registry = ports.registry(workspace.paths);
  const elsewhere = await otherAccountFailure({ state, registry }, signal);
  if (elsewhere !== undefined) return err(elsewhere);
  const reads = await readStored({ state, registry, vault, clock: ports.clock, only: undefined, signal });
  const missing = [...reads].flatMap(([address, read]) =>
    read.kind === "gone" ? [`${address} is gone`] : read.kind === "unread" ? [`${address}: ${read.why}`] : []
  );
  if (missing.length > 0) return err(notAllThere(missing));
  const tokens = await creationTokens(ports, workspace, name);
  if (!tokens.ok) return tokens;
  const strangers = await listStrangers({ state, tokens: tokens.value, signal }, registry);
  const count = `${reads.size} ${reads.size === 1 ? "object" : "objects"}`;
  return ok([`What the log holds was read and is there: ${count}`, ...strangers]);
}

function notAllThere(details: readonly string[]): ProjectFailure {
  return {
    kind: "PlanRefused",
    message: "Cannot settle the loss: not all that the log holds could be read and is there",
    details: details.toSorted(compareText),
    hint: "smelt apply, or apply --refresh-only, records what is gone",
  };
}

/** A type that cannot be listed is told, and does not keep from settling: its provider may never have been used. */
async function listStrangers(search: LostSearch, registry: Registry): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const { type, world } of registry.schemas) {
    const registered = registry.lookUp(type);
    if (world?.marker !== "token" || !registered.ok) continue;
    const found = await listTokenBearers(search, registered.value);
    if (!found.ok) texts.push(found.error.message);
    else if (found.value.length > 0) {
      const objects = found.value.map(({ id, name }) => name === undefined ? id : `${id} (${name})`);
      texts.push(`No address owns these objects of ${type}, made by smelt: ${objects.join(", ")}`);
    }
  }
  return texts;
}
