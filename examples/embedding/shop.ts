/** The resources of a small shop, declared in TypeScript. A wrong name, kind or binding does not compile. */
import { type Output, type Stack, stack } from "../../mod.ts";

/** What a region of the shop has. */
export interface ShopSize {
  readonly zones: readonly ("north-a" | "north-b" | "north-c")[];
  readonly storageGb: number;
}

/** Declares the shop: a function like any other, so that each environment can call it with a size of its own. */
export function shop(
  { zones, storageGb }: ShopSize,
): Stack<{ readonly endpoint: Output<string>; readonly network: Output<string> }> {
  return stack((s) => {
    const network = s.sim.Network("main", { cidr: "10.0.0.0/16", tags: { team: "shop" } }, {
      intent: "Everything of the shop lives in one network",
    });
    const subnets = zones.map((zone, at) =>
      s.sim.Subnet("web", { network_id: network.id, cidr: `10.0.${at}.0/24`, zone }, { key: zone })
    );
    const password = s.random.Password("database", { length: 24 });
    const database = s.sim.Database("orders", {
      engine: "postgres",
      storage_gb: storageGb,
      subnet_ids: subnets.map((subnet) => subnet.id),
      password: password.result,
      backup: { retention_days: 14 },
    }, { intent: "Orders must survive a lost machine", owner: "team-orders", protect: storageGb > 100 });
    return { endpoint: database.endpoint, network: network.id };
  });
}
