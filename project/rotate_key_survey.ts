import { waitsFor } from "../actors/resolve_in_doubt.ts";
import type { KeyState, RunState } from "../engine/environment.ts";
import type { TrustedKey } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { OpenEnvironment, ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { readUnsaved } from "./read_unsaved.ts";
import { holderText } from "./refusal_text.ts";
import type { Workspace } from "./workspace.ts";

/** An environment that trusts a key of this machine. */
export interface Trusting {
  readonly name: string;
  readonly isProtected: boolean;
  /** The key that signs here, as the log has it. */
  readonly own: TrustedKey;
  /** Keys that this machine had before and that still sign there, by id. */
  readonly before: readonly string[];
}

/** The keys of this machine that a rotation is about. */
export interface RotatedKeys {
  /** The one that signs here. */
  readonly ownId: string;
  /** Those of before, by id, and the names of their files. */
  readonly retired: ReadonlyMap<string, string>;
}

/** The environments whose logs lie here and trust the key; a failure where one of them cannot be rotated now. */
export async function surveyRotation(
  ports: ProjectPorts,
  { config, paths }: Workspace,
  keys: RotatedKeys,
): Promise<Result<readonly Trusting[], ProjectFailure>> {
  const logs = new Set(await ports.listLogs(paths));
  const found: Trusting[] = [];
  for (const [name, { firstRecord }] of config.environments) {
    if (firstRecord === undefined || !logs.has(name)) continue;
    const looked = await look(ports, name, keys);
    if (!looked.ok) return looked;
    if (looked.value !== undefined) found.push(looked.value);
  }
  return ok(found);
}

/** What the log of an environment says of the key; `undefined` where it does not trust it. */
async function look(
  ports: ProjectPorts,
  environment: string,
  { ownId, retired }: RotatedKeys,
): Promise<Result<Trusting | undefined, ProjectFailure>> {
  const request = { environment, purpose: "read", tell: () => {} } as const;
  return await withEnvironment(ports, request, async (opened) => {
    const { state } = opened.environment.journal;
    const known = state.keys.get(ownId);
    if (known === undefined || known.isRevoked || state.facts?.isClosed) return ok(undefined);
    // Between the two halves of the exchange the key that signs has both names.
    const before = [...retired.keys()].filter((id) =>
      id !== ownId && state.keys.get(id)?.isRevoked === false
    );
    const refusal = await whyNot(opened, known, [ownId, ...before]);
    if (refusal !== undefined) return err(refusal);
    return ok({ name: environment, isProtected: opened.isProtected, own: known.key, before });
  });
}

/** What must be over first: the end of the old key would cut it off. */
async function whyNot(
  { name, environment, workspace }: ReadEnvironment,
  { key }: KeyState,
  ids: readonly string[],
): Promise<ProjectFailure | undefined> {
  const about = `Cannot rotate the key "${key.name}" (${key.id.slice(0, 8)})`;
  if (!key.roles.includes("admin")) {
    return {
      kind: "Keys",
      message: `${about}: in "${name}" it may not trust keys, as it has not the role "admin"`,
      hint:
        "smelt keys create NAME makes another key, which an admin adds by smelt keys add before revoking this one",
    };
  }
  const run = await liveRunOf(environment, ids);
  if (run !== undefined) {
    return {
      kind: "RunLive",
      message: `${about}: a run that it signs is at work in "${name}": ${holderText(run)}`,
      hint: "Wait for its end, or end it by smelt unlock where its process is gone",
    };
  }
  const { outcomes } = await readUnsaved(workspace.paths.unsavedFolder, environment);
  if (!outcomes.some((event) => waitsFor(environment.journal.state, event))) return undefined;
  return {
    kind: "RunLive",
    message: `${about}: outcomes that it has signed wait to be appended to "${name}"`,
    hint: `Run: smelt recover ${name}`,
  };
}

/** A run of one of these keys that may be at work: not one whose process is gone, as of a rotation that was cut short. */
async function liveRunOf(
  { journal, locks }: OpenEnvironment,
  ids: readonly string[],
): Promise<RunState | undefined> {
  for (const [run, state] of journal.state.liveRuns) {
    if (ids.includes(state.keyId) && await locks.look(run) !== "free") return state;
  }
  return undefined;
}
