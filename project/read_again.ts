/**
 * What a saved plan says of what lives, held against what lives. Whoever has signed the file need not have read it, and a lie
 * would have the change of one field shown and others sent with it, or a change by hand overwritten.
 */
import { storedAddress } from "../engine/address.ts";
import { arriveByMoves } from "../engine/arrivals.ts";
import { clearValue } from "../engine/clear_value.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import type { ReadResult } from "../engine/make_plan.ts";
import type { LiveFacts } from "../engine/plan.ts";
import type { PlanSeed } from "../engine/plan_seed.ts";
import { wantedIn } from "../engine/seed_fault.ts";
import { compareText } from "../engine/text_order.ts";
import { equalValues, type Value, type ValueRecord } from "../engine/value.ts";
import type { Registry } from "../providers/registry.ts";
import { openValue } from "../trust/taint.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { ProjectFailure } from "./failure.ts";
import { stalePlan } from "./open_saved_plan.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readImports } from "./read_imports.ts";
import { readStored } from "./read_stored.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import type { UntrustedPlanFile } from "./saved_plan_file.ts";

/** What a saved plan says of what lives. */
export interface ToldPlan {
  readonly file: UntrustedPlanFile;
  readonly seed: PlanSeed;
}

/** Why a saved plan is not carried out: something lives otherwise than it says, or cannot be read. Costs a read for each thing that it tells. */
export async function readAgainRefusal(
  ports: ProjectPorts,
  { environment, workspace }: ReadEnvironment,
  { file, seed }: ToldPlan,
  signal: AbortSignal,
): Promise<ProjectFailure | undefined> {
  const { journal, vault } = environment;
  const registry = ports.registry(workspace.paths);
  const parts = { ports, registry, vault, signal, seed, state: movedState(seed, journal.state) };
  const findings = [...await readToldAgain(parts), ...await takenOverAgain(parts)]
    .sort((a, b) => compareText(a.address, b.address));
  const unread = findings.filter((each) => each.kind === "unread");
  if (unread.length > 0) return unreadable(file, unread.map(({ address, why }) => `${address}: ${why}`));
  if (findings.length === 0) return undefined;
  return stalePlan(file, findings.map(({ address, why }) => `${address} ${why}`));
}

/** What is read again, and how. */
interface AgainParts {
  readonly ports: ProjectPorts;
  readonly registry: Registry;
  readonly vault: Vault;
  readonly signal: AbortSignal;
  readonly seed: PlanSeed;
  /** With what the plan moves in place. */
  readonly state: EnvironmentView;
}

interface Finding {
  readonly kind: "other" | "unread";
  readonly address: string;
  readonly why: string;
}

function movedState({ resources }: PlanSeed, state: EnvironmentView): EnvironmentView {
  const moves = resources.flatMap(({ address: to, arrival }) =>
    arrival?.kind === "moved" ? [{ from: arrival.from, to }] : []
  );
  return arriveByMoves(state, moves).state;
}

async function readToldAgain(parts: AgainParts): Promise<readonly Finding[]> {
  const { seed, vault, ports: { clock } } = parts;
  const told = new Map<string, LiveFacts | null>();
  for (const { address, read } of [...seed.resources, ...seed.beside]) {
    if (read !== undefined) told.set(address, read);
  }
  if (told.size === 0) return [];
  const reads = await readStored({ ...parts, clock, only: new Set(told.keys()) });
  const findings: Finding[] = [];
  for (const [address, facts] of told) {
    findings.push(...await compared(vault, { address, told: facts, found: reads.get(address) }));
  }
  return findings;
}

/** Objects that the plan takes over are read by the ids that it has for them. */
async function takenOverAgain(
  { seed, state, registry, vault, signal }: AgainParts,
): Promise<readonly Finding[]> {
  const told = seed.resources.flatMap(({ address, arrival }) =>
    arrival?.kind === "imported" ? [{ address, facts: arrival.facts }] : []
  );
  if (told.length === 0) return [];
  const imports = told.map(({ address, facts }) => ({
    id: facts.id,
    address: storedAddress(address),
    origin: { file: "", line: 0, column: 0 },
  }));
  const found = await readImports({ imports, state, wanted: wantedIn(seed), registry, vault, signal });
  const findings: Finding[] = found.refused.map(({ address, what, why }) => ({
    kind: "other",
    address,
    why: `cannot be taken over, ${what}: ${why}`,
  }));
  for (const { address, facts } of told) {
    const read = found.reads.get(address);
    if (read !== undefined) findings.push(...await compared(vault, { address, told: facts, found: read }));
  }
  return findings;
}

interface Told {
  readonly address: string;
  readonly told: LiveFacts | null;
  readonly found: ReadResult | undefined;
}

async function compared(vault: Vault, { address, told, found }: Told): Promise<readonly Finding[]> {
  if (found === undefined) return [{ kind: "unread", address, why: "a call to it is open" }];
  if (found.kind === "unread") return [{ kind: "unread", address, why: found.why }];
  if (found.kind === "gone") return told === null ? [] : [{ kind: "other", address, why: "is gone" }];
  if (told === null) return [{ kind: "other", address, why: "lives, and the plan says that it is gone" }];
  const names = await otherNames(vault, told, found.facts);
  if (names.length === 0) return [];
  return [{ kind: "other", address, why: `lives otherwise than the plan says: ${names.join(", ")}` }];
}

async function otherNames(vault: Vault, told: LiveFacts, found: LiveFacts): Promise<readonly string[]> {
  const outputs = await otherKeys(vault, told.outputs, found.outputs);
  return [
    ...(told.id === found.id ? [] : ["id"]),
    ...await otherKeys(vault, told.fields, found.fields),
    ...outputs.map((name) => `output ${name}`),
    ...(told.precondition === found.precondition ? [] : ["its precondition"]),
  ];
}

async function otherKeys(vault: Vault, told: ValueRecord, found: ValueRecord): Promise<readonly string[]> {
  const names = [...new Set([...Object.keys(told), ...Object.keys(found)])].sort(compareText);
  const others: string[] = [];
  for (const name of names) {
    const [one, two] = [told[name], found[name]];
    const isSame = one !== undefined && two !== undefined && await isSameValue(vault, one, two);
    if (!isSame) others.push(name);
  }
  return others;
}

/** The same secret may lie in two blobs, be open here and sealed there. */
async function isSameValue(vault: Vault, one: Value, two: Value): Promise<boolean> {
  if (equalValues(one, two)) return true;
  return equalValues(clearValue(await openValue(vault, one)), clearValue(await openValue(vault, two)));
}

function unreadable({ path }: UntrustedPlanFile, details: readonly string[]): ProjectFailure {
  return {
    kind: "Provider",
    message: `Cannot hold the plan in "${path}" against what lives: no call that changes anything was made`,
    details,
    hint: "Try again, or plan again",
  };
}
