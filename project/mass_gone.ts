import type { EnvironmentView } from "../engine/environment.ts";
import type { ReadResult } from "../engine/make_plan.ts";
import type { Provider } from "../providers/provider.ts";
import type { Registry } from "../providers/registry.ts";
import { askAccount } from "./ask_account.ts";
import type { ProjectFailure } from "./failure.ts";

/** More gone than this many, and than this part of what was read, is more likely a wrong account than a loss. */
const MOST_GONE = 3;
const MOST_GONE_PART = 0.3;

/** What was read of what the log holds. */
interface Reading {
  readonly state: EnvironmentView;
  readonly reads: ReadonlyMap<string, ReadResult>;
  readonly registry: Registry;
  readonly signal: AbortSignal;
}

/**
 * Why nothing is planned on reads that did not find most of what a provider held: with the credentials of another account every
 * object looks gone, and a plan would make all of them a second time. `undefined` when all is well, or `allow`.
 */
export async function massGoneFailure(
  reading: Reading,
  massGone: "allow" | "refuse" | undefined,
): Promise<ProjectFailure | undefined> {
  if (massGone === "allow") return undefined;
  for (const [provider, { goneCount, readCount }] of countGone(reading)) {
    if (goneCount <= MOST_GONE || goneCount <= readCount * MOST_GONE_PART) continue;
    return {
      kind: "PlanRefused",
      message: `${goneCount} of ${readCount} objects of the provider "${provider.name}" were not found: ` +
        "nothing was planned",
      details: await accountDetails(reading, provider),
      hint: "Check the credentials and the account; where the objects are gone indeed, give --allow-gone",
    };
  }
  return undefined;
}

interface GoneCount {
  readonly goneCount: number;
  readonly readCount: number;
}

function countGone({ state, reads, registry }: Reading): ReadonlyMap<Provider, GoneCount> {
  const counts = new Map<Provider, GoneCount>();
  for (const [address, read] of reads) {
    const found = registry.lookUp(state.resources.get(address)?.object?.type ?? "");
    if (!found.ok || read.kind === "unread") continue;
    const { provider } = found.value;
    const { goneCount, readCount } = counts.get(provider) ?? { goneCount: 0, readCount: 0 };
    counts.set(provider, {
      goneCount: goneCount + (read.kind === "gone" ? 1 : 0),
      readCount: readCount + 1,
    });
  }
  return counts;
}

async function accountDetails({ state, signal }: Reading, provider: Provider): Promise<readonly string[]> {
  const bound = state.accounts.get(provider.name);
  const reached = await askAccount(provider, signal);
  return [
    reached.ok
      ? `Reads went to the account "${reached.value}"`
      : `Which account reads went to cannot be told: ${reached.error.message}`,
    ...(bound === undefined ? [] : [`The log binds this environment to the account "${bound}"`]),
  ];
}
