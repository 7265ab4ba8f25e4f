import { type ArrivalRefusal, arriveByImports, type Arrived, type MovesOutcome } from "../engine/arrivals.ts";
import type { Clock } from "../engine/clock.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { addressesToRead } from "../engine/plan_scope.ts";
import type { ReadResult } from "../engine/make_plan.ts";
import type { DesiredConfig, Origin } from "../engine/resource_config.ts";
import { isSettledAbsent } from "../engine/resource_state.ts";
import type { Registry } from "../providers/registry.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { Notice } from "./notice.ts";
import { readImports } from "./read_imports.ts";
import { readStored } from "./read_stored.ts";
import { wantDesired, type WantedResources } from "./want_desired.ts";

/** What a plan of the files is made on. */
export interface ArrivedConfig extends Arrived, WantedResources {
  readonly reads: ReadonlyMap<string, ReadResult>;
  /** Moves and imports that cannot be made. */
  readonly refused: readonly ArrivalRefusal[];
  /** Statements of which nothing is left to do. */
  readonly notices: readonly Notice[];
}

/** What bringing the state to where a plan begins needs. */
export interface ArriveParts {
  /** What the moves of `desired` make of the log. */
  readonly moved: MovesOutcome;
  readonly desired: DesiredConfig;
  readonly registry: Registry;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Whether stored resources are read from their providers. What is taken over is read in any case. */
  readonly refresh: "all" | "none";
  /** What the plan is about; only that, and what it takes to decide it, is read. Everything when `undefined`. */
  readonly targets: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal;
}

/** Brings what `import` names to its address beside what is moved, on a copy of the state, and reads what is there. */
export async function arrive(parts: ArriveParts): Promise<ArrivedConfig> {
  const { moved, desired, registry, vault, clock, signal } = parts;
  const { state } = moved;
  const stored = parts.refresh === "none" ? new Map<string, ReadResult>() : await readStored({
    state,
    registry,
    vault,
    clock,
    signal,
    only: parts.targets === undefined ? undefined : readScope(desired, state, parts.targets),
  });
  const wants = await wantDesired(desired, registry, vault, state);
  const { imports } = desired;
  const found = await readImports({ imports, state, wanted: wants.wanted, registry, vault, signal });
  return {
    ...wants,
    ...arriveByImports(moved, found.imports),
    reads: new Map([...stored, ...found.reads]),
    refused: [...moved.refused, ...found.refused],
    notices: [
      ...desired.moved.filter((each) =>
        moved.done.some(({ from, to }) => from === each.from && to === each.to)
      )
        .map((each) => doneNotice(`moved "${each.from}" to "${each.to}"`, each.origin)),
      ...found.done.map((each) => doneNotice(`import "${each.id}" to "${each.address}"`, each.origin)),
      ...desired.removed.filter(({ address }) => isGone(state, address))
        .map((each) => doneNotice(`removed "${each.address}"`, each.origin)),
    ],
  };
}

/** What it takes to decide about some addresses. */
export function readScope(
  desired: DesiredConfig,
  state: EnvironmentView,
  targets: ReadonlySet<string>,
): ReadonlySet<string> {
  const needs = new Map<string, readonly string[]>(
    desired.resources.map((each) => [each.address, each.needs.flatMap((need) => need.targets)]),
  );
  return addressesToRead(needs, state, targets);
}

function isGone(state: EnvironmentView, address: string): boolean {
  const known = state.resources.get(address);
  return known === undefined || isSettledAbsent(known);
}

function doneNotice(statement: string, { file, line }: Origin): Notice {
  return {
    kind: "StatementDone",
    message: `nothing is left to do for ${statement} (${file}:${line}) in this environment`,
  };
}
