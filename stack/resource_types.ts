import { COMMAND_SCHEMA } from "../providers/local/command_type.ts";
import { DATA_SCHEMA } from "../providers/local/data_type.ts";
import { DIRECTORY_SCHEMA } from "../providers/local/directory_type.ts";
import { FILE_SCHEMA } from "../providers/local/file_type.ts";
import { IMAGE_SCHEMA } from "../providers/oci/image_schema.ts";
import { ID_SCHEMA } from "../providers/random/id_type.ts";
import { PASSWORD_SCHEMA } from "../providers/random/password_type.ts";
import { PET_SCHEMA } from "../providers/random/pet_type.ts";
import { UUID_SCHEMA } from "../providers/random/uuid_type.ts";
import { DISK, INSTANCE } from "../providers/sim/compute_types.ts";
import { KEY, ROLE } from "../providers/sim/identity_types.ts";
import { QUEUE, TOPIC } from "../providers/sim/messaging_types.ts";
import { ADDRESS, FIREWALL, NETWORK, SUBNET } from "../providers/sim/network_types.ts";
import { BUCKET, DATABASE } from "../providers/sim/storage_types.ts";
import {
  CERT_REQUEST_SCHEMA,
  LOCALLY_SIGNED_CERT_SCHEMA,
  SELF_SIGNED_CERT_SCHEMA,
} from "../providers/tls/certificate_types.ts";
import { PRIVATE_KEY_SCHEMA } from "../providers/tls/private_key_type.ts";

/** Every type that a stack can declare, as the very values that the providers check by: types are inferred from them. */
export const RESOURCE_TYPES = [
  COMMAND_SCHEMA,
  DATA_SCHEMA,
  DIRECTORY_SCHEMA,
  FILE_SCHEMA,
  IMAGE_SCHEMA,
  ID_SCHEMA,
  PASSWORD_SCHEMA,
  PET_SCHEMA,
  UUID_SCHEMA,
  NETWORK,
  SUBNET,
  FIREWALL,
  ADDRESS,
  INSTANCE,
  DISK,
  DATABASE,
  BUCKET,
  QUEUE,
  TOPIC,
  ROLE,
  KEY,
  PRIVATE_KEY_SCHEMA,
  SELF_SIGNED_CERT_SCHEMA,
  CERT_REQUEST_SCHEMA,
  LOCALLY_SIGNED_CERT_SCHEMA,
] as const;

/** The full name of a type, for example `sim.Network`. */
export type TypeName = (typeof RESOURCE_TYPES)[number]["type"];

/** The schema of the type called `Type`. */
export type SchemaOf<Type extends TypeName> = Extract<
  (typeof RESOURCE_TYPES)[number],
  { readonly type: Type }
>;
