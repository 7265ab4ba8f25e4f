import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import type { Provider } from "../provider.ts";
import { cloudProvider } from "./cloud_provider.ts";
import type { Ledger } from "./ledger.ts";
import { memoryStore } from "./memory_store.ts";
import { DATABASE_MS, type SimOptions } from "./sim_provider.ts";
import { simSchema } from "./sim_schema.ts";
import { SIM_TYPES } from "./sim_types.ts";

/** The sim cloud in memory: the same rules and faults, for tests that own their clock. */
export interface MemorySim extends Provider {
  /** Everything that ever was in it. */
  ledger(): Ledger;
}

/** What it is made with. The clock is the cloud's own. */
export interface MemorySimWorld {
  readonly clock: Clock;
  readonly random: Random;
  /** The fault rules in force now, as JSON text; asked before each call. */
  faults(): string | undefined;
  /** Ends the engine that calls; never settles. Unless given, a call that crashes is never answered. */
  crash?(): Promise<never>;
}

/** Makes an empty cloud in memory. It outlives the engines that call it. */
export function memorySim(world: MemorySimWorld, options: SimOptions = {}): MemorySim {
  const { clock, random } = world;
  const { databaseMs = DATABASE_MS, settleMs = 0 } = options;
  const store = memoryStore(clock, random);
  const provider = cloudProvider({
    store,
    clock,
    random,
    schemas: SIM_TYPES.map((type) => simSchema(type, settleMs)),
    permissions: [],
    databaseMs,
    faults: () => world.faults(),
    crash: () => world.crash?.() ?? new Promise<never>(() => {}),
  });
  return { ...provider, ledger: () => store.ledger() };
}
