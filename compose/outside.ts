import type { Clock } from "../engine/clock.ts";
import type { Random } from "../engine/random.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import type { ReadVariable } from "../project/project_paths.ts";

/** What the adapters are made with. */
export interface Outside {
  readonly clock: Clock;
  readonly random: Random;
  readonly readVariable: ReadVariable;
  /** The secrets that this process has met. */
  readonly secrets: SecretRegister;
  /** The name of this machine. */
  readonly host: string;
}
