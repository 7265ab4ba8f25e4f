import { DISK, INSTANCE } from "./compute_types.ts";
import { KEY, ROLE } from "./identity_types.ts";
import { QUEUE, TOPIC } from "./messaging_types.ts";
import { ADDRESS, FIREWALL, NETWORK, SUBNET } from "./network_types.ts";
import type { ResourceSchema } from "../../engine/schema.ts";
import { simSchema, type SimType } from "./sim_schema.ts";
import { BUCKET, DATABASE } from "./storage_types.ts";

/** All types of the sim cloud, in the order of its reference. */
export const SIM_TYPES: readonly SimType[] = [
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
];

const BY_NAME: ReadonlyMap<string, SimType> = new Map(SIM_TYPES.map((each) => [each.type, each] as const));

/** The type called `name`, for example `sim.Network`. */
export function simType(name: string): SimType | undefined {
  return BY_NAME.get(name);
}

const SCHEMAS: ReadonlyMap<string, ResourceSchema> = new Map(
  SIM_TYPES.map((each) => [each.type, simSchema(each, 0)] as const),
);

/** The schema by which the cloud itself checks what it is sent. */
export function schemaOf(type: SimType): ResourceSchema {
  return SCHEMAS.get(type.type) ?? simSchema(type, 0);
}
