import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import type { Provider } from "../provider.ts";
import { cloudProvider } from "./cloud_provider.ts";
import { fileStore } from "./file_store.ts";
import { simSchema } from "./sim_schema.ts";
import { SIM_TYPES } from "./sim_types.ts";

/** What the sim cloud is reached with. */
export interface SimWorld {
  /** Where its journal lies; shared by all processes that name it. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
  /** The fault rules in force now, as JSON text; asked before each call. `faultsFrom` makes one. */
  faults(): string | undefined;
}

/** What may be set otherwise. */
export interface SimOptions {
  /** Milliseconds for which a database comes, and for which it goes. */
  readonly databaseMs?: number;
  /** Milliseconds that the schemas say a read or a list may lag behind. */
  readonly settleMs?: number;
  /** Told of the key of the account when it is read or made, so that it is shown nowhere. */
  readonly noteKey?: (key: Uint8Array) => void;
}

/** Milliseconds that a database takes, unless an option says otherwise. */
export const DATABASE_MS = 150;

/** Makes the provider of the embedded cloud whose truth lies in files under `folder`. */
export function simProvider(world: SimWorld, options: SimOptions = {}): Provider {
  const { folder, clock, random } = world;
  const { databaseMs = DATABASE_MS, settleMs = 0, noteKey = () => {} } = options;
  return cloudProvider({
    store: fileStore({ folder, clock, random, noteKey }),
    clock,
    random,
    schemas: SIM_TYPES.map((type) => simSchema(type, settleMs)),
    permissions: [{ kind: "read", target: folder }, { kind: "write", target: folder }],
    databaseMs,
    faults: () => world.faults(),
    crash: killThisProcess,
  });
}

/** Ends this process as a power cut would: nothing is flushed, nothing is cleaned up. */
function killThisProcess(): Promise<never> {
  Deno.kill(Deno.pid, "SIGKILL");
  return new Promise<never>(() => {});
}
