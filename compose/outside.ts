import type { Clock } from "../engine/clock.ts";
import type { Random } from "../engine/random.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import type { ReadVariable } from "../project/project_paths.ts";
import type { StoredSecrets } from "./stored_secrets.ts";

/** What the adapters are made with. */
export interface Outside {
  readonly clock: Clock;
  readonly random: Random;
  readonly readVariable: ReadVariable;
  /** The secrets that this process has met. */
  readonly secrets: SecretRegister;
  /** Those of the open environments that it could still meet. */
  readonly stored: StoredSecrets;
  /** The name of this machine. */
  readonly host: string;
}
