import type { CallFailure } from "../../engine/call_failure.ts";
import type { Result } from "../../engine/result.ts";
import type { LiveObject } from "../provider.ts";
import { create, fieldsOf, quiet, type TestFields, tokenOf, valueOf } from "../test_calls.ts";
import { type MemorySim, memorySim } from "./memory_sim.ts";
import { noFaults, testClock, testRandom } from "./_test_world.ts";

/** An empty cloud, and calls that each carry a fresh token. */
export interface TestCloud {
  readonly sim: MemorySim;
  attempt(type: string, fields: TestFields): Promise<Result<LiveObject, CallFailure>>;
  /** Creates what must succeed. */
  make(type: string, fields: TestFields): Promise<LiveObject>;
  change(type: string, seen: LiveObject, after: TestFields): Promise<Result<LiveObject, CallFailure>>;
}

/** The same with a network and a subnet in it. */
export interface TestSubnet extends TestCloud {
  readonly network: LiveObject;
  readonly subnet: LiveObject;
  /** Starts an instance in the subnet. */
  instance(fields?: TestFields): Promise<LiveObject>;
}

/** Makes an empty cloud in memory. */
export function cloud(clock = testClock()): TestCloud {
  const sim = memorySim({ clock, random: testRandom(), faults: noFaults });
  let count = 1000;
  const attempt: TestCloud["attempt"] = (type, fields) => create(sim, type, fields, tokenOf(count++));
  return {
    sim,
    attempt,
    make: async (type, fields) => valueOf(await attempt(type, fields)),
    change: (type, { id, fields: before, precondition }, after) => {
      const request = { type, id, before, after: fieldsOf(after), token: tokenOf(count++) };
      return sim.update(precondition === undefined ? request : { ...request, precondition }, quiet());
    },
  };
}

/** Makes a cloud with a network of 10.0.0.0/16 and a subnet of 10.0.1.0/24. */
export async function withSubnet(clock = testClock()): Promise<TestSubnet> {
  const world = cloud(clock);
  const network = await world.make("sim.Network", { cidr: "10.0.0.0/16" });
  const subnet = await world.make("sim.Subnet", { network_id: network.id, cidr: "10.0.1.0/24" });
  const instance: TestSubnet["instance"] = (fields = {}) =>
    world.make("sim.Instance", { subnet_id: subnet.id, image: "debian-13", ...fields });
  return { ...world, network, subnet, instance };
}
