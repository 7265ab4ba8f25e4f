import type { EnvironmentOpened, KeyRole, TrustedKey } from "../engine/environment_event.ts";
import { type Random, randomId } from "../engine/random.ts";

/** What the key of whoever creates an environment may sign: all there is, until other keys are trusted. */
export const OWNER_ROLES: readonly KeyRole[] = ["admin", "apply", "approve"];

/** What the first record of a new environment says, beside its own random bits. */
export interface Genesis {
  /** The id of the project, as `smelt.toml` has it. */
  readonly project: string;
  readonly environment: string;
  /** The key that signs the record, the first and only one that the log trusts. */
  readonly owner: Omit<TrustedKey, "roles">;
  /** The data key and the digest key of its secrets, by id. */
  readonly dataKey: string;
  readonly digestKey: string;
}

/**
 * Makes the one event of record 1. Its nonce makes every opening another log, also of a project, name and keys that were
 * there before. `createLog` of `store/` signs and stores it; the hash of the record is the stream and the first pin.
 */
export function genesis(what: Genesis, random: Random): EnvironmentOpened {
  const { project, environment, owner, dataKey, digestKey } = what;
  return {
    type: "EnvironmentOpened",
    project,
    environment,
    nonce: randomId(random),
    keys: [{ ...owner, roles: OWNER_ROLES }],
    dataKey,
    digestKey,
  };
}
