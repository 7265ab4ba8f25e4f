import type { Random } from "../../engine/random.ts";
import type { ResourceSchema } from "../../engine/schema.ts";
import type { PermissionNeed } from "../provider.ts";
import type { FaultyWorld } from "./faulty_call.ts";

/** What a sim cloud is made of. */
export interface CloudWorld extends FaultyWorld {
  readonly random: Random;
  readonly schemas: readonly ResourceSchema[];
  readonly permissions: readonly PermissionNeed[];
  /** Milliseconds for which a database comes, and for which it goes. */
  readonly databaseMs: number;
}
