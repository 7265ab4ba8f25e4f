import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import type { Provider } from "../provider.ts";
import { providerOfTypes } from "../type_adapter.ts";
import { certificateTypes } from "./certificate_types.ts";
import { privateKeyType } from "./private_key_type.ts";

/** The provider `tls`: keys and certificates, made once and kept in the log. It has no accounts. */
export function tlsProvider(clock: Clock, random: Random): Provider {
  return providerOfTypes("tls", "none", [privateKeyType(), ...certificateTypes({ clock, random })]);
}
