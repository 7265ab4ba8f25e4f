import { ok, type Result } from "../engine/result.ts";
import type { ClearVariable } from "./clear_variable.ts";
import { blobKey, dataKeyHistory } from "./data_key_history.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { withEnvironment } from "./read_environment.ts";
import type { StoredKeyForm } from "./secret_store.ts";
import { readCiphertexts } from "./source_ciphertexts.ts";
import { openConfigured } from "./workspace.ts";

/** `active`: secrets go under it. `retiring`: a rotation is to end it. `dropped`: it has ended. `unknown`: the log never named it. */
export type DataKeyStanding = "active" | "retiring" | "dropped" | "unknown";

/** One data key of an environment. */
export interface DataKeyStatus {
  readonly id: string;
  readonly standing: DataKeyStanding;
  /** Whether it is here, and how it lies. */
  readonly form: StoredKeyForm;
  readonly blobCount: number;
  /** Ciphertexts under it in the files: their places, as `file:line:column`. */
  readonly ciphertexts: readonly string[];
}

/** How the secrets of an environment are kept. */
export interface SecretStatus {
  readonly environment: string;
  /** The active one first. */
  readonly keys: readonly DataKeyStatus[];
  readonly digestKey: StoredKeyForm;
  /** Where secrets stand in clear in the files, whatever the environment. */
  readonly plain: readonly string[];
  /** Environment variables that the files take in clear, and that are secrets by their names. */
  readonly variables: readonly ClearVariable[];
}

/** Tells which keys an environment has, and what is under each. Needs no key, and appends nothing. */
export async function secretStatus(
  ports: ProjectPorts,
  environment: string | undefined,
): Promise<Result<SecretStatus, ProjectFailure>> {
  return await withEnvironment(
    ports,
    { environment, purpose: "read", tell: () => {} },
    async ({ workspace, chosen, name, environment: { journal, secretStore } }) => {
      const log = await ports.readLog(workspace.paths, chosen);
      if (!log.ok) return log;
      const { active, retiring, dropped } = dataKeyHistory(log.value);
      const here = await secretStore.keys();
      const counts = Map.groupBy(await secretStore.blobs(), blobKey);
      const { found, plain, variables } = await readCiphertexts(workspace);
      const known = [active, ...retiring, ...dropped];
      const standingOf = (id: string): DataKeyStanding =>
        id === active
          ? "active"
          : retiring.includes(id)
          ? "retiring"
          : dropped.includes(id)
          ? "dropped"
          : "unknown";
      const ids = [...new Set([...known, ...here])];
      const keys = await Promise.all(ids.map(async (id) => ({
        id,
        standing: standingOf(id),
        form: await secretStore.keyForm(id),
        blobCount: counts.get(id)?.length ?? 0,
        ciphertexts: found.filter(({ dataKey }) => dataKey === id).map(({ origin }) => origin),
      })));
      return ok({
        environment: name,
        keys,
        digestKey: await secretStore.keyForm(journal.state.facts?.opened.digestKey ?? ""),
        plain,
        variables,
      });
    },
  );
}

/** The environments of a project that have a log. */
export async function environmentsWithLog(
  ports: ProjectPorts,
): Promise<Result<readonly string[], ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { environments } = workspace.value.config;
  return ok([...environments].flatMap(([name, { firstRecord }]) => firstRecord === undefined ? [] : [name]));
}
