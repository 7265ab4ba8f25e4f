import { findAccounts } from "../actors/run_accounts.ts";
import { formatInstant } from "../engine/clock.ts";
import { invariant } from "../engine/invariant.ts";
import { isTouched, type Plan } from "../engine/plan.ts";
import type { PlanSeed } from "../engine/plan_seed.ts";
import { replan, type Replanned } from "../engine/replan.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { movedSince } from "../engine/run_logic_claims.ts";
import { readDuration } from "../lang/annotation_meaning_duration.ts";
import { fileErrorReason } from "./_file_error.ts";
import { accountFailure, runWorld } from "./apply_project.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { Notice } from "./notice.ts";
import { afterLoss } from "./plan_after_loss.ts";
import { basisDigests } from "./plan_basis.ts";
import type { ShownPlan } from "./plan_project.ts";
import { LONGEST_PLAN_LIFETIME_MS } from "./plan_terms.ts";
import { planSource } from "./plan_source.ts";
import { type PlanRequest, type PreparedPlan, preparePlan, schemasOf } from "./prepare_plan.ts";
import type { OpenEnvironment, ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { replaceFile } from "./replace_file.ts";
import { encodeSeed } from "./saved_plan_codec.ts";
import { inFolder, readPlanFile, SAVED_PLAN_SCHEMA, type SavedPlanBody } from "./saved_plan_file.ts";
import { sealSeed } from "./seal_plan.ts";
import { VERSION } from "./version.ts";

/** How long a saved plan may be carried out when nobody says otherwise, in milliseconds. */
export const DEFAULT_PLAN_LIFETIME_MS = 24 * 3_600_000;

/** Reads a time such as `30m` or `72h` as milliseconds; `undefined` when it is none, zero, or more than 720 hours. */
export function planLifetimeMs(text: string): number | undefined {
  return readDuration(text, LONGEST_PLAN_LIFETIME_MS);
}

/** What a plan to be saved is asked for. */
export interface SavePlanRequest extends Omit<PlanRequest, "environment"> {
  readonly environment: string | undefined;
  /** The file, relative to the working folder. */
  readonly path: string;
  readonly lifetimeMs: number;
}

/** A plan, and what became of saving it. */
export interface SavedPlan extends ShownPlan {
  /** `undefined` when it cannot be applied, and so was not saved. */
  readonly saved:
    | {
      readonly path: string;
      readonly expiresAt: string;
      /** The account that each provider of it reached, by provider. */
      readonly accounts: ReadonlyMap<string, string>;
      /** How many others have to approve it first. */
      readonly approvals: number;
    }
    | undefined;
}

/** Makes a plan, and signs it into a file from which `apply` can carry it out. Appends nothing to the log. */
export async function savePlan(
  ports: ProjectPorts,
  request: SavePlanRequest,
): Promise<Result<SavedPlan, ProjectFailure | ConfigFailure>> {
  const refusal = await overwriteRefusal(ports, request.path);
  if (refusal !== undefined) return err(refusal);
  const notices: Notice[] = [];
  return await withEnvironment(
    ports,
    { environment: request.environment, purpose: "write", tell: (notice) => void notices.push(notice) },
    async (opened) => {
      const source = await planSource(opened.environment);
      const planning = { ...request, environment: opened.name };
      const signal = new AbortController().signal;
      const prepared = await afterLoss(preparePlan)(ports, opened.workspace, source, planning, signal);
      if (!prepared.ok) return prepared;
      const plan = prepared.value;
      const shown = { ...plan, isInitialised: true, notices: [...notices, ...plan.notices] };
      if (plan.problems.length > 0 || plan.held.length > 0) return ok({ ...shown, saved: undefined });
      const written = await writePlan(ports, opened, request, plan);
      if (!written.ok) return written;
      return ok({ ...shown, ...asSaved(plan, written.value.replanned), saved: written.value.saved });
    },
  );
}

/** What was written, and what whoever opens it makes of it. */
interface WrittenPlan {
  readonly saved: SavedPlan["saved"];
  readonly replanned: Replanned;
}

async function writePlan(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { path, lifetimeMs, files }: SavePlanRequest,
  { plan, seed, basis, registry }: PreparedPlan,
): Promise<Result<WrittenPlan, ProjectFailure>> {
  const { environment, name } = opened;
  invariant(seed !== undefined, "Only plans of the files are saved");
  const accounts = await accountsOf(ports, opened, plan);
  if (!accounts.ok) return accounts;
  const sealed = await sealUnderActiveKey(environment, seed);
  const before = environment.journal.state;
  const moved = movedSince(plan, before);
  if (moved.length > 0) return err(overtaken(path, moved));
  const replanned = replan(sealed, { ...plan, before, schemas: schemasOf(registry) });
  invariant(replanned.ok, "A plan follows from what it was made of");
  const now = ports.clock.wallMs();
  const body: SavedPlanBody = {
    schema: SAVED_PLAN_SCHEMA,
    smelt: VERSION,
    environment: name,
    head: { seq: plan.madeOn.seq, hash: plan.madeOn.hash },
    madeAt: formatInstant(now),
    expiresAt: formatInstant(now + lifetimeMs),
    files,
    basis: await basisDigests(environment.vault, name, basis),
    accounts: Object.fromEntries(accounts.value),
    plan: encodeSeed(sealed),
  };
  const bytes = await environment.signPlan({ ...body, head: { ...body.head } });
  const written = await replaceFile(inFolder(ports.workingFolder, path), bytes, { mode: 0o600 });
  if (!written.ok) return written;
  const { expiresAt } = body;
  const saved = { path, expiresAt, accounts: accounts.value, approvals: opened.policy.approvals };
  return ok({ saved, replanned: replanned.value });
}
/**
 * Seals what the plan holds, under the key that is active when the file is written: a rotation encrypts anew what it finds, and
 * blobs that are stored under its old key after that would go with it.
 */
async function sealUnderActiveKey(
  { journal, vault }: Pick<OpenEnvironment, "journal" | "vault">,
  seed: PlanSeed,
): Promise<PlanSeed> {
  await journal.refresh();
  const { dataKey } = vault;
  const sealed = await sealSeed(vault, seed);
  await journal.refresh();
  // Each turn is one more rotation, so that this comes to an end.
  return vault.dataKey === dataKey ? sealed : await sealUnderActiveKey({ journal, vault }, seed);
}

/** The plan as it reads for whoever opens the file, with what it leaves alone beside, and with what surveys told besides. */
function asSaved(
  { plan, summary }: PreparedPlan,
  { plan: saved, steps, summary: { unchanged: _, ...counts } }: Replanned,
): Pick<PreparedPlan, "plan" | "steps" | "summary"> {
  const byAddress = new Map(saved.resources.map((each) => [each.address, each]));
  const resources = plan.resources.map((each) => ({
    ...byAddress.get(each.address) ?? each,
    reasons: each.reasons,
  }));
  return { plan: { ...plan, resources }, steps, summary: { ...summary, ...counts } };
}

function overtaken(path: string, moved: readonly string[]): ProjectFailure {
  return {
    kind: "Stale",
    message: `The plan was not saved to "${path}": what it rests on has changed while it was made`,
    details: moved.map((address) => `${address} has changed`),
    hint: "Plan again",
  };
}

/** The accounts that the providers of a plan reach now. */
export async function accountsOf(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  plan: Plan,
): Promise<Result<ReadonlyMap<string, string>, ProjectFailure>> {
  const signal = new AbortController().signal;
  const world = runWorld(ports, opened, { parallelism: 1, why: undefined }, {
    progress: () => {},
    interrupts: { stop: signal, leave: signal },
  });
  const found = await findAccounts(world, new Set(plan.resources.filter(isTouched).map(({ type }) => type)));
  return found.ok ? found : err(accountFailure(found.error));
}

/** Only what is a saved plan is replaced by another: a slip of the pen must not cost a file. */
async function overwriteRefusal(ports: ProjectPorts, path: string): Promise<ProjectFailure | undefined> {
  const full = inFolder(ports.workingFolder, path);
  try {
    await Deno.lstat(full);
  } catch (error) {
    // What keeps it from being looked at keeps it from being written, and is told there.
    if (error instanceof Error) return undefined;
    throw error;
  }
  // A device or a pipe may read as empty, or never end; replacing one would take it from the whole machine.
  const there = await isPlainFile(full) ? await readPlanFile(ports.workingFolder, path) : undefined;
  if (there?.ok && (there.value.claims !== undefined || there.value.bytes.length === 0)) return undefined;
  return {
    kind: "Store",
    message: `Cannot write the plan to "${path}": it is there already, and is no saved plan`,
    hint: "Choose another name, or remove it",
  };
}

async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (fileErrorReason(error) === undefined) throw error;
    return false;
  }
}
