import { resolve } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { withEnvironment } from "./read_environment.ts";
import { isHere } from "./secret_store.ts";

/** The keys of an environment's secrets, all of which are here. */
export interface PresentKeys {
  readonly environment: string;
  readonly dataKey: string;
  readonly digestKey: string;
  /** The ids of those that were taken from the copies. */
  readonly restored: readonly string[];
}

/**
 * Makes sure that the keys of an environment's secrets are here, taking those that lack from `copies`, a folder of key files. It
 * makes none: `init` has made them, and a new key opens nothing of what there is.
 */
export async function restoreSecretKeys(
  ports: ProjectPorts,
  { environment, copies }: { readonly environment: string | undefined; readonly copies: string | undefined },
): Promise<Result<PresentKeys, ProjectFailure>> {
  return await withEnvironment(
    ports,
    { environment, purpose: "read", tell: () => {} },
    async ({ name, environment: { journal, secretStore } }) => {
      const { facts } = journal.state;
      const dataKey = facts?.activeDataKey ?? "";
      const digestKey = facts?.opened.digestKey ?? "";
      const present = { environment: name, dataKey, digestKey };
      if (copies !== undefined) {
        const restored = await secretStore.restoreKeys(resolve(ports.workingFolder, copies), {
          dataKey,
          digestKey,
        });
        return restored.ok ? ok({ ...present, restored: restored.value }) : restored;
      }
      const lacking = [
        ...(isHere(await secretStore.keyForm(dataKey)) ? [] : [`the data key ${dataKey}`]),
        ...(isHere(await secretStore.keyForm(digestKey)) ? [] : [`the digest key ${digestKey}`]),
      ];
      if (lacking.length === 0) return ok({ ...present, restored: [] });
      return err({
        kind: "Keys",
        message: `The keys of "${name}" are not all here: ${lacking.join(" and ")} ${
          lacking.length === 1 ? "lacks" : "lack"
        }`,
        hint:
          "smelt secrets init --from FOLDER takes them from a folder of copies; a new key would open nothing",
      });
    },
  );
}
