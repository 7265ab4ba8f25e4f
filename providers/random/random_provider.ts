import type { Random } from "../../engine/random.ts";
import type { Provider } from "../provider.ts";
import { providerOfTypes } from "../type_adapter.ts";
import { idType } from "./id_type.ts";
import { passwordType } from "./password_type.ts";
import { petType } from "./pet_type.ts";
import { uuidType } from "./uuid_type.ts";

/** The provider `random`: values drawn once and kept in the log. It has no accounts. */
export function randomProvider(random: Random): Provider {
  return providerOfTypes("random", "none", [
    idType(random),
    uuidType(random),
    passwordType(random),
    petType(random),
  ]);
}
