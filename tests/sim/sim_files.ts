import { type Arrival, arriveByImports, arriveByMoves, type Move } from "../../engine/arrivals.ts";
import { ownerKey } from "../../engine/environment.ts";
import type { LiveFacts } from "../../engine/plan.ts";
import type { Imported } from "../../engine/resource_event.ts";
import { isSettledAbsent } from "../../engine/resource_state.ts";
import { record } from "../../engine/value.ts";
import { encodeRecord } from "../../engine/value_codec.ts";
import type { RunOrder } from "../../actors/engine_run.ts";
import type { ReadResult } from "../../engine/make_plan.ts";
import type { Provider } from "../../providers/provider.ts";
import type { Journal } from "../../store/journal_port.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import type { ToyCloud } from "../support/toy_cloud.ts";
import { planArrived, type ToyResource, type ToyStack } from "../support/toy_plan.ts";
import { editStack, makeStack } from "./sim_stack.ts";

/** The account of the toy cloud. */
const ACCOUNT = "account-1";
/** Tokens of objects that no intent made begin so. */
export const FOREIGN = "by hand";

/** What the files of a simulation say. */
export interface SimFiles {
  readonly stack: ToyStack;
  /** Statements that stay in the files when they are done. */
  readonly moves: readonly Move[];
  /** Ids of objects that were made by hand and are to be taken over, by address. */
  readonly imports: ReadonlyMap<string, string>;
}

/** Makes the files that a simulation begins with. */
export function makeFiles(random: SeededRandom): SimFiles {
  return { stack: makeStack(random), moves: [], imports: new Map() };
}

/** Edits the resources, or gives one another address. */
export function editFiles(random: SeededRandom, files: SimFiles): SimFiles {
  if (!random.percent(15)) return { ...files, stack: editStack(random, files.stack) };
  const from = random.pick(Object.keys(files.stack));
  const to = `r.v${random.below(1_000)}`;
  // Who has other files makes the name anew under the old address while the moved one lives: what then holds a unique name
  // only a person can tell.
  if (files.stack[from]?.type === "toy.Name") return files;
  if (to in files.stack || files.moves.some((each) => each.from === to)) return files;
  return { ...files, stack: renamed(files.stack, from, to), moves: [...files.moves, { from, to }] };
}

/** Makes an object by hand, as people do, and writes that it is to be taken over. */
export function addForeign(random: SeededRandom, files: SimFiles, cloud: ToyCloud): SimFiles {
  const address = `r.i${files.imports.size}`;
  if (address in files.stack) return files;
  const fields = { name: `name of ${address}`, size: random.below(100), zone: "north" };
  const token = `${FOREIGN} ${files.imports.size}`;
  const { id } = cloud.plant("toy.Token", record(Object.entries(fields)), token);
  const resource: ToyResource = { type: "toy.Token", fields: { ...fields, size: random.below(100) } };
  return {
    ...files,
    stack: { ...files.stack, [address]: resource },
    imports: new Map([...files.imports, [address, id]]),
  };
}

function renamed(stack: ToyStack, from: string, to: string): ToyStack {
  const rename = (need: string) => need.startsWith(`${from}.`) ? `${to}${need.slice(from.length)}` : need;
  return Object.fromEntries(
    Object.entries(stack).map(([address, each]) => [address === from ? to : address, {
      ...each,
      ...(each.needs === undefined ? {} : {
        needs: Object.fromEntries(Object.entries(each.needs).map(([name, need]) => [name, rename(need)])),
      }),
      ...(each.triggers === undefined ? {} : { triggers: each.triggers.map(rename) }),
    }]),
  );
}

/**
 * Plans the files as the project does: moves first, then imports. `undefined`: something that is to be taken over cannot be
 * seen, or a call to it is open, and nothing is planned. A move that finds its new address taken is given up, as a person would.
 */
export async function planFiles(
  journal: Journal,
  provider: Provider,
  { stack, moves, imports }: SimFiles,
): Promise<RunOrder | undefined> {
  const moved = arriveByMoves(journal.state, moves);
  const open = new Set(journal.state.openTokens.values());
  const waits = moved.refused.some(({ address }) =>
    moves.some(({ from, to }) => to === address && (open.has(from) || open.has(to)))
  );
  if (waits) return undefined;
  const arrived = moved.refused.length > 0 ? { state: journal.state, arrivals: new Map() } : moved;
  const coming = new Map<string, Coming>();
  const reads = new Map<string, ReadResult>();
  for (const [address, id] of imports) {
    const wanted = stack[address];
    const held = arrived.state.resources.get(address);
    // What was read for the import may have been old news: the next plan looks again.
    if (wanted !== undefined && held?.object?.id === id && await isGone(provider, wanted.type, id)) {
      reads.set(address, { kind: "gone" });
    }
    const isOwned = (journal.state.owners.get(ownerKey("toy.Token", ACCOUNT, id))?.size ?? 0) > 0;
    if (wanted === undefined || isOwned || (held !== undefined && !isSettledAbsent(held))) continue;
    const read = await provider.read(
      { type: wanted.type, id, applied: record() },
      new AbortController().signal,
    );
    if (!read.ok) return undefined;
    // Somebody has taken it over and deleted it since.
    if (read.value === undefined && held === undefined) return undefined;
    if (read.value !== undefined) {
      coming.set(address, comingOf(address, wanted, { precondition: undefined, ...read.value }));
    }
  }
  return planArrived(journal, arriveByImports(arrived, coming), { stack, reads });
}

async function isGone(provider: Provider, type: string, id: string): Promise<boolean> {
  const read = await provider.read({ type, id, applied: record() }, new AbortController().signal);
  return read.ok && read.value === undefined;
}

/** An object on its way to an address. */
interface Coming {
  readonly event: Imported;
  readonly arrival: Arrival;
}

function comingOf(
  address: string,
  { type: resourceType, fields = {} }: ToyResource,
  facts: LiveFacts,
): Coming {
  const living = Object.keys(fields).flatMap((name) => {
    const value = facts.fields[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const inputs = record(living);
  const type = { resourceType, schemaVersion: 1 };
  return {
    arrival: { kind: "imported", ...type, facts, inputs },
    event: {
      type: "Imported",
      address,
      id: facts.id,
      ...type,
      account: ACCOUNT,
      inputs: encodeRecord(inputs),
      fields: {},
      outputs: {},
    },
  };
}
