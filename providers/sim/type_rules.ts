import { placeDisk, placeInstance } from "./compute_rules.ts";
import { placeKey, placeRole } from "./identity_rules.ts";
import { placeQueue, placeTopic } from "./messaging_rules.ts";
import { placeAddress, placeFirewall, placeNetwork, placeSubnet } from "./network_rules.ts";
import type { Placement } from "./placement.ts";
import { placeBucket, placeDatabase } from "./storage_rules.ts";

/** The rules of each type of the sim cloud. */
export const PLACEMENTS: ReadonlyMap<string, Placement> = new Map<string, Placement>([
  ["sim.Network", placeNetwork],
  ["sim.Subnet", placeSubnet],
  ["sim.Firewall", placeFirewall],
  ["sim.Address", placeAddress],
  ["sim.Instance", placeInstance],
  ["sim.Disk", placeDisk],
  ["sim.Database", placeDatabase],
  ["sim.Bucket", placeBucket],
  ["sim.Queue", placeQueue],
  ["sim.Topic", placeTopic],
  ["sim.Role", placeRole],
  ["sim.Key", placeKey],
]);
